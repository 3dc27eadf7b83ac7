"""The record of requests: it holds what boto3 sent, and what it was told."""

import datetime

from judges.signatures import send
from judges.world import Person, refused, trust


def what_was_asked(sandbox):
    role = sandbox.world.role(trust(sandbox.world.user().arn))
    call = {"RoleArn": role, "RoleSessionName": "a b&c", "Tags": [{"Key": "team", "Value": "ü=1"}]}
    refused("ValidationError", sandbox.world.sts.assume_role, **call)
    last = sandbox.requests()[-1]
    assert (last["service"], last["operation"], last["region"]) == ("sts", "AssumeRole", "us-east-1"), last
    sent = {
        "RoleArn": role,
        "RoleSessionName": "a b&c",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "ü=1",
    }
    assert last["parameters"] == sent, last


def in_which_order(sandbox):
    sandbox.world.sts.get_caller_identity()
    sandbox.world.s3.list_buckets()
    sandbox.world.iam.list_users()
    sandbox.world.admin.client("ec2", "eu-west-3").describe_instances()
    made = [(one["service"], one["operation"], one["region"]) for one in sandbox.requests()]
    assert made == [
        ("sts", "GetCallerIdentity", "us-east-1"),
        ("s3", "ListBuckets", "us-east-1"),
        ("iam", "ListUsers", "us-east-1"),
        ("ec2", "DescribeInstances", "eu-west-3"),
    ], made


def who_called(sandbox):
    james = sandbox.world.user()
    session = james.assume(sandbox.world.role(trust(james.arn)), "me")
    for person, has_token in ((james, False), (session, True)):
        arn = person.sts.get_caller_identity()["Arn"]
        last = sandbox.requests()[-1]
        assert (last["caller"], last["access_key_id"], last["session_token"]) == (arn, person.key, has_token), last


def who_was_not_believed(sandbox):
    liar = Person(sandbox.world, sandbox.world.user().key, "x" * 40)
    refused("SignatureDoesNotMatch", liar.sts.get_caller_identity)
    last = sandbox.requests()[-1]
    assert (last["caller"], last["access_key_id"], last["status"]) == (None, liar.key, 403), last
    send(f"{sandbox.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15")
    last = sandbox.requests()[-1]
    assert (last["operation"], last["caller"], last["access_key_id"]) == ("GetCallerIdentity", None, None), last


def when_and_with_which_status(sandbox):
    james = sandbox.world.user()
    role = sandbox.world.role(trust(james.arn, {"StringEquals": {"sts:ExternalId": "right"}}))
    sandbox.clock(86_400)
    james.denied(role)
    james.assume(role, ExternalId="right")
    denied, allowed = sandbox.requests()[-2:]
    assert (denied["status"], allowed["status"]) == (403, 200), (denied, allowed)
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    assert abs(denied["time"] - now - 86_400) < 60 and denied["time"] <= allowed["time"], denied
