//! Markdown as far as the documents use it: fenced blocks, headings, links.
//!
//! What a reader does with a block: types the `$ ` lines of a `console` block; saves a block whose first line is a
//! comment with a path below `~` (`# ~/.aws/config`), or that has a file name beside its language (`json trust.json`).

use super::example::{Example, examples};

/// A text in Markdown.
pub(crate) struct Document<'a> {
    lines: Vec<Line<'a>>,
}

/// A line, and the block that it belongs to.
struct Line<'a> {
    number: usize,
    text: &'a str,
    /// What stands behind the opening fence.
    block: Option<&'a str>,
    is_fence: bool,
}

/// Something that a reader does.
#[derive(Debug)]
pub(crate) enum Step {
    /// Types a command.
    Type(Example),
    /// Adds lines to a file, which may not be there yet; `~/` is HOME.
    Save { path: String, text: String },
}

impl<'a> Document<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut block = None;
        let mut lines = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let fence = text.strip_prefix("```");
            match fence {
                Some(_) if block.is_some() => block = None,
                Some(language) => block = Some(language),
                None => {}
            }
            lines.push(Line {
                number: index + 1,
                text,
                block,
                is_fence: fence.is_some(),
            });
        }
        Self { lines }
    }

    /// What a reader does, in order.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for lines in self
            .lines
            .chunk_by(|one, next| !(one.is_fence || next.is_fence))
        {
            let Some(language) = lines[0].block.filter(|_| !lines[0].is_fence) else {
                continue;
            };
            if language == "console" {
                let lines: Vec<_> = lines.iter().map(|line| (line.number, line.text)).collect();
                steps.extend(examples(&lines).into_iter().map(Step::Type));
            } else if let Some(path) = path(language, lines[0].text) {
                let lines: Vec<_> = lines.iter().map(|line| line.text).collect();
                let text = lines.join("\n") + "\n";
                steps.push(Step::Save { path, text });
            }
        }
        steps
    }

    /// The targets of links and images outside blocks.
    pub(crate) fn links(&self) -> impl Iterator<Item = &'a str> {
        self.prose()
            .flat_map(|line| line.split("](").skip(1))
            .filter_map(|rest| rest.split(')').next())
    }

    /// Whether there is a heading with this anchor.
    pub(crate) fn has_heading(&self, slug: &str) -> bool {
        self.prose()
            .filter(|line| line.starts_with('#'))
            .any(|line| anchor(line) == slug)
    }

    fn prose(&self) -> impl Iterator<Item = &'a str> {
        self.lines
            .iter()
            .filter(|line| line.block.is_none() && !line.is_fence)
            .map(|line| line.text)
    }
}

fn path(language: &str, first: &str) -> Option<String> {
    let named = language.split_once(' ').map(|(_, name)| name);
    named
        .or_else(|| {
            first
                .strip_prefix("# ")
                .filter(|path| path.starts_with("~/"))
        })
        .map(str::to_owned)
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|char| char.is_alphanumeric() || [' ', '-', '_'].contains(char))
        .map(|char| if char == ' ' { '-' } else { char })
        .collect()
}

#[test]
fn blocks_become_steps() {
    let text = "# A b-c, d\n[x](#a-b-c-d)\n```console\n$ one\nout\n```\n```ini\n# ~/f\na = 1\n```\n\
                ```json p.json\n{}\n```\n```sh\n$ not run\n```\n";
    let document = Document::new(text);
    let steps = document.steps();
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert!(matches!(&steps[0], Step::Type(example) if example.line == 4));
    assert!(
        matches!(&steps[1], Step::Save { path, text } if path == "~/f" && text == "# ~/f\na = 1\n")
    );
    assert!(matches!(&steps[2], Step::Save { path, text } if path == "p.json" && text == "{}\n"));
    let links: Vec<_> = document.links().collect();
    assert_eq!(links, ["#a-b-c-d"]);
    assert!(document.has_heading("a-b-c-d") && !document.has_heading("x"));
}
