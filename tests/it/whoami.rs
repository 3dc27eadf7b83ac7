//! `stsx whoami`: the answer of sts:GetCallerIdentity, for people and in the AWS CLI's words.

use crate::support::{ACCOUNT, Home, keys};

fn home() -> Home {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    Home::new().config(&config).aws(|a| a.role("deploy"))
}

#[test]
fn the_user() {
    let home = home();
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/James");
    let answer = home
        .run(["whoami", "--format", "json"])
        .stderr("")
        .calls(["GetCallerIdentity"])
        .status(0)
        .json();
    assert_eq!(
        (&answer["Account"], &answer["Arn"]),
        (&ACCOUNT.into(), &arn.as_str().into())
    );
    assert!(
        answer["UserId"]
            .as_str()
            .is_some_and(|id| id.starts_with("AIDA")),
        "{answer}"
    );
    home.run(["whoami"])
        .stdout_has(&arn)
        .stdout_has(ACCOUNT)
        .stdout_has("AIDA")
        .stderr("")
        .status(0);
}

#[test]
fn a_role_and_how_long_it_lives() {
    let home = home();
    let run = home
        .run(["whoami", "prod", "--session-name", "me"])
        .calls(["AssumeRole", "GetCallerIdentity"]);
    let run = run
        .stdout_has(&format!("arn:aws:sts::{ACCOUNT}:assumed-role/deploy/me"))
        .stderr("");
    run.stdout_has("(in ").status(0);
    let script = "eval $(stsx assume prod --session-name me); stsx whoami";
    home.sh(script)
        .stdout_has(":assumed-role/deploy/me")
        .stdout_has("(in ")
        .calls(["GetCallerIdentity"])
        .status(0);
}

#[test]
fn keys_that_stsx_did_not_export_have_no_known_end() {
    let (id, secret) = keys("James");
    let home = home()
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    home.run(["whoami"])
        .stdout_has("user/James")
        .stdout_lacks("(in ")
        .stderr("")
        .status(0);
}
