//! Routes of MFA codes, proofs of identity providers, limits and tags: one row per rule.

use super::{KEYS, check, row};
use crate::plan::resolve::{Wanted, resolve};
use crate::plan::{Hop, Scope};
use crate::profiles::Profiles;
use crate::settings::{Origin, Settings, Sourced, Wish};

const ROLE_A: &str = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nmfa_serial = GAHT12345678\n";

fn flag<T>(value: T) -> Sourced<T> {
    Sourced::new(value, Origin::Flag("--flag"))
}

fn strong<T>(value: T) -> Wish<T> {
    Wish {
        strong: Some(flag(value)),
        weak: None,
    }
}

#[test]
fn one_code_for_an_hour_or_for_a_longer_role() {
    let long = Settings {
        duration: strong(7200),
        ..Settings::default()
    };
    let fresh = Settings {
        mfa_max_age: strong(0),
        ..Settings::default()
    };
    let short = Settings {
        mfa_session_duration: strong(900),
        ..Settings::default()
    };
    let session = "AKIAJAMES > session!GAHT12345678 > ROLE/a";
    for (rule, settings, wanted) in [
        ("an hour", Settings::default(), session),
        ("longer", long, "AKIAJAMES > ROLE/a!GAHT12345678=7200"),
        ("a code each", fresh, "AKIAJAMES > ROLE/a!GAHT12345678"),
        (
            "a shorter session",
            short,
            "AKIAJAMES > session!GAHT12345678=900 > ROLE/a",
        ),
    ] {
        check(&[row_of(rule, wanted)], &settings, KEYS);
    }
    let temporary = "[james]\naws_access_key_id = ASIAJAMES\naws_secret_access_key = s\naws_session_token = t\n";
    check(
        &[row(
            "temporary keys get no session",
            ROLE_A,
            "a",
            Ok("ASIAJAMES > ROLE/a!GAHT12345678"),
        )],
        &Settings::default(),
        temporary,
    );
}

fn row_of(rule: &'static str, wanted: &'static str) -> super::Row {
    row(rule, ROLE_A, "a", Ok(wanted))
}

#[test]
fn a_session_is_shared_whatever_its_length() {
    let profiles = Profiles::of(ROLE_A, KEYS);
    let env = [("", "")].into_iter().collect();
    let key =
        |settings: &Settings, wanted| resolve(wanted, settings, &profiles, &env).unwrap().key(1);
    let long = Settings {
        mfa_session_duration: strong(129_600),
        ..Settings::default()
    };
    let usual = key(&Settings::default(), Wanted::Target("a"));
    assert_eq!(usual, key(&long, Wanted::Target("a")));
    let james = Settings {
        profile: Some(flag("james".to_owned())),
        mfa_serial: Some(flag("GAHT12345678".to_owned())),
        ..Settings::default()
    };
    assert_eq!(usual, key(&james, Wanted::Session(None)));
    assert_ne!(usual, key(&james, Wanted::Session(Some(900))));
}

#[test]
fn a_learnt_maximum_finds_the_route_anew() {
    let settings = Settings {
        duration: strong(43_200),
        ..Settings::default()
    };
    let profiles = Profiles::of(ROLE_A, KEYS);
    let env = [("", "")].into_iter().collect();
    let mut plan = resolve(Wanted::Target("a"), &settings, &profiles, &env).unwrap();
    assert!(matches!(plan.hops[..], [Hop::Role(_)]));
    plan.limit("arn:aws:iam::111122223333:role/a", 7200);
    assert!(matches!(&plan.hops[..], [Hop::Role(role)] if role.duration_seconds == 7200));
    plan.limit("arn:aws:iam::111122223333:role/a", 3600);
    assert!(
        matches!(&plan.hops[..], [Hop::Session(session), Hop::Role(role)]
            if session.mfa_serial.is_some() && role.mfa_serial.is_none())
    );
    plan.limit("arn:aws:iam::111122223333:role/b", 900);
    assert_eq!(plan.roles().next().unwrap().duration_seconds, 3600);
}

#[test]
fn proofs_of_identity_providers() {
    const ARN: &str = "role_arn = arn:aws:iam::111122223333:role/a\n";
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let profile = |text: &str| leak(format!("[profile a]\n{ARN}{text}\n"));
    check(
        &[
            row(
                "a command prints the token",
                profile("web_identity_token_process = token"),
                "a",
                Ok("the web identity token that its command prints > ROLE/a"),
            ),
            row(
                "a command prints the assertion",
                profile("saml_assertion_process = adfs"),
                "a",
                Ok("the SAML assertion that its command prints > ROLE/a"),
            ),
            row(
                "not both",
                profile("web_identity_token_file = /t\nsaml_assertion_process = adfs"),
                "a",
                Err(
                    "config:4: profile `a` has both web_identity_token_file and saml_assertion_process",
                ),
            ),
            row(
                "12 hours from a token: that is no chaining",
                profile("web_identity_token_file = /t\nduration_seconds = 43200"),
                "a",
                Ok("the web identity token in /t > ROLE/a=43200"),
            ),
            row(
                "no tags: they are the issuer's",
                profile("web_identity_token_file = /t\nsession_tags = a=b"),
                "a",
                Err("config:4: tags cannot be sent with the web identity token in /t"),
            ),
            row(
                "with its provider",
                profile(
                    "saml_assertion_process = adfs\nsaml_provider_arn = arn:aws:iam::111122223333:saml-provider/idp",
                ),
                "a",
                Ok("the SAML assertion that its command prints > ROLE/a"),
            ),
            row(
                "so nobody else says the name",
                profile("saml_assertion_process = adfs\nrole_session_name = me"),
                "a",
                Err(
                    "config:4: a session name cannot be sent with the SAML assertion that its command prints",
                ),
            ),
            row(
                "a provider has an ARN",
                profile(
                    "saml_assertion_process = adfs\nsaml_provider_arn = arn:aws:iam::1:saml-provider/idp",
                ),
                "a",
                Err(
                    "config:4: saml_provider_arn: `arn:aws:iam::1:saml-provider/idp` is not the ARN of a SAML provider: that is written arn:aws:iam::ACCOUNT:saml-provider/NAME",
                ),
            ),
            row(
                "a role from such a role",
                leak(format!(
                    "[profile a]\n{ARN}source_profile = b\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsaml_assertion_process = adfs\n"
                )),
                "a",
                Ok("the SAML assertion that its command prints > ROLE/b > ROLE/a"),
            ),
        ],
        &Settings::default(),
        KEYS,
    );
}

#[test]
fn limits_and_tags() {
    let config = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\n\
         policy = {\"Version\":\"2012-10-17\"}\n\
         policy_arns = arn:aws:iam::aws:policy/A, arn:aws:iam::111122223333:policy/b\n\
         session_tags = team = red, cost center = 7\ntransitive_session_tags = team\nsource_identity = james\n";
    let scope = |config: &str, settings: &Settings| {
        let profiles = Profiles::of(config, KEYS);
        let env = [("", "")].into_iter().collect();
        resolve(Wanted::Target("a"), settings, &profiles, &env).map(|plan| {
            let role = plan.roles().next().unwrap().clone();
            (role.scope, role.transitive_tags, role.source_identity)
        })
    };
    let (limits, transitive, identity) = scope(config, &Settings::default()).unwrap();
    assert_eq!(
        limits,
        Scope {
            policy: Some("{\"Version\":\"2012-10-17\"}".to_owned()),
            policy_arns: vec![
                "arn:aws:iam::aws:policy/A".to_owned(),
                "arn:aws:iam::111122223333:policy/b".to_owned()
            ],
            tags: [("team", "red"), ("cost center", "7")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        }
    );
    assert_eq!(
        (transitive, identity),
        (vec!["team".to_owned()], Some("james".to_owned()))
    );
    let flags = Settings {
        policy_arns: Some(flag(vec!["arn:aws:iam::aws:policy/C".to_owned()])),
        read_only: true,
        ..Settings::default()
    };
    assert_eq!(
        scope(config, &flags).unwrap().0.policy_arns,
        [
            "arn:aws:iam::aws:policy/C",
            "arn:aws:iam::aws:policy/ReadOnlyAccess"
        ]
    );
    for (line, reason) in [
        (
            "policy = {\"a\":}",
            "config:4: policy: the policy is not JSON: expected value at line 1 column 6",
        ),
        (
            "session_tags = team",
            "config:4: session_tags: `team` is not a tag: that is written KEY=VALUE",
        ),
        (
            "session_tags = a=1, A=2",
            "config:4: session_tags: tags `a` and `A` differ in case only, which STS refuses",
        ),
        (
            "session_tags = a=1, a=2",
            "config:4: session_tags: tag `a` is given twice",
        ),
        (
            "session_tags = a=b!",
            "config:4: session_tags: the value of tag `a` has '!', but may have letters, digits, spaces and any of _.:/=+-@",
        ),
        (
            "session_tags = aws:x=b",
            "config:4: session_tags: tag `aws:x`: keys that begin with aws: are AWS's own",
        ),
        (
            "transitive_session_tags = team",
            "config:4: `team` is the key of no tag: a transitive tag is one of the session's tags",
        ),
        (
            "policy_arns = ReadOnlyAccess",
            "config:4: policy_arns: `ReadOnlyAccess` is not the ARN of a policy: that is written arn:aws:iam::ACCOUNT:policy/NAME",
        ),
        (
            "source_identity = a b",
            "config:4: source_identity: a source identity has 2 to 64 letters, digits or any of _+=,.@-",
        ),
        (
            "mfa_session_duration = 37h",
            "config:4: mfa_session_duration: `37h` is out of range: STS takes 15m (900) to 36h (129600)",
        ),
    ] {
        let config = format!(
            "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\n{line}\n"
        );
        let error = scope(&config, &Settings::default()).unwrap_err();
        assert_eq!(format!("{error:#}"), reason);
    }
}

#[test]
fn what_only_keys_of_a_user_get() {
    let profiles = Profiles::of(ROLE_A, KEYS);
    let env = [("", "")].into_iter().collect();
    let plan = |wanted, profile: &str| {
        let settings = Settings {
            profile: Some(flag(profile.to_owned())),
            ..Settings::default()
        };
        resolve(wanted, &settings, &profiles, &env)
    };
    let james = plan(Wanted::Federation("guest", 900), "james").unwrap();
    assert!(matches!(&james.hops[..], [Hop::Federation(guest)] if guest.name == "guest"));
    for wanted in [Wanted::Session(None), Wanted::Federation("guest", 900)] {
        let error = plan(wanted, "a").unwrap_err().to_string();
        assert!(
            error.contains(
                "is for the long-term keys of an IAM user, and this is a session of arn:"
            ),
            "{error}"
        );
    }
}
