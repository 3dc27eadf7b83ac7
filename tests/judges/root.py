"""The root user, with real keys of their own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
"""

import datetime

from judges.world import allow, deny, document, refused, trust


def root_is_the_account(sandbox):
    root = sandbox.root()
    who = root.sts.get_caller_identity()
    assert (who["Arn"], who["UserId"]) == (sandbox.world.root(), sandbox.world.account), who
    assert root.key.startswith("AKIA"), root.key


def root_may_not_assume(sandbox):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
    root, text = sandbox.root(), "Roles may not be assumed by root accounts."
    for trusted in (sandbox.world.root(), "*"):
        call = {"RoleArn": sandbox.world.role(trust(trusted)), "RoleSessionName": "me"}
        refused("AccessDenied", root.sts.assume_role, status=403, text=text, **call)
        session = sandbox.world.session(root.sts.get_session_token())
        refused("AccessDenied", session.sts.assume_role, status=403, text=text, **call)


def root_may_everything_else(sandbox):
    root = sandbox.root()
    root.client("iam").list_users()
    root.client("s3").list_buckets()
    root.client("ec2").describe_instances()


def sessions_of_root_last_an_hour(sandbox):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"""
    root = sandbox.root()
    for asked, seconds in (({}, 3600), ({"DurationSeconds": 7200}, 3600), ({"DurationSeconds": 900}, 900)):
        end = root.sts.get_session_token(**asked)["Credentials"]["Expiration"]
        left = (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        assert seconds - 100 < left <= seconds + 60, (asked, left)


def a_session_of_root_is_root(sandbox):
    session = sandbox.world.session(sandbox.root().sts.get_session_token())
    assert session.sts.get_caller_identity()["Arn"] == sandbox.world.root()
    session.client("s3").list_buckets()


def root_is_stopped_by_no_policy_of_users(sandbox):
    """Identity policies are of users, groups and roles; a role's trust is no obstacle to changing it."""
    world, root = sandbox.world, sandbox.root()
    james = world.user(allow("*"), deny("s3:*"))
    refused("AccessDenied", james.client("s3").list_buckets, status=403)
    role = world.role(trust("*", effect="Deny"))
    call = {"RoleName": role.rsplit("/", 1)[-1], "PolicyDocument": document(trust(james.arn))}
    root.client("iam").update_assume_role_policy(**call)
    james.assume(role)
