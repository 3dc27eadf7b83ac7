//! The grammar of `~/.aws/config` and `~/.aws/credentials`, with the line of every value.
//!
//! It is AWS's grammar, not INI's: comments, continuation lines and section names follow the loader of
//! the AWS SDK for Rust, and `tests/it/profile_grammar.rs` holds this module against it. Finding files,
//! merging the two of them and giving values a meaning happen elsewhere. A section header is a line that
//! begins with `[`, in every context: so [`find`] leaps from one to the next and reads nothing in between.
//!
//! Two things differ: a byte order mark at the start is no error, and when one section is spelled in two
//! ways (`[profile x]`, `[profile  x]`) the later value wins, where the SDK leaves it to chance.

use std::collections::BTreeMap;
use std::fmt;

// The tests read this file from elsewhere.
#[path = "parse/blocks.rs"]
mod blocks;

use blocks::blocks;
pub(super) use blocks::blocks_with;

/// What the grammar calls white space at the edges of lines, names and values; nothing else is.
pub(super) const WHITE: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];
const DEFAULT: &str = "default";

const BEFORE_ANY_SECTION: &str = "nothing but comments may come before the first [section]";
const UNCLOSED_HEADER: &str = "the section header does not end with `]`";
const NOTHING_TO_CONTINUE: &str = "an indented line continues the key above it, but there is none above it: remove the spaces before it";
const NO_EQUALS: &str = "expected `key = value`, but there is no `=`";
const NO_KEY: &str = "expected `key = value`, but there is no key before the `=`";
const NESTED_NO_EQUALS: &str =
    "an indented line below a key without a value must read `key = value`, but there is no `=`";

/// Which of the two files a text is: their section headers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// `~/.aws/config`: `[profile x]`, `[default]`, `[sso-session x]`, `[services x]`.
    Config,
    /// `~/.aws/credentials`: `[x]`, and nothing but profiles.
    Credentials,
}

/// The name of a section that stsx knows; sections of any other sort are skipped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SectionName {
    Profile(String),
    SsoSession(String),
    Services(String),
}

impl SectionName {
    /// The name proper, without the sort of section.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Profile(name) | Self::SsoSession(name) | Self::Services(name) => name,
        }
    }
}

/// One `key = value` of a section, with its continuation lines. Its `Debug` keeps the value to itself.
#[derive(Clone)]
pub(crate) struct Property {
    /// In lower case.
    pub(crate) key: String,
    /// Trimmed; each continuation line follows a `\n`.
    pub(crate) value: String,
    /// The line of the key, counted from 1.
    pub(crate) line: usize,
    /// The lines of the file that the second and further lines of the value came from.
    further_lines: Vec<usize>,
}

impl Property {
    /// The line of the file that line `offset` of the value stands on, 0 being the line of the key. Blank
    /// lines and comments between the lines of a value are not part of it, so adding is not enough.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        match offset.checked_sub(1) {
            None => self.line,
            Some(nth) => self.further_lines.get(nth).copied().unwrap_or(self.line),
        }
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property")
            .field("key", &self.key)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// A section with everything that its file says about it.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) name: SectionName,
    /// The line of its first header, counted from 1.
    pub(crate) line: usize,
    /// In order of first appearance; of a repeated key, the later value and line.
    pub(crate) properties: Vec<Property>,
}

/// A text that is not a profile file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Counted from 1.
    pub(crate) line: usize,
    /// What is wrong, without a word of the file's own text, which may be a secret.
    pub(crate) what: String,
}

/// Parses the whole text: every known section in file order, those of the same name merged. In a config
/// file `[profile default]` replaces `[default]`. Sections and keys whose names are not valid are left
/// out, but what is in them has to be well-formed all the same.
pub(crate) fn all(text: &str, kind: FileKind) -> Result<Vec<Section>, SyntaxError> {
    let mut sections = Sections::default();
    let mut line = 1;
    for (_, block) in blocks(without_mark(text)) {
        if block.starts_with('[') {
            let properties = match Header::parse(first_line(block), line, kind)? {
                Some(header) => sections.entry(header, line),
                None => &mut Vec::new(),
            };
            read_body(block, line, properties)?;
        } else if let Some(nth) = block.lines().position(|text| !is_skipped(text)) {
            return Err(error(line + nth, BEFORE_ANY_SECTION));
        }
        line += newlines(block);
    }
    Ok(sections.finish())
}

/// Parses only what the text says about the section `name`, `None` if nothing. Other sections are not
/// looked into: their errors stay unnoticed. For a text that [`all`] accepts, both give the same section.
pub(crate) fn find(
    text: &str,
    kind: FileKind,
    name: &SectionName,
) -> Result<Option<Section>, SyntaxError> {
    let text = without_mark(text);
    let mut sections = Sections::default();
    let (mut line, mut counted) = (1, 0);
    for (offset, block) in blocks_with(text, name.as_str()) {
        let first = first_line(block);
        if !mentions(first, name.as_str()) {
            continue;
        }
        line += newlines(&text[counted..offset]);
        counted = offset;
        if let Some(header) = Header::parse(first, line, kind)?
            && header.name == *name
        {
            read_body(block, line, sections.entry(header, line))?;
        }
    }
    Ok(sections.finish().pop())
}

/// The sub-properties in a value such as that of `s3 =`, in order: key in lower case, value, and the line
/// of the value they stand on (for [`Property::line_at`]). Lines without `=` are passed over. Unlike in
/// properties, `#` and `;` begin no comment here.
pub(crate) fn sub_properties(value: &str) -> Vec<(String, String, usize)> {
    value
        .split('\n')
        .enumerate()
        .filter_map(|(offset, line)| {
            let (key, value) = line.split_once('=')?;
            let key = key.trim_matches(WHITE).to_ascii_lowercase();
            Some((key, value.trim_matches(WHITE).to_owned(), offset))
        })
        .collect()
}

/// The names of all profiles in file order, each once; their bodies, and headers with errors, are skipped.
pub(crate) fn profile_names(text: &str, kind: FileKind) -> Vec<String> {
    let mut sections = Sections::default();
    for (_, block) in blocks(without_mark(text)) {
        if let Ok(Some(header)) = Header::parse(first_line(block), 0, kind) {
            sections.entry(header, 0);
        }
    }
    let profile = |section: Section| match section.name {
        SectionName::Profile(name) => Some(name),
        SectionName::SsoSession(_) | SectionName::Services(_) => None,
    };
    sections.finish().into_iter().filter_map(profile).collect()
}

pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

pub(super) fn first_line(block: &str) -> &str {
    block.lines().next().unwrap_or_default()
}

/// Whether a line that may be a header has `name` in it as a word of its own.
fn mentions(line: &str, name: &str) -> bool {
    let mut words = line.split(|char| !is_identifier_part(char));
    line.starts_with('[') && words.any(|word| word == name)
}

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}

/// What a header line says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Header {
    name: SectionName,
    /// It reads `[default]` in a config file, where `[profile default]` takes its place.
    bare_default: bool,
}

impl Header {
    /// Reads the header on `line`; `None` if it names no section that is known, or names it badly.
    fn parse(text: &str, line: usize, kind: FileKind) -> Result<Option<Self>, SyntaxError> {
        let inner = without_comment(text, false)
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| error(line, UNCLOSED_HEADER))?
            .trim_matches(WHITE);
        // Once cut, both halves lose white space of every kind, as in the SDK.
        let (sort, name) = match inner.split_once(WHITE) {
            Some((sort, name)) => (Some(sort.trim()), name.trim()),
            None => (None, inner.trim()),
        };
        if !is_identifier(name) {
            return Ok(None);
        }
        let bare_default = kind == FileKind::Config && sort.is_none();
        let sort = match (kind, sort) {
            (FileKind::Config, Some("profile")) | (FileKind::Credentials, None) => {
                SectionName::Profile
            }
            (FileKind::Config, None) if name == DEFAULT => SectionName::Profile,
            (FileKind::Config, Some("sso-session")) => SectionName::SsoSession,
            (FileKind::Config, Some("services")) => SectionName::Services,
            _ => return Ok(None),
        };
        let name = sort(name.to_owned());
        Ok(Some(Self { name, bare_default }))
    }
}

/// The sections read so far, in file order.
#[derive(Default)]
struct Sections {
    sections: Vec<Section>,
    index: BTreeMap<Header, usize>,
}

impl Sections {
    /// Where the properties below a header belong.
    fn entry(&mut self, header: Header, line: usize) -> &mut Vec<Property> {
        let name = header.name.clone();
        let index = *self.index.entry(header).or_insert_with(|| {
            self.sections.push(Section {
                name,
                line,
                properties: Vec::new(),
            });
            self.sections.len() - 1
        });
        &mut self.sections[index].properties
    }

    /// `[profile default]` replaces a `[default]` before or after it, rather than being merged with it.
    fn finish(mut self) -> Vec<Section> {
        let default = |bare_default| Header {
            name: SectionName::Profile(DEFAULT.to_owned()),
            bare_default,
        };
        if let Some(bare) = self.index.get(&default(true))
            && self.index.contains_key(&default(false))
        {
            self.sections.remove(*bare);
        }
        self.sections
    }
}

/// The property that an indented line would continue.
enum Open {
    Nothing,
    Property {
        /// Its place in the list; `None` if its key is not valid, so that it is left out.
        index: Option<usize>,
        /// Its own line had no value: what follows are sub-properties.
        nested: bool,
    },
}

/// Reads the lines of a block below its header, which is on line `first`.
fn read_body(block: &str, first: usize, properties: &mut Vec<Property>) -> Result<(), SyntaxError> {
    let mut open = Open::Nothing;
    for (line, text) in (first..).zip(block.lines()).skip(1) {
        if is_skipped(text) {
            continue;
        }
        if !text.starts_with(WHITE) {
            open = read_property(text, line, properties)?;
            continue;
        }
        let Open::Property { index, nested } = open else {
            return Err(error(line, NOTHING_TO_CONTINUE));
        };
        if nested {
            key_and_value(text, line, NESTED_NO_EQUALS)?;
        }
        if let Some(index) = index {
            let property = &mut properties[index];
            property.value.push('\n');
            property.value.push_str(text.trim_matches(WHITE));
            property.further_lines.push(line);
        }
    }
    Ok(())
}

fn read_property(
    text: &str,
    line: usize,
    properties: &mut Vec<Property>,
) -> Result<Open, SyntaxError> {
    let (key, value) = key_and_value(text, line, NO_EQUALS)?;
    let index = is_identifier(key).then(|| {
        let (key, value) = (key.to_ascii_lowercase(), value.to_owned());
        let known = properties.iter().position(|other| other.key == key);
        let property = Property {
            key,
            value,
            line,
            further_lines: Vec::new(),
        };
        if let Some(index) = known {
            properties[index] = property;
            return index;
        }
        properties.push(property);
        properties.len() - 1
    });
    let nested = value.is_empty();
    Ok(Open::Property { index, nested })
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

/// Blank lines, and comments that begin in the first column, count nowhere.
pub(super) fn is_skipped(text: &str) -> bool {
    text.starts_with(COMMENT) || text.trim_matches(WHITE).is_empty()
}

/// The line without a comment, trimmed. In headers every `#` and `;` begins a comment, elsewhere only
/// one after white space (of any kind), and not at the start of an indented line.
pub(super) fn without_comment(text: &str, only_after_white_space: bool) -> &str {
    let text = text.trim_matches(WHITE);
    let mut signs = text.match_indices(COMMENT);
    let comment =
        signs.find(|(at, _)| !only_after_white_space || text[..*at].ends_with(char::is_whitespace));
    comment.map_or(text, |(at, _)| text[..at].trim_matches(WHITE))
}

/// What such names are made of, in words.
pub(crate) const IDENTIFIER: &str = "letters, digits and any of _-/.%@:+";

/// The names that AWS allows for sections and keys; the SDK takes the empty one for valid too.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.chars().all(is_identifier_part)
}

fn is_identifier_part(char: char) -> bool {
    matches!(char, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '/' | '.' | '%' | '@' | ':' | '+')
}

fn error(line: usize, what: &str) -> SyntaxError {
    let what = what.to_owned();
    SyntaxError { line, what }
}
