//! Variables that the shell does not let go: the code fails, what follows it does not run, and what was changed
//! before cannot be used without the secret, which comes last.

use super::real::{Room, find, remove, set};
use super::shell::Shell;

const SHELLS: [(&str, &[&str]); 8] = [
    ("bash", &["--norc"]),
    ("bash", &["--norc", "--posix"]),
    ("bash", &["--norc", "-e"]),
    ("dash", &[]),
    ("zsh", &["-f"]),
    ("zsh", &["-f", "-o", "posixbuiltins"]),
    ("ksh", &[]),
    ("mksh", &[]),
];

#[test]
fn read_only_variables_stop_posix_shells() {
    let code = Shell::Sh
        .code(&[
            set("FIRST", "plain"),
            set("SECOND", "it's\n"),
            remove("THIRD"),
            set("FOURTH", "a b"),
            set("LAST", "secret"),
        ])
        .unwrap();
    for (program, options) in SHELLS {
        let Some(path) = find(program) else { continue };
        for name in ["FIRST", "SECOND", "THIRD", "FOURTH", "LAST"] {
            for line in ["eval $(stsx assume)", "eval \"$(stsx assume)\""] {
                let room = Room::new();
                room.says("assume", &code);
                let script = format!(
                    "{name}=old; export {name}; readonly {name}\n\
                     trap 'dump end' EXIT\n{line} && dump next\n"
                );
                let output = room
                    .command(&path)
                    .args(options)
                    .args(["-c", &script])
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                let case = format!("{program} {options:?}, {name}, `{line}`: {said}");
                assert!(said.contains(name), "{case}");
                assert!(room.dumped("next").is_none(), "{case}");
                // As a fatal error this ends zsh at once.
                let Some(end) = room.dumped("end") else {
                    assert!(options.contains(&"posixbuiltins"), "{case}");
                    continue;
                };
                assert_eq!(end[name.as_bytes()], b"old", "{case}");
                let last = end.get(&b"LAST"[..]);
                assert!(last.is_none_or(|value| value == b"old"), "{case}");
            }
        }
    }
}

/// They hide the global ones, for as long as the function runs.
#[test]
fn local_variables_of_functions_stop_fish() {
    let Some(fish) = find("fish") else { return };
    let code = Shell::Fish
        .code(&[set("FIRST", "new"), remove("SECOND"), set("LAST", "secret")])
        .unwrap();
    let inner = "function become; set -l code (stsx assume); printf '%s\\n' $code | source; end\n";
    for name in ["FIRST", "SECOND", "LAST"] {
        for line in ["become", "stsx assume | source", "eval (stsx assume)"] {
            let room = Room::new();
            room.says("assume", &code);
            let script = format!(
                "{inner}function caller; set -lx {name} old; {line}; and dump next; end; caller; dump end"
            );
            let output = room
                .command(&fish)
                .args(["--no-config", "-c", &script])
                .output()
                .unwrap();
            assert_eq!(
                String::from_utf8_lossy(&output.stderr),
                format!(
                    "stsx: nothing was changed, since a function has a variable of its own for: {name}\n"
                ),
                "{line}"
            );
            assert!(room.dumped("next").is_none(), "{name}, {line}");
            let end = room.dumped("end").expect("dump ran");
            for name in ["FIRST", "LAST"] {
                assert!(!end.contains_key(name.as_bytes()), "{name}, {line}");
            }
        }
    }
}
