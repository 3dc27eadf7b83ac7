//! The documents, held against the binary: the README's examples are typed, in their order, by a reader who has
//! nothing but the README; every command, option and variable stands in it; links lead somewhere; the CHANGELOG and
//! CONTRIBUTING keep their form.

mod document;
mod example;
mod reader;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use document::{Document, Step};
use reader::Reader;

const DOCUMENTS: [&str; 3] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_readmes_examples_do_what_they_show() {
    let Some(reader) = Reader::new() else { return };
    let readme = read("README.md");
    let steps = Document::new(&readme).steps();
    let examples = steps.iter().filter(|step| matches!(step, Step::Type(_)));
    assert!(
        examples.count() > 30,
        "the README has fewer examples than commands and options"
    );
    let wrong = reader.follow(&steps);
    assert!(
        wrong.is_empty(),
        "{} examples of README.md show something else than what happens:\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_readme_names_every_command_and_option() {
    let readme = read("README.md");
    let mut missing = BTreeSet::new();
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(page) = pages.pop() {
        let help = help(&page);
        for command in subcommands(&help) {
            let words: Vec<String> = page.iter().cloned().chain([command]).collect();
            let command = format!("stsx {}", words.join(" "));
            if !readme.contains(&command) {
                missing.insert(command);
            }
            pages.push(words);
        }
        missing.extend(
            options(&help)
                .filter(|option| !names(&readme, option))
                .map(str::to_owned),
        );
    }
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}

#[test]
fn the_readme_names_every_variable() {
    let readme = read("README.md");
    let missing: Vec<String> = quoted(&read("src/env.rs"), "STSX_")
        .into_iter()
        .filter(|name| !readme.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for name in DOCUMENTS {
        let text = read(name);
        let document = Document::new(&text);
        for link in document.links() {
            let (path, slug) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { name } else { path };
            let leads = link.contains("://")
                || (root(target).exists()
                    && (slug.is_empty() || Document::new(&read(target)).has_heading(slug)));
            if !leads {
                wrong.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these lead nowhere: {wrong:?}");
}

#[test]
fn the_changelog_keeps_a_changelog() {
    let text = read("CHANGELOG.md");
    let document = Document::new(&text);
    for heading in ["changelog", "unreleased", "added"] {
        assert!(
            document.has_heading(heading),
            "CHANGELOG.md has no `{heading}`"
        );
    }
    let known = [
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    ];
    let odd: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter(|section| !known.contains(section))
        .collect();
    assert!(odd.is_empty(), "no sections of a changelog: {odd:?}");
}

#[test]
fn contributing_is_read_in_two_minutes() {
    let lines = read("CONTRIBUTING.md").lines().count();
    assert!(lines <= 60, "CONTRIBUTING.md has {lines} lines");
}

fn help(page: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stsx"))
        .args(page)
        .arg("--help")
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the binary can be run");
    assert!(output.status.success(), "stsx {page:?} --help");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

/// The names below `Commands:`, without `help`.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The long options that a help page lists.
fn options(help: &str) -> impl Iterator<Item = &str> {
    help.lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'))
        .flat_map(|line| line.split([' ', ',', '.']))
        .filter(|word| word.starts_with("--") && word.len() > 2)
}

/// Whether a text has the option as a whole word.
fn names(text: &str, option: &str) -> bool {
    text.match_indices(option).any(|(at, _)| {
        let next = text[at + option.len()..].chars().next();
        !next.is_some_and(|char| char == '-' || char.is_ascii_alphanumeric())
    })
}

/// The string literals of a source text that start with `prefix` and are names.
fn quoted(source: &str, prefix: &str) -> Vec<String> {
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| word.len() > prefix.len() && word.starts_with(prefix))
        .filter(|word| {
            word.bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphabetic())
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_part_of_an_option_does_not_name_it() {
    assert!(names("`--format env`", "--format"));
    assert!(!names("--formats, --format-x", "--format"));
}
