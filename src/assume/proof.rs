//! The first role of a plan that starts from a token or an assertion of an identity provider.

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::assume::{Given, Run};
use crate::credentials::Secret;
use crate::error::{Failure, Kind};
use crate::plan::{Hop, Proof, RoleReference, Source};
use crate::process;
use crate::profiles;

impl Run<'_> {
    /// Assumes the first role with the proof that the plan starts from.
    ///
    /// # Errors
    /// The proof cannot be read or is not good, or what STS or the network said.
    pub(super) fn role_by_proof(&mut self) -> Result<Given> {
        let plan = self.plan;
        let Some(Hop::Role(role)) = plan.hops.first() else {
            return Err(Failure::usage(format!(
                "there is no role to assume with {}",
                plan.source.spoken()
            ))
            .into());
        };
        let RoleReference::Arn(arn) = &role.reference else {
            return Err(Failure::usage(format!(
                "{}: the account of the role is not known",
                role.reference
            ))
            .hint("write ACCOUNT:ROLE or the role's ARN")
            .into());
        };
        if plan.hops.len() == 1 {
            self.options.expect(arn.account())?;
        }
        let name = match &role.session_name {
            Some(name) => name.clone(),
            None => self.automatic_name()?,
        };
        self.options
            .log
            .step(|| format!("assuming {arn} as `{name}` with {}", plan.source.spoken()));
        let taken = match &plan.source {
            Source::WebIdentity { token, .. } => {
                let token = read(token, profiles::WEB_IDENTITY_TOKEN_PROCESS, &plan.source)?;
                self.session()?.take_with_token(role, arn, &name, &token)
            }
            other => return Err(Failure::usage(format!("{} is no proof", other.spoken())).into()),
        };
        let taken = taken.map_err(|refusal| refusal.of_proof(arn, &plan.source))?;
        Ok(taken.into())
    }
}

/// The text of a proof.
///
/// # Errors
/// The file cannot be read, or the command fails; exit status 5.
fn read(proof: &Proof, key: &str, source: &Source) -> Result<Secret> {
    let text = match proof {
        Proof::Text(text) => return Ok(text.clone()),
        Proof::Command(command) => process::output(key, command, Kind::Source, None)?,
        Proof::File(path) => std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .with_context(|| {
                Failure::new(Kind::Source, format!("cannot read {}", source.spoken()))
            })?,
    };
    match text.trim() {
        "" => Err(Failure::new(Kind::Source, format!("{} is empty", source.spoken())).into()),
        text => Ok(Secret::new(text)),
    }
}
