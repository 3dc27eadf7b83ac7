//! Clocks that were moved by hours, this machine's and AWS's.

use super::{Scene, Tally};
use crate::support::installed;

/// How far a clock is moved, in minutes.
const MOVES: [i64; 12] = [
    -10_000, -1_560, -300, -61, -30, -4, 4, 30, 61, 300, 1_560, 10_000,
];

#[test]
fn this_machines_clock_may_be_wrong_by_hours() {
    if !installed("faketime") {
        return;
    }
    let mut tally = Tally::default();
    for minutes in MOVES {
        for is_warm in [false, true] {
            let scene = Scene::new();
            if is_warm {
                scene.warm();
            }
            let when = format!("a clock {minutes} minutes off, cached: {is_warm}");
            let script = format!("exec faketime -f {minutes:+}m stsx process prod");
            scene.judge(scene.home.sh(&script), &when, &mut tally);
            scene.judge(
                scene.home.sh(&script),
                &format!("{when}, again"),
                &mut tally,
            );
            scene.healthy(&when);
        }
    }
    tally.tell("this machine's clock moved");
}

#[test]
fn the_clock_of_aws_may_be_wrong_by_hours() {
    let mut tally = Tally::default();
    for minutes in MOVES {
        for is_warm in [false, true] {
            // What has ended by AWS's clock alone is known only to who asks.
            if is_warm && minutes > 60 {
                continue;
            }
            let scene = Scene::new();
            if is_warm {
                scene.warm();
            }
            let when = format!("AWS's clock {minutes} minutes off, cached: {is_warm}");
            let sandbox = scene.home.sandbox();
            sandbox.clock().advance(minutes * 60);
            sandbox.clock().skew(minutes * 60);
            scene.judge(scene.home.run(["process", "prod"]), &when, &mut tally);
            scene.judge(
                scene.home.run(["process", "prod"]),
                &format!("{when}, again"),
                &mut tally,
            );
            sandbox.clock().advance(-minutes * 60);
            sandbox.clock().skew(0);
            scene.healthy(&when);
        }
    }
    tally.tell("the clock of AWS moved");
}

#[test]
fn a_clock_that_is_behind_makes_no_session_longer() {
    if !installed("faketime") {
        return;
    }
    let scene = Scene::new();
    let at = |minutes: i64, calls: usize| {
        let run = scene
            .home
            .sh(&format!("exec faketime -f {minutes:+}m stsx process prod"));
        let run = run
            .stderr_has(if calls > 0 { "behind" } else { "" })
            .status(0);
        // A signature of too old a date is refused, and made once more.
        assert_eq!(run.requests.len(), 2 * calls, "{run}");
        scene.is_right(&run, "a clock that is behind");
        drop(run.json());
    };
    at(-300, 1);
    at(-299, 0);
    // AWS's clock and this machine's go on.
    scene.home.sandbox().clock().advance(3_660);
    at(-239, 1);
}
