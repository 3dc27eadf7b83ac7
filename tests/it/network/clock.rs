//! A clock that is wrong: told with side and size, once, also when the call went well.

use crate::support::{Aws, Home};

const WORDS: &str = "stsx: this machine's clock is 16m behind the server's: set it\n";

/// James and his role.
fn home() -> Home {
    Home::new()
        .config(&super::prod(""))
        .aws(|a| a.role("deploy"))
}

#[test]
fn a_wrong_clock_is_told_once_though_all_went_well() {
    let home = home();
    home.sandbox().clock().skew(1000);
    home.run(["whoami", "prod"])
        .stdout_has(":assumed-role/deploy/james")
        .stderr(WORDS)
        // The second call knows of it.
        .calls(["AssumeRole", "AssumeRole", "GetCallerIdentity"])
        .status(0);
    home.run(["whoami", "prod"])
        .stdout_has(":assumed-role/deploy/james")
        .stderr(WORDS)
        .status(0);
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .stderr("")
        .calls([])
        .status(0);
    home.sandbox().clock().skew(-1000);
    home.run(["process", "prod", "--refresh"])
        .stdout_has("ASIA")
        .stderr(&WORDS.replace("behind", "ahead of"))
        .calls(["AssumeRole"; 2])
        .status(0);
}

#[test]
fn a_clock_that_is_wrong_by_less_than_five_minutes_is_nobodys_business() {
    for seconds in [290, -290] {
        let home = home();
        home.sandbox().on("*").wrong_date(seconds);
        home.run(["whoami", "prod"])
            .stdout_has(":assumed-role/deploy/james")
            .stderr("")
            .status(0);
    }
}

#[test]
fn a_refusal_tells_of_the_clock_once() {
    let home = home().aws(Aws::denied);
    for (ahead, words) in [(1000, "behind"), (-1000, "ahead of")] {
        home.sandbox().clock().skew(ahead);
        let run = home
            .run(["assume", "prod", "--no-cache"])
            .stdout("false;\n");
        assert_eq!(run.err.matches("this machine's clock").count(), 1, "{run}");
        run.stderr_has(&format!(
            "hint: this machine's clock is 16m {words} the server's: set it"
        ))
        .status(4);
    }
}
