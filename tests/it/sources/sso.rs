//! IAM Identity Center: the token that `aws sso login` leaves in ~/.aws/sso/cache, its renewal, and the portal.

use serde_json::{Value, json};

use super::services::{SSO_CLIENT_SECRET, SSO_REFRESH, SSO_TOKENS};
use super::{boto3_agrees, given, in_seconds, leads_to_the_role, lonely, surrounded};
use crate::support::Home;

const START: &str = "https://corp.awsapps.com/start";
/// The names that `aws sso login` gives to its files: SHA-1 of the session's name, and of the start URL.
const OF_SESSION: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const OF_START: &str = ".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json";

const WITH_SESSION: &str = "
[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Reader

[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start

[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = corp
";

const LEGACY: &str = "
[profile corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
sso_account_id = 111122223333
sso_role_name = Reader

[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = corp
";

/// What `aws sso login` writes, for a token that ends in so many seconds.
fn token(seconds: i64) -> Value {
    json!({
        "startUrl": START, "region": "eu-west-1", "accessToken": SSO_TOKENS[0], "expiresAt": in_seconds(seconds),
    })
}

/// The same, with what renews the token.
fn renewable(seconds: i64) -> Value {
    let mut token = token(seconds);
    token["refreshToken"] = SSO_REFRESH[0].into();
    token["clientId"] = "sso-client".into();
    token["clientSecret"] = SSO_CLIENT_SECRET.into();
    token["registrationExpiresAt"] = in_seconds(86_400).into();
    token
}

fn logged_in(home: Home, file: &str, token: &Value) -> Home {
    home.file(file, &token.to_string())
}

#[test]
fn a_session_of_sso_login_starts_a_role() {
    let (home, services) = surrounded();
    let home = logged_in(home.config(WITH_SESSION), OF_SESSION, &token(3600));
    home.run(["-vv", "whoami", "corp"])
        .stderr_has("asking the SSO login of profile `corp`")
        .stdout_has(":assumed-role/hub/james")
        .status(0);
    assert_eq!(services.seen(), ["GET /federation/credentials"]);
    leads_to_the_role(&home, &services, "prod");
    boto3_agrees(&home, "corp");
}

#[test]
fn a_profile_without_a_session_goes_by_its_start_url() {
    let (home, services) = surrounded();
    let home = logged_in(home.config(LEGACY), OF_START, &token(3600));
    home.run(["whoami", "corp"])
        .stdout_has(":assumed-role/hub/james")
        .status(0);
    leads_to_the_role(&home, &services, "prod");
    boto3_agrees(&home, "corp");
}

#[test]
fn an_expired_token_is_renewed_and_kept() {
    let (home, services) = lonely();
    let home = logged_in(home.config(WITH_SESSION), OF_SESSION, &renewable(-60));
    given(&home, ["credential-process", "corp"]);
    assert_eq!(
        services.seen(),
        ["POST /token", "GET /federation/credentials"]
    );
    let kept = std::fs::read_to_string(home.path(OF_SESSION)).expect("the token is kept");
    let kept: Value = serde_json::from_str(&kept).expect("as JSON");
    assert_eq!(
        [&kept["accessToken"], &kept["refreshToken"]],
        [SSO_TOKENS[1], SSO_REFRESH[1]]
    );
    assert_eq!(kept["clientSecret"], SSO_CLIENT_SECRET);
    boto3_agrees(&home, "corp");
    assert!(
        !services.seen().contains(&"POST /token".to_owned()),
        "renewed again"
    );
}

#[test]
fn endpoints_of_the_profile_are_asked() {
    let (home, services) = lonely();
    let url = services.url();
    let service = format!(
        "{WITH_SESSION}\n[services here]\nsso =\n  endpoint_url = {url}\nsso_oidc =\n  endpoint_url = {url}\n"
    );
    let config = service.replacen("[profile corp]", "[profile corp]\nservices = here", 1);
    let home = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"]
        .into_iter()
        .fold(home, Home::without_env);
    let home = logged_in(home.config(&config), OF_SESSION, &renewable(-60));
    given(&home, ["credential-process", "corp"]);
    assert_eq!(
        services.seen(),
        ["POST /token", "GET /federation/credentials"]
    );
    boto3_agrees(&home, "corp");
}

#[test]
fn without_endpoints_those_of_the_region_are_asked() {
    let (home, services) = lonely();
    let home = logged_in(home.config(WITH_SESSION), OF_SESSION, &renewable(-60));
    let mut home = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"]
        .into_iter()
        .fold(home, Home::without_env)
        .env("HTTPS_PROXY", &services.url())
        .env("AWS_DEFAULT_REGION", "us-west-2");
    for (fips, hosts) in [
        (
            "false",
            [
                "oidc.eu-west-1.amazonaws.com",
                "portal.sso.eu-west-1.amazonaws.com",
            ],
        ),
        (
            "true",
            [
                "oidc-fips.eu-west-1.amazonaws.com",
                "portal.sso-fips.eu-west-1.amazonaws.com",
            ],
        ),
    ] {
        home = home.env("AWS_USE_FIPS_ENDPOINT", fips);
        home.run(["whoami", "corp"])
            .stderr_has("cannot reach the SSO portal in eu-west-1")
            .status(1);
        let mut seen = services.seen();
        seen.dedup();
        assert_eq!(seen, hosts.map(|host| format!("CONNECT {host}:443")));
    }
}

#[test]
fn without_a_living_token_the_hint_is_the_command_to_run() {
    let (home, services) = lonely();
    let says = |home: &Home, what: &str| {
        for target in ["corp", "prod"] {
            home.run(["credential-process", target])
                .stderr_has(&format!(
                    "the SSO login of profile `corp` gives no credentials: {what}"
                ))
                .stderr_has("; hint: run `aws sso login --sso-session corp`\n")
                .status(5);
        }
    };
    let mut home = home.config(WITH_SESSION);
    says(&home, "failed to load the cached SSO token");
    home = home.file(
        OF_SESSION,
        &format!("{{\"accessToken\": \"{}", SSO_TOKENS[0]),
    );
    says(&home, "failed to load the cached SSO token");
    home = logged_in(home, OF_SESSION, &token(-60));
    says(&home, "the SSO token has expired and cannot be refreshed");
    assert_eq!(services.seen(), [""; 0]);
    let mut foreign = token(3600);
    foreign["accessToken"] = SSO_TOKENS[1].into();
    home = logged_in(home, OF_SESSION, &foreign);
    says(&home, "UnauthorizedException");
    let mut used = renewable(-60);
    used["accessToken"] = SSO_TOKENS[1].into();
    used["refreshToken"] = SSO_REFRESH[1].into();
    home = logged_in(home, OF_SESSION, &used);
    says(
        &home,
        "UnauthorizedException (AWS: Session token not found or invalid)",
    );
}

#[test]
fn without_a_session_the_hint_names_the_profile() {
    let (home, services) = lonely();
    let home = home.config(LEGACY);
    let hint = "hint: run `aws sso login --profile corp`\n";
    home.run(["whoami", "corp"]).stderr_has(hint).status(5);
    let home = logged_in(home, OF_START, &token(-60));
    home.run(["whoami", "prod"]).stderr_has(hint).status(5);
    assert_eq!(services.seen(), [""; 0]);
}

#[test]
fn a_role_that_is_not_ones_own_is_denied() {
    let (home, _services) = lonely();
    let config = WITH_SESSION.replace("Reader", "Admin");
    let home = logged_in(home.config(&config), OF_SESSION, &token(3600));
    home.run(["whoami", "corp"])
        .stderr(
            "stsx: the SSO login of profile `corp` gives no credentials: ForbiddenException\n  AWS: No access\n\
             hint: check sso_account_id (111122223333) and sso_role_name (Admin): this login may not have them\n",
        )
        .status(4);
}

#[test]
fn a_portal_that_is_not_one_is_told_from_a_login_that_ended() {
    let (home, services) = lonely();
    let home = logged_in(home.config(WITH_SESSION), OF_SESSION, &token(3600));
    let says = |what: &str| {
        home.run(["whoami", "corp"])
            .stderr_has(what)
            .stderr_lacks("sso login")
            .stdout("")
            .status(1);
    };
    services.answer(
        200,
        "text/html",
        "<html>log in to the hotel's network</html>",
    );
    says("did not answer as AWS would: HTTP 200 with text/html\nhint: check the endpoint URL");
    services.answer(503, "text/html", "<html>later</html>");
    says("did not answer as AWS would: HTTP 503 with text/html");
    services.answer(
        200,
        "application/json",
        r#"{"roleCredentials": {"accessKeyId": "A"}}"#,
    );
    says("did not answer as AWS would: an answer without credentials");
    let url = services.url();
    drop(services);
    says(&format!("cannot reach {url}: tcp connect error"));
}

#[test]
fn credentials_that_ended_are_not_delivered() {
    let (home, services) = lonely();
    let home = logged_in(home.config(WITH_SESSION), OF_SESSION, &token(3600));
    services.answer(
        200,
        "application/json",
        r#"{"roleCredentials": {"accessKeyId": "A", "secretAccessKey": "b", "sessionToken": "c", "expiration": 1000}}"#,
    );
    home.run(["credential-process", "corp"])
        .stderr_has("gave credentials that expired at 1970-01-01T00:00:01Z")
        .status(5);
}

#[test]
fn a_token_that_cannot_be_renewed_in_time_is_no_login_that_ended() {
    let (home, _services) = surrounded();
    let home = home.config(WITH_SESSION).env("STSX_NETWORK_TIMEOUT", "1s");
    let home = logged_in(home, OF_SESSION, &token(3600));
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    home.age(3600 - 100);
    // It takes connections, and never looks at them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
    let address = silent.local_addr().expect("a bound socket has an address");
    let url = format!("http://{address}");
    let home = logged_in(home, OF_SESSION, &renewable(-60)).env("AWS_ENDPOINT_URL_SSO_OIDC", &url);
    let words = format!(
        "the SSO login of profile `corp` cannot be renewed: cannot reach {url}: no answer in time"
    );
    home.run(["process", "corp"])
        .stdout("")
        .stderr_has(&words)
        .stderr_lacks("sso login --")
        .status(1);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .stderr_has("cannot renew, so the cached credentials are used")
        .stderr_has(&words)
        .status(0);
}
