"""Where the sandbox is: behind TLS, in another partition.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from botocore.exceptions import SSLError

from judges.control import Sandbox
from judges.world import World, allow, document, refused, trust


def tls_with_a_private_authority():
    sandbox = Sandbox(tls=True)
    assert sandbox.endpoint.startswith("https://"), sandbox.endpoint
    assert sandbox.world.sts.get_caller_identity()["Account"] == sandbox.world.account
    admin = sandbox.world.admin
    for stranger in (True, Sandbox(tls=True).ca):
        elsewhere = World(sandbox.endpoint, sandbox.region, sandbox.world.account, admin.key, admin.secret, ca=stranger)
        try:
            elsewhere.sts.get_caller_identity()
        except SSLError as error:
            assert "certificate verify failed" in str(error), error
        else:
            raise AssertionError("a certificate of nobody's was trusted")


def secure_transport():
    for tls, yes, no in ((True, "true", "false"), (False, "false", "true")):
        world = Sandbox(tls=tls).world
        james = world.user()
        james.assume(world.role(trust(james.arn, {"Bool": {"aws:SecureTransport": yes}})))
        james.denied(world.role(trust(james.arn, {"Bool": {"aws:SecureTransport": no}})))


def objects_in_chunks():
    """Over TLS, boto3 sends a checksum behind the body.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    """
    s3, body = Sandbox(tls=True).world.s3, bytes(range(256)) * 1000
    s3.create_bucket(Bucket="reports")
    s3.put_object(Bucket="reports", Key="big", Body=body)
    assert s3.get_object(Bucket="reports", Key="big")["Body"].read() == body


def partitions():
    for region, partition in (("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")):
        world = Sandbox(region).world
        james = world.user()
        assert james.arn == f"arn:{partition}:iam::{world.account}:user/{james.name}", james.arn
        role = world.role(trust(f"arn:{partition}:iam::{world.account}:root"))
        james.denied(role)
        session = james.may(allow("sts:AssumeRole", role)).assume(role)
        who = session.sts.get_caller_identity()["Arn"]
        assert who.startswith(f"arn:{partition}:sts::{world.account}:assumed-role/"), who
        policy = f"arn:{partition}:iam::aws:policy/AmazonS3ReadOnlyAccess"
        world.iam.attach_user_policy(UserName=james.name, PolicyArn=policy)
        james.client("s3").list_buckets()


def partitions_do_not_know_each_other():
    world = Sandbox("cn-north-1").world
    role = world.role(trust(world.account)).rsplit("/", 1)[-1]
    for principal in (f"arn:aws:iam::{world.account}:root", f"arn:aws:iam::{world.account}:user/admin"):
        call = {"RoleName": role, "PolicyDocument": document(trust(principal))}
        refused("MalformedPolicyDocument", world.iam.update_assume_role_policy, status=400, **call)
    policy = {"UserName": "admin", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    refused("NoSuchEntity", world.iam.attach_user_policy, status=404, **policy)
