//! An entry that was cut short, or of which one byte is another, is a miss.

use std::fs;
use std::path::PathBuf;

use super::{Scene, Tally, spread};
use crate::support::Home;

/// How many places of each kind the usual run tries.
const SPREAD: usize = 40;

/// Tries what `spoil` makes of the entry for each of its bytes.
fn each_byte(series: &str, spoil: impl Fn(&mut Vec<u8>, usize)) {
    let scene = Scene::new();
    scene.warm();
    let path = scene.entry();
    let whole = fs::read(&path).expect("ours");
    let mut tally = Tally::default();
    for at in spread((0..whole.len()).collect(), SPREAD) {
        let mut bytes = whole.clone();
        spoil(&mut bytes, at);
        fs::write(&path, bytes).expect("ours");
        let when = format!("{series} at {at}");
        scene.survives(&when, &mut tally, |home| {
            let run = home.run(["process", "prod"]).stdout_has("ASIA").stderr("");
            run.calls(["AssumeRole"])
        });
    }
    tally.tell(series);
}

#[test]
fn cut_short_anywhere_an_entry_is_a_miss() {
    each_byte("an entry cut short", Vec::truncate);
}

#[test]
fn with_any_byte_altered_an_entry_is_a_miss() {
    // One bit: a digit becomes another digit, a letter another letter.
    each_byte("an entry with a byte altered", |bytes, at| bytes[at] ^= 1);
}

#[test]
fn with_any_byte_altered_what_was_learnt_is_asked_for_again() {
    let scene = Scene::new();
    let ask = |home: &Home, name: &str, operations: &[&str]| {
        // The account of a role's name is that of the user. (A new session knows of no other.)
        let run = home.run(["process", "deploy", "--session-name", name]);
        let made: Vec<_> = run.requests.iter().map(|one| &*one.operation).collect();
        assert_eq!(made, operations, "{run}");
        run.stdout_has("ASIA").stderr("").status(0)
    };
    drop(ask(
        &scene.home,
        "first",
        &["GetCallerIdentity", "AssumeRole"],
    ));
    drop(ask(&scene.home, "second", &["AssumeRole"]));
    let files = fs::read_dir(scene.home.path(".cache/stsx")).expect("a cache");
    let is_identity = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "identity");
    let mut files = files.flatten().map(|file| file.path());
    let path = files.find(is_identity).expect("the identity is remembered");
    let whole = fs::read(&path).expect("ours");
    let mut tally = Tally::default();
    for at in spread((0..whole.len()).collect(), SPREAD) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, bytes).expect("ours");
        let name = format!("at-{at}");
        let run = ask(&scene.home, &name, &["GetCallerIdentity", "AssumeRole"]);
        scene.judge(run, &format!("byte {at}"), &mut tally);
    }
    tally.tell("an identity with a byte altered");
}
