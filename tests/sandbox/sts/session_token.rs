//! `GetSessionToken`: temporary credentials of the caller themself, of use where MFA is asked for.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>

use super::super::signature::Caller;
use super::super::wire::{Call, Refusal, Xml, refuse};
use super::super::world::{Session, Who, World};
use super::code::Code;
use super::{blank, remember};

/// The answer to GetSessionToken.
pub(super) fn session_token(
    world: &mut World,
    caller: &Caller,
    call: &Call,
) -> Result<Xml, Refusal> {
    require_long_term(caller, "GetSessionToken")?;
    let seconds = seconds(caller, call)?;
    let code = Code::take(world, caller, call)?;
    // Policies have no say in this:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
    let session = Session {
        arn: caller.arn.clone(),
        user_id: caller.user_id.clone(),
        who: caller.who.clone(),
        mfa: code,
        ..blank(world, caller.account.clone(), seconds)
    };
    Ok(Xml::Tree(vec![("Credentials", remember(world, session))]))
}

/// Only keys that last may do this.
pub(super) fn require_long_term(caller: &Caller, operation: &str) -> Result<(), Refusal> {
    if caller.session.is_none() {
        return Ok(());
    }
    let message = format!("Cannot call {operation} with session credentials");
    Err(refuse(403, "AccessDenied", message))
}

/// How long the session is to last: twelve hours unless said. Root's last an hour at most, whatever was asked for.
pub(super) fn seconds(caller: &Caller, call: &Call) -> Result<i64, Refusal> {
    let asked = call.number("DurationSeconds", (900, 129_600))?;
    Ok(match caller.who {
        Who::Root => asked.unwrap_or(3600).min(3600),
        _ => asked.unwrap_or(43_200),
    })
}
