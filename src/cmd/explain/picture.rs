//! A plan as a picture: boxes for the source and what its hops give, arrows for the calls between them.
//!
//! Names come from files and may hold anything, so each language quotes them its own way.

use crate::error::printable;
use crate::plan::{Hop, Plan};

/// What the boxes and arrows say: the source, then each call and what it gives.
struct Picture {
    source: String,
    hops: Vec<(String, String)>,
}

impl Picture {
    fn of(plan: &Plan) -> Self {
        let hops = plan.hops.iter().enumerate();
        Self {
            source: printable(&plan.source.shown()),
            hops: hops
                .map(|(index, hop)| (printable(&call(plan, index, hop)), printable(&hop.spoken())))
                .collect(),
        }
    }
}

/// The call that a hop is, with what it needs besides credentials.
fn call(plan: &Plan, index: usize, hop: &Hop) -> String {
    let name = match hop {
        Hop::Session(_) => "GetSessionToken",
        Hop::Federation(_) => "GetFederationToken",
        Hop::Role(_) if index == 0 => plan.source.operation(),
        Hop::Role(_) => "AssumeRole",
    };
    match hop.mfa_serial() {
        Some(serial) => format!("{name} with MFA {serial}"),
        None => name.to_owned(),
    }
}

/// In the language of Graphviz: <https://graphviz.org/doc/info/lang.html>
pub(super) fn dot(plan: &Plan) -> String {
    let picture = Picture::of(plan);
    let label = in_dot(&printable(&plan.target));
    let head = format!("digraph stsx {{\n  rankdir=LR;\n  label={label};\n  node [shape=box];\n");
    let source = format!("  n0 [label={}];\n", in_dot(&picture.source));
    let hops = picture
        .hops
        .iter()
        .enumerate()
        .map(|(index, (call, given))| {
            let (call, given, to) = (in_dot(call), in_dot(given), index + 1);
            format!("  n{to} [label={given}];\n  n{index} -> n{to} [label={call}];\n")
        });
    let hops: String = hops.collect();
    format!("{head}{source}{hops}}}\n")
}

/// A quoted string whose label shows the very text: Graphviz reads backslashes and HTML's entities in labels.
fn in_dot(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('\\', "\\\\");
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// In the language of Mermaid: <https://mermaid.js.org/syntax/flowchart.html>
pub(super) fn mermaid(plan: &Plan) -> String {
    let picture = Picture::of(plan);
    let source = in_mermaid(&picture.source);
    let hops = picture
        .hops
        .iter()
        .enumerate()
        .map(|(index, (call, given))| {
            let (call, given, to) = (in_mermaid(call), in_mermaid(given), index + 1);
            format!("  n{index} -->|{call}| n{to}[{given}]\n")
        });
    let hops: String = hops.collect();
    format!("flowchart LR\n  n0[{source}]\n{hops}")
}

/// A quoted string; all that Mermaid, its Markdown or HTML could take for a sign is written as its number.
fn in_mermaid(text: &str) -> String {
    let is_sign = |char: char| char.is_ascii_punctuation() && !"-_/:.,=+@".contains(char);
    let quoted = text.chars().map(|char| {
        if is_sign(char) {
            format!("#{};", u32::from(char))
        } else {
            char.to_string()
        }
    });
    format!("\"{}\"", quoted.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = r#"a"b\ `c` <i> &lt; #35; |x| [y] (z) {w} %%"#;

    #[test]
    fn names_stay_names() {
        assert_eq!(
            in_dot(HOSTILE),
            r#""a\"b\\ `c` <i> &amp;lt; #35; |x| [y] (z) {w} %%""#
        );
        let quoted = in_mermaid(HOSTILE);
        assert_eq!(&quoted[..15], "\"a#34;b#92; #96");
        let inner = &quoted[1..quoted.len() - 1];
        assert!(
            !inner.contains(['"', '<', '|', '[', '(', '`', '%', '&']),
            "{inner}"
        );
    }
}
