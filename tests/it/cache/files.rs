//! The files of the cache: who may read them, and which are trusted. What disks and kills do to them is in `damage`.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use super::{home, key_of};
use crate::support::{Home, keys};

/// Does something to the file of an entry.
type Spoil<'a> = &'a dyn Fn(&Path, &Home);

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").mode() & 0o7777
}

#[test]
fn only_the_owner_can_read_it_whatever_the_umask() {
    let home = home();
    home.sh("umask 0; stsx process prod")
        .stdout_has("ASIA")
        .status(0);
    assert_eq!(mode(&home.path(".cache/stsx")), 0o700);
    let files: Vec<_> = fs::read_dir(home.path(".cache/stsx"))
        .expect("a cache")
        .flatten()
        .collect();
    assert!(!files.is_empty() && home.cached().len() == 1);
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{}", file.path().display());
    }
}

#[test]
fn long_lived_secrets_are_never_stored() {
    let home = home();
    key_of(&home, ["process", "prod"], ["AssumeRole"]);
    let (_, secret) = keys("James");
    for file in fs::read_dir(home.path(".cache/stsx"))
        .expect("a cache")
        .flatten()
    {
        let text = String::from_utf8_lossy(&fs::read(file.path()).expect("ours")).into_owned();
        assert!(
            !text.contains(&secret),
            "{} holds James's secret",
            file.path().display()
        );
    }
}

#[test]
fn what_is_damaged_or_not_ours_is_a_miss_and_is_replaced() {
    let rewrite = |path: &Path, text: &str| fs::write(path, text).expect("ours");
    let spoil: [(&str, Spoil); 10] = [
        ("truncated", &|path, _| {
            rewrite(path, &fs::read_to_string(path).expect("ours")[..100]);
        }),
        ("empty", &|path, _| rewrite(path, "")),
        ("no JSON", &|path, _| rewrite(path, "credentials!")),
        ("other JSON", &|path, _| rewrite(path, "{}")),
        ("not UTF-8", &|path, _| {
            fs::write(path, b"{\"key\": \"\xff\"}").expect("ours");
        }),
        ("another's key", &|path, home| {
            let run = home
                .run(["process", "prod", "--external-id", "other"])
                .stdout_has("")
                .status(0);
            drop(run);
            let other = home
                .cached()
                .into_iter()
                .find(|one| one != path)
                .expect("a second entry");
            fs::copy(other, path).expect("ours");
        }),
        ("readable by the group", &|path, _| {
            fs::set_permissions(path, Permissions::from_mode(0o640)).expect("ours");
        }),
        ("writable by others", &|path, _| {
            fs::set_permissions(path, Permissions::from_mode(0o602)).expect("ours");
        }),
        ("a link", &|path, home| {
            fs::rename(path, home.path("elsewhere")).expect("ours");
            symlink(home.path("elsewhere"), path).expect("ours");
        }),
        ("a directory", &|path, _| {
            fs::remove_file(path).expect("ours");
            fs::create_dir(path).expect("ours");
        }),
    ];
    for (name, spoil) in spoil {
        let home = home();
        let first = key_of(&home, ["process", "prod"], ["AssumeRole"]);
        let path = home.cached().remove(0);
        spoil(&path, &home);
        let run = home
            .run(["process", "prod"])
            .stderr_has("")
            .calls(["AssumeRole"])
            .status(0);
        let quiet = run.err.is_empty() || name == "a directory";
        assert!(quiet, "{name}: {}", run.err);
        let second = run.json()["AccessKeyId"].clone();
        assert!(second != first.as_str(), "{name}");
        if name == "a directory" {
            continue;
        }
        assert_eq!(key_of(&home, ["process", "prod"], []), second, "{name}");
        assert!(
            fs::symlink_metadata(&path).expect("replaced").is_file() && mode(&path) == 0o600,
            "{name}"
        );
    }
}

#[test]
fn an_entry_of_another_user_is_a_miss() {
    let home = home();
    key_of(&home, ["process", "prod"], ["AssumeRole"]);
    let path = home.cached().remove(0);
    // Only root can give a file away.
    if chown(&path, Some(65_534), Some(65_534)).is_ok() {
        key_of(&home, ["process", "prod"], ["AssumeRole"]);
        assert_eq!(
            fs::metadata(&path).expect("replaced").uid(),
            fs::metadata(home.path("")).expect("ours").uid()
        );
    }
}

#[test]
fn a_damaged_entry_is_told_only_when_asked() {
    let home = home();
    key_of(&home, ["process", "prod"], ["AssumeRole"]);
    fs::write(home.cached().remove(0), "{").expect("ours");
    home.run(["-v", "process", "prod"])
        .stdout_has("ASIA")
        .stderr_has("stsx: ")
        .calls(["AssumeRole"])
        .status(0);
}
