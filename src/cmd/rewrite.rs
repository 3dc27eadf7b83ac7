//! A change of one profile in one of the AWS files: what it would overwrite, what it looks like, and
//! writing it. Shared by `configure` and `import`.

use anyhow::Result;
use zeroize::Zeroizing;

use crate::cli::WritingOptions;
use crate::cmd::list::{REDACTED, shown};
use crate::cmd::{World, answer};
use crate::error::Failure;
use crate::profiles::edit::{self, Change, Refusal};
use crate::profiles::parse::{self, FileKind, Property, SectionName};
use crate::profiles::store::Stored;

mod diff;

/// A change that is not written yet.
pub(super) struct Rewrite<'a> {
    stored: &'a Stored,
    profile: &'a str,
    changes: &'a [Change],
    /// What the file says of the profile now.
    properties: Vec<Property>,
    new: Zeroizing<String>,
}

impl<'a> Rewrite<'a> {
    /// Makes the new text.
    ///
    /// # Errors
    /// The file is not written in the grammar (file and line), or a value cannot stand in it.
    pub(super) fn new(
        stored: &'a Stored,
        kind: FileKind,
        profile: &'a str,
        changes: &'a [Change],
    ) -> Result<Self> {
        let path = stored.path.display();
        let section = SectionName::Profile(profile.to_owned());
        let new =
            edit::edited(&stored.text, kind, &section, changes).map_err(|refusal| match refusal {
                Refusal::Syntax(error) => {
                    Failure::usage(format!("{path}:{}: {}", error.line, error.what))
                }
                Refusal::Unwritable(key) => Failure::usage(format!(
                    "{path}: the value of {key} cannot be written there: it has line breaks, white space at \
                     an end, or a # or ; where a comment would begin"
                )),
            })?;
        let properties = match parse::find(&stored.text, kind, &section) {
            Ok(Some(section)) => section.properties,
            _ => Vec::new(),
        };
        Ok(Self {
            stored,
            profile,
            changes,
            properties,
            new,
        })
    }

    /// The text that the file would have.
    pub(super) fn text(&self) -> &str {
        &self.new
    }

    /// Whether the file says all of it already.
    pub(super) fn is_idle(&self) -> bool {
        *self.new == *self.stored.text
    }

    /// The change as a unified diff, without secrets.
    pub(super) fn diff(&self) -> String {
        let path = self.stored.path.display().to_string();
        diff::unified(&path, &self.stored.text, &self.new)
    }

    /// Shows or writes it, as the options say.
    ///
    /// # Errors
    /// A value would be overwritten unasked, or the file cannot be written.
    pub(super) fn finish(&self, writing: WritingOptions, world: &World<'_>) -> Result<()> {
        if self.is_idle() {
            let words = format!(
                "profile `{}` has this already: nothing to write",
                self.profile
            );
            world.log.warn(&words);
            return Ok(());
        }
        let overwriting = self.overwriting().filter(|_| !writing.force);
        match (overwriting, writing.dry_run) {
            (Some(failure), true) => world.log.warn(&format!("needs --force: {}", failure.what)),
            (Some(failure), false) => return Err(failure.into()),
            (None, _) => {}
        }
        if writing.dry_run {
            answer(&self.diff())
        } else {
            self.write(world)
        }
    }

    /// Writes it and says so.
    ///
    /// # Errors
    /// As `Stored::replace`.
    pub(super) fn write(&self, world: &World<'_>) -> Result<()> {
        let backup = self.stored.replace(&self.new)?;
        let path = self.stored.path.display();
        let old = backup.map(|backup| format!("; the old file is {}", backup.display()));
        let words = format!(
            "profile `{}` is written to {path}{}",
            self.profile,
            old.unwrap_or_default()
        );
        world.log.warn(&words);
        if self.stored.is_linked() {
            let words = format!("{path} had another name (a hard link), which keeps the old text");
            world.log.warn(&words);
        }
        Ok(())
    }

    /// What would be lost: values that stand there and are others.
    fn overwriting(&self) -> Option<Failure> {
        let mut lines = self.changes.iter().filter_map(|(key, value)| {
            let new = value.as_ref()?;
            let old = self.properties.iter().find(|one| one.key == *key)?;
            let is_other = !old.value.is_empty() && old.value != **new;
            is_other.then(|| self.overwritten(old, new))
        });
        let mut failure = Failure::usage(lines.next()?);
        failure.details.extend(lines);
        Some(failure.hint("--force replaces it; --dry-run shows what would change"))
    }

    fn overwritten(&self, old: &Property, new: &str) -> String {
        let Property { key, line, .. } = old;
        let place = format!(
            "{}:{line}: profile `{}`",
            self.stored.path.display(),
            self.profile
        );
        let (was, wanted) = (shown(key, &old.value), shown(key, new));
        if was == REDACTED {
            return format!("{place} has another {key} {REDACTED}");
        }
        format!("{place} has {key} = {was}, not {wanted}")
    }
}
