//! What the XML of a SAML response says.
//!
//! The reader takes no document type, so there are no entities to expand or to fetch, and so many nodes at most; its tree
//! is built and walked without recursion. Elements are known by their namespace, whatever prefix the provider writes.

use roxmltree::{Document, Error, Node, ParsingOptions};

use super::{Grant, Statement, shortened};
use crate::cli;
use crate::plan::{MAX_DURATION, MIN_DURATION, RoleArn};
use crate::time::Timestamp;

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>
pub(super) const ATTRIBUTES: &str = "https://aws.amazon.com/SAML/Attributes/";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// What 100,000 characters of base64 can sensibly hold.
const MOST_NODES: u32 = 20_000;
/// Some providers declare two with each value. The reader looks at all that are in force for each element that declares
/// one, so that thousands of them would take seconds.
const MOST_NAMESPACES: usize = 1_000;

/// Why a document gives no statement.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is no response; to be put after its name.
    Form(String),
    /// The provider's own words for what went wrong.
    Status(String),
}

/// Reads a response.
///
/// # Errors
/// It is none, or holds no assertion.
pub(super) fn statement(xml: &str) -> Result<Statement, Fault> {
    if xml.matches("xmlns").count() > MOST_NAMESPACES {
        return Err(Fault::Form(format!(
            "declares more than {MOST_NAMESPACES} namespaces"
        )));
    }
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(xml, options).map_err(|error| fault(&error))?;
    let root = document.root_element();
    let is_bare = root.has_tag_name((ASSERTION, "Assertion"));
    if !is_bare && !root.has_tag_name((PROTOCOL, "Response")) {
        let name = shortened(root.tag_name().name());
        return Err(Fault::Form(format!(
            "is XML, but not a SAML response: its root is `{name}`"
        )));
    }
    let destination = root.attribute("Destination").and_then(given);
    let assertion = if is_bare {
        Some(root)
    } else {
        child(root, (ASSERTION, "Assertion"))
    };
    if let Some(assertion) = assertion {
        return Ok(Statement {
            destination,
            ..of_assertion(assertion)
        });
    }
    if child(root, (ASSERTION, "EncryptedAssertion")).is_some() {
        return Ok(Statement {
            is_encrypted: true,
            issuer: text_of(child(root, (ASSERTION, "Issuer"))),
            destination,
            ..Statement::default()
        });
    }
    Err(without_assertion(root))
}

/// The reader's words may quote the document, which is a secret: only the place is told.
fn fault(error: &Error) -> Fault {
    let place = error.pos();
    Fault::Form(match error {
        Error::DtdDetected => {
            "has a document type (DTD), which no SAML response has, so it is refused".to_owned()
        }
        Error::NodesLimitReached => format!("has more than {MOST_NODES} parts"),
        Error::UnclosedRootNode => "is XML that was cut off".to_owned(),
        _ => format!(
            "is not well-formed XML: line {}, column {}",
            place.row, place.col
        ),
    })
}

fn without_assertion(response: Node<'_, '_>) -> Fault {
    let status = child(response, (PROTOCOL, "Status"));
    let code = status.and_then(|status| child(status, (PROTOCOL, "StatusCode")));
    let value = code
        .and_then(|code| code.attribute("Value"))
        .filter(|value| *value != SUCCESS);
    let Some(value) = value else {
        return Fault::Form("holds no assertion".to_owned());
    };
    let last = |value: &str| value.rsplit(':').next().unwrap_or(value).to_owned();
    let inner = code
        .and_then(|code| child(code, (PROTOCOL, "StatusCode")))
        .and_then(|code| code.attribute("Value"));
    let message = text_of(status.and_then(|status| child(status, (PROTOCOL, "StatusMessage"))));
    let words = [Some(last(value)), inner.map(last), message];
    let words: Vec<String> = words.into_iter().flatten().collect();
    Fault::Status(shortened(&words.join(", ")))
}

fn of_assertion(assertion: Node<'_, '_>) -> Statement {
    let subject = child(assertion, (ASSERTION, "Subject"));
    let confirmed = subject
        .and_then(|subject| child(subject, (ASSERTION, "SubjectConfirmation")))
        .and_then(|one| child(one, (ASSERTION, "SubjectConfirmationData")));
    let conditions = child(assertion, (ASSERTION, "Conditions"));
    let times = |name: &str| {
        let places = [conditions, confirmed].into_iter().flatten();
        places
            .filter_map(|place| time(place.attribute(name)?))
            .collect::<Vec<Timestamp>>()
    };
    let roles = values(assertion, "Role");
    let mut grants: Vec<Grant> = Vec::new();
    let mut malformed = 0;
    for value in &roles {
        match pair(value) {
            Some(grant) if grants.contains(&grant) => {}
            Some(grant) => grants.push(grant),
            None => malformed += 1,
        }
    }
    Statement {
        is_encrypted: false,
        issuer: text_of(child(assertion, (ASSERTION, "Issuer"))),
        grants,
        malformed,
        subject: text_of(subject.and_then(|subject| child(subject, (ASSERTION, "NameID")))),
        session_seconds: values(assertion, "SessionDuration")
            .first()
            .and_then(|text| text.parse::<u32>().ok())
            .map(|seconds| seconds.clamp(MIN_DURATION, MAX_DURATION)),
        not_before: times("NotBefore").into_iter().max(),
        not_on_or_after: times("NotOnOrAfter").into_iter().min(),
        recipient: confirmed
            .and_then(|one| one.attribute("Recipient"))
            .and_then(given),
        destination: None,
        audiences: conditions.map(audiences).unwrap_or_default(),
    }
}

fn audiences(conditions: Node<'_, '_>) -> Vec<String> {
    children(conditions, (ASSERTION, "AudienceRestriction"))
        .flat_map(|one| children(one, (ASSERTION, "Audience")))
        .filter_map(|one| text_of(Some(one)))
        .collect()
}

/// The values of one of AWS's attributes.
fn values(assertion: Node<'_, '_>, name: &str) -> Vec<String> {
    let is_it = |node: &Node<'_, '_>| {
        let full = node.attribute("Name").map(str::trim);
        full.and_then(|full| full.strip_prefix(ATTRIBUTES)) == Some(name)
    };
    children(assertion, (ASSERTION, "AttributeStatement"))
        .flat_map(|statement| children(statement, (ASSERTION, "Attribute")))
        .filter(is_it)
        .flat_map(|attribute| children(attribute, (ASSERTION, "AttributeValue")))
        .filter_map(|value| text_of(Some(value)))
        .collect()
}

/// `ROLE_ARN,PROVIDER_ARN`, in either order. A role's name may hold commas itself.
fn pair(value: &str) -> Option<Grant> {
    value.match_indices(',').find_map(|(comma, _)| {
        let (one, two) = (value[..comma].trim(), value[comma + 1..].trim());
        [(one, two), (two, one)]
            .into_iter()
            .find_map(|(role, provider)| {
                Some(Grant {
                    role: RoleArn::parse(role).ok()?,
                    provider: cli::saml_provider(provider).ok()?,
                })
            })
    })
}

/// SAML's times are UTC, and need not say so.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = || format!("{text}Z").parse().ok();
    text.parse().ok().or_else(utc)
}

fn children<'a, 'input>(
    parent: Node<'a, 'input>,
    name: (&'static str, &'static str),
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |node| node.has_tag_name(name))
}

fn child<'a, 'input>(
    parent: Node<'a, 'input>,
    name: (&'static str, &'static str),
) -> Option<Node<'a, 'input>> {
    children(parent, name).next()
}

/// All of an element's text: comments in between do not end it.
fn text_of(element: Option<Node<'_, '_>>) -> Option<String> {
    let parts = element?.descendants().filter(Node::is_text);
    let text: String = parts.filter_map(|part| part.text()).collect();
    given(&text)
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
