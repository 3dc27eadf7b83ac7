//! The MFA code of a request: `SerialNumber` and `TokenCode`, taken once.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>

use jiff::Timestamp;

use super::super::conditions::Context;
use super::super::signature::Caller;
use super::super::wire::{Call, Refusal, constraint, refuse};
use super::super::world::{Who, World};

/// A device and what it showed.
pub(super) struct Code<'a> {
    serial: &'a str,
    digits: &'a str,
}

impl<'a> Code<'a> {
    /// Takes the code of the request, if there is one, and tells when. It is used up even if the request is then
    /// denied.
    pub(super) fn take(
        world: &mut World,
        caller: &Caller,
        call: &'a Call,
    ) -> Result<Option<Timestamp>, Refusal> {
        let Some(code) = Code::read(call)? else {
            return Ok(None);
        };
        let now = world.now();
        let unable = || {
            denied(
                ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
            )
        };
        let Who::User(user) = &caller.who else {
            return Err(unable());
        };
        let account = world.accounts.get_mut(&caller.account).ok_or_else(unable)?;
        let device = account.devices.get_mut(code.serial).ok_or_else(unable)?;
        if device.owner.as_ref().is_none_or(|(owner, _)| owner != user) {
            return Err(unable());
        }
        if !device.take(code.digits, now) {
            return Err(denied(" with invalid MFA one time pass code. "));
        }
        Ok(Some(now))
    }

    fn read(call: &'a Call) -> Result<Option<Code<'a>>, Refusal> {
        let serial = call.word("SerialNumber", (9, 256), "=/:,.@-+")?;
        match (serial, digits(call)?) {
            (None, None) => Ok(None),
            (Some(serial), Some(digits)) => Ok(Some(Code { serial, digits })),
            _ => Err(denied(
                ", must provide both MFA serial number and one time pass code.",
            )),
        }
    }
}

/// Adds to the circumstances that a code was just taken.
pub(super) fn present(context: &mut Context) {
    context.set("aws:MultiFactorAuthPresent", "true");
    context.set("aws:MultiFactorAuthAge", "0");
}

fn digits(call: &Call) -> Result<Option<&str>, Refusal> {
    let Some(code) = call.get("TokenCode") else {
        return Ok(None);
    };
    let wish = match code.len() {
        ..=5 => "have length greater than or equal to 6",
        7.. => "have length less than or equal to 6",
        _ if !code.chars().all(|c| c.is_ascii_digit()) => {
            "satisfy regular expression pattern: [\\d]*"
        }
        _ => return Ok(Some(code)),
    };
    Err(constraint(code, "tokenCode", wish))
}

fn denied(why: &str) -> Refusal {
    let message = format!("MultiFactorAuthentication failed{why}");
    refuse(403, "AccessDenied", message)
}
