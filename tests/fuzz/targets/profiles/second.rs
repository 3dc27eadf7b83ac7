//! A second reading of the grammar: line by line and as plainly as possible, where the parser leaps.

use crate::profiles::parse::{FileKind, SectionName};

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: SectionName,
    pub(super) line: usize,
    /// Key, value, line.
    pub(super) properties: Vec<(String, String, usize)>,
}

/// Where the lines below a header go.
enum Place {
    Nowhere,
    Skipped,
    Section(usize),
}

/// What a deeper line continues: the indent, the key of a valid property, and whether its own line had no value.
type Open = Option<(usize, Option<String>, bool)>;

/// Every section, or the line of the first error.
pub(super) fn read(text: &str, kind: FileKind) -> Result<Vec<Section>, usize> {
    let mut sections: Vec<(Section, bool)> = Vec::new();
    let (mut place, mut open): (Place, Open) = (Place::Nowhere, None);
    for (line, text) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
        if text.starts_with('[') {
            place = match header(text, kind).ok_or(line)? {
                Some(header) => Place::Section(entry(&mut sections, header, line)),
                None => Place::Skipped,
            };
            open = None;
            continue;
        }
        let indent = text.chars().take_while(|char| is_white(*char)).count();
        let is_first_column = open.as_ref().is_some_and(|(other, _, _)| *other == 0);
        let is_comment =
            text[indent..].starts_with(['#', ';']) && (indent == 0 || !is_first_column);
        if is_comment || text.chars().all(is_white) {
            continue;
        }
        let mut unnamed = Vec::new();
        let properties = match place {
            Place::Nowhere => return Err(line),
            Place::Skipped => &mut unnamed,
            Place::Section(index) => &mut sections[index].0.properties,
        };
        if open.as_ref().is_some_and(|(other, _, _)| indent > *other) {
            further(text, &open, properties).ok_or(line)?;
        } else if text[indent..].starts_with('[') {
            return Err(line);
        } else {
            let (key, value) = assignment(text).ok_or(line)?;
            let nested = value.is_empty();
            let key = is_name(&key).then(|| key.to_ascii_lowercase());
            if let Some(key) = &key {
                put(properties, key, value, line);
            }
            open = Some((indent, key, nested));
        }
    }
    Ok(without_replaced(sections))
}

fn entry(sections: &mut Vec<(Section, bool)>, header: (SectionName, bool), line: usize) -> usize {
    let (name, bare) = header;
    let same = |(section, other): &(Section, bool)| section.name == name && *other == bare;
    sections.iter().position(same).unwrap_or_else(|| {
        let properties = Vec::new();
        let section = Section {
            name,
            line,
            properties,
        };
        sections.push((section, bare));
        sections.len() - 1
    })
}

fn put(properties: &mut Vec<(String, String, usize)>, key: &str, value: String, line: usize) {
    match properties.iter_mut().find(|(known, _, _)| known == key) {
        Some(property) => *property = (key.to_owned(), value, line),
        None => properties.push((key.to_owned(), value, line)),
    }
}

/// A deeper line goes to the value above it.
fn further(text: &str, open: &Open, properties: &mut [(String, String, usize)]) -> Option<()> {
    let (_, key, nested) = open.as_ref()?;
    if *nested {
        assignment(text)?;
    }
    let known = properties.iter_mut();
    if let Some((_, value, _)) = known
        .into_iter()
        .find(|(known, _, _)| Some(known) == key.as_ref())
    {
        value.push('\n');
        value.push_str(trimmed(text));
    }
    Some(())
}

/// The section and whether it is a bare `[default]`; `None` inside for one that is not known, outside for an error.
#[expect(
    clippy::option_option,
    reason = "an error is one thing, an unknown section another"
)]
fn header(text: &str, kind: FileKind) -> Option<Option<(SectionName, bool)>> {
    let end = text.find(['#', ';']).unwrap_or(text.len());
    let inner = trimmed(trimmed(&text[..end])[1..].strip_suffix(']')?);
    let cut = inner.find(is_white);
    let sort = cut.map(|cut| inner[..cut].trim());
    let written = inner[cut.unwrap_or(0)..].trim();
    let is_sort = |sort: &str| matches!(sort, "profile" | "sso-session" | "services");
    if kind == FileKind::Credentials {
        let name = inner.trim();
        let is_taken = !sort.is_some_and(is_sort) && is_readable(name);
        return Some(is_taken.then(|| (SectionName::Profile(name.to_owned()), false)));
    }
    let sort: fn(String) -> SectionName = match sort {
        None if written == "default" => {
            return Some(Some((SectionName::Profile(written.to_owned()), true)));
        }
        Some("profile") => SectionName::Profile,
        Some("sso-session") => SectionName::SsoSession,
        Some("services") => SectionName::Services,
        _ => return Some(None),
    };
    if is_name(written) {
        return Some(Some((sort(written.to_owned()), false)));
    }
    let words = shlex::split(written)?;
    let [name] = words.as_slice() else {
        return Some(None);
    };
    // Whoever searches the file for the name has to find it: in one piece, or its longest plain part so.
    let parts = name.split(['"', '\'', '\\', ' ', '\t']);
    let longest = parts.map(str::len).max().unwrap_or_default();
    let parts = name.split(['"', '\'', '\\', ' ', '\t']);
    let part = parts.filter(|part| part.len() == longest).next_back();
    let is_found = if is_name(name) {
        let mut words = text.split(|char: char| !is_name(char.encode_utf8(&mut [0; 4])));
        words.any(|word| word == name)
    } else {
        part.is_some_and(|part| text.contains(part))
    };
    let is_taken = !name.is_empty() && is_readable(name) && is_found;
    Some(is_taken.then(|| (sort(name.clone()), false)))
}

/// A name that stsx takes; of plain ones, the empty one too.
fn is_readable(name: &str) -> bool {
    let is_unfit = |char: char| char.is_control() || matches!(char, '[' | ']' | '#' | ';');
    name.trim() == name && !name.chars().any(is_unfit)
}

fn assignment(text: &str) -> Option<(String, String)> {
    let mut bare = String::new();
    for char in trimmed(text).chars() {
        if (char == '#' || char == ';') && bare.ends_with(char::is_whitespace) {
            break;
        }
        bare.push(char);
    }
    let (key, value) = bare.split_once('=')?;
    let key = trimmed(key).to_owned();
    (!key.is_empty()).then(|| (key, trimmed(value).to_owned()))
}

/// `[profile default]` takes the place of `[default]`.
fn without_replaced(mut sections: Vec<(Section, bool)>) -> Vec<Section> {
    let is_default = |section: &Section| matches!(&section.name, SectionName::Profile(name) if name == "default");
    let full = |(section, bare): &(Section, bool)| is_default(section) && !bare;
    if sections.iter().any(full) {
        sections.retain(|(_, bare)| !bare);
    }
    sections.into_iter().map(|(section, _)| section).collect()
}

fn is_white(char: char) -> bool {
    char == ' ' || char == '\t'
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_white)
}

fn is_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte))
}
