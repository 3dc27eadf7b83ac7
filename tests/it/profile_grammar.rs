//! The judge of `src/profiles/parse.rs`. Here: texts written by hand and what they say. In `against_sdk`:
//! random texts, on which the parser must agree with the loader of the AWS SDK for Rust; in `against_cli`, with
//! botocore's. In `edits`: random texts,
//! which `src/profiles/edit.rs` changes.

#[path = "../../src/profiles/parse.rs"]
#[allow(
    dead_code,
    reason = "stsx uses all of it, its judge what there is to judge"
)]
mod parse;

#[path = "../../src/profiles/edit.rs"]
mod edit;

mod against_cli;
mod against_sdk;
mod edits;
mod texts;

use parse::FileKind::{self, Config, Credentials};
use parse::{Section, SectionName, SyntaxError};

/// What a text says, flattened: section, key (line), value.
fn shown(text: &str, kind: FileKind) -> String {
    let sections = match parse::all(text, kind) {
        Ok(sections) => sections,
        Err(SyntaxError { line, what }) => return format!("{line}: {what}"),
    };
    let mut shown = Vec::new();
    for section in &sections {
        shown.push(format!("{:?}@{}", section.name, section.line));
        for property in &section.properties {
            let parse::Property {
                key, value, line, ..
            } = property;
            shown.push(format!("{key}@{line}={value:?}"));
        }
    }
    shown.join(" ")
}

/// Config file, what it says.
const CONFIG: &[(&str, &str)] = &[
    // Sections.
    ("", ""),
    ("[profile a]", r#"Profile("a")@1"#),
    ("[default]", r#"Profile("default")@1"#),
    ("[profile Az09_-/.%@:+]", r#"Profile("Az09_-/.%@:+")@1"#),
    (
        "[sso-session s]\n[services v]",
        r#"SsoSession("s")@1 Services("v")@2"#,
    ),
    (
        "[a]\nk=1\n[profilea]\n[Profile a]\n[sso-sesion s]\n[plugins]",
        "",
    ),
    // Names that the SDKs do not take, as the AWS CLI reads them.
    (
        "[profile a!]\n[profile é]\n[profile my\u{a0}prod]\n[profile 🐱]\nk=1\n[profile שלום]",
        r#"Profile("a!")@1 Profile("é")@2 Profile("my\u{a0}prod")@3 Profile("🐱")@4 k@5="1" Profile("שלום")@6"#,
    ),
    (
        "[profile \"my prod\"]\n[profile 'my test']\n[profile my\\ dev]\n[profile my\" \"lab]",
        r#"Profile("my prod")@1 Profile("my test")@2 Profile("my dev")@3 Profile("my lab")@4"#,
    ),
    (
        "[profile \"a\"]\nk=1\n[profile 'a']\nl=2\n[profile a]\nk=3\n[ profile\t \"a\" ] # c",
        r#"Profile("a")@1 k@6="3" l@4="2""#,
    ),
    (
        "[sso-session \"a b\"]\n[services 'x']\n[\"default\"]\n[profile \"default\"]",
        r#"SsoSession("a b")@1 Services("x")@2 Profile("default")@4"#,
    ),
    (
        "[profile 'it'\"'\"'s mine']\n[profile \"it's\"]\n[profile \"a\\\"b\"]\n[profile \"''\"]",
        r#"Profile("it's mine")@1 Profile("it's")@2 Profile("a\"b")@3 Profile("''")@4"#,
    ),
    // Several words, none, one that nobody writes so.
    (
        "[profile a b]\n[profile \"a\" b]\n[profile \"\"]\n[profile \" a\"]\n[profile p\"ro\"d]\n[profile ro\"file\"]\n[x \"y]\n['x]\nk=1",
        "",
    ),
    ("[profile a]]\n[[profile a]\n[]\n[profile]\n[profile ]", ""),
    ("[ \tprofile\t \ta \t] \t", r#"Profile("a")@1"#),
    (
        "[profile \u{a0}a\u{a0}]\n[\u{a0}default]",
        r#"Profile("a")@1 Profile("default")@2"#,
    ),
    (
        "[profile a]; c\n[profile b]#c]\n[profile c] #",
        r#"Profile("a")@1 Profile("b")@2 Profile("c")@3"#,
    ),
    ("\u{feff}[profile a]\nk=1", r#"Profile("a")@1 k@2="1""#),
    ("\u{feff}# c\n\n[profile a]", r#"Profile("a")@3"#),
    // Merging.
    (
        "[profile a]\nk=1\nl=1\n[profile b]\n[profile a]\nK=2",
        r#"Profile("a")@1 k@6="2" l@3="1" Profile("b")@4"#,
    ),
    (
        "[profile a]\nk=1\n[profile  a]\nk=2\n[profile\ta]\nk=3",
        r#"Profile("a")@1 k@6="3""#,
    ),
    (
        "[default]\nk=1\n[profile b]\n[profile default]\nl=2",
        r#"Profile("b")@3 Profile("default")@4 l@5="2""#,
    ),
    (
        "[profile default]\nl=2\n[default]\nk=1\n[profile default]\nm=3",
        r#"Profile("default")@1 l@2="2" m@6="3""#,
    ),
    (
        "[default]\nk=1\n[default]\nl=2",
        r#"Profile("default")@1 k@2="1" l@4="2""#,
    ),
    (
        "[profile a]\nk=1\n 2\nk=3\n 4",
        "Profile(\"a\")@1 k@4=\"3\\n4\"",
    ),
    // Keys and values.
    (
        "[profile a]\nNaMe \t=\t v=w \t",
        r#"Profile("a")@1 name@2="v=w""#,
    ),
    ("[profile a]\nk=\nl =", r#"Profile("a")@1 k@2="" l@3="""#),
    (
        "[profile a]\nk : v = w\nk:l=x\na b=1\né=1\n\"k\"=1",
        r#"Profile("a")@1 k:l@3="x""#,
    ),
    ("[profile a]\nk = \"v # w\"", r#"Profile("a")@1 k@2="\"v""#),
    (
        "[profile a]\nk = [é 🐱]\nl = 'x'",
        r#"Profile("a")@1 k@2="[é 🐱]" l@3="'x'""#,
    ),
    (
        "[profile a]\nk = \u{a0}v\u{a0}",
        "Profile(\"a\")@1 k@2=\"\\u{a0}v\\u{a0}\"",
    ),
    // Comments and blank lines.
    (
        "# c\n; c\n \t \n[profile a]\n#k=1\n;k=1\n\nk=v",
        r#"Profile("a")@4 k@8="v""#,
    ),
    (
        "[profile a]\nk=v # c # d\nl=v\t;c\nm=v#w\nn=v;w\no= # c",
        r#"Profile("a")@1 k@2="v" l@3="v" m@4="v#w" n@5="v;w" o@6="""#,
    ),
    (
        "[profile a]\nk=v\u{a0}# c",
        "Profile(\"a\")@1 k@2=\"v\\u{a0}\"",
    ),
    // Line ends.
    (
        "[profile a]\r\nk=v\r\n\r\n l\r\n",
        "Profile(\"a\")@1 k@2=\"v\\nl\"",
    ),
    (
        "[profile a]\nk=v\rw\r\r\n",
        "Profile(\"a\")@1 k@2=\"v\\rw\\r\"",
    ),
    // Continuations and sub-properties.
    (
        "[profile a]\nk=v\n\t -w # c \n; c\n\n x",
        "Profile(\"a\")@1 k@2=\"v\\n-w # c\\nx\"",
    ),
    (
        "[profile a]\nk=v\n [profile b]",
        "Profile(\"a\")@1 k@2=\"v\\n[profile b]\"",
    ),
    (
        "[profile a]\ns3 = # c\n  X = y # c\n\n\tz =\n a b = c",
        "Profile(\"a\")@1 s3@2=\"\\nX = y # c\\nz =\\na b = c\"",
    ),
    (
        "[profile a]\ns3=\n # c = d",
        "Profile(\"a\")@1 s3@2=\"\\n# c = d\"",
    ),
    // Indented keys, as the AWS CLI reads them.
    (
        "[profile a]\n  k = v # c\n  l=w\n\n\t# c\n    # d\n\t m = x\n[profile b]\n\tn=1\no=2\n p",
        "Profile(\"a\")@1 k@2=\"v\" l@3=\"w\" m@7=\"x\" Profile(\"b\")@8 n@9=\"1\" o@10=\"2\\np\"",
    ),
    (
        "# c\n  # d\n[profile a]\r\n  k =v\r\n   more\r\n \r\n\t\t\tand more # c\r\n  l=w\r\n",
        "Profile(\"a\")@3 k@4=\"v\\nmore\\nand more # c\" l@8=\"w\"",
    ),
    (
        "[profile a]\n\ts3 =\n\t\tx = y\n  z = 1\n\t# c = d\n\tregion = r\n # c\n[profile b]",
        "Profile(\"a\")@1 s3@2=\"\\nx = y\\nz = 1\" region@6=\"r\" Profile(\"b\")@8",
    ),
    (
        "[profile a]\n    k=1\n  l=2\n    m=3\nn=4\n  o=5",
        "Profile(\"a\")@1 k@2=\"1\" l@3=\"2\\nm=3\" n@5=\"4\\no=5\"",
    ),
    (
        "[profile a]\na b=\n c=d\n[nobody]\nk=\n l=m",
        r#"Profile("a")@1"#,
    ),
];

/// Credentials file, what it says.
const CREDENTIALS: &[(&str, &str)] = &[
    (
        "[a]\nk=v\n[default]",
        r#"Profile("a")@1 k@2="v" Profile("default")@3"#,
    ),
    (
        "[ a ]\n[profile b]\n[sso-session s]\n[services v]\n[profile default]",
        r#"Profile("a")@1"#,
    ),
    (
        "[sso-sessions]\n[profile]\n[]",
        r#"Profile("sso-sessions")@1 Profile("profile")@2 Profile("")@3"#,
    ),
    // Nothing is taken off a name here.
    (
        "[ my prod\t]\n[\"a\"]\n[it's]\n[Profile b]\n[é]\n[services x y]\n[a]b]",
        r#"Profile("my prod")@1 Profile("\"a\"")@2 Profile("it's")@3 Profile("Profile b")@4 Profile("é")@5"#,
    ),
];

/// Config file, line of the error, a part of what is said about it.
const REJECTED: &[(&str, usize, &str)] = &[
    ("k=v", 1, "before the first"),
    ("# c\n\n -x\n[profile a]", 3, "before the first"),
    ("[profile a\nk=v", 1, "does not end with `]`"),
    ("[profile a]\n[profile b # c]", 2, "does not end with `]`"),
    ("[profile a] b", 1, "does not end with `]`"),
    ("[profile a]\r\n[\r\n", 2, "does not end with `]`"),
    ("[profile a]\n k", 2, "there is no `=`"),
    ("[profile a]\nk=v\n[profile a]\n w", 4, "there is no `=`"),
    ("[profile a]\n k=v\n [profile b=c]", 3, "the first column"),
    ("\n  # c\n\t[profile a]", 3, "the first column"),
    ("[profile a]\n s3 =\n  x", 3, "an indented line below"),
    ("[profile a]\n[profile it's]", 2, "not balanced"),
    ("[services \"x]", 1, "not balanced"),
    ("[sso-session x\\]", 1, "not balanced"),
    ("[profile \"a#b\"]", 1, "does not end with `]`"),
    ("[profile a]\nk : v", 2, "there is no `=`"),
    ("[profile a]\nk # = v", 2, "there is no `=`"),
    ("[profile a]\n\u{a0}\n", 2, "there is no `=`"),
    ("[profile a]\n\n= v", 3, "no key before the `=`"),
    ("[nobody]\njunk", 2, "there is no `=`"),
    (
        "[profile a]\ns3 =\n x",
        3,
        "an indented line below a key without a value",
    ),
    (
        "[profile a]\na b =\n\n x # = y",
        4,
        "an indented line below a key without a value",
    ),
    ("[profile a]\ns3 =\n = y", 3, "no key before the `=`"),
    ("\u{feff}\u{feff}[profile a]", 1, "before the first"),
];

#[test]
fn texts_say_what_they_should() {
    for (text, said) in CONFIG {
        assert_eq!(shown(text, Config), *said, "in {text:?}");
    }
    for (text, said) in CREDENTIALS {
        assert_eq!(shown(text, Credentials), *said, "in {text:?}");
    }
}

#[test]
fn syntax_errors_name_the_line_and_keep_the_text_to_themselves() {
    for (text, line, part) in REJECTED {
        let error = parse::all(text, Config).expect_err(text);
        assert_eq!(error.line, *line, "in {text:?}");
        assert!(error.what.contains(part), "{text:?}: {}", error.what);
    }
    let error = parse::all("[profile a]\nwJalrXUtnFEMI", Config).expect_err("no `=`");
    assert!(!error.what.contains("wJalr"), "{}", error.what);
    let section = found("[profile a]\nk=wJalrXUtnFEMI", Config, "a");
    assert!(!format!("{section:?}").contains("wJalr"));
}

#[test]
fn finding_one_section_ignores_the_errors_of_others() {
    let text =
        "junk\n[profile a]\nk=1\n[profile b\n[profile c]\njunk\n[profile a]\nl=2\n[profile ab";
    let section = found(text, Config, "a").expect("it is there");
    assert_eq!(facts(&section), [("k", "1", 3), ("l", "2", 8)]);
    for name in ["b", "c"] {
        assert!(parse::find(text, Config, &SectionName::Profile(name.into())).is_err());
    }
    assert!(found(text, Config, "d").is_none());
    assert_eq!(parse::profile_names(text, Config), ["a", "c"]);
    let text = "[profile it's]\n[profile 'my prod']\nk=1\n[profile 'my dev]\njunk";
    let section = found(text, Config, "my prod").expect("it is there");
    assert_eq!(facts(&section), [("k", "1", 3)]);
    let dev = SectionName::Profile("my dev".into());
    assert_eq!(parse::find(text, Config, &dev).unwrap_err().line, 4);
}

#[test]
fn sub_properties_know_their_lines() {
    let text = "[profile a]\ns3 =\n  Max = 1\n\n# c\n  path = x=y\n\n  z =\n";
    let section = found(text, Config, "a").expect("it is there");
    let [s3] = section.properties.as_slice() else {
        panic!("one property, not {section:?}");
    };
    let lines: Vec<_> = parse::sub_properties(&s3.value)
        .into_iter()
        .map(|(key, value, offset)| format!("{key}={value}@{}", s3.line_at(offset)))
        .collect();
    assert_eq!(lines, ["max=1@3", "path=x=y@6", "z=@8"]);
}

fn found(text: &str, kind: FileKind, name: &str) -> Option<Section> {
    let name = SectionName::Profile(name.to_owned());
    parse::find(text, kind, &name).expect("its own lines are well-formed")
}

fn facts(section: &Section) -> Vec<(&str, &str, usize)> {
    let facts = section.properties.iter();
    facts
        .map(|property| (&*property.key, &*property.value, property.line))
        .collect()
}
