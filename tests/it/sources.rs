//! Where credentials start: each source, asked by the binary at stand-ins for its services; alone, with a role on top,
//! and on its bad days. boto3, in the same home, must come to the same credentials.

mod container; // ECS and EKS pod identity
mod instance; // the metadata service of EC2
mod login; // sessions of `aws login`
mod process; // commands that print credentials
mod services; // what sources ask
mod sso; // IAM Identity Center

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::servers;
use crate::support::{ACCOUNT, Home, keys};
use services::Services;

const DEPLOY: &str = "arn:aws:iam::111122223333:role/deploy";

/// Prints what boto3 finds for a profile, or without one.
const JUDGE: &str = r"
import json, sys, boto3
found = boto3.Session(profile_name=sys.argv[1] or None).get_credentials().get_frozen_credentials()
print(json.dumps([found.access_key, found.secret_key, found.token]))
";

/// Session credentials that a service hands out.
#[derive(Clone, Debug)]
struct Session {
    id: String,
    secret: String,
    token: String,
    expiration: String,
}

impl Session {
    /// A session that only the service knows.
    fn new() -> Session {
        Session {
            id: "ASIASOURCE0000000001".to_owned(),
            secret: "source/secret+key".to_owned(),
            token: "source//session+token==".to_owned(),
            expiration: in_seconds(3600),
        }
    }

    /// The role `hub`, assumed by James: STS knows it.
    fn of_hub(home: &Home) -> Session {
        let hub = "arn:aws:iam::111122223333:role/hub";
        let document = home.run(["credential-process", hub]).status(0).json();
        let text = |name: &str| {
            document[name]
                .as_str()
                .expect("a whole document")
                .to_owned()
        };
        Session {
            id: text("AccessKeyId"),
            secret: text("SecretAccessKey"),
            token: text("SessionToken"),
            expiration: text("Expiration"),
        }
    }

    fn end(&self) -> Timestamp {
        self.expiration.parse().expect("a time in RFC 3339")
    }

    /// As containers and instances print it.
    fn document(&self) -> Value {
        json!({
            "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z",
            "AccessKeyId": self.id, "SecretAccessKey": self.secret, "Token": self.token, "Expiration": self.expiration,
        })
    }
}

/// A time from now, in RFC 3339.
#[expect(
    clippy::disallowed_methods,
    reason = "time.rs is the binary's; tests have a clock of their own"
)]
fn in_seconds(seconds: i64) -> String {
    let time = Timestamp::now() + SignedDuration::from_secs(seconds);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A home that is pointed at the services of its sources; they hand out a session that STS does not know.
fn lonely() -> (Home, Services) {
    let services = Services::start(&Session::new());
    (pointed_at(&services, Home::new()), services)
}

/// A home with an AWS in which there is a role `deploy`, and services that hand out a session of the role `hub`.
fn surrounded() -> (Home, Services) {
    let home = Home::new().aws(|aws| aws.role("hub").role("deploy"));
    let services = Services::start(&Session::of_hub(&home));
    (pointed_at(&services, home.credentials("")), services)
}

fn pointed_at(services: &Services, home: Home) -> Home {
    let names = [
        "AWS_ENDPOINT_URL_SSO",
        "AWS_ENDPOINT_URL_SSO_OIDC",
        "AWS_ENDPOINT_URL_SIGNIN",
    ];
    let home = names
        .into_iter()
        .fold(home, |home, name| home.env(name, &services.url()));
    watched(home, services::secrets()).env("AWS_DEFAULT_REGION", "eu-west-1")
}

/// The home learns secrets that no AWS file holds: none of them may appear on stderr.
fn watched(home: Home, secrets: impl Iterator<Item = &'static str>) -> Home {
    let lines: Vec<_> = secrets
        .chain(["source/secret+key", "source//session+token=="])
        .map(line)
        .collect();
    home.file("secrets", &lines.concat())
}

fn line(secret: &str) -> String {
    format!("aws_session_token = {secret}\n")
}

/// What stsx gives for a target: id, secret, token.
#[track_caller]
fn given<const N: usize>(home: &Home, arguments: [&str; N]) -> Value {
    let document = home.run(arguments).status(0).json();
    json!([
        document["AccessKeyId"],
        document["SecretAccessKey"],
        document["SessionToken"]
    ])
}

/// A role on top of a source: for STS and for `exec`; the second run asks nobody.
#[track_caller]
fn leads_to_the_role(home: &Home, services: &Services, role: &str) {
    home.run(["whoami", role])
        .stdout_has(":assumed-role/deploy/james")
        .status(0)
        .calls(["AssumeRole", "GetCallerIdentity"]);
    assert_ne!(services.seen(), [""; 0], "nobody asked the service");
    home.run(["exec", role, "--", "printenv", "AWS_ACCESS_KEY_ID"])
        .stdout_has("ASIA")
        .status(0)
        .calls([]);
    assert_eq!(services.seen(), [""; 0], "the role is cached");
}

/// boto3 comes to the same credentials as stsx does for a profile.
#[track_caller]
fn boto3_agrees(home: &Home, profile: &str) {
    if let Some(judged) = boto3(home, profile) {
        assert_eq!(judged, given(home, ["credential-process", profile]));
    }
}

/// Without a profile, boto3 finds what the services of a `lonely` home hand out.
#[track_caller]
fn boto3_finds_the_session(home: &Home) {
    if let Some(judged) = boto3(home, "") {
        let session = Session::new();
        assert_eq!(judged, json!([session.id, session.secret, session.token]));
    }
}

#[track_caller]
fn boto3(home: &Home, profile: &str) -> Option<Value> {
    let python = servers::tool("venv/bin/python")?;
    let python = python.to_str().expect("the testbed's path is UTF-8");
    let run = home
        .program(python, ["-c", JUDGE, profile])
        .stderr_has("")
        .status(0);
    Some(run.json())
}

#[test]
fn keys_of_the_environment_start_a_role() {
    let home = Home::new().aws(|aws| aws.role("deploy"));
    let (id, secret) = keys("James");
    let home = home
        .credentials("")
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    home.run(["whoami"]).stdout_has(":user/James").status(0);
    home.run(["whoami", DEPLOY])
        .stdout_has(":assumed-role/deploy/james")
        .status(0);
    let half = home.without_env("AWS_SECRET_ACCESS_KEY");
    half.run(["whoami"])
        .stderr("stsx: $AWS_ACCESS_KEY_ID is set but $AWS_SECRET_ACCESS_KEY is not\n")
        .status(2);
}
