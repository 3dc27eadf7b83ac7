//! `aws login`: the session that it leaves in ~/.aws/login/cache, and its renewal at AWS Sign-In.

use serde_json::{Value, json};

use super::services::LOGIN_REFRESH;
use super::{Session, boto3_agrees, given, in_seconds, leads_to_the_role, lonely, surrounded};
use crate::servers;
use crate::support::{ACCOUNT, Home};

/// The name that `aws login` gives to its file: SHA-256 of the session's ARN.
const FILE: &str =
    ".aws/login/cache/095ce3fdf8e7de727aeb58ba68296c80fadea153b1cceaaae75ce6f66304cf2a.json";

/// The SDK would refuse the file for the indent; it only gets to see what stsx makes of it.
const CONFIG: &str = "
[profile console]
  login_session = arn:aws:iam::111122223333:user/James

[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = console
";

/// A key that proves possession; it was made for these tests and opens nothing.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEINkWMaiFM0FYSKKPLFwxfoN50sKDJa1vrrKUt0PPCM3roAoGCCqGSM49
AwEHoUQDQgAEucbF06tl1GKvPXXS8Ljq7WHcJkMJoOdUBSK8Dlgd4wCy8ZCCr5In
KJ9ySMRZ/9yuCIKkBfdkPgXoKZPKFUAtiw==
-----END EC PRIVATE KEY-----
";

/// What `aws login` writes, for credentials that end in so many seconds.
fn session(seconds: i64) -> Value {
    let session = Session::new();
    json!({
        "accessToken": {
            "accessKeyId": "ASIALOGIN00000000001", "secretAccessKey": session.secret, "sessionToken": session.token,
            "accountId": ACCOUNT, "expiresAt": in_seconds(seconds),
        },
        "tokenType": "aws_sigv4", "refreshToken": LOGIN_REFRESH[0], "idToken": "id", "dpopKey": KEY,
        "clientId": "arn:aws:signin:::devtools/same-device",
    })
}

fn logged_in(home: Home, session: &Value) -> Home {
    home.config(CONFIG).file(FILE, &session.to_string())
}

#[test]
fn a_living_session_is_used_as_it_stands() {
    let (home, services) = lonely();
    let home = logged_in(home, &session(900));
    assert_eq!(
        given(&home, ["credential-process", "console"])[0],
        "ASIALOGIN00000000001"
    );
    assert_eq!(services.seen(), [""; 0]);
}

#[test]
fn an_expired_session_is_renewed_and_starts_a_role() {
    let (home, services) = surrounded();
    let home = logged_in(home, &session(-60));
    leads_to_the_role(&home, &services, "prod");
    let kept = std::fs::read_to_string(home.path(FILE)).expect("the session is kept");
    let kept: Value = serde_json::from_str(&kept).expect("as JSON");
    assert_eq!(kept["refreshToken"], LOGIN_REFRESH[1]);
    assert_eq!(kept["dpopKey"], KEY);
    home.run(["whoami", "console"])
        .stdout_has(":assumed-role/hub/james")
        .status(0);
    assert_eq!(services.seen(), [""; 0]);
}

#[test]
fn boto3_renews_for_stsx_and_stsx_for_boto3() {
    if !can_boto3_prove_possession() {
        return;
    }
    for _ in 0..2 {
        let (home, services) = lonely();
        let home = logged_in(home, &session(-60));
        boto3_agrees(&home, "console");
        assert_eq!(services.seen(), ["POST /v1/token"]);
    }
    let (home, services) = lonely();
    let home = logged_in(home, &session(-60));
    given(&home, ["credential-process", "console"]);
    boto3_agrees(&home, "console");
    assert_eq!(services.seen(), ["POST /v1/token"]);
}

/// boto3 signs its proofs with AWS's common runtime.
fn can_boto3_prove_possession() -> bool {
    let Some(python) = servers::tool("venv/bin/python") else {
        return false;
    };
    let import = std::process::Command::new(python)
        .args(["-c", "import awscrt.crypto"])
        .output();
    let there = import.is_ok_and(|output| output.status.success());
    if !there {
        servers::skip("awscrt is not in the testbed; tests/setup installs it");
    }
    there
}

#[test]
fn the_endpoint_of_the_profile_is_asked() {
    for endpoint in [
        "endpoint_url = URL",
        "services = here\n[services here]\nsignin =\n  endpoint_url = URL",
    ] {
        let (home, services) = lonely();
        let endpoint = endpoint.replace("URL", &services.url());
        let config = CONFIG.replace("user/James\n", &format!("user/James\n{endpoint}\n"));
        let home = logged_in(home, &session(-60))
            .config(&config)
            .without_env("AWS_ENDPOINT_URL_SIGNIN");
        given(&home, ["credential-process", "console"]);
        assert_eq!(services.seen(), ["POST /v1/token"]);
    }
}

#[test]
fn without_an_endpoint_that_of_the_region_is_asked() {
    let (home, services) = lonely();
    let home = logged_in(home, &session(-60))
        .without_env("AWS_ENDPOINT_URL_SIGNIN")
        .env("HTTPS_PROXY", &services.url());
    let asked = |home: &Home| {
        home.run(["whoami", "console"])
            .stderr_has("cannot be renewed: cannot reach AWS Sign-In")
            .status(1);
        let mut seen = services.seen();
        seen.dedup();
        seen
    };
    assert_eq!(
        asked(&home),
        ["CONNECT eu-west-1.signin.aws.amazon.com:443"]
    );
    let home = home.env("AWS_USE_FIPS_ENDPOINT", "true");
    assert_eq!(
        asked(&home),
        ["CONNECT signin-fips.eu-west-1.amazonaws.com:443"]
    );
}

#[test]
fn without_a_living_session_the_hint_is_the_command_to_run() {
    let (home, services) = lonely();
    let says = |home: &Home, what: &str| {
        for target in ["console", "prod"] {
            home.run(["credential-process", target])
                .stderr_has(&format!(
                    "the login session of profile `console` gives no credentials: {what}"
                ))
                .stderr_has("; hint: run `aws login --profile console`\n")
                .status(5);
        }
    };
    let mut home = home.config(CONFIG);
    says(
        &home,
        "failed to read `[HOME]/.aws/login/cache/095ce3fdf8e7de727aeb58ba68296c80fadea153b1cceaaae75ce6f66304cf2a.json`: No such file",
    );
    home = home.file(FILE, &format!("{{\"refreshToken\": \"{}", LOGIN_REFRESH[0]));
    says(&home, "invalid JSON in cached Login token file");
    let mut broken = session(-60);
    broken["dpopKey"] = "no key".into();
    home = logged_in(home, &broken);
    says(
        &home,
        "failed to load cached Login token: invalid secret key",
    );
    let mut used = session(-60);
    used["refreshToken"] = LOGIN_REFRESH[1].into();
    home = logged_in(home, &used);
    says(
        &home,
        "failed to refresh cached Login token: Your session has expired",
    );
    assert_eq!(services.seen(), ["POST /v1/token"; 2]);
}

#[test]
fn a_service_that_is_not_one_is_told_from_a_session_that_ended() {
    let (home, services) = lonely();
    let home = logged_in(home, &session(-60));
    let says = |what: &str| {
        home.run(["whoami", "console"])
            .stderr_has(what)
            .stderr_lacks("aws login")
            .status(1);
    };
    services.answer(
        200,
        "text/html",
        "<html>log in to the hotel's network</html>",
    );
    let url = services.url();
    let foreign = format!("cannot be renewed: {url} did not answer as AWS would");
    says(&foreign);
    services.answer(503, "text/html", "<html>later</html>");
    says(&foreign);
    drop(services);
    says(&format!(
        "cannot be renewed: cannot reach {url}: tcp connect error: Connection refused"
    ));
}
