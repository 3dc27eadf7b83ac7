//! `stsx import`: the access key of a CSV file from the console goes into ~/.aws/credentials.
//!
//! Nothing is called: whether the key works, `stsx whoami PROFILE` tells. The secret is never shown.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::cli::{self, ImportArgs};
use crate::cmd::World;
use crate::cmd::configure::note_idle_keys;
use crate::cmd::rewrite::Rewrite;
use crate::error::Failure;
use crate::platform::{command_line, removal};
use crate::profiles::edit::Change;
use crate::profiles::parse::FileKind;
use crate::profiles::store::Stored;
use crate::profiles::{self, Profiles};
use crate::terminal;

mod keys;

use keys::AccessKey;

/// More than any such file takes.
const MAX_BYTES: u64 = 1 << 20;

/// Runs the command.
///
/// # Errors
/// The file is no list of access keys, another key would be overwritten unasked, or the credentials
/// file cannot be written.
pub(super) fn run(args: &ImportArgs, world: &World<'_>) -> Result<()> {
    let stored = Stored::read(&world.env.original(), FileKind::Credentials)?;
    let key = chosen(args)?;
    let name = name(args, &key)?;
    let changes: [Change; 3] = [
        // A token would belong to the key before.
        (profiles::SESSION_TOKEN.to_owned(), None),
        (profiles::ACCESS_KEY_ID.to_owned(), Some(key.id)),
        (profiles::SECRET_ACCESS_KEY.to_owned(), Some(key.secret)),
    ];
    let rewrite = Rewrite::new(&stored, FileKind::Credentials, &name, &changes)?;
    if !rewrite.is_idle()
        && let Ok(profiles) = Profiles::open(&world.env.original())
    {
        let profiles = profiles.with_text(FileKind::Credentials, rewrite.text());
        note_idle_keys(&profiles, &name, world);
    }
    rewrite.finish(args.writing, world)?;
    if args.writing.dry_run {
        return Ok(());
    }
    if stored.is_shared() {
        let file = command_line(&[&stored.path.to_string_lossy()]);
        let note =
            format!("others can read the credentials file; make it private: chmod 600 {file}");
        world.log.warn(&note);
    }
    let line = format!(
        "the CSV file still holds the secret; delete it: {}",
        removal(&args.file)
    );
    world.log.warn(&line);
    Ok(())
}

/// The key that is meant.
fn chosen(args: &ImportArgs) -> Result<AccessKey> {
    let path = args.file.display();
    let mut keys = keys::read(&content(&args.file)?)
        .map_err(|reason| Failure::usage(format!("{path}: {reason}")))?;
    if let Some(user) = &args.user {
        keys.retain(|key| key.user.as_ref() == Some(user));
        if keys.is_empty() {
            let what = format!("{path}: there is no access key of a user `{user}`");
            return Err(Failure::usage(what).into());
        }
    }
    let place = match keys.len() {
        0 => return Err(Failure::usage(format!("{path}: there is no access key in it")).into()),
        1 => 0,
        _ => {
            let names: Vec<String> = keys.iter().map(AccessKey::spoken).collect();
            terminal::chosen("access key", &names, "name one: --user USER")?
        }
    };
    Ok(keys.swap_remove(place))
}

/// The profile: as it is asked for, else called like the user.
fn name(args: &ImportArgs, key: &AccessKey) -> Result<String> {
    match (&args.name_as, &key.user) {
        (Some(name), _) => Ok(name.clone()),
        (None, Some(user)) => cli::profile_name(user).map_err(|reason| {
            Failure::usage(format!("user `{user}`: {reason}"))
                .hint("give the profile a name: --as NAME")
                .into()
        }),
        (None, None) => Ok("default".to_owned()),
    }
}

fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let cannot = || Failure::usage(format!("cannot read {}", path.display()));
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
    let file = File::open(path).with_context(cannot)?;
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.with_context(cannot)?;
    if bytes.len() as u64 > MAX_BYTES {
        let what = format!("{}: too big for a list of access keys", path.display());
        return Err(Failure::usage(what).into());
    }
    Ok(bytes)
}
