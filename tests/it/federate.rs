//! `stsx federate`: credentials of a federated user, who may do what both the user and the session policies allow.

use serde_json::json;

use crate::servers;
use crate::support::{ACCOUNT, Home, Run};

const GUEST: &str = "arn:aws:sts::111122223333:federated-user/guest";
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const ONE_BUCKET: &str = r#"{ "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "s3:CreateBucket", "Resource": "*" }] }"#;

/// James, who may vouch for users.
fn home() -> Home {
    Home::new().aws(|a| {
        let actions = ["sts:GetFederationToken", "sts:TagSession", "s3:*"];
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        a.sandbox().policy(ACCOUNT, "user/James", &policy);
        a
    })
}

#[test]
fn what_limits_and_marks_the_user_reaches_sts() {
    let home = home().file("policy.json", ONE_BUCKET);
    let run = home.run([
        "federate",
        "guest",
        "--duration",
        "2h",
        "--policy",
        "policy.json",
        "--policy-arn",
        READ_ONLY,
        "--tag",
        "team=blue",
        "--tag",
        "cost=a b",
    ]);
    let run = run.calls(["GetFederationToken"]);
    let request = &run.requests[0];
    for (parameter, value) in [
        ("Name", "guest"),
        ("DurationSeconds", "7200"),
        ("PolicyArns.member.1.arn", READ_ONLY),
        ("Tags.member.1.Key", "cost"),
        ("Tags.member.1.Value", "a b"),
        ("Tags.member.2.Key", "team"),
        (
            "Policy",
            r#"{"Statement":[{"Action":"s3:CreateBucket","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#,
        ),
    ] {
        assert_eq!(&request[parameter], value, "{parameter}");
    }
    run.stdout_has("ASIA").stderr("").status(0);
    home.run(["-v", "federate", "guest", "--read-only"])
        .stdout_has("ASIA")
        .stderr_has("getting the federated user `guest` (sts:GetFederationToken)")
        .stderr_has("policies and tags take 2 % of the session's space")
        .status(0);
}

#[test]
fn it_is_written_as_assume_writes_a_role() {
    let home = home();
    let mut run = home
        .run(["federate", "guest", "--read-only"])
        .stderr("")
        .status(0);
    assert_eq!(&run.requests[0]["DurationSeconds"], "43200");
    assert_eq!(run.exported("AWS_ACCESS_KEY_ID"), Some(home.issued(1)));
    let document = |format: &str| {
        home.run(["federate", "guest", "--read-only", "--format", format])
            .calls([])
            .stderr("")
            .status(0)
            .json()
    };
    let process = document("process");
    assert_eq!(process["AccessKeyId"].as_str(), Some(&*home.issued(1)));
    assert_eq!(process["AccountId"], ACCOUNT);
    assert_eq!(
        document("json")["AWS_ACCESS_KEY_ID"].as_str(),
        Some(&*home.issued(1))
    );
    let terminal = home.console(["federate", "guest", "--read-only"]).wait();
    terminal.screen_has("eval $(stsx federate guest").status(2);
    let who = home.sh("eval $(stsx federate guest --read-only) && stsx whoami && eval $(stsx unset) && stsx whoami");
    who.stdout_has(GUEST)
        .stdout_has("user/James")
        .stderr("")
        .status(0);
}

#[test]
fn without_a_policy_a_person_is_warned_once() {
    let home = home();
    let warning = "stsx: the federated user `guest` has no session policy, and may do nothing but what resource policies allow: \
                   --policy, --policy-arn or --read-only say what\n";
    home.run(["federate", "guest"])
        .stdout_has("ASIA")
        .stderr(warning)
        .status(0);
    home.run(["federate", "guest"])
        .calls([])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    home.run(["federate", "guest", "--policy", ONE_BUCKET])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    home.run(["federate", "guest", "--policy-arn", READ_ONLY])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
}

#[test]
fn it_is_cached_by_its_whole_question() {
    let home = home();
    for (flags, calls) in [
        ("guest --read-only", 1),
        ("guest --read-only", 0),
        ("other --read-only", 1),
        ("guest --read-only --duration 2h", 1),
        ("guest --read-only --tag team=blue", 1),
        ("guest --read-only --tag team=red", 1),
        ("guest --read-only --tag team=blue", 0),
        (
            "guest --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess",
            0,
        ),
        (
            "guest --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess",
            1,
        ),
        ("guest --read-only --refresh", 1),
        ("guest --read-only --no-cache", 1),
        ("guest --read-only", 0),
    ] {
        let run = home
            .sh(&format!("stsx federate {flags}"))
            .stdout_has("ASIA");
        assert_eq!(run.requests.len(), calls, "{flags}");
        run.stderr("").status(0);
    }
}

#[test]
fn the_user_may_what_both_sides_allow() {
    let Some(tools) = servers::tool("venv/bin") else {
        return;
    };
    let path = format!("{}:/usr/bin:/bin", tools.display());
    let home = home()
        .env("PATH", &path)
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .file("policy.json", ONE_BUCKET);
    let as_guest = |flags: &str, command: &str| -> Run {
        home.sh(&format!(
            "eval $(stsx federate guest {flags} --shell sh) && aws s3api {command}"
        ))
    };
    as_guest("--policy policy.json", "create-bucket --bucket guests")
        .stdout_has("guests")
        .stderr("")
        .status(0);
    as_guest("--policy policy.json", "list-buckets")
        .stdout_has("")
        .stderr_has("AccessDenied")
        .status(255);
    as_guest("--read-only", "list-buckets")
        .stdout_has("guests")
        .stderr("")
        .status(0);
    as_guest("--read-only", "create-bucket --bucket more")
        .stdout_has("")
        .stderr_has("AccessDenied")
        .status(255);
    as_guest("", "list-buckets")
        .stdout_has("")
        .stderr_has("AccessDenied")
        .status(255);
    home.sh("eval $(stsx federate guest --read-only --shell sh) && stsx assume deploy --chain --shell sh")
        .stdout_has("false;").stderr_has("hint: a federated user cannot assume roles").status(4);
}

#[test]
fn bad_names_make_no_call() {
    let home = home();
    for name in ["a", "guest user", "an-even-longer-name-of-33-letters", ""] {
        home.run(["federate", name])
            .calls([])
            .stdout("false;\n")
            .stderr_has("2 to 32")
            .status(2);
    }
    home.run(["federate"])
        .calls([])
        .stdout("false;\n")
        .stderr_has("<NAME>")
        .status(2);
    home.run(["federate", "an-even-longer-name-of-32-lette", "--read-only"])
        .stdout_has("ASIA")
        .status(0);
}

#[test]
fn another_account_than_expected_is_refused_before_the_call() {
    let home = home();
    let other = [
        "federate",
        "guest",
        "--read-only",
        "--expect-account",
        "444455556666",
    ];
    home.run(other)
        .stdout("false;\n")
        .stderr_has("this leads to account 111122223333, not to 444455556666")
        .calls(["GetCallerIdentity"])
        .status(2);
    home.run([
        "federate",
        "guest",
        "--read-only",
        "--expect-account",
        ACCOUNT,
    ])
    .stdout_has("ASIA")
    .calls(["GetFederationToken"])
    .status(0);
    home.run(other)
        .stdout("false;\n")
        .stderr_has("this leads to account 111122223333")
        .calls([])
        .status(2);
}

#[test]
fn its_name_is_that_of_its_section_and_mark() {
    let home = home();
    home.run(["federate", "guest", "--read-only", "--format", "ini"])
        .stdout_has("[guest]\n")
        .status(0);
    home.sh("eval $(stsx federate guest --read-only); echo $STSX_TARGET; eval $(stsx unset); echo ${AWS_ACCESS_KEY_ID-none}")
        .stdout("guest\nnone\n")
        .stderr("")
        .status(0);
}
