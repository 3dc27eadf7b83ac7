//! Whose policies say no: the caller's, the role's, the organisation's.

use serde_json::json;

use super::{JAMES, ROLE, allow, denied, home, identity_policy, trust};
use crate::support::{ACCOUNT, DEVICE};

#[test]
fn an_explicit_deny_is_looked_for_where_aws_says_it_is() {
    let home = home("");
    identity_policy(
        &home,
        &[
            allow(&["sts:*"]),
            json!({"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}),
        ],
    );
    denied(
        home.run(["assume", "prod"]),
        &[
            &format!("1. a Deny of sts:AssumeRole in the policies of {JAMES} applies"),
            "2. no MFA code was sent",
        ],
        &format!("hint: look for the Deny in the policies of {JAMES}"),
    );
    home.sandbox().device(ACCOUNT, "James");
    let code = home.code();
    home.run([
        "assume",
        "prod",
        "--mfa-serial",
        DEVICE,
        "--mfa-code",
        &code,
    ])
    .stdout_has("ASIA")
    .status(0);
    identity_policy(&home, &[allow(&["sts:*"])]);
    trust(
        &home,
        "deploy",
        &[
            json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}),
            json!({"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"AWS": JAMES}}),
        ],
    );
    denied(
        home.run(["assume", "prod"]),
        &[
            "a Deny of sts:AssumeRole in the trust policy of deploy applies",
            "no MFA code was sent",
        ],
        "hint: look for the Deny in the trust policy of deploy",
    );
}

#[test]
fn what_aws_says_of_one_side_leaves_the_other_out() {
    let denial = |why: &str| {
        let message = format!(
            "User: {JAMES} is not authorized to perform: sts:AssumeRole on resource: {ROLE} {why}"
        );
        home("").aws(|a| a.refuse(403, "AccessDenied", &message))
    };
    let nobody = denial("because no identity-based policy allows the sts:AssumeRole action");
    denied(
        nobody.run(["assume", "prod"]),
        &[
            &format!("1. the policies of {JAMES} must allow sts:AssumeRole on {ROLE}"),
            "2. no MFA code was sent",
        ],
        &format!("hint: allow sts:AssumeRole in the policies of {JAMES}"),
    );
    let scp = denial(
        "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1",
    );
    denied(
        scp.run(["assume", "prod"]),
        &[
            "in the service control policy applies",
            "no MFA code was sent",
        ],
        "hint: only who runs the organisation can change a service control policy",
    );
    let trust = denial("because no resource-based policy allows the sts:AssumeRole action");
    denied(
        trust.run(["assume", "prod"]),
        &[
            &format!("the trust policy of deploy must name {JAMES}"),
            "no external id",
            "no MFA code",
            "sts:RoleSessionName",
        ],
        "hint: look at the trust policy: aws iam get-role --role-name deploy",
    );
}

#[test]
fn another_accounts_role_needs_both_sides() {
    let partner = "arn:aws:iam::444455556666:role/partner";
    let home = home("").aws(|a| a.role(partner).external_id("42").without_policy("James"));
    denied(
        home.run(["assume", partner]),
        &[
            "or its account, whose own policies must allow sts:AssumeRole on the role too",
            "no external id",
            "no MFA code",
            "sts:RoleSessionName",
            "there must be a role partner",
        ],
        "hint: if account 444455556666 gave you an external id, send it: --external-id ID",
    );
    denied(
        home.run([
            "assume",
            partner,
            "--external-id",
            "42",
            "--source-identity",
            "a1",
        ]),
        &[
            "must allow sts:AssumeRole on the role too",
            "the external id must be the one in the trust policy",
            "no MFA code",
            "the source identity `a1` was sent: what allows sts:AssumeRole must allow",
            "sts:RoleSessionName",
            "there must be a role partner",
        ],
        "hint: ask account 444455556666 what the trust policy of partner says",
    );
    identity_policy(&home, &[allow(&["sts:AssumeRole"])]);
    home.run(["assume", partner, "--external-id", "42"])
        .stdout_has("ASIA")
        .status(0);
}
