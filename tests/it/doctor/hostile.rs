//! Files that are no files, or too big, or full of rubbish: they end their own checks only, and nothing is changed.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use serde_json::json;

use super::{finding, mends, report, text};
use crate::support::Home;

/// A home that has something else wrong, too: it is found whatever the config file is.
#[track_caller]
fn others_go_on(home: &Home, rule: &str) {
    let found = finding(home, rule);
    assert!(text(&found, "file").ends_with("/.aws/config"), "{found:#}");
    assert!(!text(&found, "fix").is_empty(), "{found:#}");
    assert_eq!(
        finding(home, "two-regions")["variable"],
        "AWS_DEFAULT_REGION"
    );
    assert_eq!(finding(home, "mismatched-keys")["line"], 2);
}

fn home() -> Home {
    Home::new()
        .credentials("[a]\naws_access_key_id = ASIA0\naws_secret_access_key = hidden\n")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
}

#[test]
fn a_pipe_is_not_waited_for() {
    let home = home();
    home.sh("mkfifo .aws/config; mkdir -p .config/stsx; mkfifo .config/stsx/config")
        .status(0);
    let report = report(&home);
    let found = report["findings"].as_array().expect("a list").iter();
    let found = found.filter(|finding| finding["rule"] == "unreadable-file");
    assert_eq!(found.count(), 2, "{report:#}");
}

#[test]
fn what_is_no_file_ends_its_own_checks_only() {
    let directory = home();
    fs::create_dir_all(directory.path(".aws/config")).expect("HOME is writable");
    others_go_on(&directory, "unreadable-file");
    let link = home();
    symlink("nowhere", link.path(".aws/config")).expect("HOME is writable");
    others_go_on(&link, "unreadable-file");
    let huge = home();
    let file = File::create(huge.path(".aws/config")).expect("HOME is writable");
    file.set_len(1 << 30).expect("a sparse file");
    others_go_on(&huge, "unreadable-file");
    let null = home().env("AWS_CONFIG_FILE", "/dev/null");
    assert!(
        report(&null)["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|one| one["rule"] != "unreadable-file")
    );
}

#[test]
fn what_is_not_utf_8_is_told_with_its_line() {
    let home = home();
    fs::write(
        home.path(".aws/config"),
        b"[profile a]\nregin = eu-west-1\nx = \xff\xfe\n",
    )
    .expect("HOME is writable");
    others_go_on(&home, "not-utf-8");
    assert_eq!(finding(&home, "not-utf-8")["line"], 3);
    // What can be read of the file is checked all the same.
    assert_eq!(finding(&home, "mistyped-key")["line"], 2);
}

#[test]
fn wrong_lines_do_not_hide_each_other() {
    let home = home().config("[profile a\nx\n[profile b]\nregion eu\n  y\nregin = x\n[profile c]\n= 4\nrole_arn = arn:aws:iam::111122223333:role/x\n");
    let report = report(&home);
    let of = |rule: &str| -> Vec<u64> {
        let found = report["findings"].as_array().expect("a list").iter();
        let found = found.filter(|finding| finding["rule"] == rule);
        found
            .filter_map(|finding| finding["line"].as_u64())
            .collect()
    };
    assert_eq!(of("syntax"), [1, 2, 4, 8]);
    assert_eq!(of("mistyped-key"), [6]);
    assert_eq!(of("profile"), [9]);
}

#[test]
fn rubbish_is_given_up_on() {
    let home = home().config(&"rubbish\n[a]\nx\n".repeat(40));
    let report = report(&home);
    let found = report["findings"].as_array().expect("a list").iter();
    let syntax = found.filter(|finding| finding["rule"] == "syntax");
    assert_eq!(syntax.count(), 21, "{report:#}");
}

#[test]
fn terminals_are_not_told_what_to_do() {
    let home = Home::new().config("[\u{1b}[2Jprod]\nregion = eu-west-1\n");
    let run = home.run(["doctor"]).stderr_has("1 problem").status(1);
    run.stdout_has("[\\u{1b}[2Jprod] is not a profile")
        .stdout_lacks("\u{1b}");
}

#[test]
fn ten_thousand_profiles_are_counted_not_listed() {
    let profile = |number: usize| {
        format!(
            "[profile p{number}]\nregin = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n"
        )
    };
    let config: String = (0..10_000).map(profile).collect();
    let home = Home::new().config(&config);
    let report = report(&home);
    assert_eq!(report["left_out"], json!({"mistyped-key": 9_950}));
    assert_eq!(
        (&report["problems"], &report["notes"]),
        (&json!(10_030), &json!(1))
    );
    assert_eq!(report["findings"].as_array().expect("a list").len(), 81);
    let run = home
        .run(["doctor"])
        .stderr("stsx: 10030 problems were found\n")
        .status(1);
    run.stdout_has("\nand 9950 more of the kind mistyped-key\n");
}

/// Every file below a directory, with content, mode and the time of its last change.
fn tree(directory: &Path, found: &mut BTreeMap<String, (Vec<u8>, u32, i64)>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let metadata = entry.metadata().expect("it is there");
        let content = if metadata.is_file() {
            fs::read(entry.path()).expect("it is ours")
        } else {
            Vec::new()
        };
        let state = (content, metadata.mode(), metadata.mtime_nsec());
        found.insert(entry.path().display().to_string(), state);
        if metadata.is_dir() {
            tree(&entry.path(), found);
        }
    }
}

#[test]
fn nothing_is_changed() {
    let home = home()
        .config("[prod]\nregion = x\n[profile a\n")
        .aws(|a| a.role("deploy"));
    let home = home.file(".cache/stsx/1.json", "{").settings("[default]\n");
    let mut before = BTreeMap::new();
    tree(&home.path("."), &mut before);
    home.run(["doctor", "--online"])
        .stdout_has("")
        .stderr_has("problems were found")
        .status(1);
    let mut after = BTreeMap::new();
    tree(&home.path("."), &mut after);
    assert_eq!(before, after);
}

/// An entry of the cache, by its name.
const UNSOUND: &str =
    ".cache/stsx/0000000000000000000000000000000000000000000000000000000000000000.2.json";

#[test]
fn modes_are_found_and_mended() {
    let chmod = |home: &Home, path: &str, mode: u32| {
        fs::set_permissions(home.path(path), Permissions::from_mode(mode)).expect("it is ours");
    };
    for (path, mode, rule) in [
        (".aws/credentials", 0o644, "readable-secret"),
        (".aws/config", 0o664, "writable-file"),
        (".aws", 0o775, "writable-file"),
        (".config/stsx/config", 0o666, "writable-file"),
        (".aws/sso/cache/x.json", 0o644, "readable-tokens"),
        (".cache/stsx", 0o755, "open-cache"),
        (UNSOUND, 0o644, "unsound-entry"),
    ] {
        let home = Home::new()
            .james()
            .config("[profile a]\nregion = eu-west-1\n")
            .settings("");
        let home = home.file(".aws/sso/cache/x.json", "{}");
        if path.starts_with(".cache") {
            fs::create_dir_all(home.path(".cache/stsx")).expect("HOME is writable");
            chmod(&home, ".cache/stsx", 0o700);
        }
        let home = if rule == "unsound-entry" {
            home.file(path, "{}")
        } else {
            home
        };
        chmod(&home, path, mode);
        assert!(!text(&finding(&home, rule), "why").is_empty());
        mends(&home, rule);
    }
    let home = Home::new()
        .config("[profile a]\naws_secret_access_key = hidden-one\naws_access_key_id = AKIA0\n");
    chmod(&home, ".aws/config", 0o644);
    assert_eq!(finding(&home, "readable-secret")["line"], 2);
    let home = Home::new().credentials("");
    chmod(&home, ".aws/credentials", 0o640);
    mends(&home, "readable-file");
}
