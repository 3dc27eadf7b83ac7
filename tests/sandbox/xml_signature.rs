//! Enveloped XML signatures, as SAML has them: made and checked. The canonical form is left to `bergshamra-c14n`, keys
//! to `ring`, certificates to `rustls-webpki`. What is between them is written here because the crates that verify
//! whole signatures bring a second cryptography: `bergshamra` 170 crates, others C libraries.
//! <https://www.w3.org/TR/xmldsig-core1/>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::{C14nMode, canonicalize, canonicalize_doc};
use bergshamra_xml::{Document, NodeId, NodeSet};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, UnparsedPublicKey};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Was this very element signed with the key of one of the certificates? Its signature is a child of it and covers all
/// else of it.
pub(crate) fn covers(document: &Document, element: NodeId, certificates: &[Vec<u8>]) -> bool {
    check(document, element, certificates).unwrap_or(false)
}

fn check(document: &Document, element: NodeId, certificates: &[Vec<u8>]) -> Option<bool> {
    let signature = only(document, element, "Signature")?;
    let info = only(document, signature, "SignedInfo")?;
    let reference = only(document, info, "Reference")?;
    let id = document.get_attribute(element, "ID")?;
    if document.get_attribute(reference, "URI")? != format!("#{id}") {
        return Some(false);
    }
    let all = NodeSet::tree_without_comments(element, document);
    let covered = all.subtract(&NodeSet::tree_with_comments(signature, document));
    let method = method(document, reference, "DigestMethod")?;
    let bytes = transformed(document, reference, &covered)?;
    let digest = digest::digest(digest_of(method)?, &bytes);
    if bytes_of(document, reference, "DigestValue")? != digest.as_ref() {
        return Some(false);
    }
    let mode = only(document, info, "CanonicalizationMethod")?;
    let said = NodeSet::tree_without_comments(info, document);
    let said = canonical(document, mode, &said)?;
    let value = bytes_of(document, signature, "SignatureValue")?;
    let method = self::method(document, info, "SignatureMethod")?;
    Some(
        certificates
            .iter()
            .any(|one| verifies(one, method, &said, &value).unwrap_or(false)),
    )
}

/// The bytes that a reference's transforms make of the nodes.
fn transformed(document: &Document, reference: NodeId, nodes: &NodeSet) -> Option<Vec<u8>> {
    let transforms = only(document, reference, "Transforms")?;
    let mut form = None;
    for transform in document.child_elements_by_name_ns(transforms, DS, "Transform") {
        match document.get_attribute(transform, "Algorithm")? {
            // The signature itself was already left out.
            ENVELOPED => {}
            _ => form = Some(transform),
        }
    }
    canonical(document, form?, nodes)
}

fn canonical(document: &Document, method: NodeId, nodes: &NodeSet) -> Option<Vec<u8>> {
    let mode = C14nMode::from_uri(document.get_attribute(method, "Algorithm")?)?;
    let list = document.first_child_element_by_name_ns(method, EXCLUSIVE, "InclusiveNamespaces");
    let prefixes = list.and_then(|list| document.get_attribute(list, "PrefixList"));
    let prefixes: Vec<&str> = prefixes.unwrap_or_default().split_whitespace().collect();
    canonicalize_doc(document, mode, Some(nodes), &prefixes).ok()
}

/// Nothing with SHA-1: its collisions can be bought.
fn digest_of(uri: &str) -> Option<&'static digest::Algorithm> {
    match uri {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Some(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(&digest::SHA512),
        _ => None,
    }
}

fn verifies(certificate: &[u8], method: &str, message: &[u8], value: &[u8]) -> Option<bool> {
    let certificate = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&certificate).ok()?;
    let algorithm = match method.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#")? {
        "rsa-sha256" => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        "rsa-sha384" => webpki::ring::RSA_PKCS1_2048_8192_SHA384,
        "rsa-sha512" => webpki::ring::RSA_PKCS1_2048_8192_SHA512,
        "ecdsa-sha256" => {
            // Not in DER, as webpki would have it. A P-256 key is the certificate's last 65 bytes of key information.
            let key = certificate.subject_public_key_info();
            let point = key.get(key.len().checked_sub(65)?..)?;
            let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
            return Some(key.verify(message, value).is_ok());
        }
        _ => return None,
    };
    let verified = certificate.verify_signature(algorithm, message, value);
    Some(verified.is_ok())
}

/// A signature of the element that `xml` is, whose `ID` this is, to be put into it. The key is PKCS #8, P-256.
pub(crate) fn sign(xml: &str, id: &str, key: &[u8]) -> String {
    let form = |xml: &str| {
        canonicalize::<&str>(xml, C14nMode::Exclusive, None, &[]).expect("written here")
    };
    let digest = STANDARD.encode(digest::digest(&digest::SHA256, &form(xml)));
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"/>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let (algorithm, random) = (
        &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        SystemRandom::new(),
    );
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, key, &random).expect("a key for P-256");
    let value = pair.sign(&random, &form(&info)).expect("random numbers");
    let value = STANDARD.encode(value);
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    )
}

/// The one child of this name; nothing if there are two.
fn only(document: &Document, parent: NodeId, name: &str) -> Option<NodeId> {
    match document.child_elements_by_name_ns(parent, DS, name)[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn method<'a>(document: &'a Document, parent: NodeId, name: &str) -> Option<&'a str> {
    document.get_attribute(only(document, parent, name)?, "Algorithm")
}

fn bytes_of(document: &Document, parent: NodeId, name: &str) -> Option<Vec<u8>> {
    decoded(&document.text_content_deep(only(document, parent, name)?))
}

/// Base64, wrapped or not.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).ok()
}
