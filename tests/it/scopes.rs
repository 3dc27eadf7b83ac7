//! What limits and marks a session: every flag and profile key reaches STS, works there, and is checked before.

use serde_json::{Value, json};

use crate::servers;
use crate::support::{ACCOUNT, Home, Run};

mod bad;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const HUB: &str = "arn:aws:iam::111122223333:role/hub";
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const S3: &str = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
/// As it is sent.
const PACKED: &str =
    r#"{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#;

/// James, a hub and a role behind it, which trust everybody of the account with everything; profiles with these lines.
fn home(hub: &str, prod: &str) -> Home {
    let config = format!(
        "[profile hub]\nrole_arn = {HUB}\nsource_profile = default\n{hub}\n\
         [profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n{prod}\n\
         [profile far]\nrole_arn = {ROLE}\nsource_profile = hub\n"
    );
    let home = Home::new()
        .config(&config)
        .aws(|a| a.role("hub").role("deploy"));
    let actions = json!(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    for role in ["hub", "deploy"] {
        trust(&home, role, &actions, &Value::Null);
        let all = json!({"Effect": "Allow", "Action": ["sts:*", "s3:*"], "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": all}).to_string();
        home.sandbox()
            .policy(ACCOUNT, &format!("role/{role}"), &policy);
    }
    home
}

fn trust(home: &Home, role: &str, actions: &Value, condition: &Value) {
    let principals = [format!("arn:aws:iam::{ACCOUNT}:user/James"), HUB.to_owned()];
    let mut statement =
        json!({"Effect": "Allow", "Action": actions, "Principal": {"AWS": principals}});
    if condition.is_object() {
        statement["Condition"] = condition.clone();
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let parameters = [("RoleName", role), ("PolicyDocument", &*policy)];
    home.sandbox()
        .must(ACCOUNT, "UpdateAssumeRolePolicy", &parameters);
}

/// The last request had these parameters, and STS took them.
#[track_caller]
fn sent(run: Run, parameters: &[(&str, &str)]) {
    let request = run.requests.last().expect("a request was made");
    for (name, value) in parameters {
        assert_eq!(&request[name], *value, "{name}\n{run}");
    }
    run.stdout_has("ASIA").stderr("").status(0);
}

#[test]
fn every_flag_reaches_sts() {
    let home = home("", "").file("policy.json", &format!("{POLICY}\n").replace(',', " ,\n\t"));
    let tags = [
        ("Tags.member.1.Key", "cost"),
        ("Tags.member.1.Value", "a=b c"),
        ("Tags.member.2.Key", "team"),
        ("Tags.member.2.Value", ""),
        ("TransitiveTagKeys.member.1", "team"),
        ("TransitiveTagKeys.member.2", ""),
    ];
    sent(
        home.run(["process", "prod", "--policy", POLICY]),
        &[("Policy", PACKED)],
    );
    sent(
        home.run(["process", "prod", "--policy", "policy.json", "--refresh"]),
        &[("Policy", PACKED)],
    );
    let file = format!("{}/policy.json", home.path("").display());
    sent(
        home.run(["process", "prod", "--policy", &file, "--refresh"]),
        &[("Policy", PACKED)],
    );
    sent(
        home.run(["process", "prod", "--read-only"]),
        &[("PolicyArns.member.1.arn", READ_ONLY), ("Policy", "")],
    );
    sent(
        home.run(["process", "prod", "--policy-arn", S3, "--read-only"]),
        &[
            ("PolicyArns.member.1.arn", S3),
            ("PolicyArns.member.2.arn", READ_ONLY),
        ],
    );
    sent(
        home.run([
            "process",
            "prod",
            "--tag",
            "team=",
            "--tag",
            "cost=a=b c",
            "--transitive-tag",
            "team",
        ]),
        &tags,
    );
    sent(
        home.run(["process", "prod", "--source-identity", "alice"]),
        &[("SourceIdentity", "alice"), ("Tags.member.1.Key", "")],
    );
    // Upper and lower case make no other key.
    sent(
        home.run([
            "process",
            "prod",
            "--tag",
            "Team=x",
            "--transitive-tag",
            "team",
        ]),
        &[("TransitiveTagKeys.member.1", "team")],
    );
}

#[test]
fn every_profile_key_reaches_sts_and_a_flag_comes_before_it() {
    let lines = format!(
        "policy = {POLICY}\npolicy_arns = {S3}, {READ_ONLY}\nsession_tags = team = blue, cost=a b\n\
         transitive_session_tags = cost, team\nsource_identity = alice"
    );
    let home = home("", &lines);
    let all = [
        ("Policy", PACKED),
        ("PolicyArns.member.1.arn", S3),
        ("PolicyArns.member.2.arn", READ_ONLY),
        ("Tags.member.1.Key", "cost"),
        ("Tags.member.1.Value", "a b"),
        ("Tags.member.2.Key", "team"),
        ("Tags.member.2.Value", "blue"),
        ("TransitiveTagKeys.member.1", "cost"),
        ("TransitiveTagKeys.member.2", "team"),
        ("SourceIdentity", "alice"),
    ];
    sent(home.run(["process", "prod"]), &all);
    let run = home.run([
        "process",
        "prod",
        "--source-identity",
        "bob",
        "--tag",
        "cost=1",
        "--tag",
        "team=2",
        "--policy-arn",
        S3,
    ]);
    sent(
        run,
        &[
            ("SourceIdentity", "bob"),
            ("Tags.member.1.Value", "1"),
            ("PolicyArns.member.2.arn", ""),
            ("Policy", PACKED),
        ],
    );
    // Flags are for the target, not for the roles on the way.
    let run = home
        .run([
            "process",
            "far",
            "--source-identity",
            "bob",
            "--read-only",
            "--tag",
            "a=b",
        ])
        .calls(["AssumeRole"; 2]);
    for parameter in [
        "SourceIdentity",
        "PolicyArns.member.1.arn",
        "Tags.member.1.Key",
    ] {
        assert_eq!(&run.requests[0][parameter], "", "{parameter}");
        assert_ne!(&run.requests[1][parameter], "", "{parameter}");
    }
    run.stdout_has("ASIA").status(0);
    let plan = home
        .run(["explain", "prod", "--read-only", "--format", "json"])
        .status(0)
        .json();
    let hop = &plan["hops"][0];
    assert_eq!(hop["policy_arns"], json!([S3, READ_ONLY]));
    assert_eq!(hop["tags"], json!({"cost": "a b", "team": "blue"}));
    assert_eq!(hop["origins"]["policy_arns"], "--read-only");
}

#[test]
fn credentials_are_cached_by_what_limits_and_marks_them() {
    let home = home("", "");
    for (flags, calls) in [
        ("", 1),
        ("--read-only", 1),
        (&*format!("--policy-arn {READ_ONLY}"), 0),
        (&*format!("--policy '{POLICY}'"), 1),
        (&*format!("--policy '{PACKED}'"), 0),
        ("--tag team=blue", 1),
        ("--tag team=red", 1),
        ("--tag team=blue --transitive-tag team", 1),
        ("--source-identity alice", 1),
        ("--source-identity bob", 1),
        ("--tag team=blue", 0),
        ("", 0),
    ] {
        let run = home
            .sh(&format!("stsx process prod {flags}"))
            .stdout_has("ASIA");
        assert_eq!(run.requests.len(), calls, "{flags}");
        run.stderr("").status(0);
    }
}

#[test]
fn a_limited_role_may_do_no_more() {
    let Some(tools) = servers::tool("venv/bin") else {
        return;
    };
    let path = format!("{}:/usr/bin:/bin", tools.display());
    let home = home("", "")
        .env("PATH", &path)
        .env("AWS_DEFAULT_REGION", "us-east-1");
    let as_role = |flags: &str, command: &str| {
        home.sh(&format!("stsx exec prod {flags} -- aws s3api {command}"))
    };
    let list = "list-buckets --query Buckets[].Name";
    as_role("", "create-bucket --bucket one")
        .stdout_has("one")
        .stderr("")
        .status(0);
    as_role("--read-only", "create-bucket --bucket two")
        .stdout("")
        .stderr_has("AccessDenied")
        .status(255);
    as_role("--read-only", list)
        .stdout_has("one")
        .stderr("")
        .status(0);
    let create = r#"--policy '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:CreateBucket","Resource":"*"}}'"#;
    as_role(create, "create-bucket --bucket three")
        .stdout_has("three")
        .stderr("")
        .status(0);
    as_role(create, list)
        .stdout("")
        .stderr_has("AccessDenied")
        .status(255);
    as_role(&format!("--policy-arn {S3}"), list)
        .stdout_has("three")
        .stderr("")
        .status(0);
}

#[test]
fn tags_go_on_to_the_next_role_when_they_are_transitive() {
    let home = home(
        "session_tags = team=blue, cost=1\ntransitive_session_tags = team",
        "",
    );
    let actions = json!(["sts:AssumeRole", "sts:TagSession"]);
    trust(
        &home,
        "deploy",
        &actions,
        &json!({"StringEquals": {"aws:RequestTag/team": "blue"}}),
    );
    home.run(["process", "far"])
        .calls(["AssumeRole"; 2])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    trust(
        &home,
        "deploy",
        &actions,
        &json!({"StringEquals": {"aws:RequestTag/cost": "1"}}),
    );
    home.run(["process", "far", "--refresh"])
        .calls(["AssumeRole"])
        .stdout("")
        .stderr_has("came along (team from hub)")
        .status(4);
    // They mark who calls, whether they go on or not.
    trust(
        &home,
        "deploy",
        &actions,
        &json!({"StringEquals": {"aws:PrincipalTag/cost": "1"}}),
    );
    home.run(["process", "far", "--refresh"])
        .calls(["AssumeRole"])
        .stdout_has("ASIA")
        .status(0);
    home.run(["process", "far", "--tag", "team=red"])
        .calls(["AssumeRole"])
        .stdout("")
        .stderr_lines(1)
        .stderr_has("hint: a transitive tag of a role before cannot be set again")
        .status(1);
}

#[test]
fn a_source_identity_stays_with_all_that_comes_from_it() {
    let home = home("source_identity = alice", "");
    let actions = json!(["sts:AssumeRole", "sts:SetSourceIdentity"]);
    trust(
        &home,
        "deploy",
        &actions,
        &json!({"StringEquals": {"sts:SourceIdentity": "alice"}}),
    );
    home.run(["process", "far"])
        .calls(["AssumeRole"; 2])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    trust(
        &home,
        "deploy",
        &actions,
        &json!({"StringEquals": {"sts:SourceIdentity": "bob"}}),
    );
    home.run(["process", "far", "--refresh"])
        .stdout("")
        .stderr_has("the source identity `alice` came along from hub")
        .status(4);
}

#[test]
fn the_space_that_a_session_takes_is_told() {
    let home = home("", "");
    let long = "x".repeat(205);
    let tag = format!("t={long}");
    home.run(["-v", "process", "prod", "--tag", &tag])
        .stdout_has("ASIA")
        .stderr_has("stsx: policies and tags take 11 % of the session's space\n")
        .status(0);
    home.run(["-v", "process", "prod"])
        .stdout_has("ASIA")
        .stderr_lacks("space")
        .stderr_has("")
        .status(0);
}
