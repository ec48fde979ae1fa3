//! Fitting words into a room whose fonts are not known here: widths are estimated, and what does not fit goes at a joint.

/// About how many logical pixels a text is wide in the small font (11 pt).
pub fn small_width(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 6.1 } else { 11.2 }).sum()
}

/// As much of a line as fits, cut where a part ends (`。`, a full stop, a double space), never in the middle of one. The
/// first part always stays.
pub fn parts(line: &str, room: f32) -> &str {
    if small_width(line) <= room {
        return line;
    }
    let ends = line.char_indices().filter_map(|(at, c)| {
        let after = at + c.len_utf8();
        let rest = line.get(after..)?;
        match c {
            '。' => Some(after),
            '.' if rest.starts_with(' ') => Some(after),
            // What stands before a colon may be too short to say anything.
            '：' | '・' | ':' | ';' | ',' if at >= 6 && (!c.is_ascii() || rest.starts_with(' ')) => Some(at),
            ' ' if rest.starts_with(' ') => Some(at),
            _ => None,
        }
    });
    let ends: Vec<usize> = ends.filter(|&at| at > 0).collect();
    let fits = ends.iter().rev().find(|&&at| line.get(..at).is_some_and(|part| small_width(part) <= room));
    let end = fits.or(ends.first()).copied().unwrap_or(line.len());
    line.get(..end).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_parts_go_and_no_part_is_cut() {
        let line = "ポート 80 → このソケット。順番どおり：82 バイトを渡す";
        assert_eq!(parts(line, 1000.0), line);
        assert_eq!(parts(line, 250.0), "ポート 80 → このソケット。順番どおり");
        assert_eq!(parts(line, 160.0), "ポート 80 → このソケット。");
        assert_eq!(parts(line, 10.0), "ポート 80 → このソケット。", "the first part stays: the painter elides it");
        assert_eq!(parts("10.0.0.1 → 10.0.0.2  TTL 64", 120.0), "10.0.0.1 → 10.0.0.2");
        assert_eq!(parts("nothing to cut at", 20.0), "nothing to cut at");
        assert_eq!(parts("SYN: a word is no line", 20.0), "SYN: a word is no line");
    }
}
