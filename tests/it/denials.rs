//! AccessDenied: what to check is built from this very call, and what is listed helps.

use serde_json::{Value, json};

use crate::support::{ACCOUNT, DEVICE, Home, Run, profile_of};

mod others;
mod sides;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const JAMES: &str = "arn:aws:iam::111122223333:user/James";

/// James, the role, and its profile with these lines more.
fn home(lines: &str) -> Home {
    let profile = format!("[profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n{lines}\n");
    Home::new().config(&profile).aws(|a| a.role("deploy"))
}

/// Gives the role a trust policy of one statement.
fn trusting(home: &Home, actions: &Value, condition: &Value) {
    let mut statement = json!({"Effect": "Allow", "Action": actions, "Principal": {"AWS": JAMES}});
    if condition.is_object() {
        statement["Condition"] = condition.clone();
    }
    trust(home, "deploy", &[statement]);
}

fn trust(home: &Home, role: &str, statements: &[Value]) {
    let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let parameters = [("RoleName", role), ("PolicyDocument", &*policy)];
    home.sandbox()
        .must(ACCOUNT, "UpdateAssumeRolePolicy", &parameters);
}

fn allow(actions: &[&str]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": "*"})
}

fn identity_policy(home: &Home, statements: &[Value]) {
    let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    home.sandbox().policy(ACCOUNT, "user/James", &policy);
}

/// The lines after what AWS said, without the hint.
fn checks(run: &Run) -> Vec<String> {
    let lines = run
        .err
        .lines()
        .skip_while(|line| !line.starts_with("  AWS: "));
    let lines = lines.skip(1).take_while(|line| line.starts_with("  "));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// It was denied, and these are the beginnings of what to check.
#[track_caller]
fn denied(run: Run, expected: &[&str], hint: &str) {
    let found = checks(&run);
    let run = run
        .stdout("false;\n")
        .stderr_has("AccessDenied")
        .stderr_has(hint);
    assert_eq!(found.len(), expected.len(), "{found:#?}\n{run}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            found.contains(expected),
            "{expected:?} is not {found:?}\n{run}"
        );
    }
    run.status(4);
}

#[test]
fn the_list_of_a_call_with_nothing() {
    let home = home("").aws(|a| a.role("deploy").denied());
    home.run(["assume", "prod", "--session-name", "james"]).stdout("false;\n").stderr(&format!(
        "stsx: profile `prod`: cannot assume {ROLE}: AccessDenied\n\
         \x20 as {JAMES}\n\
         \x20 AWS: User: {JAMES} is not authorized to perform: sts:AssumeRole on resource: {ROLE}\n\
         \x20 1. the trust policy of deploy must name {JAMES}, whose own policies must allow sts:AssumeRole if it names the account only\n\
         \x20 2. no external id was sent (--external-id)\n\
         \x20 3. no MFA code was sent (--mfa, or --mfa-serial)\n\
         \x20 4. a condition on sts:RoleSessionName must accept `james`\n\
         \x20 5. there must be a role deploy: AWS denies it the same way if there is none\n\
         hint: if the role requires MFA, send a code: --mfa\n"
    )).status(4);
    let line = home.run(["process", "prod"]).stdout("").stderr_lines(1);
    line.stderr_has("(as arn:")
        .stderr_has("; 2. no external id was sent (--external-id); 3. ")
        .stderr_has("); hint: if the role requires MFA")
        .status(4);
    let json = home
        .run(["--error-format", "json", "assume", "prod"])
        .stdout("false;\n");
    let error: Value = serde_json::from_str(&json.err).unwrap();
    let lines = error["details"].as_array().unwrap().len();
    assert_eq!(lines, 7, "{error}");
    json.stderr_has("").status(4);
}

#[test]
fn what_is_listed_ends_the_denial() {
    let assume = json!("sts:AssumeRole");
    let tag = json!(["sts:AssumeRole", "sts:TagSession"]);
    let name = json!(["sts:AssumeRole", "sts:SetSourceIdentity"]);
    let equals = |key: &str, value: &str| json!({"StringEquals": {key: value}});
    let blue = ["--tag", "team=blue"];
    for (actions, condition, before, check, after) in [
        (
            &assume,
            equals("sts:ExternalId", "42"),
            vec![],
            "no external id was sent (--external-id)",
            vec!["--external-id", "42"],
        ),
        (
            &assume,
            equals("sts:ExternalId", "42"),
            vec!["--external-id", "43"],
            "the external id must be the one",
            vec!["--external-id", "42"],
        ),
        (
            &assume,
            equals("sts:RoleSessionName", "bob"),
            vec![],
            "sts:RoleSessionName must accept `james`",
            vec!["--session-name", "bob"],
        ),
        (
            &tag,
            equals("aws:RequestTag/team", "blue"),
            vec!["--tag", "team=red"],
            "tags were sent (team)",
            blue.to_vec(),
        ),
        (
            &tag,
            json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}),
            vec!["--tag", "team=blue", "--tag", "cost=1"],
            "tags were sent (cost, team)",
            blue.to_vec(),
        ),
        (
            &name,
            equals("sts:SourceIdentity", "alice"),
            vec!["--source-identity", "bob"],
            "the source identity `bob` was sent",
            vec!["--source-identity", "alice"],
        ),
    ] {
        let home = home("");
        trusting(&home, actions, &condition);
        let run =
            |flags: &[&str]| home.sh(&format!("stsx assume prod --shell sh {}", flags.join(" ")));
        run(&before)
            .stdout("false;\n")
            .stderr_has(check)
            .calls(["AssumeRole"])
            .status(4);
        run(&after).stdout_has("ASIA").stderr("").status(0);
    }
}

#[test]
fn tags_and_source_identities_need_actions_of_their_own() {
    let home = home("");
    trusting(&home, &json!("sts:AssumeRole"), &Value::Null);
    denied(
        home.run(["assume", "prod", "--tag", "team=blue"]),
        &["check: tags were sent (team): what allows sts:AssumeRole must allow sts:TagSession too"],
        "hint: allow sts:TagSession beside sts:AssumeRole, in the trust policy of deploy and in",
    );
    denied(
        home.run(["assume", "prod", "--source-identity", "alice"]),
        &[
            "check: the source identity `alice` was sent: what allows sts:AssumeRole must allow sts:SetSourceIdentity too",
        ],
        "hint: allow sts:SetSourceIdentity beside sts:AssumeRole",
    );
    let all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    trusting(&home, &json!(all), &Value::Null);
    home.run([
        "assume",
        "prod",
        "--tag",
        "team=blue",
        "--source-identity",
        "alice",
    ])
    .stdout_has("ASIA")
    .status(0);
}

#[test]
fn a_role_that_iam_does_not_know_is_said_to_be_missing_and_one_it_knows_is_there() {
    let home = home("").env("AWS_ROLE_SESSION_NAME", "james");
    home.run(["assume", "nobody"])
        .stdout("false;\n")
        .stderr_has(&format!("account {ACCOUNT} has no role `nobody`"))
        .stderr_lacks("external id")
        .status(4);
    let home = home.aws(crate::support::Aws::without_get_role);
    home.run(["assume", &ROLE.replace("deploy", "nobody")])
        .stdout("false;\n")
        .stderr_has("there must be a role nobody: AWS denies it the same way if there is none")
        .status(4);
    identity_policy(&home, &[allow(&["iam:GetRole"])]);
    home.run(["assume", "deploy"])
        .stdout("false;\n")
        .stderr_has("no external id")
        .stderr_lacks("there must be a role")
        .status(4);
}

#[test]
fn a_root_user_is_told_what_to_start_from() {
    let home = home("");
    let keys = home.sandbox().root(ACCOUNT);
    let home = home.credentials(&format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key_id, keys.secret
    ));
    denied(
        home.run(["assume", "prod"]),
        &[],
        "hint: the root user cannot assume roles: start from an IAM user or a role",
    );
}

#[test]
fn a_device_of_somebody_else_is_named() {
    let home = home("").aws(|a| a.user("Mary"));
    let mary = home.sandbox().device(ACCOUNT, "Mary");
    let run = home.run([
        "assume",
        "prod",
        "--duration",
        "2h",
        "--mfa-serial",
        &mary,
        "--mfa-code",
        "123456",
    ]);
    denied(
        run,
        &[],
        &format!("hint: check mfa_serial: {mary} is not a device of"),
    );
}

#[test]
fn an_old_code_is_told_by_its_age() {
    let home = home(&format!("mfa_serial = {DEVICE}")).aws(|a| a.role("deploy").mfa());
    trusting(
        &home,
        &json!("sts:AssumeRole"),
        &json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}),
    );
    let code = home.code();
    home.run(["assume", "prod", "--mfa-code", &code])
        .stdout_has("ASIA")
        .status(0);
    home.sandbox().clock().advance(7200);
    home.age(7200);
    let run = home.run(["assume", "prod", "--refresh"]);
    let run = run.calls(["AssumeRole"]).stderr_has("the MFA code is 2h");
    run.stdout("false;\n")
        .stderr_has("hint: if the role requires a recent MFA code: --mfa-max-age 15m")
        .status(4);
    let code = home.code();
    home.run([
        "assume",
        "prod",
        "--mfa-max-age",
        "15m",
        "--mfa-code",
        &code,
    ])
    .calls(["GetSessionToken", "AssumeRole"])
    .stdout_has("ASIA")
    .status(0);
}

#[test]
fn a_user_who_may_vouch_for_nobody_is_told_where_to_look() {
    let home = home("").credentials(&profile_of("default", "James"));
    let federate = || {
        home.run(["federate", "guest", "--read-only", "--tag", "team=blue"])
            .stdout("false;\n")
    };
    federate()
        .stderr_has("cannot get the federated user `guest`: AccessDenied\n  with the keys of profile `default`\n")
        .stderr_has("because no identity-based policy allows the sts:GetFederationToken action")
        .stderr_has("hint: allow sts:GetFederationToken in the identity-based policy")
        .status(4);
    identity_policy(&home, &[allow(&["sts:GetFederationToken"])]);
    federate()
        .stderr_has("hint: allow sts:TagSession in the identity-based policy")
        .status(4);
    let deny = json!({"Effect": "Deny", "Action": "sts:TagSession", "Resource": "*"});
    identity_policy(&home, &[allow(&["sts:*"]), deny]);
    federate()
        .stderr_has("hint: look for a Deny in the identity-based policy, and at its conditions")
        .status(4);
}
