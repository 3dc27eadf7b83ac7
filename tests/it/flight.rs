//! Many at once: one call and one prompt for all who want the same, no wait for those who want something else.

mod failures;
mod killed;
mod own_faults;
mod persons;
mod unlocked;

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{ACCOUNT, DEVICE, Home, Run, Running};

/// No event of these tests takes longer.
const PATIENCE: Duration = Duration::from_secs(40);

const CROWD: usize = 200;

fn home() -> Home {
    Home::new()
        .config(&profile("prod", "deploy", ""))
        .aws(|aws| aws.role("deploy"))
}

/// A profile for a role of the first account, with these lines more.
fn profile(name: &str, role: &str, lines: &str) -> String {
    format!(
        "[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{role}\nsource_profile = default\n{lines}\n"
    )
}

/// All locks that runs before have left, held by a test: whoever wants one has to stand in line.
struct Line {
    locks: Vec<File>,
}

impl Line {
    #[track_caller]
    fn stop(home: &Home) -> Line {
        let held = |path: &PathBuf| {
            let file = File::options().read(true).write(true).open(path);
            let file = file.expect("the lock is ours");
            file.try_lock().expect("nobody holds the lock");
            file
        };
        let locks: Vec<_> = locks(home).iter().map(held).collect();
        assert!(!locks.is_empty(), "no run has left a lock");
        Line { locks }
    }

    /// The first in line gets on.
    fn go(self) {
        drop(self.locks);
    }
}

/// The files of locks.
fn locks(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.path(".cache/stsx")).into_iter().flatten();
    let is_lock = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "lock");
    let paths = files.flatten().map(|file| file.path());
    paths.filter(is_lock).collect()
}

/// Waits until a process has looked at what stands in a lock, and so stands in line.
#[track_caller]
fn in_line(process: u32) {
    until("it stands in line", || in_line_now(process));
}

fn in_line_now(process: u32) -> bool {
    let directory = PathBuf::from(format!("/proc/{process}"));
    let files = fs::read_dir(directory.join("fd")).into_iter().flatten();
    files.flatten().any(|file| {
        let state = fs::read_to_string(directory.join("fdinfo").join(file.file_name()));
        let has_read = state.is_ok_and(|state| !state.starts_with("pos:\t0\n"));
        let path = fs::read_link(file.path()).unwrap_or_default();
        path.extension().is_some_and(|kind| kind == "lock") && has_read
    })
}

/// Whether a process has ended, or was never there.
fn is_over(process: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat"));
    state.map_or(true, |state| state.contains(") Z "))
}

/// Sends a signal: `KILL` ends a process as the system does when memory is short, `STOP` and `CONT` keep it where it
/// is for a while.
#[track_caller]
fn signal(home: &Home, signal: &str, process: u32) {
    home.sh(&format!("kill -{signal} {process}")).status(0);
}

/// So many processes stand in line together, and then go on.
#[track_caller]
fn crowd<const N: usize>(home: &Home, count: usize, words: [&str; N]) -> Vec<Run> {
    let line = Line::stop(home);
    let running: Vec<_> = (0..count).map(|_| home.spawn(words)).collect();
    for one in &running {
        in_line(one.id());
    }
    line.go();
    running.into_iter().map(Running::wait).collect()
}

/// Waits for an event.
#[track_caller]
fn until(event: &str, mut happened: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !happened() {
        assert!(Instant::now() < end, "it does not happen that {event}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a request has reached AWS.
#[track_caller]
fn until_called(home: &Home) {
    until("somebody calls", || !home.requests().is_empty());
}

/// The operations that AWS has seen.
fn calls(home: &Home) -> Vec<String> {
    let requests = home.requests().into_iter();
    requests.map(|request| request.operation).collect()
}

#[test]
fn two_hundred_cold_starts_make_one_call_and_get_one_answer() {
    let home = home();
    let running: Vec<_> = (0..CROWD)
        .map(|_| home.spawn(["process", "prod"]))
        .collect();
    let answers: Vec<_> = running
        .into_iter()
        .map(|one| one.wait().stderr("").status(0).json())
        .collect();
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:#?}"
    );
    assert_eq!(calls(&home), ["AssumeRole"]);
}

#[test]
fn different_roles_of_one_source_do_not_wait_for_each_other() {
    let home = home().aws(|aws| aws.role("ops"));
    home.sandbox().on("AssumeRole").slow(PATIENCE).times(1);
    let stalled = home.spawn(["process", "prod"]);
    until_called(&home);
    let ops = format!("arn:aws:iam::{ACCOUNT}:role/ops");
    home.run(["process", &ops])
        .stdout_has("ASIA")
        .stderr("")
        .status(0);
    signal(&home, "KILL", stalled.id());
    stalled.wait().stdout("").signal(9);
}

#[test]
fn roles_behind_one_session_wait_only_for_the_session() {
    let serial = format!("mfa_serial = {DEVICE}");
    let config = profile("prod", "deploy", &serial) + &profile("audit", "audit", &serial);
    let home = Home::new().config(&config);
    let home = home.aws(|aws| aws.role("deploy").mfa().role("audit").mfa());
    home.sandbox().on("AssumeRole").slow(PATIENCE).times(1);
    let first = home.pty(["process", "prod"]).shows("MFA code of");
    let second = home.console(["whoami", "audit"]);
    // It is told for whom it waits, and asks nothing.
    let second = second.shows("waiting for another stsx (process ");
    let first = first.types(&home.code());
    second.wait().screen_has("assumed-role/").status(0);
    let made = calls(&home);
    let count = |name: &str| made.iter().filter(|made| *made == name).count();
    assert_eq!((count("GetSessionToken"), count("AssumeRole")), (1, 2));
    signal(&home, "KILL", first.id());
    first.wait().signal(9);
}

#[test]
fn the_wait_for_another_is_bounded_and_names_it() {
    let home = home();
    home.sandbox().on("AssumeRole").slow(PATIENCE).times(1);
    let holder = home.spawn(["process", "prod"]);
    until_called(&home);
    let words = format!(
        "stsx: profile `prod`: another stsx (process {}) is still getting these credentials after 1 s\n",
        holder.id()
    );
    home.run(["process", "prod", "--lock-timeout", "1s"])
        .stdout("")
        .stderr(&words)
        .calls([])
        .status(1);
    signal(&home, "KILL", holder.id());
    holder.wait().stdout("").signal(9);
}

#[test]
fn a_killed_holder_does_not_hold_the_others_up() {
    let home = home();
    home.sandbox().on("AssumeRole").slow(PATIENCE).times(1);
    let holder = home.spawn(["process", "prod"]);
    until_called(&home);
    let waiting: Vec<_> = (0..5).map(|_| home.spawn(["process", "prod"])).collect();
    for one in &waiting {
        in_line(one.id());
    }
    signal(&home, "KILL", holder.id());
    holder.wait().stdout("").signal(9);
    for one in waiting {
        let run = one.wait().stderr("").status(0);
        run.stdout_has(&home.issued(1));
    }
    assert_eq!(calls(&home), ["AssumeRole", "AssumeRole"]);
}
