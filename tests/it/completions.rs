//! Completions: the committed scripts are what the binary prints, and every shell completes names with them as they are:
//! with spaces, quotes, colons, from right to left, and such as want to be code.
//!
//! `STSX_BLESS=1 bash tests/run completions` writes the scripts anew.

mod bad;
mod shells;

use std::path::Path;
use std::process::Command;

use crate::support::{self, ACCOUNT, Home};

/// Shell, its file below completions/, and how the real shell checks the script's syntax (elvish has its `edit:` only
/// at a terminal, tcsh its `complete`).
const SCRIPTS: [(&str, &str, &[&str]); 8] = [
    ("bash", "stsx.bash", &["bash", "-n"]),
    ("zsh", "_stsx", &["zsh", "-n"]),
    ("fish", "stsx.fish", &["fish", "-n"]),
    ("elvish", "stsx.elv", &[]),
    ("nushell", "stsx.nu", &[]),
    ("powershell", "_stsx.ps1", &[]),
    ("tcsh", "stsx.csh", &["tcsh", "-nf"]),
    ("xonsh", "stsx.xsh", &[]),
];

/// Some names are those of aliases, others of profiles.
const SETTINGS: &str = "[alias]
photos = 111122223333:James
crew/audit = photos
my photos = photos
\"q\" = photos
$(touch pwned)`touch pwned` = photos
bad\u{202e}name = photos
bad\u{1b}[2J = photos
";

fn home() -> Home {
    let config = format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/team/deploy\nsource_profile = default\n\
         [profile ns:prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n\
         [profile sso]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Admin\n\
         [profile plain]\nregion = eu-west-1\n"
    );
    let any: String = [r#""it's""#, "'é 😀'", "שלום"]
        .map(|name| {
            format!(
                "[profile {name}]\n  role_arn = arn:aws:iam::{ACCOUNT}:role/deploy\n  source_profile = default\n"
            )
        })
        .concat();
    Home::new()
        .config(&(config + &any))
        .settings(SETTINGS)
        .james()
        .env("TERM", "xterm")
}

#[test]
fn the_committed_scripts_are_the_generated_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file, _) in SCRIPTS {
        let output = Command::new(env!("CARGO_BIN_EXE_stsx"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success(), "{shell}");
        let path = folder.join(file);
        if support::is_blessing() {
            std::fs::write(&path, &output.stdout).unwrap();
        }
        let committed = std::fs::read(&path).unwrap();
        assert!(
            committed == output.stdout,
            "completions/{file} is not what `stsx completions {shell}` prints"
        );
    }
}

#[test]
fn the_shells_take_their_scripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (_, file, check) in SCRIPTS {
        let Some((program, arguments)) = check.split_first() else {
            continue;
        };
        if !support::installed(program) {
            continue;
        }
        let output = Command::new(program)
            .args(arguments)
            .arg(folder.join(file))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && words.is_empty(),
            "{program}: {words}"
        );
    }
}

/// What is offered, by the words on the line.
#[test]
fn words_have_their_candidates() {
    let home = home();
    for (words, answer) in [
        (
            "stsx assume pr",
            "values\nprod\tteam/deploy in 111122223333\n",
        ),
        (
            "stsx whoami ph",
            "values\nphotos\talias of 111122223333:James\n",
        ),
        ("stsx exec ns:", "values\nns:prod\tdeploy in 111122223333\n"),
        (
            "stsx assume x --profile s",
            "values\nsso\tAdmin in 111122223333\n",
        ),
        ("stsx assume x --profile=pl", "values\n--profile=plain\n"),
        ("stsx session pl", "values\nplain\n"),
        // Marks that turn the writing, and control characters.
        ("stsx assume bad", "values\n"),
        // A profile of settings leads nowhere.
        ("stsx assume pl", "values\n"),
        (
            "stsx assume --region us-e",
            "values\nus-east-1\tUS East (N. Virginia)\nus-east-2\tUS East (Ohio)\n",
        ),
        (
            "stsx explain --exp",
            "values\n--expect-account\tRefuse credentials of any other account than this one\n",
        ),
        ("stsx saml --assertion ", "files\n"),
        ("stsx assume x --policy ", "files\n"),
        ("stsx exec prod -- ", "command\n"),
        ("stsx exec prod -- aws s3 ", "command\n"),
        (
            "stsx cache cl",
            "values\nclear\tRemove cached credentials: all of them, those of TARGET, or the expired ones\n",
        ),
        ("stsx init --refresh 5m z", "values\nzsh\n"),
        (
            "stsx man unse",
            "values\nunset\tPrint the code that undoes assume in this shell: eval $(stsx unset)\n",
        ),
        (
            "stsx help unse",
            "values\nunset\tPrint the code that undoes assume in this shell: eval $(stsx unset)\n",
        ),
        (
            "stsx -v man cache l",
            "values\nlist\tList the cached credentials: whose they are and how long they last\n",
        ),
        (
            "stsx help cache l",
            "values\nlist\tList the cached credentials: whose they are and how long they last\n",
        ),
        ("stsx man unset ", "values\n"),
        (
            "stsx man comple",
            "values\ncompletions\tPrint the completion script of a shell\n",
        ),
        ("stsx man nothing ", "values\n"),
        (
            "stsx man --inst",
            "values\n--install\tWrite all pages into this directory [default: ~/.local/share/man/man1]\n",
        ),
        ("stsx assume --external-id ", "values\n"),
    ] {
        let line = format!(
            "stsx complete xonsh -- {words}{}",
            if words.ends_with(' ') { "''" } else { "" }
        );
        home.sh(&line).stdout(answer).status(0);
    }
}

/// Where the shell tells the line instead of its words.
#[test]
fn commands_are_offered_to_man_in_bash() {
    let home = Home::new();
    for (line, answer) in [
        ("stsx man unse", "values\nunset\n"),
        ("sudo -k; stsx help cache ", "values\nlist\nclear\n"),
    ] {
        home.sh(&format!("stsx complete bash --line '{line}' -- stsx"))
            .stdout(answer)
            .status(0);
    }
}

#[test]
fn cached_roles_are_offered_and_can_be_forgotten() {
    let home = home().aws(|aws| aws.role("deploy"));
    home.run(["assume", "111122223333:deploy", "--format", "json"])
        .stdout_has("")
        .status(0);
    for command in ["assume", "logout"] {
        home.sh(&format!("stsx complete xonsh -- stsx {command} 111"))
            .stdout_has("values\n111122223333:deploy\tcached, ")
            .status(0);
    }
    home.sh("stsx complete xonsh -- stsx cache clear ''")
        .stdout_has("values\n111122223333:deploy\tcached, ")
        .calls([])
        .status(0);
}
