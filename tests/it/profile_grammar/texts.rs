//! Random profile files: realistic lines and nasty ones, most of which add up to a well-formed text.
//!
//! A text spells each section in one way only, since the SDK merges two spellings of one name
//! (`[profile x]`, `[profile  x]`) in random order, and begins with no byte order mark, which the SDK
//! rejects. The texts written by hand cover both.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::parse::FileKind::{self, Config, Credentials};

/// Names of sections, good and bad.
pub(super) const NAMES: [&str; 15] = [
    "default",
    "default",
    "dev",
    "dev",
    "prod",
    "Dev",
    "a",
    "a+@d:1/2%_-",
    "profile",
    "services",
    "in valid",
    "\"my dev\"",
    "dév",
    "dev]",
    "",
];

const KEYS: &str = "region|Region|REGION|role_arn|source_profile|s3|s3|sts|STS|k.e-y:1/%@+_|in valid|\
    clé|key!|a:b|\"q\"|k#l|aws_secret_access_key|k\u{a0}|]x";
const VALUES: &str = "eu-west-1|v=w|v # c|v#c|v ;c|v\t;c|v\u{a0}# c|v\u{3000};c|é 🐱|\"quoted # x\"|[x]|\
    v\u{b}w|arn:aws:iam::111122223333:role/x|aGVsbG8=|v\rw|\u{a0}|v \t|# c|#c|=";
const SUB_PROPERTIES: &str = "k = v|K=w|addressing_style = path # c|max =|endpoint_url = http://x:1/?a=b|\
    # x = y|in valid = x|k\t=\tv";
const SKIPPED: &str = "|  |\t|# c|;c|#[profile dev]|; k = v";
/// Errors in most places.
const WILD: &str = "junk|= v|key : value|\u{a0}| - orphan| k = v|[profile dev|[dev|[|[profile dev#x]|\
    [dev] x| = v|\tx # = y| # c|k # = v|k#=v|\r| \r|\u{feff}|]|k = v|region =";

/// One text in three has a line in it that may well be an error.
pub(super) fn realistic(kind: FileKind) -> impl Strategy<Value = String> {
    let below = prop::collection::vec(property(), 0..5);
    let sections = prop::collection::vec((header(kind), skipped(), below), 0..6);
    let wild = prop_oneof![4 => one_of(WILD), 1 => "[^\n]{0,10}"];
    let wild = prop::option::weighted(0.3, (any::<Index>(), wild));
    let parts = (skipped(), sections, wild, spelling());
    let lines = parts.prop_map(|(mut lines, sections, wild, [before, between, after])| {
        for ((sort, name, tail), skipped, properties) in sections {
            // `[profile ]` would be a second spelling of `[profile]`.
            let between = if sort.is_empty() || name.is_empty() {
                ""
            } else {
                between
            };
            lines.push(format!("[{before}{sort}{between}{name}{after}]{tail}"));
            lines.extend(skipped);
            lines.extend(properties.into_iter().flatten());
        }
        if let Some((at, line)) = wild {
            lines.insert(at.index(lines.len() + 1), line);
        }
        lines
    });
    let ends = prop::collection::vec(select(vec!["\n", "\n", "\r\n"]), 1..9);
    (lines, ends, any::<bool>()).prop_map(|(lines, ends, last_ends)| {
        let lines = lines.iter().zip(ends.iter().cycle());
        let text: String = lines.flat_map(|(line, end)| [line, *end]).collect();
        let text = text.trim_start_matches('\u{feff}');
        let text = if last_ends {
            text
        } else {
            text.trim_end_matches('\n')
        };
        text.to_owned()
    })
}

/// Hardly a text at all.
pub(super) fn noise() -> impl Strategy<Value = String> {
    "([\\[\\]#;= \t\r\na:é]|\n\\[profile a\\]|\n\\[a\\]|\nk=|\n ){0,24}"
}

/// White space before the sort of section, before its name and after it: the same in a whole text.
fn spelling() -> impl Strategy<Value = [&'static str; 3]> {
    [
        prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\t "), 1 => Just("\u{a0}")],
        prop_oneof![6 => Just(" "), 1 => Just("\t"), 1 => Just("  \t"), 1 => Just(" \u{a0}")],
        prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\t"), 1 => Just("\u{a0}")],
    ]
}

/// The sort of section, its name, what follows the `]`.
fn header(kind: FileKind) -> impl Strategy<Value = (&'static str, &'static str, String)> {
    let sorts = match kind {
        Config => vec!["profile", "profile", "profile", "sso-session", "services"],
        Credentials => vec![""],
    };
    let wrong = vec![
        "",
        "",
        "profile",
        "sso-session",
        "services",
        "sso-sesion",
        "Profile",
    ];
    let sort = prop_oneof![5 => select(sorts), 1 => select(wrong)];
    let tail = prop_oneof![3 => Just(String::new()), 2 => one_of(" |\t| # c|#c|;c| ; c]|#]")];
    (sort, select(NAMES.to_vec()), tail)
}

/// The lines of a property: with a value and continuations, or without and with sub-properties.
fn property() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![4 => one_of(VALUES), 1 => "[ -~\t]{1,12}", 1 => "\\PC{1,8}"];
    let odd = one_of("-cont|# x|[profile dev]|é|;");
    let line = prop_oneof![3 => sub_property(), 2 => "[!-~][ -~\t]{0,10}", 1 => odd];
    let plain = (value, further(line)).prop_map(|(value, further)| {
        // A comment alone is no value, and below no value only sub-properties are well-formed.
        let may_be_none = value.starts_with(['#', ';', ' ', '\t']);
        (value, if may_be_none { Vec::new() } else { further })
    });
    let nested = (one_of("|| | # c|\t;c"), further(sub_property()));
    let equals = one_of("=| = |\t=\t| =|=  ");
    let rest = prop_oneof![3 => plain, 2 => nested];
    (one_of(KEYS), equals, rest).prop_map(|(key, equals, (value, further))| {
        let mut lines = vec![format!("{key}{equals}{value}")];
        lines.extend(further);
        lines
    })
}

fn sub_property() -> impl Strategy<Value = String> {
    prop_oneof![5 => one_of(SUB_PROPERTIES), 1 => "[a-cA-C]{1,2} ?=[ -~]{0,8}"]
}

/// Indented lines, with blank lines and comments among them.
fn further(line: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<String>> {
    let indented = (one_of(" |  |\t| \t "), line).prop_map(|(indent, line)| indent + &line);
    let pairs = prop::collection::vec((skipped(), indented), 0..4);
    pairs.prop_map(|pairs| {
        let mut lines = Vec::new();
        for (skipped, line) in pairs {
            lines.extend(skipped);
            lines.push(line);
        }
        lines
    })
}

fn skipped() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(one_of(SKIPPED), 1..3)]
}

fn one_of(parts: &'static str) -> impl Strategy<Value = String> {
    select(parts.split('|').map(str::to_owned).collect::<Vec<_>>())
}
