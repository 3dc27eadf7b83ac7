//! Condition blocks of policies, by the operators, set operators and variables of
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.
//! A context maps keys, in lower case, to the values that the request has for them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::Value;

use super::pattern::Pattern;
use super::policy::texts;

/// The circumstances of one request. A key without values counts as absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

/// One operator on one key.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    set: Set,
    operator: Operator,
    negated: bool,
    if_exists: bool,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    No,
    Any,
    All,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Text { wild: bool, fold: bool },
    Arn,
    Bool,
    Number(Order),
    Date(Order),
    Address,
    Null,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Context {
    /// Sets a key to one value.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.set_all(key, [value.into()]);
    }

    /// Sets a key to these values.
    pub(crate) fn set_all(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().collect();
        if !values.is_empty() {
            self.0.insert(key.to_ascii_lowercase(), values);
        }
    }

    /// All keys and their values.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.0.iter()
    }

    /// The values of a key, if it has any.
    pub(crate) fn values(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }
}

impl Condition {
    /// Reads a condition block. The error is the message of `MalformedPolicyDocument`.
    pub(crate) fn read(block: Option<&Value>) -> Result<Vec<Condition>, String> {
        let syntax = || "Syntax errors in policy.".to_owned();
        let mut conditions = Vec::new();
        let Some(block) = block else {
            return Ok(conditions);
        };
        for (name, keys) in block.as_object().ok_or_else(syntax)? {
            for (key, values) in keys.as_object().ok_or_else(syntax)? {
                if !key.contains(':') {
                    return Err(
                        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                            .to_owned(),
                    );
                }
                conditions.push(Condition::one(name, key, texts(values)?)?);
            }
        }
        Ok(conditions)
    }

    fn one(name: &str, key: &str, values: Vec<String>) -> Result<Condition, String> {
        let (set, rest) = match name.split_once(':') {
            Some(("ForAnyValue", rest)) => (Set::Any, rest),
            Some(("ForAllValues", rest)) => (Set::All, rest),
            _ => (Set::No, name),
        };
        let (if_exists, base) = match rest.strip_suffix("IfExists") {
            Some(base) => (true, base),
            None => (false, rest),
        };
        let (operator, negated) =
            operator(base).ok_or_else(|| format!("Invalid Condition type : {name}."))?;
        Ok(Condition {
            set,
            operator,
            negated,
            if_exists,
            key: key.to_owned(),
            values,
        })
    }

    /// Is the condition true of these circumstances?
    pub(crate) fn holds(&self, context: &Context, variables: bool) -> bool {
        let present = context.values(&self.key);
        if let Operator::Null = self.operator {
            let absent = present.is_none().to_string();
            return self.values.contains(&absent);
        }
        let Some(present) = present else {
            return self.if_exists
                || match self.set {
                    Set::No => self.negated,
                    Set::Any => false,
                    Set::All => true,
                };
        };
        let variables = variables.then_some(context);
        let agrees = |actual: &String| {
            let matched = self
                .values
                .iter()
                .any(|wanted| compare(self.operator, actual, wanted, variables));
            matched != self.negated
        };
        match (self.set, self.negated) {
            (Set::All, _) | (Set::No, true) => present.iter().all(agrees),
            (Set::Any, _) | (Set::No, false) => present.iter().any(agrees),
        }
    }
}

fn operator(name: &str) -> Option<(Operator, bool)> {
    let text = |wild, fold| Operator::Text { wild, fold };
    Some(match name {
        "StringEquals" | "BinaryEquals" => (text(false, false), false),
        "StringNotEquals" => (text(false, false), true),
        "StringEqualsIgnoreCase" => (text(false, true), false),
        "StringNotEqualsIgnoreCase" => (text(false, true), true),
        "StringLike" => (text(true, false), false),
        "StringNotLike" => (text(true, false), true),
        "ArnEquals" | "ArnLike" => (Operator::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Operator::Arn, true),
        "Bool" => (Operator::Bool, false),
        "NumericEquals" => (Operator::Number(Order::Equal), false),
        "NumericNotEquals" => (Operator::Number(Order::Equal), true),
        "NumericLessThan" => (Operator::Number(Order::Less), false),
        "NumericLessThanEquals" => (Operator::Number(Order::LessOrEqual), false),
        "NumericGreaterThan" => (Operator::Number(Order::More), false),
        "NumericGreaterThanEquals" => (Operator::Number(Order::MoreOrEqual), false),
        "DateEquals" => (Operator::Date(Order::Equal), false),
        "DateNotEquals" => (Operator::Date(Order::Equal), true),
        "DateLessThan" => (Operator::Date(Order::Less), false),
        "DateLessThanEquals" => (Operator::Date(Order::LessOrEqual), false),
        "DateGreaterThan" => (Operator::Date(Order::More), false),
        "DateGreaterThanEquals" => (Operator::Date(Order::MoreOrEqual), false),
        "IpAddress" => (Operator::Address, false),
        "NotIpAddress" => (Operator::Address, true),
        "Null" => (Operator::Null, false),
        _ => return None,
    })
}

fn compare(operator: Operator, actual: &str, wanted: &str, variables: Option<&Context>) -> bool {
    let pattern = || Pattern::read(wanted, variables);
    match operator {
        Operator::Text { wild: true, .. } => pattern().is_some_and(|one| one.matches(actual)),
        Operator::Text { fold, .. } => pattern().is_some_and(|one| {
            let wanted = one.text();
            if fold {
                wanted.eq_ignore_ascii_case(actual)
            } else {
                wanted == actual
            }
        }),
        Operator::Arn => {
            let parts =
                |arn: &str| -> Vec<String> { arn.splitn(6, ':').map(str::to_owned).collect() };
            let (actual, wanted) = (parts(actual), parts(wanted));
            actual.len() == wanted.len()
                && actual.iter().zip(&wanted).all(|(actual, wanted)| {
                    Pattern::read(wanted, variables).is_some_and(|one| one.matches(actual))
                })
        }
        Operator::Bool => wanted.eq_ignore_ascii_case(actual),
        Operator::Number(order) => match (actual.parse::<f64>(), wanted.parse::<f64>()) {
            (Ok(actual), Ok(wanted)) => order.holds(actual.partial_cmp(&wanted)),
            _ => false,
        },
        Operator::Date(order) => match (date(actual), date(wanted)) {
            (Some(actual), Some(wanted)) => order.holds(Some(actual.cmp(&wanted))),
            _ => false,
        },
        Operator::Address => within(actual, wanted).unwrap_or(false),
        Operator::Null => false,
    }
}

impl Order {
    fn holds(self, order: Option<std::cmp::Ordering>) -> bool {
        let Some(order) = order else {
            return false;
        };
        match self {
            Order::Equal => order.is_eq(),
            Order::Less => order.is_lt(),
            Order::LessOrEqual => order.is_le(),
            Order::More => order.is_gt(),
            Order::MoreOrEqual => order.is_ge(),
        }
    }
}

/// ISO 8601 (with or without a time) or seconds since 1970.
fn date(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_second(seconds).ok();
    }
    if text.len() == 10 {
        return format!("{text}T00:00:00Z").parse().ok();
    }
    text.parse().ok()
}

/// Is the address in the network `10.0.0.0/8`, or the same address?
fn within(address: &str, network: &str) -> Option<bool> {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, Some(length.parse::<u32>().ok()?)),
        None => (network, None),
    };
    let (bits, base, size) = match (address.parse().ok()?, base.parse().ok()?) {
        (IpAddr::V4(one), IpAddr::V4(two)) => {
            (u128::from(u32::from(one)), u128::from(u32::from(two)), 32)
        }
        (IpAddr::V6(one), IpAddr::V6(two)) => (u128::from(one), u128::from(two), 128),
        _ => return Some(false),
    };
    let host = size - length.unwrap_or(size).min(size);
    Some(bits.checked_shr(host).unwrap_or(0) == base.checked_shr(host).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &[(&str, bool)] = &[
        (
            r#"{"StringEquals":{"AWS:UserName":["Mary","James"]}}"#,
            true,
        ),
        (r#"{"StringEquals":{"aws:username":"J*"}}"#, false),
        (r#"{"StringLike":{"aws:username":"J*s"}}"#, true),
        (r#"{"StringNotLike":{"aws:username":["M*","J*"]}}"#, false),
        (
            r#"{"StringEqualsIgnoreCase":{"aws:username":"JAMES"}}"#,
            true,
        ),
        (
            r#"{"StringEquals":{"aws:username":"${aws:username}"}}"#,
            true,
        ),
        (
            r#"{"StringEquals":{"aws:username":"${aws:absent}"}}"#,
            false,
        ),
        (
            r#"{"StringEquals":{"aws:username":"${aws:absent, 'James'}"}}"#,
            true,
        ),
        (r#"{"StringEquals":{"sts:ExternalId":"1"}}"#, false),
        (r#"{"StringNotEquals":{"sts:ExternalId":"1"}}"#, true),
        (r#"{"StringEqualsIfExists":{"sts:ExternalId":"1"}}"#, true),
        (r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#, false),
        (
            r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":true}}"#,
            true,
        ),
        (
            r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}"#,
            true,
        ),
        (
            r#"{"NumericGreaterThanEquals":{"aws:MultiFactorAuthAge":60}}"#,
            false,
        ),
        (
            r#"{"DateLessThan":{"aws:CurrentTime":"2026-02-28"}}"#,
            false,
        ),
        (
            r#"{"DateGreaterThan":{"aws:CurrentTime":"2026-02-28T23:59:59Z"}}"#,
            true,
        ),
        (
            r#"{"IpAddress":{"aws:SourceIp":["192.168.0.0/16","10.0.0.0/8"]}}"#,
            true,
        ),
        (r#"{"NotIpAddress":{"aws:SourceIp":"10.1.2.3"}}"#, false),
        (
            r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/team/*"}}"#,
            true,
        ),
        (
            r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}}"#,
            true,
        ),
        (r#"{"Null":{"aws:TokenIssueTime":"true"}}"#, true),
        (r#"{"Null":{"aws:username":true}}"#, false),
        (
            r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#,
            false,
        ),
        (
            r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}}"#,
            true,
        ),
        (
            r#"{"ForAllValues:StringLike":{"aws:TagKeys":["t*","c*"]}}"#,
            true,
        ),
        (
            r#"{"ForAllValues:StringEquals":{"sts:TransitiveTagKeys":["x"]}}"#,
            true,
        ),
        (
            r#"{"ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":["x"]}}"#,
            false,
        ),
    ];

    #[test]
    fn conditions_are_judged_as_aws_documents_them() {
        let mut context = Context::default();
        context.set("aws:username", "James");
        context.set("aws:SourceIp", "10.1.2.3");
        context.set("aws:MultiFactorAuthAge", "59");
        context.set("aws:CurrentTime", "2026-03-01T00:00:00Z");
        context.set("aws:PrincipalArn", "arn:aws:iam::111122223333:role/team/x");
        context.set_all("aws:TagKeys", ["team".to_owned(), "cost".to_owned()]);
        for (condition, holds) in ROWS {
            let block = serde_json::from_str(condition).expect("the table is JSON");
            let read = Condition::read(Some(&block)).expect("the table is valid");
            assert_eq!(
                read.iter().all(|one| one.holds(&context, true)),
                *holds,
                "{condition}"
            );
        }
    }

    #[test]
    fn unknown_operators_are_refused() {
        let block = serde_json::json!({"StringSounds": {"aws:username": "x"}});
        let error = Condition::read(Some(&block)).expect_err("no such operator");
        assert_eq!(error, "Invalid Condition type : StringSounds.");
    }
}
