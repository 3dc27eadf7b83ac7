//! `stsx federate`: the credentials of a federated user.

use anyhow::Result;

use crate::cli::{FederateArgs, RoleOptions};
use crate::cmd::{USUAL_MARGIN, World, hand_over};
use crate::plan::resolve::Wanted;
use crate::plan::{DEFAULT_USER_SESSION, Hop};

/// Runs the command.
///
/// # Errors
/// As obtaining and writing credentials.
pub(super) fn run(args: &FederateArgs, world: &World<'_>) -> Result<()> {
    let options = RoleOptions {
        run: args.run.clone(),
        scope: args.scope.clone(),
        ..RoleOptions::default()
    };
    let duration = args.duration.unwrap_or(DEFAULT_USER_SESSION);
    let wanted = Wanted::Federation(&args.name, duration);
    hand_over::run(Some(&args.name), &args.output, world, || {
        let mut ready = world.original(wanted, &options, USUAL_MARGIN)?;
        ready.plan.notes.extend(powerless(ready.plan.hops.last()));
        Ok(ready)
    })
}

/// What to say of a federated user whom no session policy allows anything:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html>
fn powerless(hop: Option<&Hop>) -> Option<String> {
    let Some(Hop::Federation(user)) = hop else {
        return None;
    };
    let is_limited = user.scope.policy.is_some() || !user.scope.policy_arns.is_empty();
    (!is_limited).then(|| {
        format!(
            "the federated user `{}` has no session policy, and may do nothing but what resource policies allow: \
             --policy, --policy-arn or --read-only say what",
            user.name
        )
    })
}
