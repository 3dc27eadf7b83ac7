//! Shell code: every value that is not refused is read back as it was by the rules of its shell, for the POSIX shells
//! after an unquoted `eval $(…)` too.

use crate::output::shell::{Change, Shell};
use crate::targets::text;

mod readers;

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    let readers: [(Shell, fn(&str) -> Option<String>); 7] = [
        (Shell::Sh, readers::sh),
        (Shell::Fish, readers::fish),
        (Shell::Tcsh, readers::tcsh),
        (Shell::Powershell, readers::powershell),
        (Shell::Cmd, readers::cmd),
        (Shell::Elvish, readers::elvish),
        (Shell::Xonsh, readers::xonsh),
    ];
    for (shell, reader) in readers {
        let Some(code) = code(shell, &text) else {
            continue;
        };
        let statement = code.strip_suffix('\n').expect("a whole line");
        let is_line = shell == Shell::Fish || !statement.contains('\n');
        assert!(is_line, "{shell:?}: {code:?}");
        assert_eq!(
            reader(statement).as_deref(),
            Some(&*text),
            "{shell:?}: {code:?}"
        );
        if matches!(shell, Shell::Sh | Shell::Tcsh) {
            check_split(&code, reader, &text);
        }
    }
    if let Some(code) = code(Shell::Nushell, &text) {
        let object: serde_json::Value = serde_json::from_str(&code).expect("a JSON object");
        assert_eq!(object["V"], *text);
    }
    check_line(&text);
}

fn code(shell: Shell, value: &str) -> Option<String> {
    let change = Change {
        name: "V",
        value: Some(value),
    };
    let code = shell.code(&[change]);
    if matches!(
        shell,
        Shell::Sh | Shell::Fish | Shell::Elvish | Shell::Xonsh | Shell::Nushell
    ) {
        assert_eq!(code.is_err(), value.contains('\0'), "{shell:?}");
    }
    code.ok()
}

/// What an unquoted substitution leaves of the code: split at white space, with single spaces between the words, none
/// of which is a pattern for file names.
fn check_split(code: &str, reader: fn(&str) -> Option<String>, value: &str) {
    assert!(
        code.is_ascii() && !code.contains(['*', '?', '[', '!']),
        "{code:?}"
    );
    let words: Vec<&str> = code.split_ascii_whitespace().collect();
    assert_eq!(reader(&words.join(" ")).as_deref(), Some(value), "{code:?}");
}

/// The line that a person types is split into the same words.
fn check_line(text: &str) {
    if text.contains('\0') {
        return;
    }
    let words: Vec<&str> = ["stsx", "assume"]
        .into_iter()
        .chain(text.split('\n'))
        .collect();
    let line = Shell::Sh.eval_line(&words);
    let inner = line
        .strip_prefix("eval $(")
        .and_then(|rest| rest.strip_suffix(')'));
    let read = shlex::split(inner.expect("an eval line")).expect("balanced quotes");
    assert_eq!(read, words);
}
