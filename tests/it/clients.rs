//! stsx between a server and clients that others wrote: ministack and moto judge what it sends, the AWS CLI 1 and 2,
//! boto3 and the JS SDK judge what it gives. Every home is James's: his keys are its [default] profile.

use crate::servers::{self, World};
use crate::support::{Home, Run};

/// What each SDK says of itself, one ARN per line, from whatever credentials it finds.
const ASK_BOTO3: &str = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
const ASK_JS: &str =
    "const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
new STSClient({}).send(new GetCallerIdentityCommand({})).then(is => console.log(is.Arn));";

/// James at his own machine, with the AWS CLI 1 on his PATH as `aws`.
fn at_home(world: &World) -> Home {
    let tools = servers::tool("venv/bin").expect("the servers are started from there");
    let path = format!("{}:{}", tools.display(), servers::path().to_string_lossy());
    let keys = keys(&world.access_key_id, &world.secret_access_key);
    let home = Home::new().credentials(&keys).config(&profiles(world));
    home.env("PATH", &path)
        .env("AWS_ENDPOINT_URL", &world.endpoint)
}

fn keys(id: &str, secret: &str) -> String {
    format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
}

/// node finds the SDK; its advice to upgrade stays off stderr.
fn with_js_sdk(home: Home) -> Option<Home> {
    let modules = servers::tool("node_modules")?;
    Some(
        home.env("NODE_PATH", &modules.display().to_string())
            .env("NODE_NO_WARNINGS", "1"),
    )
}

/// James's profiles: the roles as the AWS CLI itself would assume them, and one that leaves it to stsx.
fn profiles(world: &World) -> String {
    let (s3, chain, external) = (
        world.role("s3"),
        world.role("chain"),
        world.role("external"),
    );
    let external_id = world.external_id();
    format!(
        "[default]
region = us-east-1
[profile s3]
role_arn = {s3}
source_profile = default
[profile second]
role_arn = {chain}
source_profile = s3
[profile external]
role_arn = {external}
source_profile = default
external_id = {external_id}
[profile through-stsx]
region = us-east-1
credential_process = stsx credential-process James-custom-S3-role --profile default
[profile from-itself]
credential_process = stsx credential-process James-custom-S3-role
"
    )
}

/// stdout, with stderr silent and status 0.
#[track_caller]
fn said(run: Run) -> String {
    let run = run.stderr("").status(0).stdout_has("");
    run.out.clone()
}

/// The identity's ARN without its session name, which differs from machine to machine.
fn without_session(arn: &str) -> &str {
    arn.trim().rsplit_once('/').map_or(arn, |(role, _)| role)
}

fn assumed(world: &World, role: &str) -> String {
    format!("arn:aws:sts::{}:assumed-role/{role}", world.account)
}

#[track_caller]
fn assert_role(world: &World, arn: &str, role: &str) {
    assert_eq!(without_session(arn), assumed(world, role));
}

#[track_caller]
fn assert_becomes<const N: usize>(home: &Home, world: &World, words: [&str; N], role: &str) {
    let answer = home.run(words).stderr("").status(0).json();
    assert_eq!(answer["Account"], world.account.as_str(), "{words:?}");
    let arn = answer["Arn"].as_str().expect("the AWS CLI's key");
    assert_eq!(without_session(arn), assumed(world, role), "{words:?}");
}

#[track_caller]
fn assert_fails_closed(run: Run, words: &str, status: i32) {
    run.stdout("false;\n").stderr_has(words).status(status);
}

// ---- the story of James

#[test]
fn james_becomes_the_role_and_himself_again() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    let himself = format!("arn:aws:iam::{}:user/James", world.account);
    home.run(["whoami"]).stdout_has(&himself).status(0);
    home.sh("aws s3 ls").stderr_has("AccessDenied").status(255);

    let script = r#"set -eu
        ask() { aws sts get-caller-identity --query Arn --output text; }
        eval "$(stsx assume James-custom-S3-role)"
        stsx whoami --format json | tr -d ' \n'; echo
        aws s3 ls | awk '/ james-/ { print $3 }'
        eval "$(stsx unset)"
        ask
        env | grep -E '^(AWS_[ASCRDP]|STSX_)' || echo nothing is left"#;
    let story = said(home.without_env("AWS_ROLE_SESSION_NAME").sh(script));
    let lines: Vec<_> = story.lines().collect();
    assert!(
        lines[0].contains("assumed-role/James-custom-S3-role/"),
        "{story}"
    );
    let mut buckets = world.buckets.clone();
    buckets.sort();
    assert_eq!(lines[1..3], buckets, "{story}");
    assert_eq!(lines[3], himself, "{story}");
    assert_eq!(lines[4..], ["nothing is left"], "{story}");
}

#[test]
fn a_second_assume_starts_from_james_again() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    // Only James may assume the role with the path, only the first role may assume the second.
    let script = r#"set -eu
        eval "$(stsx assume James-custom-S3-role)"
        eval "$(stsx assume James-path-role)"
        aws sts get-caller-identity --query Arn --output text"#;
    assert_role(world, &said(home.sh(script)), "James-path-role");

    let script = r#"set -eu
        eval "$(stsx assume James-custom-S3-role)"
        eval "$(stsx assume --chain James-second-hop-role)"
        aws sts get-caller-identity --query Arn --output text"#;
    assert_role(world, &said(home.sh(script)), "James-second-hop-role");
}

#[test]
fn a_role_that_trusts_james_later_is_not_denied_for_ever() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let Some(late) = servers::another_james(world, &["--user", "Late", "--trust-later"]) else {
        return;
    };
    let home = at_home(&late);
    let refused = home.run(["exec", "Late-custom-S3-role", "--", "aws", "s3", "ls"]);
    refused
        .stdout("")
        .stderr_has("AccessDenied")
        .stderr_has("user/Late")
        .status(4);
    servers::edit_trust(world, "Late");
    let listed = home.run(["exec", "Late-custom-S3-role", "--", "aws", "s3", "ls"]);
    listed.stdout_has("late-reports").stderr("").status(0);
}

// ---- every way to name a role

#[test]
fn every_target_leads_to_its_role_on_ministack() {
    every_target_leads_to_its_role(servers::ministack());
}

#[test]
fn every_target_leads_to_its_role_on_moto() {
    every_target_leads_to_its_role(servers::moto());
}

fn every_target_leads_to_its_role(world: Option<&World>) {
    let Some(world) = world else { return };
    let in_account = |name: &str| format!("{}:{name}", world.account);
    let rows = [
        ("James-custom-S3-role".to_owned(), "James-custom-S3-role"),
        (world.role("s3").to_owned(), "James-custom-S3-role"),
        (in_account("James-custom-S3-role"), "James-custom-S3-role"),
        ("s3".to_owned(), "James-custom-S3-role"),
        ("second".to_owned(), "James-second-hop-role"),
        ("external".to_owned(), "James-external-role"),
        ("James-path-role".to_owned(), "James-path-role"),
        (world.role("path").to_owned(), "James-path-role"),
        (
            in_account("role/team/data/James-path-role"),
            "James-path-role",
        ),
    ];
    for (target, role) in rows {
        // A home of its own: no row lives on what another one has cached.
        let home = at_home(world);
        let ask = ["whoami", &target, "--format", "json"];
        assert_becomes(&home, world, ask, role);
        // Now from the cache.
        assert_becomes(&home, world, ask, role);
    }
}

#[test]
fn an_external_id_is_right_or_wrong() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    let role = "James-external-role";
    let right = [
        "whoami",
        role,
        "--external-id",
        world.external_id(),
        "--format",
        "json",
    ];
    assert_becomes(&home, world, right, role);
    let refused = |run: Run| assert_fails_closed(run.stderr_has(role), "AccessDenied", 4);
    refused(home.run(["assume", role, "--shell", "sh"]));
    refused(home.run([
        "assume",
        role,
        "--shell",
        "sh",
        "--external-id",
        "Example-Corp/4321",
    ]));
}

// ---- denied

#[test]
fn a_denial_says_who_asked_for_what() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    let (role, himself) = (
        world.role("forbidden"),
        format!("arn:aws:iam::{}:user/James", world.account),
    );
    let told = |run: Run| {
        run.stderr_has("AccessDenied")
            .stderr_has(role)
            .stderr_has(&himself)
            .status(4)
    };
    told(
        home.run(["assume", "James-forbidden-role", "--shell", "sh"])
            .stdout("false;\n"),
    );
    told(home.run(["whoami", role]).stdout(""));
    told(home.run(["exec", role, "--", "echo", "never"]).stdout(""));
    told(home.run(["credential-process", role]).stdout("")).stderr_lines(1);
    assert!(home.cached().is_empty(), "a denial is not remembered");
    let stopped = home.sh(r#"eval "$(stsx assume James-forbidden-role)" && echo deployed"#);
    stopped.stdout("").stderr_has("AccessDenied").status(1);
}

#[test]
fn a_role_that_does_not_exist_is_named() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    let unknown = home.run(["assume", "James-custom-S4-role", "--shell", "sh"]);
    assert_fails_closed(unknown, "James-custom-S4-role", 4);
}

#[test]
fn keys_that_aws_does_not_know_are_the_sources_fault() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world);
    let role = world.role("s3");
    let home = home.credentials(&keys(&world.access_key_id, "not-the-secret-of-james"));
    assert_fails_closed(home.run(["assume", role, "--shell", "sh"]), "default", 5);
    let home = home.credentials(&keys("AKIAUNKNOWN000000000", &world.secret_access_key));
    assert_fails_closed(home.run(["assume", role, "--shell", "sh"]), "default", 5);
}

// ---- what only a user's own keys get

#[test]
fn a_session_with_a_code_leads_to_roles_on_servers_of_others() {
    for world in [servers::ministack(), servers::moto()]
        .into_iter()
        .flatten()
    {
        let home = at_home(world);
        let device = format!("arn:aws:iam::{}:mfa/James", world.account);
        let code = ["--mfa-serial", &device, "--mfa-code", "123456"];
        let [serial, serial_value, flag, value] = code;
        let role = world.role("s3");
        let words = ["exec", role, serial, serial_value, flag, value, "--"];
        let [one, two, three, four, five, six, end] = words;
        let arn = said(home.run([
            one,
            two,
            three,
            four,
            five,
            six,
            end,
            "aws",
            "sts",
            "get-caller-identity",
            "--query",
            "Arn",
            "--output",
            "text",
        ]));
        assert_role(world, &arn, "James-custom-S3-role");
        let again = home.run(["login", role, serial, serial_value]);
        again.stdout_has("until ").stderr("").status(0);
    }
}

#[test]
fn sessions_and_federated_users_of_moto_are_taken_by_the_aws_cli() {
    let Some(world) = servers::moto() else { return };
    let home = at_home(world);
    let ask = "aws sts get-caller-identity --query Arn --output text";
    for stsx in ["session", "federate guest --read-only"] {
        let script = format!("eval $(stsx {stsx} --shell sh) && {ask}");
        let arn = said(home.sh(&script));
        assert!(arn.starts_with("arn:aws:"), "{stsx}: {arn}");
    }
}

// ---- what stsx gives, taken by others

#[test]
fn the_aws_cli_1_takes_a_credential_process() {
    for world in [servers::ministack(), servers::moto()]
        .into_iter()
        .flatten()
    {
        let home = at_home(world).env("AWS_PROFILE", "through-stsx");
        let arn = said(home.sh("aws sts get-caller-identity --query Arn --output text"));
        assert_role(world, &arn, "James-custom-S3-role");
    }
}

#[test]
fn a_credential_process_that_starts_from_its_own_profile_is_refused_at_once() {
    let Some(world) = servers::ministack() else {
        return;
    };
    // AWS_PROFILE names the source of a bare role name: here the very profile that asks.
    let home = at_home(world).env("AWS_PROFILE", "from-itself");
    let refused = home.sh("timeout 20 aws sts get-caller-identity");
    refused
        .stdout("")
        .stderr_has("from-itself")
        .stderr_lacks("another stsx")
        .status(255);
}

#[test]
fn the_aws_cli_2_takes_a_credential_process() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let Some(cli) = servers::program("aws", "aws-cli/2") else {
        return;
    };
    let home = at_home(world)
        .env("AWS_PROFILE", "through-stsx")
        .env("AWS", &cli.display().to_string());
    // This version does not know AWS_ENDPOINT_URL.
    let ask = r#""$AWS" --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --query Arn --output text"#;
    assert_role(world, &said(home.sh(ask)), "James-custom-S3-role");
}

#[test]
fn boto3_takes_a_credential_process() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let home = at_home(world).env("AWS_PROFILE", "through-stsx");
    let arn = said(home.program("python", ["-c", ASK_BOTO3]));
    assert_role(world, &arn, "James-custom-S3-role");
}

#[test]
fn the_js_sdk_takes_a_credential_process() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let Some(home) = with_js_sdk(at_home(world)) else {
        return;
    };
    let home = home.env("AWS_PROFILE", "through-stsx");
    let arn = said(home.program("node", ["-e", ASK_JS]));
    assert_role(world, &arn, "James-custom-S3-role");
}

#[test]
fn one_evaluated_assume_serves_every_client() {
    let Some(world) = servers::ministack() else {
        return;
    };
    let Some(home) = with_js_sdk(at_home(world)) else {
        return;
    };
    // The profile that the shell had chosen must not win over the role.
    let home = home
        .env("AWS_PROFILE", "default")
        .env("ASK_BOTO3", ASK_BOTO3)
        .env("ASK_JS", ASK_JS);
    let script = r#"set -eu
        eval "$(stsx assume s3)"
        aws sts get-caller-identity --query Arn --output text
        python -c "$ASK_BOTO3"
        node -e "$ASK_JS""#;
    let said = said(home.sh(script));
    let roles: Vec<_> = said.lines().map(without_session).collect();
    assert_eq!(roles, [assumed(world, "James-custom-S3-role").as_str(); 3]);
}

#[test]
fn exec_runs_the_aws_cli_as_the_role() {
    for world in [servers::ministack(), servers::moto()]
        .into_iter()
        .flatten()
    {
        let home = at_home(world).env("AWS_PROFILE", "default");
        let listed = said(home.run(["exec", "James-custom-S3-role", "--", "aws", "s3", "ls"]));
        assert!(
            world.buckets.iter().all(|bucket| listed.contains(bucket)),
            "{listed}"
        );
    }
}
