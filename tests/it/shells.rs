//! The shell dialects, proven in the real shells: what a person types (`Shell::eval_line`) makes a child process see
//! each value byte for byte, takes it away again, and stops what follows when stsx fails.
//!
//! PowerShell and cmd are not to be had here: their text is compared with what their documentation asks for.

mod real;
#[path = "../../src/output/shell.rs"]
#[allow(dead_code, unreachable_pub)]
mod shell;
mod unchangeable;

use std::io::Write as _;
use std::process::Stdio;

use clap::ValueEnum as _;

use real::{AND, Real, Room, TRY, find, remove, set};
use shell::Shell;

#[test]
fn bash() {
    Real::sh("bash", &["--norc", "-u"]).check();
}

#[test]
fn bash_with_strict_globs() {
    Real::sh("bash", &["-O", "failglob", "-O", "extglob", "-u"]).check();
    Real::sh("bash", &["-O", "nullglob", "-O", "extglob", "-u"]).check();
}

#[test]
fn dash() {
    Real::sh("dash", &["-u"]).check();
}

#[test]
fn zsh() {
    Real::sh("zsh", &["-f", "-u"]).check();
    Real::sh(
        "zsh",
        &[
            "-f",
            "-o",
            "globsubst",
            "-o",
            "extendedglob",
            "-o",
            "rcquotes",
            "-u",
        ],
    )
    .check();
}

#[test]
fn ksh() {
    Real::sh("ksh", &["-u"]).check();
}

#[test]
fn mksh() {
    Real::sh("mksh", &["-u"]).check();
}

#[test]
fn fish() {
    let failing = "LINE; and dump next\ndump alive\n";
    Real {
        shell: Shell::Fish,
        program: "fish",
        options: &["--no-config"],
        forms: &["eval ({})"],
        failing,
    }
    .check();
}

#[test]
fn tcsh() {
    Real {
        shell: Shell::Tcsh,
        program: "tcsh",
        options: &["-f"],
        forms: &[],
        failing: AND,
    }
    .check();
}

#[test]
fn nushell() {
    Real {
        shell: Shell::Nushell,
        program: "nu",
        options: &["-n"],
        forms: &[],
        failing: TRY,
    }
    .check();
}

#[test]
fn elvish() {
    let failing = "try { LINE; dump next } catch e { dump alive }\n";
    Real {
        shell: Shell::Elvish,
        program: "elvish",
        options: &["-norc"],
        forms: &[],
        failing,
    }
    .check();
}

#[test]
fn xonsh() {
    let failing = "try:\n    LINE\n    ![dump next]\nexcept Exception:\n    ![dump alive]\n";
    Real {
        shell: Shell::Xonsh,
        program: "xonsh",
        options: &["--no-rc"],
        forms: &[],
        failing,
    }
    .check();
}

/// fish has no way to hide a universal variable in one session only: it says so.
#[test]
fn fish_tells_of_universal_variables() {
    let Some(fish) = find("fish") else { return };
    let room = Room::new();
    room.says(
        "unset",
        &Shell::Fish.code(&[remove("AWS_PROFILE")]).unwrap(),
    );
    let run = |script: &str| room.command(&fish).args(["-c", script]).output().unwrap();
    run("set -Ux AWS_PROFILE dev");
    let output = run("set -gx AWS_PROFILE prod; stsx unset | source; and dump unset");
    let told = "stsx: AWS_PROFILE is a universal variable of fish and stays exported: set -Uu AWS_PROFILE\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), told);
    assert_eq!(
        room.dumped("unset").expect("dump ran")[&b"AWS_PROFILE"[..]],
        b"dev"
    );
}

/// An interactive shell survives the failure.
#[test]
fn interactive_shells_live_on() {
    let shells = [
        ("bash", "--norc"),
        ("dash", "-u"),
        ("zsh", "-f"),
        ("ksh", "-u"),
        ("mksh", "-u"),
        ("tcsh", "-f"),
        ("elvish", "-norc"),
    ];
    for (program, option) in shells {
        let Some(path) = find(program) else { continue };
        let dialect = Shell::from_program(program).unwrap();
        let room = Room::new();
        room.says("assume", dialect.failure());
        let mut child = room
            .command(&path)
            .args([option, "-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let script = format!("{}\ndump alive\n", dialect.eval_line(&["stsx", "assume"]));
        child
            .stdin
            .take()
            .unwrap()
            .write_all(script.as_bytes())
            .unwrap();
        child.wait().unwrap();
        assert!(room.dumped("alive").is_some(), "{program}");
    }
}

#[test]
fn ordinary_values_read_well() {
    let changes = [set("AWS_REGION", "eu-west-1"), remove("AWS_PROFILE")];
    for (shell, code) in [
        (
            Shell::Sh,
            "export AWS_REGION='eu-west-1' &&\nunset AWS_PROFILE;\n",
        ),
        (
            Shell::Tcsh,
            "setenv AWS_REGION 'eu-west-1';\nunsetenv AWS_PROFILE;\n",
        ),
        (
            Shell::Powershell,
            "$env:AWS_REGION = 'eu-west-1';\n$env:AWS_PROFILE = $null;\n",
        ),
        (
            Shell::Cmd,
            "set \"AWS_REGION=eu-west-1\"\nset \"AWS_PROFILE=-\"\nset \"AWS_PROFILE=\"\n",
        ),
        (
            Shell::Nushell,
            "{\"AWS_REGION\": \"eu-west-1\", \"AWS_PROFILE\": null}\n",
        ),
        (
            Shell::Elvish,
            "set-env AWS_REGION 'eu-west-1';\nunset-env AWS_PROFILE;\n",
        ),
        (
            Shell::Xonsh,
            "$AWS_REGION = 'eu-west-1';\n${...}.pop('AWS_PROFILE', None);\n",
        ),
    ] {
        assert_eq!(shell.code(&changes).unwrap(), code, "{shell:?}");
    }
    assert!(
        Shell::Fish
            .code(&changes)
            .unwrap()
            .contains("\nset -gx AWS_REGION 'eu-west-1';\nset -eg AWS_PROFILE; ")
    );
}

/// Nushell forgives more than JSON allows.
#[test]
fn nushell_text_is_json() {
    let value = "a\u{1}\n\t\"\\\u{7f}é😀";
    let code = Shell::Nushell
        .code(&[set("V", value), remove("W")])
        .unwrap();
    let json: serde_json::Value = serde_json::from_str(&code).unwrap();
    assert_eq!(json, serde_json::json!({ "V": value, "W": null }));
}

#[test]
fn powershell_text() {
    for (value, expression) in [
        ("it's $HOME `x` \"y\"", "'it''s $HOME `x` \"y\"'"),
        ("O’Connor", "'O' + [char]0x2019 + 'Connor'"),
        (
            "‘’‚‛",
            "'' + [char]0x2018 + [char]0x2019 + [char]0x201A + [char]0x201B",
        ),
        ("a\r\nb", "'a' + [char]0x000D + [char]0x000A + 'b'"),
        ("😀", "'' + [char]0xD83D + [char]0xDE00"),
        (" ", "' '"),
    ] {
        let code = Shell::Powershell.code(&[set("V", value)]);
        assert_eq!(code.unwrap(), format!("$env:V = {expression};\n"));
    }
}

#[test]
fn cmd_text() {
    for value in [
        "a b",
        "a&b|c<d>e^f",
        "it's (x) ~ * ? [a] $HOME \\",
        " a ",
        ";x",
        "=x",
    ] {
        let code = Shell::Cmd.code(&[set("V", value)]);
        assert_eq!(code.unwrap(), format!("set \"V={value}\"\n"));
    }
}

#[test]
fn what_cannot_be_said_is_refused() {
    let long = "x".repeat(8191);
    let all = Shell::value_variants();
    for (shells, value, reason) in [
        (all, "a\0b", "a NUL character"),
        (&[Shell::Tcsh, Shell::Cmd], "a\nb", "a line break"),
        (&[Shell::Cmd], "a\r", "a line break"),
        (&[Shell::Powershell, Shell::Cmd], "", "no characters"),
        (&[Shell::Cmd], "%PATH%", "one of % ! \""),
        (&[Shell::Cmd], "a!", "one of % ! \""),
        (&[Shell::Cmd], "a\"b", "one of % ! \""),
        (&[Shell::Cmd], "é", "other than plain ASCII"),
        (&[Shell::Cmd], "\u{1b}", "other than plain ASCII"),
        (&[Shell::Cmd], &long, "too many characters"),
    ] {
        for shell in all {
            let refused = shell.code(&[set("A", "ok"), set("V", value)]);
            let told = refused.err().map(|refused| refused.to_string());
            let expected = format!("the value of V cannot be given to this shell: it has {reason}");
            assert_eq!(
                told,
                shells.contains(shell).then_some(expected),
                "{shell:?} {value:?}"
            );
        }
    }
    for (letter, refused) in [("x", false), ("é", true)] {
        let value = letter.repeat(4001);
        assert_eq!(Shell::Tcsh.code(&[set("V", &value)]).is_err(), refused);
    }
}

#[test]
fn programs_and_names() {
    for (names, shell) in [
        (
            "sh -sh bash /bin/bash -zsh /usr/bin/zsh dash ksh mksh bash.exe C:\\msys64\\usr\\bin\\BASH.EXE",
            Some(Shell::Sh),
        ),
        ("fish /usr/local/bin/fish -fish", Some(Shell::Fish)),
        ("tcsh -csh /bin/csh", Some(Shell::Tcsh)),
        (
            "pwsh pwsh.exe powershell.exe C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.EXE",
            Some(Shell::Powershell),
        ),
        ("cmd.exe C:\\WINDOWS\\system32\\cmd.exe", Some(Shell::Cmd)),
        ("nu nu.exe /opt/nu", Some(Shell::Nushell)),
        ("elvish", Some(Shell::Elvish)),
        ("xonsh", Some(Shell::Xonsh)),
        ("python3 vim login fishy make - / .exe node cargo", None),
    ] {
        for name in names.split(' ') {
            assert_eq!(Shell::from_program(name), shell, "{name}");
        }
    }
    assert_eq!(Shell::from_program(""), None);
    for (names, shell) in [
        ("sh bash zsh dash ksh mksh ash posix", Shell::Sh),
        ("fish", Shell::Fish),
        ("tcsh csh", Shell::Tcsh),
        ("powershell pwsh", Shell::Powershell),
        ("cmd", Shell::Cmd),
        ("nushell nu", Shell::Nushell),
        ("elvish", Shell::Elvish),
        ("xonsh", Shell::Xonsh),
    ] {
        for name in names.split(' ') {
            assert_eq!(Shell::from_str(name, false), Ok(shell), "{name}");
        }
    }
}

#[test]
fn lines_to_type() {
    for (shell, line) in [
        (Shell::Sh, "eval $(stsx assume prod)"),
        (Shell::Fish, "stsx assume prod | source"),
        (Shell::Tcsh, "eval `stsx assume prod`"),
        (
            Shell::Powershell,
            "stsx assume prod --shell powershell | Invoke-Expression",
        ),
        (
            Shell::Cmd,
            "for /f \"delims=\" %i in ('stsx assume prod --shell cmd') do @%i",
        ),
        (
            Shell::Nushell,
            "stsx assume prod --shell nushell | from json | load-env",
        ),
        (Shell::Elvish, "eval (stsx assume prod | slurp)"),
        (Shell::Xonsh, "execx($(stsx assume prod --shell xonsh))"),
    ] {
        assert_eq!(shell.eval_line(&["stsx", "assume", "prod"]), line);
    }
    let named = ["stsx", "assume", "a b", "--shell=xonsh"];
    assert_eq!(
        Shell::Xonsh.eval_line(&named),
        "execx($(stsx assume @('a b') --shell=xonsh))"
    );
}
