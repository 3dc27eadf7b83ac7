//! Where the measuring happens: an AWS on the loopback, and homes with profiles that lead to its roles.

use std::cell::Cell;
use std::fmt::Write;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::json;
use tempfile::TempDir;

use crate::sandbox::{ACCOUNT, Keys, Sandbox};

/// The longest chain of roles that is measured.
pub(crate) const LONGEST: usize = 5;
/// Where children look for programs.
pub(crate) const PATH: &str = "/usr/bin:/bin";

/// An AWS with James in it, and his homes.
#[derive(Debug)]
pub(crate) struct Place {
    sandbox: Sandbox,
    james: Keys,
    directory: TempDir,
    authority: Option<PathBuf>,
    homes: Cell<usize>,
}

impl Place {
    /// Starts it, with TLS or without. The homes lie on the disk that the build lies on.
    ///
    /// # Errors
    /// No port or no directory can be had.
    pub(crate) fn start(target: &Path, is_tls: bool) -> Result<Self> {
        let builder = Sandbox::builder();
        let sandbox = if is_tls { builder.tls() } else { builder }.start()?;
        let directory = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(target)?;
        let james = sandbox.user(ACCOUNT, "James");
        let allow = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"});
        sandbox.policy(ACCOUNT, "user/James", &document(&allow));
        let account = json!({"AWS": ACCOUNT});
        let trust = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": account});
        for number in 1..=LONGEST {
            let name = format!("link-{number}");
            sandbox.role(ACCOUNT, &name, &document(&trust));
            sandbox.policy(ACCOUNT, &format!("role/{name}"), &document(&allow));
        }
        let authority = sandbox.ca_pem().map(|_| directory.path().join("ca.pem"));
        if let (Some(path), Some(pem)) = (&authority, sandbox.ca_pem()) {
            fs::write(path, pem)?;
        }
        Ok(Self {
            sandbox,
            james,
            directory,
            authority,
            homes: Cell::new(0),
        })
    }

    /// A new home with this many profiles. The last ones, `link-1` to `link-5`, are a chain from James's keys.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn home(&self, profiles: usize) -> Result<Home<'_>> {
        self.homes.set(self.homes.get() + 1);
        let path = self
            .directory
            .path()
            .join(format!("home-{}", self.homes.get()));
        fs::create_dir_all(path.join(".aws"))?;
        fs::write(path.join(".aws/config"), config(profiles))?;
        let credentials = path.join(".aws/credentials");
        let keys = &self.james;
        let text = format!(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            keys.access_key_id, keys.secret
        );
        fs::write(&credentials, text)?;
        fs::set_permissions(&credentials, Permissions::from_mode(0o600))?;
        let caches = Cell::new(0);
        Ok(Home {
            place: self,
            path,
            caches,
        })
    }

    /// How many roles were assumed so far.
    pub(crate) fn assumed(&self) -> usize {
        let requests = self.sandbox.requests();
        let is_assume = |operation: &str| operation == "AssumeRole";
        requests
            .iter()
            .filter(|request| is_assume(&request.operation))
            .count()
    }

    /// The bare call of the first role.
    pub(crate) fn bare(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let authority = self.authority.as_deref().unwrap_or(Path::new("-"));
        let role = format!("arn:aws:iam::{ACCOUNT}:role/link-1");
        command
            .env_clear()
            .arg(self.sandbox.endpoint())
            .arg(authority);
        command.args([&self.james.access_key_id, &self.james.secret, &role]);
        command
    }
}

/// A home of James.
#[derive(Debug)]
pub(crate) struct Home<'a> {
    place: &'a Place,
    pub(crate) path: PathBuf,
    caches: Cell<usize>,
}

impl Home<'_> {
    /// A program in this home, with what it has cached already.
    pub(crate) fn program(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", self.place.sandbox.endpoint())
            .env("HOME", &self.path)
            .env("LANG", "C.UTF-8")
            .env("PATH", PATH);
        if let Some(authority) = &self.place.authority {
            command.env("AWS_CA_BUNDLE", authority);
        }
        command
    }

    /// stsx's answer for the last profile of a chain of so many roles.
    pub(crate) fn answer(&self, stsx: &Path, depth: usize) -> Command {
        self.program(stsx, &["credential-process", &format!("link-{depth}")])
    }

    /// The name of a directory for a cache in which nothing is.
    pub(crate) fn empty_cache(&self) -> PathBuf {
        self.caches.set(self.caches.get() + 1);
        self.path.join(format!("cache-{}", self.caches.get()))
    }

    /// The same answer by a first call.
    pub(crate) fn first(&self, stsx: &Path, depth: usize) -> Command {
        let mut command = self.answer(stsx, depth);
        command.env("XDG_CACHE_HOME", self.empty_cache());
        command
    }
}

/// A config file with this many profiles, about 200 bytes each.
fn config(profiles: usize) -> String {
    let mut text = "[default]\nregion = us-east-1\n".to_owned();
    let role = |name: &str, source: &str| {
        format!(
            "\n[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{name}\nsource_profile = {source}\n\
             region = eu-central-1\nrole_session_name = james\noutput = json\n# what the team deploys with\n"
        )
    };
    for number in LONGEST..profiles {
        let _ = write!(
            text,
            "{}",
            role(&format!("team-{number:05}-deploy"), "default")
        );
    }
    for number in 1..=LONGEST {
        let source = match number {
            1 => "default".to_owned(),
            _ => format!("link-{}", number - 1),
        };
        let _ = write!(text, "{}", role(&format!("link-{number}"), &source));
    }
    text
}

fn document(statement: &serde_json::Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}
