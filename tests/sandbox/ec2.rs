//! EC2, as far as the tutorials look at it: an account without instances.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html>

use super::decide;
use super::signature::Caller;
use super::wire::{Answer, Call, Refusal, Xml, refuse, text};
use super::world::World;

/// The answer to an EC2 operation.
pub(crate) fn answer(
    world: &World,
    caller: &Caller,
    call: &Call,
    id: &str,
) -> Result<Answer, Refusal> {
    if call.operation != "DescribeInstances" {
        let message = format!(
            "The action {} is not valid for this web service.",
            call.operation
        );
        return Err(refuse(400, "InvalidAction", message));
    }
    let context = caller.context(world, call);
    decide::require(world, caller, "ec2:DescribeInstances", ("*", ""), &context).map_err(
        |refusal| {
            let message = format!(
                "You are not authorized to perform this operation. {}",
                refusal.message
            );
            refuse(403, "UnauthorizedOperation", message)
        },
    )?;
    let fields = Xml::Tree(vec![
        ("requestId", text(id)),
        ("reservationSet", Xml::Tree(Vec::new())),
    ]);
    let namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";
    Ok(Answer::plain(
        "DescribeInstancesResponse",
        namespace,
        &fields,
    ))
}
