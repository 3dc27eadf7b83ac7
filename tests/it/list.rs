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
             the credential_process of profile `tool` (runs tool)\n\
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

/// A command's program is shown, and never its arguments; stsx itself is followed.
#[test]
fn commands_are_shown_by_what_they_run() {
    const TOOL: &str = "/opt/bin/tool --token s3cr3t-in-a-file";
    let config = format!(
        "[profile prod]\nrole_arn = {PROD}\nsource_profile = default\n\
         [profile prod-sdk]\ncredential_process = stsx credential-process prod\n\
         [profile again]\ncredential_process = stsx assume --format json twice\n\
         [profile deep]\nrole_arn = {PROD}\nsource_profile = prod-sdk\n\
         [profile james]\ncredential_process = /usr/bin/stsx process me --profile default\n\
         [profile gone]\ncredential_process = stsx process nowhere --profile missing\n\
         [profile other]\ncredential_process = stsx exec prod -- {TOOL}\n\
         [profile tool]\ncredential_process = {TOOL}\n"
    );
    let home = Home::new()
        .config(&config)
        .settings("[alias]\ntwice = prod-sdk\nme = 111122223333:me\n")
        .credentials(&profile_of("default", "James"));
    home.run(["list", "--tree"])
        .stdout(&format!(
            "the keys of profile `default`\n\
             ├─ prod  {PROD}\n\
             │  └─ prod-sdk  by its credential_process\n\
             │     ├─ again  by its credential_process\n\
             │     └─ deep  {PROD}\n\
             └─ arn:aws:iam::111122223333:role/me\n   \
                └─ james  by its credential_process\n\
             the credential_process of profile `gone` (runs stsx for nowhere)\n\
             the credential_process of profile `other` (runs stsx)\n\
             the credential_process of profile `tool` (runs tool)\n"
        ))
        .stderr("")
        .calls([])
        .status(0);
    home.run(["list"])
        .stdout_has("prod-sdk  the credential_process of profile `prod-sdk` (runs stsx for prod)\n")
        .stdout_has("tool      the credential_process of profile `tool` (runs tool)\n")
        .stdout_has(&format!("deep      {PROD} from the credential_process of profile `prod-sdk` (runs stsx for prod)\n"))
        .stdout_lacks("s3cr3t")
        .status(0);
    let json = home.run(["list", "--format", "json"]);
    let json = json.stdout_lacks("s3cr3t").status(0).json();
    let profiles = json["profiles"].as_array().expect("a list").iter();
    let tool = profiles.into_iter().find(|one| one["name"] == "tool");
    let entry = &tool.expect("listed")["settings"]["credential_process"];
    assert_eq!(entry["program"], "tool");
    for format in ["text", "dot", "mermaid"] {
        home.run(["explain", "tool", "--format", format])
            .stdout_has("runs tool")
            .stdout_lacks("s3cr3t")
            .status(0);
    }
    let plan = home
        .run(["explain", "prod-sdk", "--format", "json"])
        .status(0)
        .json();
    assert_eq!(plan["source"]["program"], "stsx");
    assert_eq!(plan["source"]["asks_for"], "prod");
}
