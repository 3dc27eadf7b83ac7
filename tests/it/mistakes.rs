//! Mistakes that people make in their files and on the command line: each is told with what to do about it.

use crate::support::{ACCOUNT, Home};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn role(section: &str) -> String {
    format!("{section}\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n")
}

#[test]
fn a_section_that_is_no_profile_for_its_form_is_named() {
    let sections = ["[prod]", "[Profile team]", "[profile my prod]"];
    let home = Home::new()
        .config(&sections.map(role).concat())
        .aws(|a| a.role("deploy"));
    for (target, hint) in [
        (
            "prod",
            "[HOME]/.aws/config:1: [prod] is not a profile: write [profile prod]\n",
        ),
        (
            "team",
            "[HOME]/.aws/config:4: [Profile team] is not a profile: write [profile team]\n",
        ),
        (
            "my prod",
            "[HOME]/.aws/config:7: [profile my prod] is not a profile: write [profile 'my prod']\n",
        ),
    ] {
        home.run(["whoami", target])
            .stdout("")
            .stderr_has(&format!("hint: {hint}"))
            .status(if target == "my prod" { 2 } else { 4 });
    }
    home.run(["whoami", "--profile", "team"])
        .stderr_has("write [profile team]")
        .status(2);
    let home = Home::new()
        .credentials("[profile ops]\naws_access_key_id = A\n")
        .aws(|a| a.role("deploy"));
    home.run(["whoami", "ops"])
        .stderr_has(
            "hint: [HOME]/.aws/credentials:1: [profile ops] is not a profile: write [ops]\n",
        )
        .status(2);
}

#[test]
fn swapped_keys_are_refused_and_not_shown() {
    let home = Home::new()
        .file("known", &format!("aws_secret_access_key = {SECRET}\n"))
        .credentials(&format!(
            "[swapped]\naws_access_key_id = {SECRET}\naws_secret_access_key = {ID}\n"
        ));
    let what = "stsx: [HOME]/.aws/credentials:2: profile `swapped` has its access key id and its secret access key \
                in each other's place\n";
    for command in ["whoami", "explain"] {
        home.run([command, "swapped"])
            .stderr_has(what)
            .status(2)
            .stdout_lacks(SECRET);
    }
    for words in [&["list", "--format", "json"][..], &["doctor"]] {
        home.sh(&format!("stsx {}; true", words.join(" ")))
            .stdout_has("swapped")
            .stdout_lacks(SECRET)
            .stderr_has("")
            .stderr_lacks(SECRET)
            .status(0);
    }
    home.env("AWS_ACCESS_KEY_ID", SECRET)
        .env("AWS_SECRET_ACCESS_KEY", ID)
        .run(["whoami"])
        .stdout("")
        .stderr_has("stsx: $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY have each other's value\n")
        .calls([])
        .status(2);
}

#[test]
fn a_command_of_exec_without_dashes_is_told_where_they_go() {
    let home = Home::new();
    home.run(["exec", "prod", "ls", "-l"])
        .stderr_has("hint: the command comes after --: stsx exec TARGET -- COMMAND\n")
        .status(2);
    home.run(["--error-format", "json", "exec", "prod", "ls"])
        .stderr_has("\"hint\":\"the command comes after --: stsx exec TARGET -- COMMAND\"")
        .status(2);
    home.run(["exec", "--nonsense", "prod", "--", "ls"])
        .stderr_has("similar argument")
        .stderr_lacks("hint:")
        .status(2);
}

#[test]
fn keys_that_a_role_hides_are_told_of() {
    let keys = format!("aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n");
    let home = Home::new()
        .credentials(&format!("[default]\n{keys}[admin]\n{keys}"))
        .file(
            "key.csv",
            &format!("Access key ID,Secret access key\n{ID},{SECRET}\n"),
        );
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    let note = |name: &str| {
        format!(
            "stsx: profile `{name}` has both role_arn and keys: it stands for the role, and the keys count only \
             where another profile has source_profile = {name}\n"
        )
    };
    home.run([
        "configure",
        "admin",
        "--role",
        &arn,
        "--source-profile",
        "default",
    ])
    .stderr_has(&note("admin"))
    .status(0);
    home.run([
        "configure",
        "own",
        "--role",
        &arn,
        "--source-profile",
        "default",
    ])
    .stderr_has("is written")
    .stderr_lacks("role_arn and keys")
    .status(0);
    home.run(["import", "key.csv", "--as", "own"])
        .stderr_has(&note("own"))
        .status(0);
    // A config file that does not parse is no reason not to import a key.
    let broken = home.file(".aws/config", "[profile late]\nrole_arn\n");
    broken
        .run(["import", "key.csv", "--as", "late"])
        .stderr_has("is written")
        .status(0);
    let home = broken.file(".aws/config", "");
    // A role that starts from the keys of its own profile uses them.
    home.run(["import", "key.csv", "--as", "self"])
        .stderr_has("is written")
        .status(0);
    home.run([
        "configure",
        "self",
        "--role",
        &arn,
        "--source-profile",
        "self",
    ])
    .stderr_has("is written")
    .stderr_lacks("role_arn and keys")
    .status(0);
}

#[test]
fn a_dry_run_shows_the_command_that_stsx_writes() {
    let home = Home::new()
        .config(&role("[profile prod]"))
        .aws(|a| a.role("deploy"));
    home.run(["configure", "--process", "prod", "--dry-run"])
        .stdout_has("/stsx credential-process prod\n")
        .stdout_lacks("(redacted)")
        .status(0);
    let other = "[profile prod]\ncredential_process = get-keys --password hunter2\n";
    Home::new()
        .config(other)
        .run(["configure", "prod", "--region", "us-east-1", "--dry-run"])
        .stdout_has(" credential_process = (redacted)\n")
        .status(0);
}
