//! Disks that are full, read-only or closed: what cannot be cached is handed out all the same.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::{Scene, Tally};
use crate::support::Home;

/// Does something to an empty cache.
type Prepare<'a> = &'a dyn Fn(&Home);

fn home() -> Home {
    Scene::new().into_empty()
}

#[test]
fn a_cache_that_cannot_be_written_is_a_warning() {
    let ours = |home: &Home, path: &str, mode: u32| {
        fs::create_dir_all(home.path(path)).expect("ours");
        fs::set_permissions(home.path(path), Permissions::from_mode(mode)).expect("ours");
    };
    // Root writes everywhere, unless it gives that up.
    let drop_rights = "exec setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search";
    let is_root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    let drop_rights = if is_root { drop_rights } else { "exec" };
    let cases: [(&str, Prepare, String); 4] = [
        (
            "read-only",
            &|home| ours(home, ".cache/stsx", 0o500),
            format!("{drop_rights} stsx process prod"),
        ),
        (
            "read-only above",
            &|home| ours(home, ".cache", 0o500),
            format!("{drop_rights} stsx process prod"),
        ),
        (
            "a file",
            &|home| fs::write(home.path(".cache"), "").expect("ours"),
            "stsx process prod".to_owned(),
        ),
        // Every byte written to a file is one too many, as on a full disk.
        (
            "full",
            &|_| (),
            "trap '' XFSZ; ulimit -f 0; exec stsx process prod".to_owned(),
        ),
    ];
    for (name, prepare, script) in cases {
        let home = home();
        prepare(&home);
        let run = home
            .sh(&script)
            .stdout_has("ASIA")
            .calls(["AssumeRole"])
            .status(0);
        assert!(
            run.err.starts_with("stsx: ") && run.err.lines().count() == 1,
            "{name}: {run}"
        );
        run.stderr_has(".cache");
        assert!(home.cached().is_empty(), "{name}");
    }
}

#[test]
fn half_written_files_do_not_stay() {
    let home = home();
    home.sh("trap '' XFSZ; ulimit -f 0; exec stsx process prod")
        .stdout_has("ASIA")
        .stderr_has("")
        .status(0);
    let left = fs::read_dir(home.path(".cache/stsx"))
        .into_iter()
        .flatten()
        .flatten();
    for file in left {
        assert_eq!(
            file.metadata().expect("ours").len(),
            0,
            "{}",
            file.path().display()
        );
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let scene = Scene::new();
    for words in ["process prod", "assume prod", "cache list", "explain prod"] {
        let run = scene.home.sh(&format!("exec stsx {words} > /dev/full"));
        let run = run.stdout("").stderr_lines(1);
        run.stderr_has("cannot write the answer: No space left")
            .status(1);
        scene.healthy(words);
    }
}

/// Whether file systems can be mounted here, where nobody else sees them.
fn mounts(home: &Home) -> bool {
    let run = home.sh("mkdir -p mounted && unshare -m mount -t tmpfs none mounted");
    let can = run.code() == Some(0);
    drop(run.stderr_has("").stdout("").status(i32::from(!can)));
    if !can {
        // Not `eprintln!`, which is captured: `tests/run` gathers these lines.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: file systems cannot be mounted here"
        );
    }
    can
}

#[test]
fn on_file_systems_that_are_full_or_read_only_nothing_is_lost() {
    let scene = Scene::new();
    if !mounts(&scene.home) {
        return;
    }
    // What is done to the cache, and whether it can be read where `prod` is in it.
    let cases = [
        (
            "full",
            "mount -t tmpfs -o size=4k,mode=700 none .cache/stsx; yes > .cache/stsx/fill",
            false,
        ),
        (
            "full, with files",
            "mount -t tmpfs -o size=16k,mode=700 none .cache/stsx; cp -p kept/* .cache/stsx; yes > .cache/stsx/fill",
            true,
        ),
        (
            "without inodes",
            "mount -t tmpfs -o nr_inodes=1,mode=700 none .cache/stsx",
            false,
        ),
        (
            "read-only",
            "mount --bind .cache .cache; mount -o remount,bind,ro .cache",
            true,
        ),
        (
            "read-only and empty",
            "mount -t tmpfs -o ro,mode=700 none .cache/stsx",
            false,
        ),
        (
            "the whole home",
            "mount --bind $HOME $HOME; mount -o remount,bind,ro $HOME; cd $HOME",
            true,
        ),
    ];
    let mut tally = Tally::default();
    for (name, prepare, has_files) in cases {
        for is_warm in [false, true] {
            scene.warm();
            if !is_warm {
                scene.cold();
            }
            let script = format!(
                "rm -rf kept; cp -pr .cache/stsx kept; exec unshare -m sh -c '({prepare}) 2> said; cd $HOME; exec stsx process prod'"
            );
            let is_cached = is_warm && has_files;
            scene.survives(&format!("{name}, cached: {is_warm}"), &mut tally, |home| {
                let run = home.sh(&script).stdout_has("ASIA");
                assert_eq!(run.requests.len(), usize::from(!is_cached), "{name}\n{run}");
                run.stderr_lines(usize::from(!is_cached))
            });
        }
    }
    assert_eq!(tally.refused, 0);
    tally.tell("disks that are full or read-only");
}
