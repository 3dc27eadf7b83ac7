//! What responses say, those of every provider's hand and those that are none.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

mod hostile;

const WHOSE: &str = "the assertion";
const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const IDP: &str = "arn:aws:iam::111122223333:saml-provider/idp";

/// A response of a usual hand, good at 1,700,000,000 s.
const USUAL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
    Destination="https://signin.aws.amazon.com/saml" ID="_1" Version="2.0" IssueInstant="2023-11-14T22:13:20Z">
  <saml:Issuer>https://outer.example.com</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <saml:Assertion ID="_2" Version="2.0" IssueInstant="2023-11-14T22:13:20Z">
    <saml:Issuer> https://idp.example.com/saml </saml:Issuer>
    <saml:Subject><saml:NameID>james@example.com</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData NotOnOrAfter="2023-11-14T22:18:20.250Z" Recipient="https://signin.aws.amazon.com/saml"/>
      </saml:SubjectConfirmation></saml:Subject>
    <saml:Conditions NotBefore="2023-11-14T22:13:20Z" NotOnOrAfter="2023-11-14T23:13:20Z">
      <saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AttributeStatement>
      <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
        <saml:AttributeValue>arn:aws:iam::111122223333:role/deploy,arn:aws:iam::111122223333:saml-provider/idp</saml:AttributeValue>
      </saml:Attribute>
      <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/SessionDuration">
        <saml:AttributeValue>7200</saml:AttributeValue></saml:Attribute>
    </saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>"#;

fn read(xml: &str) -> Result<Assertion, Failure> {
    Assertion::read(xml, WHOSE, Kind::Usage)
}

fn changed(from: &str, to: &str) -> Assertion {
    assert!(USUAL.contains(from), "{from}");
    read(&USUAL.replace(from, to)).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// The grants of a response with this text as the value of `Role`.
fn grants(value: &str) -> Vec<Grant> {
    let assertion = changed(&format!("{ROLE},{IDP}"), value);
    assertion.statement.grants
}

#[test]
fn a_usual_response() {
    let assertion = read(USUAL).unwrap();
    assert_eq!(assertion.response.expose(), STANDARD.encode(USUAL));
    assert_eq!(assertion.issuer(), Some("https://idp.example.com/saml"));
    assert_eq!(assertion.session_seconds(), Some(7200));
    let grant = Grant {
        role: RoleArn::parse(ROLE).unwrap(),
        provider: IDP.to_owned(),
    };
    assert_eq!(
        assertion.grants(WHOSE).unwrap(),
        std::slice::from_ref(&grant)
    );
    assert_eq!(assertion.grant(&grant.role, None, WHOSE).unwrap(), grant);
    let keys: Vec<String> = assertion
        .condition_keys()
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(
        keys,
        [
            "SAML:aud=https://signin.aws.amazon.com/saml",
            "SAML:iss=https://idp.example.com/saml",
            "SAML:sub=james@example.com"
        ]
    );
    assert!(assertion.check(at(1_700_000_000), WHOSE).is_ok());
    let debug = format!("{assertion:?}");
    assert!(!debug.contains(&STANDARD.encode(USUAL)[..40]), "{debug}");
}

#[test]
fn namespaces_count_and_prefixes_do_not() {
    let own = USUAL
        .replace("saml:", "a:")
        .replace("xmlns:saml=", "xmlns:a=")
        .replace("samlp:", "")
        .replace("xmlns:samlp=", "xmlns=");
    let other = read(&own).unwrap();
    assert_eq!(other.statement, read(USUAL).unwrap().statement);
    let foreign = USUAL.replace("urn:oasis:names:tc:SAML:2.0:assertion\"", "urn:x\"");
    let error = read(&foreign).unwrap_err();
    assert_eq!(error.what, "the assertion holds no assertion");
}

#[test]
fn roles_are_pairs_in_either_order() {
    let (comma, other) = (
        "arn:aws:iam::111122223333:role/a,b",
        "arn:aws-cn:iam::444455556666:role/p/x",
    );
    for (value, wanted) in [
        (format!("{IDP},{ROLE}"), Some(ROLE)),
        (format!("\n  {ROLE} ,\t{IDP}\n"), Some(ROLE)),
        (format!("{ROLE}<!-- x -->,{IDP}"), Some(ROLE)),
        (format!("<![CDATA[{ROLE}]]>,{IDP}"), Some(ROLE)),
        (format!("{comma},{IDP}"), Some(comma)),
        (format!("{IDP},{comma}"), Some(comma)),
        (format!("{other},{IDP}"), Some(other)),
        (ROLE.to_owned(), None),
        (format!("{ROLE};{IDP}"), None),
        (format!("{ROLE},{ROLE}"), None),
        (format!("{IDP},{IDP}"), None),
        (format!("{ROLE},arn:aws:iam::1:saml-provider/x"), None),
        (
            format!("{ROLE},arn:aws:iam::111122223333:oidc-provider/x"),
            None,
        ),
        (",".to_owned(), None),
        (String::new(), None),
    ] {
        let read = grants(&value);
        let roles: Vec<&str> = read.iter().map(|grant| grant.role.as_str()).collect();
        assert_eq!(roles, wanted.into_iter().collect::<Vec<_>>(), "{value}");
        assert!(read.iter().all(|grant| grant.provider == IDP), "{value}");
    }
    let again = format!("{ROLE},{IDP}</saml:AttributeValue><saml:AttributeValue>");
    assert_eq!(grants(&format!("{again}{again}{IDP},{ROLE}")).len(), 1);
    let both = grants(&format!("{again}{ROLE},{IDP}2"));
    assert_eq!(
        listed(&both),
        [format!("{ROLE} by {IDP}"), format!("{ROLE} by {IDP}2")]
    );
}

#[test]
fn roles_that_are_not_there() {
    let none = changed("Attributes/Role", "Attributes/Other");
    let error = none.grants(WHOSE).unwrap_err();
    assert_eq!(error.what, "the assertion names no role");
    assert_eq!(error.kind, Kind::Source);
    assert_eq!(error.details, ["issuer: https://idp.example.com/saml"]);
    let odd = changed(&format!("{ROLE},{IDP}"), ROLE);
    let error = odd.grants(WHOSE).unwrap_err();
    assert_eq!(
        error.details[0],
        "values of the attribute Role that are not `ROLE_ARN,PROVIDER_ARN`: 1"
    );
    let other = RoleArn::new("aws", "111122223333", "other");
    let error = read(USUAL).unwrap().grant(&other, None, WHOSE).unwrap_err();
    assert_eq!(
        error.what,
        "the assertion does not open arn:aws:iam::111122223333:role/other"
    );
    assert_eq!(
        (error.details, error.kind),
        (vec![ROLE.to_owned()], Kind::Usage)
    );
    let role = RoleArn::parse(ROLE).unwrap();
    let error = read(USUAL)
        .unwrap()
        .grant(&role, Some("arn:x"), WHOSE)
        .unwrap_err();
    assert!(error.what.ends_with("role/deploy by arn:x"), "{error}");
}

#[test]
fn a_session_is_as_long_as_sts_gives() {
    for (text, seconds) in [
        ("900", Some(900)),
        (" 43200 ", Some(43_200)),
        ("1", Some(900)),
        ("99999", Some(43_200)),
        ("99999999999", None),
        ("PT1H", None),
        ("-1", None),
        ("", None),
    ] {
        assert_eq!(changed("7200", text).session_seconds(), seconds, "{text}");
    }
}

#[test]
fn an_assertion_is_for_aws() {
    for (audience, is_aws) in [
        ("urn:amazon:webservices", true),
        ("urn:amazon:webservices:cn-north-1", true),
        ("https://signin.aws.amazon.com/saml", true),
        ("https://signin.aws.amazon.com/static/saml", true),
        ("https://eu-west-1.signin.aws.amazon.com/saml", true),
        (
            "https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSP1",
            true,
        ),
        ("https://signin.amazonaws.cn/saml", true),
        ("https://cn-north-1.signin.amazonaws.cn/saml", true),
        ("https://signin.amazonaws-us-gov.com/saml", true),
        (
            "https://us-gov-west-1.signin.amazonaws-us-gov.com/saml",
            true,
        ),
        ("https://eusc-de-east-1.signin.amazonaws.eu/saml", true),
        ("https://signin.c2shome.ic.gov/saml", true),
        ("urn:amazon:cognito:sp:x", false),
        ("https://signin.aws.amazon.com", false),
        ("https://signin.aws.amazon.com/", false),
        ("http://signin.aws.amazon.com/saml", false),
        ("https://signin.aws.amazon.com.example.com/saml", false),
        ("https://mysignin.aws.amazon.com/saml", false),
        ("https://sp.example.com/saml", false),
    ] {
        let assertion = changed(">urn:amazon:webservices<", &format!(">{audience}<"));
        let checked = assertion.check(at(1_700_000_000), WHOSE);
        assert_eq!(checked.is_ok(), is_aws, "{audience}");
        let two = format!(">{audience}</saml:Audience><saml:Audience>urn:amazon:webservices<");
        let two = changed(">urn:amazon:webservices<", &two);
        assert!(two.check(at(1_700_000_000), WHOSE).is_ok(), "{audience}");
        if audience.starts_with("http") {
            for attribute in ["Recipient", "Destination"] {
                let usual = format!("{attribute}=\"https://signin.aws.amazon.com/saml\"");
                let assertion = changed(&usual, &format!("{attribute}=\"{audience}\""));
                let checked = assertion.check(at(1_700_000_000), WHOSE);
                assert_eq!(checked.is_ok(), is_aws, "{attribute} {audience}");
            }
        }
    }
    let silent = changed("<saml:Audience>urn:amazon:webservices</saml:Audience>", "");
    assert!(
        silent.check(at(1_700_000_000), WHOSE).is_ok(),
        "STS decides"
    );
    let long = changed(
        ">urn:amazon:webservices<",
        &format!(">{}<", "x".repeat(9999)),
    );
    let error = long.check(at(1_700_000_000), WHOSE).unwrap_err();
    assert!(error.what.len() < 300, "{error}");
}

#[test]
fn an_assertion_is_for_now() {
    let usual = read(USUAL).unwrap();
    for (now, said) in [
        (1_699_999_700, None),
        (
            1_699_999_699,
            Some(
                "is good from 2023-11-14T22:13:20Z on, and this machine's clock says 2023-11-14T22:08:19Z",
            ),
        ),
        (1_700_000_299, None),
        (
            1_700_000_300,
            Some("expired at 2023-11-14T22:18:20Z, 0s ago"),
        ),
        (
            1_700_003_900,
            Some("expired at 2023-11-14T22:18:20Z, 1h ago"),
        ),
    ] {
        let error = usual.check(at(now), WHOSE).err();
        if let Some(error) = &error {
            assert_eq!(error.kind, Kind::Source);
            assert_eq!(error.details, ["issuer: https://idp.example.com/saml"]);
        }
        let what = error.map(|error| error.what);
        assert_eq!(what, said.map(|said| format!("{WHOSE} {said}")), "{now}");
    }
    for (text, is_read) in [
        ("2023-11-14T22:18:20", true),
        ("2023-11-14T23:18:20+01:00", true),
        ("soon", false),
    ] {
        let edited = changed("2023-11-14T22:18:20.250Z", text);
        let end = edited.statement.not_on_or_after;
        // Else the end of the conditions counts.
        let wanted = if is_read {
            1_700_000_300
        } else {
            1_700_003_600
        };
        assert_eq!(end, Some(at(wanted)), "{text}");
    }
}

#[test]
fn an_encrypted_assertion_needs_names() {
    let encrypted = r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">
        <a:Issuer>https://idp</a:Issuer><a:EncryptedAssertion/></p:Response>"#;
    let assertion = read(encrypted).unwrap();
    assert!(assertion.is_encrypted());
    assert_eq!(assertion.issuer(), Some("https://idp"));
    let error = assertion.grants(WHOSE).unwrap_err();
    assert_eq!(
        error.what,
        "the assertion is encrypted for AWS, so its roles cannot be read here"
    );
    let role = RoleArn::parse(ROLE).unwrap();
    assert!(assertion.grant(&role, None, WHOSE).is_err());
    let grant = assertion.grant(&role, Some(IDP), WHOSE).unwrap();
    assert_eq!((grant.role, grant.provider.as_str()), (role, IDP));
    assert!(assertion.check(at(1_700_000_000), WHOSE).is_ok());
}

#[test]
fn what_is_no_response_says_why() {
    let status = |inner: &str| {
        format!(
            "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"><p:Status>{inner}</p:Status></p:Response>"
        )
    };
    let code = |value: &str, inner: &str| {
        format!(
            "<p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{value}\">{inner}</p:StatusCode>"
        )
    };
    let failed =
        code("Responder", &code("AuthnFailed", "")) + "<p:StatusMessage>no</p:StatusMessage>";
    for (text, kind, said) in [
        ("<a>".to_owned(), Kind::Usage, "is XML that was cut off"),
        (
            "<a/>".to_owned(),
            Kind::Usage,
            "is XML, but not a SAML response: its root is `a`",
        ),
        (
            "<a>&secret;</a>".to_owned(),
            Kind::Usage,
            "is not well-formed XML: line 1, column 4",
        ),
        ("word".to_owned(), Kind::Usage, "is base64, but not of XML"),
        (
            status(&code("Success", "")),
            Kind::Usage,
            "holds no assertion",
        ),
        (status(""), Kind::Usage, "holds no assertion"),
        (
            status(&failed),
            Kind::Source,
            "says that the sign-in failed: Responder, AuthnFailed, no",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.what, format!("{WHOSE} {said}"), "{text}");
        assert_eq!(error.kind, kind, "{text}");
    }
}
