//! Fifty files as people write them, each changed in several ways: not one byte differs that was not meant.
//! The judge compares lines and knows nothing of the editor.

mod texts;

use std::fs;

use similar::{ChangeTag, TextDiff};

use super::config;
use crate::support::Home;
use texts::{ROLE, TEXTS};

#[test]
fn there_are_fifty_different_files() {
    let mut texts = TEXTS.to_vec();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), TEXTS.len());
    assert!(texts.len() >= 50, "{}", texts.len());
}

#[test]
fn a_key_comes_and_goes_without_a_trace() {
    each(|home, text| {
        let after = changed(home, "prod --session-name corpus");
        assert_eq!(
            difference(text, &after, "role_session_name"),
            (0, 1),
            "{text:?}\n{after:?}"
        );
        let back = changed(home, "prod --remove role_session_name");
        assert_eq!(back, text);
        assert_eq!(
            fs::read_to_string(home.path(".aws/config.bak-stsx")).unwrap(),
            after
        );
    });
}

#[test]
fn a_value_changes_and_changes_back() {
    each(|home, text| {
        let after = changed(home, "prod --role arn:aws:iam::444455556666:role/x --force");
        let (gone, new) = difference(text, &after, "role_arn");
        assert!(gone >= 1 && new == 1, "{text:?}\n{after:?}");
        let back = changed(home, &format!("prod --role {ROLE} --force"));
        assert_eq!(back, text);
    });
}

#[test]
fn another_profile_goes_to_the_end() {
    each(|home, text| {
        let after = changed(
            home,
            "fresh --region eu-north-1 --external-id a:b --source-profile prod --role arn:aws:iam::444455556666:role/x",
        );
        let added = after
            .strip_prefix(text)
            .unwrap_or_else(|| panic!("{after:?}"));
        assert!(
            added.trim_start().starts_with("[profile fresh]"),
            "{added:?}"
        );
        assert_eq!(text.ends_with('\n'), after.ends_with('\n'), "{added:?}");
        assert!(!is_crlf(text) || is_crlf(&after), "{added:?}");
        let after = changed(
            home,
            "fresh --remove external_id --region us-east-1 --force",
        );
        assert!(after.starts_with(text));
    });
}

#[test]
fn keys_go_wherever_they_stand() {
    each(|home, text| {
        let mut before = text.to_owned();
        for key in ["region", "output"] {
            let after = changed(home, &format!("prod --remove {key}"));
            let (gone, new) = difference(&before, &after, key);
            assert!(
                (gone >= 1) == (after != before) && new == 0,
                "{before:?}\n{after:?}"
            );
            before = after;
        }
        assert!(!before.contains(" continued"), "{before:?}");
    });
}

fn each(check: impl Fn(&Home, &str)) {
    for text in TEXTS {
        let text = texts::whole(text);
        let home = Home::new().james().config(&text);
        check(&home, &text);
    }
}

fn changed(home: &Home, flags: &str) -> String {
    home.sh(&format!("stsx configure {flags}"))
        .stdout("")
        .stderr_has("stsx: profile `")
        .status(0);
    config(home)
}

/// How many lines are gone and how many are new; all are the key's, or continue it.
fn difference(old: &str, new: &str, key: &str) -> (usize, usize) {
    assert_eq!(old.ends_with('\n'), new.ends_with('\n'), "{old:?}\n{new:?}");
    let (old, new) = (ended(old), ended(new));
    assert!(!is_crlf(&old) || is_crlf(&new), "{old:?}\n{new:?}");
    let (old, new): (Vec<_>, Vec<_>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let (mut gone, mut added) = (0, 0);
    for change in TextDiff::from_slices(&old, &new).iter_all_changes() {
        let line = change.value();
        let is_ours =
            line.trim_start().to_lowercase().starts_with(key) || line.contains(" continued");
        match change.tag() {
            ChangeTag::Delete if is_ours => gone += 1,
            ChangeTag::Insert if is_ours => added += 1,
            ChangeTag::Equal => {}
            tag => panic!("{tag:?} {line:?}\n{old:?}\n{new:?}"),
        }
    }
    (gone, added)
}

fn is_crlf(text: &str) -> bool {
    text.contains('\n') && text.matches("\r\n").count() == text.matches('\n').count()
}

/// A last line without an end gets the one that the file's other lines have.
fn ended(text: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}{end}")
    }
}
