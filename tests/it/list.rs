//! `stsx list --tree`: who becomes what from whom.

use crate::support::{Home, profile_of};

const PROD: &str = "arn:aws:iam::111122223333:role/prod";

fn home() -> Home {
    let role = |name: &str, source: &str| {
        format!("[profile {name}]\nrole_arn = {PROD}\nsource_profile = {source}\n")
    };
    let config = [
        role("prod", "default"),
        role("audit", "prod"),
        role("admin", "default"),
        "mfa_serial = arn:aws:iam::111122223333:mfa/James\n".to_owned(),
        role("a", "b"),
        role("b", "a"),
        "[profile tool]\ncredential_process = /bin/tool\n".to_owned(),
        "[profile x]\nregion = eu-west-1\n".to_owned(),
    ];
    Home::new()
        .config(&config.concat())
        .credentials(&profile_of("default", "James"))
}

#[test]
fn roles_stand_below_what_they_are_assumed_from() {
    home()
        .run(["list", "--tree"])
        .stdout(&format!(
            "the keys of profile `default`\n\
             ├─ admin  {PROD}  (MFA)\n\
             └─ prod  {PROD}\n   \
                └─ audit  {PROD}\n\
             the credential_process of profile `tool`\n\
             a  error: [HOME]/.aws/config:16: the source profiles form a loop: a → b → a\n\
             b  error: [HOME]/.aws/config:13: the source profiles form a loop: b → a → b\n\
             x  settings only\n"
        ))
        .calls([])
        .status(0);
}

#[test]
fn a_tree_is_for_people() {
    home()
        .run(["list", "--tree", "--format", "json"])
        .stdout("")
        .stderr_has("cannot be used with")
        .status(2);
}

#[test]
fn nothing_makes_no_tree() {
    Home::new()
        .run(["list", "--tree"])
        .stdout("")
        .stderr_has("there are no profiles in ")
        .status(0);
}
