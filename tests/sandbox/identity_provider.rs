//! Identity providers of the tests' own: somebody out there whose tokens AWS is asked to believe.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use quick_xml::escape::escape;
use rcgen::{CertificateParams, DnType, KeyPair};
use serde_json::{Value, json};

use super::Sandbox;
use super::oidc::Issuer;
use super::world::{HEX, random};
use super::xml_signature::sign;

const ENTITY: &str = "https://idp.example.com/saml";
const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";

/// A SAML identity provider with a key (PKCS #8, P-256) and its certificate (DER).
#[derive(Clone, Debug)]
pub(crate) struct Idp {
    key: Vec<u8>,
    certificate: Vec<u8>,
}

impl Sandbox {
    /// Makes an OIDC provider in this account for an issuer (`https://idp.example.com/tenant`), which is from now on
    /// known to publish these keys (a JSON Web Key Set). Returns the provider's ARN.
    pub(crate) fn oidc(
        &self,
        account: &str,
        issuer: &str,
        audiences: &[&str],
        jwks: &str,
    ) -> String {
        let keys = Issuer::publishing(jwks).expect("a JSON Web Key Set");
        self.lock().issuers.insert(issuer.to_owned(), keys);
        self.trust_issuer(account, issuer, audiences)
    }

    /// A signed token of an issuer that the sandbox plays itself, trusted by this account as of now. What the claims
    /// leave out is filled in: `iss`, `aud` (`stsx`), `sub` (`James`), `iat` (now), `exp` (in an hour); `null` leaves a
    /// claim away.
    pub(crate) fn web_token(&self, account: &str, issuer: &str, claims: &Value) -> String {
        let now = self.clock().now().as_second();
        let mut all = json!({
            "iss": issuer, "aud": "stsx", "sub": "James", "iat": now, "exp": now + 3600,
        });
        let filled = all.as_object_mut().expect("just made");
        for (claim, value) in claims.as_object().expect("claims are an object") {
            filled.insert(claim.clone(), value.clone());
        }
        filled.retain(|_, value| !value.is_null());
        self.issuer_key(issuer);
        self.trust_issuer(account, issuer, &["stsx"]);
        let mut world = self.lock();
        let token = world.issuers[issuer].sign(&all);
        let token = token.expect("an issuer that the sandbox plays");
        world.secrets.push(token.clone());
        token
    }

    /// The private key (PKCS #8, P-256) of an issuer that the sandbox plays from now on, for tokens that are signed
    /// elsewhere: ES256, key id `own`.
    pub(crate) fn issuer_key(&self, issuer: &str) -> Vec<u8> {
        let mut world = self.lock();
        let known = world.issuers.entry(issuer.to_owned());
        let key = known.or_insert_with(Issuer::with_own_key).own_key();
        key.expect("an issuer that the sandbox plays").to_vec()
    }

    /// A signed SAML response (Base64, as `AssumeRoleWithSAML` takes it) of the identity provider that the sandbox
    /// plays and that this account trusts as of now, as `saml-provider/idp`. The attributes are AWS's, by their short names
    /// (`Role`, `PrincipalTag:team`); `RoleSessionName` is `James` unless they say otherwise.
    pub(crate) fn assertion(&self, account: &str, attributes: &[(&str, &str)]) -> String {
        self.edited_assertion(account, attributes, str::to_owned)
    }

    /// The same of a response that was edited before it was signed.
    pub(crate) fn edited_assertion(
        &self,
        account: &str,
        attributes: &[(&str, &str)],
        edit: impl FnOnce(&str) -> String,
    ) -> String {
        self.saml(account, "idp", &self.idp_metadata());
        let now = self.clock().now();
        let mut world = self.lock();
        let idp = world.idp.get_or_insert_with(Idp::new);
        let response = STANDARD.encode(idp.response(now, attributes, edit));
        world.secrets.push(response.clone());
        response
    }

    /// The metadata of the SAML identity provider that the sandbox plays.
    pub(crate) fn idp_metadata(&self) -> String {
        self.lock().idp.get_or_insert_with(Idp::new).metadata()
    }

    /// Makes a SAML provider in this account, if it is not there. Returns its ARN.
    pub(crate) fn saml(&self, account: &str, name: &str, metadata: &str) -> String {
        let arn = self
            .lock()
            .arn("iam", account, &format!("saml-provider/{name}"));
        self.account(account);
        if !self.lock().accounts[account].saml.contains_key(&arn) {
            let parameters = [("Name", name), ("SAMLMetadataDocument", metadata)];
            let made = self.iam(account, "CreateSAMLProvider", &parameters);
            made.expect("metadata of an identity provider");
        }
        arn
    }

    fn trust_issuer(&self, account: &str, issuer: &str, audiences: &[&str]) -> String {
        let host = issuer.trim_start_matches("https://");
        let arn = self
            .lock()
            .arn("iam", account, &format!("oidc-provider/{host}"));
        self.account(account);
        if self.lock().accounts[account].oidc.contains_key(&arn) {
            return arn;
        }
        let numbered = |at| format!("ClientIDList.member.{}", at + 1);
        let names: Vec<String> = (0..audiences.len()).map(numbered).collect();
        let mut parameters = vec![("Url", issuer)];
        parameters.extend(
            names
                .iter()
                .map(String::as_str)
                .zip(audiences.iter().copied()),
        );
        let made = self.iam(account, "CreateOpenIDConnectProvider", &parameters);
        made.expect("an issuer's URL starts with https://");
        arn
    }
}

impl Idp {
    /// A provider with a new key.
    fn new() -> Idp {
        let key = KeyPair::generate().expect("keys can be made");
        let mut subject = CertificateParams::new(Vec::new()).expect("no names, no wrong ones");
        subject
            .distinguished_name
            .push(DnType::CommonName, "idp.example.com");
        let certificate = subject
            .self_signed(&key)
            .expect("the parameters are complete");
        Idp {
            key: key.serialize_der(),
            certificate: certificate.der().to_vec(),
        }
    }

    fn metadata(&self) -> String {
        let certificate = STANDARD.encode(&self.certificate);
        let service = |binding: &str| {
            format!(
                "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{ENTITY}\"/>"
            )
        };
        let format = |name: &str| {
            format!(
                "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:{name}</md:NameIDFormat>"
            )
        };
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{ENTITY}\">\
             <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
             <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
             </md:KeyDescriptor>{}{}{}{}</md:IDPSSODescriptor></md:EntityDescriptor>",
            format("persistent"),
            format("transient"),
            service("HTTP-POST"),
            service("HTTP-Redirect"),
        )
    }

    fn response(
        &self,
        now: Timestamp,
        attributes: &[(&str, &str)],
        edit: impl FnOnce(&str) -> String,
    ) -> String {
        let id = format!("_{}", random(32, HEX));
        let edited = edit(&assertion(&id, now, attributes));
        let signature = sign(&edited, &id, &self.key);
        let end = "</saml:Issuer>";
        let signed = edited.replacen(end, &format!("{end}{signature}"), 1);
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_{}\" Version=\"2.0\" \
             IssueInstant=\"{now}\" Destination=\"{SIGN_IN}\"><samlp:Status>\
             <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>{signed}</samlp:Response>",
            random(32, HEX),
        )
    }
}

/// An assertion for AWS, good for five minutes.
fn assertion(id: &str, now: Timestamp, attributes: &[(&str, &str)]) -> String {
    let end = now + SignedDuration::from_mins(5);
    let named = attributes
        .iter()
        .any(|(name, _)| *name == "RoleSessionName");
    let own = (!named).then_some(&("RoleSessionName", "James"));
    let mut statement = String::new();
    for (name, value) in own.into_iter().chain(attributes) {
        let value = escape(*value);
        write!(
            statement,
            "<saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/{name}\">\
             <saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
        )
        .expect("writing to memory does not fail");
    }
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{now}\"><saml:Issuer>{ENTITY}</saml:Issuer><saml:Subject>\
         <saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">james@example.com</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData NotOnOrAfter=\"{end}\" Recipient=\"{SIGN_IN}\"/></saml:SubjectConfirmation>\
         </saml:Subject><saml:Conditions NotBefore=\"{now}\" NotOnOrAfter=\"{end}\"><saml:AudienceRestriction>\
         <saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"{now}\"/>\
         <saml:AttributeStatement>{statement}</saml:AttributeStatement></saml:Assertion>"
    )
}
