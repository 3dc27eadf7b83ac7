//! The lines below a header: keys, what continues them, and comments.
//!
//! Indented lines are told apart as by Python's configparser, which the AWS CLI reads with: what is indented
//! deeper than the key above it continues that key, anything else is a key. Where keys begin in the first
//! column, as the SDKs require, that comes to the same.

use super::{COMMENT, Property, SyntaxError, WHITE, error, is_identifier};

const BEFORE_ANY_SECTION: &str = "nothing but comments may come before the first [section]";
const INDENTED_HEADER: &str =
    "a section header begins in the first column: remove the spaces before it";
const NO_EQUALS: &str = "expected `key = value`, but there is no `=`";
const NO_KEY: &str = "expected `key = value`, but there is no key before the `=`";
const NESTED_NO_EQUALS: &str =
    "an indented line below a key without a value must read `key = value`, but there is no `=`";

/// What a line below a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Blank, or a comment.
    Skipped,
    Key,
    /// It continues the key above it.
    Further,
}

/// Tells what the lines of a block are, from the one below the header to the last.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// How many characters the last key is indented by.
    key: Option<usize>,
}

impl Lines {
    /// What the next line is.
    pub(crate) fn part(&mut self, text: &str) -> Part {
        let rest = text.trim_start_matches(WHITE);
        let indent = text.len() - rest.len();
        let is_comment = rest.starts_with(COMMENT);
        match self.key {
            _ if rest.is_empty() || (is_comment && indent == 0) => Part::Skipped,
            // To the SDKs, an indented comment belongs to the value above it.
            Some(key) if indent > key && (key == 0 || !is_comment) => Part::Further,
            _ if is_comment => Part::Skipped,
            _ => {
                self.key = Some(indent);
                Part::Key
            }
        }
    }
}

/// Reads the lines of a block below its header, which is on line `first`.
pub(super) fn read_body(
    block: &str,
    first: usize,
    properties: &mut Vec<Property>,
) -> Result<(), SyntaxError> {
    let mut lines = Lines::default();
    let mut open = Open::default();
    for (line, text) in (first..).zip(block.lines()).skip(1) {
        match lines.part(text) {
            Part::Skipped => continue,
            Part::Key => {
                open = read_property(text, line, properties)?;
                continue;
            }
            Part::Further => {}
        }
        if open.nested {
            key_and_value(text, line, NESTED_NO_EQUALS)?;
        }
        if let Some(index) = open.index {
            let property = &mut properties[index];
            property.value.push('\n');
            property.value.push_str(text.trim_matches(WHITE));
            property.further_lines.push(line);
        }
    }
    Ok(())
}

/// The property that a further line would continue.
#[derive(Default)]
struct Open {
    /// Its place in the list; `None` if its key is not valid, so that it is left out.
    index: Option<usize>,
    /// Its own line had no value: what follows are sub-properties.
    nested: bool,
}

fn read_property(
    text: &str,
    line: usize,
    properties: &mut Vec<Property>,
) -> Result<Open, SyntaxError> {
    if is_indented_header(text) {
        return Err(error(line, INDENTED_HEADER));
    }
    let (key, value) = key_and_value(text, line, NO_EQUALS)?;
    let nested = value.is_empty();
    if !is_identifier(key) {
        return Ok(Open {
            index: None,
            nested,
        });
    }
    let property = Property {
        key: key.to_ascii_lowercase(),
        value: value.to_owned(),
        line,
        further_lines: Vec::new(),
    };
    let known = properties
        .iter()
        .position(|other| other.key == property.key);
    let index = known.unwrap_or(properties.len());
    match known {
        Some(index) => properties[index] = property,
        None => properties.push(property),
    }
    Ok(Open {
        index: Some(index),
        nested,
    })
}

fn key_and_value<'t>(
    text: &'t str,
    line: usize,
    no_equals: &str,
) -> Result<(&'t str, &'t str), SyntaxError> {
    let (key, value) = without_comment(text, true)
        .split_once('=')
        .ok_or_else(|| error(line, no_equals))?;
    let key = key.trim_matches(WHITE);
    if key.is_empty() {
        return Err(error(line, NO_KEY));
    }
    Ok((key, value.trim_matches(WHITE)))
}

/// What is wrong with a text above the first header, and on which of its lines: all but blank ones and
/// comments.
pub(super) fn stray(block: &str) -> Option<(usize, &'static str)> {
    let mut lines = block.lines().enumerate();
    let (nth, text) = lines.find(|(_, text)| Lines::default().part(text) != Part::Skipped)?;
    if is_indented_header(text) {
        Some((nth, INDENTED_HEADER))
    } else {
        Some((nth, BEFORE_ANY_SECTION))
    }
}

/// A key cannot begin so, and in the first column it would be a header.
fn is_indented_header(text: &str) -> bool {
    text.starts_with(WHITE) && text.trim_start_matches(WHITE).starts_with('[')
}

/// The line without a comment, trimmed. In headers every `#` and `;` begins a comment, elsewhere only
/// one after white space (of any kind), and not at the start of an indented line.
pub(in super::super) fn without_comment(text: &str, only_after_white_space: bool) -> &str {
    let text = text.trim_matches(WHITE);
    let mut signs = text.match_indices(COMMENT);
    let comment =
        signs.find(|(at, _)| !only_after_white_space || text[..*at].ends_with(char::is_whitespace));
    comment.map_or(text, |(at, _)| text[..at].trim_matches(WHITE))
}
