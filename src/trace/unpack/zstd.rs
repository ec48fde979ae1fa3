//! zstd: frames one after the other, each a header, blocks of at most 128 KiB unpacked, and perhaps a checksum (RFC 8878).
//!
//! In: packed bytes. Out: unpacked ones. Frames to be skipped are skipped. The decoder keeps back what later blocks may refer
//! to; where data breaks, that is given all the same.

use super::input::Input;
use super::{MAX_WINDOW, Step, broken, checksum, cut_off, trailing};
use crate::lang::Text;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, Read};

/// An empty last block (RFC 8878, section 3.1.1.2), and room for a checksum behind it.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

pub struct Decoder {
    frame: FrameDecoder,
    open: bool,
    frames: u64,
    /// What broke the frame; told when all before it has been given.
    fault: Option<Text>,
}

impl Default for Decoder {
    fn default() -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(MAX_WINDOW);
        Self { frame, open: false, frames: 0, fault: None }
    }
}

impl Decoder {
    pub fn step<R: Read>(&mut self, input: &mut Input<R>, out: &mut [u8]) -> io::Result<Step> {
        if !self.open {
            return self.begin(input);
        }
        let given = self.frame.read(out)?;
        if given > 0 {
            return Ok(Step::Gave(given));
        }
        if self.frame.is_finished() {
            if let Some(fault) = self.fault.take() {
                return Ok(Step::Broken(fault));
            }
            self.open = false;
            let matches = self.frame.get_checksum_from_data().is_none_or(|sum| Some(sum) == self.frame.get_calculated_checksum());
            return Ok(if matches { Step::Gave(0) } else { Step::Broken(checksum()) });
        }
        if let Err(error) = self.frame.decode_blocks(&mut *input, BlockDecodingStrategy::UptoBlocks(1)) {
            if let Some(error) = input.error.take() {
                return Err(error);
            }
            self.fault = Some(if input.peek(1)?.is_empty() { cut_off() } else { broken(&error.to_string()) });
            // Ends the frame, so that the decoder gives what it kept back.
            if self.frame.decode_blocks(LAST_BLOCK.as_slice(), BlockDecodingStrategy::UptoBlocks(1)).is_err() {
                return Ok(Step::Broken(self.fault.take().unwrap_or_else(cut_off)));
            }
        }
        Ok(Step::Gave(0))
    }

    /// The header of the next frame.
    fn begin<R: Read>(&mut self, input: &mut Input<R>) -> io::Result<Step> {
        if self.frames > 0 {
            if input.only_zeros_left()? {
                return Ok(Step::End);
            }
            if !matches!(input.peek(4)?, [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]) {
                return Ok(Step::Broken(trailing()));
            }
        }
        match self.frame.reset(&mut *input) {
            Ok(()) => self.open = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                if !input.skip(u64::from(length))? {
                    return Ok(Step::Broken(cut_off()));
                }
            }
            Err(error) => {
                if let Some(error) = input.error.take() {
                    return Err(error);
                }
                return Ok(Step::Broken(match error {
                    FrameDecoderError::WindowSizeTooBig { requested, max } => Text::new(
                        format!("展開に {requested} バイトの作業領域が必要です（上限は {max} バイト）。「zstd -d --long=31」で展開してから開いてください"),
                        format!("unpacking needs {requested} bytes of memory, and {max} are the limit; unpack it first: zstd -d --long=31"),
                    ),
                    _ if input.peek(1)?.is_empty() => cut_off(),
                    error => broken(&error.to_string()),
                }));
            }
        }
        self.frames += 1;
        Ok(Step::Gave(0))
    }
}
