//! How long sessions are: what is clamped beforehand, what STS refuses and how stsx comes to what it gives, and that
//! a person is told once.

use serde_json::Value;

use crate::support::{ACCOUNT, Aws, Home, Run};

mod codes;
mod users;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const OVER: &str =
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";

/// James, and a role whose sessions may last this long.
fn home(maximum: i64) -> Home {
    let profile = format!("[profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n");
    Home::new()
        .config(&profile)
        .aws(|a| a.role("deploy").max_session(maximum))
}

/// The lengths that were asked of STS, in order.
fn asked(run: &Run) -> Vec<String> {
    let lengths = run
        .requests
        .iter()
        .map(|request| &request["DurationSeconds"]);
    lengths
        .filter(|length| !length.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What `stsx explain` says of the length, and where it has it from.
#[track_caller]
fn explained(home: &Home, target: &str, flags: &str) -> (Value, Value) {
    let run = home.sh(&format!("stsx explain {target} {flags} --format json"));
    let plan = run.calls([]).stderr("").status(0).json();
    let hops = plan["hops"].as_array().expect("a list");
    let hop = hops.last().expect("a hop");
    (
        hop["duration_seconds"].clone(),
        hop["origins"]["duration_seconds"].clone(),
    )
}

#[test]
fn a_maximum_is_learnt_from_iam_and_told_once() {
    let home = home(7200);
    let long = ["process", "prod", "--duration", "12h"];
    let run = home
        .run(long)
        .calls(["AssumeRole", "GetRole", "AssumeRole"]);
    assert_eq!(asked(&run), ["43200", "7200"]);
    run.stdout_has("ASIA")
        .stderr(&format!(
            "stsx: {ROLE}: the session is shortened from 12h to 2h, the most that the role allows (MaxSessionDuration), \
             which is remembered (--refresh asks again)\n"
        ))
        .status(0);
    home.run(long)
        .calls([])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    home.age(7000);
    let run = home.run(long).calls(["AssumeRole"]);
    assert_eq!(asked(&run), ["7200"]);
    run.stdout_has("ASIA").stderr("").status(0);
    let learnt = (7200.into(), "learnt".into());
    assert_eq!(explained(&home, "prod", "--duration 12h"), learnt);
    home.run(["explain", "prod", "--duration", "12h"])
        .stdout_has("  duration           2h                                            learnt\n")
        .status(0);
    let shorter = (1800.into(), "--duration".into());
    assert_eq!(explained(&home, "prod", "--duration 30m"), shorter);
}

#[test]
fn a_maximum_that_iam_does_not_tell_is_found_step_by_step() {
    let home = home(14_400).aws(Aws::without_get_role);
    let run = home.run(["process", "prod", "--duration", "12h"]);
    assert_eq!(asked(&run), ["43200", "36000", "28800", "21600", "14400"]);
    let run = run.stderr_has("shortened from 12h to 4h").stderr_lines(1);
    run.stdout_has("ASIA").status(0);
    // Another question, the same role.
    let run = home.run(["process", ROLE, "--duration", "12h", "--session-name", "b2"]);
    let run = run.calls(["AssumeRole"]).stderr("");
    assert_eq!(asked(&run), ["14400"]);
    run.stdout_has("ASIA").status(0);
}

#[test]
fn a_maximum_that_was_raised_is_found_by_refresh() {
    let home = home(7200);
    let long = ["process", "prod", "--duration", "12h"];
    home.run(long).stdout_has("ASIA").stderr_has("2h").status(0);
    let home = home.aws(|a| a.role("deploy").max_session(43_200));
    home.age(7000);
    assert_eq!(
        asked(&home.run(long).stdout_has("ASIA").status(0)),
        ["7200"]
    );
    let wanted = (43_200.into(), "--duration".into());
    assert_eq!(explained(&home, "prod", "--duration 12h --refresh"), wanted);
    let anew = ["process", "prod", "--duration", "12h", "--refresh"];
    let run = home.run(anew).calls(["AssumeRole"]).stderr("");
    assert_eq!(asked(&run), ["43200"]);
    run.stdout_has("ASIA").status(0);
    home.run(long).calls([]).stdout_has("ASIA").status(0);
    assert_eq!(explained(&home, "prod", "--duration 12h"), wanted);
    // Lowered again: with --refresh it is learnt anew, and told.
    let home = home.aws(|a| a.role("deploy").max_session(3600));
    let run = home
        .run(anew)
        .calls(["AssumeRole", "GetRole", "AssumeRole"]);
    assert_eq!(asked(&run), ["43200", "3600"]);
    run.stderr_has("shortened from 12h to 1h")
        .stdout_has("ASIA")
        .status(0);
    home.run(long).calls([]).stdout_has("ASIA").status(0);
}

#[test]
fn clearing_the_cache_forgets_maxima() {
    let home = home(7200);
    let long = ["process", "prod", "--duration", "12h"];
    for _ in 0..2 {
        let run = home
            .run(long)
            .calls(["AssumeRole", "GetRole", "AssumeRole"]);
        run.stdout_has("ASIA")
            .stderr_has("shortened from 12h")
            .status(0);
        home.run(["cache", "clear"]).stdout_has("removed").status(0);
    }
    let run = home.run(["process", "prod", "--duration", "12h", "--no-cache"]);
    let run = run.stderr_has("the most that the role allows (MaxSessionDuration)\n");
    run.stdout_has("ASIA").status(0);
}

#[test]
fn a_role_named_by_its_name_alone_learns_too() {
    let home = home(7200);
    let long = ["process", "deploy", "--duration", "12h"];
    home.run(long)
        .stdout_has("ASIA")
        .stderr_has("shortened from 12h to 2h")
        .status(0);
    home.age(7000);
    let run = home.run(long).calls(["AssumeRole"]).stderr("");
    assert_eq!(asked(&run), ["7200"]);
    run.stdout_has("ASIA").status(0);
    let learnt = (7200.into(), "learnt".into());
    assert_eq!(explained(&home, "deploy", "--duration 12h"), learnt);
    let home = home.aws(|a| a.role("deploy").max_session(43_200));
    let run = home.run(["process", "deploy", "--duration", "12h", "--refresh"]);
    assert_eq!(
        asked(&run.stdout_has("ASIA").stderr("").status(0)),
        ["43200"]
    );
}

#[test]
fn chaining_is_clamped_beforehand_where_it_is_known() {
    let home = home(43_200).aws(|a| a.role("hub"));
    let config = format!(
        "[profile hub]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/hub\nsource_profile = default\n\
         [profile prod]\nrole_arn = {ROLE}\nsource_profile = hub\nduration_seconds = 7200\n"
    );
    let home = home.config(&config);
    let run = home.run(["process", "prod"]).calls(["AssumeRole"; 2]);
    assert_eq!(asked(&run), ["3600", "3600"]);
    run.stderr_has("the session is shortened from 2h (")
        .stderr_has(":7) to 1h, the most that role chaining gets")
        .stdout_has("ASIA")
        .status(0);
}

#[test]
fn chaining_that_shows_at_the_call_is_clamped_there() {
    let home = home(43_200);
    let session = home
        .run(["session", "--format", "process"])
        .status(0)
        .stdout_has("ASIA");
    let home = home.file("session.json", &session.out).config(&format!(
        "[profile tool]\ncredential_process = cat session.json\n\
         [profile prod]\nrole_arn = {ROLE}\nsource_profile = tool\nduration_seconds = 7200\n"
    ));
    let run = home.run(["process", "prod"]).calls(["AssumeRole"; 2]);
    assert_eq!(asked(&run), ["7200", "3600"]);
    run.stderr(&format!(
        "stsx: {ROLE}: the session is shortened from 2h to 1h, the most that role chaining gets\n"
    ))
    .stdout_has("ASIA")
    .status(0);
    // It is no maximum of the role's.
    assert_eq!(explained(&home, "prod", "").0, 7200);
}

#[test]
fn a_refusal_that_no_length_ends_is_told() {
    let home = home(43_200).aws(|a| a.on("AssumeRole").refuse(400, "ValidationError", OVER));
    let run = home.run(["assume", "prod", "--duration", "2h"]);
    assert_eq!(asked(&run), ["7200", "3600"]);
    run.stdout("false;\n")
        .stderr_has(OVER)
        .stderr_has("hint: ask for a shorter session (--duration 1h), or raise the role's MaxSessionDuration; 2h was asked for")
        .status(1);
}
