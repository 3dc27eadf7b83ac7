//! The cache: what is a hit, what is a miss, who may read it, and what the cached path does not do.
//! Locks and failing refreshes are in `refresh`.

mod files;

use std::fs;

use crate::support::{ACCOUNT, Home, installed, keys, profile_of};

/// The profile `prod` for the role `deploy`, with these lines more.
fn profile(lines: &str) -> String {
    format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n{lines}\n"
    )
}

fn home() -> Home {
    Home::new().config(&profile("")).aws(|a| a.role("deploy"))
}

/// The access key id that a command with JSON on stdout answers with, after these calls.
#[track_caller]
fn key_of<const N: usize, const M: usize>(
    home: &Home,
    arguments: [&str; N],
    calls: [&str; M],
) -> String {
    let document = home.run(arguments).stderr("").calls(calls).status(0).json();
    document["AccessKeyId"]
        .as_str()
        .expect("an access key id")
        .to_owned()
}

#[test]
fn a_hit_makes_no_request_and_answers_the_same() {
    let home = home();
    let first = key_of(&home, ["process", "prod"], ["AssumeRole"]);
    assert_eq!(key_of(&home, ["process", "prod"], []), first);
    assert_eq!(key_of(&home, ["credential-process", "prod"], []), first);
    let mut shell = home.run(["assume", "prod"]).stderr("").calls([]).status(0);
    assert_eq!(shell.exported("AWS_ACCESS_KEY_ID"), Some(first.clone()));
    drop(shell);
    home.run(["exec", "prod", "--", "printenv", "AWS_ACCESS_KEY_ID"])
        .stdout(&format!("{first}\n"))
        .calls([])
        .status(0);
    let home = home
        .aws(|a| a.page(500, "down"))
        .env("AWS_EC2_METADATA_DISABLED", "false");
    assert_eq!(key_of(&home, ["process", "prod"], []), first);
}

#[test]
fn an_edit_never_serves_the_old_credentials() {
    let edits = [
        "external_id = 42",
        "duration_seconds = 1800",
        "role_session_name = other",
        "role_arn = arn:aws:iam::111122223333:role/ops",
    ];
    let home = home().aws(|a| a.role("ops").user("Mary"));
    let first = key_of(&home, ["process", "prod"], ["AssumeRole"]);
    let mut home = home;
    for edit in edits {
        let text = if edit.starts_with("role_arn") {
            profile("").replace("role/deploy", "role/ops")
        } else {
            profile(edit)
        };
        home = home.config(&text);
        assert_ne!(
            key_of(&home, ["process", "prod"], ["AssumeRole"]),
            first,
            "{edit}"
        );
    }
    let home = home
        .config(&profile(""))
        .credentials(&profile_of("default", "Mary"));
    assert_ne!(
        key_of(&home, ["process", "prod"], ["AssumeRole"]),
        first,
        "other keys"
    );
    assert_eq!(home.last_request().access_key_id, Some(keys("Mary").0));
    assert_eq!(
        key_of(&home.james(), ["process", "prod"], []),
        first,
        "as it was"
    );
}

#[test]
fn flags_are_part_of_the_key_as_well() {
    let home = home();
    let first = key_of(&home, ["process", "prod"], ["AssumeRole"]);
    for flags in [
        ["--external-id", "42"],
        ["--duration", "30m"],
        ["--session-name", "other"],
    ] {
        let other = key_of(
            &home,
            ["process", "prod", flags[0], flags[1]],
            ["AssumeRole"],
        );
        assert_ne!(other, first, "{flags:?}");
        assert_eq!(
            key_of(&home, ["process", "prod", flags[0], flags[1]], []),
            other
        );
    }
}

#[test]
fn refresh_renews_and_no_cache_leaves_no_trace() {
    let home = home();
    key_of(&home, ["process", "prod", "--no-cache"], ["AssumeRole"]);
    assert!(home.cached().is_empty());
    let first = key_of(&home, ["process", "prod"], ["AssumeRole"]);
    assert_ne!(
        key_of(&home, ["process", "prod", "--no-cache"], ["AssumeRole"]),
        first
    );
    assert_eq!(key_of(&home, ["process", "prod"], []), first);
    let second = key_of(&home, ["process", "prod", "--refresh"], ["AssumeRole"]);
    assert_ne!(second, first);
    assert_eq!(key_of(&home, ["process", "prod"], []), second);
}

#[test]
fn an_entry_of_the_future_is_a_miss() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    // The clock was two hours ahead when it was written, and has been set right.
    home.age(-7200);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
}

#[test]
fn clear_takes_what_killed_writers_left_and_names_that_lead_nowhere() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let directory = home.cached()[0].parent().expect("a directory").to_owned();
    std::fs::write(directory.join(".tmpAbCdEf.tmp"), "half").unwrap();
    let home = home.config("");
    home.run(["cache", "clear", "prod"])
        .stdout("1 entry removed\n")
        .status(0);
    home.run(["cache", "clear"])
        .stdout("0 entries removed\n")
        .status(0);
    assert!(!directory.join(".tmpAbCdEf.tmp").exists());
}

#[test]
fn list_and_clear() {
    let home = home().aws(|a| a.role("ops"));
    home.run(["cache", "list"])
        .stdout_has("")
        .stderr_has("")
        .status(0);
    home.run(["cache", "clear"])
        .stdout_has("")
        .stderr_has("")
        .status(0);
    key_of(&home, ["process", "prod"], ["AssumeRole"]);
    home.age(3601);
    let ops = format!("arn:aws:iam::{ACCOUNT}:role/ops");
    key_of(&home, ["process", &ops], ["AssumeRole"]);
    home.run(["cache", "list"])
        .stdout_has("role/deploy")
        .stdout_has(&ops)
        .calls([])
        .status(0);
    let list = home
        .run(["cache", "list", "--format", "json"])
        .calls([])
        .status(0)
        .json();
    assert!(list.to_string().contains(&ops), "{list}");
    home.run(["cache", "clear", "--expired"])
        .stdout_has("")
        .stderr_has("")
        .calls([])
        .status(0);
    home.run(["cache", "list"])
        .stdout_has(&ops)
        .stdout_lacks("role/deploy")
        .status(0);
    key_of(&home, ["process", "prod"], ["AssumeRole"]);
    home.run(["cache", "clear", "prod"])
        .stdout_has("")
        .stderr_has("")
        .calls([])
        .status(0);
    home.run(["cache", "list"])
        .stdout_has(&ops)
        .stdout_lacks("role/deploy")
        .status(0);
    home.run(["cache", "clear"])
        .stdout_has("")
        .stderr_has("")
        .calls([])
        .status(0);
    assert!(home.cached().is_empty());
    key_of(&home, ["process", &ops], ["AssumeRole"]);
}

#[test]
fn the_cached_path_opens_no_socket_and_starts_no_thread() {
    if !installed("strace") {
        return;
    }
    let home = home();
    let script = "strace -f -o trace -e trace=socket,connect,clone,clone3,fork,vfork,execve stsx process prod";
    home.sh(script)
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    let trace = |home: &Home| fs::read_to_string(home.path("trace")).expect("strace wrote it");
    assert!(
        trace(&home).contains("socket("),
        "strace sees the first call's sockets"
    );
    home.sh(script).stdout_has("ASIA").calls([]).status(0);
    let calls: Vec<_> = trace(&home)
        .lines()
        .filter(|line| line.contains('('))
        .map(str::to_owned)
        .collect();
    assert!(
        calls.len() == 1 && calls[0].contains("execve("),
        "{calls:#?}"
    );
}

#[test]
fn a_name_that_nobody_knows_is_not_forgotten_in_silence() {
    let home = home().settings("[alias]\nphotos = 111122223333:other\n");
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    for words in ["logout", "cache clear"] {
        let forget = |name: &str| home.sh(&format!("stsx {words} {name}"));
        forget("prdo")
            .stdout("")
            .stderr(
                "stsx: nothing is cached of `prdo`, which is not a profile, an alias or a cached role\n\
                 hint: did you mean the profile `prod`?\n",
            )
            .calls([])
            .status(2);
        forget("photo")
            .stderr_has("hint: did you mean `photos`?\n")
            .status(2);
        forget("zzzzzz")
            .stderr_has("hint: `stsx cache list` shows what is cached\n")
            .status(2);
        // Known, with nothing cached.
        for known in [
            "photos",
            "111122223333:zzz",
            "arn:aws:iam::111122223333:role/zzz",
        ] {
            forget(known)
                .stdout("0 entries removed\n")
                .stderr("")
                .status(0);
        }
    }
    home.run(["logout", "prdo", "prod"])
        .stdout("1 entry removed\n")
        .stderr_has("nothing is cached of `prdo`")
        .status(2);
    home.run(["logout", "prod"])
        .stdout("0 entries removed\n")
        .status(0);
}
