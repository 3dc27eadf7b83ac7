//! The grammar of profile files: no panic, every position in the text, and one answer in four ways.

use crate::profiles::parse::{
    FileKind, Property, Section, SectionName, all, find, profile_names, sub_properties,
};
use crate::targets::{lines, text};

mod second;

pub(super) fn run(data: &[u8]) {
    let text = text(data);
    for kind in [FileKind::Config, FileKind::Credentials] {
        match all(&text, kind) {
            Ok(sections) => {
                let read: Vec<second::Section> = sections.iter().map(plain).collect();
                assert_eq!(Ok(read), second::read(&text, kind));
                let names: Vec<&str> = sections.iter().filter_map(profile).collect();
                assert_eq!(profile_names(&text, kind), names);
                for section in &sections {
                    check_places(&text, section);
                    check_found(&text, kind, section);
                }
            }
            Err(error) => {
                assert!(lines(&text).contains(&error.line), "line {}", error.line);
                assert_eq!(second::read(&text, kind), Err(error.line));
                for name in profile_names(&text, kind) {
                    // What it says is the caller's business when another section is at fault.
                    let _ = find(&text, kind, &SectionName::Profile(name));
                }
            }
        }
    }
}

fn profile(section: &Section) -> Option<&str> {
    match &section.name {
        SectionName::Profile(name) => Some(name),
        _ => None,
    }
}

fn plain(section: &Section) -> second::Section {
    let property = |property: &Property| {
        let Property {
            key, value, line, ..
        } = property;
        (key.clone(), value.clone(), *line)
    };
    second::Section {
        name: section.name.clone(),
        line: section.line,
        properties: section.properties.iter().map(property).collect(),
    }
}

/// Every line of every value stands where it is said to.
fn check_places(text: &str, section: &Section) {
    let line = |number: usize| {
        text.split('\n')
            .nth(number - 1)
            .expect("a line of the text")
    };
    let header = line(section.line).trim_start_matches('\u{feff}');
    let is_plain = |char: char| !"\"'\\".contains(char);
    let name = section.name.as_str();
    assert!(header.starts_with('[') && (header.contains(name) || !header.chars().all(is_plain)));
    for property in &section.properties {
        assert!(property.line > section.line);
        assert!(
            line(property.line)
                .to_ascii_lowercase()
                .contains(&property.key)
        );
        for (offset, value) in property.value.split('\n').enumerate() {
            assert!(line(property.line_at(offset)).contains(value));
        }
        let last = property.value.matches('\n').count();
        for (key, value, offset) in sub_properties(&property.value) {
            assert!(offset <= last);
            let line = line(property.line_at(offset));
            assert!(line.to_ascii_lowercase().contains(&key) && line.contains(&value));
        }
    }
}

fn check_found(text: &str, kind: FileKind, section: &Section) {
    let found = find(text, kind, &section.name)
        .expect("a text without errors")
        .expect("a section that is there");
    assert_eq!(plain(&found), plain(section));
    for (one, other) in found.properties.iter().zip(&section.properties) {
        let places = |property: &Property| {
            let count = property.value.split('\n').count();
            (0..count)
                .map(|offset| property.line_at(offset))
                .collect::<Vec<_>>()
        };
        assert_eq!(places(one), places(other));
    }
}
