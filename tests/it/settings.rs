//! `stsx settings`, and the settings file: what is in force, where it was said, what is wrong, and the README's table.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{self, ACCOUNT, Home};

const FILE: &str = "\
[defaults]
duration = 2h
region = eu-west-1
mfa_process = pass otp --key s3cr3t
cache = off

[alias]
photos = 111122223333:photos
";

fn row(text: &str, name: &str) -> Vec<String> {
    let mut rows = text
        .lines()
        .map(|line| line.split("  ").filter(|cell| !cell.is_empty()));
    let found = rows.find(|row| row.clone().next() == Some(name));
    let cells = found.unwrap_or_else(|| panic!("no row {name}:\n{text}"));
    cells.skip(1).map(|cell| cell.trim().to_owned()).collect()
}

#[test]
fn every_value_says_where_it_comes_from() {
    let home = Home::new()
        .settings(FILE)
        .env("AWS_REGION", "eu-north-1")
        .env("STSX_MIN_TTL", "45m");
    let text = home.run(["settings"]).stderr("").status(0).stdout_text();
    let file = |line: usize| format!("[HOME]/.config/stsx/config:{line}");
    for (name, value, origin) in [
        ("alias photos", "111122223333:photos", file(8)),
        ("cache", "off", file(5)),
        ("duration", "2h", file(2)),
        ("lock_timeout", "60s", "default".to_owned()),
        ("mfa_process", "(redacted)", file(4)),
        ("min_ttl", "45m", "$STSX_MIN_TTL".to_owned()),
        ("network_timeout", "45s", "default".to_owned()),
        ("region", "eu-north-1", "$AWS_REGION".to_owned()),
        ("session_name", "james", "$AWS_ROLE_SESSION_NAME".to_owned()),
        ("shell", "(none)", "default".to_owned()),
    ] {
        assert_eq!(row(&text, name), [value.to_owned(), origin], "{name}");
    }
    assert!(!text.contains("s3cr3t"), "{text}");
    let home = home
        .env("STSX_REGION", "us-west-2")
        .env("STSX_MFA_CODE", "123456");
    let json = home
        .run(["settings", "--format", "json"])
        .stderr("")
        .status(0)
        .json();
    let one = |name: &str| {
        let mut all = json["settings"].as_array().unwrap().iter();
        all.find(|one| one["name"] == name).unwrap().clone()
    };
    assert_eq!(one("region")["value"], "us-west-2");
    assert_eq!(one("region")["origin"], "$STSX_REGION");
    assert_eq!(one("mfa_code")["value"], "(redacted)");
    assert_eq!(one("format")["value"], Value::Null);
    assert_eq!(json["aliases"][0]["target"], "111122223333:photos");
}

/// What an earlier `stsx assume` exported is not a setting of the person.
#[test]
fn a_role_in_the_shell_is_no_setting() {
    let home = Home::new().aws(|a| a.role("deploy"));
    let script = format!(
        "eval \"$(stsx assume {ACCOUNT}:deploy --region eu-west-3)\" && echo $AWS_REGION && stsx settings"
    );
    let text = home.sh(&script).stderr("").status(0).stdout_text();
    assert!(text.starts_with("eu-west-3\n"), "{text}");
    assert_eq!(row(&text, "region"), ["(none)", "default"]);
}

#[test]
fn without_a_file_all_is_default() {
    let home = Home::new().without_env("AWS_ROLE_SESSION_NAME");
    let text = home.run(["settings"]).stderr("").status(0).stdout_text();
    assert!(
        text.lines()
            .all(|line| line.ends_with("default") || line.ends_with("(not there)")),
        "{text}"
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let home = Home::new().env("STSX_CACHE", "perhaps").settings(
        "[defaults]\nduratoin = 1h\nduration = soon\nmfa_process = pass 'otp s3cr3t\n[alais]\n[alias]\nx = arn:aws:iam::1:role/x\ny =\n",
    );
    for words in [&["settings"][..], &["settings", "--format", "json"]] {
        let run = home
            .sh(&format!("stsx {}", words.join(" ")))
            .stdout("")
            .stderr_lacks("s3cr3t");
        let run = run
            .stderr_has("stsx: [HOME]/.config/stsx/config:2: `duratoin` is not a setting\n")
            .stderr_has(
                "config:5: `[alais]` is not a section of the settings file (did you mean `alias`?)",
            )
            .stderr_has("  $STSX_CACHE: `perhaps` is not one of file, off\n")
            .stderr_has("config:3: duration: `soon` is not a duration")
            .stderr_has("config:4: mfa_process: it is empty, or its quotes are not balanced")
            .stderr_has("config:7: x: ")
            .stderr_has("config:8: y: no target is named")
            .stderr_has("hint: did you mean `duration`?\n");
        run.stderr_lines(8).status(2);
    }
    // Another command stops at the first that matters to it.
    let run = home
        .run(["process", "x"])
        .stdout("")
        .stderr_has("config:2: `duratoin` is not a setting");
    run.stderr_has("did you mean `duration`?")
        .stderr_lines(1)
        .status(2);
}

#[test]
fn a_file_that_is_none_is_refused() {
    for (text, said) in [
        (
            "[defaults]\nduration\nregion = x\n",
            "/config:2: expected `key = value`, but there is no `=`",
        ),
        (
            "\n[defaults\nduration = 1h\n",
            "/config:2: the section header does not end with `]`",
        ),
        (
            "[defaults]\n= 1h\n",
            "/config:2: expected `key = value`, but there is no key",
        ),
        (
            "duration = 1h\n",
            "/config:1: `duration` is outside a section",
        ),
    ] {
        let home = Home::new().settings(text);
        home.run(["settings"]).stdout("").stderr_has(said).status(2);
    }
    let home = Home::new().settings("x");
    fs::write(home.path(".config/stsx/config"), b"[alias]\nx = \xff\n").unwrap();
    home.run(["settings"])
        .stdout("")
        .stderr_has("/config:2: the settings file is not UTF-8 here")
        .status(2);
    fs::remove_file(home.path(".config/stsx/config")).unwrap();
    fs::create_dir(home.path(".config/stsx/config")).unwrap();
    home.run(["settings"])
        .stdout("")
        .stderr_has("cannot read the settings file")
        .status(2);
}

#[test]
fn line_ends_marks_and_tabs_do_not_matter() {
    let home = Home::new().settings(
        "\u{feff}[defaults]\r\n\tregion\t=\teu-west-1\r\n\r\n[alias]\r\nç'x y = prod\r\n",
    );
    let text = home.run(["settings"]).stderr("").status(0).stdout_text();
    assert_eq!(row(&text, "region")[0], "eu-west-1");
    assert!(row(&text, "alias ç'x y")[1].ends_with("config:5"), "{text}");
}

#[test]
fn the_cache_can_be_off() {
    let home = Home::new().aws(|a| a.role("deploy"));
    let target = format!("{ACCOUNT}:deploy");
    let file = home.settings("[defaults]\ncache = off\n");
    for _ in 0..2 {
        file.run(["process", &target])
            .stdout_has("ASIA")
            .stderr("")
            .calls(["AssumeRole"])
            .status(0);
    }
    assert!(!file.path(".cache/stsx").exists());
    file.run(["login", &target])
        .stdout("")
        .stderr_has("/config:2: a login without the cache is of no use")
        .status(2);
    let variable = file.env("STSX_CACHE", "FILE");
    variable
        .run(["process", &target])
        .stdout_has("ASIA")
        .status(0);
    variable
        .run(["process", &target])
        .stdout_has("ASIA")
        .calls([])
        .status(0);
    let off = variable.env("STSX_CACHE", "off");
    off.run(["process", &target])
        .stdout_has("ASIA")
        .calls(["AssumeRole"])
        .status(0);
    off.run(["login"])
        .stdout("")
        .stderr_has("$STSX_CACHE: a login")
        .status(2);
}

#[test]
fn the_shell_of_the_file_counts_for_unset_too() {
    let home = Home::new()
        .settings("[defaults]\nshell = fish\n")
        .aws(|a| a.role("deploy"));
    let target = format!("{ACCOUNT}:deploy");
    home.run(["assume", &target])
        .stdout_has("set -gx AWS_ACCESS_KEY_ID")
        .status(0);
    let script = format!("eval \"$(stsx assume {target} --shell sh)\" && stsx unset");
    home.sh(&script)
        .stdout_has("set -eg AWS_ACCESS_KEY_ID")
        .status(0);
}

/// The README's table of settings is made of the binary's. `STSX_BLESS=1 bash tests/run settings` writes it anew.
#[test]
fn the_readmes_table_is_the_binarys() {
    const HEADER: &str =
        "| `[defaults]` | variable | form | default | meaning |\n|---|---|---|---|---|\n";
    let json = Home::new()
        .run(["settings", "--format", "json"])
        .stderr("")
        .status(0)
        .json();
    let mut table = HEADER.to_owned();
    for one in json["settings"].as_array().unwrap() {
        let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let code = |text: String| {
            if text.is_empty() {
                text
            } else {
                format!("`{text}`")
            }
        };
        let name = if one["in_file"] == true {
            word("name")
        } else {
            String::new()
        };
        let cells = [
            code(name),
            code(word("variable")),
            word("form"),
            code(word("default")),
            word("meaning"),
        ];
        table.push_str(
            &format!("| {} |\n", cells.join(" | "))
                .replace("|  |", "| |")
                .replace("|  |", "| |"),
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(HEADER)
        .expect("README.md has the table's header");
    let after = rest.split_once("\n\n").expect("text follows the table").1;
    let renewed = format!("{before}{table}\n{after}");
    if support::is_blessing() {
        fs::write(&path, &renewed).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == renewed,
        "README.md has another table than\n{table}"
    );
}
