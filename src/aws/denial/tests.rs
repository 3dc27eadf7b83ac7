//! A row per thing that AWS or a call can say.

use std::collections::BTreeMap;

use super::*;
use crate::plan::{Origins, RoleReference, Scope};

const JAMES: &str = "arn:aws:iam::111122223333:user/James";
const HUB: &str = "arn:aws:sts::444455556666:assumed-role/hub/james";

fn arn(name: &str) -> RoleArn {
    RoleArn::new("aws", "111122223333", name)
}

fn role(name: &str) -> Role {
    Role {
        reference: RoleReference::Arn(arn(name)),
        duration_seconds: 3600,
        session_name: None,
        external_id: None,
        mfa_serial: None,
        source_identity: None,
        scope: Scope::default(),
        transitive_tags: Vec::new(),
        origins: Origins::new(),
        profile: None,
    }
}

fn tagged(name: &str, keys: &[&str]) -> Role {
    let tags = keys.iter().map(|key| ((*key).to_owned(), "x".to_owned()));
    let mut role = role(name);
    role.scope.tags = tags.collect::<BTreeMap<_, _>>();
    role
}

/// What differs from James calling with a code of his own.
struct Case<'a> {
    caller: &'a str,
    before: &'a [&'a Role],
    shown: Shown,
    existence: Existence,
}

const USUAL: Case<'static> = Case {
    caller: JAMES,
    before: &[],
    shown: Shown::Code,
    existence: Existence::There,
};

/// The advice to a message that begins as AWS's do.
fn advice(role: &Role, rest: &str, case: &Case<'_>) -> Advice {
    let arn = arn("deploy");
    let subject = Subject {
        role,
        arn: &arn,
        session_name: "james",
        caller: Some(case.caller),
        source: None,
        before: case.before,
        shown: case.shown,
        existence: case.existence,
    };
    let message = format!("User: {} is not authorized to perform: {rest}", case.caller);
    subject.advice(&message)
}

#[track_caller]
fn has(advice: &Advice, parts: &[&str]) {
    assert_eq!(advice.checks.len(), parts.len(), "{advice:#?}");
    for (check, part) in advice.checks.iter().zip(parts) {
        assert!(check.contains(part), "{part}: {advice:#?}");
    }
}

#[test]
fn a_kind_of_policy_that_aws_names_is_the_only_one_spoken_of() {
    let plain = role("deploy");
    let action = "sts:AssumeRole on resource: r";
    for (rest, check, hint) in [
        (
            "with an explicit deny in an identity-based policy",
            "a Deny of sts:AssumeRole in the policies of arn:aws:iam::111122223333:user/James applies",
            "look for the Deny in the policies of",
        ),
        (
            "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1",
            "in the service control policy applies",
            "only who runs the organisation can change a service control policy",
        ),
        (
            "with an explicit deny in a permissions boundary",
            "in the permissions boundary of arn:aws:iam::111122223333:user/James applies",
            "look for the Deny in the permissions boundary",
        ),
        (
            "with an explicit deny in a session policy",
            "in the session policy of",
            "look for the Deny in the session policy",
        ),
        (
            "with an explicit deny in the role trust policy",
            "in the trust policy of deploy applies",
            "look for the Deny in the trust policy of deploy",
        ),
        (
            "with an explicit deny in a resource-based policy",
            "in the trust policy of deploy applies",
            "look for the Deny in the trust policy of deploy",
        ),
        (
            "because no identity-based policy allows the sts:AssumeRole action",
            "the policies of arn:aws:iam::111122223333:user/James must allow sts:AssumeRole on arn:aws:iam::111122223333:role/deploy",
            "allow sts:AssumeRole in the policies of arn:aws:iam::111122223333:user/James",
        ),
        (
            "because no permissions boundary allows the sts:AssumeRole action",
            "the permissions boundary of arn:aws:iam::111122223333:user/James must allow",
            "allow sts:AssumeRole in the permissions boundary",
        ),
        (
            "because no VPC endpoint policy allows the sts:AssumeRole action",
            "the VPC endpoint policy must allow sts:AssumeRole",
            "allow sts:AssumeRole in the VPC endpoint policy",
        ),
    ] {
        let advice = advice(&plain, &format!("{action} {rest}"), &USUAL);
        has(&advice, &[check]);
        assert!(
            advice.hint.as_ref().unwrap().starts_with(hint),
            "{advice:#?}"
        );
    }
    let trust = "because no resource-based policy allows the sts:AssumeRole action";
    let advice = advice(&plain, &format!("{action} {trust}"), &USUAL);
    has(
        &advice,
        &[
            "must name arn:aws:iam",
            "no external id",
            "sts:RoleSessionName",
        ],
    );
}

#[test]
fn what_the_call_had_and_lacked_is_listed_in_order() {
    let plain = role("deploy");
    let silent = "sts:AssumeRole on resource: r";
    let first = "whose own policies must allow sts:AssumeRole if it names the account only";
    let name = "a condition on sts:RoleSessionName must accept `james`";
    has(
        &advice(
            &plain,
            silent,
            &Case {
                shown: Shown::Nothing,
                existence: Existence::Unknown,
                ..USUAL
            },
        ),
        &[
            first,
            "no external id",
            "no MFA code",
            name,
            "there must be a role deploy",
        ],
    );
    let young = advice(
        &plain,
        silent,
        &Case {
            shown: Shown::Session(59),
            ..USUAL
        },
    );
    has(&young, &[first, "no external id", name]);
    let old = advice(
        &plain,
        silent,
        &Case {
            shown: Shown::Session(7200),
            ..USUAL
        },
    );
    has(
        &old,
        &[first, "no external id", "the MFA code is 2h old", name],
    );
    let id = Role {
        external_id: Some("42".to_owned()),
        ..role("deploy")
    };
    let chained = advice(
        &id,
        silent,
        &Case {
            shown: Shown::Role,
            caller: HUB,
            ..USUAL
        },
    );
    has(
        &chained,
        &[
            "must name role hub of account 444455556666 or its account, whose own policies must allow sts:AssumeRole on the role too",
            "the external id must be the one",
            "shows no MFA",
            name,
        ],
    );
    assert!(
        chained
            .hint
            .unwrap()
            .starts_with("ask account 111122223333")
    );
    let foreign = advice(
        &plain,
        silent,
        &Case {
            caller: HUB,
            ..USUAL
        },
    );
    assert!(foreign.hint.unwrap().contains("--external-id ID"));
}

#[test]
fn tags_and_source_identities_say_where_they_come_from() {
    let (team, hub) = (
        tagged("deploy", &["cost", "team"]),
        Role {
            transitive_tags: vec!["team".to_owned()],
            source_identity: Some("alice".to_owned()),
            ..role("hub")
        },
    );
    let tagging = "sts:TagSession on resource: r";
    let sent = advice(&team, tagging, &USUAL);
    has(
        &sent,
        &["tags were sent (cost, team): what allows sts:AssumeRole must allow sts:TagSession too"],
    );
    assert_eq!(
        sent.hint.unwrap(),
        "allow sts:TagSession beside sts:AssumeRole, in the trust policy of deploy and in the caller's own policies"
    );
    let (plain, before) = (role("deploy"), [&hub]);
    let after = |role: &Role, rest: &str| {
        advice(
            role,
            rest,
            &Case {
                before: &before,
                ..USUAL
            },
        )
    };
    has(
        &after(&plain, tagging),
        &["transitive tags came along (team from hub)"],
    );
    has(
        &after(&team, tagging),
        &["tags were sent (cost, team) and came along (team from hub)"],
    );
    let naming = "sts:SetSourceIdentity on resource: r";
    has(
        &after(&plain, naming),
        &["the source identity `alice` came along from hub"],
    );
    let bob = Role {
        source_identity: Some("bob".to_owned()),
        ..role("deploy")
    };
    has(
        &after(&bob, naming),
        &["is `alice` since hub, and cannot become `bob`"],
    );
    has(
        &advice(&bob, naming, &USUAL),
        &["the source identity `bob` was sent"],
    );
}

#[test]
fn a_revoked_or_limited_session_is_spoken_of() {
    let (plain, limited) = (
        role("deploy"),
        Role {
            scope: Scope {
                policy: Some("{}".to_owned()),
                ..Scope::default()
            },
            ..role("hub")
        },
    );
    let before = [&limited];
    let chained = |rest: &str| {
        advice(
            &plain,
            &format!("sts:AssumeRole {rest}"),
            &Case {
                caller: HUB,
                shown: Shown::Role,
                before: &before,
                ..USUAL
            },
        )
    };
    has(
        &chained("with an explicit deny in an identity-based policy"),
        &[
            "in the policies of role hub of account 444455556666",
            "aws:TokenIssueTime",
        ],
    );
    has(
        &chained("because no session policy allows the sts:AssumeRole action"),
        &[
            "the session policy of role hub",
            "the session of hub was limited on the way here",
        ],
    );
}

#[test]
fn some_callers_can_never_assume() {
    let plain = role("deploy");
    let mfa = Role {
        mfa_serial: Some("arn:aws:iam::111122223333:mfa/James".to_owned()),
        ..role("deploy")
    };
    for (role, caller, message, hint) in [
        (
            &plain,
            JAMES,
            "Roles may not be assumed by root accounts.",
            "the root user cannot",
        ),
        (
            &plain,
            "arn:aws:sts::1:federated-user/f",
            "",
            "a federated user cannot",
        ),
        (
            &mfa,
            JAMES,
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
            "the MFA code was not accepted",
        ),
        (
            &mfa,
            JAMES,
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid",
            "check mfa_serial: arn:aws:iam::111122223333:mfa/James is not a device of arn",
        ),
    ] {
        let advice = advice(role, message, &Case { caller, ..USUAL });
        has(&advice, &[]);
        assert!(
            advice.hint.as_ref().unwrap().starts_with(hint),
            "{advice:#?}"
        );
    }
}

#[test]
fn several_checks_are_numbered() {
    let mut advice = Advice::default();
    assert_eq!(advice.lines(), Vec::<String>::new());
    advice.checks.push("a".to_owned());
    assert_eq!(advice.lines(), ["check: a"]);
    advice.checks.push("b".to_owned());
    assert_eq!(advice.lines(), ["1. a", "2. b"]);
}
