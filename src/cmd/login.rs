//! `stsx login`: the MFA session, and roles, obtained now, so that programs without a terminal find
//! them.

use anyhow::Result;

use crate::cli::LoginArgs;
use crate::cmd::table::Table;
use crate::cmd::{Ready, USUAL_MARGIN, World, answer};
use crate::error::Failure;
use crate::plan::Hop;
use crate::plan::resolve::Wanted;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// As obtaining credentials; there is nothing to log in to.
pub(super) fn run(args: &LoginArgs, world: &World<'_>) -> Result<()> {
    let mut table = Table::default();
    let result = if args.targets.is_empty() {
        let ready = world.original(Wanted::Session(None), &args.options, USUAL_MARGIN)?;
        log_in(&ready, &mut table)
    } else {
        let mut targets = args.targets.iter();
        targets.try_for_each(|target| log_in(&ready(target, args, world)?, &mut table))
    };
    // What was obtained before a failure is there all the same.
    answer(&table.text())?;
    result
}

/// A profile with the keys of a user stands for the user's session.
fn ready(target: &str, args: &LoginArgs, world: &World<'_>) -> Result<Ready> {
    let mut options = args.options.clone();
    let ready = world.ready(target, &options, USUAL_MARGIN);
    let name = match &ready {
        Ok(ready) if ready.plan.hops.is_empty() && ready.plan.source.is_user() => {
            ready.plan.source.profile().map(str::to_owned)
        }
        // A flag of the session has no use for keys alone.
        _ => None,
    };
    let Some(name) = name else { return ready };
    options.run.profile = Some(name);
    world.original(Wanted::Session(None), &options, USUAL_MARGIN)
}

fn log_in(ready: &Ready, table: &mut Table) -> Result<()> {
    if ready.plan.hops.is_empty() {
        let source = ready.plan.source.spoken();
        let what = format!("there is nothing to log in to: {source} needs no role and no code");
        return Err(Failure::usage(what).into());
    }
    let credentials = ready.credentials()?;
    let what = ready.plan.hops.last().map(Hop::spoken);
    let end = credentials.expires_at.map(|end| {
        let left = time::spoken(end.seconds_since(Timestamp::now()));
        format!("until {end} (in {left})")
    });
    table.row([
        ready.plan.target.as_str(),
        &what.unwrap_or_default(),
        &end.unwrap_or_default(),
    ]);
    Ok(())
}
