//! The role of an EC2 instance, from its metadata service (version 2): named by a profile, or as the last resort.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::services::Services;
use super::{DEPLOY, boto3_finds_the_session, leads_to_the_role, lonely, surrounded};
use crate::support::Home;

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";

const CONFIG: &str = "
[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
credential_source = Ec2InstanceMetadata
";

/// An instance, in a way.
fn on_an_instance(home: Home, services: &Services) -> Home {
    home.without_env(DISABLED)
        .env(ENDPOINT, &services.url())
        .config(CONFIG)
}

#[test]
fn an_instance_starts_a_role() {
    for role in [DEPLOY, "prod"] {
        let (home, services) = surrounded();
        let home = on_an_instance(home, &services);
        home.run(["whoami"])
            .stdout_has(":assumed-role/hub/james")
            .status(0);
        let asked = [
            "PUT /latest/api/token",
            "GET /latest/meta-data/iam/security-credentials/",
            "GET /latest/meta-data/iam/security-credentials/hub",
        ];
        assert_eq!(services.seen(), asked);
        leads_to_the_role(&home, &services, role);
    }
}

#[test]
fn boto3_finds_the_same() {
    let (home, services) = lonely();
    boto3_finds_the_session(&on_an_instance(home, &services));
}

#[test]
fn the_endpoint_of_the_profile_is_asked() {
    let (home, services) = surrounded();
    let line = format!("ec2_metadata_service_endpoint = {}\n", services.url());
    let home = home
        .without_env(DISABLED)
        .config(&format!("{CONFIG}{line}"));
    leads_to_the_role(&home, &services, "prod");
    let home = home.config(&format!("[default]\n{line}"));
    home.run(["whoami"])
        .stdout_has(":assumed-role/hub/james")
        .status(0);
}

/// The role of the instance gives no credentials, for this reason; nobody who did not name it hears of it.
#[track_caller]
fn fails(home: &Home, reason: &str, status: i32) {
    home.run(["credential-process", "prod"])
        .stderr(&format!(
            "stsx: profile `prod`: the role of this EC2 instance gives no credentials: {reason}\n"
        ))
        .status(status);
    home.run(["whoami"])
        .stderr_has("stsx: no credentials to start from were found\n")
        .stderr_lacks("EC2")
        .status(2);
}

#[test]
fn answers_that_are_no_credentials() {
    let (home, services) = lonely();
    let home = on_an_instance(home, &services);
    for (status, body, says) in [
        (
            404,
            "<html>nothing here</html>",
            "no role is attached to it",
        ),
        (
            403,
            "<html>no</html>",
            "failed to load IMDS session token: service error: request forbidden: IMDS is disabled or the caller has \
             insufficient permissions.",
        ),
        (
            503,
            "<html>later</html>",
            "its metadata service answers HTTP 503",
        ),
        (
            200,
            "<html>a hotel</html>",
            "its metadata service names no role",
        ),
    ] {
        services.answer(status, "text/html", body);
        fails(&home, says, 5);
    }
    services.answer(200, "text/plain", "hub");
    home.run(["whoami", "prod"])
        .stderr_has("the role of this EC2 instance gives no credentials: invalid JSON in response")
        .status(5);
    drop(services);
    let gone = "tcp connect error: Connection refused (os error 111)";
    fails(&home, gone, 1);
}

#[test]
fn a_disabled_service_is_not_asked() {
    let (home, services) = lonely();
    let home = on_an_instance(home, &services).env(DISABLED, "True");
    fails(&home, "AWS_EC2_METADATA_DISABLED is true", 5);
    assert_eq!(services.seen(), [""; 0]);
}

#[test]
fn a_silent_service_is_left_after_the_attempts_that_are_allowed() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
    silent
        .set_nonblocking(true)
        .expect("a socket can be made non-blocking");
    let address = silent.local_addr().expect("a bound socket has an address");
    let home = Home::new()
        .without_env(DISABLED)
        .config(CONFIG)
        .env(ENDPOINT, &format!("http://{address}"));
    let attempts = || std::iter::from_fn(|| silent.accept().ok()).count();
    home.run(["credential-process", "prod"])
        .stderr_has("the role of this EC2 instance gives no credentials")
        .status(1);
    assert_eq!(attempts(), 1);
    let start = Instant::now();
    home.env("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2")
        .env("AWS_METADATA_SERVICE_TIMEOUT", "2")
        .run(["credential-process", "prod"])
        .stderr_has("the role of this EC2 instance gives no credentials")
        .status(1);
    assert_eq!(attempts(), 2);
    assert!(start.elapsed() >= Duration::from_secs(4));
}

#[test]
fn settings_that_do_not_parse_are_refused_with_their_place() {
    for (name, key, says) in [
        (
            "AWS_METADATA_SERVICE_TIMEOUT",
            "metadata_service_timeout",
            "metadata_service_timeout is not a positive number",
        ),
        (
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
            "metadata_service_num_attempts",
            "metadata_service_num_attempts is not a positive number",
        ),
        (
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
            "ec2_metadata_service_endpoint_mode is neither IPv4 nor IPv6",
        ),
        (
            ENDPOINT,
            "ec2_metadata_service_endpoint",
            "the endpoint URL is not like https://HOST:PORT",
        ),
    ] {
        let home = Home::new().config(&format!("{CONFIG}{key} = some\n"));
        home.run(["whoami", "prod"])
            .stderr(&format!("stsx: [HOME]/.aws/config:5: {says}\n"))
            .status(2);
        home.env(name, "some")
            .run(["whoami", "prod"])
            .stderr(&format!("stsx: ${name}: {says}\n"))
            .status(2);
    }
}
