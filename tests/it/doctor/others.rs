//! A user who is not root: files of others, and those that are shut for their own user, which nothing is for root.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use serde_json::Value;

use super::{text, typed};
use crate::secrets::are_root;
use crate::support::Home;

const NOBODY: u32 = 65_534;

/// A home that is nobody's, with a stsx that nobody may run.
fn home() -> Home {
    let home = Home::new()
        .james()
        .config("[profile a]\nregion = eu-west-1\n")
        .settings("[defaults]\n");
    home.sh(&format!(
        "mkdir -p .cache/stsx; chmod 700 .cache/stsx; cp $(command -v stsx) me; chown -R {NOBODY}:{NOBODY} ."
    ))
    .status(0);
    home
}

/// A command line as nobody types it.
fn by_nobody(line: &str) -> String {
    format!("exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs {line}")
}

/// What nobody finds by this rule.
fn found(home: &Home, rule: &str) -> Vec<Value> {
    let run = home.sh(&by_nobody("./me doctor --format json"));
    let status = run.code().expect("no signal ended it");
    let report = run.stderr_has("").status(status).json();
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .filter(|one| one["rule"] == rule)
        .cloned()
        .collect()
}

#[test]
fn files_of_another_user_are_found() {
    if !are_root() {
        return;
    }
    for path in [
        ".aws",
        ".aws/config",
        ".aws/credentials",
        ".config/stsx/config",
    ] {
        let home = home();
        assert!(found(&home, "foreign-file").is_empty());
        let place = home.path(path);
        let give = |user: u32| chown(&place, Some(user), None).expect("root may");
        give(1);
        // The others are the group of the file.
        let mode = if place.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(&place, Permissions::from_mode(mode)).expect("root may");
        let foreign = found(&home, "foreign-file");
        assert_eq!(foreign.len(), 1, "{foreign:#?}");
        let file = typed(&home, text(&foreign[0], "file"));
        assert_eq!(file, place.display().to_string());
        let fix = typed(&home, text(&foreign[0], "fix"));
        let fix = fix.strip_prefix("sudo ").expect("nobody may not");
        home.sh(fix).status(0);
        assert!(found(&home, "foreign-file").is_empty());
        // What is root's is the system's.
        give(0);
        assert!(found(&home, "foreign-file").is_empty());
    }
}

#[test]
fn what_is_shut_for_its_own_user_is_found_and_opened() {
    if !are_root() {
        return;
    }
    for (path, mode, rule, what) in [
        (
            ".aws/config",
            0o200,
            "unreadable-file",
            "the file cannot be read: ",
        ),
        (
            ".aws/credentials",
            0o000,
            "unreadable-file",
            "the file cannot be read: ",
        ),
        (
            ".config/stsx/config",
            0o000,
            "unreadable-file",
            "the file cannot be read: ",
        ),
        (
            ".cache/stsx",
            0o500,
            "no-cache",
            "the cache directory cannot be written to",
        ),
    ] {
        let home = home();
        assert!(found(&home, rule).is_empty());
        fs::set_permissions(home.path(path), Permissions::from_mode(mode)).expect("root may");
        let shut = found(&home, rule);
        assert_eq!(shut.len(), 1, "{shut:#?}");
        assert!(text(&shut[0], "what").starts_with(what), "{shut:#?}");
        assert!(text(&shut[0], "file").ends_with(path), "{shut:#?}");
        let fix = typed(&home, text(&shut[0], "fix"));
        home.sh(&by_nobody(&fix)).status(0);
        assert!(found(&home, rule).is_empty());
    }
}
