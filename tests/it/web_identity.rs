//! Roles that tokens of OIDC providers open: each way to name a token, each token that is none, each refusal.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::sandbox::federation::others::idp;
use crate::servers;
use crate::support::{ACCOUNT, Home};

const CALL: &str = "AssumeRoleWithWebIdentity";
const ROLE: &str = "arn:aws:iam::111122223333:role/web";
const ISSUER: &str = "https://idp.example.com";
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";

/// A home without keys, whose AWS has a role for tokens; a good one is in the file `token`.
fn home() -> Home {
    let home = Home::new()
        .credentials("")
        .aws(|a| a.role("web").web_identity());
    let token = home.web_token();
    home.file("token", &token)
}

fn profile(text: &str) -> String {
    format!("[profile web]\nrole_arn = {ROLE}\n{text}\n")
}

/// A token with these claims, in the file `token`.
fn with(home: Home, claims: &Value) -> Home {
    let token = home.sandbox().web_token(ACCOUNT, ISSUER, claims);
    home.file("token", &token)
}

#[test]
fn a_token_is_named_in_every_way() {
    let ways: [(&str, &str); 5] = [
        ("", "stsx process ROLE --web-identity-token-file token"),
        ("", "stsx process ROLE --web-identity-token-file - <token"),
        ("web_identity_token_file = token", "stsx process web"),
        ("web_identity_token_process = cat token", "stsx process web"),
        (
            "source_profile = nobody",
            "stsx process web --web-identity-token-file token",
        ),
    ];
    let mut home = home();
    for (text, command) in ways {
        home = home.config(&profile(text));
        let script = command.replace("ROLE", ROLE);
        let run = home.sh(&format!("{script} --no-cache")).stdout_has("ASIA");
        let run = run.calls([CALL]);
        assert_eq!(run.requests[0]["RoleArn"], *ROLE, "{command}");
        assert_eq!(run.requests[0]["RoleSessionName"], *"james", "{command}");
        run.status(0);
    }
    // The same text is the same session, from wherever it comes.
    home.sh(&format!(
        "stsx process {ROLE} --web-identity-token-file - <token"
    ))
    .stdout_has("ASIA")
    .calls([CALL])
    .status(0);
    home.sh(&format!(
        "cat token | stsx process {ROLE} --web-identity-token-file -"
    ))
    .stdout_has("ASIA")
    .calls([])
    .status(0);
}

#[test]
fn the_environment_of_a_pod_is_enough() {
    let home = home()
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .env("AWS_ROLE_ARN", ROLE);
    let whoami = |home: &Home, name: &str| {
        home.run(["whoami"])
            .stdout_has(&format!("assumed-role/web/{name}\n"))
            .calls([CALL, "GetCallerIdentity"])
            .status(0);
    };
    whoami(&home, "james");
    let home = home.env("AWS_ROLE_SESSION_NAME", "pod");
    whoami(&home, "pod");
    let home = home.without_env("AWS_ROLE_SESSION_NAME").env("USER", "j m");
    whoami(&home, "j-m");
    // From there on to another role of the same account.
    let home = home.aws(|a| a.role("deploy"));
    home.run(["process", "deploy"])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
}

#[test]
fn values_of_the_profile_count() {
    let home = home().aws(|a| a.role("web").web_identity().max_session(7200));
    let keys = "web_identity_token_file = token\nduration_seconds = 43200\nrole_session_name = me\n\
        policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess";
    let home = home.config(&profile(keys));
    let run = home.run(["process", "web"]).stdout_has("ASIA");
    let asked: Vec<_> = run
        .requests
        .iter()
        .map(|one| &one["DurationSeconds"])
        .collect();
    assert_eq!(asked, ["43200", "36000", "28800", "21600", "14400", "7200"]);
    let request = &run.requests[5];
    assert_eq!(request["RoleSessionName"], *"me");
    let arn = &request["PolicyArns.member.1.arn"];
    assert_eq!(*arn, *"arn:aws:iam::aws:policy/ReadOnlyAccess");
    run.stderr_has("the session is shortened from 12h to 2h")
        .status(0);
    home.age(7200);
    let run = home.run(["process", "web"]).stdout_has("ASIA");
    assert_eq!(run.requests[0]["DurationSeconds"], *"7200");
    run.calls([CALL]).status(0);
}

#[test]
fn what_is_no_good_token_is_told_before_the_call() {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let list = format!("{}.{}.c2ln", part("{}"), part("[]"));
    let no_jwt = "is not a JSON web token (JWT)\nhint: a JWT is three parts in base64url";
    let mut home = home().config(&profile("web_identity_token_file = token"));
    let processed = Home::new().config(&profile("web_identity_token_process = cat token"));
    let mut processed = processed.credentials("");
    for (token, said) in [
        ("garbage", no_jwt),
        ("a.b.c", no_jwt),
        (&list, no_jwt),
        ("ya29.opaque-access-token", no_jwt),
        ("", "is empty"),
        (" \n", "is empty"),
    ] {
        home = home.file("token", token);
        let in_file = format!("stsx: profile `web`: the web identity token in token {said}");
        home.run(["exec", "web", "--", "true"])
            .stderr_has(&in_file)
            .calls([])
            .status(5);
        home.run([
            "exec",
            ROLE,
            "--web-identity-token-file",
            "token",
            "--",
            "true",
        ])
        .stderr_has(said)
        .calls([])
        .status(2);
        processed = processed.file("token", token);
        processed
            .run(["exec", "web", "--", "true"])
            .stderr_has(&format!(
                "the web identity token that its command prints {said}"
            ))
            .status(5);
    }
    home.sh(&format!(
        "printf x | stsx process {ROLE} --web-identity-token-file -"
    ))
    .stderr_has("the web identity token on standard input is not a JSON web token (JWT)")
    .calls([])
    .status(2);
    std::fs::remove_file(home.path("token")).unwrap();
    home.run(["exec", "web", "--", "true"])
        .stderr_has("cannot read the web identity token in token: No such file")
        .calls([])
        .status(5);
    std::fs::create_dir(home.path("token")).unwrap();
    home.run(["exec", "web", "--", "true"])
        .stderr_has("cannot read the web identity token in token: Is a directory")
        .calls([])
        .status(5);
}

#[test]
fn a_token_that_has_ended_is_told_before_the_call() {
    let home = home().config(&profile("web_identity_token_file = token"));
    let now = home.sandbox().clock().now().as_second();
    let home = with(home, &json!({"exp": now - 7260, "iat": now - 9999}));
    let end = jiff::Timestamp::from_second(now - 7260).unwrap();
    let said = format!(
        "the web identity token in token expired at {end}, 2h 1m ago\nhint: whoever writes the file has to renew the token in it\n"
    );
    home.run(["assume", "web"])
        .stdout("false;\n")
        .stderr(&format!("stsx: profile `web`: {said}"))
        .calls([])
        .status(5);
    let home = home
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .env("AWS_ROLE_ARN", ROLE);
    home.run(["whoami"])
        .stderr(&format!("stsx: {said}"))
        .calls([])
        .status(5);
    home.config(&profile("web_identity_token_process = cat token"))
        .run(["process", "web"])
        .stdout("")
        .stderr_has("hint: web_identity_token_process has to print a new one")
        .calls([])
        .status(5);
}

#[test]
fn what_sts_refuses_is_explained() {
    let mut home = home().config(&profile("web_identity_token_file = token"));
    let now = home.sandbox().clock().now().as_second();
    let elsewhere = "https://elsewhere.example.com";
    for (claims, code, hint) in [
        (
            json!({"aud": "another"}),
            "InvalidIdentityToken",
            "the IAM OIDC provider for https://idp.example.com in account 111122223333 must list the audience another",
        ),
        (
            json!({"iss": elsewhere}),
            "InvalidIdentityToken",
            "account 111122223333 needs an IAM OIDC provider for https://elsewhere.example.com",
        ),
        (
            json!({"nbf": now + 900}),
            "InvalidIdentityToken",
            "STS checks the signature with the keys that https://idp.example.com/.well-known/openid-configuration leads to",
        ),
    ] {
        home = with(home, &claims);
        home.run(["exec", "web", "--", "true"])
            .stderr_has(&format!(
                "cannot assume {ROLE} with the web identity token in token: {code}\n  AWS: "
            ))
            .stderr_has(&format!("\nhint: {hint}"))
            .calls([CALL])
            .status(5);
    }
    let home = with(home, &json!({}));
    home.sandbox().clock().advance(3601);
    home.run(["exec", "web", "--", "true"])
        .stderr_has("ExpiredTokenException")
        .stderr_has("hint: get a new token from https://idp.example.com\n")
        .status(5);
    let rejected = |a: crate::support::Aws| a.refuse(403, "IDPRejectedClaim", "no");
    let home = home.aws(rejected);
    home.run(["exec", "web", "--", "true"])
        .stderr_has("IDPRejectedClaim")
        .stderr_has("hint: https://idp.example.com has revoked it")
        .calls([CALL])
        .status(5);
}

#[test]
fn an_issuer_that_does_not_answer_is_asked_again() {
    let home = home().config(&profile("web_identity_token_file = token"));
    let words = "An error occurred while trying to reach the identity provider";
    let home = home.aws(|a| a.refuse(400, "IDPCommunicationError", words).times(1));
    home.run(["process", "web"])
        .stdout_has("ASIA")
        .calls([CALL, CALL])
        .status(0);
    let home = home.aws(|a| a.refuse(400, "IDPCommunicationError", words));
    home.run(["process", "web", "--no-cache"])
        .stdout("")
        .stderr_has("IDPCommunicationError")
        .stderr_has(
            "hint: STS could not ask https://idp.example.com in time, though it was tried again",
        )
        .calls([CALL, CALL, CALL])
        .status(1);
}

#[test]
fn a_denial_says_what_the_trust_policy_must_have() {
    let home = home().config(&profile("web_identity_token_file = token"));
    let home = home.aws(|a| a.role("web").denied());
    home.run(["assume", "web"])
        .stdout("false;\n")
        .stderr(&format!(
            "stsx: profile `web`: cannot assume {ROLE} with the web identity token in token: AccessDenied\n  \
             AWS: Not authorized to perform sts:AssumeRoleWithWebIdentity\n  \
             1. there must be a role web: AWS denies it the same way if there is none\n  \
             2. the trust policy of web must have the principal \"Federated\": \"{PROVIDER}\"\n  \
             3. it must have the action sts:AssumeRoleWithWebIdentity\n  \
             4. its conditions must allow idp.example.com:aud = stsx\n  \
             5. its conditions must allow idp.example.com:sub = James\n\
             hint: look at the trust policy of web\n"
        ))
        .calls([CALL])
        .status(4);
    let google = json!({"iss": "https://accounts.google.com", "azp": "app"});
    let home = with(home, &google);
    let home = home.aws(|a| {
        a.refuse(
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        )
    });
    home.run(["exec", "web", "--", "true"])
        .stderr_has("the principal \"Federated\": \"accounts.google.com\"\n")
        .stderr_has("accounts.google.com:aud = app")
        .status(4);
    let home = home.aws(|a| a.healthy().role("web").web_identity());
    let tags = json!({"https://aws.amazon.com/tags": {"principal_tags": {"team": ["red"]}}});
    with(home, &tags)
        .run(["exec", "web", "--", "true"])
        .stderr_has("hint: allow sts:TagSession beside sts:AssumeRoleWithWebIdentity in the trust policy of web")
        .status(4);
}

#[test]
fn a_token_of_oidc_provider_opens_a_role() {
    let issuer = "https://oidc.example.com/realm";
    let Some(made) = idp(&["oidc", issuer, "stsx"], &Value::Null) else {
        return;
    };
    let home = Home::new().credentials("").aws(|a| a);
    let keys = made["jwks"].to_string();
    let provider = home.sandbox().oidc(ACCOUNT, issuer, &["stsx"], &keys);
    let trust = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider},
        "Condition": {"StringEquals": {"oidc.example.com/realm:sub": "James"}}}});
    home.sandbox().role(ACCOUNT, "web", &trust.to_string());
    let home = home
        .file("token", made["token"].as_str().unwrap())
        .config(&profile("web_identity_token_file = token"));
    home.run(["whoami", "web"])
        .stdout_has("assumed-role/web/james")
        .calls([CALL, "GetCallerIdentity"])
        .status(0);
}

#[test]
fn moto_takes_what_is_sent() {
    let Some(world) = servers::moto() else { return };
    let role = world.role("s3");
    let home = home();
    let home = home
        .env("AWS_ENDPOINT_URL", &world.endpoint)
        .config(&format!(
            "[profile web]\nrole_arn = {role}\nweb_identity_token_file = token\n"
        ));
    home.run(["whoami", "web"])
        .stdout_has("assumed-role/James-custom-S3-role/james")
        .status(0);
}
