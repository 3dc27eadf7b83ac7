//! `kill -9`: at each system call, and at any moment.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};

use super::{Scene, Tally, spread};
use crate::support::{everything, installed};

/// How many of the system calls the usual run tries.
const SPREAD: usize = 30;

/// How many random moments the usual run tries, and the whole one.
const MOMENTS: u32 = 60;
const ALL_MOMENTS: u32 = 1_000;

#[test]
fn killed_at_a_system_call_a_first_run_leaves_nothing_wrong() {
    if !installed("strace") {
        return;
    }
    let scene = Scene::new();
    let mut tally = Tally::default();
    for call in spread(scene.calls(), SPREAD) {
        scene.cold();
        let when = format!("a kill at {call:?} of a first run");
        scene.survives(&when, &mut tally, |home| call.injured(home, "signal=KILL"));
    }
    assert!(tally.killed > 0);
    tally.tell("kills at a system call of a first run");
}

#[test]
fn killed_at_a_system_call_a_cached_run_leaves_nothing_wrong() {
    if !installed("strace") {
        return;
    }
    let scene = Scene::new();
    scene.warm();
    let mut tally = Tally::default();
    for call in spread(scene.calls(), SPREAD) {
        let when = format!("a kill at {call:?} of a cached run");
        scene.judge(call.injured(&scene.home, "signal=KILL"), &when, &mut tally);
        // What was cached is still there.
        let run = scene.home.run(["process", "prod"]).stdout_has("ASIA");
        drop(run.calls([]).status(0));
    }
    assert!(tally.killed > 0);
    tally.tell("kills at a system call of a cached run");
}

#[test]
fn killed_at_any_moment_it_leaves_nothing_wrong() {
    let scene = Scene::new();
    let seed = RandomState::new().build_hasher().finish();
    let mut random = Random(seed);
    let mut tally = Tally::default();
    let moments = if everything() { ALL_MOMENTS } else { MOMENTS };
    // As long as a first run and a cached one take here: a kill falls anywhere in it, or just after.
    let start = Instant::now();
    scene.healthy("nothing");
    let length = start.elapsed();
    for moment in 0..moments {
        let arguments = match random.below(3) {
            0 => ["process", "prod", "--refresh"],
            kind => {
                if kind == 1 {
                    scene.cold();
                }
                ["credential-process", "prod", "--min-ttl=5m"]
            }
        };
        let delay = length.mul_f64(f64::from(random.below(1_000)) / 1_000.0);
        let when = format!("kill {moment} ({arguments:?}, after {delay:?}, seed {seed})");
        scene.survives(&when, &mut tally, |home| {
            let run = home.spawn(arguments);
            std::thread::sleep(delay);
            kill(run.id());
            run.wait()
        });
    }
    assert!(
        tally.killed > 0 && tally.refused == 0,
        "{tally:?}, seed {seed}"
    );
    tally.tell(&format!("kills at any moment (seed {seed})"));
}

/// Kills a child that nobody has waited for yet.
fn kill(id: u32) {
    let id = id.try_into().ok().and_then(Pid::from_raw);
    kill_process(id.expect("a process id"), Signal::KILL).expect("the child is ours");
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(end)).expect("less than `end`")
    }
}
