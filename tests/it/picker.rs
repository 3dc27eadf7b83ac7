//! `stsx assume` without TARGET: a person chooses on the terminal device, whatever captures stdout and stderr.

mod widths;

use std::fs;

use crate::support::{ACCOUNT, Home, installed};

const OTHER: &str = "444455556666";
const DOWN: &str = "\u{1b}[B";
const ESCAPE: &str = "\u{1b}";
/// The other screen of a terminal is left.
const GIVEN_BACK: &str = "\u{1b}[?1049l";

fn profile(name: &str, role: &str) -> String {
    format!(
        "[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{role}\nsource_profile = default\n"
    )
}

/// James with the profiles `build`, `dev` and `prod`, at a terminal that can do everything.
fn home() -> Home {
    let config = profile("prod", "ops") + &profile("dev", "deploy") + &profile("build", "build");
    Home::new()
        .config(&format!("{config}[profile look]\nregion = eu-west-1\n"))
        .env("TERM", "xterm-256color")
        .aws(|a| a.role("deploy").role("ops").role("build"))
}

/// After these keys, `name` is assumed.
#[track_caller]
fn chooses(home: &Home, keys: &str, name: &str) {
    home.pty(["assume", "--format", "env"])
        .shows("assume: ")
        .presses(keys)
        .wait()
        .stdout_has("AWS_ACCESS_KEY_ID=")
        .stderr("")
        .screen_has(GIVEN_BACK)
        .status(0);
    assert_eq!(recent(home)[0], name, "{keys:?}");
}

fn recent(home: &Home) -> Vec<String> {
    let text = fs::read_to_string(home.path(".cache/stsx/targets.recent")).unwrap_or_default();
    let names = text
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let names = names.map_or("", |(names, _)| names).split(',');
    names
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

#[test]
fn letters_arrows_and_enter_choose() {
    for (keys, name) in [
        ("\r", "build"),
        ("prod\r", "prod"),
        ("PRD\r", "prod"),
        ("ops\r", "prod"), // by its role
        ("\u{1b}[B\u{1b}[B\r", "dev"),
        ("\u{1b}[F\u{1b}[A\r", "dev"),     // End, Up
        ("\u{e}\u{e}\u{10}\r", "default"), // Ctrl-N twice, Ctrl-P
        ("zzz\r\u{15}dev\r", "dev"),       // nothing to choose; Ctrl-U
        ("dex\u{7f}v\r", "dev"),
        ("x dev\u{17}prod\u{17}\u{17}dev\r", "dev"), // Ctrl-W
        ("\u{1b}[5~\u{1b}[6~\r", "prod"),            // page up, page down
    ] {
        chooses(&home(), keys, name);
    }
}

#[test]
fn a_row_says_what_a_target_is() {
    let home = home().settings("[alias]\nhub = 444455556666:hub\n");
    home.run(["process", "dev"]).stdout_has("ASIA").status(0);
    let run = home
        .pty(["assume", "--shell", "sh"])
        .shows("prod")
        .presses(ESCAPE)
        .wait()
        .stdout("false;\n")
        .stderr("stsx: nothing was chosen\n");
    let run = run
        .screen_has(&format!("hub      {OTHER}  hub     default"))
        .screen_has(&format!("dev      {ACCOUNT}  deploy  default  "))
        .screen_has(&format!("prod     {ACCOUNT}  ops     default"));
    // Of an hour, some seconds may have gone.
    let is_left = |left: &str| {
        run.to_string()
            .contains(&format!("deploy  default  {left}\u{1b}"))
    };
    assert!(is_left("1h") || is_left("59m"), "{run}");
    assert!(!run.to_string().contains("look"), "settings only");

    run.status(130);
}

#[test]
fn a_row_says_what_its_command_runs() {
    let tool = "[profile tool]\ncredential_process = /opt/vault export s3cr3t-in-a-file\n";
    let sdk = "[profile sdk]\ncredential_process = stsx process prod\n";
    let home = home().config(&(profile("prod", "ops") + tool + sdk));
    let run = home
        .pty(["assume", "--shell", "sh"])
        .shows("prod")
        .presses(ESCAPE)
        .wait()
        .stdout("false;\n")
        .stderr("stsx: nothing was chosen\n")
        .screen_has("tool (runs vault)")
        .screen_has("sdk (runs stsx for prod)");
    assert!(!run.screen_text().contains("s3cr3t"));
    run.status(130);
}

#[test]
fn what_was_assumed_last_comes_first() {
    let home = home().settings("[alias]\ntop = prod\n");
    chooses(&home, "prod\r", "prod");
    chooses(&home, "dev\r", "dev");
    chooses(&home, "\u{1b}[B\r", "prod");
    assert_eq!(recent(&home), ["prod", "dev"]);
    // Programs do not count: nobody sees what they say.
    home.run(["assume", "build"]).stdout_has("export").status(0);
    home.pty(["process", "build"])
        .wait()
        .stdout_has("ASIA")
        .status(0);
    assert_eq!(recent(&home), ["prod", "dev"]);
    // A person who names the target does.
    let role = format!("{ACCOUNT}:build");
    let typed = home.pty_program("sh", ["-c", &format!("stsx assume {role} 2>/dev/tty")]);
    typed.wait().stdout_has("export").status(0);
    assert_eq!(recent(&home), [&role, "prod", "dev"]);
    chooses(&home, "\r", &role);
    // A profile that is gone would be taken for a role's name; a damaged file is none.
    let gone = home.config(&profile("dev", "deploy"));
    chooses(&gone, "\u{1b}[B\r", "dev");
    // (A role that was named alone is still that role.)
    gone.pty_program("sh", ["-c", "stsx assume ops 2>/dev/tty"])
        .wait()
        .stdout_has("export")
        .status(0);
    chooses(&gone, "\r", "ops");
}

#[test]
fn a_damaged_memory_is_an_empty_one() {
    let mut home = home();
    for damage in ["", "[1,2", "{}", "[\"dev\\u0000"] {
        home = home.file(".cache/stsx/targets.recent", damage);
        chooses(&home, "\r", "build");
        home.run(["cache", "clear"]).stdout_has("removed").status(0);
        assert!(!home.path(".cache/stsx/targets.recent").exists());
    }
}

#[test]
fn nothing_is_remembered_without_a_cache() {
    for home in [
        home().env("STSX_CACHE", "off"),
        home().settings("[defaults]\ncache = off\n"),
    ] {
        home.pty(["assume"])
            .shows("assume: ")
            .presses("prod\r")
            .wait()
            .stdout_has("export")
            .status(0);
        assert!(!home.path(".cache/stsx").exists());
    }
}

#[test]
fn who_leaves_changes_nothing() {
    for keys in [ESCAPE, "\u{3}", "\u{4}", "prod\u{7}"] {
        let home = home();
        let before = fs::read_dir(home.path(".")).unwrap().count();
        home.pty(["assume", "--shell", "sh"])
            .shows("assume: ")
            .presses(keys)
            .wait()
            .stdout("false;\n")
            .stderr("stsx: nothing was chosen\n")
            .screen_has(GIVEN_BACK)
            .calls([])
            .status(130);
        home.pty(["assume", "--format", "json"])
            .shows("assume: ")
            .presses(keys)
            .wait()
            .stdout("")
            .stderr_has("nothing was chosen")
            .status(130);
        assert_eq!(fs::read_dir(home.path(".")).unwrap().count(), before);
    }
}

/// A person's bash: the terminal is as before, and the shell is the role or what it was.
#[test]
fn a_shell_evaluates_the_choice() {
    if !installed("bash") {
        return;
    }
    let script = "stty -g </dev/tty; eval \"$(stsx assume 2>/dev/null)\" && echo \"now $STSX_TARGET\"; \
                  echo \"status $? ${AWS_ACCESS_KEY_ID:+keys}\"; stty -g </dev/tty";
    for (keys, said) in [
        ("prod\r", "now prod\nstatus 0 keys\n"),
        (ESCAPE, "status 1 \n"),
    ] {
        let home = home();
        let run = home
            .pty_program("bash", ["-c", script])
            .shows("assume: ")
            .presses(keys)
            .wait()
            .stdout_has(said)
            .stderr("");
        let text = run.status(0).stdout_text();
        let (first, last) = (text.lines().next(), text.lines().last());
        assert_eq!(first, last, "the modes of the terminal");
    }
}

/// On the console itself, the line to type is shown with what was chosen.
#[test]
fn without_eval_the_line_to_type_is_shown() {
    home()
        .console(["assume", "--duration", "2h"])
        .shows("assume: ")
        .presses("prod\r")
        .wait()
        .screen_has("stsx assume prod --duration 2h")
        .stdout("")
        .stderr("")
        .calls([])
        .status(2);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for (number, name) in [(15, "TERM"), (1, "HUP"), (2, "INT")] {
        let home = home();
        let terminal = home.pty(["assume"]).shows("assume: ");
        let id = terminal.id();
        home.sh(&format!("kill -{name} {id}")).status(0);
        let run = terminal.wait().stdout("").stderr("").screen_has(GIVEN_BACK);
        run.signal(number);
    }
}

#[test]
fn a_terminal_that_fails_is_given_back() {
    if !installed("strace") {
        return;
    }
    let home = home();
    let run = home
        .pty_program(
            "strace",
            [
                "-f",
                "-qq",
                "-o",
                "trace",
                "-P",
                "/dev/tty",
                "-e",
                "inject=read:error=EIO",
                "stsx",
                "assume",
                "--shell",
                "sh",
            ],
        )
        .shows("assume: ")
        .presses(DOWN)
        .wait()
        .stdout("false;\n")
        .stderr_has("terminal: ")
        .screen_has(GIVEN_BACK);
    run.status(1);
}

#[test]
fn a_dumb_terminal_gets_numbers() {
    for term in ["dumb", ""] {
        let home = home().env("TERM", term);
        let open = || {
            home.pty(["assume", "--format", "env"])
                .shows("  1  build")
                .shows("leave): ")
        };
        // A number counts in the list that is shown, also after a word that nothing matched.
        open()
            .types("99")
            .shows_times("leave): ", 2)
            .types("4")
            .wait()
            .stdout_has("ASIA")
            .status(0);
        home.run(["cache", "clear"]).stdout_has("removed").status(0);
        open()
            .types("4")
            .wait()
            .stdout_has("ASIA")
            .stderr("")
            .status(0);
        home.run(["cache", "clear"]).stdout_has("removed").status(0);
        open().types("dev").wait().stdout_has("ASIA").status(0);
        home.run(["cache", "clear"]).stdout_has("removed").status(0);
        let open = open()
            .types("99")
            .shows("nothing matches")
            .types("d")
            .shows_times("leave): ", 3);
        let run = open
            .types("")
            .wait()
            .stdout("")
            .stderr_has("nothing was chosen");
        assert!(!run.screen_text().contains('\u{1b}'));
        run.status(130);
    }
}

#[test]
fn without_a_terminal_the_names_are_told() {
    home()
        .run(["assume", "--shell", "sh"])
        .stdout("false;\n")
        .stderr(
            "stsx: no TARGET is named, and there is no terminal to choose one on\n  build\n  default\n  dev\n  prod\n\
             hint: stsx assume TARGET\n",
        )
        .calls([])
        .status(2);
    let many: String = (0..10_000)
        .map(|n| profile(&format!("p{n:04}"), "ops"))
        .collect();
    let run = home()
        .config(&many)
        .run(["assume"])
        .stdout("false;\n")
        .stderr_lines(23);
    run.stderr_has("  … and 9981 more: `stsx list` shows all profiles\n")
        .status(2);
    Home::new()
        .run(["assume"])
        .stdout("false;\n")
        .stderr_has("there is none to choose in [HOME]/.aws/config and [HOME]/.aws/credentials")
        .status(2);
}

#[test]
fn ten_thousand_profiles_are_searched() {
    let many: String = (0..10_000)
        .map(|n| profile(&format!("p{n:04}"), "ops"))
        .collect();
    let home = home().config(&many);
    chooses(&home, "p7431\r", "p7431");
}
