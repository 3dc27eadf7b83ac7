//! Responses that are none, too late, or for somebody else: told before the call, with nothing of the secret. And what
//! STS refuses, with what to do then.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{CALL, arn, home, saml};
use crate::support::{ACCOUNT, Home, SAML_PROVIDER, pair};

const NO_DTD: &str = "has a document type (DTD), which no SAML response has, so it is refused";

/// What is no response: its text, and what is said of it.
fn malformed() -> Vec<(String, &'static str)> {
    let bomb = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><r>&c;</r>";
    let external = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><r>&x;</r>";
    let remote = "<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\"><r/>";
    let request = "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>";
    let empty = "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>";
    vec![
        ("not base64!".to_owned(), "is neither base64 nor XML"),
        (STANDARD.encode("{}"), "is base64, but not of XML"),
        (
            "<html><br></html>".to_owned(),
            "is not well-formed XML: line 1, column ",
        ),
        (
            "<html/>".to_owned(),
            "is XML, but not a SAML response: its root is `html`",
        ),
        (
            request.to_owned(),
            "is XML, but not a SAML response: its root is `AuthnRequest`",
        ),
        (empty.to_owned(), "holds no assertion"),
        (bomb.to_owned(), NO_DTD),
        (STANDARD.encode(bomb), NO_DTD),
        (external.to_owned(), NO_DTD),
        (remote.to_owned(), NO_DTD),
        (
            "<a>".repeat(15_000) + &"</a>".repeat(15_000),
            "has 140000 characters in base64; STS takes 100000",
        ),
        ("<a>".repeat(25_000), "has more than 20000 parts"),
        ("A".repeat(2 << 20), "it has more than 1048576 bytes"),
    ]
}

#[test]
fn what_is_no_response_is_told_before_the_call() {
    let mut home = home(&["web"]);
    let config = format!(
        "[profile web]\nrole_arn = {}\nsaml_assertion_process = cat assertion\n",
        arn("web")
    );
    home = home.config(&config);
    for (text, said) in malformed() {
        home = home.file("assertion", &text);
        saml(&home, "")
            .stdout("false;\n")
            .stderr_has(said)
            .calls([])
            .status(2);
        if text.len() > 1 << 20 {
            continue;
        }
        // From a profile's command it is the source that is bad.
        home.run(["process", "web"])
            .stdout("")
            .stderr_has(&format!(
                "stsx: profile `web`: the SAML assertion that its command prints {said}"
            ))
            .calls([])
            .status(5);
    }
    home = home.file("assertion", "\n");
    saml(&home, "--list")
        .stderr("stsx: --assertion: assertion is empty\n")
        .status(2);
    home.run(["process", "web"])
        .stdout("")
        .stderr_has("the SAML assertion that its command prints is empty")
        .status(5);
    home.sh("stsx saml --assertion no/such")
        .stdout("false;\n")
        .stderr_has("--assertion: cannot read no/such: No such file")
        .status(2);
}

#[test]
fn an_assertion_for_another_time_or_place_is_told_before_the_call() {
    let mut home = home(&["web"]);
    let elsewhere = "https://sp.example.com/saml";
    let sign_in = "https://signin.aws.amazon.com/saml";
    let late = home.assertion_until(&["web"], -90);
    let now = home.sandbox().clock().now();
    let start = now + jiff::SignedDuration::from_hours(2);
    let cases = [
        (
            late,
            "expired at ",
            "hint: sign in again, and use the new one at once",
        ),
        (
            home.changed_assertion(
                &["web"],
                &format!("NotBefore=\"{now}"),
                &format!("NotBefore=\"{start}"),
            ),
            &*format!("is good from {start} on, and this machine's clock says "),
            "hint: set the clock",
        ),
        (
            home.changed_assertion(&["web"], "urn:amazon:webservices", elsewhere),
            "is for the audience https://sp.example.com/saml, not for AWS\n  issuer: https://idp.example.com/saml\n",
            "urn:amazon:webservices",
        ),
        (
            home.changed_assertion(&["web"], sign_in, elsewhere),
            "is for the recipient https://sp.example.com/saml, not for AWS",
            sign_in,
        ),
        (
            home.assertion(&[]),
            "names no role",
            "hint: the provider must send the attribute",
        ),
    ];
    for (text, said, hint) in cases {
        home = home.file("assertion", &text);
        saml(&home, "")
            .stdout("false;\n")
            .stderr_has("the SAML assertion in assertion ")
            .stderr_has(said)
            .stderr_has(hint)
            .calls([])
            .status(5);
    }
    let failed = "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"><p:Status><p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/></p:Status></p:Response>";
    saml(&home.file("assertion", failed), "")
        .stdout("false;\n")
        .stderr_has("says that the sign-in failed: Responder\nhint: sign in again\n")
        .calls([])
        .status(5);
}

#[test]
fn an_encrypted_assertion_is_left_to_aws() {
    let home = home(&["web"]).file(
        "assertion",
        "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"><p:Status><p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></p:Status><a:EncryptedAssertion/></p:Response>",
    );
    for words in ["", "--list", "--role web"] {
        let run = saml(&home, words).stderr_has(
            "the SAML assertion in assertion is encrypted for AWS, so its roles cannot be read here\nhint: name the role and its SAML provider: --role ARN --provider ARN",
        );
        run.stdout_has("").calls([]).status(2);
    }
    let named = format!("--role {} --provider {SAML_PROVIDER}", arn("web"));
    // The sandbox cannot decrypt it; what was asked is what counts.
    home.sandbox()
        .saml(ACCOUNT, "idp", &home.sandbox().idp_metadata());
    let run = saml(&home, &named)
        .stdout("false;\n")
        .stderr_has("InvalidIdentityToken")
        .calls([CALL]);
    assert_eq!(run.requests[0]["PrincipalArn"], *SAML_PROVIDER);
    run.status(5);
    let home = home.config(&format!(
        "[profile web]\nrole_arn = {}\nsaml_assertion_process = cat assertion\nsaml_provider_arn = {SAML_PROVIDER}\n",
        arn("web")
    ));
    home.run(["process", "web"])
        .stdout("")
        .stderr_has("InvalidIdentityToken")
        .calls([CALL])
        .status(5);
    let home = home.config("[profile web]\nrole_arn = arn:aws:iam::1:role/x\nsaml_assertion_process = x\nsaml_provider_arn = idp\n");
    home.run(["process", "web"])
        .stdout("")
        .stderr_has("")
        .status(2);
}

/// What STS says no with, the exit status, and the hint.
fn refused(home: &Home, code: &str, status: i32, hint: &str) {
    saml(home, "--duration 12h")
        .stdout("false;\n")
        .calls([CALL])
        .stderr_has(&format!(
            "stsx: cannot assume {} with the SAML assertion in assertion: {code}\n  AWS: ",
            arn("web")
        ))
        .stderr_has(hint)
        .status(status);
}

#[test]
fn what_sts_refuses_is_explained() {
    let home = home(&["web"]);
    let good = home.assertion(&["web"]);
    let xml = String::from_utf8(STANDARD.decode(&good).unwrap()).unwrap();
    let metadata = format!(
        "hint: {SAML_PROVIDER} must have the present metadata of https://idp.example.com/saml"
    );
    let forged = xml.replace("james@", "mary@");
    let home = home.file("assertion", &forged);
    refused(&home, "InvalidIdentityToken", 5, &metadata);
    let rejected = xml.replace("status:Success", "status:Responder");
    let home = home.file("assertion", &rejected);
    refused(
        &home,
        "IDPRejectedClaim",
        5,
        "hint: https://idp.example.com/saml has revoked it",
    );
    let home = home.file("assertion", &good);
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
    let role = [("RoleName", "web"), ("PolicyDocument", trust)];
    home.sandbox()
        .must(ACCOUNT, "UpdateAssumeRolePolicy", &role);
    let hint = format!(
        "  1. there must be a role web: AWS denies it the same way if there is none\n  \
         2. the trust policy of web must have the principal \"Federated\": \"{SAML_PROVIDER}\"\n  \
         3. it must have the action sts:AssumeRoleWithSAML\n  \
         4. its conditions must allow SAML:aud = https://signin.aws.amazon.com/saml\n  \
         5. its conditions must allow SAML:iss = https://idp.example.com/saml\n  \
         6. its conditions must allow SAML:sub = james@example.com\n\
         hint: look at the trust policy of web\n"
    );
    refused(&home, "AccessDenied", 4, &hint);
    home.sandbox().clock().advance(299);
    home.sandbox().clock().advance(2);
    refused(
        &home,
        "ExpiredTokenException",
        5,
        "hint: sign in again with https://idp.example.com/saml, and use the new assertion at once",
    );
}

#[test]
fn tags_of_the_provider_have_to_be_trusted() {
    let home = home(&["web"]);
    let attributes = [("Role", &*pair("web")), ("PrincipalTag:team", "red")];
    let assertion = home.sandbox().assertion(ACCOUNT, &attributes);
    let home = home.file("assertion", &assertion);
    refused(
        &home,
        "AccessDenied",
        4,
        "hint: allow sts:TagSession beside sts:AssumeRoleWithSAML in the trust policy of web",
    );
}
