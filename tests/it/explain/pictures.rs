//! The chain as a picture, in languages that others draw.

use crate::servers;
use crate::support::{Home, installed, profile_of};

const ROLE: &str = "arn:aws:iam::111122223333:role/prod";
const SERIAL: &str = "arn:aws:iam::111122223333:mfa/James";

/// Names that mean something to a language of pictures.
const NAMES: [&str; 7] = [
    r"a\nb\\",
    "<b>x</b>&lt;",
    "日本-🙂",
    "{x|y}",
    "\"];//c",
    "x\\",
    "%%",
];

/// The role starts from a token in a file of this name.
fn named(name: &str) -> Home {
    Home::new().config(&format!(
        "[profile prod]\nrole_arn = {ROLE}\nweb_identity_token_file = /{name}\n"
    ))
}

fn home(user: &str) -> Home {
    Home::new()
        .config(&format!(
            "[profile prod]\nrole_arn = {ROLE}\nsource_profile = {user}\nmfa_serial = {SERIAL}\n"
        ))
        .credentials(&profile_of(user, "James"))
}

#[test]
fn the_chain_is_drawn() {
    let home = home("work");
    home.run(["explain", "prod", "--format", "dot"])
        .stdout(&format!(
            "digraph stsx {{\n  rankdir=LR;\n  label=\"prod\";\n  node [shape=box];\n  \
             n0 [label=\"the keys of profile `work`\"];\n  \
             n1 [label=\"a session of the user\"];\n  n0 -> n1 [label=\"GetSessionToken with MFA {SERIAL}\"];\n  \
             n2 [label=\"{ROLE}\"];\n  n1 -> n2 [label=\"AssumeRole\"];\n}}\n"
        ))
        .calls([])
        .status(0);
    home.run(["explain", "prod", "--format", "mermaid"])
        .stdout(&format!(
            "flowchart LR\n  n0[\"the keys of profile #96;work#96;\"]\n  \
             n0 -->|\"GetSessionToken with MFA {SERIAL}\"| n1[\"a session of the user\"]\n  \
             n1 -->|\"AssumeRole\"| n2[\"{ROLE}\"]\n"
        ))
        .calls([])
        .status(0);
}

#[test]
fn graphviz_shows_every_name_as_it_is() {
    if !installed("dot") {
        return;
    }
    for name in NAMES {
        let drawn = named(name).sh("stsx explain prod --format dot | dot -Tsvg");
        let drawn = drawn.stdout_has("").status(0);
        // In the drawing, labels are text.
        let numbers = [
            ("&#45;", "-"),
            ("&#39;", "'"),
            ("&quot;", "\""),
            ("&lt;", "<"),
            ("&gt;", ">"),
        ];
        let shown = numbers
            .iter()
            .fold(drawn.out.clone(), |text, (number, char)| {
                text.replace(number, char)
            });
        let shown = shown.replace("&amp;", "&");
        let label = format!(">the web identity token in /{name}<");
        assert!(shown.contains(&label), "{name}: {shown}");
    }
}

#[test]
fn mermaid_shows_every_name_as_it_is() {
    let Some(modules) = servers::tool("node_modules") else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/explain/mermaid.mjs");
    for name in NAMES {
        let shown = named(name)
            .sh(&format!(
                "stsx explain prod --format mermaid | node {script} {}",
                modules.display()
            ))
            .status(0)
            .json();
        let source = format!("the web identity token in /{name}");
        let expected = serde_json::json!({
            "nodes": [source, ROLE], "arrows": ["AssumeRoleWithWebIdentity"],
        });
        assert_eq!(shown, expected, "{name}");
    }
}
