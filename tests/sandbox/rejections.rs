//! How each service says that it does not know who calls.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>,
//! <https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html>

use jiff::{SignedDuration, Timestamp};

use super::wire::{Call, Refusal, refuse};

/// A request without a signature that can be read.
pub(crate) fn unsigned(call: &Call) -> Refusal {
    let sent = call.header("authorization").is_some();
    match call.service.as_str() {
        "s3" => refuse(403, "AccessDenied", "Access Denied"),
        "ec2" => auth_failure(),
        _ if sent => refuse(
            400,
            "IncompleteSignature",
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' \
             parameter. Authorization header requires 'SignedHeaders' parameter.",
        ),
        _ => refuse(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        ),
    }
}

/// A key that nobody has, or that is inactive.
pub(crate) fn unknown_key(service: &str) -> Refusal {
    match service {
        "s3" => refuse(
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        "ec2" => auth_failure(),
        _ => invalid_token(),
    }
}

/// What STS and IAM say to keys and tokens that they do not know.
pub(crate) fn invalid_token() -> Refusal {
    let message = "The security token included in the request is invalid.";
    refuse(403, "InvalidClientTokenId", message)
}

fn auth_failure() -> Refusal {
    let message = "AWS was not able to validate the provided access credentials";
    refuse(401, "AuthFailure", message)
}

/// A session token that is not the key's.
pub(crate) fn bad_token(service: &str) -> Refusal {
    match service {
        "s3" => refuse(
            400,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
        ),
        "ec2" => auth_failure(),
        _ => invalid_token(),
    }
}

/// A session that is over.
pub(crate) fn expired(service: &str) -> Refusal {
    match service {
        "s3" => refuse(400, "ExpiredToken", "The provided token has expired."),
        "ec2" => refuse(400, "RequestExpired", "Request has expired."),
        _ => refuse(
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
    }
}

/// A signature made with another secret, or of another request.
pub(crate) fn does_not_match(service: &str) -> Refusal {
    let how = if service == "s3" {
        "Check your key and signing method."
    } else {
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    };
    if service == "ec2" {
        return auth_failure();
    }
    let message = format!(
        "The request signature we calculated does not match the signature you provided. {how}"
    );
    refuse(403, "SignatureDoesNotMatch", message)
}

/// A signature whose time is too far from the service's.
pub(crate) fn stale(service: &str, time: Timestamp, now: Timestamp) -> Refusal {
    let stamp = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let limit = SignedDuration::from_mins(5);
    let (early, late) = (stamp(now - limit), stamp(now + limit));
    let (time_sent, time_now) = (stamp(time), stamp(now));
    match service {
        "s3" => refuse(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        "ec2" => refuse(400, "RequestExpired", "Request has expired."),
        _ if time < now => refuse(
            403,
            "SignatureDoesNotMatch",
            format!(
                "Signature expired: {time_sent} is now earlier than {early} ({time_now} - 5 min.)"
            ),
        ),
        _ => refuse(
            403,
            "SignatureDoesNotMatch",
            format!(
                "Signature not yet current: {time_sent} is still later than {late} ({time_now} + 5 min.)"
            ),
        ),
    }
}
