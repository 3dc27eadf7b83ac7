//! Text in a given number of columns. Nothing is lost when text is wrapped: of two names that are cut
//! off, a reader would not know which is which.

use unicode_width::UnicodeWidthStr;

/// Columns that the text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in lines of so many columns at most: broken at spaces, within longer words after `/` or `:`, else
/// anywhere. All lines together have every character but the spaces they were broken at.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    // A wide character needs two.
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut rest = text;
    while columns(rest) > width {
        // (At least one character goes, however wide: there is one of three columns.)
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let fits = fitting(rest, width).max(first);
        let (line, after) = match break_in(rest, fits) {
            Some(end) => (&rest[..end], &rest[end..]),
            None => rest.split_at(fits),
        };
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// The text in so many columns; a sign stands for what is left out at its end.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    format!("{}…", cut(text, width.saturating_sub(1)))
}

/// The beginning of the text that fits into so many columns.
pub(crate) fn cut(text: &str, width: usize) -> &str {
    &text[..fitting(text, width)]
}

/// How many bytes of the text fit into so many columns; at least those of one character, unless there is no room.
fn fitting(text: &str, width: usize) -> usize {
    // (Marks that join characters count with those before them.)
    let end = |(place, char): &(usize, char)| place + char.len_utf8();
    let too_wide = text
        .char_indices()
        .find(|char| columns(&text[..end(char)]) > width);
    too_wide.map_or(text.len(), |(place, _)| place)
}

/// Where a line of at most `fits` bytes best ends: at its last space, else, in its second half, after a mark that parts
/// names.
fn break_in(text: &str, fits: usize) -> Option<usize> {
    let head = &text[..fits];
    if text[fits..].starts_with(' ') {
        return Some(fits);
    }
    let space = head
        .rfind(' ')
        .filter(|place| !head[..*place].trim().is_empty());
    let mark = || {
        head.rfind(['/', ':', ','])
            .map(|place| place + 1)
            .filter(|end| *end > fits / 2)
    };
    space.map(|place| place + 1).or_else(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_where_it_may_be() {
        for (text, width, lines) in [
            ("", 9, vec![""]),
            ("one two", 9, vec!["one two"]),
            ("one two three", 9, vec!["one two", "three"]),
            ("one two three", 7, vec!["one two", "three"]),
            (
                "arn:aws:iam::1:role/deploy",
                22,
                vec!["arn:aws:iam::1:role/", "deploy"],
            ),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("日本語", 4, vec!["日本", "語"]),
            ("日本語", 5, vec!["日本", "語"]),
            ("日本", 1, vec!["日", "本"]),
            ("  two spaces", 6, vec!["  two", "spaces"]),
        ] {
            assert_eq!(wrapped(text, width), lines, "{text:?} in {width}");
        }
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_too_wide() {
        let text = "arn:aws:iam::111122223333:role/Größe/日本語-🙂 from the keys of profile `x`";
        for width in 2..80 {
            let lines = wrapped(text, width);
            assert!(lines.iter().all(|line| columns(line) <= width), "{lines:?}");
            let joined: String = lines.concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn a_character_wider_than_the_line_has_its_own() {
        assert_eq!(wrapped("\u{17d8}\u{17d8}", 1), ["\u{17d8}", "\u{17d8}"]);
    }

    #[test]
    fn a_line_is_cut_between_letters() {
        const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";
        for (text, width, expected) in [
            ("prod", 4, "prod"),
            ("prod", 3, "pro"),
            ("日本語", 5, "日本"),
            ("é🦀", 2, "é"),
            ("", 0, ""),
            ("e\u{301}\u{302}x", 1, "e\u{301}\u{302}"),
            ("👩\u{200d}👩\u{200d}👧x", 2, FAMILY),
            ("❤\u{fe0f}x", 2, "❤\u{fe0f}"),
            ("שלום", 2, "של"),
        ] {
            assert_eq!(cut(text, width), expected);
        }
    }

    #[test]
    fn what_is_left_out_is_marked() {
        assert_eq!(shortened("deploy", 6), "deploy");
        assert_eq!(shortened("deploying", 6), "deplo…");
        assert_eq!(shortened("日本語", 4), "日…");
        assert_eq!(shortened("x", 0), "…");
    }
}
