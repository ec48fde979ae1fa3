//! The sentences for a broken capture file: where, what, and how much before it is good.
//!
//! In: what a reader found. Out: [`Damage`] with words in both languages. Nothing is decided here.

use crate::lang::Text;
use crate::trace::Damage;

/// Joins what is wrong with where it is and what is safe.
pub fn damage(at: u64, frames: u64, what: &Text) -> Damage {
    let (ja, en) = match frames {
        0 => ("その前にフレームはありません".to_string(), "no frame stands before it".to_string()),
        1 => ("その前の 1 フレームは正しく読めています".to_string(), "the 1 frame before it is good".to_string()),
        n => (format!("その前の {n} フレームは正しく読めています"), format!("the {n} frames before it are good")),
    };
    let why = Text::new(
        format!("{}（ファイルの先頭から {at} バイトの位置。{ja}）", what.ja),
        format!("{} (at byte {at} of the file; {en})", what.en),
    );
    Damage { at, why }
}

/// The file ends inside a record of which `have` bytes are there.
pub fn cut_off(have: usize) -> Text {
    Text::new(
        format!("ファイルが記録の途中で切れています。最後の記録は {have} バイトしかありません"),
        format!("The file is cut off in the middle of a record, of which only {have} bytes are there"),
    )
}

pub fn frame_too_long(len: u32, limit: u32) -> Text {
    Text::new(
        format!("長さ {len} バイトと書かれたフレームがあります。上限は {limit} バイトなので、長さの値が壊れています"),
        format!("A frame claims to be {len} bytes long; none is longer than {limit}, so this length is broken"),
    )
}

pub fn frame_exceeds_block(len: u32, room: usize) -> Text {
    Text::new(
        format!("長さ {len} バイトと書かれたフレームが、残り {room} バイトのブロックに入っています"),
        format!("A frame claims to be {len} bytes long, but only {room} bytes of its block are left"),
    )
}

pub fn block_length(len: u32, limit: u32) -> Text {
    Text::new(
        format!("ブロックの長さが {len} バイトと書かれています。正しい長さは 12 から {limit} バイトです"),
        format!("A block claims to be {len} bytes long; a block has 12 to {limit} bytes"),
    )
}

/// A block of a known kind that is too short for its own fixed fields.
pub fn block_too_short(name: &str, have: usize, need: usize) -> Text {
    Text::new(
        format!("{name} の本体が {have} バイトしかありません。少なくとも {need} バイト必要です"),
        format!("The body of this {name} has {have} bytes; it needs at least {need}"),
    )
}

pub fn block_ends(first: u32, second: u32) -> Text {
    Text::new(
        format!("ブロックの前と後ろに書かれた長さが一致しません（{first} と {second}）"),
        format!("The lengths at the two ends of a block differ ({first} and {second})"),
    )
}

pub fn byte_order() -> Text {
    Text::new(
        "セクションの先頭にバイト順の印（1A 2B 3C 4D）がありません",
        "A section begins without the byte-order mark (1A 2B 3C 4D)",
    )
}

pub fn version(major: u16, minor: u16) -> Text {
    Text::new(
        format!("このファイル形式の版 {major}.{minor} は読めません"),
        format!("Version {major}.{minor} of this file format is not known"),
    )
}

pub fn no_interface(id: u32, known: usize) -> Text {
    Text::new(
        format!("フレームがインタフェース {id} を指していますが、ここまでに説明されたインタフェースは {known} 個です"),
        format!("A frame names interface {id}, but only {known} have been described so far"),
    )
}

pub fn too_many_interfaces() -> Text {
    Text::new(
        format!("インタフェースが {} 個を超えています", u16::MAX),
        format!("There are more than {} interfaces", u16::MAX),
    )
}

pub fn too_many_frames(limit: u64) -> Text {
    Text::new(
        format!("フレームが {limit} 個に達しました。番号を付けられるのはここまでなので、残りは読みません。editcap -c でファイルを分けてください"),
        format!("The limit of {limit} frames is reached. No more can be numbered, so the rest is not read; split the file with editcap -c"),
    )
}

pub fn interface_options() -> Text {
    Text::new(
        "インタフェースの説明が途中で壊れています。時刻の単位が分からないため、先を読めません",
        "The description of an interface is broken; without its unit of time the rest cannot be read",
    )
}
