//! How words look: colours for terminals that want them, lines that fit, and a word while one waits.

use std::fs;
use std::time::Duration;

use crate::support::{ACCOUNT, Home};

const ESCAPE: char = '\u{1b}';

/// What removes the words of one who waits.
const REMOVED: &str = "\r\u{1b}[K";

fn home() -> Home {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    let config = format!(
        "[profile prod]\nrole_arn = {role}\nsource_profile = default\n\
         [profile broken]\nrole_arn = {role}\nsource_profile = größe-日本-🙂\n"
    );
    Home::new()
        .config(&config)
        .aws(|a| a.role("deploy"))
        .env("TERM", "xterm-256color")
}

#[test]
fn colours_are_for_terminals() {
    let home = home().env("CLICOLOR_FORCE", "1");
    let list = home.console(["list"]).wait().status(0);
    assert!(list.screen.contains("\u{1b}[1mprod\u{1b}[0m"), "{list}");
    assert!(list.screen.contains("\u{1b}[1m\u{1b}[31merror: "), "{list}");
    let failed = home.console(["whoami", "broken"]).wait().status(2);
    assert!(
        failed.screen.contains("\u{1b}[31mstsx:\u{1b}[0m "),
        "{failed}"
    );
    home.run(["list"])
        .stdout_lacks("\u{1b}")
        .stdout_has("prod")
        .status(0);
    home.run(["whoami", "broken"])
        .stderr_lacks("\u{1b}")
        .stderr_has("stsx: ")
        .status(2);
}

#[test]
fn terminals_that_do_not_want_colours_get_none() {
    for (name, value) in [
        ("NO_COLOR", "1"),
        ("CLICOLOR", "0"),
        ("TERM", "dumb"),
        ("TERM", ""),
    ] {
        let home = home().env(name, value);
        for words in [
            ["list", "--tree"],
            ["explain", "prod"],
            ["whoami", "broken"],
            ["cache", "--help"],
        ] {
            let run = home.console(words).wait().stdout_has("").stderr_has("");
            assert!(!run.screen.contains(ESCAPE), "{name}={value}\n{run}");
            let status = run.code().unwrap_or(-1);
            run.status(status);
        }
    }
}

#[test]
fn what_is_soon_over_looks_so() {
    let home = home();
    home.run(["login", "prod"]).stdout_has("").status(0);
    let list = || {
        home.console(["cache", "list"])
            .wait()
            .status(0)
            .screen
            .clone()
    };
    let fresh = list();
    assert!(
        !fresh.contains("\u{1b}[33m") && !fresh.contains("\u{1b}[31m"),
        "{fresh}"
    );
    home.age(3600 - 300);
    assert!(list().contains("\u{1b}[33m"), "{}", list());
    home.age(600);
    assert!(list().contains("\u{1b}[1m\u{1b}[31mexpired"), "{}", list());
}

#[test]
fn tables_fit_their_terminal_and_lose_nothing() {
    let home = home().env("NO_COLOR", "1");
    for words in [
        ["list", "--format=text"],
        ["list", "--tree"],
        ["explain", "prod"],
    ] {
        let line = format!("stsx {} {}", words[0], words[1]);
        // (Files: what a run prints has [HOME] in the place of longer paths.)
        let printed = |line: &str| {
            home.sh(&format!("{line} > printed")).status(0);
            fs::read_to_string(home.path("printed"))
                .expect("text")
                .replace('\r', "")
        };
        let whole = printed(&line);
        for columns in ["20", "60", "100"] {
            let shown = printed(&format!(
                "script -qec 'COLUMNS={columns} {line}' /dev/null </dev/null"
            ));
            let fits = |line: &str| width(line) <= columns.parse().expect("a number");
            assert!(shown.lines().all(fits), "{words:?} in {columns}:\n{shown}");
            assert_eq!(letters(&shown), letters(&whole), "{words:?} in {columns}");
        }
    }
}

/// All that is no frame and no space, in an order of its own: cells go on below themselves.
fn letters(text: &str) -> Vec<char> {
    let mut all: Vec<char> = text
        .chars()
        .filter(|char| !" \n│├└─".contains(*char))
        .collect();
    all.sort_unstable();
    all
}

/// Columns that a line takes: the letters of the test's names are one or two wide.
fn width(line: &str) -> usize {
    let columns = |char: char| {
        if ('日'..='🙂').contains(&char) || char == '本' {
            2
        } else {
            1
        }
    };
    line.chars().map(columns).sum()
}

#[test]
fn who_waits_long_reads_for_what() {
    let home = home();
    home.sandbox().on("AssumeRole").slow(Duration::from_secs(2));
    let words = format!("asking STS for arn:aws:iam::{ACCOUNT}:role/deploy …");
    let run = home.console(["exec", "prod", "--no-cache", "--", "true"]);
    let run = run.shows(&words).wait().status(0);
    assert!(run.screen.ends_with(REMOVED), "{run}");
    home.env("COLUMNS", "20")
        .console(["exec", "prod", "--no-cache", "--", "true"])
        .wait()
        .screen_has(&format!("asking STS for arn…\u{1b}[0m{REMOVED}"))
        .status(0);
}

#[test]
fn only_people_read_what_is_waited_for() {
    let home = home();
    home.sandbox().on("AssumeRole").slow(Duration::from_secs(1));
    home.run(["whoami", "prod"])
        .stdout_has("deploy")
        .stderr("")
        .status(0);
    let silent = |home: &Home, words: [&str; 6]| {
        let run = home.console(words).wait().status(0);
        assert!(!run.screen.contains("asking"), "{run}");
    };
    silent(
        &home,
        [
            "exec",
            "prod",
            "--no-cache",
            "--error-format=json",
            "--",
            "true",
        ],
    );
    let home = home.env("TERM", "dumb");
    silent(
        &home,
        ["exec", "prod", "--no-cache", "--duration=15m", "--", "true"],
    );
}
