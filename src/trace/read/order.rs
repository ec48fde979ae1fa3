//! Numbers in the byte order of the machine that wrote the file.
//!
//! In: bytes and a position. Out: a number; 0 where the bytes end too early (callers check lengths first, so that a 0 is
//! never taken for a value).

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|b| b.first_chunk()).copied().unwrap_or([0; N])
}

impl Order {
    #[inline]
    pub fn u16(self, bytes: &[u8], at: usize) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(chunk(bytes, at)),
            Self::Big => u16::from_be_bytes(chunk(bytes, at)),
        }
    }

    #[inline]
    pub fn u32(self, bytes: &[u8], at: usize) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(chunk(bytes, at)),
            Self::Big => u32::from_be_bytes(chunk(bytes, at)),
        }
    }

    #[inline]
    pub fn u64(self, bytes: &[u8], at: usize) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(chunk(bytes, at)),
            Self::Big => u64::from_be_bytes(chunk(bytes, at)),
        }
    }
}
