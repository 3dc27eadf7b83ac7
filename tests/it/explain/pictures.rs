//! The chain as a picture, in languages that others draw.

use crate::support::{Home, installed, profile_of};

const ROLE: &str = "arn:aws:iam::111122223333:role/prod";
const SERIAL: &str = "arn:aws:iam::111122223333:mfa/James";

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
    for name in [
        r"a\nb\\",
        "<b>x</b>&lt;",
        "日本-🙂",
        "{x|y}",
        "\"];//c",
        "x\\",
        "%%",
    ] {
        let home = Home::new().config(&format!(
            "[profile prod]\nrole_arn = {ROLE}\nweb_identity_token_file = /{name}\n"
        ));
        let drawn = home.sh("stsx explain prod --format dot | dot -Tsvg");
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
