//! Bad days of the disk and of the process: the old file or the new one, never half of one.

use std::collections::BTreeMap;
use std::fs;

use super::{CONFIG, config, home};
use crate::support::{Home, Run, installed};

const NEW: &str = "\n[profile x]\nregion = eu-west-1\n";

/// Runs under strace with a fault; stsx does the same every time.
fn faulty(home: &Home, fault: &str) -> Run {
    home.program(
        "strace",
        [
            "-f",
            "-o",
            "trace",
            "-e",
            fault,
            "stsx",
            "configure",
            "x",
            "--region",
            "eu-west-1",
        ],
    )
}

fn names(home: &Home) -> Vec<String> {
    let files = fs::read_dir(home.path(".aws"))
        .expect("it is there")
        .flatten();
    let mut names: Vec<String> = files
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn killed_at_any_call_it_leaves_the_old_file_or_the_new_one() {
    if !installed("strace") {
        return;
    }
    let whole = home();
    faulty(&whole, "trace=all").stderr_has("written").status(0);
    let trace = fs::read_to_string(whole.path("trace")).expect("strace wrote it");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let calls = trace
        .lines()
        .filter_map(|line| line.split_once(' ')?.1.trim_start().split_once('('));
    // What comes before the file is first opened changes nothing.
    for (call, _) in calls.skip_while(|(_, rest)| !rest.contains(".aws/config")) {
        *counts.entry(call.to_owned()).or_default() += 1;
    }
    let wrote = ["rename", "renameat", "renameat2", "fsync", "write"];
    assert!(
        wrote.iter().any(|call| counts.contains_key(*call)),
        "{counts:?}"
    );
    let all: BTreeMap<String, usize> = counts
        .keys()
        .map(|call| (call.clone(), trace.matches(&format!(" {call}(")).count()))
        .collect();
    let (mut old, mut new) = (0, 0);
    for (call, count) in &counts {
        // Calls before the first look at the file come first in the count.
        for nth in all[call] - count + 1..=all[call] {
            let home = home();
            let fault = format!("inject={call}:signal=KILL:when={nth}");
            faulty(&home, &fault).stdout("").stderr_has("").signal(9);
            let now = config(&home);
            match now.strip_prefix(CONFIG) {
                Some("") => old += 1,
                Some(NEW) => new += 1,
                _ => panic!("{call} {nth}: {now}"),
            }
            let backup = fs::read_to_string(home.path(".aws/config.bak-stsx"));
            assert!(
                backup.is_err() || backup.is_ok_and(|text| text == CONFIG),
                "{call} {nth}"
            );
        }
    }
    assert!(old > 10 && new > 0, "{old} old, {new} new: {counts:?}");
}

#[test]
fn errors_of_the_disk_change_nothing() {
    if !installed("strace") {
        return;
    }
    let faults = [
        "inject=write:error=ENOSPC:when=1",
        "inject=write:error=EDQUOT:when=2",
        "inject=fsync:error=EIO:when=1",
        "inject=fsync:error=ENOSPC:when=2",
        "inject=rename,renameat,renameat2:error=EACCES:when=1",
        "inject=renameat2:error=EROFS:when=1",
        "inject=fchmod:error=EPERM:when=1",
    ];
    for fault in faults {
        let home = home();
        faulty(&home, fault)
            .stdout("")
            .stderr_has("stsx: cannot write [HOME]/.aws/config: ")
            .status(2);
        assert_eq!(config(&home), CONFIG, "{fault}");
        let left: Vec<String> = names(&home)
            .into_iter()
            .filter(|name| name.contains("tmp"))
            .collect();
        assert!(left.is_empty(), "{fault}: {left:?}");
    }
    for fault in [
        // What cannot be made sure of is no failure of the change.
        "inject=fsync:error=EIO:when=3",
        // Not every file system has locks, or lets files change places.
        "inject=flock:error=ENOLCK",
        "inject=renameat2:error=EINVAL",
        "inject=renameat2:error=ENOSYS",
    ] {
        let home = home();
        faulty(&home, fault)
            .stdout("")
            .stderr_has("written")
            .status(0);
        assert_eq!(config(&home), format!("{CONFIG}{NEW}"), "{fault}");
    }
}

#[test]
fn a_directory_that_may_not_be_written_is_said() {
    if !installed("strace") {
        return;
    }
    let home = home();
    let path = home.path(".aws").display().to_string();
    // Root may write everywhere: the system's answer is given in its place.
    faulty(&home, "inject=openat:error=EACCES:when=1000")
        .stderr_has("written")
        .status(0);
    let trace = fs::read_to_string(home.path("trace")).expect("strace wrote it");
    let opens = trace.lines().filter(|line| line.contains(" openat("));
    let nth = opens
        .take_while(|line| !line.contains(&format!("{path}/.stsx-")))
        .count()
        + 1;
    let home = super::home();
    faulty(&home, &format!("inject=openat:error=EROFS:when={nth}"))
        .stdout("")
        .stderr_has("stsx: cannot write [HOME]/.aws/config: ")
        .status(2);
    assert_eq!(config(&home), CONFIG);
    assert_eq!(names(&home), ["config", "credentials"]);
}

/// What a killed writer has left goes after an hour; what is somebody else's, and links, stay.
#[test]
fn what_was_left_goes_at_the_next_write() {
    use std::os::unix::fs::{chown, symlink};
    let home = home();
    let dir = home.path(".aws");
    let written = |name: &str, minutes: u64| {
        let path = dir.join(name);
        fs::write(&path, "aws_secret_access_key = x").expect("ours");
        let file = fs::File::options().append(true).open(&path).expect("ours");
        let time = file
            .metadata()
            .and_then(|it| it.modified())
            .expect("a time");
        let ago = std::time::Duration::from_secs(60 * minutes);
        file.set_modified(time - ago).expect("ours");
    };
    written(".stsx-old.tmp", 61);
    written(".stsx-new.tmp", 50);
    written(".stsx-note", 61);
    written("x.stsx-.tmp", 61);
    written("behind", 61);
    symlink("behind", dir.join(".stsx-link.tmp")).expect("ours");
    fs::create_dir(dir.join(".stsx-dir.tmp")).expect("ours");
    let mut left = vec![
        ".stsx-dir.tmp",
        ".stsx-link.tmp",
        ".stsx-new.tmp",
        ".stsx-note",
    ];
    // Only root may give a file away.
    written(".stsx-other.tmp", 61);
    if chown(dir.join(".stsx-other.tmp"), Some(12345), None).is_ok() {
        left.push(".stsx-other.tmp");
    }
    left.extend([
        "behind",
        "config",
        "config.bak-stsx",
        "credentials",
        "x.stsx-.tmp",
    ]);
    home.run(["configure", "x", "--region", "eu-west-1"])
        .stderr_has("profile `x` is written")
        .status(0);
    assert_eq!(names(&home), left);
    written(".stsx-old.tmp", 61);
    home.file("key.csv", "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n")
        .run(["import", "key.csv", "--as", "y"])
        .stderr_has("profile `y` is written")
        .status(0);
    assert!(!dir.join(".stsx-old.tmp").exists());
}
