//! Lengths of roles that take an MFA code themselves. A code is good once, and whether a refusal of the length uses it
//! up is STS's affair: both ways lead to a session.

use super::{OVER, asked, home};
use crate::support::{Aws, DEVICE, Home};

/// The role wants a code, and its sessions may last this long.
fn with_mfa(maximum: i64) -> Home {
    home(maximum).aws(|a| a.role("deploy").mfa().max_session(maximum))
}

#[test]
fn iam_is_asked_before_a_code_is_spent() {
    let home = with_mfa(7200);
    let code = home.code();
    let long = [
        "process",
        "prod",
        "--duration",
        "12h",
        "--mfa-serial",
        DEVICE,
        "--mfa-code",
        &code,
    ];
    let first = home.sh("stsx explain prod --duration 12h --mfa-serial arn:aws:iam::111122223333:mfa/James --format json");
    assert_eq!(first.status(0).json()["calls"], 2);
    let run = home.run(long).calls(["GetRole", "AssumeRole"]);
    assert_eq!(asked(&run), ["7200"]);
    run.stdout_has("ASIA")
        .stderr_has("shortened from 12h to 2h, the most that the role allows")
        .stderr_lines(1)
        .status(0);
    home.age(7100);
    let code = home.code();
    let long = [
        "process",
        "prod",
        "--duration",
        "12h",
        "--mfa-serial",
        DEVICE,
        "--mfa-code",
        &code,
    ];
    let run = home.run(long).calls(["AssumeRole"]).stderr("");
    assert_eq!(asked(&run), ["7200"]);
    run.stdout_has("ASIA").status(0);
}

#[test]
fn what_iam_told_holds_for_shorter_sessions_too() {
    let home = with_mfa(43_200);
    for (length, calls) in [
        ("12h", &["GetRole", "AssumeRole"][..]),
        ("11h", &["AssumeRole"]),
    ] {
        let code = home.code();
        let run = home.run([
            "process",
            "prod",
            "--duration",
            length,
            "--mfa-serial",
            DEVICE,
            "--mfa-code",
            &code,
        ]);
        let made: Vec<_> = run
            .requests
            .iter()
            .map(|request| request.operation.as_str())
            .collect();
        assert_eq!(made, calls);
        run.stdout_has("ASIA").stderr("").status(0);
    }
}

#[test]
fn a_code_that_a_refusal_leaves_good_serves_the_next_length() {
    let home = with_mfa(43_200).aws(|a| {
        a.without_get_role()
            .on("AssumeRole")
            .refuse(400, "ValidationError", OVER)
            .times(1)
    });
    let code = home.code();
    let run = home.run([
        "process",
        "prod",
        "--duration",
        "12h",
        "--mfa-serial",
        DEVICE,
        "--mfa-code",
        &code,
    ]);
    let run = run.calls(["GetRole", "AssumeRole", "AssumeRole"]);
    assert_eq!(asked(&run), ["43200", "36000"]);
    assert_eq!(&run.requests[2]["TokenCode"], &code);
    run.stdout_has("ASIA")
        .stderr_has("shortened from 12h to 10h")
        .status(0);
}

#[test]
fn a_code_that_a_refusal_used_up_is_not_asked_for_in_vain() {
    let home = with_mfa(7200).aws(Aws::without_get_role);
    let run = |code: &str| {
        home.run([
            "process",
            "prod",
            "--duration",
            "12h",
            "--mfa-serial",
            DEVICE,
            "--mfa-code",
            code,
        ])
    };
    let code = home.code();
    let first = run(&code);
    assert_eq!(asked(&first), ["43200", "36000"]);
    first.stdout("").stderr_has("hint: STS refused the duration, and the MFA code is used up: run this again with the next code, for 1h").status(4);
    // An hour is what a session of the user serves.
    let next = home.code();
    run(&next)
        .calls(["GetSessionToken", "AssumeRole"])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
}

#[test]
fn a_person_is_asked_for_one_code_more_at_most() {
    let home = with_mfa(7200).aws(Aws::without_get_role);
    let (code, next) = (home.code(), home.code());
    // The next code shows while the first is still good.
    let run = home
        .pty([
            "process",
            "prod",
            "--duration",
            "12h",
            "--mfa-serial",
            DEVICE,
        ])
        .shows("MFA code of")
        .types(&code)
        .shows_times("MFA code of", 2)
        .types(&next)
        .wait();
    assert_eq!(asked(&run), ["43200", "36000", "3600"]);
    run.calls(["GetRole", "AssumeRole", "AssumeRole", "AssumeRole"]).stdout_has("ASIA")
        .stderr_has("shortened from 12h to 1h, since the role allows less (MaxSessionDuration), and each further try would take an MFA code, which is remembered")
        .status(0);
}
