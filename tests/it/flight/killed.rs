//! The holder dies at any point: the next in line takes over, and nothing is left broken.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use super::{calls, home, in_line_now, is_over, until};
use crate::support::{Home, everything, installed};

/// So many points of the way are tried, unless all are.
const SPREAD: usize = 16;

/// A system call of a run: its name, and the how manieth of that name it is.
type Point = (String, usize);

/// The system calls of a cold run, from the one that opens the lock on.
fn points(home: &Home) -> Vec<Point> {
    home.sh("strace -o trace stsx process prod")
        .stdout_has("ASIA")
        .status(0);
    let trace = fs::read_to_string(home.path("trace")).expect("strace wrote it");
    let mut counts = BTreeMap::new();
    let mut points = Vec::new();
    let mut is_locking = false;
    for line in trace.lines() {
        let Some((name, rest)) = line.split_once('(') else {
            continue;
        };
        let count = counts.entry(name.to_owned()).or_insert(0);
        *count += 1;
        is_locking |= rest.contains(".lock\"");
        if is_locking {
            points.push((name.to_owned(), *count));
        }
    }
    points
}

/// What became of the others when the holder was killed.
struct Death {
    /// It was; else the point was not on its way.
    is_killed: bool,
    /// So many stood in line when it happened.
    waited: usize,
    /// From there to the last answer.
    takeover: Duration,
}

/// A holder is killed at this point while three others stand in line.
fn kill_at(home: &Home, points: &[Point], at: usize) -> Death {
    let (name, count) = &points[at];
    fs::remove_dir_all(home.path(".cache/stsx")).expect("a run made it");
    let before = home.requests().len();
    // One call has one fault: the others get time to stand in line at the call of another name before.
    let others = points[..at].iter().rev().find(|(other, _)| other != name);
    let (pause, pauses) = others.unwrap_or(&points[0]);
    let pause = format!("inject={pause}:delay_exit=250000:when={pauses}");
    let kill = format!("inject={name}:signal=KILL:when={count}");
    let words = [
        "-o", "trace", "-e", &pause, "-e", &kill, "stsx", "process", "prod",
    ];
    let holder = home.spawn_program("strace", words);
    until("it holds the lock, or has ended", || {
        is_over(holder.id())
            || fs::read_dir(home.path(".cache/stsx")).is_ok_and(|mut files| {
                files.any(|file| {
                    let text = file
                        .ok()
                        .and_then(|file| fs::read_to_string(file.path()).ok());
                    text.is_some_and(|text| text.contains("\"holder\""))
                })
            })
    });
    let others: Vec<_> = (0..3).map(|_| home.spawn(["process", "prod"])).collect();
    let mut waited = 0;
    while !is_over(holder.id()) {
        let in_line = others
            .iter()
            .filter(|other| in_line_now(other.id()))
            .count();
        waited = waited.max(in_line);
        std::thread::sleep(Duration::from_millis(5));
    }
    let holder = holder.wait().stdout_has("").stderr_has("");
    let died = Instant::now();
    let is_killed = holder.code().is_none();
    let holder = if is_killed {
        holder.signal(9)
    } else {
        holder.status(0)
    };
    let answers: Vec<_> = others
        .into_iter()
        .map(|other| other.wait().stderr("").status(0).json())
        .collect();
    let takeover = died.elapsed();
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{name} {count}: {answers:#?}"
    );
    if !is_killed {
        assert!(
            holder
                .out
                .contains(answers[0]["AccessKeyId"].as_str().expect("a text"))
        );
    }
    let made = calls(home).len() - before;
    assert!(
        made <= 1 + usize::from(is_killed),
        "{name} {count}: {made} calls"
    );
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    Death {
        is_killed,
        waited,
        takeover,
    }
}

#[test]
fn a_holder_killed_at_any_point_is_followed_by_the_next() {
    if !installed("strace") {
        return;
    }
    let home = home();
    let points = points(&home);
    let step = if everything() {
        1
    } else {
        points.len().div_ceil(SPREAD)
    };
    let (mut tried, mut killed, mut waited, mut longest) = (0, 0, 0, Duration::ZERO);
    for at in (0..points.len()).step_by(step) {
        let death = kill_at(&home, &points, at);
        tried += 1;
        killed += usize::from(death.is_killed);
        waited += usize::from(death.is_killed && death.waited > 0);
        longest = longest.max(death.takeover);
    }
    let report = format!(
        "{tried} of {} points: {killed} killed, {waited} of them with others in line; the last answer at most {longest:?} later\n",
        points.len()
    );
    if everything() {
        // Not `eprintln!`, which is captured.
        let _ = std::io::stderr().write_all(report.as_bytes());
    }
    assert!(killed * 4 > tried * 3 && waited * 2 > tried, "{report}");
}
