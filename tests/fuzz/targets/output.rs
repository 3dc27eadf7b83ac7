//! Credentials as documents: each is read back by its own reader as it was, or refused.

use std::collections::BTreeMap;

use crate::credentials::{Credentials, Secret};
use crate::env::{self, Env};
use crate::output::{Format, write};
use crate::plan::Plan;
use crate::process;
use crate::profiles::parse::{FileKind, all};
use crate::targets::{pieces, plan, text};
use crate::time::Timestamp;

const CONFIG: &str = "[profile p]\nregion = eu-central-1\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = s\n\
     [profile s]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n";

thread_local! {
    static PLAN: Plan = plan::of(CONFIG, "p");
}

pub(super) fn run(data: &[u8]) {
    let mut plan = PLAN.with(Plan::clone);
    let text = text(data);
    let [key, secret, token, target] = pieces(&text);
    plan.target = target.to_owned();
    let credentials = Credentials {
        access_key_id: key.to_owned(),
        secret_access_key: Secret::new(secret),
        session_token: Some(token)
            .filter(|token| !token.is_empty())
            .map(Secret::new),
        expires_at: Some(Timestamp::from_seconds(1_700_003_600)),
        account_id: None,
    };
    let written = |format| {
        let mut bytes = Vec::new();
        let done = write(format, &credentials, &plan, &Env::default(), &mut bytes);
        done.ok()
            .map(|()| String::from_utf8(bytes).expect("a text"))
    };
    check_process(
        &written(Format::Process).expect("any text fits JSON"),
        &credentials,
    );
    let variables = written(Format::Json).expect("any text fits JSON");
    let variables: BTreeMap<String, String> = serde_json::from_str(&variables).expect("variables");
    assert_eq!(variables[env::SECRET_ACCESS_KEY], secret);
    if let Some(text) = written(Format::Env) {
        check_dotenv(&text, &variables);
    }
    if let Some(text) = written(Format::Ini) {
        check_section(&text, &credentials);
    }
}

fn check_process(document: &str, credentials: &Credentials) {
    let now = Timestamp::from_seconds(1_700_000_000);
    match process::read("stsx", document, now) {
        Ok(read) => assert_eq!(read, *credentials),
        Err(_) => assert!(
            credentials.access_key_id.is_empty()
                || credentials.secret_access_key.expose().is_empty()
        ),
    }
}

/// One line for each variable that is not a mark.
fn check_dotenv(text: &str, variables: &BTreeMap<String, String>) {
    let read: BTreeMap<&str, String> = text
        .split_terminator('\n')
        .map(|line| {
            let (name, value) = line.split_once('=').expect("NAME=value");
            (name, unquoted(value).expect("a value of a dotenv file"))
        })
        .collect();
    let own = |name: &&String| !name.starts_with("STSX_");
    assert_eq!(read.len(), variables.keys().filter(own).count());
    for (name, value) in read {
        assert_eq!(value, variables[name], "{name}");
    }
}

fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return Some(value.to_owned());
    };
    let mut chars = inner.strip_suffix('"')?.chars();
    let mut text = String::new();
    while let Some(char) = chars.next() {
        text.push(match char {
            '\\' => match chars.next()? {
                'n' => '\n',
                other => other,
            },
            char => char,
        });
    }
    Some(text)
}

/// A section of ~/.aws/credentials, as every SDK reads it.
fn check_section(text: &str, credentials: &Credentials) {
    let sections = all(text, FileKind::Credentials).expect("a file in the grammar");
    // SDKs pass over a section whose name they do not know; the AWS CLI takes any.
    let Some(section) = sections.first() else {
        return;
    };
    assert_eq!(sections.len(), 1);
    let value = |key: &str| {
        let mut properties = section.properties.iter();
        Some(
            properties
                .find(|property| property.key == key)?
                .value
                .as_str(),
        )
    };
    assert_eq!(
        value("aws_access_key_id"),
        Some(credentials.access_key_id.as_str())
    );
    assert_eq!(
        value("aws_secret_access_key"),
        Some(credentials.secret_access_key.expose())
    );
    let token = credentials.session_token.as_ref();
    assert_eq!(value("aws_session_token"), token.map(Secret::expose));
}
