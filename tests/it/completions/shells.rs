//! The real shells: what the key puts on the line is the name, the whole name, and nothing but the name.
//!
//! At a terminal `assume` is a stand-in that shows the words it was given, so that the shell itself judges the quoting.

use crate::init::at_terminal;
use crate::servers;
use crate::support::{Home, installed};

use super::home;

/// What is typed before the key, and the word that arrives.
const TYPED: [(&str, &str); 12] = [
    ("assume pro", "prod"),
    ("assume ns:", "ns:prod"),
    ("assume --profile=ns", "--profile=ns:prod"),
    ("assume cr", "crew/audit"),
    ("assume crew/a", "crew/audit"),
    ("assume my", "my photos"),
    ("assume \"my", "my photos"),
    ("assume 'my", "my photos"),
    ("assume it", "it's"),
    ("assume \\$", "$(touch pwned)`touch pwned`"),
    ("assume é", "é 😀"),
    ("assume ש", "שלום"),
];

/// `key` is what makes the shell complete, and take its only candidate.
fn types_all(home: &Home, shell: &str, key: &str, skipped: &[&str]) {
    let mut terminal = at_terminal(home, shell).shows("READY");
    for (number, (typed, word)) in TYPED.iter().enumerate() {
        if skipped.contains(typed) {
            continue;
        }
        // A word after the completed one shows that a blank stands between.
        terminal = terminal
            .types(&format!("{typed}{key}end{number}"))
            .shows(&format!("<{word}><end{number}>"));
    }
    terminal.types("exit").wait().status(0);
    assert!(!home.path("pwned").exists());
}

#[test]
fn bash_at_a_terminal() {
    let stand_in = "assume() { printf '<%s>' \"$@\"; echo; }\nPS1='READY '\nbind 'set enable-bracketed-paste off'\n";
    let home = home().file("rc", &format!("eval \"$(stsx init bash)\"\n{stand_in}"));
    types_all(&home, "bash --rcfile rc -i", "\t", &[]);
}

/// The key does not end a shell that stops at what fails.
#[test]
fn a_strict_bash_completes_commands() {
    let home = home().file(
        "rc",
        "eval \"$(stsx init bash)\"\nPS1='READY '\nbind 'set enable-bracketed-paste off'\nset -e\n",
    );
    at_terminal(&home, "bash --rcfile rc -i")
        .shows("READY")
        .types("stsx exec prod -- printen\t\u{15}echo $((40 + 2)) alive")
        .shows("42 alive")
        .types("exit")
        .wait()
        .status(0);
}

#[test]
fn zsh_at_a_terminal() {
    if !installed("zsh") {
        return;
    }
    let home = home().file(
        ".zshrc",
        "autoload -Uz compinit && compinit -u -D\neval \"$(stsx init zsh)\"\n\
         assume() { printf '<%s>' \"$@\"; echo }\nPS1='READY '\nunset zle_bracketed_paste\n",
    );
    types_all(&home, "zsh -i", "\t", &[]);
}

#[test]
fn tcsh_at_a_terminal() {
    if !installed("tcsh") {
        return;
    }
    let home = home()
        .file(".tcshrc", "eval \"`stsx init tcsh`\"\nalias assume './shows \\!*'\nset prompt='READY '\nset autolist\n")
        .file("shows", "#!/bin/sh\nprintf '<%s>' \"$@\"; echo\n");
    home.sh("chmod +x shows").status(0);
    // tcsh takes apart what has blanks or quotes in it: such names are not offered.
    types_all(
        &home,
        "tcsh -i",
        "\t",
        &[
            "assume my",
            "assume \"my",
            "assume 'my",
            "assume it",
            "assume \\$",
            "assume é",
            "assume ש",
        ],
    );
}

#[test]
fn elvish_at_a_terminal() {
    if !installed("elvish") {
        return;
    }
    let home = home().file(
        ".config/elvish/rc.elv",
        "eval (stsx init elvish | slurp)\nedit:add-var assume~ {|@words| each {|word| print '<'$word'>' } $words; echo }\n\
         set edit:prompt = { print 'READY ' }\nset edit:insert:binding[Tab] = $edit:completion:start~\n",
    );
    types_all(&home, "elvish", "\t\r ", &["assume \\$"]);
}

/// fish tells what it would offer.
#[test]
fn fish_offers() {
    if !installed("fish") {
        return;
    }
    let home = home();
    for (typed, offered) in [
        ("assume pro", "prod\tteam/deploy in 111122223333\n"),
        ("stsx assume ns:", "ns:prod\tdeploy in 111122223333\n"),
        (
            "stsx assume --profile=ns",
            "--profile=ns:prod\tdeploy in 111122223333\n",
        ),
        ("stsx assume \"my", "my photos\talias of photos\n"),
        ("stsx assume my\\ ", "my photos\talias of photos\n"),
        ("assume it", "it's\tdeploy in 111122223333\n"),
        (
            "unassume --sh",
            "--shell\tShell to write for [default: the shell that runs stsx]\n",
        ),
        ("stsx saml --assertion .aws/con", ".aws/config\n"),
        (
            "stsx man cache l",
            "list\tList the cached credentials: whose they are and how long they last\n",
        ),
        ("stsx exec prod -- test-no", ""),
    ] {
        let script = "stsx init fish | source; complete -C $typed";
        home.program(
            "fish",
            [
                "--no-config",
                "-c",
                &format!("set typed {}; {script}", quoted(typed)),
            ],
        )
        .stdout(offered)
        .status(0);
    }
    home.program(
        "fish",
        [
            "--no-config",
            "-c",
            "stsx completions fish | source; complete -c chmod -l recursive; complete -C 'stsx exec prod -- chmod --recurs'",
        ],
    )
    .stdout_has("--recursive")
    .status(0);
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[test]
fn nushell_offers() {
    let Some(nu) = servers::tool("node_modules/.bin/nu") else {
        return;
    };
    let home = home();
    home.sh("stsx init nushell >stsx.nu").status(0);
    let nu = nu.display();
    for (typed, offered) in [
        ("assume pro", "[\"prod\"]"),
        ("stsx assume --profile ns:", "[\"ns:prod\"]"),
        ("stsx assume --profile=ns", "[\"--profile=ns:prod\"]"),
        ("unassume --sh", "[\"--shell\"]"),
        // It prints what it puts in, quotes included, as if that were no JSON.
        ("assume my", "[\"\"my photos\"\"]"),
        ("assume é", "[\"\"é 😀\"\"]"),
        ("stsx saml --assertion .aws/con", "[\".aws/config\"]"),
    ] {
        let text = format!("use stsx.nu *\n{typed}");
        let script = format!(
            "cat >line.nu <<'END'\n{text}\nEND\n'{nu}' -n --ide-complete {} line.nu",
            text.len()
        );
        let answer = format!("{{\"completions\": {offered}}}\n");
        home.sh(&script).stdout(&answer).status(0);
    }
    assert!(!home.path("pwned").exists());
}

#[test]
fn xonsh_offers() {
    let Some(xonsh) = servers::tool("venv/bin/xonsh") else {
        return;
    };
    let script = r#"
execx($(stsx init xonsh))
from xonsh.completer import Completer
for line in ['assume pro', 'stsx assume my', 'assume "my', 'stsx assume --profile=ns', 'unassume --sh']:
    found, length = Completer().complete_line(line)
    print(line, [(str(one), one.description, one.prefix_len) for one in found])
"#;
    let home = home().file("session", script);
    home.sh(&format!("'{}' --no-rc session", xonsh.display()))
        .stdout(
            "assume pro [('prod ', 'team/deploy in 111122223333', 3)]\n\
             stsx assume my [(\"@('my photos') \", 'alias of photos', 2)]\n\
             assume \"my [('\"my photos\" ', 'alias of photos', 3)]\n\
             stsx assume --profile=ns [('--profile=ns:prod ', 'deploy in 111122223333', 12)]\n\
             unassume --sh [('--shell ', 'Shell to write for [default: the shell that runs stsx]', 4)]\n",
        )
        .status(0);
}
