//! What changes between two texts of an AWS file, as a unified diff that shows no secret.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, InternedInput};

use crate::cmd::list::{REDACTED, shown};
use crate::error::printable;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The diff; nothing if the texts are the same.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let (olds, news) = (lines(old), lines(new));
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_lines(&input);
    let hunks: Vec<Change> = diff.hunks().map(Change::from).collect();
    if hunks.is_empty() {
        return String::new();
    }
    let path = printable(path);
    let mut text = format!("--- {path}\n+++ {path}\n");
    for group in hunks.chunk_by(|one, next| next.old.start <= one.old.end + 2 * CONTEXT) {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let before = first.old.start.min(CONTEXT);
        let after = (olds.len() - last.old.end).min(CONTEXT);
        let gone = span(first.old.start - before, last.old.end + after);
        let come = span(first.new.start - before, last.new.end + after);
        let _ = writeln!(text, "@@ -{gone} +{come} @@");
        let mut at = first.old.start - before;
        for change in group {
            text.extend(signed(' ', &olds[at..change.old.start]));
            text.extend(signed('-', &olds[change.old.clone()]));
            text.extend(signed('+', &news[change.new.clone()]));
            at = change.old.end;
        }
        text.extend(signed(' ', &olds[at..last.old.end + after]));
    }
    text
}

/// Lines that take the place of others.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

impl From<Hunk> for Change {
    fn from(hunk: Hunk) -> Self {
        let range = |range: Range<u32>| range.start as usize..range.end as usize;
        Self {
            old: range(hunk.before),
            new: range(hunk.after),
        }
    }
}

fn signed(sign: char, lines: &[String]) -> impl Iterator<Item = String> {
    lines.iter().map(move |line| format!("{sign}{line}\n"))
}

fn span(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

/// The lines as they may be shown, with a mark behind a last one that has no end.
fn lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut shown = redacted(&lines);
    if !text.ends_with('\n')
        && let Some(last) = shown.last_mut()
    {
        last.push_str("\n\\ No newline at end of file");
    }
    shown
}

/// The lines as they may be shown. What continues a secret value is one too, and so is what stands in a
/// comment that was a secret's line.
fn redacted(lines: &[&str]) -> Vec<String> {
    let mut is_continued = false;
    let shown = lines.iter().map(|line| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let bare = line.trim_start_matches([' ', '\t', '#', ';', '\u{feff}']);
        let is_own = is_secret(bare);
        let is_further = line.starts_with([' ', '\t']);
        let is_comment = line.starts_with(['#', ';']) || bare.is_empty();
        if !is_further && !is_comment {
            is_continued = is_own;
        }
        let line = if is_own || (is_further && is_continued && !bare.is_empty()) {
            match line.find(['=', ':']) {
                Some(at) if is_own => format!("{} {REDACTED}", &line[..=at]),
                _ => format!("  {REDACTED}"),
            }
        } else {
            without_passwords(&without_remark(line))
        };
        printable(&line)
    });
    shown.collect()
}

/// Whether a line gives a secret to a key, in whatever form people write such a comment.
fn is_secret(line: &str) -> bool {
    let pair = line.split_once(['=', ':']);
    pair.is_some_and(|(key, value)| shown(&key.trim().to_lowercase(), value.trim()) == REDACTED)
}

/// The line without a secret that somebody put behind its value.
fn without_remark(line: &str) -> Cow<'_, str> {
    let remark = line
        .match_indices([' ', '\t'])
        .map(|(at, _)| at + 1)
        .find(|at| {
            let rest = &line[*at..];
            rest.starts_with(['#', ';'])
                && is_secret(rest.trim_start_matches(['#', ';', ' ', '\t']))
        });
    match remark {
        Some(at) => format!("{}{} {REDACTED}", &line[..at], &line[at..=at]).into(),
        None => line.into(),
    }
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
        let old = "[a]\n# aws_secret_access_key: old\n; aws_session_token = old\nregion = x # aws_secret_access_key = old\n\
                   aws_access_key_id = AKIA ; aws_session_token:old\nrole_arn = a:b # = c\n";
        assert!(!unified("c", old, "").contains("old"));
        assert!(unified("c", old, "").contains("-region = x # (redacted)\n"));
        assert!(unified("c", old, "").contains("-role_arn = a:b # = c\n"));
        assert_eq!(unified("c", old, old), "");
        assert_eq!(
            unified("c", "", "[a]\n"),
            "--- c\n+++ c\n@@ -0,0 +1 @@\n+[a]\n"
        );
    }
}
