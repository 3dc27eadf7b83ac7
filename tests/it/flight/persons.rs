//! A holder that waits for a person says so, and that time does not count for the others.

use std::fs;

use super::{in_line, locks, profile, until};
use crate::support::{ACCOUNT, DEVICE, Home};

/// A command that waits for its person.
const ASKING: &str = "while test ! -e answer; do sleep 0.05; done; cat answer";

/// What stands in the locks that are there.
fn notes(home: &Home) -> Vec<String> {
    let files = locks(home).into_iter();
    files
        .map(|path| fs::read_to_string(path).unwrap_or_default())
        .collect()
}

/// Waits until this many locks say that their holder waits for a person.
#[track_caller]
fn at_person(home: &Home, count: usize) {
    until("they wait for a person", || {
        let says = |note: &&String| note.contains("\"is_at_person\":true");
        notes(home).iter().filter(says).count() == count
    });
}

fn with_device(lines: &str) -> Home {
    let serial = format!("mfa_serial = {DEVICE}\n{lines}\n");
    let config = profile("prod", "deploy", &serial) + &profile("audit", "audit", &serial);
    Home::new()
        .config(&config)
        .aws(|aws| aws.role("deploy").mfa().role("audit").mfa())
}

#[test]
fn every_lock_of_who_asks_and_of_who_waits_behind_says_so() {
    let home = with_device("mfa_max_age = 0");
    let asked = home.pty(["process", "prod"]).shows("MFA code of");
    // The role's and the device's.
    at_person(&home, 2);
    // Another role waits for the device, and so do those who wait for that role.
    let other = home.pty(["process", "audit"]);
    at_person(&home, 3);
    home.run(["process", "audit", "--lock-timeout", "1s"])
        .stdout("")
        .stderr_has(&format!(
            "another stsx (process {}) is still getting",
            other.id()
        ))
        .stderr_has("after 1 s: it waits for a person")
        .status(1);
    let code = home.code();
    asked.types(&code).wait().stdout_has("ASIA").status(0);
    let code = home.code();
    let other = other.shows("MFA code of").types(&code);
    other.wait().stdout_has("ASIA").status(0);
    at_person(&home, 0);
}

#[test]
fn a_command_that_asks_a_person_says_so() {
    let home = with_device("mfa_process = sh ./asking.sh").file("asking.sh", ASKING);
    let asking = home.spawn(["process", "prod"]);
    // Of the role, of the session, and of the device.
    at_person(&home, 3);
    let waiting = home.spawn(["process", "audit"]);
    in_line(waiting.id());
    at_person(&home, 4);
    let code = home.code();
    answer(&home, &code);
    asking.wait().stdout_has("ASIA").stderr("").status(0);
    waiting.wait().stdout_has("ASIA").stderr("").status(0);
    at_person(&home, 0);
}

#[test]
fn a_sign_in_is_a_wait_for_a_person() {
    let config = format!(
        "[profile web]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/web\nsaml_assertion_process = sh ./asking.sh\n"
    );
    let home = Home::new().config(&config).file("asking.sh", ASKING);
    let home = home.aws(|aws| aws).saml_role("web");
    let assertion = home.assertion(&["web"]);
    let home = home.file("part", &assertion);
    let asking = home.spawn(["process", "web"]);
    at_person(&home, 1);
    fs::rename(home.path("part"), home.path("answer")).expect("HOME is writable");
    asking.wait().stdout_has("ASIA").stderr("").status(0);
    at_person(&home, 0);
}

fn answer(home: &Home, text: &str) {
    fs::write(home.path("part"), text).expect("HOME is writable");
    fs::rename(home.path("part"), home.path("answer")).expect("HOME is writable");
}
