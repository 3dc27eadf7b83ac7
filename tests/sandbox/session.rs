//! What a session takes along: session tags and session policies, and the room that they take.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>

use std::collections::BTreeSet;

use super::policy::{Document, Tags};
use super::signature::Caller;
use super::wire::{Call, Refusal, constraint, refuse};
use super::world::World;

/// The session's tags (those sent, and those that come along from the caller's session) and which of them go further.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining>
pub(crate) fn session_tags(
    caller: &Caller,
    call: &Call,
    sent: &Tags,
) -> Result<(Tags, BTreeSet<String>), Refusal> {
    let mut transitive = BTreeSet::new();
    for key in call.members("TransitiveTagKeys", "") {
        if !sent.keys().any(|tag| tag.eq_ignore_ascii_case(key)) {
            let message =
                "The specified transitive tag key must be included in the requested tags.";
            return Err(refuse(400, "InvalidParameterValue", message));
        }
        transitive.insert(key.to_owned());
    }
    let mut tags = sent.clone();
    if let Some(session) = &caller.session {
        for key in &session.transitive {
            if sent.keys().any(|tag| tag.eq_ignore_ascii_case(key)) {
                let message = "One of the specified transitive tag keys can't be set because it conflicts with a \
                     transitive tag key from the calling session.";
                return Err(refuse(400, "InvalidParameterValue", message));
            }
            if let Some(value) = session.tags.get(key) {
                tags.insert(key.clone(), value.clone());
                transitive.insert(key.clone());
            }
        }
    }
    Ok((tags, transitive))
}

/// The session policies, and what share of the allotted space they take with the tags. AWS packs them in a way that it
/// does not tell; here 2048 characters are 100 %.
pub(crate) fn session_policies(
    world: &World,
    account: &str,
    call: &Call,
    tags: &Tags,
) -> Result<(Vec<Document>, Option<usize>), Refusal> {
    let arns = call.members("PolicyArns", "arn");
    let mut policies = managed_policies(world, account, &arns)?;
    let mut size: usize = arns.iter().map(|arn| arn.len()).sum();
    if let Some(document) = own_policy(call)? {
        size += document.text.chars().filter(|c| !c.is_whitespace()).count();
        policies.push(document);
    }
    size += tags
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum::<usize>();
    let percent = (size * 100).div_ceil(2048);
    if percent > 100 {
        let message = format!(
            "Packed policy consumes {percent}% of allotted space, please use smaller policy."
        );
        return Err(refuse(400, "PackedPolicyTooLarge", message));
    }
    Ok((policies, (size > 0).then_some(percent)))
}

/// The managed policies of these ARNs, ten at most.
fn managed_policies(world: &World, account: &str, arns: &[&str]) -> Result<Vec<Document>, Refusal> {
    if arns.len() > 10 {
        let wish = "have length less than or equal to 10";
        return Err(constraint("[…]", "policyArns", wish));
    }
    let found = |arn: &&str| {
        let missing = || {
            let message = format!("The policy ARN {arn} does not exist.");
            refuse(400, "InvalidParameterValue", message)
        };
        let policy = world.managed(account, arn).ok_or_else(missing)?;
        Ok(policy.document().clone())
    };
    arns.iter().map(found).collect()
}

/// The policy that was sent itself.
fn own_policy(call: &Call) -> Result<Option<Document>, Refusal> {
    let Some(policy) = call.get("Policy") else {
        return Ok(None);
    };
    if policy.len() > 2048 {
        let wish = "have length less than or equal to 2048";
        return Err(constraint(policy, "policy", wish));
    }
    let malformed = |message| refuse(400, "MalformedPolicyDocument", message);
    Document::identity(policy).map(Some).map_err(malformed)
}
