//! The sections of a profile file as they are written, also those that mean nothing, and what is wrong
//! with their headers and with the form of their lines.

use std::collections::BTreeMap;

use super::dialect;
use super::finding::{Finding, Findings};
use super::fix;
use super::known;
use super::reading::{self, ProfileFile};
use crate::error::printable;
use crate::profiles;
use crate::profiles::parse::{self, FileKind, Lines, Part, SectionName};

const SORTS: [&str; 3] = ["profile", "sso-session", "services"];

/// A section as it is written.
pub(super) struct Written<'t> {
    pub(super) line: usize,
    pub(super) header: &'t str,
    /// What AWS's grammar takes it for; absent when it is passed over.
    pub(super) name: Option<SectionName>,
    pub(super) entries: Vec<Entry<'t>>,
    /// The last line that is not empty.
    pub(super) last: usize,
    /// Its indented lines that no key above them takes in.
    pub(super) indented: Vec<Indented>,
}

/// A line that the SDKs refuse to read.
pub(super) struct Indented {
    pub(super) line: usize,
    pub(super) is_comment: bool,
}

/// A `key = value` line.
pub(super) struct Entry<'t> {
    pub(super) line: usize,
    /// In lower case.
    pub(super) key: String,
    pub(super) value: &'t str,
    /// How many characters it is indented by.
    pub(super) indent: usize,
    /// The further lines of its value.
    pub(super) below: Vec<(usize, &'t str)>,
}

impl<'t> Written<'t> {
    fn take(&mut self, line: usize, text: &'t str, part: Part) {
        let by = text.len() - text.trim_start_matches([' ', '\t']).len();
        let is_comment = part == Part::Skipped;
        if text.trim().is_empty() || (is_comment && by == 0) {
            return;
        }
        self.last = line;
        if part != Part::Further && by > 0 {
            self.indented.push(Indented { line, is_comment });
        }
        if part == Part::Further {
            if let Some(entry) = self.entries.last_mut() {
                entry.below.push((line, text.trim()));
            }
        } else if let (false, Some((key, value))) = (is_comment, text.split_once('=')) {
            self.entries.push(Entry {
                line,
                key: key.trim().to_ascii_lowercase(),
                value: value.trim(),
                indent: by,
                below: Vec::new(),
            });
        }
    }
}

/// The sections of a text that is in the grammar, in their order.
pub(super) fn written(file: &ProfileFile) -> Vec<Written<'_>> {
    let mut sections: Vec<Written<'_>> = Vec::new();
    let mut lines = Lines::default();
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    for (line, text) in (1..).zip(text.lines()) {
        if text.starts_with('[') {
            let name = parse::all(text, file.kind).ok();
            let name = name.and_then(|mut all| Some(all.pop()?.name));
            sections.push(Written {
                line,
                header: text,
                name,
                entries: Vec::new(),
                last: line,
                indented: Vec::new(),
            });
            lines = Lines::default();
            continue;
        }
        let Some(section) = sections.last_mut() else {
            continue;
        };
        section.take(line, text, lines.part(text));
    }
    sections
}

/// What is wrong with the headers and the form of the lines.
pub(super) fn check(file: &ProfileFile, sections: &[Written<'_>], findings: &mut Findings) {
    let mut seen: BTreeMap<(&SectionName, bool), usize> = BTreeMap::new();
    for section in sections {
        dialect::check(file, section, findings);
        match &section.name {
            None => findings.extend(passed_over(file, section)),
            Some(name) => {
                // `[default]` and `[profile default]` are two headers of one name.
                let is_bare = !section.header.contains(char::is_whitespace);
                let first = *seen.entry((name, is_bare)).or_insert(section.line);
                if first < section.line {
                    findings.add(repeated(file, section, first));
                }
                lines(file, section, findings);
            }
        }
    }
    let default = SectionName::Profile("default".to_owned());
    let bare = seen.get(&(&default, true));
    if let (Some(line), true) = (bare, seen.contains_key(&(&default, false))) {
        let what = "both [default] and [profile default] are there: only the latter counts";
        let finding = Finding::problem("two-defaults", what)
            .at(&file.path, *line)
            .why("what is below [default] has no effect")
            .fix(fix::open_at(&file.path, *line));
        findings.add(finding);
    }
}

fn repeated(file: &ProfileFile, section: &Written<'_>, first: usize) -> Finding {
    let header = shown(section.header);
    Finding::problem(
        "repeated-section",
        format!("{header} is there already, on line {first}"),
    )
    .at(&file.path, section.line)
    .why("the AWS CLI and boto3 refuse the whole file; stsx takes both together")
    .fix(fix::open_at(&file.path, section.line))
}

/// A section that means nothing to AWS's grammar, with what was meant as far as that can be told.
fn passed_over(file: &ProfileFile, section: &Written<'_>) -> Option<Finding> {
    let inner = section.header.trim_start_matches('[');
    let inner = inner.split(']').next().unwrap_or_default().trim();
    let is_others = file.kind == FileKind::Config && known::OTHER_SECTIONS.contains(&inner);
    if is_others || inner == reading::NO_SECTION {
        return None;
    }
    let (what, script) = mended(file.kind, inner);
    let fix = match script {
        Some(script) => fix::sed(&file.path, &format!("{}{script}", section.line)),
        None => fix::open_at(&file.path, section.line),
    };
    let what = format!("{} {what}", shown(section.header));
    let finding = Finding::problem("ignored-section", what)
        .at(&file.path, section.line)
        .why("stsx and the SDKs pass over the whole section")
        .fix(fix);
    Some(finding)
}

/// What is wrong with a header, and the script of sed that mends its line.
fn mended(kind: FileKind, inner: &str) -> (&'static str, Option<String>) {
    const UNKNOWN: &str = "has a name that AWS does not accept";
    match (kind, inner.split_once([' ', '\t'])) {
        (FileKind::Config, None) if is_sort(inner) => ("has no name", None),
        (FileKind::Config, None) => (
            "is not a profile: in this file a profile is [profile NAME]",
            Some(r"s/^\[[[:space:]]*/[profile /".to_owned()),
        ),
        (FileKind::Credentials, Some(("profile", _))) => (
            "is not a profile: in this file a profile is [NAME] alone",
            Some(r"s/^\[[[:space:]]*profile[[:space:]]*/[/".to_owned()),
        ),
        (FileKind::Credentials, Some(("sso-session" | "services", _))) => {
            ("counts only in the config file", None)
        }
        (FileKind::Config, Some((sort, name)))
            if is_sort(sort)
                && !name.contains(['"', '\'', '\\'])
                && parse::is_name(name.trim()) =>
        {
            let script = format!(
                r#"s/^\[[[:space:]]*{sort}[[:space:]]*\([^]]*[^][:space:]]\)[[:space:]]*\]/[{sort} "\1"]/"#
            );
            (
                "has blanks in its name, which is not in quotes",
                Some(script),
            )
        }
        (FileKind::Config, Some((sort, _))) => match meant(sort) {
            Some(meant) => (
                "is not a kind of section that AWS knows",
                Some(format!(r"s/^\[[[:space:]]*[^[:space:]]*/[{meant}/")),
            ),
            None => (UNKNOWN, None),
        },
        (FileKind::Credentials, _) => (UNKNOWN, None),
    }
}

/// The sort of section that a word is a slip of.
fn meant(sort: &str) -> Option<&'static str> {
    if is_sort(sort) {
        return None;
    }
    let sort = sort.to_lowercase().replace('_', "-");
    let is_near = |known: &&str| strsim::damerau_levenshtein(&sort, known) <= 2;
    SORTS.into_iter().find(is_near)
}

fn is_sort(word: &str) -> bool {
    SORTS.contains(&word)
}

/// What is wrong with the form of a section's lines.
fn lines(file: &ProfileFile, section: &Written<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for entry in &section.entries {
        if let Some(first) = seen.insert(&entry.key, entry) {
            findings.add(repeated_key(file, first, entry));
        }
        findings.extend(value(file, entry));
        let is_lost = |(_, text): &&(usize, &str)| {
            let key = text.split('=').next().unwrap_or_default().trim();
            !entry.value.is_empty() && known::is_of_profile(&key.to_lowercase())
        };
        for (line, _) in entry.below.iter().filter(is_lost) {
            let what = format!(
                "this line is indented, so it continues `{}`",
                word(&entry.key)
            );
            let fix = match entry.indent {
                0 => fix::sed(&file.path, &format!("{line}s/^[[:space:]]*//")),
                _ => fix::open_at(&file.path, *line),
            };
            let finding = Finding::problem("indented-key", what)
                .at(&file.path, *line)
                .why("the key on it does not count, and the value above it is wrong")
                .fix(fix);
            findings.add(finding);
        }
    }
}

fn repeated_key(file: &ProfileFile, first: &Entry<'_>, entry: &Entry<'_>) -> Finding {
    let what = format!(
        "`{}` is there again on line {}",
        word(&entry.key),
        entry.line
    );
    let fix = if first.below.is_empty() {
        fix::sed(&file.path, &format!("{}d", first.line))
    } else {
        fix::open_at(&file.path, first.line)
    };
    Finding::problem("repeated-key", what)
        .at(&file.path, first.line)
        .why("the AWS CLI and boto3 refuse the whole file; stsx takes the later value")
        .fix(fix)
}

/// What is wrong with the form of a value.
fn value(file: &ProfileFile, entry: &Entry<'_>) -> Option<Finding> {
    let (value, key) = (entry.value, word(&entry.key));
    let is_text = key.ends_with("_process") || key == profiles::POLICY;
    if !is_text && value.len() > 1 && value.starts_with(['"', '\'']) {
        let what = format!("the value of `{key}` is in quotes");
        let finding = Finding::problem("quoted-value", what)
            .at(&file.path, entry.line)
            .why("AWS's tools take the quotes as part of the value")
            .fix(fix::sed(&file.path, &format!("{}s/[\"']//g", entry.line)));
        return Some(finding);
    }
    let mut signs = value.match_indices(['#', ';']);
    let is_comment = |(at, _): (usize, &str)| value[..at].ends_with([' ', '\t']);
    if is_text || !signs.any(is_comment) {
        return None;
    }
    let script = format!("{}s/[[:space:]][[:space:]]*[#;].*$//", entry.line);
    let finding = Finding::problem(
        "inline-comment",
        format!("a comment follows the value of `{key}`"),
    )
    .at(&file.path, entry.line)
    .why("the AWS CLI and boto3 take it as part of the value; stsx and other SDKs do not")
    .fix(fix::sed(&file.path, &script));
    Some(finding)
}

/// A key as it may be shown: what does not look like a word may be a part of a secret.
pub(super) fn word(key: &str) -> &str {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || b"_-.0123456789".contains(&byte);
    let is_plain = key.len() <= 40 && key.bytes().all(is_word);
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && digits <= 2.max(key.len() / 4) {
        key
    } else {
        "(not shown)"
    }
}

/// A header as it may be shown: short, and without its comment.
pub(super) fn shown(header: &str) -> String {
    let end = header.find(']').map_or(header.len(), |end| end + 1);
    let text: String = header[..end].chars().take(60).collect();
    printable(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (key, expected) in [
            ("mfa_serail", "mfa_serail"),
            ("s3", "s3"),
            ("wjalrxutnfemi/k7mdeng+bpxrficyexamplekey", "(not shown)"),
            ("a1b2c3d4e5f6", "(not shown)"),
        ] {
            assert_eq!(word(key), expected);
        }
    }
}
