//! `stsx configure`: a hand-written ~/.aws/config gets what was asked for, and nothing else happens to it.

mod corpus;
mod dialogue;
mod faults;
mod files;
mod slips;

use std::fs;

use crate::servers;
use crate::support::{Home, Run};

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

const CONFIG: &str = "\
# mine
[default]
region = eu-west-1

[profile prod]   ; the one
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = default
external_id = 42-old   # from the partner
";

fn home() -> Home {
    Home::new().james().config(CONFIG)
}

fn config(home: &Home) -> String {
    fs::read_to_string(home.path(".aws/config")).expect("it is there")
}

fn written(run: Run, profile: &str) {
    run.stdout("")
        .stderr(&format!(
            "stsx: profile `{profile}` is written to [HOME]/.aws/config; the old file is [HOME]/.aws/config.bak-stsx\n"
        ))
        .status(0);
}

#[test]
fn a_profile_is_added_and_works() {
    let home = home().aws(|a| a.role("deploy"));
    let run = home.run([
        "configure",
        "new",
        "--role",
        ROLE,
        "--source-profile",
        "default",
        "--duration",
        "30m",
        "--session-name",
        "james",
        "--mfa-serial",
        "GAHT12345678",
        "--region",
        "us-east-1",
    ]);
    written(run, "new");
    let added = format!(
        "{CONFIG}\n[profile new]\nrole_arn = {ROLE}\nsource_profile = default\nmfa_serial = GAHT12345678\n\
         duration_seconds = 1800\nrole_session_name = james\nregion = us-east-1\n"
    );
    assert_eq!(config(&home), added);
    assert_eq!(
        fs::read_to_string(home.path(".aws/config.bak-stsx")).unwrap(),
        CONFIG
    );
    written(
        home.run([
            "configure",
            "new",
            "--remove",
            "mfa_serial",
            "--remove",
            "duration_seconds",
        ]),
        "new",
    );
    home.run(["whoami", "new"])
        .stdout_has("assumed-role/deploy/james")
        .status(0);
}

#[test]
fn other_values_are_replaced_only_by_force() {
    let home = home();
    home.run([
        "configure",
        "prod",
        "--external-id",
        "43-new",
        "--region",
        "eu-west-1",
    ])
    .stdout("")
    .stderr(
        "stsx: [HOME]/.aws/config:8: profile `prod` has external_id = 42-old, not 43-new\n\
             hint: --force replaces it; --dry-run shows what would change\n",
    )
    .status(2);
    assert_eq!(config(&home), CONFIG);
    written(
        home.run(["configure", "prod", "--external-id", "43-new", "--force"]),
        "prod",
    );
    assert_eq!(config(&home), CONFIG.replace("42-old", "43-new"));
    home.run(["configure", "prod", "--external-id", "43-new"])
        .stdout("")
        .stderr("stsx: profile `prod` has this already: nothing to write\n")
        .status(0);
}

#[test]
fn a_dry_run_shows_the_change_and_no_secret() {
    let text = "[default]\naws_access_key_id = AKIA1\naws_secret_access_key = very/secret\nregion = eu-west-1\n";
    let home = Home::new().config(text);
    home.run(["configure", "default", "--region", "us-east-1", "--dry-run"])
        .stdout(
            "--- [HOME]/.aws/config\n+++ [HOME]/.aws/config\n@@ -1,4 +1,4 @@\n [default]\n aws_access_key_id = AKIA1\n \
             aws_secret_access_key = (redacted)\n-region = eu-west-1\n+region = us-east-1\n",
        )
        .stderr("stsx: needs --force: [HOME]/.aws/config:4: profile `default` has region = eu-west-1, not us-east-1\n")
        .status(0);
    assert_eq!(config(&home), text);
    let mine = || {
        fs::read_dir(home.path(".aws"))
            .expect("it is there")
            .count()
    };
    assert_eq!(mine(), 1, "nothing else is written either");
    home.run([
        "configure",
        "x",
        "--credential-process",
        "tool --password hunter22",
        "--dry-run",
    ])
    .stdout_has("+credential_process = (redacted)\n")
    .stdout_lacks("hunter22")
    .status(0);
}

/// Flags of a profile `bad`, and a part of what is said.
const BROKEN: &[(&[&str], &str)] = &[
    (
        &["--role", ROLE],
        "neither source_profile nor credential_source",
    ),
    (
        &["--role", ROLE, "--source-profile", "bad"],
        "is its own source_profile but has no keys",
    ),
    (
        &["--role", ROLE, "--source-profile", "gone"],
        "the source_profile `gone` of profile `bad` does not exist",
    ),
    (
        &["--role", ROLE, "--source-profile", "to-bad"],
        "form a loop: bad → to-bad → bad",
    ),
    (
        &["--role", "arn:aws:iam::1:role/x"],
        "an account id has twelve digits",
    ),
    (
        &[
            "--role",
            ROLE,
            "--source-profile",
            "default",
            "--duration",
            "13h",
        ],
        "out of range",
    ),
    (&["--source-profile", "default"], "has no role for it"),
    (
        &["--credential-process", "stsx credential-process bad"],
        "bad → bad",
    ),
    (
        &["--credential-process", "stsx process deploy"],
        "starts from that profile again: bad → bad",
    ),
    (
        &["--credential-process", "stsx process deploy --profile bad"],
        "bad → bad",
    ),
    (
        &["--credential-process", "stsx process via"],
        "bad → via → bad",
    ),
    (
        &["--credential-process", "stsx 'process"],
        "quotes are not balanced",
    ),
    (
        &["--credential-process", "tool # not a comment"],
        "a # or ; where a comment would begin",
    ),
    (
        &["--credential-process", "tool\n[profile x]"],
        "it has line breaks",
    ),
    (
        &[
            "--role",
            ROLE,
            "--source-profile",
            "default",
            "--credential-process",
            "tool",
        ],
        "would never be run: its role_arn comes before it",
    ),
    (&["--region", "EU"], "a region is written like"),
    (&["--external-id", ""], "2 to 1224"),
];

#[test]
fn profiles_that_would_not_work_are_refused() {
    let text = format!(
        "{CONFIG}[profile to-bad]\nrole_arn = {ROLE}\nsource_profile = bad\n\
         [profile via]\ncredential_process = stsx process bad\n"
    );
    let home = Home::new().james().config(&text);
    for (flags, part) in BROKEN {
        let words = ["stsx", "configure", "bad"].iter().chain(*flags).copied();
        let line = shlex::try_join(words).expect("no word has a NUL");
        home.sh(&line).stdout("").stderr_has(part).status(2);
        assert_eq!(config(&home), text, "{flags:?}");
    }
    home.run(["configure", "prod", "--credential-source", "environment"])
        .stdout("")
        .stderr_has(
            "has both source_profile and credential_source\n  the file would say this after the change",
        )
        .status(2);
    written(
        home.run([
            "configure",
            "prod",
            "--credential-source",
            "environment",
            "--remove",
            "source_profile",
        ]),
        "prod",
    );
    assert!(config(&home).contains("credential_source = Environment\n"));
}

#[test]
fn names_that_are_no_names_are_refused() {
    let home = home();
    for name in [
        "",
        " a",
        "a\tb ",
        "a\tb",
        "a\u{202e}b",
        "a\nb",
        "a]b",
        "[a",
        "a#b",
        ROLE,
        "1111:x",
    ] {
        home.run(["configure", name, "--region", "eu-west-1"])
            .stderr_has("")
            .stderr_lacks("\u{202e}")
            .status(2);
        assert_eq!(config(&home), CONFIG, "{name:?}");
    }
    written(
        home.run(["configure", "a+@d:1/2%_-.", "--region", "eu-west-1"]),
        "a+@d:1/2%_-.",
    );
    assert_eq!(
        config(&home),
        format!("{CONFIG}\n[profile a+@d:1/2%_-.]\nregion = eu-west-1\n")
    );
}

/// A name, and the header that the AWS CLI writes for it; but names with quotes and no blanks it cannot read back.
const NAMES: &[(&str, &str)] = &[
    ("my prod", "profile 'my prod'"),
    ("it's mine", "profile 'it'\"'\"'s mine'"),
    ("say \"prod\"", "profile 'say \"prod\"'"),
    ("a\"b", "profile 'a\"b'"),
    ("it's", "profile 'it'\"'\"'s'"),
    ("🐱", "profile 🐱"),
    ("שלום", "profile שלום"),
    ("שלום עולם", "profile 'שלום עולם'"),
];

#[test]
fn names_of_any_kind_are_written_as_the_aws_cli_reads_them() {
    let aws = servers::tool("venv/bin/aws");
    for (name, header) in NAMES {
        let home = home().aws(|a| a.role("deploy"));
        let run = home.run([
            "configure",
            name,
            "--role",
            ROLE,
            "--source-profile",
            "default",
        ]);
        written(run, name);
        let added = format!("\n[{header}]\nrole_arn = {ROLE}\nsource_profile = default\n");
        assert_eq!(config(&home), format!("{CONFIG}{added}"));
        written(home.run(["configure", name, "--region", "eu-west-1"]), name);
        written(home.run(["configure", name, "--remove", "region"]), name);
        assert_eq!(config(&home), format!("{CONFIG}{added}"));
        home.run(["whoami", name])
            .stdout_has("assumed-role/deploy/")
            .status(0);
        if let Some(aws) = &aws {
            let aws = aws.to_str().expect("a path of ASCII");
            let word = shlex::try_quote(name).expect("no NUL is in it");
            home.sh(&format!("{aws} configure get role_arn --profile {word}"))
                .stdout(&format!("{ROLE}\n"))
                .status(0);
        }
    }
}

#[test]
fn a_section_keeps_the_form_it_has() {
    let text = "[profile \"my prod\"]\n\t# mine\n\trole_arn = x\n\n[default]\nregion = a\n";
    let home = Home::new().james().config(text);
    let run = home.run([
        "configure",
        "my prod",
        "--role",
        ROLE,
        "--source-profile",
        "default",
        "--force",
    ]);
    written(run, "my prod");
    let new = format!("role_arn = {ROLE}\n\tsource_profile = default");
    assert_eq!(config(&home), text.replace("role_arn = x", &new));
}

/// What `aws configure` writes, stsx finds: `[my prod]` in one file, `[profile 'my prod']` in the other.
#[test]
fn a_profile_of_the_aws_cli_with_a_blank_in_its_name_is_found() {
    let Some(aws) = servers::tool("venv/bin/aws") else {
        return;
    };
    let home = home();
    let word = "\"it's mine\"";
    for (key, value) in [("aws_session_token", "of old"), ("role_arn", ROLE)] {
        let aws = aws.display();
        home.sh(&format!(
            "{aws} configure set {key} '{value}' --profile {word}"
        ))
        .status(0);
    }
    let run = home.run(["configure", "it's mine", "--source-profile", "default"]);
    written(run, "it's mine");
    home.sh("cat .aws/credentials")
        .stdout_has("[it's mine]\naws_session_token = of old\n")
        .status(0);
    let added =
        format!("[profile 'it'\"'\"'s mine']\nrole_arn = {ROLE}\nsource_profile = default\n");
    assert_eq!(config(&home), format!("{CONFIG}{added}"));
    home.run(["explain", "it's mine"])
        .stdout_has("role/deploy")
        .status(0);
}

#[test]
fn what_the_credentials_file_says_wins_and_is_left_to_it() {
    let credentials =
        "[prod]\nrole_arn = arn:aws:iam::111122223333:role/other\nregion = eu-west-1\n";
    let home = Home::new().config(CONFIG).credentials(credentials);
    home.run(["configure", "prod", "--region", "eu-west-1"])
        .stdout("")
        .stderr("stsx: profile `prod` has this already: nothing to write\n")
        .status(0);
    home.run(["configure", "prod", "--role", ROLE, "--force"])
        .stdout("")
        .stderr(
            "stsx: [HOME]/.aws/credentials:2: profile `prod` has role_arn = arn:aws:iam::111122223333:role/other in the \
             credentials file, which wins over the config file\nhint: change it there\n",
        )
        .status(2);
}

#[test]
fn a_target_becomes_a_profile_for_every_sdk() {
    let home = Home::new()
        .james()
        .config(&CONFIG.replace("external_id = 42-old ", "region = eu-north-1"));
    home.sh("stsx configure --process prod")
        .stdout("")
        .stderr_has("profile `prod-sdk` is written")
        .status(0);
    assert!(config(&home).ends_with("\n\n[profile prod-sdk]\ncredential_process = stsx credential-process prod\nregion = eu-north-1\n"));
    home.sh(&format!(
        "stsx configure --process {ROLE} --region us-east-1"
    ))
    .stdout("")
    .stderr_has("profile `deploy-sdk`")
    .status(0);
    let line = format!(
        "credential_process = stsx credential-process {ROLE} --profile default\nregion = us-east-1\n"
    );
    assert!(config(&home).ends_with(&line), "{}", config(&home));
    // Not on the PATH: the whole path.
    home.run([
        "configure",
        "--process",
        "role/team/deploy",
        "--profile",
        "prod",
        "--as",
        "team",
    ])
    .stderr_has("`team`")
    .status(0);
    let binary = env!("CARGO_BIN_EXE_stsx");
    let line = format!(
        "credential_process = {binary} credential-process role/team/deploy --profile prod\n"
    );
    assert!(config(&home).contains(&line), "{}", config(&home));
    home.sh("stsx configure --process prod --as prod --force")
        .stdout("")
        .stderr_has("would never be run")
        .status(2);
    home.sh("stsx configure --process prod --as default")
        .stderr_has("would never be run")
        .status(2);
    home.sh("stsx configure --process 'no such' ")
        .stderr_has("neither a profile nor a role name")
        .status(2);
    home.sh("stsx configure --process prdo --dry-run")
        .stdout_has("+[profile prdo-sdk]\n")
        .stderr(
            "stsx: `prdo` is not a profile, an alias or a cached role, so it will be tried as a role name in the account \
             of the keys of profile `default`; did you mean the profile `prod`?\n",
        )
        .status(0);
}

#[test]
fn the_aws_cli_reads_what_was_written() {
    let Some(aws) = servers::tool("venv/bin/aws") else {
        return;
    };
    let home = home().aws(|a| a.role("deploy"));
    home.sh(&format!(
        "stsx configure cli --role {ROLE} --source-profile default --external-id a:b/c"
    ))
    .stderr_has("written")
    .status(0);
    home.sh("stsx configure --process cli")
        .stderr_has("written")
        .status(0);
    for (key, value) in [
        ("role_arn", ROLE),
        ("source_profile", "default"),
        ("external_id", "a:b/c"),
    ] {
        let script = format!("{} configure get {key} --profile cli", aws.display());
        home.sh(&script).stdout(&format!("{value}\n")).status(0);
    }
    let script = format!(
        "{} sts get-caller-identity --profile cli-sdk --region us-east-1",
        aws.display()
    );
    home.sh(&script)
        .stdout_has("assumed-role/deploy")
        .stderr("")
        .status(0);
}

#[test]
fn files_that_are_no_profile_files_are_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.path(".aws/config")).unwrap();
    let run = || {
        home.run(["configure", "x", "--region", "eu-west-1"])
            .stdout("")
    };
    run()
        .stderr("stsx: [HOME]/.aws/config is not an ordinary file\n")
        .status(2);
    fs::remove_dir(home.path(".aws/config")).unwrap();
    fs::write(home.path(".aws/config"), b"[default]\nregion = \xff\n").unwrap();
    run()
        .stderr("stsx: [HOME]/.aws/config:2: the file is not UTF-8 here\n")
        .status(2);
    fs::write(home.path(".aws/config"), "[default]\njunk\n").unwrap();
    run()
        .stderr("stsx: [HOME]/.aws/config:2: expected `key = value`, but there is no `=`\n")
        .status(2);
    assert_eq!(config(&home), "[default]\njunk\n");
}
