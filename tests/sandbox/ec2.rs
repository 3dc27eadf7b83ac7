//! EC2, as far as the tutorials look at it: an account without instances, in which none can be started either.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html>

use serde_json::{Value, json};

use super::conditions::Context;
use super::decide;
use super::signature::Caller;
use super::wire::{Answer, Call, Refusal, Xml, refuse, text};
use super::world::{BASE64, World, random};

/// The answer to an EC2 operation.
pub(crate) fn answer(
    world: &mut World,
    caller: &Caller,
    call: &Call,
    id: &str,
) -> Result<Answer, Refusal> {
    match call.operation.as_str() {
        "DescribeInstances" => describe(world, caller, call, id),
        "RunInstances" => run(world, caller, call),
        other => {
            let message = format!("The action {other} is not valid for this web service.");
            Err(refuse(400, "InvalidAction", message))
        }
    }
}

fn describe(world: &World, caller: &Caller, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let context = caller.context(world, call);
    decide::require(world, caller, "ec2:DescribeInstances", ("*", ""), &context)
        .map_err(|refusal| unauthorized(&refusal))?;
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

/// Whoever may not is told so with an encoded message; whoever may is told of a dry run or of a missing image.
fn run(world: &mut World, caller: &Caller, call: &Call) -> Result<Answer, Refusal> {
    let action = "ec2:RunInstances";
    let resource = format!(
        "arn:{}:ec2:{}:{}:instance/*",
        world.partition, call.region, caller.account
    );
    let mut context = caller.context(world, call);
    context.set("ec2:Region", &call.region);
    if let Some(kind) = call.get("InstanceType") {
        context.set("ec2:InstanceType", kind);
    }
    let allowed = decide::require(world, caller, action, (&resource, &resource), &context);
    if let Err(refusal) = allowed {
        let mut refusal = unauthorized(&refusal);
        let opinion = decide::opinion(world, caller, action, &resource, &context);
        let denial = denial(
            caller,
            (action, &resource),
            opinion.denied.is_some(),
            &context,
        );
        let encoded = random(200, BASE64).replace('/', "_").replace('+', "-");
        let more = format!(". Encoded authorization failure message: {encoded}");
        refusal.message.push_str(&more);
        world.denials.insert(encoded, denial.to_string());
        return Err(refusal);
    }
    if call.get("DryRun") == Some("true") {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(refuse(412, "DryRunOperation", message));
    }
    let image = call.get("ImageId").unwrap_or_default();
    let message = format!("The image id '[{image}]' does not exist");
    Err(refuse(400, "InvalidAMIID.NotFound", message))
}

fn unauthorized(refusal: &Refusal) -> Refusal {
    let message = format!(
        "You are not authorized to perform this operation. {}",
        refusal.message
    );
    refuse(403, "UnauthorizedOperation", message)
}

/// What the encoded message says: whether something denied it, who wanted what of what, in which circumstances.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
fn denial(
    caller: &Caller,
    (action, resource): (&str, &str),
    explicit: bool,
    context: &Context,
) -> Value {
    let conditions = context.all().map(|(key, values)| {
        let values: Vec<Value> = values.iter().map(|one| json!({"value": one})).collect();
        json!({"key": key, "values": {"items": values}})
    });
    json!({
        "allowed": false,
        "explicitDeny": explicit,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": caller.user_id, "arn": caller.arn},
            "action": action,
            "resource": resource,
            "conditions": {"items": conditions.collect::<Vec<Value>>()},
        },
    })
}
