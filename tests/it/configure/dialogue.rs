//! A person is asked, at the terminal device.

use std::fs;

use super::{CONFIG, ROLE, config, home};
use crate::support::Home;

const WRITE: &str = "Write this? [yes]: ";

#[test]
fn a_new_profile_is_asked_for() {
    let home = home();
    home.pty(["configure"])
        .shows("Profile: ")
        .types("not#a name")
        .shows("  a profile's name is not empty, has none of []#;")
        .shows_times("Profile: ", 2)
        .types("new")
        .shows("Profile `new`, a new one. Enter keeps what is in brackets, - leaves it out.")
        .shows("Role to assume (ARN): ")
        .types("deploy")
        .shows("is not the ARN of a role")
        .types(ROLE)
        .shows("[default]: ")
        .types("")
        .shows("MFA device (serial or ARN): ")
        .types("")
        .shows("External id: ")
        .types("a:b")
        .shows("Region: ")
        .types("eu-west-1")
        .shows("+[profile new]")
        .shows(WRITE)
        .types("y")
        .wait()
        .stdout("")
        .stderr_has("profile `new` is written to [HOME]/.aws/config; the old file is")
        .status(0);
    let added = format!(
        "\n[profile new]\nrole_arn = {ROLE}\nsource_profile = default\nexternal_id = a:b\nregion = eu-west-1\n"
    );
    assert_eq!(config(&home), format!("{CONFIG}{added}"));
}

#[test]
fn what_is_there_is_offered_and_may_go() {
    let home = home();
    let asked = |source: &str, id: &str, last: &str| {
        home.pty(["configure", "prod"])
            .shows("Role to assume (ARN) [arn:aws:iam::111122223333:role/deploy]: ")
            .types("")
            .shows("[default]: ")
            .types(source)
            .shows("MFA device")
            .types("")
            .shows("External id [42-old]: ")
            .types(id)
            .shows("Region: ")
            .types("")
            .shows(WRITE)
            .types(last)
            .wait()
            .stdout("")
    };
    asked("", "-", "n")
        .stderr("stsx: nothing was written\n")
        .status(3);
    assert_eq!(config(&home), CONFIG);
    asked("ec2instancemetadata", "43", "")
        .stderr_has("written")
        .status(0);
    let changed = CONFIG.replace("source_profile = default\n", "").replace(
        "42-old   # from the partner\n",
        "43   # from the partner\ncredential_source = Ec2InstanceMetadata\n",
    );
    assert_eq!(config(&home), changed);
}

#[test]
fn what_was_for_a_role_goes_with_it() {
    let home = home();
    home.pty(["configure", "prod"])
        .shows("Role to assume (ARN) [")
        .types("-")
        .shows("Command that prints credentials: ")
        .types("tool 'a b'")
        .shows("Region: ")
        .types("")
        .shows(WRITE)
        .types("")
        .wait()
        .stdout("")
        .stderr_has("written")
        .status(0);
    let (before, _) = CONFIG.split_once("role_arn").expect("it has a role");
    assert_eq!(
        config(&home),
        format!("{before}credential_process = tool 'a b'\n")
    );
}

#[test]
fn a_change_by_somebody_else_meanwhile_is_not_lost() {
    for linked in [false, true] {
        let home = home();
        if linked {
            fs::rename(home.path(".aws/config"), home.path("real")).unwrap();
            std::os::unix::fs::symlink("../real", home.path(".aws/config")).unwrap();
        }
        let asked = home
            .pty(["configure", "default"])
            .shows("Role to assume")
            .types("")
            .shows("Command")
            .types("");
        let asked = asked
            .shows("Region [eu-west-1]: ")
            .types("us-east-1")
            .shows(WRITE);
        if linked {
            // The link leads elsewhere, to the same words.
            fs::write(home.path("other"), CONFIG).unwrap();
            fs::remove_file(home.path(".aws/config")).unwrap();
            std::os::unix::fs::symlink("../other", home.path(".aws/config")).unwrap();
        } else {
            fs::write(home.path(".aws/config"), format!("{CONFIG}# more\n")).unwrap();
        }
        asked
            .types("")
            .wait()
            .stdout("")
            .stderr(
                "stsx: [HOME]/.aws/config was changed by somebody else meanwhile; nothing was written\n\
                 hint: run the command again\n",
            )
            .status(2);
        let more = if linked { "" } else { "# more\n" };
        assert_eq!(config(&home), format!("{CONFIG}{more}"));
        assert!(!home.path(".aws/config.bak-stsx").exists());
    }
}

#[test]
fn a_file_that_appears_meanwhile_is_not_lost() {
    let home = Home::new();
    let asked = home
        .pty(["configure", "default"])
        .shows("Role to assume")
        .types("")
        .shows("Command")
        .types("");
    let asked = asked.shows("Region: ").types("us-east-1").shows(WRITE);
    let home_path = home.path(".aws");
    fs::create_dir(&home_path).unwrap();
    fs::write(home.path(".aws/config"), CONFIG).unwrap();
    asked
        .types("yes")
        .wait()
        .stdout("")
        .stderr_has("was changed by somebody else")
        .status(2);
    assert_eq!(config(&home), CONFIG);
}

#[test]
fn without_an_answer_nothing_is_written() {
    let home = home();
    home.pty(["configure", "prod"])
        .shows("Role")
        .presses_ctrl('d')
        .wait()
        .stdout("")
        .stderr_has("not all questions were answered")
        .status(3);
    home.run(["configure", "prod"])
        .stdout("")
        .stderr_has(
            "there is no terminal to ask on\nhint: give one: stsx configure PROFILE --role ARN",
        )
        .status(3);
    assert_eq!(config(&home), CONFIG);
}
