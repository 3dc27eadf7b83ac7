//! The committed completion scripts are what the binary generates, and every shell takes them.
//!
//! `STSX_BLESS=1 bash tests/run completions` writes them anew.

use std::path::Path;
use std::process::Command;

use crate::servers;
use crate::support::{self, Home};

/// Shell, its file below completions/, and how the real shell checks the script's syntax (elvish has
/// its `edit:` only at a terminal).
const SCRIPTS: [(&str, &str, &[&str]); 6] = [
    ("bash", "stsx.bash", &["bash", "-n"]),
    ("zsh", "_stsx", &["zsh", "-n"]),
    ("fish", "stsx.fish", &["fish", "-n"]),
    ("elvish", "stsx.elv", &[]),
    ("nushell", "stsx.nu", &[]),
    ("powershell", "_stsx.ps1", &[]),
];

#[test]
fn the_committed_scripts_are_the_generated_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file, _) in SCRIPTS {
        let output = Command::new(env!("CARGO_BIN_EXE_stsx"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success(), "{shell}");
        let path = folder.join(file);
        if support::is_blessing() {
            std::fs::write(&path, &output.stdout).unwrap();
        }
        let committed = std::fs::read(&path).unwrap();
        assert!(
            committed == output.stdout,
            "completions/{file} is not what `stsx completions {shell}` prints"
        );
    }
}

#[test]
fn the_shells_take_their_scripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (_, file, check) in SCRIPTS {
        let Some((program, arguments)) = check.split_first() else {
            continue;
        };
        if !support::installed(program) {
            continue;
        }
        let output = Command::new(program)
            .args(arguments)
            .arg(folder.join(file))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && words.is_empty(),
            "{program}: {words}"
        );
    }
}

#[test]
fn nushell_takes_its_script() {
    let Some(nu) = servers::tool("node_modules/.bin/nu") else {
        return;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/stsx.nu");
    let output = Command::new(nu)
        .args([
            "--no-config-file",
            "-c",
            &format!("source '{}'", file.display()),
        ])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && words.is_empty(), "{words}");
}

/// What bash and fish offer after some words.
#[test]
fn words_are_completed() {
    let home = Home::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/stsx.bash");
    let script = format!(
        "source '{}'; COMP_WORDS=(stsx cred); COMP_CWORD=1; _stsx stsx cred stsx; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        file.display()
    );
    home.program("bash", ["-c", &script])
        .stdout("credential-process\n")
        .status(0);
    if support::installed("fish") {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/stsx.fish");
        let script = format!(
            "source '{}'; complete -C 'stsx assume --ext'",
            file.display()
        );
        home.program("fish", ["-N", "-c", &script])
            .stdout_has("--external-id")
            .status(0);
    }
}
