//! A command and what it shows. `…` in what is shown stands for anything on its line (ids, times, secrets); a line of
//! `…` alone stands for any lines. How far columns stand apart does not matter.

const ANYTHING: char = '…';

/// A command of a `console` block.
#[derive(Debug, Default)]
pub(crate) struct Example {
    /// Where it stands in the document.
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) shown: Vec<String>,
}

/// The commands of a block: `$ ` begins one, `> ` continues it, all else is what it shows.
pub(crate) fn examples(lines: &[(usize, &str)]) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for (line, text) in lines {
        if let Some(command) = text.strip_prefix("$ ") {
            examples.push(Example {
                line: *line,
                command: command.to_owned(),
                shown: Vec::new(),
            });
            continue;
        }
        let Some(example) = examples.last_mut() else {
            panic!("line {line} of the document shows something before any command");
        };
        match text.strip_prefix("> ") {
            Some(more) if example.shown.is_empty() => {
                example.command.push('\n');
                example.command.push_str(more);
            }
            _ => example.shown.push((*text).to_owned()),
        }
    }
    examples
}

/// Whether a command showed what the document says.
pub(crate) fn is_shown(shown: &[&str], real: &[&str]) -> bool {
    match shown.split_first() {
        None => real.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=real.len()).any(|count| is_shown(rest, &real[count..]))
        }
        Some((line, rest)) => real.split_first().is_some_and(|(first, others)| {
            is_line(&squeezed(line), &squeezed(first)) && is_shown(rest, others)
        }),
    }
}

/// The line with one space between its words, behind the indentation it has.
fn squeezed(line: &str) -> String {
    let words = line.trim_start();
    let indentation = &line[..line.len() - words.len()];
    let words: Vec<&str> = words.split_whitespace().collect();
    format!("{indentation}{}", words.join(" "))
}

fn is_line(shown: &str, real: &str) -> bool {
    let mut pieces = shown.split(ANYTHING);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = real.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in between {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn anything_stands_for_anything_and_nothing_else_does() {
    for (shown, real, is_same) in [
        ("a b", "a b", true),
        ("a b", "a c", false),
        ("a b", "a   b ", true),
        ("a b", "ab", false),
        ("  a b", " a b", false),
        ("a b", "a b c", false),
        ("", "", true),
        ("", "a", false),
        ("a\nb", "a", false),
        ("a", "a\nb", false),
        ("Expires: … (in …)", "Expires: 2026 (in 1h)", true),
        ("Expires: … (in …)", "Expires: 2026 in 1h", false),
        ("… james", "2026 james", true),
        ("… james", "2026 james2", false),
        ("a…a", "a", false),
        ("a\n…", "a", true),
        ("a\n…\nd", "a\nb\nc\nd", true),
        ("a\n…\nd", "a\nb\nc", false),
    ] {
        let lines = |text: &'static str| text.lines().collect::<Vec<_>>();
        assert_eq!(
            is_shown(&lines(shown), &lines(real)),
            is_same,
            "{shown:?} {real:?}"
        );
    }
}
