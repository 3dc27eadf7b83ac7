//! Slips of the keyboard: what was meant is asked back, and what may be right all the same is written.

use super::{CONFIG, config, home, written};

#[test]
fn a_word_that_nobody_knows_is_written_with_a_warning() {
    let home = home()
        .settings("[alias]\nphotos = 111122223333:deploy\n")
        .aws(|a| a.role("deploy"));
    let of = |target: &str, words: &str| {
        home.sh(&format!("stsx configure --process {target} --dry-run"))
            .stdout_has("+credential_process = stsx credential-process ")
            .stderr(words)
            .calls([])
            .status(0);
    };
    let unknown = |name: &str| {
        format!(
            "stsx: `{name}` is not a profile, an alias or a cached role, so it will be tried as a role name in the account \
             of the keys of profile `default`"
        )
    };
    of(
        "nothing-like-it",
        &format!("{}\n", unknown("nothing-like-it")),
    );
    of(
        "photo",
        &format!("{}; did you mean `photos`?\n", unknown("photo")),
    );
    of("deploy", &format!("{}\n", unknown("deploy")));
    for known in ["photos", "prod", "111122223333:other", "role/other"] {
        of(known, "");
    }
    home.run(["process", "photos"]).stdout_has("ASIA").status(0);
    of("deploy", "");
}

#[test]
fn a_key_that_is_not_there_is_asked_back_when_another_is_near() {
    let home = home();
    home.run(["configure", "prod", "--remove", "externalid"])
        .stdout("")
        .stderr(
            "stsx: --remove externalid: profile `prod` has no such key\nhint: did you mean `external_id`?\n",
        )
        .status(2);
    for idle in ["mfa_serial", "role_name", "favourite_tea"] {
        home.run(["configure", "prod", "--remove", idle])
            .stdout("")
            .stderr("stsx: profile `prod` has this already: nothing to write\n")
            .status(0);
    }
    assert_eq!(config(&home), CONFIG);
}

#[test]
fn a_slip_in_a_region_is_asked_back_and_written() {
    const DOUBT: &str =
        "stsx: `us-esat-1` is not a region that stsx knows; did you mean `us-east-1`?\n";
    let home = home();
    home.run(["configure", "a", "--region", "us-esat-1"])
        .stdout("")
        .stderr_has(DOUBT)
        .stderr_has("profile `a` is written")
        .status(0);
    for region in ["moon", "us-east-9"] {
        written(home.run(["configure", region, "--region", region]), region);
    }
    let home = home.aws(|a| a.role("deploy").external_id("42-old"));
    for calls in [1, 0] {
        let run = home.run(["process", "prod", "--region", "us-esat-1"]);
        assert_eq!(run.requests.len(), calls);
        run.stdout_has("ASIA").stderr(DOUBT).status(0);
    }
    home.run(["explain", "prod", "--region", "us-esat-1"])
        .stdout_has("`us-esat-1` is not a region that stsx knows")
        .stderr("")
        .status(0);
}
