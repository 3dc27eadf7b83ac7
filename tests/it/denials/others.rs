//! Denials that come from further away: chains of roles, messages that are encoded, and what is too large.

use serde_json::json;

use super::{ROLE, allow, denied, home, identity_policy, trust};
use crate::support::{ACCOUNT, Home};

const HUB: &str = "arn:aws:iam::111122223333:role/hub";

/// A hub on the way to the role; both profiles with lines of their own.
fn chain(hub: &str, deploy: &str) -> Home {
    let config = format!(
        "[profile hub]\nrole_arn = {HUB}\nsource_profile = default\n{hub}\n\
         [profile prod]\nrole_arn = {ROLE}\nsource_profile = hub\n{deploy}\n"
    );
    let home = home("")
        .config(&config)
        .aws(|a| a.role("hub").role("deploy"));
    let all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    let statement = json!({"Effect": "Allow", "Action": all, "Principal": {"AWS": ACCOUNT}});
    trust(&home, "hub", &[statement]);
    for holder in ["user/James", "role/hub"] {
        let policy = json!({"Version": "2012-10-17", "Statement": allow(&all)}).to_string();
        home.sandbox().policy(ACCOUNT, holder, &policy);
    }
    home
}

/// A message that only STS can read.
fn encoded(home: Home, denial: &serde_json::Value) -> Home {
    let message = home.sandbox().encoded(&denial.to_string());
    let words = format!(
        "User: arn:aws:iam::{ACCOUNT}:user/James is not authorized. Encoded authorization failure message: {message}"
    );
    home.aws(|a| a.on("AssumeRole").refuse(403, "AccessDenied", &words))
}

#[test]
fn what_comes_along_in_a_chain_is_said_with_the_role_it_comes_from() {
    let hub = "session_tags = team=blue\ntransitive_session_tags = team\nsource_identity = alice";
    let home = chain(hub, "");
    trust(
        &home,
        "deploy",
        &[json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}})],
    );
    denied(
        home.run(["assume", "prod"]),
        &[
            "check: transitive tags came along (team from hub): what allows sts:AssumeRole must allow sts:TagSession too",
        ],
        "hint: allow sts:TagSession beside sts:AssumeRole",
    );
    trust(
        &home,
        "deploy",
        &[
            json!({"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"AWS": ACCOUNT}}),
        ],
    );
    denied(
        home.run(["assume", "prod"]),
        &["check: the source identity `alice` came along from hub"],
        "hint: allow sts:SetSourceIdentity beside sts:AssumeRole",
    );
    let all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    trust(
        &home,
        "deploy",
        &[json!({"Effect": "Allow", "Action": all, "Principal": {"AWS": ACCOUNT}})],
    );
    home.run(["assume", "prod"]).stdout_has("ASIA").status(0);
    denied(
        home.run(["assume", "prod", "--source-identity", "bob"]),
        &["check: the source identity is `alice` since hub, and cannot become `bob`"],
        "AccessDenied",
    );
    let home = home.aws(|a| a.role("deploy").denied());
    let run = home.run(["assume", "prod", "--no-cache"]);
    run.stdout("false;\n")
        .stderr_has("hop 2 of 2")
        .stderr_has("must name role hub of account 111122223333, whose own policies")
        .stderr_has("a role's session shows no MFA, so the trust policy may not ask for it")
        .status(4);
}

#[test]
fn a_session_that_was_limited_on_the_way_is_said() {
    let home = chain("policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess", "");
    home.run(["assume", "hub"]).stdout_has("ASIA").status(0);
    let message = format!(
        "User: arn:aws:sts::{ACCOUNT}:assumed-role/hub/james is not authorized to perform: sts:AssumeRole on resource: {ROLE} \
         because no session policy allows the sts:AssumeRole action"
    );
    let home = home.aws(|a| a.refuse(403, "AccessDenied", &message));
    denied(
        home.run(["assume", "prod"]),
        &[
            "1. the session policy of role hub of account 111122223333 must allow sts:AssumeRole",
            "2. the session of hub was limited on the way here (policy, policy_arns, --read-only)",
        ],
        "hint: allow sts:AssumeRole in the session policy of role hub",
    );
}

#[test]
fn an_encoded_message_is_decoded_for_who_may_know() {
    let denial = json!({"allowed": false, "explicitDeny": true,
        "matchedStatements": {"items": [{"statementId": "NoDeploys", "effect": "DENY"}]}, "failures": {"items": []},
        "context": {"principal": {"id": "AIDA", "arn": "arn:aws:iam::111122223333:user/James"},
            "action": "sts:AssumeRole", "resource": ROLE, "conditions": {"items": []}}});
    let home = encoded(home(""), &denial);
    home.run(["assume", "prod"])
        .calls(["AssumeRole", "DecodeAuthorizationMessage"])
        .stdout("false;\n")
        .stderr_has("\n  AWS: User: arn:aws:iam::111122223333:user/James is not authorized.\n")
        .stderr_has(
            "\n  the encoded message stays closed: sts:DecodeAuthorizationMessage is not allowed\n",
        )
        .status(4);
    identity_policy(
        &home,
        &[allow(&["sts:AssumeRole", "sts:DecodeAuthorizationMessage"])],
    );
    home.run(["assume", "prod"])
        .calls(["AssumeRole", "DecodeAuthorizationMessage"])
        .stdout("false;\n")
        .stderr_has(&format!(
            "\n  decoded: arn:aws:iam::111122223333:user/James may not sts:AssumeRole on {ROLE}\n"
        ))
        .stderr_has("\n  decoded: statement `NoDeploys` denies it explicitly\n")
        .stderr_lacks("Encoded")
        .stderr_lacks("no external id")
        .status(4);
    let garbage = "User: arn:aws:iam::111122223333:user/James is not authorized. Encoded authorization failure message: AAAA";
    let home = home.aws(|a| a.on("AssumeRole").refuse(403, "AccessDenied", garbage));
    home.run(["process", "prod"]).stdout("").stderr_lines(1)
        .stderr_has("the encoded message stays closed: InvalidAuthorizationMessageException: Message is not valid")
        .status(4);
    // The refusal of the question may itself hold one: that is the end.
    let home = home.aws(|a| a.refuse(403, "AccessDenied", garbage));
    home.run(["process", "prod"])
        .calls(["AssumeRole", "DecodeAuthorizationMessage"])
        .stdout("")
        .stderr_lines(1)
        .status(4);
}

#[test]
fn what_is_too_large_or_malformed_is_explained() {
    for (code, message, hint) in [
        (
            "PackedPolicyTooLarge",
            "Packed policy consumes 112% of allotted space, please use smaller policy.",
            "hint: policies and tags share one space",
        ),
        (
            "MalformedPolicyDocument",
            "Syntax errors in policy.",
            "hint: the session policy is JSON, but not in IAM's grammar",
        ),
        (
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
            "hint: a transitive tag of a role before cannot be set again",
        ),
        (
            "InvalidParameterValue",
            "The policy ARN arn:x does not exist.",
            "hint: a managed policy is AWS's own or",
        ),
        (
            "InvalidInput",
            "Duplicate tag keys found.",
            "hint: check the keys and values of --tag",
        ),
        (
            "RegionDisabledException",
            "STS is not activated in this region for account:1.",
            "hint: STS is not active in eu-west-1: activate it",
        ),
    ] {
        let home = home("region = eu-west-1").aws(|a| a.refuse(400, code, message));
        home.run(["assume", "prod"])
            .calls(["AssumeRole"])
            .stdout("false;\n")
            .stderr_has(&format!("AWS: {message}"))
            .stderr_has(hint)
            .status(1);
    }
}

#[test]
fn sessions_that_are_really_too_large_are_refused_with_the_share_they_take() {
    let home = chain("", "");
    let long = "x".repeat(256);
    let run = home.sh(&format!(
        "stsx assume hub $(for i in 1 2 3 4 5 6 7 8 9; do printf -- '--tag k%s={long} ' $i; done)"
    ));
    run.calls(["AssumeRole"])
        .stdout("false;\n")
        .stderr_has("PackedPolicyTooLarge")
        .stderr_has("% of allotted space")
        .stderr_has("hint: policies and tags share one space")
        .status(1);
    let policy =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"*","Resource":"*"}]}"#;
    home.run(["assume", "hub", "--policy", policy])
        .calls(["AssumeRole"])
        .stdout("false;\n")
        .stderr_has("MalformedPolicyDocument")
        .stderr_has("hint: the session policy is JSON")
        .status(1);
}
