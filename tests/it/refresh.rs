//! When cached credentials are renewed, and what happens when that fails. (Many at once: `flight`.)

use std::time::Duration;

use crate::support::{ACCOUNT, Aws, Home, Run};

/// What is wrong with AWS today.
type Fault = fn(Aws) -> Aws;

fn home() -> Home {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    Home::new()
        .config(&config)
        .aws(|a| a.role("deploy").max_session(43_200))
}

/// A home with a session of this length in its cache, of which this much is left.
fn aged(length: &str, left: i64) -> Home {
    let home = home();
    let duration = format!("--duration={length}");
    let run = home.run(["process", "prod", &duration]).stdout_has("ASIA");
    let life: i64 = run.requests[0]["DurationSeconds"]
        .parse()
        .expect("it was asked for");
    run.status(0);
    home.age(life - left);
    home
}

#[test]
fn credentials_are_renewed_before_they_end() {
    // Command, length of the session, seconds left, renewed?
    let cases = [
        ("assume --format json", "1h", 310, false),
        ("assume --format json", "1h", 290, true),
        ("assume --format json", "15m", 310, false),
        ("assume --format json", "15m", 290, true),
        ("process", "12h", 910, false),
        ("process", "12h", 890, true),
        ("process", "1h", 910, false),
        ("process", "1h", 890, true),
        ("process", "15m", 460, false), // never more than half of the session
        ("process", "15m", 440, true),
        ("process --min-ttl 30m", "1h", 1810, false),
        ("process --min-ttl 30m", "1h", 1790, true),
        ("process --min-ttl 1m", "1h", 70, false),
        ("process --min-ttl 1m", "1h", 50, true),
        ("process --min-ttl 2h", "1h", 3600, true), // renews rather than fails
    ];
    for (command, length, left, renewed) in cases {
        let home = aged(length, left);
        let run = home
            .sh(&format!("stsx {command} prod --duration {length}"))
            .stdout_has("ASIA")
            .stderr_has("");
        assert_eq!(
            run.requests.len(),
            usize::from(renewed),
            "{command}, {length}, {left} s left\n{run}"
        );
        run.status(0);
    }
}

#[test]
fn a_standing_min_ttl_and_a_stuck_holder_leave_the_old_credentials_usable() {
    let home = aged("1h", 240).env("STSX_MIN_TTL", "10m");
    let home = home.aws(|aws| aws.page(503, "no"));
    home.run(["process", "prod", "--duration=1h"])
        .stdout_has(&home.issued(1))
        .stderr_has("cannot renew")
        .status(0);
    home.run(["process", "prod", "--duration=1h", "--min-ttl", "10m"])
        .stdout("")
        .stderr_has("503")
        .status(1);
    // Another process is stuck in its call.
    let home = home.aws(|aws| aws.healthy().delay(Duration::from_secs(4)));
    let before = home.requests().len();
    let holder = home.spawn(["process", "prod", "--duration=1h"]);
    while home.requests().len() == before {
        std::thread::sleep(Duration::from_millis(5));
    }
    home.run(["process", "prod", "--duration=1h", "--lock-timeout=1s"])
        .stdout_has(&home.issued(1))
        .stderr_has(&holder.id().to_string())
        .status(0);
    holder.wait().stdout_has("ASIA").status(0);
}

#[test]
fn a_session_shorter_than_min_ttl_is_still_shared() {
    let home = home().aws(|aws| aws.delay(Duration::from_millis(200)));
    let runs: Vec<_> = (0..8)
        .map(|_| home.spawn(["process", "prod", "--min-ttl", "2h"]))
        .collect();
    let warned: usize = runs
        .into_iter()
        .map(|run| {
            let run = run.wait().stderr_has("").stdout_has(&home.issued(1));
            let warned = usize::from(run.err.contains("less than --min-ttl"));
            run.status(0);
            warned
        })
        .sum();
    assert_eq!(warned, 1, "whoever made the call says it");
    assert_eq!(home.requests().len(), 1);
}

#[test]
fn when_aws_fails_the_old_credentials_are_used_while_they_live() {
    let faults: [(&str, Fault); 5] = [
        ("an error of the server", |a| {
            a.page(500, "<html>down</html>")
        }),
        ("a proxy", |a| a.page(502, "<html>down</html>")),
        ("throttling", Aws::throttle),
        ("no answer", Aws::hang_up),
        ("nonsense", |a| {
            a.page(200, "<html>log in to the hotel</html>")
        }),
    ];
    let words = ["process", "prod", "--duration", "1h"];
    let homes = faults.map(|(name, fault)| (name, aged("1h", 120).aws(fault)));
    // All at once: each of them waits between its attempts.
    let runs = homes.each_ref().map(|(_, home)| home.spawn(words));
    for ((name, home), run) in homes.iter().zip(runs) {
        let run = run.wait().stdout_has(&home.issued(1));
        assert!(!run.requests.is_empty(), "{name}: nobody tried\n{run}");
        run.stderr_has("stsx: ").stderr_lines(1).status(0);
        home.age(121);
    }
    for run in homes.each_ref().map(|(_, home)| home.spawn(words)) {
        let run = run.wait().stdout("");
        run.stderr_has("stsx: ").stderr_lines(1).status(1);
    }
}

#[test]
fn a_denial_is_not_papered_over() {
    let denials: [(Fault, i32); 2] = [
        (|a| a.role("deploy").denied(), 4),
        (|a| a.without_keys("James"), 5),
    ];
    for (denial, status) in denials {
        let home = aged("1h", 120).aws(denial);
        let run = home.run(["process", "prod", "--duration", "1h"]).stdout("");
        run.stderr_has("stsx: ").stderr_lines(1).status(status);
    }
}

#[test]
fn nothing_is_handed_out_past_its_end_in_real_time() {
    let home = home();
    // By AWS's clock an hour from now is three seconds ahead on this machine's.
    home.sandbox().clock().advance(3 - 3600);
    let take = |home: &Home| -> Run { home.run(["process", "prod"]) };
    take(&home).stdout_has(&home.issued(1)).status(0);
    take(&home).stdout_has(&home.issued(1)).calls([]).status(0);
    std::thread::sleep(Duration::from_millis(4100));
    take(&home)
        .stdout_has(&home.issued(2))
        .calls(["AssumeRole"])
        .status(0);
}
