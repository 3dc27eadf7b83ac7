//! What stsx reads as the AWS CLI and boto3 do, and AWS's SDKs for other languages do not: indented keys, and
//! section names that are in quotes or of other characters than the SDKs take.

use super::finding::{Finding, Findings};
use super::fix;
use super::reading::ProfileFile;
use super::sections::{Indented, Written, shown};
use crate::profiles::parse::{self, FileKind};

/// Notes what only some of AWS's tools read of a section.
pub(super) fn check(file: &ProfileFile, section: &Written<'_>, findings: &mut Findings) {
    if let [first, .., last] | [first @ last] = section.indented.as_slice() {
        findings.add(indented(file, section, first, last));
    }
    findings.extend(named(file, section));
}

/// An SDK takes an indented line for a part of the value above it, and there is none.
fn indented(
    file: &ProfileFile,
    section: &Written<'_>,
    first: &Indented,
    last: &Indented,
) -> Finding {
    let by = section.entries.first().map_or(0, |entry| entry.indent);
    let is_even = section.entries.iter().all(|entry| entry.indent == by);
    let lines = match (first.line, last.line) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first},{last}"),
    };
    let mut scripts = Vec::new();
    if section.indented.iter().any(|line| line.is_comment) {
        scripts.push(format!(r"{lines}s/^[[:blank:]]*\([#;]\)/\1/"));
    }
    if by > 0 {
        scripts.push(format!(r"{lines}s/^[[:blank:]]\{{{by}\}}//"));
    }
    // What one key continues would become another.
    let fix = if is_even {
        fix::sed(&file.path, &scripts.join(";"))
    } else {
        fix::open_at(&file.path, first.line)
    };
    let what = format!("the lines below {} are indented", shown(section.header));
    Finding::note("indented-section", what)
        .at(&file.path, first.line)
        .why("stsx, the AWS CLI and boto3 read them; AWS's SDKs for other languages may refuse the whole file")
        .fix(fix)
}

/// A name that an SDK does not take.
fn named(file: &ProfileFile, section: &Written<'_>) -> Option<Finding> {
    let name = section.name.as_ref()?.as_str();
    let header = section.header.split(']').next().unwrap_or_default();
    let is_quoted = header.contains(['"', '\'', '\\']);
    if parse::is_identifier(name) && !is_quoted {
        return None;
    }
    let bare = name.trim_matches(['"', '\'']);
    let fix = if parse::is_identifier(bare) {
        fix::sed(&file.path, &format!("{}s/[\"']//g", section.line))
    } else {
        fix::open_at(&file.path, section.line)
    };
    let header = shown(section.header);
    let what = if file.kind == FileKind::Credentials && bare != name {
        format!("the quotes in {header} are part of the name in this file")
    } else {
        format!("{header} has a name that not every SDK takes")
    };
    let why =
        "stsx, the AWS CLI and boto3 read it; AWS's SDKs for other languages pass over the section";
    let finding = Finding::note("uncommon-name", what);
    Some(finding.at(&file.path, section.line).why(why).fix(fix))
}
