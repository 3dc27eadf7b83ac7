//! `stsx import`: the console's CSV files become profiles of ~/.aws/credentials, and the secret is seen nowhere else.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::servers;
use crate::support::{Home, keys};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Taken for a secret by the harness, since a file of the home says so.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn home() -> Home {
    Home::new().file("known", &format!("aws_secret_access_key = {SECRET}\n"))
}

fn credentials(home: &Home) -> String {
    fs::read_to_string(home.path(".aws/credentials")).unwrap_or_default()
}

fn section(name: &str) -> String {
    format!("[{name}]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n")
}

/// A file, and the profile that it becomes.
const FILES: &[(&str, &str)] = &[
    ("Access key ID,Secret access key\n@\n", "default"),
    (
        "\u{feff}Access key ID,Secret access key\r\n@\r\n",
        "default",
    ),
    ("\u{feff}Access key ID,Secret access key\r\n@", "default"),
    (
        "\"Access key ID\",\"Secret access key\"\n\"AKIAIOSFODNN7EXAMPLE\",\"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\"\n",
        "default",
    ),
    (
        "access key id , SECRET ACCESS KEY\n AKIAIOSFODNN7EXAMPLE , wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \n\n",
        "default",
    ),
    (
        "Access key ID;Secret access key\nAKIAIOSFODNN7EXAMPLE;wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n",
        "default",
    ),
    (
        "Access key ID\tSecret access key\nAKIAIOSFODNN7EXAMPLE\twJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n",
        "default",
    ),
    (
        "User name,Password,Access key ID,Secret access key,Console login link\nJames,,@,https://x.signin.aws.amazon.com/console\n",
        "James",
    ),
    (
        "User name,Password,Access key ID,Secret access key,Console login link\r\nJames,\"pass,\"\"word\",@,https://x\r\n",
        "James",
    ),
    (
        "User name,Access key ID,Secret access key\nMary,,\nJames,@\n",
        "James",
    ),
    (
        "Secret access key,x,Access key ID\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY,,AKIAIOSFODNN7EXAMPLE\n",
        "default",
    ),
];

#[test]
fn both_kinds_of_files_are_read() {
    for (file, profile) in FILES {
        let home = home().file(
            "new keys.csv",
            &file.replace('@', &format!("{ID},{SECRET}")),
        );
        home.run(["import", "new keys.csv"])
            .stdout("")
            .stderr(&format!(
                "stsx: profile `{profile}` is written to [HOME]/.aws/credentials\n\
                 stsx: the CSV file still holds the secret; delete it: rm -- 'new keys.csv'\n"
            ))
            .status(0);
        assert_eq!(credentials(&home), section(profile), "{file:?}");
        assert_eq!(
            fs::metadata(home.path(".aws/credentials")).unwrap().mode() & 0o777,
            0o600
        );
    }
}

/// What is no list of keys, and what is said.
const WRONG: &[(&str, &str)] = &[
    ("", "the first line must name the columns"),
    ("@\n", "the first line must name the columns"),
    (
        "Access key ID\nAKIAIOSFODNN7EXAMPLE\n",
        "the first line must name the columns",
    ),
    (
        "Access key ID,Secret access key\n",
        "there is no access key in it",
    ),
    (
        "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE\n",
        "line 2: there is no secret access key in its column",
    ),
    (
        "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,\"wJalr\nXUt\"\n",
        "line 2: there is no secret access key",
    ),
    (
        "Access key ID,Secret access key\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY,AKIA\n",
        "line 2: there is no access key id",
    ),
    (
        "Access key ID,Secret access key\r\n@\r\nAKIAIOSFODNN7EXAMPLE\r\n",
        "line 3: there is no secret access key",
    ),
    (
        "User name,Access key ID,Secret access key\nJames#Bond,@\n",
        "user `James#Bond`: a profile's name is not empty, has none of",
    ),
    (
        "User name,Access key ID,Secret access key\n\u{202e}🐱,@\n",
        "user `\\u{202e}🐱`: a profile's name is not empty, has none of",
    ),
];

#[test]
fn what_is_no_list_of_keys_is_refused_without_a_word_of_it() {
    for (file, part) in WRONG {
        let home = home().file("keys.csv", &file.replace('@', &format!("{ID},{SECRET}")));
        home.run(["import", "keys.csv"])
            .stdout("")
            .stderr_has(part)
            .stderr_lacks("wJalr")
            .status(2);
        assert_eq!(credentials(&home), "");
    }
    let home = home();
    fs::write(home.path("keys.csv"), b"\xff\xfeA\0c\0").unwrap();
    home.run(["import", "keys.csv"])
        .stdout("")
        .stderr("stsx: keys.csv: it is not UTF-8\n")
        .status(2);
    home.run(["import", "gone.csv"])
        .stdout("")
        .stderr_has("cannot read gone.csv: No such file")
        .status(2);
    home.run(["import", ".aws"])
        .stdout("")
        .stderr_has("cannot read .aws: ")
        .status(2);
    home.run(["import", "/dev/zero"])
        .stdout("")
        .stderr_has("too big")
        .status(2);
}

#[test]
fn another_key_is_replaced_only_by_force_and_the_rest_stays() {
    let before = format!(
        "# mine\r\n[hub] # the hub\r\naws_access_key_id=AKIAOLDOLDOLDOLDOLD1\r\naws_secret_access_key=older/secret\r\n\
         aws_session_token=stale-token\r\nregion=eu-west-1\r\n\r\n{}",
        section("other").replace('\n', "\r\n")
    );
    let home = home().credentials(&before).file(
        "k.csv",
        &format!("Access key ID,Secret access key\r\n{ID},{SECRET}\r\n"),
    );
    home.run(["import", "k.csv", "--as", "hub"])
        .stdout("")
        .stderr(&format!(
            "stsx: [HOME]/.aws/credentials:3: profile `hub` has aws_access_key_id = AKIAOLDOLDOLDOLDOLD1, not {ID}\n  \
             [HOME]/.aws/credentials:4: profile `hub` has another aws_secret_access_key (redacted)\n\
             hint: --force replaces it; --dry-run shows what would change\n"
        ))
        .status(2);
    home.run(["import", "k.csv", "--as", "hub", "--dry-run"])
        .stdout_has("-aws_secret_access_key= (redacted)\n-aws_session_token= (redacted)\n+aws_access_key_id=")
        .stderr_has("needs --force")
        .status(0);
    assert_eq!(credentials(&home), before);
    fs::set_permissions(
        home.path(".aws/credentials"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    home.run(["import", "k.csv", "--as", "hub", "--force"])
        .stdout("")
        .stderr_has("others can read the credentials file; make it private: chmod 600 ")
        .status(0);
    let after = before
        .replace("AKIAOLDOLDOLDOLDOLD1", ID)
        .replace("older/secret", SECRET)
        .replace("aws_session_token=stale-token\r\n", "");
    assert_eq!(credentials(&home), after);
    assert_eq!(
        fs::read_to_string(home.path(".aws/credentials.bak-stsx")).unwrap(),
        before
    );
}

#[test]
fn of_several_keys_one_is_chosen() {
    let file = format!(
        "User name,Access key ID,Secret access key\nMary,AKIAMARYMARYMARYMARY,mary/secret\nJames,{ID},{SECRET}\n"
    );
    let home = home().file("k.csv", &file);
    home.run(["import", "k.csv"])
        .stdout("")
        .stderr(&format!(
            "stsx: there is more than one access key, and there is no terminal to ask which\n  \
             Mary (AKIAMARYMARYMARYMARY)\n  James ({ID})\nhint: name one: --user USER\n"
        ))
        .status(3);
    home.run(["import", "k.csv", "--user", "Bob"])
        .stdout("")
        .stderr_has("there is no access key of a user `Bob`")
        .status(2);
    home.run(["import", "k.csv", "--user", "James", "--as", "one"])
        .stdout("")
        .stderr_has("`one`")
        .status(0);
    home.pty(["import", "k.csv", "--as", "two"])
        .shows("access key (1-2): ")
        .types("2")
        .wait()
        .stdout("")
        .stderr_has("`two`")
        .status(0);
    assert_eq!(
        credentials(&home),
        format!("{}\n{}", section("one"), section("two"))
    );
}

#[test]
fn an_imported_key_works_for_stsx_and_the_aws_cli() {
    let (id, secret) = keys("James");
    let file = format!(
        "\u{feff}User name,Password,Access key ID,Secret access key,Console login link\r\nJames,,{id},{secret},x\r\n"
    );
    let home = Home::new().aws(|a| a.user("Mary")).file("k.csv", &file);
    home.run(["import", "k.csv"])
        .stdout("")
        .stderr_has("`James`")
        .calls([])
        .status(0);
    home.run(["whoami", "James"])
        .stdout_has("user/James")
        .status(0);
    if let Some(aws) = servers::tool("venv/bin/aws") {
        let script = format!(
            "{} configure get aws_access_key_id --profile James",
            aws.display()
        );
        home.sh(&script).stdout(&format!("{id}\n")).status(0);
    }
}
