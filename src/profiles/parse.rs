//! The grammar of `~/.aws/config` and `~/.aws/credentials`, with the line of every value.
//!
//! It is AWS's grammar, not INI's: comments, continuation lines and section names follow the loader of
//! the AWS SDK for Rust, and `tests/it/profile_grammar.rs` holds this module against it. Finding files,
//! merging the two of them and giving values a meaning happen elsewhere. A section header is a line that
//! begins with `[`, in every context: so [`find`] leaps from one to the next and reads nothing in between.
//!
//! What the AWS CLI reads and the SDK refuses or passes over is read as by the AWS CLI, to which the tests
//! hold that: indented keys and comments (`body`), names in quotes, with blanks or of any script (`header`).
//! Two things differ more: a byte order mark at the start is no error, and when one section is spelled in two
//! ways (`[profile x]`, `[profile  x]`) the later value wins, where the SDK leaves it to chance.

use std::collections::BTreeMap;
use std::fmt;

// The tests read this file from elsewhere.
#[path = "parse/blocks.rs"]
mod blocks;
#[path = "parse/body.rs"]
mod body;
#[path = "parse/header.rs"]
mod header;

use blocks::{blocks, blocks_with};
pub(super) use body::without_comment;
pub(crate) use body::{Lines, Part};
use body::{read_body, stray};
pub(super) use header::written_name;
use header::{Header, mentions, needle};
pub(crate) use header::{is_identifier, is_name};

/// What the grammar calls white space at the edges of lines, names and values; nothing else is.
pub(super) const WHITE: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

/// What [`is_name`] asks of a name, in words.
pub(crate) const NAME_RULE: &str =
    "has none of []#;, no control characters, and no white space at its ends";

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
        } else if let Some((nth, what)) = stray(block) {
            return Err(error(line + nth, what));
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
    for (offset, block) in blocks_naming(text, name.as_str()) {
        line += newlines(&text[counted..offset]);
        counted = offset;
        if let Some(header) = Header::parse(first_line(block), line, kind)?
            && header.name == *name
        {
            read_body(block, line, sections.entry(header, line))?;
        }
    }
    Ok(sections.finish().pop())
}

/// The blocks whose header may name `name`, each with its offset.
pub(super) fn blocks_naming<'a>(
    text: &'a str,
    name: &'a str,
) -> impl Iterator<Item = (usize, &'a str)> {
    blocks_with(text, needle(name)).filter(move |(_, block)| mentions(first_line(block), name))
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

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
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
        if let Some(bare) = self.index.get(&Header::of_default(true))
            && self.index.contains_key(&Header::of_default(false))
        {
            self.sections.remove(*bare);
        }
        self.sections
    }
}

fn error(line: usize, what: &str) -> SyntaxError {
    let what = what.to_owned();
    SyntaxError { line, what }
}
