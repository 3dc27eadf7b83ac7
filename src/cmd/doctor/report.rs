//! The report: facts first, then what was found, for people or for programs.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

use super::finding::{Finding, Findings, Place};
use crate::cmd::table::Table;
use crate::error::printable;

/// What was looked at.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) executable: String,
    /// Name and path of each place, and what is there.
    pub(super) places: Vec<(&'static str, String, String)>,
    pub(super) shell: String,
    pub(super) has_terminal: bool,
    /// The answers of AWS, when it was asked.
    pub(super) sources: Option<Vec<Value>>,
}

/// The version of stsx.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// For people: a block of lines for each finding.
pub(super) fn text(facts: &Facts, findings: &Findings) -> String {
    let mut table = Table::default();
    table.row(["stsx", &format!("{VERSION}, {}", facts.executable)]);
    for (name, path, state) in &facts.places {
        table.row([*name, &format!("{path} ({state})")]);
    }
    let terminal = if facts.has_terminal {
        "with a terminal"
    } else {
        "without a terminal"
    };
    table.row(["shell", &format!("{}, {terminal}", facts.shell)]);
    for source in facts.sources.iter().flatten() {
        let text = |key: &str| source[key].as_str().unwrap_or_default();
        let who = match text("arn") {
            "" => format!("unknown: {}", text("unknown")),
            arn => arn.to_owned(),
        };
        table.row(["source", &format!("{}: {who}", text("source"))]);
    }
    let mut text = table.text();
    for finding in findings.sorted() {
        text.push('\n');
        block(finding, &mut text);
    }
    for (rule, count) in findings.left_out() {
        line(
            &mut text,
            format_args!("\nand {count} more of the kind {rule}"),
        );
    }
    if findings.count() == (0, 0) {
        text.push_str("\nnothing is wrong\n");
    }
    text
}

fn block(finding: &Finding, text: &mut String) {
    let place = match &finding.place {
        Place::File(path, Some(line)) => format!("{}:{line}", path.display()),
        Place::File(path, None) => path.display().to_string(),
        Place::Variable(name) => format!("${name}"),
        Place::Nowhere => String::new(),
    };
    let fix = finding.fix.as_deref().unwrap_or_default();
    let rows = [
        (finding.severity.word(), finding.what.as_str()),
        ("  where", place.as_str()),
        ("  why", finding.why.as_str()),
        ("  fix", fix),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        line(text, format_args!("{name:<9}{}", printable(value)));
    }
}

fn line(text: &mut String, words: fmt::Arguments<'_>) {
    writeln!(text, "{words}").expect("a String takes all that is written to it");
}

/// For programs.
pub(super) fn json(facts: &Facts, findings: &Findings) -> Value {
    let (problems, notes) = findings.count();
    let place = |(name, path, state): &(&str, String, String)| json!({"name": name, "path": path, "state": state});
    let mut report = json!({
        "version": VERSION,
        "executable": facts.executable,
        "places": facts.places.iter().map(place).collect::<Vec<_>>(),
        "shell": facts.shell,
        "terminal": facts.has_terminal,
        "problems": problems,
        "notes": notes,
        "findings": findings.sorted().into_iter().map(member).collect::<Vec<_>>(),
        "left_out": findings.left_out(),
    });
    if let Some(sources) = &facts.sources {
        report["sources"] = json!(sources);
    }
    report
}

fn member(finding: &Finding) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("rule", json!(finding.rule));
    put("severity", json!(finding.severity.word()));
    put("what", json!(finding.what));
    match &finding.place {
        Place::File(path, line) => {
            put("file", json!(path.to_string_lossy()));
            line.map(|line| put("line", json!(line)));
        }
        Place::Variable(name) => {
            put("variable", json!(name));
        }
        Place::Nowhere => {}
    }
    put("why", json!(finding.why));
    if let Some(fix) = &finding.fix {
        put("fix", json!(fix));
    }
    Value::Object(object)
}
