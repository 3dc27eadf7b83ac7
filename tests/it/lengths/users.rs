//! Lengths of what only long-term keys get: sessions of users, federated users, and what root gets of both.

use super::{asked, home};
use crate::support::Home;

/// The keys of the account's root user.
fn root() -> Home {
    let home = home(3600);
    let keys = home.sandbox().root(crate::support::ACCOUNT);
    home.credentials(&format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key_id, keys.secret
    ))
}

#[test]
fn lengths_have_bounds() {
    let home = home(3600).aws(|a| {
        let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}"#;
        a.sandbox().policy(crate::support::ACCOUNT, "user/James", policy);
        a
    });
    for command in ["session", "federate guest --read-only"] {
        for length in ["14m", "899", "36h1s", "129601", "soon"] {
            let run = home.sh(&format!("stsx {command} --duration {length}"));
            run.calls([])
                .stdout("false;\n")
                .stderr_has("--duration")
                .status(2);
        }
        for (length, seconds) in [("15m", "900"), ("36h", "129600")] {
            let run = home.sh(&format!("stsx {command} --duration {length}"));
            assert_eq!(asked(&run), [seconds]);
            run.stdout_has("ASIA").stderr("").status(0);
        }
    }
}

#[test]
fn the_keys_of_root_get_an_hour() {
    let cut = "stsx: the session is shortened from 12h to 1h, the most that the keys of a root user get\n";
    for words in [&["session"][..], &["federate", "guest", "--read-only"]] {
        // STS cuts it by itself, or refuses.
        let home = root();
        let run = home.sh(&format!("stsx {}", words.join(" ")));
        assert_eq!(asked(&run), ["43200"]);
        run.stdout_has("ASIA").stderr(cut).status(0);
        let message = "1 validation error detected: Value '43200' at 'durationSeconds' failed to satisfy constraint: \
                       sessions for root are restricted to one hour";
        let home = root().aws(|a| a.refuse(400, "ValidationError", message).times(1));
        let run = home.sh(&format!("stsx {}", words.join(" ")));
        assert_eq!(asked(&run), ["43200", "3600"]);
        run.stdout_has("ASIA").stderr(cut).status(0);
        // Of an hour there is nothing to tell.
        let run = home.sh(&format!("stsx {} --duration 1h", words.join(" ")));
        run.stdout_has("ASIA").stderr("").status(0);
    }
}
