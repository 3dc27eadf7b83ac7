//! A reader of the README at a machine of their own: stsx and the AWS CLI on the PATH, an administrator's profile, one
//! bash. The AWS is ministack: each account there is a world of its own, so nobody else's James is met.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::document::Step;
use super::example::{Example, is_shown};
use crate::servers;

/// Ends what a command shows; it cannot be part of it.
const MARK: &str = "\u{1}end of";

/// The profile that the README calls `admin`: an access key id of twelve digits is the root of that account.
const ADMIN: &str = "[admin]\naws_access_key_id = 111122223333\naws_secret_access_key = test\n";

/// What the README takes for granted: a bucket in the account, and two roles in the account of a partner.
const BEFORE: &str = r#"
aws s3 mb s3://holiday-photos --profile admin --region us-east-1
export AWS_ACCESS_KEY_ID=222233334444 AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
role() {
  aws iam create-role --role-name "$1" --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:'"$2"'"}'"$3"'}]}'
}
role partner user/James ', "Condition": {"StringEquals": {"sts:ExternalId": "Example-Corp/1234"}}'
role audit role/James-custom-S3-role
"#;

/// A reader with an empty home.
pub(crate) struct Reader {
    directory: TempDir,
    endpoint: &'static str,
}

impl Reader {
    /// None, said aloud, where the testbed has no ministack or no AWS CLI.
    pub(crate) fn new() -> Option<Self> {
        let endpoint = &servers::ministack()?.endpoint;
        let aws = servers::tool("venv/bin/aws")?;
        let directory = tempfile::Builder::new()
            .prefix("stsx-reader-")
            .tempdir()
            .expect("a temporary directory");
        let reader = Self {
            directory,
            endpoint,
        };
        for name in ["bin", "tmp", "home/.aws"] {
            fs::create_dir_all(reader.path(name)).expect("the directory is ours");
        }
        symlink(env!("CARGO_BIN_EXE_stsx"), reader.path("bin/stsx")).expect("a link");
        symlink(aws, reader.path("bin/aws")).expect("a link");
        reader.write("home/.aws/credentials", ADMIN);
        reader.write("home/.aws/config", "[profile admin]\nregion = us-east-1\n");
        let (text, is_done) = reader.bash(&format!("set -e\n{BEFORE}"));
        assert!(is_done, "what the README takes for granted:\n{text}");
        Some(reader)
    }

    /// Does all of it in one shell; the answer is what went otherwise than shown.
    pub(crate) fn follow(&self, steps: &[Step]) -> Vec<String> {
        let script: String = steps.iter().map(typed).collect();
        let (text, _) = self.bash(&script);
        let text = text.replace(&self.path("home").display().to_string(), "/home/james");
        let mut rest = text.as_str();
        let mut wrong = Vec::new();
        for step in steps {
            let Step::Type(example) = step else { continue };
            let Some((real, after)) = rest.split_once(&format!("\n{MARK} {}\n", example.line))
            else {
                wrong.push(format!(
                    "README.md:{}: $ {}\nnever came to its end:\n{rest}\n",
                    example.line, example.command
                ));
                break;
            };
            rest = after;
            wrong.extend(self.difference(example, real));
        }
        wrong
    }

    /// A reader's AWS has no endpoint of its own: lines that show it are left out.
    fn difference(&self, example: &Example, real: &str) -> Option<String> {
        let real: Vec<&str> = real
            .lines()
            .filter(|line| !line.contains(self.endpoint))
            .collect();
        let shown: Vec<&str> = example.shown.iter().map(String::as_str).collect();
        (!is_shown(&shown, &real)).then(|| {
            format!(
                "README.md:{}: $ {}\nshown:\n{}\nreal:\n{}\n",
                example.line,
                example.command,
                shown.join("\n"),
                real.join("\n")
            )
        })
    }

    /// Both output streams of a script, and whether it succeeded.
    fn bash(&self, script: &str) -> (String, bool) {
        let script = format!("exec 2>&1 </dev/null\numask 077\n{script}");
        self.write("script", &script);
        // A test run may have a terminal; a reader of these examples has none.
        let mut command = if fs::File::open("/dev/tty").is_ok() {
            let mut command = Command::new("setsid");
            command.args(["--wait", "bash"]);
            command
        } else {
            Command::new("bash")
        };
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let output = command
            .arg(self.path("script"))
            .current_dir(self.path("home"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("USER", "james")
            .env("LANG", "C.UTF-8")
            .env("AWS_ENDPOINT_URL", self.endpoint)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .output()
            .expect("bash can be run");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let text = text + &String::from_utf8_lossy(&output.stderr);
        (text, output.status.success())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn write(&self, path: impl AsRef<Path>, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.directory.path().join(path);
        fs::write(&path, text).expect("the directory is ours");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the file is ours");
    }
}

/// A step as bash reads it. `$?` is the same before the mark and behind it.
fn typed(step: &Step) -> String {
    match step {
        Step::Type(Example { line, command, .. }) => format!(
            "{command}\nreader_status=$?; printf '\\n%s\\n' '{MARK} {line}'; (exit $reader_status)\n"
        ),
        Step::Save { path, text } => {
            let path = path.replacen('~', "\"$HOME\"", 1);
            let text = text.replace('\'', r"'\''");
            format!("mkdir -p \"$(dirname {path})\"; printf '%s' '{text}' >>{path}\n")
        }
    }
}
