//! A SAML provider that others wrote (samlp), and a server (moto).

use serde_json::json;

use super::{CALL, home, saml};
use crate::sandbox::federation::others::samlp;
use crate::servers;
use crate::support::{ACCOUNT, Home};

#[test]
fn responses_of_samlp_open_a_role() {
    let provider = format!("arn:aws:iam::{ACCOUNT}:saml-provider/others");
    let role = format!("arn:aws:iam::{ACCOUNT}:role/web");
    let odd = "arn:aws:iam::1:role/a,arn:aws:iam::1:saml-provider/b".to_owned();
    let Some(made) = samlp(&[odd, format!("{provider},{role}")]) else {
        return;
    };
    let mut home = home(&[]);
    let trust = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": provider}}});
    home.sandbox().role(ACCOUNT, "web", &trust.to_string());
    let metadata = made["metadata"].as_str().unwrap();
    home.sandbox().saml(ACCOUNT, "others", metadata);
    for way in ["assertion", "whole"] {
        home = home.file("assertion", made[way].as_str().unwrap());
        saml(&home, "--list").stdout(&format!("{role}\n")).status(0);
        let run = saml(&home, "--format process")
            .stdout_has("ASIA")
            .calls([CALL]);
        assert_eq!(run.requests[0]["PrincipalArn"], provider);
        assert_eq!(run.requests[0]["DurationSeconds"], *"1800");
        run.status(0);
    }
}

#[test]
fn moto_takes_what_is_sent() {
    let Some(world) = servers::moto() else { return };
    let provider = format!("arn:aws:iam::{}:saml-provider/idp", world.account);
    let Some(made) = samlp(&[format!("{},{provider}", world.role("s3"))]) else {
        return;
    };
    let home = Home::new()
        .env("AWS_ENDPOINT_URL", &world.endpoint)
        .file("assertion", made["assertion"].as_str().unwrap());
    let script = "eval $(stsx saml --assertion assertion --shell sh); stsx whoami";
    home.sh(script)
        .stdout_has("assumed-role/James-custom-S3-role/James")
        .status(0);
}
