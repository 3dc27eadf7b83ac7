//! What changes between two texts of an AWS file, as a unified diff that shows no secret.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use crate::cmd::list::{REDACTED, is_secret, shown};
use crate::error::printable;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The diff; nothing if the texts are the same.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (old_lines, new_lines) = (lines(old), lines(new));
    let (old_shown, new_shown) = (redacted(&old_lines), redacted(&new_lines));
    let diff = TextDiff::from_slices(&old_lines, &new_lines);
    let path = printable(path);
    let mut text = String::new();
    for group in diff.grouped_ops(CONTEXT) {
        if text.is_empty() {
            text = format!("--- {path}\n+++ {path}\n");
        }
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let olds = span(first.old_range().start, last.old_range().end);
        let news = span(first.new_range().start, last.new_range().end);
        let _ = writeln!(text, "@@ -{olds} +{news} @@");
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, line) = match (change.tag(), change.old_index(), change.new_index()) {
                (ChangeTag::Delete, Some(at), _) => ('-', &old_shown[at]),
                (ChangeTag::Insert, _, Some(at)) => ('+', &new_shown[at]),
                (_, _, Some(at)) => (' ', &new_shown[at]),
                _ => continue,
            };
            let _ = writeln!(text, "{sign}{line}");
            if !change.value().ends_with('\n') {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}

fn span(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

/// The lines as they may be shown. What continues a secret value is one too, and so is what stands in a
/// comment that was a secret's line.
fn redacted(lines: &[&str]) -> Vec<String> {
    let mut is_continued = false;
    let shown = lines.iter().map(|line| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let bare = line.trim_start_matches([' ', '\t', '#', ';', '\u{feff}']);
        let key = bare
            .split_once('=')
            .map(|(key, _)| key.trim().to_lowercase());
        let is_own = key.as_deref().is_some_and(is_secret);
        let is_further = line.starts_with([' ', '\t']);
        let is_comment = line.starts_with(['#', ';']) || bare.is_empty();
        if !is_further && !is_comment {
            is_continued = is_own;
        }
        let line = if is_own || (is_further && is_continued && !bare.is_empty()) {
            match line.split_once('=') {
                Some((key, _)) if is_own => format!("{key}= {REDACTED}"),
                _ => format!("  {REDACTED}"),
            }
        } else {
            without_passwords(line)
        };
        printable(&line)
    });
    shown.collect()
}

fn without_passwords(line: &str) -> String {
    match line.split_once('=') {
        Some((key, value)) if value.contains("://") && value.contains('@') => {
            let space = &value[..value.len() - value.trim_start().len()];
            format!("{key}={space}{}", shown(key.trim(), value.trim_start()))
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let old = "[a]\naws_secret_access_key = old\n  older\n# aws_session_token=gone\n\n  oldest\r\nregion = x";
        let new = old.replace("old\n", "new\n").replace("= x", "=\ty\u{1b}");
        let shown = unified("/c\u{1b}", old, &new);
        assert_eq!(
            shown,
            "--- /c\\u{1b}\n+++ /c\\u{1b}\n@@ -1,7 +1,7 @@\n [a]\n-aws_secret_access_key = (redacted)\n\
             +aws_secret_access_key = (redacted)\n   (redacted)\n # aws_session_token= (redacted)\n \n   (redacted)\n\
             -region = x\n\\ No newline at end of file\n+region =\\ty\\u{1b}\n\\ No newline at end of file\n"
        );
        assert_eq!(unified("c", old, old), "");
        assert_eq!(
            unified("c", "", "[a]\n"),
            "--- c\n+++ c\n@@ -0,0 +1 @@\n+[a]\n"
        );
    }
}
