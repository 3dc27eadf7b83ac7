//! What a file or a server says reaches standard error in one line that a terminal cannot obey.

use anyhow::Context;

use crate::error::{Failure, Kind, Style, printable, rendered};
use crate::looks::Looks;
use crate::targets::text;

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    let failure = Failure::new(Kind::Denied, &*text)
        .detail(&*text)
        .hint(&*text);
    let error = Err::<(), _>(failure)
        .with_context(|| text.to_string())
        .expect_err("a failure");
    check(&printable(&text));
    let lines = rendered(&error, Style::Text, Looks::default());
    assert_eq!(lines.lines().count(), 3);
    lines.split_terminator('\n').for_each(check);
    let line = rendered(&error, Style::Line, Looks::default());
    check(line.strip_suffix('\n').expect("a whole line"));
    let json = rendered(&error, Style::Json, Looks::default());
    check(json.strip_suffix('\n').expect("a whole line"));
    let object: serde_json::Value = serde_json::from_str(&json).expect("a JSON object");
    assert_eq!(object["hint"], printable(&text));
}

fn check(line: &str) {
    let turns = [
        '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}',
    ];
    assert!(!line.contains(char::is_control), "{line:?}");
    assert!(!line.contains(turns), "{line:?}");
}
