//! Whatever is wrong, there is nothing to offer, and not a word of it reaches the shell.

use super::home;
use crate::support::Home;

#[test]
fn bad_files_have_no_candidates_and_no_words() {
    let empty = "values\n";
    let complete = |home: &Home, answer: &str| {
        home.sh("stsx complete xonsh -- stsx assume p")
            .stdout(answer)
            .status(0);
    };
    // A syntax error leaves the names.
    complete(
        &home().config("[profile prod]\nrole_arn\n[profile px]\nregion = x\n"),
        "values\nphotos\talias of 111122223333:James\nprod\npx\n",
    );
    complete(
        &home().settings("nonsense\n"),
        "values\nprod\tteam/deploy in 111122223333\n",
    );
    complete(&Home::new(), empty);
    complete(
        &home()
            .without_env("HOME")
            .env("HOME", "/nowhere")
            .env("XDG_CONFIG_HOME", "/nowhere"),
        empty,
    );
    let home = home();
    std::fs::write(home.path(".aws/config"), b"[profile p\xff]\n").expect("HOME is writable");
    complete(&home, "values\nphotos\talias of 111122223333:James\n");
}

/// Tables that no cursor can stand in.
#[test]
fn odd_lines_are_survived() {
    let home = home();
    for line in [
        "",
        " ",
        "stsx",
        "'",
        "\"",
        "\\",
        "$(",
        "stsx 'a\\",
        "--",
        "stsx -- -- --",
        "=:;|&",
        "é\u{202e}",
    ] {
        let quoted = shlex::try_quote(line).expect("no NUL");
        home.sh(&format!(
            "stsx complete bash --line {quoted} --breaks ':=' -- stsx"
        ))
        .stdout_has("values\n")
        .status(0);
    }
    home.sh("stsx complete zsh")
        .stdout_has("values\nassume")
        .status(0);
    home.sh("stsx complete fish -- stsx assume \"$(printf '\\377')\"")
        .stdout("values\n")
        .status(0);
}

#[test]
fn ten_thousand_profiles_are_offered() {
    let mut config = String::new();
    for number in 0..10_000 {
        let role = format!("arn:aws:iam::{number:012}:role/deploy");
        let profile =
            format!("[profile p{number:05}]\nrole_arn = {role}\nsource_profile = default\n");
        config.push_str(&profile);
    }
    let home = home().config(&config);
    let run = home.run(["complete", "xonsh", "--", "stsx", "assume", "p"]);
    assert_eq!(
        run.out.lines().count(),
        10_002,
        "photos, and the first line"
    );
    run.stdout_has("p09999\tdeploy in 000000009999\n").status(0);
    home.run(["complete", "xonsh", "--", "stsx", "assume", "p01234"])
        .stdout("values\np01234\tdeploy in 000000001234\n")
        .status(0);
}
