//! One row per rule: what a target leads to, or the error it gets.

use crate::env::Env;
use crate::plan::resolve::{Wanted, resolve};
use crate::plan::{Hop, Plan};
use crate::profiles::Profiles;
use crate::settings::{Origin, Settings, Sourced};

const KEYS: &str = "[james]\naws_access_key_id = AKIAJAMES\naws_secret_access_key = s\n[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n";
const ROLE: &str = "arn:aws:iam::111122223333:role";

mod hops;

/// A world, a target, and the plan as one line, or the error.
struct Row {
    rule: &'static str,
    config: &'static str,
    variables: &'static [(&'static str, &'static str)],
    target: Option<&'static str>,
    wanted: Result<&'static str, &'static str>,
}

fn row(
    rule: &'static str,
    config: &'static str,
    target: &'static str,
    wanted: Result<&'static str, &'static str>,
) -> Row {
    Row {
        rule,
        config,
        variables: &[],
        target: Some(target),
        wanted,
    }
}

/// `keys:AKIAJAMES > role/hub > role/spoke`
fn spoken(plan: &Plan) -> String {
    let source = match plan.source.held() {
        Some(credentials) => credentials.access_key_id,
        None => plan.source.spoken(),
    };
    plan.hops.iter().fold(source, |mut text, hop| {
        text.push_str(" > ");
        let role = match hop {
            Hop::Role(role) => role,
            Hop::Session(session) => {
                text.push_str("session");
                if let Some(serial) = &session.mfa_serial {
                    text.push('!');
                    text.push_str(serial);
                }
                if session.duration_seconds != 43_200 {
                    text.push('=');
                    text.push_str(&session.duration_seconds.to_string());
                }
                return text;
            }
            Hop::Federation(federation) => return text + &federation.name,
        };
        text.push_str(&role.reference.to_string());
        for (sign, value) in [
            ("#", &role.external_id),
            ("@", &role.session_name),
            ("!", &role.mfa_serial),
        ] {
            if let Some(value) = value {
                text.push_str(sign);
                text.push_str(value);
            }
        }
        if role.duration_seconds != 3600 {
            text.push('=');
            text.push_str(&role.duration_seconds.to_string());
        }
        text
    })
}

fn check(rows: &[Row], settings: &Settings, credentials: &str) {
    for row in rows {
        let profiles = Profiles::of(row.config, credentials);
        let env: Env = row.variables.iter().copied().collect();
        let wanted = row.target.map_or(Wanted::Current, Wanted::Target);
        let plan = resolve(wanted, settings, &profiles, &env);
        match (&plan, row.wanted) {
            (Ok(plan), Ok(wanted)) => {
                assert_eq!(spoken(plan), wanted.replace("ROLE", ROLE), "{}", row.rule);
            }
            (Err(error), Err(wanted)) => assert_eq!(format!("{error:#}"), wanted, "{}", row.rule),
            (Ok(plan), Err(wanted)) => {
                panic!("{}: {} instead of: {wanted}", row.rule, spoken(plan))
            }
            (Err(error), Ok(wanted)) => panic!("{}: {error:#} instead of: {wanted}", row.rule),
        }
    }
}

#[test]
fn targets() {
    let config = "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = james\n[profile 111122223333]\nregion = x\n";
    check(
        &[
            row("a profile", config, "prod", Ok("AKIAJAMES > ROLE/deploy")),
            row(
                "an ARN",
                config,
                "arn:aws:iam::111122223333:role/a/b",
                Ok("AKIADEFAULT > ROLE/a/b"),
            ),
            row(
                "ACCOUNT:ROLE",
                config,
                "111122223333:deploy",
                Ok("AKIADEFAULT > ROLE/deploy"),
            ),
            row(
                "ACCOUNT:role/PATH/ROLE",
                config,
                "111122223333:role/a/b",
                Ok("AKIADEFAULT > ROLE/a/b"),
            ),
            row(
                "a bare name",
                config,
                "deploy",
                Ok("AKIADEFAULT > role/deploy"),
            ),
            row(
                "a bare name is never default's own",
                config,
                "prdo",
                Ok("AKIADEFAULT > role/prdo"),
            ),
            row(
                "an account with dashes",
                config,
                "1111-2222-3333:x",
                Err("`1111-2222-3333:x`: an account id has twelve digits"),
            ),
            row(
                "a short account",
                config,
                "1111:x",
                Err("`1111:x`: an account id has twelve digits"),
            ),
            row(
                "no role after the account",
                config,
                "111122223333:",
                Err("`111122223333:`: a role name has 1 to 64 letters, digits or any of _+=,.@-"),
            ),
            row(
                "neither profile nor role name",
                config,
                "pro d",
                Err("`pro d` is neither a profile nor a role name"),
            ),
            row(
                "an ARN of something else",
                config,
                "arn:aws:iam::111122223333:user/x",
                Err(
                    "`arn:aws:iam::111122223333:user/x` is not the ARN of a role: that is written arn:PARTITION:iam::ACCOUNT:role/NAME",
                ),
            ),
        ],
        &Settings::default(),
        KEYS,
    );
}

#[test]
fn chains() {
    check(
        &[
            row(
                "three roles deep",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nexternal_id = xid\n\
                 [profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = c\nrole_session_name = bee\n\
                 [profile c]\nrole_arn = arn:aws:iam::111122223333:role/c\nsource_profile = james\n",
                "a",
                Ok("AKIAJAMES > ROLE/c > ROLE/b@bee > ROLE/a#xid"),
            ),
            row(
                "at the top role_arn wins over keys",
                "[profile a]\naws_access_key_id = AKIAOWN\naws_secret_access_key = s\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\n",
                "a",
                Ok("AKIAJAMES > ROLE/a"),
            ),
            row(
                "in a source profile keys win over role_arn",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n\
                 [profile b]\naws_access_key_id = AKIAB\naws_secret_access_key = s\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = james\n",
                "a",
                Ok("AKIAB > ROLE/a"),
            ),
            row(
                "a profile is its own source with keys",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = a\naws_access_key_id = AKIAA\naws_secret_access_key = s\n",
                "a",
                Ok("AKIAA > ROLE/a"),
            ),
            row(
                "not without",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = a\n",
                "a",
                Err("config:3: profile `a` is its own source_profile but has no keys"),
            ),
            row(
                "a loop is shown",
                "[profile x]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = a\n\
                 [profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n\
                 [profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = a\n",
                "x",
                Err("config:9: the source profiles form a loop: a → b → a"),
            ),
            row(
                "a missing source",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = jmaes\n",
                "a",
                Err("config:3: the source_profile `jmaes` of profile `a` does not exist"),
            ),
            row(
                "both kinds of source",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\ncredential_source = Environment\n",
                "a",
                Err("config:4: profile `a` has both source_profile and credential_source"),
            ),
            row(
                "neither",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\n",
                "a",
                Err(
                    "config:2: profile `a` has role_arn but neither source_profile nor credential_source",
                ),
            ),
            row(
                "half a pair of keys",
                "[profile a]\naws_access_key_id = AKIAA\n",
                "a",
                Err("config:2: profile `a` has aws_access_key_id but no aws_secret_access_key"),
            ),
            row(
                "no credentials at all",
                "[profile a]\nregion = eu-west-1\n",
                "a",
                Err("config:1: profile `a` has neither a role nor credentials"),
            ),
            row(
                "a source without credentials",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n[profile b]\nregion = eu-west-1\n",
                "a",
                Err("config:4: profile `b` has neither a role nor credentials"),
            ),
        ],
        &Settings::default(),
        KEYS,
    );
}

#[test]
fn values() {
    check(
        &[
            row(
                "duration",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nduration_seconds = 7200\n",
                "a",
                Ok("AKIAJAMES > ROLE/a=7200"),
            ),
            row(
                "a duration that is none",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nduration_seconds = soon\n",
                "a",
                Err(
                    "config:4: duration_seconds: `soon` is not a duration: write seconds (3600), units (1h30m) or ISO 8601 (PT1H30M)",
                ),
            ),
            row(
                "a duration out of range",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nduration_seconds = 50000\n",
                "a",
                Err(
                    "config:4: duration_seconds: `50000` is out of range: STS takes 15m (900) to 12h (43200)",
                ),
            ),
            row(
                "chaining gets one hour",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nduration_seconds = 7200\n\
                 [profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = james\nduration_seconds = 43200\n",
                "a",
                Ok("AKIAJAMES > ROLE/b=43200 > ROLE/a"),
            ),
            row(
                "mfa_serial of the role",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nmfa_serial = GAHT12345678\n",
                "a",
                Ok("AKIAJAMES > session!GAHT12345678 > ROLE/a"),
            ),
            row(
                "mfa_serial of the source",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\n[profile james]\nmfa_serial = GAHT12345678\n",
                "a",
                Ok("AKIAJAMES > session!GAHT12345678 > ROLE/a"),
            ),
            row(
                "only the first hop can use a device",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nmfa_serial = GAHT00000002\n\
                 [profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = james\nmfa_serial = GAHT00000001\n",
                "a",
                Ok("AKIAJAMES > session!GAHT00000001 > ROLE/b > ROLE/a"),
            ),
            row(
                "a malformed role_arn",
                "[profile a]\nrole_arn = arn:aws:iam::1111:role/a\nsource_profile = james\n",
                "a",
                Err(
                    "config:2: role_arn: `1111` in `arn:aws:iam::1111:role/a`: an account id has twelve digits",
                ),
            ),
            row(
                "a session name that STS refuses",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\nrole_session_name = me myself\n",
                "a",
                Err(
                    "config:4: role_session_name: a session name has 2 to 64 letters, digits or any of _+=,.@-",
                ),
            ),
            row(
                "the source's account names a bare role",
                "[default]\naws_account_id = 111122223333\n",
                "deploy",
                Ok("AKIADEFAULT > ROLE/deploy"),
            ),
            row(
                "its region tells the partition",
                "[default]\naws_account_id = 111122223333\nregion = us-gov-west-1\n",
                "deploy",
                Ok("AKIADEFAULT > arn:aws-us-gov:iam::111122223333:role/deploy"),
            ),
        ],
        &Settings::default(),
        KEYS,
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn sources() {
    const ROLE_FROM: &str =
        "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\ncredential_source = ";
    let from =
        |kind: &str| -> &'static str { Box::leak(format!("{ROLE_FROM}{kind}\n").into_boxed_str()) };
    check(
        &[
            Row {
                rule: "credential_source = Environment",
                config: from("Environment"),
                variables: &[
                    ("AWS_ACCESS_KEY_ID", "AKIAENV"),
                    ("AWS_SECRET_ACCESS_KEY", "s"),
                ],
                target: Some("a"),
                wanted: Ok("AKIAENV > ROLE/a"),
            },
            row(
                "Environment without keys",
                from("Environment"),
                "a",
                Err(
                    "config:3: credential_source is Environment, but AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
                ),
            ),
            row(
                "credential_source = Ec2InstanceMetadata",
                from("Ec2InstanceMetadata"),
                "a",
                Ok("the role of this EC2 instance > ROLE/a"),
            ),
            Row {
                rule: "credential_source = EcsContainer",
                config: from("EcsContainer"),
                variables: &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")],
                target: Some("a"),
                wanted: Ok("the role of this container > ROLE/a"),
            },
            row(
                "EcsContainer outside a container",
                from("EcsContainer"),
                "a",
                Err(
                    "config:3: credential_source is EcsContainer, but neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set",
                ),
            ),
            row(
                "an unknown credential_source",
                from("Ec2"),
                "a",
                Err(
                    "config:3: credential_source `Ec2` is not one of Environment, Ec2InstanceMetadata, EcsContainer",
                ),
            ),
            row(
                "web identity",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nweb_identity_token_file = /token\n",
                "a",
                Ok("the web identity token in /token > ROLE/a"),
            ),
            row(
                "web identity without a role",
                "[profile a]\nweb_identity_token_file = /token\n",
                "a",
                Err("config:2: profile `a` has web_identity_token_file but no role_arn"),
            ),
            row(
                "a command",
                "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n[profile b]\ncredential_process = print-keys\n",
                "a",
                Ok("the credential_process of profile `b` > ROLE/a"),
            ),
            row(
                "keys of the config file come after a command",
                "[profile a]\ncredential_process = print-keys\naws_access_key_id = AKIAA\naws_secret_access_key = s\n",
                "a",
                Ok("the credential_process of profile `a`"),
            ),
            row(
                "keys of the credentials file before it",
                "[profile james]\ncredential_process = print-keys\n",
                "james",
                Ok("AKIAJAMES"),
            ),
            row(
                "an empty value is none",
                "[profile a]\nrole_arn =\nregion =\ncredential_process = print-keys\n",
                "a",
                Ok("the credential_process of profile `a`"),
            ),
            row(
                "a command that calls stsx for the same profile",
                "[profile a]\ncredential_process = stsx credential-process a\n",
                "a",
                Err(
                    "config:2: the credential_process of profile `a` starts from that profile again: a → a",
                ),
            ),
            row(
                "or over another profile",
                "[profile a]\ncredential_process = stsx credential-process b\n[profile b]\ncredential_process = stsx process a\n",
                "a",
                Err(
                    "config:2: the credential_process of profile `a` starts from that profile again: a → b → a",
                ),
            ),
            row(
                "but one that ends is fine",
                "[profile a]\ncredential_process = stsx credential-process b\n[profile b]\ncredential_process = print-keys\n",
                "a",
                Ok("the credential_process of profile `a`"),
            ),
            row(
                "SSO by session",
                "[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
                "a",
                Ok("the SSO login of profile `a`"),
            ),
            row(
                "SSO without its session",
                "[profile a]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n",
                "a",
                Err("config:2: there is no [sso-session corp]"),
            ),
            row(
                "SSO without a region",
                "[profile a]\nsso_account_id = 111122223333\nsso_role_name = Admin\nsso_start_url = https://corp.awsapps.com/start\n",
                "a",
                Err("config:1: profile `a` has no sso_region, which SSO needs"),
            ),
            row(
                "aws login",
                "[profile a]\nlogin_session = arn:aws:iam::111122223333:user/j\n",
                "a",
                Ok("the login session of profile `a`"),
            ),
        ],
        &Settings::default(),
        KEYS,
    );
}

#[test]
fn sources_without_a_profile() {
    let config = "[profile dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = s\n[default]\nregion = eu-west-1\n";
    let env = |rule, variables, wanted| Row {
        rule,
        config,
        variables,
        target: None,
        wanted,
    };
    check(
        &[
            env(
                "keys of the environment come first",
                &[
                    ("AWS_ACCESS_KEY_ID", "AKIAENV"),
                    ("AWS_SECRET_ACCESS_KEY", "s"),
                    ("AWS_PROFILE", "dev"),
                ],
                Ok("AKIAENV"),
            ),
            env("then AWS_PROFILE", &[("AWS_PROFILE", "dev")], Ok("AKIADEV")),
            env(
                "or AWS_DEFAULT_PROFILE",
                &[("AWS_DEFAULT_PROFILE", "dev")],
                Ok("AKIADEV"),
            ),
            env(
                "which must exist",
                &[("AWS_PROFILE", "dve")],
                Err("$AWS_PROFILE: there is no profile `dve`"),
            ),
            env(
                "half of the keys",
                &[("AWS_ACCESS_KEY_ID", "AKIAENV")],
                Err("$AWS_ACCESS_KEY_ID is set but $AWS_SECRET_ACCESS_KEY is not"),
            ),
            env(
                "then a web identity",
                &[
                    ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
                    ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/pod"),
                ],
                Ok("the web identity token in /token > ROLE/pod"),
            ),
            env(
                "then a container",
                &[(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "http://169.254.170.23/x",
                )],
                Ok("the role of this container"),
            ),
            env("then an instance", &[], Ok("the role of this EC2 instance")),
            env(
                "unless that is switched off",
                &[("AWS_EC2_METADATA_DISABLED", "true")],
                Err("no credentials to start from were found"),
            ),
        ],
        &Settings::default(),
        "",
    );
    check(
        &[Row {
            rule: "default before the surroundings",
            config,
            variables: &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x/")],
            target: None,
            wanted: Ok("AKIADEFAULT"),
        }],
        &Settings::default(),
        KEYS,
    );
}

#[test]
fn a_given_profile_is_the_source() {
    let config = "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = nobody\n";
    let settings = Settings {
        profile: Some(Sourced::new("james".into(), Origin::Flag("--profile"))),
        external_id: Some(Sourced::new("xid".into(), Origin::Flag("--external-id"))),
        ..Settings::default()
    };
    check(
        &[
            row(
                "of a bare role",
                config,
                "deploy",
                Ok("AKIAJAMES > role/deploy#xid"),
            ),
            row(
                "of a profile's role",
                config,
                "prod",
                Ok("AKIAJAMES > ROLE/deploy#xid"),
            ),
            row(
                "but not of a source",
                "",
                "default",
                Err("profile `default` has no role_arn, so --profile has nothing to assume"),
            ),
        ],
        &settings,
        KEYS,
    );
}

#[test]
fn aliases_come_first() {
    let alias = |target: &str| Sourced::new(target.to_owned(), Origin::Default);
    let settings = Settings {
        aliases: [
            ("prod".to_owned(), alias("111122223333:deploy")),
            ("same".to_owned(), alias("same")),
        ]
        .into(),
        ..Settings::default()
    };
    let config = "[profile prod]\nregion = eu-west-1\n[profile same]\naws_access_key_id = AKIASAME\naws_secret_access_key = s\n";
    check(
        &[
            row(
                "before profiles",
                config,
                "prod",
                Ok("AKIADEFAULT > ROLE/deploy"),
            ),
            row("and are followed once", config, "same", Ok("AKIASAME")),
        ],
        &settings,
        KEYS,
    );
}

#[test]
fn what_a_person_should_know_is_noted() {
    let config = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nduration_seconds = 7200\n\
                  [profile b]\nrole_arn = arn:aws:iam::111122223333:role/b\nsource_profile = james\n";
    let profiles = Profiles::of(config, KEYS);
    let notes = |target, pairs: &[(&str, &str)]| {
        let env: Env = pairs.iter().copied().collect();
        resolve(target, &Settings::default(), &profiles, &env)
            .unwrap()
            .notes
    };
    assert_eq!(
        notes(Wanted::Target("a"), &[]),
        [
            "arn:aws:iam::111122223333:role/a: the session is shortened from 2h (config:4) to 1h, the most that role chaining gets"
        ]
    );
    let shadowed = notes(
        Wanted::Current,
        &[
            ("AWS_ACCESS_KEY_ID", "A"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_PROFILE", "james"),
        ],
    );
    assert_eq!(
        shadowed,
        [
            "the keys in $AWS_ACCESS_KEY_ID are used; $AWS_PROFILE = james is not (as for the AWS CLI)"
        ]
    );
}

#[test]
fn the_key_changes_with_whatever_changes_the_result() {
    let base = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = james\n";
    let key = |config: &str, credentials: &str| {
        let plan = resolve(
            Wanted::Target("a"),
            &Settings::default(),
            &Profiles::of(config, credentials),
            &Env::default(),
        )
        .unwrap();
        plan.key(plan.hops.len())
    };
    let original = key(base, KEYS);
    assert_eq!(
        original,
        key(&format!("{base}output = json\nregion = eu-west-1\n"), KEYS)
    );
    for other in [
        "external_id = xid",
        "duration_seconds = 7200",
        "role_session_name = me",
        "mfa_serial = GAHT12345678",
        "source_identity = me",
        "policy = {}",
        "policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess",
        "session_tags = team=a",
        "session_tags = team=a\ntransitive_session_tags = team",
        "endpoint_url = http://127.0.0.1:1",
    ] {
        assert_ne!(original, key(&format!("{base}{other}\n"), KEYS), "{other}");
    }
    assert_ne!(original, key(base, &KEYS.replace("AKIAJAMES", "AKIAOTHER")));
    assert_ne!(original, key(&base.replace("role/a", "role/b"), KEYS));
    assert!(
        !original.text.contains("\"s\""),
        "no secret in {}",
        original.text
    );
}
