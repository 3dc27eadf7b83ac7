//! Values that cannot be right whatever the profile is for: regions, keys, forms that are not AWS's, names of sections.

use serde_json::{Value, json};

use super::{ROLE, finding, lacks, mends, report, text};
use crate::support::Home;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Found on this line and in these words; where the fix is a command, it mends it.
#[track_caller]
fn found_and_mended(home: &Home, rule: &str, line: usize, what: &str) {
    let found = finding(home, rule);
    assert_eq!(
        (&found["line"], text(&found, "what")),
        (&json!(line), what),
        "{found:#}"
    );
    assert!(!text(&found, "why").is_empty(), "{found:#}");
    if text(&found, "fix").starts_with("vi ") {
        assert!(
            text(&found, "fix").starts_with(&format!("vi +{line} ")),
            "{found:#}"
        );
    } else {
        mends(home, rule);
    }
}

#[test]
fn regions_that_are_none_are_found_and_mended() {
    for (region, what) in [
        ("us-esat-1", "`us-esat-1` is not a region; us-east-1 is"),
        (
            "us-est-1",
            "`us-est-1` is not a region; us-east-1 or us-west-1 is",
        ),
        (
            "us-east-1a",
            "`us-east-1a` is a zone of the region us-east-1",
        ),
        (
            "N. Virginia",
            "`N. Virginia` is a place; the region there is us-east-1",
        ),
        ("the moon", "a region is written like eu-central-1"),
    ] {
        let home = Home::new().config(&format!("[profile a]\noutput = json\nregion = {region} \n"));
        found_and_mended(&home, "no-region", 3, what);
        // What the plan would say of the line is not said again.
        let role = format!("[profile a]\n{ROLE}source_profile = default\nregion = {region}\n");
        let home = Home::new().config(&role).james();
        assert_eq!(report(&home)["problems"], 1);
        let corp = format!("[sso-session a]\nsso_start_url = https://x\nsso_region = {region}\n");
        found_and_mended(&Home::new().config(&corp), "no-region", 3, what);
        let home = Home::new().env("AWS_REGION", region);
        assert_eq!(text(&finding(&home, "no-region"), "what"), what);
    }
    let home = Home::new().config("[profile a]\nregion = us-esat-1\n");
    assert!(text(&finding(&home, "no-region"), "fix").contains("us-east-1"));
    // The grammar tells of these.
    let home = Home::new().config("[profile a]\nregion = \"us-esat-1\"\n");
    lacks(&home, "no-region");
}

#[test]
fn regions_that_are_only_unknown_are_notes() {
    for region in ["eu-west-9", "us-iso-east-1", "nz-central-1", "local"] {
        let home = Home::new().config(&format!("[profile a]\nregion = {region}\n"));
        let found = finding(&home, "unknown-region");
        assert_eq!(
            (&found["severity"], &found["line"]),
            (&json!("note"), &json!(2))
        );
    }
    let many = "[profile a]\nregion = local\n[profile b]\nregion = local\n";
    let what = "`local` is not a region that stsx knows (2 times)";
    let found = finding(&Home::new().config(many), "unknown-region");
    assert_eq!(text(&found, "what"), what);
    let other = "[profile a]\nregion = us-esat-1\nendpoint_url = http://127.0.0.1:9000\n";
    lacks(&Home::new().config(other), "no-region");
    let home = Home::new().config("[profile a]\nregion = us-gov-east-1\n");
    assert_eq!(report(&home)["findings"], json!([]));
}

#[test]
fn keys_that_were_cut_are_found_and_never_shown() {
    let cut = |id: &str, secret: &str| {
        format!("[a]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
    };
    let short = &SECRET[..39];
    let blank = format!("{} {}", &SECRET[..20], &SECRET[20..]);
    for (id, secret, line, what) in [
        (
            &ID[..19],
            SECRET,
            2,
            "aws_access_key_id has 19 characters, not 20",
        ),
        (
            &ID[1..],
            SECRET,
            2,
            "aws_access_key_id is not written like any of AWS",
        ),
        (
            "AIDAIOSFODNN7EXAMPLE",
            SECRET,
            2,
            "aws_access_key_id is not written like any of AWS",
        ),
        (
            SECRET,
            SECRET,
            2,
            "aws_access_key_id has the other key of a pair as its value",
        ),
        (
            "AKIA IOSFODNN7EXAMPLE",
            SECRET,
            2,
            "aws_access_key_id has blanks or quotes in it",
        ),
        (
            "AKIAIOSFODNN7EXAMPLE'",
            SECRET,
            2,
            "aws_access_key_id has blanks or quotes in it",
        ),
        (
            ID,
            short,
            3,
            "aws_secret_access_key has 39 characters, not 40",
        ),
        (
            ID,
            blank.as_str(),
            3,
            "aws_secret_access_key has blanks or quotes in it",
        ),
        (
            ID,
            ID,
            3,
            "aws_secret_access_key has the other key of a pair as its value",
        ),
        (
            ID,
            "wJalrXUtnFEMI/K7MDENG-bPxRfiCYEXAMPLEKEY",
            3,
            "aws_secret_access_key is not written like any of AWS",
        ),
    ] {
        let home = Home::new().credentials(&cut(id, secret));
        let all = report(&home).to_string();
        let parts = [&SECRET[..12], &SECRET[22..34]];
        assert!(parts.iter().all(|part| !all.contains(part)), "{all}");
        found_and_mended(&home, "malformed-key", line, what);
    }
    let home = Home::new().credentials(&cut("022QF06E7MXBSH9DHM02", SECRET));
    assert_eq!(finding(&home, "malformed-key")["severity"], "note");
    // In each other's place they are one fault, and what is in quotes is told of on its own.
    for (rule, text) in [
        ("profile", cut(SECRET, ID)),
        ("quoted-value", cut(&format!("\"{ID}\""), SECRET)),
    ] {
        let home = Home::new().credentials(&text);
        lacks(&home, "malformed-key");
        finding(&home, rule);
    }
    // Other services have keys of their own.
    let other = cut("minio", "minio123") + "endpoint_url = http://127.0.0.1:9000\n";
    lacks(&Home::new().credentials(&other), "malformed-key");
    let home = Home::new().env("AWS_ENDPOINT_URL", "http://127.0.0.1:9000");
    lacks(
        &home.credentials(&cut("test", "of-a-test")),
        "malformed-key",
    );
}

#[test]
fn durations_are_told_in_seconds() {
    for (duration, seconds) in [
        ("12h", 43_200),
        ("1h30m", 5_400),
        ("PT1H", 3_600),
        ("90 min", 5_400),
    ] {
        let config =
            format!("[profile a]\n{ROLE}source_profile = default\nduration_seconds = {duration}\n");
        let home = Home::new().config(&config).james();
        let what =
            format!("duration_seconds = {duration} is a form of stsx; in AWS's it is {seconds}");
        assert_eq!(finding(&home, "duration-form")["severity"], "note");
        found_and_mended(&home, "duration-form", 4, &what);
        assert_eq!(report(&home)["findings"], json!([]));
    }
}

#[test]
fn sections_that_are_named_are_there() {
    for (config, line, what) in [
        (
            "[profile a]\nservices = locla\n[services local]\nsts =\n  endpoint_url = http://127.0.0.1:1\n",
            2,
            "[services locla] is not there; [services local] is",
        ),
        (
            "[profile a]\nservices = local\n",
            2,
            "[services local] is not there",
        ),
        (
            "[profile a]\nsso_session = crop\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://x\n",
            2,
            "[sso-session crop] is not there; [sso-session corp] is",
        ),
        (
            "[profile a]\nsso_account_id = 111122223333\nsso_role_name = Reader\nsso_session = corp\n",
            4,
            "[sso-session corp] is not there",
        ),
    ] {
        let home = Home::new().config(config);
        assert_eq!(report(&home)["problems"], 1, "{config}");
        found_and_mended(&home, "no-section", line, what);
    }
}

#[test]
fn forms_of_output_are_those_of_the_aws_cli() {
    for (output, rest) in [
        ("jsno", "`json` is"),
        ("JSON", "`json` is"),
        ("yaml_stream", "`yaml-stream` is"),
        ("xml", "those are json, off, table, text, yaml, yaml-stream"),
    ] {
        let home = Home::new().config(&format!("[profile a]\noutput = {output}\n"));
        let home = home.env("AWS_DEFAULT_OUTPUT", "json");
        let found: Value = finding(&home, "no-output");
        assert!(text(&found, "what").ends_with(rest), "{found:#}");
        let what = text(&found, "what").to_owned();
        found_and_mended(&home, "no-output", 2, &what);
        let home = Home::new().env("AWS_DEFAULT_OUTPUT", output);
        let found = finding(&home, "no-output");
        assert_eq!(
            (text(&found, "what"), text(&found, "fix")),
            (what.as_str(), "unset AWS_DEFAULT_OUTPUT")
        );
    }
}
