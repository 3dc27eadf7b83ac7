"""What a session may and carries: session policies, tags, source identity.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
"""

import datetime

from judges.world import allow, deny, document, refused, trust

TAGGING = ["sts:AssumeRole", "sts:TagSession"]
NAMING = ["sts:AssumeRole", "sts:SetSourceIdentity"]


def _tag(key, value):
    return {"Key": key, "Value": value}


def a_session_may_what_its_role_may(world):
    james = world.user()
    session = james.assume(world.role(trust(james.arn), may=[allow(["s3:Get*", "s3:List*"])]))
    session.client("s3").list_buckets()
    refused("AccessDenied", session.client("iam").list_users, status=403)
    refused("AccessDenied", james.client("s3").list_buckets, status=403)


def answer_of_assume_role(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
    james = world.user()
    role = world.role(trust(james.arn))
    answer = james.sts.assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=1800)
    user = answer["AssumedRoleUser"]
    assert user["Arn"].endswith(f":assumed-role/{role.rsplit('/', 1)[-1]}/me"), user
    assert user["AssumedRoleId"].startswith("AROA") and user["AssumedRoleId"].endswith(":me"), user
    end = answer["Credentials"]["Expiration"]
    left = (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    assert 1700 < left <= 1860, f"{left} s are left of 1800"
    assert "PackedPolicySize" not in answer and "SourceIdentity" not in answer, answer


def an_hour_is_the_default(world):
    james = world.user()
    answer = james.sts.assume_role(RoleArn=world.role(trust(james.arn)), RoleSessionName="me")
    left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 3500 < left.total_seconds() <= 3660, left
    left = james.sts.get_session_token()["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 43100 < left.total_seconds() <= 43260, left


def session_policy_only_narrows(world):
    james = world.user()
    role = world.role(trust(james.arn), may=[allow("s3:*")])
    session = james.assume(role, Policy=document(allow("iam:*")))
    refused("AccessDenied", session.client("s3").list_buckets, status=403)
    refused("AccessDenied", session.client("iam").list_users, status=403)
    james.assume(role, Policy=document(allow("s3:List*"))).client("s3").list_buckets()
    session = james.assume(role, Policy=document(allow("*"), deny("s3:ListAllMyBuckets")))
    refused("AccessDenied", session.client("s3").list_buckets, status=403)


def session_policies_by_arn(world):
    james = world.user()
    role = world.role(trust(james.arn), may=[allow("*")])
    read = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]
    session = james.assume(role, PolicyArns=read)
    session.client("s3").list_buckets()
    refused("AccessDenied", session.client("iam").list_users, status=403)


def session_policy_has_a_packed_size(world):
    james = world.user()
    call = {"RoleArn": world.role(trust(james.arn)), "RoleSessionName": "me"}
    size = james.sts.assume_role(Policy=document(allow("s3:*")), **call)["PackedPolicySize"]
    assert 0 < size < 50, size


def session_policy_must_be_a_policy(world):
    james = world.user()
    call = {"RoleArn": world.role(trust(james.arn)), "RoleSessionName": "me"}
    for wrong in ("not json", '{"Version":"2012-10-17"}', '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}'):
        refused("MalformedPolicyDocument", james.sts.assume_role, status=400, Policy=wrong, **call)


def tags_need_tag_session(world):
    james = world.user()
    role = world.role(trust(james.arn))
    james.denied(role, action="sts:TagSession", Tags=[_tag("team", "red")])
    role = world.role(trust(james.arn, actions=TAGGING))
    james.assume(role, Tags=[_tag("team", "red")])


def tags_of_a_session_are_principal_tags(world):
    james = world.user()
    first = world.role(trust(james.arn, actions=TAGGING), Tags=[_tag("team", "blue")])
    second = world.role(trust(first, {"StringEquals": {"aws:PrincipalTag/team": "red"}}))
    james.assume(first).denied(second)
    james.assume(first, Tags=[_tag("team", "red")]).assume(second)


def tags_of_a_role_are_principal_tags(world):
    james = world.user()
    first = world.role(trust(james.arn), Tags=[_tag("team", "blue")])
    james.assume(first).assume(world.role(trust(first, {"StringEquals": {"aws:PrincipalTag/team": "blue"}})))


def only_transitive_tags_go_on(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining"""
    james = world.user()
    first = world.role(trust(james.arn, actions=TAGGING))
    second = world.role(trust(first, actions=TAGGING))
    third = world.role(trust(second, {"StringEquals": {"aws:PrincipalTag/team": "red"}}, actions=TAGGING))
    untagged = world.role(trust(second))
    tags = [_tag("team", "red")]
    james.assume(first, Tags=tags).assume(second).denied(third)
    session = james.assume(first, Tags=tags, TransitiveTagKeys=["team"]).assume(second)
    session.assume(third)
    # Tags that go on are passed anew, which each role must allow.
    session.denied(untagged, action="sts:TagSession")


def transitive_tags_stay_as_they_are(world):
    """A tag that was passed on cannot be changed."""
    james = world.user()
    first = world.role(trust(james.arn, actions=TAGGING))
    second = world.role(trust(first, actions=TAGGING))
    session = james.assume(first, Tags=[_tag("team", "red")], TransitiveTagKeys=["team"])
    call = {"RoleArn": second, "RoleSessionName": "me", "Tags": [_tag("team", "blue")]}
    refused(("InvalidParameterValue", "AccessDenied", "ValidationError"), session.sts.assume_role, **call)


def tag_keys_are_unique(world):
    james = world.user()
    role = world.role(trust(james.arn, actions=TAGGING))
    call = {"RoleArn": role, "RoleSessionName": "me", "Tags": [_tag("team", "red"), _tag("TEAM", "blue")]}
    refused(("InvalidParameterValue", "InvalidInput"), james.sts.assume_role, status=400, **call)


def at_most_fifty_tags(world):
    james = world.user()
    role = world.role(trust(james.arn, actions=TAGGING))
    tags = [_tag(f"k{number}", "v") for number in range(51)]
    call = {"RoleArn": role, "RoleSessionName": "me", "Tags": tags}
    refused("ValidationError", james.sts.assume_role, status=400, **call)


def source_identity_needs_permission(world):
    james = world.user()
    james.denied(world.role(trust(james.arn)), action="sts:SetSourceIdentity", SourceIdentity="james")
    role = world.role(trust(james.arn, actions=NAMING))
    answer = james.sts.assume_role(RoleArn=role, RoleSessionName="me", SourceIdentity="james")
    assert answer["SourceIdentity"] == "james", answer


def source_identity_stays(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-chain"""
    james = world.user()
    first = world.role(trust(james.arn, actions=NAMING))
    second = world.role(trust(first, {"StringEquals": {"aws:SourceIdentity": "james"}}, actions=NAMING))
    james.assume(first).denied(second)
    session = james.assume(first, SourceIdentity="james")
    answer = session.sts.assume_role(RoleArn=second, RoleSessionName="me")
    assert answer["SourceIdentity"] == "james", answer
    call = {"RoleArn": second, "RoleSessionName": "me", "SourceIdentity": "mary"}
    refused("AccessDenied", session.sts.assume_role, status=403, **call)


def source_identity_going_on_needs_permission(world):
    james = world.user()
    first = world.role(trust(james.arn, actions=NAMING))
    second = world.role(trust(first))
    session = james.assume(first, SourceIdentity="james")
    session.denied(second, action="sts:SetSourceIdentity")


def transitive_tags_are_among_the_tags(world):
    james = world.user()
    role = world.role(trust(james.arn, actions=TAGGING))
    call = {"RoleArn": role, "RoleSessionName": "me", "Tags": [_tag("team", "red")]}
    refused("InvalidParameterValue", james.sts.assume_role, status=400, TransitiveTagKeys=["project"], **call)
    james.assume(role, Tags=[_tag("team", "red")], TransitiveTagKeys=["TEAM"])


def sizes_of_tags(world):
    """128 characters of a key, 256 of a value."""
    james = world.user()
    role = world.role(trust(james.arn, actions=TAGGING))
    james.assume(role, Tags=[_tag("k" * 128, "v" * 256)])
    for tag in (_tag("k" * 129, "v"), _tag("k", "v" * 257), _tag("", "v")):
        call = {"RoleArn": role, "RoleSessionName": "me", "Tags": [tag]}
        refused("ValidationError", james.sts.assume_role, status=400, **call)


def ten_session_policies_at_most(world):
    james = world.user()
    call = {"RoleArn": world.role(trust(james.arn)), "RoleSessionName": "me"}
    none = [{"arn": f"arn:aws:iam::{world.account}:policy/none"}]
    refused(("InvalidParameterValue", "MalformedPolicyDocument"), james.sts.assume_role, PolicyArns=none, **call)
    read = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}] * 11
    refused("ValidationError", james.sts.assume_role, status=400, PolicyArns=read, **call)


def a_session_policy_does_not_reach_the_next_role(world):
    james = world.user()
    first = world.role(trust(james.arn))
    me = f"arn:aws:sts::{world.account}:assumed-role/{first.rsplit('/', 1)[-1]}/me"
    second = world.role(trust(me), may=[allow("s3:*")])
    session = james.assume(first, "me", Policy=document(allow("iam:*")))
    session.assume(second).client("s3").list_buckets()
