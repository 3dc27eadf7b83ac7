//! Failures that say nothing about others: those who waited try for themselves.

use std::fs;

use super::{Line, crowd, home, in_line, profile, signal};
use crate::support::{DEVICE, Home, Run, keys};

#[test]
fn what_failed_another_way_is_tried_again() {
    let denied: fn(&Home) = |home| {
        let on = home.sandbox();
        on.on("AssumeRole")
            .refuse(403, "AccessDenied", "no")
            .times(1);
    };
    let healthy: fn(&Home) = |_| ();
    // What is wrong, who fails with which status and words, and who goes on.
    let cases = [
        (
            healthy,
            "env HTTP_PROXY=http://127.0.0.1:9 stsx process deploy",
            1,
            "cannot",
            "stsx process deploy",
        ),
        (
            healthy,
            "stsx process deploy --expect-account 444455556666",
            2,
            "not to 444455556666",
            "stsx process deploy",
        ),
        (
            denied,
            "stsx process prod --refresh",
            4,
            "AccessDenied",
            "stsx process prod",
        ),
        (
            denied,
            "stsx process again",
            4,
            "profile `again`",
            "stsx process prod",
        ),
        (
            healthy,
            "env AWS_SHARED_CREDENTIALS_FILE=wrong stsx process prod",
            5,
            "SignatureDoesNotMatch",
            "stsx process prod",
        ),
    ];
    for (fault, first, status, words, second) in cases {
        let (id, _) = keys("James");
        let wrong =
            format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = is+mistyped\n");
        let config = profile("prod", "deploy", "") + &profile("again", "deploy", "");
        let home = home().config(&config).file("wrong", &wrong);
        home.sh(second).stdout_has("ASIA").status(0);
        for entry in home.cached() {
            fs::remove_file(entry).expect("the entry is ours");
        }
        fault(&home);
        let line = Line::stop(&home);
        let start = |script: &str| home.spawn_program("sh", ["-c", &format!("exec {script}")]);
        let (first, second) = (start(first), start(second));
        in_line(first.id());
        in_line(second.id());
        signal(&home, "STOP", second.id());
        line.go();
        first.wait().stdout("").stderr_has(words).status(status);
        signal(&home, "CONT", second.id());
        second.wait().stdout_has("ASIA").stderr("").status(0);
    }
}

/// A home where the role itself takes a code.
fn with_device() -> Home {
    let serial = format!("mfa_serial = {DEVICE}\nmfa_max_age = 0");
    Home::new()
        .config(&profile("prod", "deploy", &serial))
        .aws(|aws| aws.role("deploy").mfa())
}

/// Another person waits in line while `first` fails, and then is asked.
#[track_caller]
fn asked_after(home: &Home, first: impl FnOnce(&Home) -> Run) -> Run {
    let line = Line::stop(home);
    let second = home.pty(["process", "prod"]);
    in_line(second.id());
    signal(home, "STOP", second.id());
    line.go();
    let run = first(home);
    signal(home, "CONT", second.id());
    let code = home.code();
    let second = second.shows("MFA code of").types(&code);
    second.wait().stdout_has("ASIA").stderr("").status(0);
    run
}

/// A person answers with these words, and that was all.
#[track_caller]
fn typing(home: &Home, words: [&str; 3]) -> Run {
    let mut asked = home.pty(["process", "prod"]);
    for (word, times) in words.iter().zip(1..) {
        asked = asked.shows_times("MFA code of", times).types(word);
    }
    asked.wait()
}

#[test]
fn no_terminal_a_wrong_code_and_ctrl_c_are_ones_own() {
    let home = || {
        let home = with_device();
        // It leaves the locks.
        home.run(["process", "prod"])
            .stdout("")
            .stderr_has("no terminal")
            .status(3);
        home
    };
    asked_after(&home(), |home| home.run(["process", "prod"]))
        .stdout("")
        .stderr_has("no terminal")
        .status(3);
    asked_after(&home(), |home| {
        let code = home.wrong_code();
        home.run(["process", "prod", "--mfa-code", &code])
    })
    .stdout("")
    .stderr_has("was not accepted")
    .status(4);
    let wrong = home();
    let code = wrong.wrong_code();
    asked_after(&wrong, |home| typing(home, [&code; 3]))
        .stdout("")
        .stderr_has("was not accepted")
        .status(4);
    asked_after(&home(), |home| typing(home, ["what", "is", "this"]))
        .stdout("")
        .stderr_has("no code was given")
        .status(3);
    asked_after(&home(), |home| {
        let asked = home.pty(["process", "prod"]).shows("MFA code of");
        asked.presses_ctrl('c').wait()
    })
    .stdout("")
    .signal(2);
}

#[test]
fn a_command_that_gives_no_good_code_is_run_once() {
    let wrong = with_device().wrong_code();
    for (script, words, status) in [
        ("exit 1", "mfa_process: `sh` failed", 1),
        (&*format!("echo {wrong}"), "was not accepted", 4),
    ] {
        let serial = format!("mfa_serial = {DEVICE}\nmfa_max_age = 0\nmfa_process = sh ./code.sh");
        let home = with_device()
            .config(&profile("prod", "deploy", &serial))
            .file("code.sh", &format!("echo run >>runs\n{script}"));
        let alone = home
            .run(["process", "prod"])
            .stdout("")
            .stderr_has(words)
            .status(status);
        for run in crowd(&home, 5, ["process", "prod"]) {
            run.stdout("").stderr(&alone.err).status(status);
        }
        let runs = fs::read_to_string(home.path("runs")).expect("it ran");
        assert_eq!(runs.lines().count(), 2, "alone, and once for all");
    }
}
