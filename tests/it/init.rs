//! `stsx init`: a session in every real shell. The shell's start text is evaluated twice; the role is taken and seen,
//! a denied one leaves all as it was, help and documents are not evaluated, and in the end nothing is left.

mod refresh;
mod unchangeable;

use std::fs;

use crate::servers;
use crate::support::{ACCOUNT, Home, Terminal, installed};

/// What every session writes to `out`.
const SEEN: &str = "\
assumed prod 111122223333 deploy
prompt prod 111122223333
failed
still prod
undone
";

fn home() -> Home {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    let config = format!("[profile prod]\nrole_arn = {role}\nsource_profile = default\n");
    Home::new()
        .config(&config)
        .aws(|aws| aws.role("deploy"))
        .env("TERM", "xterm")
}

/// A session as a script of the shell; the start text lies in `init` too.
fn follows(shell: &str, program: &str, options: &[&str], script: &str) {
    let home = home();
    home.sh(&format!("stsx init {shell} >init")).status(0);
    let home = home.file("session", script);
    let command = format!("exec '{program}' {} ./session", options.join(" "));
    home.sh(&command)
        .stderr_has("has no role `nobody`: AccessDenied")
        .status(0);
    judge(&home);
}

fn judge(home: &Home) {
    let read = |name: &str| fs::read_to_string(home.path(name)).expect(name);
    assert_eq!(read("out"), SEEN);
    assert!(read("help").contains("Usage: stsx assume"));
    assert!(read("document").contains("\"AWS_ACCESS_KEY_ID\""));
}

const POSIX: &str = r#"
set -eu -o noclobber
IFS=:/
eval "$(stsx init SHELL)"
. ./init
assume prod --duration 30m
sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' >out
echo "prompt $(stsx prompt --format '{target} {account}')" >>out
code=0; assume nobody || code=$?
[ "$code" = 4 ] && echo failed >>out
sh -c 'echo "still $STSX_TARGET"' >>out
assume --help >help
assume prod --format json >document
unassume
sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' >>out
unassume --help | grep -q 'Usage: stsx unset'
"#;

#[test]
fn bash() {
    let aliases = "shopt -s expand_aliases\nalias assume=false unassume=false stsx=false\n\
                   stsx() { false; }\nassume() { false; }\n";
    for before in ["", aliases] {
        // With an alias in the way the text must be had by its path all the same.
        let script = POSIX
            .replace("$(stsx", "$(command stsx")
            .replace("SHELL", "bash");
        follows("bash", "bash", &["--norc"], &format!("{before}{script}"));
    }
}

#[test]
fn zsh() {
    if !installed("zsh") {
        return;
    }
    let aliases = "alias assume=false unassume=false\nalias -s help=false\nsetopt shwordsplit ksharrays globsubst extendedglob\n";
    for before in ["", aliases] {
        let script = POSIX.replace("SHELL", "zsh");
        follows("zsh", "zsh", &["-f"], &format!("{before}{script}"));
    }
}

#[test]
fn fish() {
    if !installed("fish") {
        return;
    }
    let script = r#"
function assume; false; end
stsx init fish | source
source ./init
assume prod --duration 30m; or exit 1
sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' >out
echo prompt (stsx prompt --format '{target} {account}') >>out
assume nobody
test $status = 4; and echo failed >>out
sh -c 'echo "still $STSX_TARGET"' >>out
assume --help >help
assume prod --format json >document
unassume; or exit 1
sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' >>out
complete -C 'assume pr' | string match -q 'prod*'
"#;
    follows("fish", "fish", &["--no-config"], script);
}

#[test]
fn tcsh() {
    if !installed("tcsh") {
        return;
    }
    let script = r#"
eval "`stsx init tcsh`"
source ./init
assume prod --duration 30m
sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' >out
echo "prompt `stsx prompt --format '{target} {account}'`" >>out
assume nobody
if ($status) echo failed >>out
sh -c 'echo "still $STSX_TARGET"' >>out
( assume --help >& help )
stsx assume prod --format json >document
unassume
sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' >>out
"#;
    follows("tcsh", "tcsh", &["-f"], script);
}

#[test]
fn nushell() {
    let Some(nu) = servers::tool("node_modules/.bin/nu") else {
        return;
    };
    let script = r#"
source init
use init *
assume prod --duration 30m
sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' o> out
$"prompt (stsx prompt --format '{target} {account}')\n" | save --append out
try { assume nobody } catch { if $env.LAST_EXIT_CODE == 4 { "failed\n" | save --append out } }
sh -c 'echo "still $STSX_TARGET"' o>> out
assume --help o> help
assume prod --format json o> document
unassume
sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' o>> out
"#;
    let nu = nu.display().to_string();
    follows("nushell", &nu, &["--no-config-file"], script);
}

#[test]
fn xonsh() {
    let Some(xonsh) = servers::tool("venv/bin/xonsh") else {
        return;
    };
    let script = r#"
execx($(stsx init xonsh))
source -e init
assume prod --duration 30m
sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' > out
echo @("prompt " + $(stsx prompt --format '{target} {account}').strip()) >> out
try:
    assume nobody
except Exception as error:
    if error.returncode == 4:
        echo failed >> out
sh -c 'echo "still $STSX_TARGET"' >> out
assume --help > help
assume prod --format json > document
unassume
sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' >> out
"#;
    let xonsh = xonsh.display().to_string();
    follows("xonsh", &xonsh, &["--no-rc"], script);
}

/// Indices from 0, at which words in brackets are no subscript: registered is what `compinit` would take.
#[test]
fn zsh_with_arrays_of_ksh() {
    if !installed("zsh") {
        return;
    }
    let script = "compdef() { echo \"$@\"; }; eval \"$(stsx init zsh)\"; unfunction compdef; \
                  eval \"$(stsx init zsh)\"; echo started";
    home()
        .program("zsh", ["-f", "-o", "ksharrays", "-uec", script])
        .stdout("_stsx stsx\n_stsx_assume assume\n_stsx_unset unassume\nstarted\n")
        .status(0);
}

/// Elvish completes, and takes names into its prompt, at a terminal only.
#[test]
fn elvish() {
    if !installed("elvish") {
        return;
    }
    let start = "eval (stsx init elvish | slurp)\neval (slurp < init)\n";
    let script = r#"
try {
  assume prod --duration 30m
  sh -c 'echo "assumed $STSX_TARGET $STSX_ACCOUNT $STSX_ROLE"' > out
  echo 'prompt '(stsx prompt --format '{target} {account}') >> out
  try { assume nobody } catch e { echo failed >> out }
  sh -c 'echo "still $STSX_TARGET"' >> out
  assume --help > help
  assume prod --format json > document
  unassume
  sh -c 'echo "undone${STSX_TARGET-}${AWS_ACCESS_KEY_ID-}"' >> out
} catch e {
  pprint $e
}
exit
"#;
    let home = home().file(".config/elvish/rc.elv", start);
    let home = home.file("session", script);
    home.sh("stsx init elvish >init").status(0);
    at_terminal(&home, "elvish")
        .shows(">")
        .types("eval (slurp < session)")
        .wait()
        .screen_has("has no role")
        .status(0);
    judge(&home);
}

/// A shell whose standard streams are the terminal, of a size that it can draw on.
pub(crate) fn at_terminal<'home>(home: &'home Home, command: &str) -> Terminal<'home> {
    let line =
        format!("stty -F /dev/tty rows 40 cols 120; exec {command} </dev/tty >/dev/tty 2>&1");
    home.pty_program("sh", ["-c", &line])
}

/// Nor is help by a shell that cannot look at the words first, as tcsh.
#[test]
fn help_is_not_evaluated() {
    for words in [
        ["assume", "--shell", "tcsh", "--help"],
        ["unset", "--help", "--shell", "sh"],
    ] {
        home()
            .run(words)
            .stdout("")
            .stderr_has("Usage: stsx ")
            .status(0);
    }
    home()
        .run(["assume", "--help"])
        .stdout_has("Usage: stsx assume")
        .status(0);
}

#[test]
fn the_commands_may_be_named() {
    let home = home();
    let script = "eval \"$(stsx init bash --cmd become)\"; become prod && echo $STSX_TARGET; unbecome; \
                  echo ${STSX_TARGET-none}; declare -F assume || echo free";
    home.program("bash", ["-c", script])
        .stdout("prod\nnone\nfree\n")
        .status(0);
    for name in ["stsx", "a b", "set", "printf", "$(id)", "", "1a"] {
        home.run(["init", "bash", "--cmd", name])
            .stderr_has("--cmd")
            .status(2);
    }
}

/// The text starts nothing, and what is not there is told by the shell alone, when it is called.
#[test]
fn a_shell_without_stsx_starts_quietly() {
    let home = home();
    home.sh("stsx init bash >init; stsx init zsh >init.zsh")
        .status(0);
    let script = "PATH=/nowhere; . ./init; . ./init; echo started; assume prod; echo $?";
    home.program("bash", ["--norc", "-uc", script])
        .stdout("started\n127\n")
        .stderr_has("stsx: command not found")
        .status(0);
    if installed("zsh") {
        home.program("zsh", ["-fuc", &script.replace("init", "init.zsh")])
            .stdout("started\n127\n")
            .stderr_has("command not found: stsx")
            .status(0);
    }
    if installed("strace") {
        let traced = "exec strace -f -qq -e trace=execve -o trace bash --norc -uc '. ./init'";
        home.sh(traced).status(0);
        let trace = fs::read_to_string(home.path("trace")).expect("strace wrote");
        assert_eq!(trace.matches("execve(").count(), 1, "{trace}");
    }
}

/// PowerShell is not to be had: its text is held against what its documentation asks for.
#[test]
fn powershell_text() {
    let text = home().run(["init", "powershell", "--cmd", "become"]);
    for part in [
        "function global:become {",
        "function global:unbecome {",
        "& $stsx assume --shell powershell @args | Out-String",
        "throw \"stsx failed ($LASTEXITCODE)\"",
        "Register-ArgumentCompleter -Native -CommandName become -ScriptBlock {",
        "EscapeSingleQuotedStringContent($value)",
    ] {
        assert!(text.out.contains(part), "{part}\n{}", text.out);
    }
    let open = text.out.matches('{').count();
    assert_eq!(open, text.out.matches('}').count());
    text.stdout_has("").status(0);
}
