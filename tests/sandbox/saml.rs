//! SAML 2.0: what the metadata of an identity provider says, and what a response of it says once its signature was
//! found to be right. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>

use std::collections::BTreeMap;

use bergshamra_xml::{Document, NodeId, uppsala};
use jiff::Timestamp;

use super::xml_signature::{covers, decoded};

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What a provider says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub(crate) entity: String,
    /// DER, of the keys that it signs with.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) valid_until: Option<Timestamp>,
}

/// What the signed assertion of a response says.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    pub(crate) issuer: String,
    pub(crate) issued: Option<Timestamp>,
    pub(crate) subject: String,
    /// The format of the subject's name.
    pub(crate) format: String,
    pub(crate) recipient: String,
    /// Where the response says it goes; empty if it does not.
    pub(crate) destination: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) not_before: Option<Timestamp>,
    /// The first of the times from which on it is worth nothing.
    pub(crate) not_on_or_after: Option<Timestamp>,
    pub(crate) session_end: Option<Timestamp>,
    /// By their full names.
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
}

/// Why a response is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is no XML, or not that of a response with one assertion.
    Form,
    /// The provider itself says that it failed.
    Status,
    /// It is of another provider.
    Issuer,
    Signature,
}

impl Metadata {
    /// Reads an `EntityDescriptor`; nothing if it is not one of an identity provider with a certificate.
    pub(crate) fn read(xml: &str) -> Option<Metadata> {
        let document = parse(xml)?;
        let tree = Tree(&document);
        let root = document.document_element()?;
        let entity = document.get_attribute(root, "entityID")?.to_owned();
        let provider = tree.child(root, METADATA, "IDPSSODescriptor")?;
        let mut certificates = Vec::new();
        for key in document.child_elements_by_name_ns(provider, METADATA, "KeyDescriptor") {
            let signs = document
                .get_attribute(key, "use")
                .is_none_or(|one| one == "signing");
            let info = tree.child(key, DS, "KeyInfo").filter(|_| signs);
            for data in info.iter().flat_map(|info| tree.all(*info, DS, "X509Data")) {
                let texts = tree.all(data, DS, "X509Certificate");
                certificates.extend(texts.filter_map(|one| decoded(&tree.text(one))));
            }
        }
        let valid_until = tree.time(root, "validUntil");
        let found = Metadata {
            entity,
            certificates,
            valid_until,
        };
        Some(found).filter(|found| !found.certificates.is_empty())
    }
}

impl Assertion {
    /// Reads a response of this provider. Either the response or its one assertion has to be signed.
    pub(crate) fn read(xml: &str, provider: &Metadata) -> Result<Assertion, Fault> {
        let document = parse(xml).ok_or(Fault::Form)?;
        let tree = Tree(&document);
        let response = document.document_element().ok_or(Fault::Form)?;
        let named = document.element(response).ok_or(Fault::Form)?;
        if !named.matches_name_ns(PROTOCOL, "Response") {
            return Err(Fault::Form);
        }
        let status = tree.child(response, PROTOCOL, "Status");
        let code = status.and_then(|status| tree.child(status, PROTOCOL, "StatusCode"));
        if code.and_then(|code| document.get_attribute(code, "Value")) != Some(SUCCESS) {
            return Err(Fault::Status);
        }
        let assertions = document.get_elements_by_tag_name_ns(ASSERTION, "Assertion");
        let [assertion] = assertions[..] else {
            return Err(Fault::Form);
        };
        if document.parent(assertion) != Some(response) {
            return Err(Fault::Form);
        }
        let read = tree.assertion(response, assertion).ok_or(Fault::Form)?;
        if read.issuer != provider.entity {
            return Err(Fault::Issuer);
        }
        let signed = |element| covers(&document, element, &provider.certificates);
        if !signed(assertion) && !signed(response) {
            return Err(Fault::Signature);
        }
        Ok(read)
    }

    /// The values of one of AWS's attributes.
    pub(crate) fn values(&self, name: &str) -> &[String] {
        let name = format!("https://aws.amazon.com/SAML/Attributes/{name}");
        self.attributes.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// A document type could bring entities: <https://www.w3.org/TR/xmldsig-bestpractices/>.
fn parse(xml: &str) -> Option<Document<'_>> {
    let parser = uppsala::Parser::new().with_forbid_dtd(true);
    parser.parse(xml).ok()
}

/// A document, asked for what SAML asks.
struct Tree<'a>(&'a Document<'a>);

impl Tree<'_> {
    fn child(&self, parent: NodeId, namespace: &str, name: &str) -> Option<NodeId> {
        self.0
            .first_child_element_by_name_ns(parent, namespace, name)
    }

    fn all(
        &self,
        parent: NodeId,
        namespace: &str,
        name: &str,
    ) -> impl Iterator<Item = NodeId> + use<> {
        let found = self.0.child_elements_by_name_ns(parent, namespace, name);
        found.into_iter()
    }

    fn text(&self, element: NodeId) -> String {
        self.0.text_content_deep(element).trim().to_owned()
    }

    fn attribute(&self, element: NodeId, name: &str) -> String {
        let value = self.0.get_attribute(element, name);
        value.unwrap_or_default().to_owned()
    }

    fn time(&self, element: NodeId, name: &str) -> Option<Timestamp> {
        self.0.get_attribute(element, name)?.parse().ok()
    }

    fn assertion(&self, response: NodeId, assertion: NodeId) -> Option<Assertion> {
        let under = |parent, name| self.child(parent, ASSERTION, name);
        let subject = under(assertion, "Subject")?;
        let name = under(subject, "NameID")?;
        let confirmation = under(subject, "SubjectConfirmation")?;
        let confirmation = under(confirmation, "SubjectConfirmationData")?;
        let conditions = under(assertion, "Conditions")?;
        let ends = [conditions, confirmation].map(|one| self.time(one, "NotOnOrAfter"));
        let statement = under(assertion, "AuthnStatement");
        let restriction = under(conditions, "AudienceRestriction");
        let audiences = restriction.map(|one| self.all(one, ASSERTION, "Audience"));
        Some(Assertion {
            issuer: self.text(under(assertion, "Issuer")?),
            issued: self.time(assertion, "IssueInstant"),
            subject: self.text(name),
            format: self.attribute(name, "Format"),
            recipient: self.attribute(confirmation, "Recipient"),
            destination: self.attribute(response, "Destination"),
            audiences: audiences
                .into_iter()
                .flatten()
                .map(|one| self.text(one))
                .collect(),
            not_before: self.time(conditions, "NotBefore"),
            not_on_or_after: ends.into_iter().flatten().min(),
            session_end: statement.and_then(|one| self.time(one, "SessionNotOnOrAfter")),
            attributes: self.attributes(assertion),
        })
    }

    fn attributes(&self, assertion: NodeId) -> BTreeMap<String, Vec<String>> {
        let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for statement in self.all(assertion, ASSERTION, "AttributeStatement") {
            for attribute in self.all(statement, ASSERTION, "Attribute") {
                let values = self.all(attribute, ASSERTION, "AttributeValue");
                let values = values.map(|one| self.text(one));
                let name = self.attribute(attribute, "Name");
                attributes.entry(name).or_default().extend(values);
            }
        }
        attributes
    }
}
