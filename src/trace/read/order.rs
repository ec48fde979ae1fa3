//! Numbers in the byte order of the machine that wrote the file.
//!
//! In: bytes and a position. Out: a number; 0 where the bytes end too early (callers check lengths first, so that a 0 is
//! never taken for a value).

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Little,
    Big,
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|b| b.first_chunk()).copied().unwrap_or([0; N])
}

impl Order {
    pub fn bytes16(self, n: u16) -> [u8; 2] {
        match self {
            Self::Little => n.to_le_bytes(),
            Self::Big => n.to_be_bytes(),
        }
    }

    pub fn bytes32(self, n: u32) -> [u8; 4] {
        match self {
            Self::Little => n.to_le_bytes(),
            Self::Big => n.to_be_bytes(),
        }
    }

    pub fn bytes64(self, n: u64) -> [u8; 8] {
        match self {
            Self::Little => n.to_le_bytes(),
            Self::Big => n.to_be_bytes(),
        }
    }

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
