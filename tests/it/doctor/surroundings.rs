//! Variables, other tools, downloads, and stsx's own places.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{finding, lacks, mends, text};
use crate::support::{ACCOUNT, DEVICE, Home, keys, profile_of};

/// Variables, the rule that finds them, the variable it names, and the line that removes them.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);

/// Each is found with its fix; where that is `unset`, it is typed, and nothing is found any more.
#[track_caller]
fn found_and_unset(rows: &[Row<'_>]) {
    for (pairs, rule, variable, fix) in rows {
        let home = Home::new()
            .james()
            .config("[profile other]\nregion = eu-west-1\n");
        let home = pairs
            .iter()
            .fold(home, |home, (name, value)| home.env(name, value));
        let found = finding(&home, rule);
        let said = (text(&found, "variable"), text(&found, "fix"));
        assert_eq!(said, (*variable, *fix), "{found:#}");
        assert!(
            !text(&found, "why").is_empty() && !found.to_string().contains("hidden"),
            "{found:#}"
        );
        if fix.starts_with("unset") {
            let again = home.sh(&format!("{fix}; stsx doctor --format json"));
            let status = again.code().expect("no signal ended it");
            again
                .status(status)
                .stderr_has("")
                .stdout_lacks(&format!("\"{rule}\""))
                .stdout_has("");
        }
    }
}

const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIAJAMES00000000000");
const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "James/is+secret");

#[test]
fn keys_that_hide_or_lack_something_are_found_and_unset() {
    let token = ("AWS_SESSION_TOKEN", "some-token");
    let end = ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z");
    let all =
        "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION";
    let marks = "unset STSX_TARGET STSX_SOURCE STSX_RESTORE";
    found_and_unset(&[
        (&[ID], "half-keys", ID.0, "unset AWS_ACCESS_KEY_ID"),
        (
            &[SECRET],
            "half-keys",
            SECRET.0,
            "unset AWS_SECRET_ACCESS_KEY",
        ),
        (
            &[token],
            "token-without-keys",
            token.0,
            "unset AWS_SESSION_TOKEN",
        ),
        (
            &[ID, SECRET, ("AWS_PROFILE", "default")],
            "shadowed-profile",
            "AWS_PROFILE",
            "unset AWS_PROFILE",
        ),
        (&[ID, SECRET, end], "ended-keys", end.0, all),
        (
            &[("STSX_TARGET", "prod")],
            "stale-mark",
            "STSX_TARGET",
            marks,
        ),
    ]);
}

#[test]
fn names_that_mean_nothing_are_found_and_unset() {
    let regions = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ];
    let profiles = [("AWS_PROFILE", "default"), ("AWS_DEFAULT_PROFILE", "other")];
    found_and_unset(&[
        (
            &[("AWS_PROFILE", "defualt")],
            "no-such-profile",
            "AWS_PROFILE",
            "unset AWS_PROFILE",
        ),
        (
            &[("STSX_PROFILE", "gone")],
            "no-such-profile",
            "STSX_PROFILE",
            "unset STSX_PROFILE",
        ),
        (
            &profiles,
            "two-profiles",
            "AWS_DEFAULT_PROFILE",
            "unset AWS_DEFAULT_PROFILE",
        ),
        (
            &regions,
            "two-regions",
            "AWS_DEFAULT_REGION",
            "unset AWS_DEFAULT_REGION",
        ),
        (
            &[("AWS_REGION", "eu west")],
            "no-region",
            "AWS_REGION",
            "unset AWS_REGION",
        ),
        (
            &[("STSX_MIN_TLT", "5m")],
            "mistyped-variable",
            "STSX_MIN_TLT",
            "unset STSX_MIN_TLT",
        ),
        (
            &[("STSX_DURATION", "soon")],
            "setting",
            "STSX_DURATION",
            "unset STSX_DURATION",
        ),
    ]);
}

#[test]
fn places_that_lead_nowhere_are_found_and_unset() {
    let url = ("AWS_ENDPOINT_URL", "http://u:hidden@127.0.0.1:1");
    let token = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/etc/passwd");
    found_and_unset(&[
        (
            &[("AWS_CONFIG_FILE", "/no/such")],
            "missing-file",
            "AWS_CONFIG_FILE",
            "unset AWS_CONFIG_FILE",
        ),
        (
            &[("AWS_CA_BUNDLE", "/no/such")],
            "missing-file",
            "AWS_CA_BUNDLE",
            "unset AWS_CA_BUNDLE",
        ),
        (
            &[("AWS_CA_BUNDLE", "/etc/passwd")],
            "no-certificates",
            "AWS_CA_BUNDLE",
            "unset AWS_CA_BUNDLE",
        ),
        (
            &[token],
            "token-without-role",
            token.0,
            "unset AWS_WEB_IDENTITY_TOKEN_FILE",
        ),
        (
            &[("HTTPS_PROXY", "http://proxy:port")],
            "no-proxy",
            "HTTPS_PROXY",
            "unset HTTPS_PROXY",
        ),
        (&[url], "endpoint", url.0, "unset AWS_ENDPOINT_URL"),
    ]);
}

#[test]
fn fixes_are_written_for_the_shell() {
    let home = Home::new()
        .env("AWS_SESSION_TOKEN", "some-token")
        .env("STSX_SHELL", "fish");
    assert_eq!(
        text(&finding(&home, "token-without-keys"), "fix"),
        "set -e AWS_SESSION_TOKEN"
    );
}

#[test]
fn an_export_that_has_ended_is_made_again() {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    let home = Home::new().config(&config).aws(|a| a.role("deploy"));
    let script = "eval $(stsx assume prod); export AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z; stsx doctor";
    let run = home.sh(script).stderr_has("1 problem").status(1);
    run.stdout_has("\n  fix    eval $(stsx assume prod)\n")
        .stdout_lacks("stale-mark");
    home.sh("eval $(stsx assume prod); stsx doctor")
        .stdout_has("  where  $AWS_ENDPOINT_URL\n")
        .status(0);
}

#[test]
fn leftovers_of_other_tools_are_found() {
    let (_, secret) = keys("James");
    let session = format!(
        "[keep]\nregion = eu-west-1\n\n[saml]\naws_access_key_id = ASIA0\naws_secret_access_key = {secret}\n\
         aws_session_token = old-token\n"
    );
    for end in [
        "x_security_token_expires = 2020-01-01T00:00:00+01:00\n",
        "aws_expiration = 2020-01-01T00:00:00Z\n",
        "expiration = 2020-01-01 00:00:00\n",
    ] {
        let home =
            Home::new().credentials(&format!("{session}{end}\n[james]\nregion = eu-west-1\n"));
        let found = finding(&home, "ended-session");
        assert_eq!(found["line"], 7, "{found:#}");
        mends(&home, "ended-session");
        let kept = "[keep]\nregion = eu-west-1\n\n\n[james]\nregion = eu-west-1\n";
        home.sh("cat .aws/credentials").stdout(kept).status(0);
    }
    let living =
        Home::new().credentials(&format!("{session}aws_expiration = 2999-01-01T00:00:00Z\n"));
    lacks(&living, "ended-session");
    let okta = Home::new().config("[profile a]\naws_saml_url = home/amazon_aws/x\n");
    assert_eq!(finding(&okta, "retired-tool")["severity"], "note");
}

#[test]
fn programs_and_files_that_are_missing_are_found() {
    let role = format!("role_arn = arn:aws:iam::{ACCOUNT}:role/deploy\n");
    for (line, rule, what) in [
        (
            "credential_process = aws-vault export a".to_owned(),
            "missing-program",
            "aws-vault, is not there",
        ),
        (
            "credential_process = granted credential-process --profile a".to_owned(),
            "missing-program",
            "granted, is not there",
        ),
        (
            "credential_process = /opt/x/awsumepy a".to_owned(),
            "missing-program",
            "/opt/x/awsumepy, is not there",
        ),
        (
            "credential_process = ~/bin/keys".to_owned(),
            "missing-program",
            "no shell expands",
        ),
        (
            "credential_process = TOKEN=hidden keys".to_owned(),
            "missing-program",
            "sets TOKEN",
        ),
        (
            format!(
                "{role}source_profile = default\nmfa_serial = {DEVICE}\nmfa_process = ykman-gone x"
            ),
            "missing-program",
            "ykman-gone",
        ),
        (
            format!("{role}web_identity_token_file = /no/such"),
            "missing-file",
            "/no/such",
        ),
        (
            "ca_bundle = /no/such".to_owned(),
            "missing-file",
            "/no/such",
        ),
    ] {
        let home = Home::new()
            .james()
            .config(&format!("[profile a]\n{line}\n"));
        let found = finding(&home, rule);
        assert!(text(&found, "what").contains(what), "{found:#}");
        let key = line
            .lines()
            .last()
            .and_then(|line| line.split(" =").next())
            .expect("a key");
        assert_eq!(
            text(&found, "fix"),
            format!("stsx configure a --remove {key}")
        );
        assert!(!found.to_string().contains("hidden"), "{found:#}");
    }
}

#[test]
fn downloads_of_keys_are_found() {
    let (id, secret) = keys("James");
    let csv = format!("\u{feff}Access key ID,Secret access key\r\n{id},{secret}\r\n");
    let known = Home::new()
        .james()
        .file("Downloads/james_accessKeys.csv", &csv);
    assert!(text(&finding(&known, "key-download"), "what").contains("has already"));
    mends(&known, "key-download");
    let new = Home::new().file(".aws/rootkey.csv", &csv);
    assert_eq!(
        text(&finding(&new, "key-download"), "fix"),
        "stsx import [HOME]/.aws/rootkey.csv"
    );
    let other = Home::new().file("Downloads/credentials.csv", "name,age\nJames,42\n");
    lacks(&other, "key-download");
}

#[test]
fn settings_that_are_wrong_are_told_with_their_line() {
    let home = Home::new().settings("[defaults]\nduration = 1h\nduratoin = 2h\n");
    let found = finding(&home, "setting");
    assert_eq!(found["line"], 3, "{found:#}");
    assert!(
        text(&found, "file").ends_with("/.config/stsx/config"),
        "{found:#}"
    );
    assert!(text(&found, "fix").starts_with("vi +3 "), "{found:#}");
}

#[test]
fn what_is_wrong_with_the_cache_is_found() {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n"
    );
    let home = Home::new().config(&config).aws(|a| a.role("deploy"));
    home.run(["credential-process", "prod"])
        .stdout_has("")
        .status(0);
    lacks(&home, "unsound-entry");
    let home = home.file(
        &format!(".cache/stsx/{}.2.json", "0".repeat(64)),
        "{\"version\": 1, \"secret_access_key\": \"cut",
    );
    let found = finding(&home, "unsound-entry");
    assert!(
        text(&found, "what").contains("damaged") && found["severity"] == "note",
        "{found:#}"
    );
    mends(&home, "unsound-entry");
    let home = home.file(".cache/stsx/.tmpAbCdEf.tmp", "");
    assert!(text(&finding(&home, "unsound-entry"), "what").contains("did not finish"));
    let home = Home::new().file(".cache/stsx", "");
    mends(&home, "no-cache");
}

#[test]
fn a_second_stsx_is_found() {
    let home = Home::new().file("one/stsx", "").file("two/stsx", "");
    let make = |path: &str| {
        fs::set_permissions(home.path(path), Permissions::from_mode(0o755)).expect("it is ours");
    };
    make("one/stsx");
    make("two/stsx");
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        home.path("one").display(),
        home.path("two").display()
    );
    let home = home.env("PATH", &path);
    assert!(text(&finding(&home, "two-stsx"), "file").ends_with("two/stsx"));
    mends(&home, "two-stsx");
}

#[test]
fn logins_that_are_over_are_notes_with_the_line_to_type() {
    let config = "[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n\
        [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n\
        [profile me]\nlogin_session = arn:aws:iam::111122223333:user/James\n";
    let token = |end: &str, more: &str| {
        format!(
            "{{\"startUrl\": \"https://corp.awsapps.com/start#\", \"accessToken\": \"hidden-a\", \"expiresAt\": \"{end}\"{more}}}"
        )
    };
    let home = Home::new().config(config);
    let run = home.run(["doctor"]).status(0);
    let run = run.stdout_has("  fix    aws sso login --sso-session corp\n");
    run.stdout_has("  fix    aws login --profile me\n");
    let ended = home.file(
        ".aws/sso/cache/a.json",
        &token("2020-01-01T00:00:00UTC", ""),
    );
    let run = ended.run(["doctor"]).status(0);
    run.stdout_has("the login for the SSO login of profile `corp` expired at 2020-01-01T00:00:00Z")
        .stdout_lacks("hidden");
    let due = ended.file(
        ".aws/sso/cache/b.json",
        &token("2020-01-01T00:00:00Z", ", \"refreshToken\": \"hidden-r\""),
    );
    due.run(["doctor"])
        .status(0)
        .stdout_lacks("sso login")
        .stdout_has("");
    let text = profile_of("x", "James");
    lacks(&Home::new().credentials(&text), "logged-out");
}
