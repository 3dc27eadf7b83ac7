//! Responses of SAML identity providers.

use aws_sdk_sts::operation::assume_role_with_saml::AssumeRoleWithSamlOutput;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{World, said};
use crate::sandbox::aws::ACCOUNT;

const SAML: &str = "sts:AssumeRoleWithSAML";
const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";

impl World {
    /// A role that trusts the provider `idp` so far.
    fn saml_role(&self, name: &str, actions: &Value, condition: &Value) -> String {
        let provider = format!("arn:aws:iam::{ACCOUNT}:saml-provider/idp");
        self.trusting(name, &provider, actions, condition)
    }

    fn hand_in(&self, role: &str, response: &str) -> Result<AssumeRoleWithSamlOutput, String> {
        let call = self.sts(None).assume_role_with_saml().role_arn(role);
        let call = call.principal_arn(format!("arn:aws:iam::{ACCOUNT}:saml-provider/idp"));
        let sent = self.runtime.block_on(call.saml_assertion(response).send());
        sent.map_err(|error| said(&error))
    }
}

fn pair(role: &str) -> String {
    format!("{role},arn:aws:iam::{ACCOUNT}:saml-provider/idp")
}

#[test]
fn a_response_opens_the_roles_that_it_names() {
    let world = World::new();
    let condition = json!({"StringEquals": {
        "SAML:aud": SIGN_IN, "SAML:iss": "https://idp.example.com/saml",
        "saml:sub": "james@example.com", "saml:doc": format!("{ACCOUNT}/idp"),
    }});
    let role = world.saml_role("web", &json!(SAML), &condition);
    for pair in [
        pair(&role),
        format!("arn:aws:iam::{ACCOUNT}:saml-provider/idp, {role}"),
    ] {
        let roles = [("Role", "arn:aws:iam::1:role/x,y"), ("Role", &*pair)];
        let response = world.sandbox.assertion(ACCOUNT, &roles);
        let answer = world.hand_in(&role, &response).unwrap();
        let user = answer.assumed_role_user().unwrap();
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/web/James");
        assert_eq!(user.arn(), arn);
        assert_eq!(answer.subject(), Some("james@example.com"));
        assert_eq!(answer.subject_type(), Some("persistent"));
        assert_eq!(answer.issuer(), Some("https://idp.example.com/saml"));
        assert_eq!(answer.audience(), Some(SIGN_IN));
        // printf '%s' https://idp.example.com/saml111122223333/idp | openssl sha1 -binary | base64
        assert_eq!(
            answer.name_qualifier(),
            Some("w9623T/DM68QqX6yODhgW5uvh0U=")
        );
    }
    let denied = format!("AccessDenied: Not authorized to perform {SAML}");
    let other = world.saml_role("other", &json!(SAML), &json!({}));
    let response = world.sandbox.assertion(ACCOUNT, &[("Role", &pair(&role))]);
    assert_eq!(world.hand_in(&other, &response).unwrap_err(), denied);
    let condition = json!({"StringEquals": {"saml:sub": "mary@example.com"}});
    let mary = world.saml_role("mary", &json!(SAML), &condition);
    let response = world.sandbox.assertion(ACCOUNT, &[("Role", &pair(&mary))]);
    assert_eq!(world.hand_in(&mary, &response).unwrap_err(), denied);
}

#[test]
fn a_response_has_to_be_good() {
    let world = World::new();
    let role = world.saml_role("web", &json!(SAML), &json!({}));
    let roles = [("Role", &*pair(&role))];
    let changed = |from: &str, to: &str| {
        let change = |xml: &str| {
            assert!(xml.contains(from), "{xml}");
            xml.replace(from, to)
        };
        world.sandbox.edited_assertion(ACCOUNT, &roles, change)
    };
    let good = world.sandbox.assertion(ACCOUNT, &roles);
    let forged = |from: &str, to: &str| {
        let xml = String::from_utf8(STANDARD.decode(&good).unwrap()).unwrap();
        assert!(xml.contains(from), "{xml}");
        STANDARD.encode(xml.replace(from, to))
    };
    let elsewhere = "https://sp.example.com/";
    for (response, message) in [
        (forged("james@", "mary@"), "Response signature invalid"),
        (
            forged("http://www.w3.org/2001/04/xmlenc#sha256", "x"),
            "Response signature invalid",
        ),
        ("no base64".to_owned(), "Invalid base64 SAMLResponse"),
        (STANDARD.encode("<x/>"), "Invalid SAML response"),
        (
            changed("urn:amazon:webservices", elsewhere),
            "Response does not contain the required audience.",
        ),
        (
            changed(SIGN_IN, elsewhere),
            "Response is not intended for this recipient",
        ),
        (
            forged(
                &format!("Destination=\"{SIGN_IN}"),
                "Destination=\"https://sp.example.com",
            ),
            "Response is not intended for this recipient",
        ),
        (
            changed("<saml:Issuer>https", "<saml:Issuer>http"),
            "Issuer not present in specified provider",
        ),
        (
            changed("Attributes/RoleSessionName", "Attributes/Other"),
            "RoleSessionName is required in AuthnResponse",
        ),
        (
            changed(">James<", ">James Bond<"),
            "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
        ),
    ] {
        let said = world.hand_in(&role, &response).unwrap_err();
        assert!(
            said.starts_with(&format!("InvalidIdentityToken: {message}")),
            "{said}"
        );
    }
    let failed = forged("status:Success", "status:Responder");
    let said = world.hand_in(&role, &failed).unwrap_err();
    assert!(said.starts_with("IDPRejectedClaim: "), "{said}");
    world.hand_in(&role, &good).unwrap();
    let late = changed(SIGN_IN, "https://eu-west-1.signin.aws.amazon.com/saml");
    world.hand_in(&role, &late).unwrap();
    world.sandbox.clock().advance(280);
    world.hand_in(&role, &good).unwrap();
    world.sandbox.clock().advance(21);
    let said = world.hand_in(&role, &good).unwrap_err();
    assert!(said.starts_with("ExpiredTokenException: "), "{said}");
}

#[test]
fn a_response_brings_tags_a_source_identity_and_an_end() {
    let world = World::new();
    let condition = json!({"StringEquals": {"aws:RequestTag/team": "red", "sts:TransitiveTagKeys": "team",
        "sts:SourceIdentity": "James"}});
    let role = world.saml_role(
        "web",
        &json!([SAML, "sts:TagSession", "sts:SetSourceIdentity"]),
        &condition,
    );
    let (pair, now) = (pair(&role), world.sandbox.clock().now());
    let attributes = [
        ("Role", &*pair),
        ("PrincipalTag:team", "red"),
        ("TransitiveTagKeys", "team"),
        ("SourceIdentity", "James"),
    ];
    let end = now + jiff::SignedDuration::from_mins(20);
    let response = world.sandbox.edited_assertion(ACCOUNT, &attributes, |xml| {
        xml.replace(
            "AuthnInstant=",
            &format!("SessionNotOnOrAfter=\"{end}\" AuthnInstant="),
        )
    });
    let answer = world.hand_in(&role, &response).unwrap();
    assert_eq!(answer.source_identity(), Some("James"));
    let lasts = answer.credentials().unwrap().expiration().secs() - now.as_second();
    assert!((1190..=1200).contains(&lasts), "{lasts} seconds");
    let denied = world.saml_role(
        "untagged",
        &json!([SAML, "sts:SetSourceIdentity"]),
        &json!({}),
    );
    let named = self::pair(&denied);
    let attributes = [("Role", &*named), ("PrincipalTag:team", "red")];
    let response = world.sandbox.assertion(ACCOUNT, &attributes);
    let said = world.hand_in(&denied, &response).unwrap_err();
    assert_eq!(
        said,
        "AccessDenied: Not authorized to perform sts:TagSession"
    );
}
