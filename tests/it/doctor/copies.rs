//! Copies of the profile files, and what an unfinished change left.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use super::{finding, lacks, mends, report, text};
use crate::support::{Home, profile_of};

fn open(home: &Home, path: &str) {
    fs::set_permissions(home.path(path), Permissions::from_mode(0o644)).expect("it is ours");
}

/// Makes a file an old one.
fn age(home: &Home, path: &str) {
    let file = File::options().write(true).open(home.path(path));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    file.expect("it is ours")
        .set_modified(long_ago)
        .expect("it is ours");
}

#[test]
fn copies_that_others_can_read_are_found_and_closed() {
    let keys = profile_of("default", "James");
    for name in [
        "credentials.bak",
        "credentials.bak-stsx",
        "credentials~",
        "credentials.old",
        ".credentials.swp",
        "config.orig",
    ] {
        let path = format!(".aws/{name}");
        let home = Home::new()
            .james()
            .config("[profile a]\n")
            .file(&path, &keys);
        lacks(&home, "readable-copy");
        open(&home, &path);
        let found = finding(&home, "readable-copy");
        assert!(text(&found, "file").ends_with(name), "{found:#}");
        mends(&home, "readable-copy");
        assert_eq!(report(&home)["problems"], 0);
    }
    for (name, text) in [
        ("config.bak", "[profile a]\nregion = eu-west-1\n"),
        ("credentials-work", keys.as_str()),
    ] {
        let path = format!(".aws/{name}");
        let home = Home::new()
            .james()
            .config("[profile a]\n")
            .file(&path, text);
        open(&home, &path);
        lacks(&home, "readable-copy");
    }
}

#[test]
fn copies_are_looked_for_where_the_file_is() {
    let keys = profile_of("default", "James");
    let home = Home::new()
        .file("dotfiles/aws", &keys)
        .file("dotfiles/aws.bak", &keys);
    open(&home, "dotfiles/aws.bak");
    home.sh("mkdir .aws && ln -s ../dotfiles/aws .aws/credentials")
        .status(0);
    mends(&home, "readable-copy");
    let home = Home::new()
        .file("work/keys", &keys)
        .file("work/keys~", &keys);
    open(&home, "work/keys~");
    let path = home.path("work/keys").display().to_string();
    mends(
        &home.env("AWS_SHARED_CREDENTIALS_FILE", &path),
        "readable-copy",
    );
}

#[test]
fn copies_with_keys_that_no_profile_has_are_noted() {
    let both = profile_of("default", "James") + &profile_of("mary", "Mary");
    let home = Home::new().james().file(".aws/credentials.bak", &both);
    assert_eq!(finding(&home, "old-copy")["severity"], "note");
    mends(&home, "old-copy");
    let known = Home::new()
        .credentials(&both)
        .file(".aws/credentials.bak", &both);
    lacks(&known, "old-copy");
    // It is not called old when the file itself is gone, or cannot be read as a whole.
    for credentials in [None, Some("[james\n"), Some("rubbish")] {
        let home = Home::new().file(".aws/credentials.bak", &both);
        let home = match credentials {
            Some(text) => home.credentials(text),
            None => home,
        };
        lacks(&home, "old-copy");
    }
}

#[test]
fn what_an_unfinished_change_left_is_found_and_removed() {
    let path = ".aws/.stsx-AbCdEf.tmp";
    let home = Home::new()
        .james()
        .file(path, &profile_of("default", "James"));
    // It may be in the making.
    lacks(&home, "unfinished-change");
    age(&home, path);
    assert_eq!(finding(&home, "unfinished-change")["severity"], "note");
    open(&home, path);
    assert_eq!(finding(&home, "unfinished-change")["severity"], "problem");
    mends(&home, "unfinished-change");
}
