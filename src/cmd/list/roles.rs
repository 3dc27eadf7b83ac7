//! `stsx list --roles`: the roles of the account that a role's name is looked for in, as IAM knows them.
//!
//! Starts where `stsx assume ROLE` would. Roles that nobody but services of AWS can assume are left out. The names are
//! remembered: completions ask nobody.

use anyhow::Result;
use serde_json::{Value, json};

use super::trust::Trust;
use crate::aws::ListedRole;
use crate::cache::RoleNames;
use crate::cli::{ListArgs, Report, RoleOptions};
use crate::cmd::table::Table;
use crate::cmd::{USUAL_MARGIN, World, answer, answer_json};
use crate::looks::Ink;
use crate::plan::resolve::Wanted;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// As obtaining credentials, and what IAM says.
pub(super) fn run(args: &ListArgs, world: &World<'_>) -> Result<()> {
    let options = RoleOptions {
        run: args.run.clone(),
        ..RoleOptions::default()
    };
    let ready = world.original(Wanted::Current, &options, USUAL_MARGIN)?;
    let listed = ready.roles(&ready.credentials()?)?;
    let all = listed.len();
    let mut roles: Vec<(ListedRole, Option<Trust>)> = listed
        .into_iter()
        .map(|role| {
            let trust = Trust::read(&role.trust);
            (role, trust)
        })
        .filter(|(_, trust)| !trust.as_ref().is_some_and(Trust::is_for_services))
        .collect();
    roles.sort_by(|(one, _), (other, _)| one.arn.as_str().cmp(other.arn.as_str()));
    world.log.step(|| {
        let services = all - roles.len();
        format!("{services} of {all} roles are for AWS services only: left out")
    });
    if let Some(cache) = &ready.cache {
        cache.put_role_names(&ready.plan, &names(&roles));
    }
    if args.format == Report::Json {
        let rows: Vec<Value> = roles.iter().map(document).collect();
        return answer_json(&json!({ "roles": rows }));
    }
    if roles.is_empty() {
        world.log.warn("the account has no roles to assume");
    }
    answer(&table(&roles).text())
}

fn names(roles: &[(ListedRole, Option<Trust>)]) -> RoleNames {
    let arns = || roles.iter().map(|(role, _)| &role.arn);
    RoleNames {
        account: arns()
            .next()
            .map_or_else(String::new, |arn| arn.account().to_owned()),
        at: Timestamp::now(),
        names: arns().map(|arn| arn.path_and_name().to_owned()).collect(),
    }
}

fn table(roles: &[(ListedRole, Option<Trust>)]) -> Table {
    let mut table = Table::default();
    for (role, trust) in roles {
        let maximum = role.maximum.map(|seconds| time::spoken(seconds.into()));
        let trusted = match trust {
            Some(trust) => trust.spoken(role.arn.account()),
            None => "(its trust policy cannot be read)".to_owned(),
        };
        table.inked([
            (Ink::Name, role.arn.path_and_name()),
            (Ink::Plain, &maximum.unwrap_or_default()),
            (Ink::Plain, &trusted),
        ]);
    }
    table
}

fn document((role, trust): &(ListedRole, Option<Trust>)) -> Value {
    json!({
        "name": role.arn.path_and_name(),
        "arn": role.arn,
        "max_session_duration": role.maximum,
        "principals": trust.as_ref().map(Trust::principals),
    })
}
