//! Printing to an output that may go away: `osiscope read x | head` ends quietly.

use crate::lang::Text;
use std::io::{self, BufWriter, Write};

/// Bytes that are written at once.
const BUFFER: usize = 1 << 16;

/// A buffered output.
pub struct Out {
    to: BufWriter<Box<dyn Write>>,
    gone: bool,
}

impl Out {
    /// The standard output.
    pub fn new() -> Self {
        Self { to: BufWriter::with_capacity(BUFFER, Box::new(io::stdout())), gone: false }
    }

    /// The standard error: where the standard output is another program's.
    pub fn beside() -> Self {
        Self { to: BufWriter::new(Box::new(io::stderr())), gone: false }
    }

    /// Prints a line. False when nobody reads any more: then there is nothing left to do.
    ///
    /// # Errors
    /// The output cannot be written, for another reason than that its reader is gone.
    pub fn line(&mut self, line: &str) -> Result<bool, Text> {
        self.checked(|to| {
            to.write_all(line.as_bytes())?;
            to.write_all(b"\n")
        })
    }

    /// Brings out what is still buffered.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn flush(&mut self) -> Result<bool, Text> {
        self.checked(|to| to.flush())
    }

    fn checked(&mut self, write: impl FnOnce(&mut BufWriter<Box<dyn Write>>) -> io::Result<()>) -> Result<bool, Text> {
        if self.gone {
            return Ok(false);
        }
        match write(&mut self.to) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(false)
            }
            Err(e) => Err(Text::new(format!("出力できません：{e}"), format!("cannot write the output: {e}"))),
        }
    }
}
