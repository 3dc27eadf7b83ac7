//! A command of a profile (for credentials, a token or an assertion) that calls stsx for that profile would never end: it
//! is seen in the files, before anything is started, also over several profiles.

use anyhow::Result;

use crate::plan::command::{Asked, asked};
use crate::plan::{Origins, Source};
use crate::process;

/// So many profiles in a row are looked through.
const LONGEST: usize = 32;

/// Refuses a source whose command comes back to it; `source_of` tells where a target starts, from the
/// profile that is said or from none.
///
/// # Errors
/// It comes back; the way is shown.
pub(super) fn refuse(
    source: &Source,
    origins: &Origins,
    source_of: impl Fn(&str, Option<&str>) -> Option<Source>,
) -> Result<()> {
    let Some((_, profile, command)) = source.command() else {
        return Ok(());
    };
    let mut way = vec![profile.to_owned()];
    let mut next = asked(command);
    // A longer way is left to the guard that runs with the commands themselves.
    while let Some(Asked { target, start, .. }) = next
        && way.len() < LONGEST
    {
        let source = source_of(&target, start.as_deref());
        let Some((key, profile, command)) = source.as_ref().and_then(Source::command) else {
            return Ok(());
        };
        let is_back = way.iter().any(|name| name == profile);
        way.push(profile.to_owned());
        if is_back {
            let place = origins.values().next().map(ToString::to_string);
            let way: Vec<&str> = way.iter().map(String::as_str).collect();
            return Err(process::own_tail(place.as_deref(), key, &way).into());
        }
        next = asked(command);
    }
    Ok(())
}
