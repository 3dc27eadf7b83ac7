//! `stsx doctor`: every rule finds its fault with place and fix, the fix mends it, and a healthy home has nothing
//! wrong.

mod copies;
mod dialect;
mod hostile;
mod online;
mod others;
mod profiles;
mod surroundings;
mod values;

use serde_json::{Value, json};

use crate::support::{ACCOUNT, Home, keys};

const ROLE: &str = "role_arn = arn:aws:iam::111122223333:role/deploy\n";

/// What doctor says for programs. Its exit status tells whether there are problems; nobody is called.
#[track_caller]
fn report(home: &Home) -> Value {
    let run = home.run(["doctor", "--format", "json"]).calls([]);
    let status = run.code().expect("no signal ended it");
    let run = run.status(status).stderr_has("");
    let said = run.err.clone();
    let report = run.json();
    let expected = i32::from(report["problems"] != 0);
    assert_eq!(
        (status, said.is_empty()),
        (expected, expected == 0),
        "{report:#}"
    );
    report
}

/// The only finding of a rule.
#[track_caller]
fn finding(home: &Home, rule: &str) -> Value {
    let report = report(home);
    let findings = report["findings"].as_array().expect("a list");
    let mut found = findings.iter().filter(|finding| finding["rule"] == rule);
    match (found.next(), found.next()) {
        (Some(one), None) => one.clone(),
        (None, _) => panic!("no {rule}: {report:#}"),
        _ => panic!("more than one {rule}: {report:#}"),
    }
}

/// Nothing of this rule is found.
#[track_caller]
fn lacks(home: &Home, rule: &str) {
    let report = report(home);
    let mut findings = report["findings"].as_array().expect("a list").iter();
    assert!(
        findings.all(|finding| finding["rule"] != rule),
        "{report:#}"
    );
}

/// The finding's fix, typed into a shell, mends it.
#[track_caller]
fn mends(home: &Home, rule: &str) {
    let fix = finding(home, rule)["fix"].clone();
    let fix = typed(home, fix.as_str().expect("a command line"));
    // (`stsx configure` says what it did.)
    home.sh(&fix).stderr_has("").status(0);
    lacks(home, rule);
}

/// A command line with the path that a run shows as `[HOME]`.
fn typed(home: &Home, line: &str) -> String {
    let path = home.path("").display().to_string();
    line.replace("[HOME]", path.trim_end_matches('/'))
}

fn text<'v>(finding: &'v Value, member: &str) -> &'v str {
    finding[member].as_str().unwrap_or_default()
}

#[test]
fn a_healthy_home_has_nothing_wrong() {
    let config = format!(
        "# mine\n[default]\nregion = eu-west-1\noutput = json\ncli_pager =\ns3 =\n  max_bandwidth = 10MB/s\n\n\
         [profile prod]\n{ROLE}source_profile = default\nmfa_serial = {}\nmfa_process = cat /dev/null\n\n\
         [profile corp]\nsso_session = corp\n\n[sso-session corp]\nsso_region = eu-west-1\n\
         sso_start_url = https://corp.awsapps.com/start\nsso_registration_scopes = sso:account:access\n\n\
         [services local]\nsts =\n  endpoint_url = http://127.0.0.1:1\n\n[plugins]\ncli_legacy_plugin_path = /x\n",
        crate::support::DEVICE
    );
    let home = Home::new().config(&config).james();
    let report = report(&home);
    assert_eq!(report["findings"], json!([]));
    assert_eq!(
        (&report["problems"], &report["notes"]),
        (&json!(0), &json!(0))
    );
    home.run(["doctor"])
        .stdout_has("\nnothing is wrong\n")
        .status(0);
    let empty = Home::new();
    empty
        .run(["doctor"])
        .stdout_has("\nnothing is wrong\n")
        .status(0);
}

#[test]
fn people_read_what_where_why_and_the_fix() {
    let home = Home::new()
        .config("[profile x]\nregin = eu-west-1\n\n[profile y]\nfavourite_tea = earl grey\n");
    let run = home
        .run(["doctor"])
        .stderr("stsx: 1 problem was found\n")
        .status(1);
    let (facts, findings) = run.out.split_once("\n\n").expect("facts, then findings");
    assert!(facts.starts_with("stsx         0.1.0, "), "{facts}");
    assert!(
        facts.contains("\nconfig       [HOME]/.aws/config (there)\n"),
        "{facts}"
    );
    assert!(
        facts.ends_with("\nshell        sh, without a terminal"),
        "{facts}"
    );
    let expected = "problem  `regin` is not a key that AWS or stsx knows; `region` is\n\
        \x20 where  [HOME]/.aws/config:2\n\
        \x20 why    nobody reads it: https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html\n\
        \x20 fix    sed -i.bak '2s/^[^=]*/region /' [HOME]/.aws/config\n\
        \n\
        note     `favourite_tea` is not a key that AWS or stsx knows\n\
        \x20 where  [HOME]/.aws/config:5\n\
        \x20 why    another tool may read it; AWS's do not\n\
        \x20 fix    vi +5 [HOME]/.aws/config\n";
    assert_eq!(findings, expected);
    run.stdout_has("");
}

#[test]
fn every_fault_of_the_config_file_is_found_and_mended() {
    for (config, rule, line, what) in [
        (
            "[prod]\nregion = eu-west-1\n",
            "ignored-section",
            1,
            "[prod] is not a profile",
        ),
        (
            "[profile my prod]\nregion = eu-west-1\n",
            "ignored-section",
            1,
            "has blanks in its name",
        ),
        (
            "[sso-session  my prod ] # c\nsso_region = eu-west-1\n",
            "ignored-section",
            1,
            "has blanks in its name",
        ),
        (
            "[Profile prod]\nregion = eu-west-1\n",
            "ignored-section",
            1,
            "not a kind of section",
        ),
        (
            "[sso_session a]\nsso_region = eu-west-1\n",
            "ignored-section",
            1,
            "not a kind of section",
        ),
        (
            "[profile a]\nregion = eu-west-1\nregion = eu-west-2\n",
            "repeated-key",
            2,
            "again on line 3",
        ),
        (
            "[profile a]\nregion = \"eu-west-1\"\n",
            "quoted-value",
            2,
            "`region`",
        ),
        (
            "[profile a]\nregion = eu-west-1 # Ireland\n",
            "inline-comment",
            2,
            "`region`",
        ),
        (
            "\u{feff}[profile a]\nregion = eu-west-1\n",
            "byte-order-mark",
            1,
            "byte order mark",
        ),
        (
            "[profile a]\nregion = eu-west-1\n  output = json\n",
            "indented-key",
            3,
            "continues `region`",
        ),
        (
            "[profile a]\nregoin = eu-west-1\n",
            "mistyped-key",
            2,
            "`region` is",
        ),
        (
            "[profile a]\nrole-arn = arn:aws:iam::111122223333:role/x\nsource_profile = default\n",
            "mistyped-key",
            2,
            "`role_arn` is",
        ),
        (
            "[sso-session a]\nsso_start_ulr = https://x\n",
            "mistyped-key",
            2,
            "`sso_start_url` is",
        ),
        (
            "[profile a]\ns3 =\n  max_bandwith = 3\n",
            "mistyped-key",
            3,
            "`max_bandwidth` is",
        ),
    ] {
        let home = Home::new().config(config).james();
        let found = finding(&home, rule);
        assert_eq!(
            (&found["line"], &found["severity"]),
            (&json!(line), &json!("problem")),
            "{found:#}"
        );
        assert!(text(&found, "file").ends_with("/.aws/config"), "{found:#}");
        assert!(
            text(&found, "what").contains(what) && !text(&found, "why").is_empty(),
            "{found:#}"
        );
        mends(&home, rule);
    }
}

#[test]
fn faults_that_a_person_has_to_mend_open_the_file_there() {
    for (config, rule, line) in [
        ("[profile a]\nregion eu-west-1\n", "syntax", 2),
        (
            "region = eu-west-1\n[profile a]\nregion = eu-west-1\n",
            "syntax",
            1,
        ),
        ("[profile a\nregion = eu-west-1\n", "syntax", 1),
        ("[profile]\nregion = eu-west-1\n", "ignored-section", 1),
        (
            "[profile \"a\" b]\nregion = eu-west-1\n",
            "ignored-section",
            1,
        ),
        ("[profile it's]\nregion = eu-west-1\n", "syntax", 1),
        (
            "[default]\nregion = eu-west-1\n[profile default]\nregion = eu-west-2\n",
            "two-defaults",
            1,
        ),
        (
            "[profile a]\nregion = eu-west-1\n[profile a]\noutput = json\n",
            "repeated-section",
            3,
        ),
        (
            "[profile a]\nsso_registration_scopes = x\n",
            "misplaced-key",
            2,
        ),
        ("[sso-session a]\nregion = eu-west-1\n", "misplaced-key", 2),
        (
            "[services a]\nendpoint_url = http://127.0.0.1:1\n",
            "misplaced-key",
            2,
        ),
    ] {
        let home = Home::new().config(config);
        let found = finding(&home, rule);
        assert_eq!(
            (&found["line"], &found["severity"]),
            (&json!(line), &json!("problem")),
            "{found:#}"
        );
        let fix = format!("vi +{line} [HOME]/.aws/config");
        assert_eq!(text(&found, "fix"), fix);
    }
}

#[test]
fn every_fault_of_the_credentials_file_is_found_and_mended() {
    let (id, secret) = keys("James");
    let session = format!("[a]\naws_access_key_id = ASIA0\naws_secret_access_key = {secret}\n");
    let user = format!(
        "[a]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = more\n"
    );
    for (credentials, rule, line) in [
        (
            "[profile a]\nregion = eu-west-1\n".to_owned(),
            "ignored-section",
            1,
        ),
        (session, "mismatched-keys", 2),
        (user, "mismatched-keys", 2),
        (
            "[a]\naws_access_key_id =\naws_secret_access_key =\n".to_owned(),
            "empty-key",
            2,
        ),
    ] {
        let home = Home::new().credentials(&credentials);
        let found = finding(&home, rule);
        assert_eq!(found["line"], line, "{found:#}");
        mends(&home, rule);
    }
    let home = Home::new().credentials("[sso-session a]\nsso_region = eu-west-1\n");
    assert!(text(&finding(&home, "ignored-section"), "what").contains("only in the config file"));
}

#[test]
fn misplaced_settings_of_s3_move_below_it() {
    let home = Home::new().config("[profile a]\naddressing_style = path\nregion = eu-west-1\n");
    let found = finding(&home, "misplaced-key");
    let fix = "sed -i.bak 2d [HOME]/.aws/config && aws configure set s3.addressing_style path --profile a";
    assert_eq!(text(&found, "fix"), fix);
    if crate::support::installed("aws") {
        mends(&home, "misplaced-key");
        home.sh("cat .aws/config")
            .stdout_has("s3 =\n    addressing_style = path\n")
            .status(0);
    }
}

#[test]
fn strange_keys_are_told_once_each_and_secrets_never() {
    let (_, secret) = keys("James");
    let stray = format!("[profile a]\ntea = a\n[profile b]\ntea = b\n{secret}x=y\n");
    let home = Home::new().config(&stray);
    let report = report(&home);
    let found: Vec<&str> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| text(one, "what"))
        .collect();
    // A line that may be a part of a secret is no name, so AWS leaves it out, and doctor does not show it.
    assert_eq!(
        found,
        [
            "`(not shown)` is not a key that AWS or stsx knows",
            "`tea` is not a key that AWS or stsx knows (2 times)",
        ]
    );
    assert_eq!(report["problems"], 0);
    let account = format!("[profile c]\naws_account_id = {ACCOUNT}\n");
    lacks(&Home::new().config(&account), "unknown-key");
}
