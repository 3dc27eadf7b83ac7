//! `stsx credential-process`: the answer that every SDK and the AWS CLI take.

use anyhow::Result;

use crate::cli::RoleArgs;
use crate::cmd::World;
use crate::output::{self, Format};

/// SDKs refresh credentials inside their last 15 minutes: shorter ones would be asked for again
/// and again.
const SDK_MARGIN: i64 = 900;

/// Runs the command.
///
/// # Errors
/// As obtaining credentials; the report is one line, since SDKs quote it.
pub(super) fn run(args: &RoleArgs, world: &World<'_>) -> Result<()> {
    let ready = world.ready(&args.target, &args.options, SDK_MARGIN)?;
    let credentials = ready.credentials()?;
    output::write(
        Format::Process,
        &credentials,
        &ready.plan,
        world.env,
        &mut std::io::stdout().lock(),
    )
}
