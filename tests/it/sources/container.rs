//! Credentials of a container: ECS, and EKS pod identity with its token in a file.

use super::services::{CONTAINER_TOKEN, Services};
use super::{DEPLOY, boto3_finds_the_session, leads_to_the_role, lonely, surrounded};
use crate::support::Home;

const URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

const CONFIG: &str = "
[profile prod]
role_arn = arn:aws:iam::111122223333:role/deploy
credential_source = EcsContainer
";

/// The container's variables, with its token in one of them.
fn in_a_container(home: Home, services: &Services) -> Home {
    home.env(URI, &format!("{}/container", services.url()))
        .env(TOKEN, CONTAINER_TOKEN)
}

#[test]
fn a_task_of_ecs_starts_a_role() {
    for role in [DEPLOY, "prod"] {
        let (home, services) = surrounded();
        let home = in_a_container(home, &services).config(CONFIG);
        home.run(["whoami"])
            .stdout_has(":assumed-role/hub/james")
            .status(0);
        assert_eq!(services.seen(), ["GET /container"]);
        leads_to_the_role(&home, &services, role);
    }
}

#[test]
fn a_pod_of_eks_starts_a_role() {
    let (home, services) = surrounded();
    let home = in_a_container(home, &services).file("pod-token", CONTAINER_TOKEN);
    let file = home.path("pod-token").display().to_string();
    // The file counts before the variable.
    let home = home.env(TOKEN_FILE, &file).env(TOKEN, "old");
    home.run(["whoami"])
        .stdout_has(":assumed-role/hub/james")
        .status(0);
    leads_to_the_role(&home, &services, DEPLOY);
    // Another pod is another identity.
    let home = home.file("other-token", CONTAINER_TOKEN);
    let file = home.path("other-token").display().to_string();
    leads_to_the_role(&home.env(TOKEN_FILE, &file), &services, DEPLOY);
}

#[test]
fn boto3_finds_the_same() {
    let (home, services) = lonely();
    boto3_finds_the_session(&in_a_container(home, &services));
}

/// The role of the container gives no credentials, for this reason.
#[track_caller]
fn fails(home: &Home, reason: &str, status: i32) {
    home.run(["credential-process", "prod"])
        .stderr(&format!(
            "stsx: profile `prod`: the role of this container {reason}\n"
        ))
        .status(status);
}

#[test]
fn answers_that_are_no_credentials() {
    const CHECK: &str = "; hint: check the AWS_CONTAINER_ variables of this environment";
    let (home, services) = lonely();
    let home = in_a_container(home, &services).config(CONFIG);
    for (status, body, says) in [
        (
            404,
            "<html>nothing here</html>",
            "gives no credentials: Non-success status from HTTP credential provider: StatusCode(404)",
        ),
        (
            503,
            "<html>later</html>",
            "gives no credentials: Non-success status from HTTP credential provider: StatusCode(503)",
        ),
        (
            200,
            "<html>a hotel</html>",
            "gives no credentials: invalid JSON in response: Error at offset 0: unexpected token '<'. Expected one of \
             '{', '[', '\"', 'null', 'true', 'false', <number>",
        ),
        (
            200,
            r#"{"Code": "Oops", "Message": "the agent is not ready"}"#,
            "gives no credentials: failed to load credentials [Oops]: the agent is not ready",
        ),
        (
            200,
            r#"{"AccessKeyId": "A", "SecretAccessKey": "source/secret+key", "Exp"#,
            "gives no credentials: invalid JSON in response: Error at offset 65: unexpected end of stream",
        ),
    ] {
        services.answer(status, "text/html", body);
        fails(&home, &format!("{says}{CHECK}"), 5);
    }
    let old = r#"{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "2020-01-01T00:00:00Z"}"#;
    services.answer(200, "application/json", old);
    fails(
        &home,
        "gave credentials that expired at 2020-01-01T00:00:00Z",
        5,
    );
    drop(services);
    let gone = "gives no credentials: tcp connect error: Connection refused (os error 111)";
    fails(&home, &format!("{gone}{CHECK}"), 1);
}

#[test]
fn variables_that_lead_nowhere() {
    const CHECK: &str = "; hint: check the AWS_CONTAINER_ variables of this environment";
    let (home, services) = lonely();
    let home = in_a_container(home, &services).config(CONFIG);
    let mut home = home.env(TOKEN_FILE, "/nowhere/token");
    let cannot =
        "gives no credentials: cannot read the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    fails(
        &home,
        &format!("{cannot}: No such file or directory (os error 2){CHECK}"),
        5,
    );
    home = home.file("token", &format!("{CONTAINER_TOKEN}\n"));
    let file = home.path("token").display().to_string();
    home = home.env(TOKEN_FILE, &file);
    let newline = "gives no credentials: the auth token could not be used as an HTTP header value. failed to parse header value";
    fails(&home, &format!("{newline}{CHECK}"), 5);
    assert_eq!(services.seen(), [""; 0]);
    home = home.without_env(TOKEN_FILE).env(URI, "http://192.0.2.1/x");
    let far = "gives no credentials: invalid full URI for ECS provider (URI did not refer to an allowed IP address): \
               http://192.0.2.1/x";
    fails(&home, &format!("{far}{CHECK}"), 5);
    home.without_env(URI)
        .run(["credential-process", "prod"])
        .stderr_has("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
        .status(2);
}
