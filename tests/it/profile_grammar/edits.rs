//! Random texts are edited: what was not meant stays byte for byte, the way back leads to the same bytes, and the
//! SDK's loader sees the wanted difference and no other.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use aws_config::profile::ProfileSet;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use similar::{ChangeTag, TextDiff};
use zeroize::Zeroizing;

use super::against_sdk::{run, sdk};
use super::edit::{self, Refusal};
use super::parse::FileKind::{self, Config, Credentials};
use super::parse::{self, SectionName};
use super::texts;

/// An edit of a text: of a section that is there, most often.
#[derive(Debug)]
struct Edit {
    text: String,
    name: String,
    key: &'static str,
    value: &'static str,
}

fn edits(kind: FileKind) -> impl Strategy<Value = Edit> {
    let keys = vec!["region", "role_arn", "s3", "fresh"];
    let values = "x|v=w|v#c|é 🐱|arn:aws:iam::111122223333:role/x|[x]|tool 'a b' \"c\"";
    let values: Vec<&str> = values.split('|').collect();
    let parts = (
        texts::realistic(kind),
        any::<Index>(),
        select(keys),
        select(values),
    );
    parts.prop_map(move |(text, place, key, value)| {
        let mut names: Vec<String> = names(&text, kind).into_iter().collect();
        names.push("new".to_owned());
        let name = names.swap_remove(place.index(names.len()));
        Edit {
            text,
            name,
            key,
            value,
        }
    })
}

#[test]
fn an_edit_changes_what_it_should_and_can_be_undone() {
    let (done, undone) = (Cell::new(0), Cell::new(0));
    for kind in [Config, Credentials] {
        run(1500, &edits(kind), |edit| {
            let Edit {
                text,
                name,
                key,
                value,
            } = &edit;
            let Some((before, after)) = edited(text, kind, name, key, Some(value)) else {
                // A line end behind a stray carriage return would swallow it.
                let is_stray = text.ends_with('\r');
                prop_assert!(parse::all(text, kind).is_err() || is_stray, "it is refused");
                return Ok(());
            };
            done.set(done.get() + 1);
            only_lines_of(text, &after, key, kind, name)?;
            sdk_sees(text, &after, kind, name, (key, Some(value)))?;
            if names(text, kind).contains(name) && can_be_undone(text, before.as_deref()) {
                let back = edited(&after, kind, name, key, before.as_deref());
                let (_, back) = back.expect("it was there");
                prop_assert_eq!(&*back, text, "after {:?}", &*after);
                undone.set(undone.get() + 1);
            }
            Ok(())
        });
    }
    let (done, undone) = (done.get(), undone.get());
    assert!(
        done > 1500 && undone > done / 4,
        "the texts prove little: {done} edits, {undone} undone"
    );
}

/// Whether setting the value that was there before leads to the same bytes. A value of several lines becomes one
/// line; white space before a comment that is not the grammar's belongs to the value; and a carriage return at
/// the very end becomes part of a line end.
fn can_be_undone(text: &str, before: Option<&str>) -> bool {
    let is_plain =
        |old: &str| !old.is_empty() && !old.contains('\n') && !old.ends_with(char::is_whitespace);
    before.is_none_or(is_plain) && !text.ends_with('\r')
}

#[test]
fn a_key_goes_with_all_its_lines() {
    run(1500, &edits(Config), |edit| {
        let Edit {
            text, name, key, ..
        } = &edit;
        let Some((_, after)) = edited(text, Config, name, key, None) else {
            prop_assert!(parse::all(text, Config).is_err(), "it is refused");
            return Ok(());
        };
        only_lines_of(text, &after, key, Config, name)?;
        sdk_sees(text, &after, Config, name, (key, None))
    });
}

#[test]
fn values_that_would_read_back_otherwise_are_refused() {
    let text = "[profile a]\nk = 1\n";
    for value in [
        "a # b",
        "a ;b",
        "#a",
        " a",
        "a ",
        "a\nb",
        "a\n[profile b]",
        "a\n l = 1",
        "a\t#",
    ] {
        let name = SectionName::Profile("a".to_owned());
        let change = ("k".to_owned(), Some(Zeroizing::new(value.to_owned())));
        let refusal = edit::edited(text, Config, &name, &[change]).err();
        assert_eq!(
            refusal,
            Some(Refusal::Unwritable("k".to_owned())),
            "{value:?}"
        );
    }
}

#[test]
fn a_default_that_does_not_count_is_left_alone() {
    for bare in ["[default]", "[\u{a0}default]", "[ default ] # ] profile"] {
        let text = format!("{bare}\nregion = a\n[profile default]\n{bare}\nregion = b\n");
        let (_, after) =
            edited(&text, Config, "default", "region", Some("x")).expect("it is well-formed");
        let wanted = text.replace("[profile default]\n", "[profile default]\nregion = x\n");
        assert_eq!(*after, wanted);
    }
}

pub(super) type Edited = (Option<String>, Zeroizing<String>);

/// The value before, and the text after; none if the text is not well-formed.
pub(super) fn edited(
    text: &str,
    kind: FileKind,
    name: &str,
    key: &str,
    value: Option<&str>,
) -> Option<Edited> {
    let name = SectionName::Profile(name.to_owned());
    let before = parse::find(text, kind, &name).ok()?;
    let mut before = before.into_iter().flat_map(|section| section.properties);
    let before = before.find(|one| one.key == key).map(|one| one.value);
    let value = value.map(|value| Zeroizing::new(value.to_owned()));
    let after = edit::edited(text, kind, &name, &[(key.to_owned(), value)]).ok()?;
    Some((before, after))
}

/// By lines, nothing but the key's own lines, and a new section at the end, differs.
pub(super) fn only_lines_of(
    old: &str,
    new: &str,
    key: &str,
    kind: FileKind,
    name: &str,
) -> Result<(), TestCaseError> {
    let is_open = |text: &str| !text.is_empty() && !text.ends_with('\n');
    // A blank line that comes to be the last one is nothing without its end.
    let has_blank = old.lines().any(|line| line.trim().is_empty());
    prop_assert!(
        !is_open(old) || is_open(new) || has_blank,
        "the last line has an end now"
    );
    prop_assert!(
        is_open(old) || !is_open(new),
        "the last line has no end any more"
    );
    let lines = |text: &str| -> Vec<String> {
        let ended = if is_open(text) { "\n" } else { "" };
        let text = text.to_owned() + ended;
        let lines = text.split_inclusive('\n').map(str::to_owned);
        // The end of the last line is not the file's own.
        let mut lines: Vec<String> = lines.collect();
        if !ended.is_empty()
            && let Some(last) = lines.last_mut()
        {
            *last = last.trim_end_matches(['\r', '\n']).to_owned();
        }
        lines
    };
    let (old_lines, new_lines) = (lines(old), lines(new));
    let of_key = |line: &str| {
        let (found, _) = line.split_once('=').unwrap_or_default();
        found.trim_matches([' ', '\t']).eq_ignore_ascii_case(key)
    };
    let is_new = !names(old, kind).contains(name);
    let mut is_continued = false;
    for change in TextDiff::from_slices(&refs(&old_lines), &refs(&new_lines)).iter_all_changes() {
        let line = change.value();
        let further = line.starts_with([' ', '\t']) && is_continued;
        match change.tag() {
            ChangeTag::Delete => prop_assert!(
                of_key(line) || further || line.trim().is_empty() || is_end(line, &new_lines),
                "{line:?} is gone: {old:?} {new:?}"
            ),
            ChangeTag::Insert => prop_assert!(
                of_key(line)
                    || (is_new && (line.trim().is_empty() || line.contains(name)))
                    || is_end(line, &old_lines),
                "{line:?} is new: {old:?} {new:?}"
            ),
            ChangeTag::Equal => {}
        }
        let is_skipped = line.starts_with(['#', ';']) || line.trim().is_empty();
        is_continued = of_key(line) || further || (is_continued && is_skipped);
    }
    Ok(())
}

/// Whether a line is there with another end.
fn is_end(line: &str, others: &[String]) -> bool {
    let bare = |line: &str| line.trim_end_matches(['\r', '\n']).to_owned();
    others.iter().any(|other| bare(other) == bare(line))
}

fn refs(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

fn names(text: &str, kind: FileKind) -> BTreeSet<String> {
    parse::profile_names(text, kind).into_iter().collect()
}

type Seen = BTreeMap<(String, String), String>;

fn loaded(text: &str, kind: FileKind) -> Option<ProfileSet> {
    let set = match kind {
        Config => sdk(text, ""),
        Credentials => sdk("", text),
    };
    set.ok()
}

/// All that the SDK sees in a text, key by key.
fn seen(text: &str, kind: FileKind, keys: &BTreeSet<String>) -> Seen {
    let set = loaded(text, kind).expect("ours takes it too");
    let mut seen = Seen::new();
    for name in set.profiles() {
        for key in keys {
            if let Some(value) = set.get_profile(name).and_then(|profile| profile.get(key)) {
                seen.insert((name.to_owned(), key.clone()), value.to_owned());
            }
        }
    }
    seen
}

fn sdk_sees(
    old: &str,
    new: &str,
    kind: FileKind,
    name: &str,
    (key, value): (&str, Option<&str>),
) -> Result<(), TestCaseError> {
    let keys = old
        .lines()
        .chain(new.lines())
        .filter_map(|line| line.split_once('='));
    let keys = keys
        .map(|(key, _)| key.trim_matches([' ', '\t']).to_ascii_lowercase())
        .collect();
    if loaded(old, kind).is_none() {
        // Indented keys, and names that it passes over, are for `against_cli`.
        return Ok(());
    }
    let mut wanted = seen(old, kind, &keys);
    let place = (name.to_owned(), key.to_owned());
    match value.filter(|_| parse::is_identifier(name)) {
        Some(value) => wanted.insert(place, value.to_owned()),
        None => wanted.remove(&place),
    };
    prop_assert_eq!(seen(new, kind, &keys), wanted);
    Ok(())
}
