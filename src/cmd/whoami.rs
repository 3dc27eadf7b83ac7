//! `stsx whoami`: who the current identity, or a target, is.

use anyhow::Result;
use serde_json::json;

use crate::cli::{Report, WhoamiArgs};
use crate::cmd::table::Table;
use crate::cmd::{USUAL_MARGIN, World, answer, answer_json};
use crate::env;
use crate::looks::Ink;
use crate::plan::resolve::Wanted;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// As obtaining credentials, and what STS says.
pub(super) fn run(args: &WhoamiArgs, world: &World<'_>) -> Result<()> {
    // Without a target, and without a word about the source, the answer is the AWS CLI's.
    let ready = match &args.target {
        Some(target) => world.ready(target, &args.options, USUAL_MARGIN)?,
        None => world.prepare(Wanted::Current, &args.options, world.env, USUAL_MARGIN)?,
    };
    let credentials = ready.credentials()?;
    let identity = ready.identity(&credentials)?;
    if args.format == Report::Json {
        return answer_json(&json!({
            "UserId": identity.user_id,
            "Account": identity.account,
            "Arn": identity.arn,
        }));
    }
    let mut table = Table::default();
    table.row(["Account:", identity.account.as_str()]);
    table.row(["Arn:", identity.arn.as_str()]);
    table.row(["UserId:", identity.user_id.as_str()]);
    if let Some(end) = credentials.expires_at.or_else(|| exported_end(args, world)) {
        let left = end.seconds_since(Timestamp::now());
        let words = format!("{end} (in {})", time::spoken(left));
        table.inked([(Ink::Plain, "Expires:"), (Ink::of_seconds(left), &words)]);
    }
    answer(&table.text())
}

/// The end of what an earlier `stsx assume` exported into this shell.
fn exported_end(args: &WhoamiArgs, world: &World<'_>) -> Option<Timestamp> {
    if args.target.is_some() || args.options.run.profile.is_some() {
        return None;
    }
    world.env.mark()?;
    world.env.value(env::CREDENTIAL_EXPIRATION)?.parse().ok()
}
