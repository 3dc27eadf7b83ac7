//! Changes keys of one section of an AWS file and leaves every other byte as it was.
//!
//! It works on the text: comments, order, line ends, the byte order mark, blank lines and a missing
//! end of the last line stay. What counts (the last of repeated keys, `[profile default]` before
//! `[default]`) is what `parse` says; the result is parsed again and given out only if nothing but the
//! wanted keys reads otherwise than before.

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::parse::{self, FileKind, Lines, Part, SectionName, SyntaxError, WHITE};

/// A key, in lower case, and the value it shall have; with `None` it shall not be there.
pub(crate) type Change = (String, Option<Zeroizing<String>>);

/// Why a text is not edited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not written in the grammar.
    Syntax(SyntaxError),
    /// The value of this key would read back as another one.
    Unwritable(String),
}

/// The text with keys of a section changed. A section that is not there is added at the end, if
/// anything is to stand in it.
///
/// # Errors
/// The text is not written in the grammar, or a value cannot be.
pub(crate) fn edited(
    text: &str,
    kind: FileKind,
    section: &SectionName,
    changes: &[Change],
) -> Result<Zeroizing<String>, Refusal> {
    let mut wanted = said(text, kind).map_err(Refusal::Syntax)?;
    let mut result = Zeroizing::new(text.to_owned());
    for (key, value) in changes {
        result = match value {
            Some(value) => with_value(&result, kind, section, key, value),
            None => without_key(&result, kind, section, key),
        };
        if let Some(value) = value {
            let properties = wanted.entry(section.clone()).or_default();
            properties.insert(key.clone(), value.clone());
        } else if let Some(properties) = wanted.get_mut(section) {
            properties.remove(key);
        }
        if said(&result, kind).as_ref() != Ok(&wanted) {
            return Err(Refusal::Unwritable(key.clone()));
        }
    }
    Ok(result)
}

type Said = BTreeMap<SectionName, BTreeMap<String, Zeroizing<String>>>;

/// What a text says, without its order and places.
fn said(text: &str, kind: FileKind) -> Result<Said, SyntaxError> {
    let sections = parse::all(text, kind)?.into_iter();
    let properties = |section: parse::Section| {
        let properties = section.properties.into_iter();
        let properties = properties.map(|one| (one.key, Zeroizing::new(one.value)));
        (section.name, properties.collect())
    };
    Ok(sections.map(properties).collect())
}

/// A property as it stands in the text.
struct Place {
    /// In lower case.
    key: String,
    /// Where the value stands on the line of the key; the end of that line's text, if there is none.
    value: Range<usize>,
    /// The white space before the key.
    indent: Range<usize>,
    /// White space stands before the `=`.
    is_spaced: bool,
    /// The line of the key, then those that continue it, each with its end.
    lines: Vec<Range<usize>>,
}

impl Place {
    /// Reads the line of a key, `text` without the line's end. (The parser took it, so there is a `=`.)
    fn read(text: &str, line: Range<usize>) -> Self {
        let said = parse::without_comment(text, true);
        let (key, rest) = said.split_once('=').unwrap_or((said, ""));
        let indent = indent_of(text);
        let end = line.start + indent + said.len();
        Self {
            key: key.trim_matches(WHITE).to_ascii_lowercase(),
            value: end - rest.trim_start_matches(WHITE).len()..end,
            is_spaced: key.ends_with(WHITE),
            indent: line.start..line.start + indent,
            lines: vec![line],
        }
    }
}

/// A header of the section, and what stands below it.
struct Block {
    header: Range<usize>,
    /// The white space before its first indented line.
    indent: Range<usize>,
    properties: Vec<Place>,
}

impl Block {
    /// Reads a piece of the text that begins at `start` with a header.
    fn read(block: &str, start: usize) -> Self {
        let mut properties: Vec<Place> = Vec::new();
        let mut at = start + block.split_inclusive('\n').next().map_or(0, str::len);
        let (header, mut indent) = (start..at, None);
        let mut lines = Lines::default();
        for line in block[header.len()..].split_inclusive('\n') {
            let (begin, text) = (at, parse::first_line(line));
            at += line.len();
            if text.starts_with(WHITE) && !text.trim_matches(WHITE).is_empty() {
                indent.get_or_insert(begin..begin + indent_of(text));
            }
            match lines.part(text) {
                Part::Skipped => {}
                Part::Key => properties.push(Place::read(text, begin..at)),
                Part::Further => {
                    let continued = properties.last_mut().expect("a key comes before it");
                    continued.lines.push(begin..at);
                }
            }
        }
        Self {
            indent: indent.unwrap_or(start..start),
            header,
            properties,
        }
    }

    /// All blocks of a section that count.
    fn of(text: &str, kind: FileKind, section: &SectionName) -> Vec<Self> {
        let body = parse::without_mark(text);
        let mark = text.len() - body.len();
        let is_ours = |block: &str| {
            block.starts_with('[') && matches!(parse::find(block, kind, section), Ok(Some(_)))
        };
        let ours: Vec<(usize, &str)> = parse::blocks_naming(body, section.as_str())
            .filter(|(_, block)| is_ours(block))
            .collect();
        // Of a config file's `[default]` nothing counts where `[profile default]` stands.
        let is_bare = |block: &str| {
            let header = block[1..].split(']').next().unwrap_or_default();
            kind == FileKind::Config && !header.trim_matches(WHITE).contains(WHITE)
        };
        let is_replaced = ours.iter().any(|(_, block)| !is_bare(block));
        ours.into_iter()
            .filter(|(_, block)| !(is_replaced && is_bare(block)))
            .map(|(start, block)| Self::read(block, mark + start))
            .collect()
    }

    /// Its last line that says something.
    fn last_line(&self) -> Range<usize> {
        let last = self.properties.last().and_then(|one| one.lines.last());
        last.unwrap_or(&self.header).clone()
    }
}

/// How many characters a line is indented by.
fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches(WHITE).len()
}

fn with_value(
    text: &str,
    kind: FileKind,
    section: &SectionName,
    key: &str,
    value: &str,
) -> Zeroizing<String> {
    let blocks = Block::of(text, kind, section);
    let places = blocks.iter().flat_map(|block| &block.properties);
    if let Some(place) = places.rev().find(|place| place.key == key) {
        let before = if place.value.is_empty() && place.is_spaced {
            " "
        } else {
            ""
        };
        // A comment needs white space before it.
        let is_touched = text[place.value.end..].starts_with(['#', ';']);
        let after = if is_touched { " " } else { "" };
        let value = Zeroizing::new([before, value, after].concat());
        let further = place.lines[1..].iter().cloned();
        let mut splices = vec![(place.value.clone(), value)];
        splices.extend(further.map(|line| (line, Zeroizing::default())));
        return spliced(text, splices);
    }
    match blocks.last() {
        Some(block) => with_line(text, block, key, value),
        None => with_section(text, kind, section, key, value),
    }
}

/// A key that was not there stands below the last one of its section, written in its manner.
fn with_line(text: &str, block: &Block, key: &str, value: &str) -> Zeroizing<String> {
    let is_spaced = block.properties.last().is_none_or(|one| one.is_spaced);
    let equals = if is_spaced { " = " } else { "=" };
    let last = block.last_line();
    let indent = block
        .properties
        .last()
        .map_or(&block.indent, |one| &one.indent);
    let indent = &text[indent.clone()];
    let (end, is_whole) = line_end(text, &text[last.clone()]);
    let line = if is_whole {
        [indent, key, equals, value, end].concat()
    } else {
        [end, indent, key, equals, value].concat()
    };
    spliced(text, vec![(last.end..last.end, Zeroizing::new(line))])
}

/// A new section stands at the end, below a blank line.
fn with_section(
    text: &str,
    kind: FileKind,
    section: &SectionName,
    key: &str,
    value: &str,
) -> Zeroizing<String> {
    let body = parse::without_mark(text);
    let last = body.split_inclusive('\n').next_back().unwrap_or_default();
    let (end, is_whole) = line_end(text, last);
    let mut added = Zeroizing::new(String::new());
    if !body.is_empty() && !is_whole {
        added.push_str(end);
    }
    if !parse::first_line(last).trim_matches(WHITE).is_empty() {
        added.push_str(end);
    }
    added.push_str(&header(kind, section));
    for part in [end, key, " = ", value, end] {
        added.push_str(part);
    }
    spliced(text, vec![(text.len()..text.len(), added)])
}

/// The header of a section as the AWS CLI writes it.
pub(super) fn header(kind: FileKind, section: &SectionName) -> String {
    let named = |sort: &str, name: &str| format!("[{sort} {}]", parse::written_name(name));
    match (kind, section) {
        (FileKind::Credentials, section) => format!("[{}]", section.as_str()),
        (FileKind::Config, SectionName::Profile(name)) if name == "default" => {
            "[default]".to_owned()
        }
        (FileKind::Config, SectionName::Profile(name)) => named("profile", name),
        (FileKind::Config, SectionName::SsoSession(name)) => named("sso-session", name),
        (FileKind::Config, SectionName::Services(name)) => named("services", name),
    }
}

/// How lines end: this one, else the text's first. And whether this one has an end.
fn line_end<'t>(text: &'t str, line: &'t str) -> (&'t str, bool) {
    let end = |line: &'t str| &line[parse::first_line(line).len()..];
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    match (end(line), end(first)) {
        ("", "") => ("\n", false),
        ("", end) => (end, false),
        (end, _) => (end, true),
    }
}

/// Every line that gives the key a value goes: an earlier one must not begin to count.
fn without_key(text: &str, kind: FileKind, section: &SectionName, key: &str) -> Zeroizing<String> {
    let blocks = Block::of(text, kind, section);
    let places = blocks.iter().flat_map(|block| &block.properties);
    let lines = places
        .filter(|place| place.key == key)
        .flat_map(|place| place.lines.iter().cloned());
    spliced(
        text,
        lines.map(|line| (line, Zeroizing::default())).collect(),
    )
}

/// The text with pieces replaced, given in the order of the text. If its last line has no end, the new
/// last line has none either.
fn spliced(text: &str, splices: Vec<(Range<usize>, Zeroizing<String>)>) -> Zeroizing<String> {
    let more: usize = splices.iter().map(|(_, piece)| piece.len()).sum();
    // Big enough from the start: what grows would leave copies of itself behind.
    let mut result = Zeroizing::new(String::with_capacity(text.len() + more));
    let mut done = 0;
    for (range, piece) in splices {
        result.push_str(&text[done..range.start]);
        result.push_str(&piece);
        done = range.end;
    }
    result.push_str(&text[done..]);
    let is_open = !parse::without_mark(text).is_empty() && !text.ends_with('\n');
    if is_open && result.ends_with('\n') {
        result.pop();
        if result.ends_with('\r') {
            result.pop();
        }
    }
    result
}
