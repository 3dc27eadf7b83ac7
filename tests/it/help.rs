//! Help for people: the first line says what a command does, the last ones how it is typed. (That examples can be typed is
//! tested beside them.)

use crate::support::Home;

/// The commands that help names, below some words.
fn commands(home: &Home, below: &str) -> Vec<String> {
    let help = home
        .sh(&format!("stsx {below} --help"))
        .status(0)
        .stdout_has("");
    let lines = help.out.lines().skip_while(|line| *line != "Commands:");
    let names = lines.skip(1).take_while(|line| !line.is_empty());
    // (What a line has no room for goes on below it, further to the right.)
    names
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .filter(|name| *name != "help")
        .map(|name| format!("{below} {name}"))
        .collect()
}

#[test]
fn every_command_says_first_what_it_does_and_last_how_it_is_typed() {
    let home = Home::new();
    let mut all = commands(&home, "");
    assert!(all.len() > 14, "{all:?}");
    all.extend(commands(&home, "cache"));
    for command in all {
        let help = home
            .sh(&format!("stsx {command} --help"))
            .status(0)
            .stdout_has("");
        let first = help.out.lines().next().unwrap_or_default();
        assert!(
            first.starts_with(char::is_uppercase) && !first.ends_with('.') && first.len() <= 100,
            "{command}: {first}"
        );
        let (_, examples) = help
            .out
            .split_once("\nExamples:\n")
            .unwrap_or_else(|| panic!("{command} has no examples"));
        assert!(
            examples.lines().all(|line| line.starts_with("  ")),
            "{command}: something follows its examples"
        );
    }
}

#[test]
fn help_fits_the_terminal() {
    let home = Home::new().env("COLUMNS", "50");
    for command in commands(&home, "") {
        let help = home
            .sh(&format!("stsx {command} --help"))
            .status(0)
            .stdout_has("");
        for line in help.out.lines() {
            // A word stays whole, however long, and so does the usage.
            let is_one = line.trim().split("  ").all(|part| !part.contains(' '));
            let fits = line.chars().count() <= 50 || is_one || line.starts_with("Usage: ");
            assert!(fits, "{command}: {line}");
        }
    }
}

#[test]
fn help_is_coloured_on_terminals_only() {
    let home = Home::new().env("TERM", "xterm");
    let screen = home
        .console(["assume", "--help"])
        .wait()
        .status(0)
        .screen
        .clone();
    assert!(screen.contains("\u{1b}[1mUsage:"), "{screen}");
    home.run(["assume", "--help"])
        .stdout_lacks("\u{1b}")
        .stdout_has("")
        .status(0);
    let plain = home.env("NO_COLOR", "1");
    let screen = plain
        .console(["assume", "--help"])
        .wait()
        .status(0)
        .screen
        .clone();
    assert!(!screen.contains('\u{1b}'), "{screen}");
}
