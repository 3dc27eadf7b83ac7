//! Each system call of a run that may touch a file fails once, in each way in which such calls fail.

use super::strace::Call;
use super::{Scene, Tally, spread};
use crate::support::installed;

/// A full disk, a quota, a broken disk, a read-only one, forbidden, gone, no descriptors left, a signal.
const ERRORS: [&str; 8] = [
    "ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "ENOENT", "EMFILE", "EINTR",
];

/// How many of the faults the usual run tries.
const SPREAD: usize = 40;

fn faults(scene: &Scene) -> Vec<(Call, &'static str)> {
    let calls = scene.calls().into_iter();
    let calls = calls.filter(|call| call.is_on_file);
    let all: Vec<_> = calls
        .flat_map(|call| ERRORS.map(|error| (call.clone(), error)))
        .collect();
    spread(all, SPREAD)
}

#[test]
fn a_first_run_survives_the_failure_of_any_call_on_a_file() {
    if !installed("strace") {
        return;
    }
    let scene = Scene::new();
    let mut tally = Tally::default();
    for (call, error) in faults(&scene) {
        scene.cold();
        let when = format!("{error} from {call:?} of a first run");
        let injury = format!("error={error}");
        scene.survives(&when, &mut tally, |home| call.injured(home, &injury));
    }
    tally.tell("errors in a first run");
}

#[test]
fn a_cached_run_survives_the_failure_of_any_call_on_a_file() {
    if !installed("strace") {
        return;
    }
    let scene = Scene::new();
    scene.warm();
    let mut tally = Tally::default();
    for (call, error) in faults(&scene) {
        let when = format!("{error} from {call:?} of a cached run");
        let injury = format!("error={error}");
        scene.survives(&when, &mut tally, |home| call.injured(home, &injury));
    }
    tally.tell("errors in a cached run");
}
