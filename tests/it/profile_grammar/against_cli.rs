//! The parser and botocore, with which the AWS CLI reads, take the same random texts and must agree: on keys that
//! are indented in any way, on names in quotes, and after edits of such sections.
//!
//! Left out is where both are known to differ, since the SDKs' reading is kept: comments behind values, comments
//! below keys in the first column, `:` for `=`, keys and sections that are there twice.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};

use super::against_sdk::run;
use super::edits::{edited, only_lines_of};
use super::parse::FileKind::Config;
use super::parse::{self, SectionName};
use crate::servers;

const READ: &str = "
import json, os, sys, tempfile
from botocore.configloader import load_config
path = os.path.join(tempfile.mkdtemp(), 'config')
for line in sys.stdin:
    with open(path, 'w', encoding='utf-8', newline='') as file:
        file.write(json.loads(line))
    try:
        print(json.dumps(load_config(path)), flush=True)
    except Exception as error:
        print(json.dumps(str(error)), flush=True)
os.remove(path)
os.rmdir(os.path.dirname(path))
";

/// Headers, each with another name or none.
const HEADERS: &[&str] = &[
    "default",
    "profile prod",
    "profile \"quoted\"",
    "profile 'my prod'",
    "profile \"my test\"",
    "profile my\\ dev",
    "profile 'it'\"'\"'s mine'",
    "profile \"a\\\"b\"",
    "profile '\"c\" d'",
    "profile 🐱",
    "profile dév",
    "profile \"שלום עולם\"",
    "profile two words",
    "sso-session one",
    "sso-session \"a b\"",
    "services 'x y'",
    "other \"x\"",
];

/// botocore in a process of its own.
struct Judge {
    process: Child,
    texts: RefCell<ChildStdin>,
    answers: RefCell<BufReader<ChildStdout>>,
}

impl Judge {
    /// `None`, told of, where it is not installed.
    fn start() -> Option<Self> {
        let mut process = Command::new(servers::tool("venv/bin/python")?)
            .args(["-c", READ])
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python can be run");
        Some(Self {
            texts: RefCell::new(process.stdin.take().expect("it is piped")),
            answers: RefCell::new(BufReader::new(process.stdout.take().expect("it is piped"))),
            process,
        })
    }

    /// What it reads in a config file; none if it refuses that.
    fn read(&self, text: &str) -> Option<Said> {
        writeln!(self.texts.borrow_mut(), "{}", json!(text)).expect("it reads on");
        let mut line = String::new();
        self.answers
            .borrow_mut()
            .read_line(&mut line)
            .expect("it answers");
        let answer: Value = serde_json::from_str(&line).expect("it answers in JSON");
        answer.is_object().then(|| {
            let sections = |sort: &'static str| {
                let sections = answer[sort].as_object().expect("a map of sections");
                let one =
                    move |(name, keys): (&String, &Value)| ((sort, name.clone()), plain(keys));
                sections.iter().map(one)
            };
            ["profiles", "sso_sessions", "services"]
                .into_iter()
                .flat_map(sections)
                .collect()
        })
    }

    fn finish(self) {
        drop(self.texts);
        let mut process = self.process;
        assert!(process.wait().expect("it ends").success());
    }
}

/// Sort and name of a section, then its keys; the value of a key without blank lines.
type Said = BTreeMap<(&'static str, String), BTreeMap<String, Value>>;

fn plain(keys: &Value) -> BTreeMap<String, Value> {
    let keys = keys.as_object().expect("a map of keys");
    let value = |value: &Value| match value.as_str() {
        Some(text) => json!(without_blanks(text)),
        None => value.clone(),
    };
    keys.iter()
        .map(|(key, one)| (key.clone(), value(one)))
        .collect()
}

fn without_blanks(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What the parser reads, in the same form.
fn ours(text: &str) -> Option<Said> {
    let sections = parse::all(text, Config).ok()?.into_iter();
    let section = |section: parse::Section| {
        let name = match section.name {
            SectionName::Profile(name) => ("profiles", name),
            SectionName::SsoSession(name) => ("sso_sessions", name),
            SectionName::Services(name) => ("services", name),
        };
        let value = |value: &str| {
            if !value.starts_with('\n') {
                return json!(without_blanks(value));
            }
            let nested = parse::sub_properties(value).into_iter();
            json!(
                nested
                    .map(|(key, value, _)| (key, value))
                    .collect::<BTreeMap<_, _>>()
            )
        };
        let properties = section.properties.iter();
        let keys = properties.map(|one| (one.key.clone(), value(&one.value)));
        (name, keys.collect())
    };
    Some(sections.map(section).collect())
}

/// Lines below a header: each indented in its own way, or all in one.
fn body() -> impl Strategy<Value = Vec<String>> {
    let indents = || select(vec!["", " ", "  ", "\t", "   ", "\t\t", "    "]);
    let values = "x|arn:aws:iam::111122223333:role/x|a=b|'q'|é 🐱|tool --x \"y z\"|100%|[x]|";
    let values: Vec<&str> = values.split('|').collect();
    let line = prop_oneof![
        6 => (indents(), select(values)).prop_map(|(indent, value)| (indent, format!("= {value}"))),
        1 => indents().prop_map(|indent| (indent, "# c = d".to_owned())),
        1 => indents().prop_map(|indent| (indent, String::new())),
    ];
    let even = prop::option::weighted(0.5, indents());
    (prop::collection::vec(line, 0..7), even).prop_map(|(lines, even)| {
        let has_bare = match even {
            Some(even) => even.is_empty(),
            None => lines
                .iter()
                .any(|(indent, rest)| indent.is_empty() && rest.starts_with('=')),
        };
        let mut above_is_empty = false;
        let line = |(nth, (indent, rest)): (usize, &(&str, String))| match rest.split_at_checked(1)
        {
            None => (*indent).to_owned(),
            Some(("=", value)) => {
                // Below a key without a value, some lines are deeper than the others.
                let deeper = if above_is_empty { *indent } else { "" };
                above_is_empty = value.trim().is_empty();
                let indent = even.map_or((*indent).to_owned(), |even| format!("{even}{deeper}"));
                format!("{indent}k{nth} ={value}")
            }
            Some(_) if has_bare => rest.clone(),
            Some(_) => format!("{indent}{rest}"),
        };
        lines.iter().enumerate().map(line).collect()
    })
}

fn text() -> impl Strategy<Value = String> {
    let headers = subsequence(HEADERS.to_vec(), 0..7).prop_shuffle();
    let bodies = prop::collection::vec(body(), 7);
    let ends = select(vec!["\n", "\r\n"]);
    (headers, bodies, ends, any::<bool>()).prop_map(|(headers, bodies, end, is_ended)| {
        let header = |header: &&str| format!("[{header}]");
        let sections = headers.iter().map(header).zip(bodies);
        let lines = sections.flat_map(|(header, body)| [vec![header], body].concat());
        let text = lines.collect::<Vec<_>>().join(end);
        if is_ended { text + end } else { text }
    })
}

#[test]
fn agrees_with_the_aws_cli() {
    let Some(judge) = Judge::start() else { return };
    let indented = Cell::new(0);
    run(1500, &text(), |text| {
        let theirs = judge.read(&text);
        prop_assert_eq!(ours(&text), theirs.clone(), "{:?}", text);
        let is_indented = theirs.is_some() && super::against_sdk::sdk(&text, "").is_err();
        indented.set(indented.get() + u32::from(is_indented));
        Ok(())
    });
    judge.finish();
    assert!(indented.get() > 500, "the texts prove little: {indented:?}");
}

#[test]
fn agrees_with_the_aws_cli_on_names() {
    let Some(judge) = Judge::start() else { return };
    let seen = Cell::new(0);
    run(3000, &"[ab'\" \\\\é]{1,7}", |written: String| {
        let text = format!("[profile {written}]\n");
        let theirs = judge.read(&text).expect("a header alone is well-formed");
        let theirs = theirs.keys().next().map(|(_, name)| name.clone());
        let ours = parse::profile_names(&text, Config).pop();
        // Of no name is the longest plain part torn apart by quotes.
        let is_torn = |name: &String| {
            let parts = name.split(['"', '\'', '\\', ' ']);
            let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
            !written.contains(longest)
        };
        let is_read = |name: &String| parse::is_name(name) && !is_torn(name);
        seen.set(seen.get() + u32::from(ours.is_some()));
        prop_assert_eq!(ours, theirs.filter(is_read), "{:?}", text);
        Ok(())
    });
    judge.finish();
    assert!(seen.get() > 300, "the texts prove little: {seen:?}");
}

#[test]
fn the_aws_cli_reads_what_an_edit_makes() {
    let Some(judge) = Judge::start() else { return };
    let keys = select(vec!["k0", "k1", "k2", "fresh"]);
    let values = select(vec![None, Some("v"), Some("w x=y")]);
    let undone = Cell::new(0);
    let edits = (text(), any::<Index>(), keys, values);
    run(1500, &edits, |(text, place, key, value)| {
        let Some(mut wanted) = judge.read(&text) else {
            return Ok(());
        };
        let mut names = parse::profile_names(&text, Config);
        names.push("brand new".to_owned());
        let name = names.swap_remove(place.index(names.len()));
        let edit = edited(&text, Config, &name, key, value);
        let (before, after) = edit.expect("the text is well-formed");
        only_lines_of(&text, &after, key, Config, &name)?;
        let section = ("profiles", name.clone());
        if let Some(value) = value {
            let section = wanted.entry(section).or_default();
            section.insert(key.to_owned(), json!(value));
        } else if let Some(section) = wanted.get_mut(&section) {
            section.remove(key);
        }
        prop_assert_eq!(judge.read(&after), Some(wanted), "{:?} {:?}", text, &*after);
        let is_plain = |old: &String| !old.is_empty() && !old.contains('\n');
        if name != "brand new" && before.as_ref().is_none_or(is_plain) && value.is_some() {
            let back = edited(&after, Config, &name, key, before.as_deref());
            prop_assert_eq!(
                &*back.expect("it was there").1,
                &text,
                "after {:?}",
                &*after
            );
            undone.set(undone.get() + 1);
        }
        Ok(())
    });
    judge.finish();
    assert!(undone.get() > 300, "the texts prove little: {undone:?}");
}
