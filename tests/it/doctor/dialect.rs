//! What the AWS CLI reads and other tools do not: a note, with what mends it for all of them.

use std::fs;

use serde_json::json;

use super::{finding, lacks, mends, text};
use crate::support::Home;

#[test]
fn indented_keys_are_noted_and_moved_to_the_first_column() {
    for (config, line, mended) in [
        (
            "[default]\n  region = eu-west-1\n  output = json\n",
            2,
            "[default]\nregion = eu-west-1\noutput = json\n",
        ),
        (
            "[default]\noutput = json\n[profile a]\n\n\t# mine\n\tregion = x\n\ts3 =\n\t\tmax_bandwidth = 1MB/s\n\t\t# c\n\toutput = json\n",
            5,
            "[default]\noutput = json\n[profile a]\n\n# mine\nregion = x\ns3 =\n\tmax_bandwidth = 1MB/s\n# c\noutput = json\n",
        ),
        (
            "[default]\r\n    region = eu-west-1\r\n[profile a]\r\nregion = x\r\n",
            2,
            "[default]\r\nregion = eu-west-1\r\n[profile a]\r\nregion = x\r\n",
        ),
        (
            "[default]\n  # mine\nregion = eu-west-1\n",
            2,
            "[default]\n# mine\nregion = eu-west-1\n",
        ),
    ] {
        let home = Home::new().config(config);
        let found = finding(&home, "indented-section");
        assert_eq!(
            (&found["line"], &found["severity"]),
            (&json!(line), &json!("note")),
            "{found:#}"
        );
        assert!(
            text(&found, "what").ends_with("] are indented"),
            "{found:#}"
        );
        assert!(text(&found, "why").contains("the AWS CLI and boto3 read them"));
        lacks(&home, "syntax");
        mends(&home, "indented-section");
        let new = fs::read_to_string(home.path(".aws/config")).expect("it is there");
        assert_eq!(new, mended);
    }
}

#[test]
fn what_is_indented_unevenly_is_for_a_person_to_mend() {
    let config =
        "[default]\n    region = eu-west-1\n  output = json\n    role_session_name = lost\n";
    let home = Home::new().config(config);
    let found = finding(&home, "indented-section");
    assert_eq!(text(&found, "fix"), "vi +2 [HOME]/.aws/config");
    let found = finding(&home, "indented-key");
    assert_eq!(text(&found, "fix"), "vi +4 [HOME]/.aws/config");
}

#[test]
fn names_that_not_every_sdk_takes_are_noted() {
    for (config, credentials, what, fix) in [
        (
            "[profile \"my prod\"]\nregion = x\n",
            "",
            "[profile \"my prod\"] has a name that not every SDK takes",
            "vi +1 [HOME]/.aws/config",
        ),
        (
            "[default]\n[profile שלום]\nregion = x\n",
            "",
            "[profile שלום] has a name that not every SDK takes",
            "vi +2 [HOME]/.aws/config",
        ),
        (
            "[profile 'prod'] # mine\nregion = x\n",
            "",
            "[profile 'prod'] has a name that not every SDK takes",
            "sed -i.bak '1s/[\"'\\'']//g' [HOME]/.aws/config",
        ),
        (
            "",
            "[\"prod\"]\nregion = x\n",
            "the quotes in [\"prod\"] are part of the name in this file",
            "sed -i.bak '1s/[\"'\\'']//g' [HOME]/.aws/credentials",
        ),
    ] {
        let home = Home::new().config(config).credentials(credentials);
        let found = finding(&home, "uncommon-name");
        assert_eq!(
            (text(&found, "what"), text(&found, "fix")),
            (what, fix),
            "{found:#}"
        );
        assert_eq!(found["severity"], "note");
        lacks(&home, "ignored-section");
        if fix.starts_with("sed") {
            mends(&home, "uncommon-name");
        }
    }
}
