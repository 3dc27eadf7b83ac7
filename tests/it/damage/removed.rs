//! The cache's directory vanishes while a run is between two of its system calls.

use std::fs;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::strace::Call;
use super::{Scene, Tally, spread};
use crate::support::{Home, Run, installed};

/// How many of the system calls the usual run tries.
const SPREAD: usize = 25;

const PATIENCE: Duration = Duration::from_secs(20);

/// Stops a run after one of its system calls, removes the cache, and lets the run go on.
#[track_caller]
fn bereft(home: &Home, call: &Call) -> Run {
    let trace = home.path("trace");
    fs::write(&trace, "").expect("ours");
    let run = home.spawn_program("sh", ["-c", &call.script("signal=STOP")]);
    let end = Instant::now() + PATIENCE;
    let stopped = loop {
        assert!(Instant::now() < end, "{call:?}: it neither stops nor ends");
        let said = fs::read_to_string(&trace).expect("ours");
        if said.contains("+++ exited") {
            return run.wait();
        }
        let line = said
            .lines()
            .find(|line| line.contains("stopped by SIGSTOP"));
        if let Some((id, _)) = line.and_then(|line| line.split_once(' ')) {
            break id.parse().ok().and_then(Pid::from_raw);
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    match fs::remove_dir_all(home.path(".cache")) {
        Err(error) if error.kind() != ErrorKind::NotFound => panic!("{error}"),
        _ => {}
    }
    kill_process(stopped.expect("a process id"), Signal::CONT).expect("it is stopped");
    run.wait()
}

fn each_call(series: &str, is_warm: bool) {
    if !installed("strace") {
        return;
    }
    let scene = Scene::new();
    let mut tally = Tally::default();
    let ready = || {
        scene.warm();
        scene.refurnish();
        if !is_warm {
            scene.cold();
        }
    };
    ready();
    for call in spread(scene.calls(), SPREAD) {
        ready();
        let when = format!("{series} at {call:?}");
        scene.survives(&when, &mut tally, |home| bereft(home, &call));
    }
    assert_eq!(tally.refused, 0);
    tally.tell(series);
}

#[test]
fn a_first_run_outlives_its_cache() {
    each_call("the cache removed in a first run", false);
}

#[test]
fn a_cached_run_outlives_its_cache() {
    each_call("the cache removed in a cached run", true);
}
