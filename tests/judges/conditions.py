"""Condition keys and operators of trust policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from judges.world import allow, document, trust

TAGGING = ["sts:AssumeRole", "sts:TagSession"]
PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


def _tag(key, value):
    return {"Key": key, "Value": value}


def _wants(world, condition, actions="sts:AssumeRole", **user):
    """James, and a role that trusts him under this condition."""
    james = world.user(**user)
    return james, world.role(trust(james.arn, condition, actions=actions))


def external_id(world):
    james, role = _wants(world, {"StringEquals": {"sts:ExternalId": "Example-Corp/1234"}})
    james.denied(role)
    james.denied(role, ExternalId="example-corp/1234")
    james.assume(role, ExternalId="Example-Corp/1234")


def external_id_of_several(world):
    james, role = _wants(world, {"StringEquals": {"sts:ExternalId": ["one", "two"]}})
    james.denied(role, ExternalId="three")
    james.assume(role, ExternalId="two")


def external_id_like(world):
    james, role = _wants(world, {"StringLike": {"sts:ExternalId": "team-*"}})
    james.denied(role, ExternalId="a-team-1")
    james.assume(role, ExternalId="team-1")


def external_id_ignoring_case(world):
    james, role = _wants(world, {"StringEqualsIgnoreCase": {"sts:ExternalId": "Example"}})
    james.assume(role, ExternalId="eXAMPLE")
    james.denied(role, ExternalId="Example2")


def external_id_if_exists(world):
    james, role = _wants(world, {"StringEqualsIfExists": {"sts:ExternalId": "right"}})
    james.assume(role)
    james.assume(role, ExternalId="right")
    james.denied(role, ExternalId="wrong")


def absent_key_does_not_equal_but_does_not_not_equal(world):
    james, role = _wants(world, {"StringNotEquals": {"sts:ExternalId": "wrong"}})
    james.assume(role)
    james.assume(role, ExternalId="right")
    james.denied(role, ExternalId="wrong")


def null(world):
    james, role = _wants(world, {"Null": {"sts:ExternalId": "true"}})
    james.assume(role)
    james.denied(role, ExternalId="any")
    james, role = _wants(world, {"Null": {"sts:ExternalId": "false"}})
    james.denied(role)
    james.assume(role, ExternalId="any")


def all_conditions_must_hold(world):
    condition = {
        "StringEquals": {"sts:ExternalId": "right", "sts:RoleSessionName": "me"},
        "Bool": {"aws:SecureTransport": "false"},
    }
    james, role = _wants(world, condition)
    secure = world.endpoint.startswith("https:")
    assert not secure, "this check wants plain HTTP"
    james.denied(role, ExternalId="right")
    james.denied(role, "me")
    james.assume(role, "me", ExternalId="right")


def condition_keys_ignore_case(world):
    james, role = _wants(world, {"StringEquals": {"STS:externalid": "right"}})
    james.assume(role, ExternalId="right")
    james.denied(role, ExternalId="wrong")


def session_name(world):
    james, role = _wants(world, {"StringLike": {"sts:RoleSessionName": "james-*"}})
    james.denied(role, "mary-1")
    james.assume(role, "james-1")


def session_name_is_the_users(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname"""
    james, role = _wants(world, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}})
    james.denied(role, "somebody")
    james.assume(role, james.name)


def mfa_present_is_absent_for_long_term_keys(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
    james, role = _wants(world, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    james.denied(role)
    james, role = _wants(world, {"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    james.denied(role)
    james, role = _wants(world, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})
    james.assume(role)


def mfa_present_is_false_for_sessions_without(world):
    james, role = _wants(world, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})
    session = world.session(james.sts.get_session_token())
    session.arn = james.arn
    session.denied(role)
    james, role = _wants(world, {"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    world.session(james.sts.get_session_token()).assume(role)


def principal_tag(world):
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    james, role = _wants(world, condition, Tags=[_tag("team", "red")])
    james.assume(role)
    mary, role = _wants(world, condition, Tags=[_tag("team", "blue")])
    mary.denied(role)
    mary.world.iam.tag_user(UserName=mary.name, Tags=[_tag("team", "red")])
    mary.assume(role)
    mary.world.iam.untag_user(UserName=mary.name, TagKeys=["team"])
    mary.denied(role)


def request_tag(world):
    james, role = _wants(world, {"StringEquals": {"aws:RequestTag/project": "apollo"}}, TAGGING)
    james.denied(role)
    james.denied(role, Tags=[_tag("project", "gemini")])
    james.assume(role, Tags=[_tag("project", "apollo")])


def tag_keys_for_all_values(world):
    james, role = _wants(world, {"ForAllValues:StringEquals": {"aws:TagKeys": ["project", "team"]}}, TAGGING)
    james.assume(role)
    james.assume(role, Tags=[_tag("project", "x"), _tag("team", "y")])
    james.denied(role, Tags=[_tag("project", "x"), _tag("other", "y")])


def tag_keys_for_any_value(world):
    james, role = _wants(world, {"ForAnyValue:StringEquals": {"aws:TagKeys": ["project"]}}, TAGGING)
    james.denied(role)
    james.denied(role, Tags=[_tag("other", "y")])
    james.assume(role, Tags=[_tag("other", "y"), _tag("project", "x")])


def transitive_tag_keys(world):
    james, role = _wants(world, {"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["project"]}}, TAGGING)
    tags = [_tag("project", "x"), _tag("team", "y")]
    james.assume(role, Tags=tags, TransitiveTagKeys=["project"])
    james.denied(role, Tags=tags, TransitiveTagKeys=["team"])


def source_identity(world):
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity"]
    james, role = _wants(world, {"StringLike": {"sts:SourceIdentity": "james*"}}, actions)
    james.denied(role)
    james.denied(role, SourceIdentity="mary")
    james.assume(role, SourceIdentity="james1")


def source_ip(world):
    james, role = _wants(world, {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})
    james.assume(role)
    james, role = _wants(world, {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.7"]}})
    james.denied(role)
    james, role = _wants(world, {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    james.assume(role)


def token_issue_time(world):
    james, role = _wants(world, {"DateGreaterThan": {"aws:TokenIssueTime": PAST}})
    # Keys of a user have no such time.
    james.denied(role)
    world.session(james.sts.get_session_token()).assume(role)
    james, role = _wants(world, {"DateLessThan": {"aws:TokenIssueTime": PAST}})
    session = world.session(james.sts.get_session_token())
    session.arn = james.arn
    session.denied(role)


def old_sessions_are_revoked(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"""
    james = world.user()
    revoked = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": FUTURE}},
    }
    second = world.role(trust(world.root()))
    first = world.role(trust(james.arn), may=[allow("*")])
    session = james.assume(first)
    session.assume(second)
    name = first.rsplit("/", 1)[-1]
    world.iam.put_role_policy(RoleName=name, PolicyName="revoked", PolicyDocument=document(revoked))
    session.denied(second)


def current_time(world):
    james, role = _wants(
        world, {"DateLessThan": {"aws:CurrentTime": FUTURE}, "DateGreaterThan": {"aws:CurrentTime": PAST}}
    )
    james.assume(role)
    james, role = _wants(world, {"DateLessThan": {"aws:CurrentTime": PAST}})
    james.denied(role)
    james, role = _wants(world, {"NumericGreaterThan": {"aws:EpochTime": "1500000000"}})
    james.assume(role)


def principal_arn(world):
    james = world.user()
    james.assume(
        world.role(trust(world.account), trust("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/user-*"}}))
    )
    james.denied(world.role(trust("*", {"ArnEquals": {"aws:PrincipalArn": world.user().arn}})))


def principal_arn_of_a_session_is_its_role(world):
    james = world.user()
    first = world.role(trust(james.arn))
    second = world.role(trust("*", {"ArnEquals": {"aws:PrincipalArn": first}}))
    james.denied(second)
    james.assume(first).assume(second)


def principal_account(world):
    world.user().assume(world.role(trust("*", {"StringEquals": {"aws:PrincipalAccount": world.account}})))
    world.user().denied(world.role(trust("*", {"StringEquals": {"aws:PrincipalAccount": "999988887777"}})))


def deny_unless(world):
    """The pattern of AWS's own examples: allow, and deny where a condition does not hold."""
    james = world.user()
    unless = trust(james.arn, {"StringNotEquals": {"sts:ExternalId": "right"}}, effect="Deny")
    role = world.role(trust(james.arn), unless)
    james.denied(role)
    james.denied(role, ExternalId="wrong")
    james.assume(role, ExternalId="right")
