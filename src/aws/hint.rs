//! What to try next, by the error code of a service or by where credentials came from; one line each.

use crate::aws::source::login_hint;
use crate::plan::Source;

/// What to do about an error code; nothing where it depends on the call.
pub(super) fn of_code(code: &str, message: &str) -> Option<String> {
    let hint = match code {
        "PackedPolicyTooLarge" => {
            "policies and tags share one space, packed by AWS: shorten --policy (policy), name fewer --policy-arn \
             (policy_arns), or send fewer or shorter --tag (session_tags); transitive tags of roles before count too"
        }
        "MalformedPolicyDocument" => {
            "the session policy is JSON, but not in IAM's grammar: it needs Version and Statement, each statement Effect, \
             Action and Resource, and none a Principal"
        }
        "InvalidParameterValue" if message.contains("calling session") => {
            "a transitive tag of a role before cannot be set again: leave it out of --tag (session_tags)"
        }
        "InvalidParameterValue" if message.contains("policy ARN") => {
            "a managed policy is AWS's own or in the account of the role: check --policy-arn (policy_arns)"
        }
        "InvalidParameterValue" | "InvalidInput" if message.to_lowercase().contains("tag") => {
            "check the keys and values of --tag (session_tags): 50 at most, whose keys differ in more than case"
        }
        _ if message.contains("Signature expired")
            || message.contains("Signature not yet current") =>
        {
            "check this machine's clock"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What to do when nobody answered.
pub(super) fn of_network(cause: &str) -> &'static str {
    if cause.contains("not valid for name") {
        "another server answers there: check the endpoint URL, the name service, and any proxy"
    } else if cause.contains("certificate expired") || cause.contains("not valid yet") {
        "check this machine's clock; if it is right, the server has to renew its certificate"
    } else if cause.contains("certificate") {
        "if the network inspects TLS, name its certificates with AWS_CA_BUNDLE"
    } else if cause.contains("InvalidContentType") {
        "what answers there speaks no TLS: check the endpoint URL (http:// or https://), and any proxy"
    } else {
        "check the network, the region, and any proxy (HTTPS_PROXY, NO_PROXY)"
    }
}

/// What to do when a proxy opened no way.
pub(super) fn of_proxy(cause: &str) -> &'static str {
    if cause.contains("authorization required") {
        "write it as http://USER:PASSWORD@HOST:PORT, with %40 for @, %3A for : and %2F for /"
    } else if cause.contains("unsuccessful") {
        "its rules must allow CONNECT to that host, and its user and password must be right; or name the host in NO_PROXY"
    } else {
        "check its address, or name the host in NO_PROXY"
    }
}

/// What to do about credentials that AWS does not take.
pub(super) fn of_source(source: &Source) -> String {
    match source {
        Source::Keys {
            profile,
            session_token: Some(_),
            ..
        } => {
            format!(
                "the session token of profile `{profile}` has probably expired: renew it, or remove aws_session_token"
            )
        }
        Source::Keys { profile, .. } => {
            format!("check the keys of profile `{profile}` (deleted, inactive or mistyped?)")
        }
        Source::Environment { .. } => {
            "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in this environment, or unset them to use a profile".to_owned()
        }
        other => login_hint(other).unwrap_or_else(|| format!("check {}", other.spoken())),
    }
}
