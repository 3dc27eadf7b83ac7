//! `DecodeAuthorizationMessage`: why another service refused, for those who may know. EC2 is one of the services that
//! send such messages; STS itself does not.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>

use super::super::decide;
use super::super::signature::Caller;
use super::super::wire::{Call, Refusal, Xml, refuse, text};
use super::super::world::World;
use super::role_session::sized;

/// The answer to `DecodeAuthorizationMessage`.
pub(super) fn decode(world: &World, caller: &Caller, call: &Call) -> Result<Xml, Refusal> {
    let encoded = sized(call, "EncodedMessage", (1, 10_240))?;
    let context = caller.context(world, call);
    let action = "sts:DecodeAuthorizationMessage";
    decide::require(world, caller, action, ("*", ""), &context)?;
    let code = "InvalidAuthorizationMessageException";
    let unknown = || refuse(400, code, "Message is not valid");
    let message = world.denials.get(encoded).ok_or_else(unknown)?;
    Ok(Xml::Tree(vec![("DecodedMessage", text(message))]))
}
