//! Who waited for a process that fails, fails with it and asks AWS nothing; who comes later tries.

use std::fs;
use std::thread;

use super::{CROWD, Line, calls, crowd, home, in_line, locks, profile};
use crate::support::{Aws, DEVICE, Home};

/// What is wrong with AWS today.
type Fault = fn(Aws) -> Aws;

#[test]
fn two_hundred_who_wait_for_a_denial_get_it_from_one_call() {
    let home = home().aws(Aws::denied);
    let alone = home.run(["process", "prod"]).stdout("").status(4);
    let before = home.requests().len();
    for run in crowd(&home, CROWD, ["process", "prod"]) {
        run.stdout("").stderr(&alone.err).status(4);
    }
    assert_eq!(calls(&home)[before..], ["AssumeRole"]);
    alone.stderr_has("AccessDenied").stderr_has("hint: ");
    // A denial is not kept.
    let home = home.aws(|aws| aws.role("deploy"));
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .stderr("")
        .calls(["AssumeRole"])
        .status(0);
    assert!(!note(&home).contains("AccessDenied"));
}

#[test]
fn what_a_denial_asks_about_is_asked_once() {
    let home = home().aws(|aws| aws.role("deploy").denied());
    let words = ["process", "deploy"];
    let alone = home.run(words).stdout("").status(4);
    let made: Vec<_> = calls(&home);
    assert!(made.contains(&"GetRole".to_owned()), "{made:?}");
    let before = made.len();
    for run in crowd(&home, 20, words) {
        run.stdout("").stderr(&alone.err).status(4);
    }
    let again = &calls(&home)[before..];
    let count = |name: &str| again.iter().filter(|made| *made == name).count();
    assert_eq!((count("AssumeRole"), count("GetRole")), (1, 1), "{again:?}");
    alone.stderr_has("is not a profile");
}

#[test]
fn every_way_to_fail_reaches_those_who_wait() {
    let faults: [(&str, Fault, i32); 6] = [
        ("no answer", Aws::hang_up, 1),
        ("throttling", Aws::throttle, 1),
        ("the server", |aws| aws.page(500, "<html>down</html>"), 1),
        (
            "a hotel",
            |aws| aws.page(200, "<html>log in to the hotel</html>"),
            1,
        ),
        ("no such key", |aws| aws.without_keys("James"), 5),
        (
            "an expired token",
            |aws| aws.refuse(403, "ExpiredToken", "it is expired"),
            5,
        ),
    ];
    // All at once: each of them waits between its attempts.
    thread::scope(|scope| {
        for fault in faults {
            scope.spawn(move || reaches(fault));
        }
    });
}

#[track_caller]
fn reaches((name, fault, status): (&str, Fault, i32)) {
    let home = home().aws(fault);
    let alone = home.run(["process", "prod"]).stdout("").status(status);
    let made = home.requests().len();
    assert!(made > 0, "{name}");
    for run in crowd(&home, 8, ["process", "prod"]) {
        run.stdout("").stderr(&alone.err).status(status);
    }
    assert_eq!(home.requests().len(), 2 * made, "{name}");
    alone.stderr_has("stsx: ");
}

#[test]
fn a_failure_is_written_as_each_command_writes_it() {
    let home = home().aws(Aws::denied);
    let formats = [
        ["assume", "prod", "--shell", "sh"],
        ["assume", "prod", "--shell", "fish"],
        ["process", "prod", "--error-format", "json"],
        ["process", "prod", "--error-format", "text"],
        ["whoami", "prod", "--format", "text"],
        ["process", "prod", "-v", "--region=us-east-1"],
    ];
    for words in formats {
        let alone = home.run(words).status(4);
        let before = home.requests().len();
        for run in crowd(&home, 2, words) {
            let run = run.stdout(&alone.out).status(4);
            let last = |text: &str| text.lines().last().map(str::to_owned);
            assert_eq!(last(&run.err), last(&alone.err), "{run}");
            run.stderr_has("AccessDenied");
        }
        assert_eq!(calls(&home)[before..], ["AssumeRole"], "{words:?}");
        alone.stdout_has("").stderr_has("AccessDenied");
    }
}

#[test]
fn the_old_credentials_are_used_by_each_who_waits_while_they_live() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    home.age(3600 - 120);
    let home = home.aws(Aws::hang_up);
    let before = home.requests().len();
    for run in crowd(&home, 8, ["process", "prod"]) {
        run.stdout_has(&home.issued(1))
            .stderr_has("cannot renew, so the cached credentials are used")
            .stderr_lines(1)
            .status(0);
    }
    assert_eq!(home.requests().len() - before, 3, "one call, tried thrice");
    // Who insists on new ones fails.
    let before = home.requests().len();
    for run in crowd(&home, 3, ["process", "prod", "--refresh"]) {
        run.stdout("").stderr_has("cannot assume").status(1);
    }
    assert_eq!(home.requests().len() - before, 3, "one call, tried thrice");
}

#[test]
fn roles_behind_one_session_share_its_failure() {
    let serial = format!("mfa_serial = {DEVICE}");
    let config = profile("prod", "deploy", &serial) + &profile("audit", "audit", &serial);
    let home = Home::new().config(&config);
    let home = home.aws(|aws| aws.role("deploy").mfa().role("audit").mfa());
    home.sandbox()
        .on("GetSessionToken")
        .refuse(403, "AccessDenied", "no sessions today");
    let asked = home.pty(["process", "prod"]).shows("MFA code of");
    let waiting = home
        .console(["whoami", "audit"])
        .shows("waiting for another stsx (process ");
    let code = home.code();
    let first = asked.types(&code).wait().stdout("").status(4);
    first.stderr_has("no sessions today");
    waiting.wait().screen_has("no sessions today").status(4);
    assert_eq!(calls(&home), ["GetSessionToken"]);
}

#[test]
fn what_stands_in_a_lock_is_not_believed_blindly() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let long = "x".repeat(1 << 20);
    for text in [
        "",
        "\0\0\0",
        "4711\n",
        "{\"turn\":",
        "\u{1b}]0;x\u{7}",
        &long,
    ] {
        let line = Line::stop(&home);
        write_note(&home, text);
        home.run(["process", "prod", "--refresh", "--lock-timeout", "1s"])
            .stdout("")
            .stderr(
                "stsx: profile `prod`: another stsx is still getting these credentials after 1 s\n",
            )
            .calls([])
            .status(1);
        line.go();
        home.run(["process", "prod", "--refresh"])
            .stdout_has("ASIA")
            .stderr("")
            .calls(["AssumeRole"])
            .status(0);
    }
}

#[test]
fn words_in_a_lock_do_not_command_the_terminal() {
    let home = home().aws(Aws::denied);
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("AccessDenied")
        .status(4);
    let forged = note(&home)
        .replace("\"turn\":1", "\"turn\":99")
        .replace("AccessDenied", "\\u001b[2J\\u202e");
    let line = Line::stop(&home);
    let waiting = home.spawn(["process", "prod"]);
    in_line(waiting.id());
    write_note(&home, &forged);
    let run = waiting.wait().stdout("").calls([]).status(4);
    assert!(!run.err.contains(['\u{1b}', '\u{202e}']), "{run}");
    run.stderr_has("\\u{1b}[2J\\u{202e}");
    line.go();
}

/// What stands in the one lock.
#[track_caller]
fn note(home: &Home) -> String {
    fs::read_to_string(&locks(home)[0]).expect("the lock is ours")
}

#[track_caller]
fn write_note(home: &Home, text: &str) {
    fs::write(&locks(home)[0], text).expect("the lock is ours");
}

#[test]
fn a_failure_of_long_ago_is_nobodys() {
    let home = home().aws(Aws::denied);
    home.run(["process", "prod"])
        .stdout("")
        .stderr_has("AccessDenied")
        .status(4);
    let home = home.aws(|aws| aws.role("deploy"));
    for run in crowd(&home, 3, ["process", "prod"]) {
        run.stdout_has(&home.issued(1)).stderr("").status(0);
    }
}
