//! Who may assume a role, in few words, by its trust policy.
//!
//! Only what Allow statements say counts: denials, and the caller's own policies, are left to AWS.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// So many principals are spoken of.
const MOST: usize = 4;

/// Whom a trust policy lets in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trust(Vec<Principal>);

#[derive(Debug, PartialEq, Eq)]
struct Principal {
    /// `AWS`, `Service`, `Federated`, as the policy calls it.
    kind: String,
    name: String,
    /// What else is asked for.
    terms: Vec<&'static str>,
}

impl Trust {
    /// Reads a trust policy as IAM sends it, percent-encoded. Nothing: it is no policy.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = percent_decode_str(text).decode_utf8().ok()?;
        let policy: Value = serde_json::from_str(&text).ok()?;
        let mut all: Vec<Principal> = Vec::new();
        for statement in several(policy.get("Statement")?) {
            if statement.get("Effect")?.as_str()? != "Allow" || !opens(statement) {
                continue;
            }
            let terms = terms(statement);
            for (kind, name) in principals(statement) {
                let terms = terms.clone();
                let principal = Principal { kind, name, terms };
                if !all.contains(&principal) {
                    all.push(principal);
                }
            }
        }
        Some(Self(all))
    }

    /// Whether nobody but services of AWS is let in.
    pub(super) fn is_for_services(&self) -> bool {
        let is_service = |one: &Principal| one.kind == "Service";
        !self.0.is_empty() && self.0.iter().all(is_service)
    }

    /// For people; those of another account than `home` are told with theirs.
    pub(super) fn spoken(&self, home: &str) -> String {
        let spoken = self.0.iter().take(MOST).map(|one| one.spoken(home));
        let mut words: Vec<String> = spoken.collect();
        if self.0.len() > MOST {
            words.push(format!("{} more", self.0.len() - MOST));
        }
        if words.is_empty() {
            return "nobody".to_owned();
        }
        words.join(", ")
    }

    /// For programs, as the policy has them.
    pub(super) fn principals(&self) -> BTreeSet<&str> {
        self.0.iter().map(|one| one.name.as_str()).collect()
    }
}

impl Principal {
    fn spoken(&self, home: &str) -> String {
        let who = match self.kind.as_str() {
            "AWS" => of_aws(&self.name, home),
            "Federated" => provider(&self.name),
            _ => self.name.clone(),
        };
        if self.terms.is_empty() {
            who
        } else {
            format!("{who} ({})", self.terms.join(", "))
        }
    }
}

/// An account, a user, a role, a session; the id of one that was deleted stays as it is.
fn of_aws(name: &str, home: &str) -> String {
    if name == "*" {
        return "anyone".to_owned();
    }
    if name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("anyone of {name}");
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let &["arn", _, _, _, account, resource] = &parts[..] else {
        return name.to_owned();
    };
    let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
    let last = rest.rsplit('/').next().unwrap_or(rest);
    let who = match kind {
        "root" => return format!("anyone of {account}"),
        "user" | "role" => format!("{kind} {last}"),
        "federated-user" => format!("federated user {last}"),
        "assumed-role" => match rest.split_once('/') {
            Some((role, session)) => format!("role {role} as {session}"),
            None => return name.to_owned(),
        },
        _ => return name.to_owned(),
    };
    if account == home {
        who
    } else {
        format!("{who} of {account}")
    }
}

/// An identity provider: in IAM by its ARN, or one that AWS knows by itself.
fn provider(name: &str) -> String {
    if let Some((_, saml)) = name.split_once(":saml-provider/") {
        return format!("SAML {saml}");
    }
    let host = name.split_once(":oidc-provider/");
    format!("OIDC {}", host.map_or(name, |(_, host)| host))
}

/// Whether a statement is about becoming the role, not only about what comes along.
fn opens(statement: &Value) -> bool {
    let Some(actions) = statement.get("Action") else {
        return statement.get("NotAction").is_some();
    };
    several(actions).iter().any(|action| {
        let action = action.as_str().unwrap_or_default().to_lowercase();
        let (start, is_pattern) = match action.split_once('*') {
            Some((start, _)) => (start, true),
            None => (action.as_str(), false),
        };
        start.starts_with("sts:assumerole") || is_pattern && "sts:assumerole".starts_with(start)
    })
}

fn principals(statement: &Value) -> Vec<(String, String)> {
    let aws = |name: &str| vec![("AWS".to_owned(), name.to_owned())];
    match statement.get("Principal") {
        Some(Value::String(name)) => aws(name),
        Some(Value::Object(kinds)) => kinds
            .iter()
            .flat_map(|(kind, names)| {
                let names = several(names).iter().filter_map(Value::as_str);
                names.map(move |name| (kind.clone(), name.to_owned()))
            })
            .collect(),
        // Everybody but those that it names.
        _ if statement.get("NotPrincipal").is_some() => aws("*"),
        _ => Vec::new(),
    }
}

/// What a statement asks for. (The audience of a token or an assertion always is, and says nothing.)
fn terms(statement: &Value) -> Vec<&'static str> {
    let operators = statement.get("Condition").and_then(Value::as_object);
    let mut terms = Vec::new();
    let keys = operators
        .into_iter()
        .flat_map(|operators| operators.values())
        .filter_map(Value::as_object)
        .flat_map(|keys| keys.keys());
    for key in keys.map(|key| key.to_lowercase()) {
        let term = match key.as_str() {
            "sts:externalid" => "external id",
            key if key.starts_with("aws:multifactorauth") => "MFA",
            key if key.ends_with(":aud") => continue,
            _ => "conditions",
        };
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// One, or a list of them.
fn several(value: &Value) -> &[Value] {
    match value {
        Value::Array(all) => all,
        one => std::slice::from_ref(one),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOME: &str = "111122223333";

    fn trust(statements: &Value) -> Trust {
        let policy = json!({"Version": "2012-10-17", "Statement": statements});
        Trust::read(&policy.to_string()).expect("it is a policy")
    }

    fn allow(principal: &Value) -> Value {
        json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})
    }

    #[test]
    fn principals_in_few_words() {
        for (principal, words) in [
            (json!("*"), "anyone"),
            (json!({"AWS": "*"}), "anyone"),
            (json!({"AWS": "444455556666"}), "anyone of 444455556666"),
            (
                json!({"AWS": "arn:aws:iam::111122223333:root"}),
                "anyone of 111122223333",
            ),
            (
                json!({"AWS": ["arn:aws:iam::111122223333:user/team/James", "arn:aws-cn:iam::444455556666:role/hub"]}),
                "user James, role hub of 444455556666",
            ),
            (
                json!({"AWS": "arn:aws:sts::111122223333:assumed-role/hub/jim"}),
                "role hub as jim",
            ),
            (
                json!({"AWS": "arn:aws:sts::111122223333:federated-user/guest"}),
                "federated user guest",
            ),
            (json!({"AWS": "AIDAX"}), "AIDAX"),
            (
                json!({"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}),
                "SAML corp",
            ),
            (
                json!({"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com/x"}),
                "OIDC idp.example.com/x",
            ),
            (
                json!({"Federated": "accounts.google.com"}),
                "OIDC accounts.google.com",
            ),
            (json!({"Service": "ec2.amazonaws.com"}), "ec2.amazonaws.com"),
            (
                json!({"AWS": ["1", "2", "3", "4", "5", "6"]}),
                "1, 2, 3, 4, 2 more",
            ),
        ] {
            assert_eq!(trust(&allow(&principal)).spoken(HOME), words, "{principal}");
        }
    }

    #[test]
    fn statements_that_let_somebody_in() {
        let james = "arn:aws:iam::111122223333:user/James";
        let of = |action: &str| json!({"Effect": "Allow", "Action": [action], "Principal": {"AWS": james}});
        for (action, lets_in) in [
            ("sts:AssumeRole", true),
            ("sts:AssumeRoleWithWebIdentity", true),
            ("sts:*", true),
            ("*", true),
            ("sts:assume*", true),
            ("sts:TagSession", false),
            ("sts:Tag*", false),
            ("s3:*", false),
        ] {
            let words = if lets_in { "user James" } else { "nobody" };
            assert_eq!(trust(&json!([of(action)])).spoken(HOME), words, "{action}");
        }
        let denied = json!({"Effect": "Deny", "Action": "*", "Principal": "*"});
        assert_eq!(trust(&denied).spoken(HOME), "nobody");
        let but = json!({"Effect": "Allow", "NotAction": "s3:*", "NotPrincipal": {"AWS": james}});
        assert_eq!(trust(&but).spoken(HOME), "anyone");
        // Said twice, told once.
        let twice = json!([of("sts:AssumeRole"), of("sts:*")]);
        assert_eq!(trust(&twice).spoken(HOME), "user James");
    }

    #[test]
    fn what_else_is_asked_for() {
        let mut statement = allow(&json!({"AWS": "444455556666"}));
        for (condition, words) in [
            (
                json!({"StringEquals": {"sts:ExternalId": "42"}}),
                " (external id)",
            ),
            (
                json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": 60}}),
                " (MFA)",
            ),
            (
                json!({"StringLike": {"aws:PrincipalOrgID": "o-1", "aws:SourceIp": "10.0.0.0/8"}}),
                " (conditions)",
            ),
            (json!({"StringEquals": {"SAML:aud": "x"}}), ""),
            (json!({}), ""),
        ] {
            statement["Condition"] = condition;
            let expected = format!("anyone of 444455556666{words}");
            assert_eq!(trust(&statement).spoken(HOME), expected);
        }
    }

    #[test]
    fn services_are_told_apart_and_nonsense_is_none() {
        let service = allow(&json!({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}));
        assert!(trust(&service).is_for_services());
        let both = json!([service, allow(&json!({"AWS": "444455556666"}))]);
        assert!(!trust(&both).is_for_services());
        assert_eq!(
            trust(&both).principals(),
            BTreeSet::from(["444455556666", "ec2.amazonaws.com", "lambda.amazonaws.com"])
        );
        assert!(!trust(&json!([])).is_for_services());
        let encoded = "%7B%22Statement%22%3A%5B%5D%7D";
        assert_eq!(Trust::read(encoded), Some(Trust(Vec::new())));
        for nonsense in [
            "",
            "{",
            "[]",
            "%FF",
            "{\"Statement\":[{}]}",
            "{\"Statement\":1}",
        ] {
            assert_eq!(Trust::read(nonsense), None, "{nonsense}");
        }
    }
}
