//! Session policies: what a session may do at most.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>

use std::path::Path;

use serde_json::Value;

/// Characters that STS takes at most: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const MAX_POLICY: usize = 2048;

/// A session policy, given as JSON or as the name of a file that holds it; without the white space
/// that would count against its size.
///
/// # Errors
/// The file cannot be read, or it is no JSON object (with line and column), or too long.
pub(crate) fn session_policy(text: &str) -> Result<String, String> {
    if text.trim_start().starts_with(['{', '[', '"']) {
        return compact(text, "the policy");
    }
    let path = crate::profiles::expanded(text);
    let content = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read the policy in {}: {error}", path.display()))?;
    compact(&content, &place(&path))
}

fn place(path: &Path) -> String {
    format!("the policy in {}", path.display())
}

fn compact(text: &str, place: &str) -> Result<String, String> {
    // AWS counts a byte order mark as a character that is no JSON.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str::<Value>(text) {
        Ok(value @ Value::Object(_)) => {
            let policy = value.to_string();
            match policy.chars().count() {
                0..=MAX_POLICY => Ok(policy),
                count => Err(format!(
                    "{place} has {count} characters without white space, and STS takes {MAX_POLICY}: put it into a managed policy (--policy-arn, policy_arns)"
                )),
            }
        }
        Ok(_) => Err(format!("{place} is not a JSON object")),
        Err(error) => Err(format!("{place} is not JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_json_objects() {
        assert_eq!(
            session_policy("{ \"Version\": \"2012-10-17\",\n \"Statement\": [] }").unwrap(),
            r#"{"Statement":[],"Version":"2012-10-17"}"#
        );
        let long = |count: usize| format!("{{ \"Version\": \"{}\" }}", "x".repeat(count - 14));
        assert_eq!(session_policy(&long(2048)).unwrap().len(), 2048);
        assert!(
            session_policy(&long(2049))
                .unwrap_err()
                .starts_with("the policy has 2049 characters")
        );
        for (text, reason) in [
            (
                "{\"a\":\n 1,}",
                "the policy is not JSON: trailing comma at line 2 column 4",
            ),
            ("[]", "the policy is not a JSON object"),
            ("/no/such", "cannot read the policy in /no/such: "),
        ] {
            let error = session_policy(text).unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }
}
