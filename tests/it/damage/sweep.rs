//! What has ended long ago leaves the cache, when a call was made anyway.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Scene;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// The file was written so many seconds ago.
fn written(path: &Path, ago: u64) {
    let file = File::options().append(true).open(path).expect("ours");
    let now = file
        .metadata()
        .and_then(|file| file.modified())
        .expect("it has a time");
    file.set_modified(now - Duration::from_secs(ago))
        .expect("ours");
}

/// A cache with `other` in it, which ended so long ago, and `prod`, which did so too; both were written an hour before.
fn ended(ago: u64) -> Scene {
    let scene = Scene::new();
    scene.warm();
    scene
        .home
        .age((HOUR + ago).try_into().expect("not so long"));
    for path in scene.home.cached() {
        written(&path, HOUR + ago);
    }
    scene
}

fn call(scene: &Scene) {
    let run = scene.home.run(["process", "prod"]).calls(["AssumeRole"]);
    drop(run.stdout_has("ASIA").stderr("").status(0));
}

#[test]
fn an_entry_goes_a_day_after_its_end() {
    for (ago, stays) in [
        (60, true),
        (DAY - 60, true),
        (DAY + 60, false),
        (90 * DAY, false),
    ] {
        let scene = ended(ago);
        call(&scene);
        assert_eq!(scene.other.0.exists(), stays, "{ago} s after its end");
        assert!(scene.entry().exists());
        scene.healthy("a sweep");
    }
}

#[test]
fn a_long_session_and_what_nobody_can_read_stay_while_they_may_live() {
    let scene = ended(60);
    let path = |name: &str| scene.other.0.with_file_name(name);
    let hash = "a".repeat(64);
    let unreadable: [(PathBuf, u64, bool); 2] = [
        (path(&format!("{hash}.3.json")), 59 * HOUR, true),
        (path(&format!("{hash}.json")), 61 * HOUR, false),
    ];
    for (path, ago, _) in &unreadable {
        fs::write(path, "{}").expect("ours");
        written(path, *ago);
    }
    // Written long ago, and it lives.
    scene.refurnish();
    written(&scene.other.0, 35 * HOUR);
    call(&scene);
    assert!(scene.other.0.exists());
    for (path, ago, stays) in unreadable {
        assert_eq!(path.exists(), stays, "written {ago} s ago");
    }
}

#[test]
fn what_a_killed_writer_left_goes_after_an_hour() {
    let scene = ended(60);
    let path = |name: &str| scene.other.0.with_file_name(name);
    let (old, new) = (path(".tmpAbCdEf.tmp"), path(".tmpGhIjKl.tmp"));
    for path in [&old, &new] {
        fs::write(path, "{\"sum\":").expect("ours");
    }
    written(&old, HOUR + 60);
    written(&new, HOUR - 60);
    call(&scene);
    assert!(!old.exists() && new.exists());
}

#[test]
fn a_cached_run_removes_nothing() {
    let scene = ended(2 * DAY);
    call(&scene);
    scene.refurnish();
    scene
        .home
        .age((HOUR + 2 * DAY).try_into().expect("not so long"));
    written(&scene.other.0, 3 * DAY);
    fs::remove_file(scene.entry()).expect("ours");
    call(&scene);
    assert!(!scene.other.0.exists(), "a first run removes it");
    scene.refurnish();
    let text = fs::read(&scene.other.0).expect("ours");
    fs::write(&scene.other.0, &text[1..]).expect("ours");
    written(&scene.other.0, 90 * DAY);
    let run = scene.home.run(["process", "prod"]).calls([]);
    drop(run.stdout_has("ASIA").stderr("").status(0));
    assert!(scene.other.0.exists(), "a cached run does not");
}

#[test]
fn an_entry_that_is_about_to_be_replaced_stays() {
    let scene = ended(2 * DAY);
    let name = scene.other.0.file_name().and_then(|name| name.to_str());
    let (hash, _) = name.and_then(|name| name.split_once('.')).expect("a name");
    let lock = scene.other.0.with_file_name(format!("{hash}.lock"));
    let lock = File::options()
        .write(true)
        .open(lock)
        .expect("it was locked once");
    lock.lock().expect("nobody has it");
    call(&scene);
    assert!(scene.other.0.exists());
    lock.unlock().expect("it is ours");
    scene.cold();
    call(&scene);
    assert!(!scene.other.0.exists());
}
