"""Keys, signatures, tokens: who is believed, and in which words AWS does not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

import re

from judges.world import Person, allow, deny, fresh, refused, trust

SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
UNKNOWN = "The security token included in the request is invalid"


def user_is_who_its_key_says(world):
    james = world.user()
    who = james.sts.get_caller_identity()
    assert (who["Arn"], who["Account"]) == (james.arn, world.account), who
    assert who["UserId"].startswith("AIDA") and len(who["UserId"]) == 21, who
    assert re.fullmatch("AKIA[A-Z0-9]{16}", james.key), james.key
    assert len(james.secret) == 40, "a secret access key has 40 characters"


def identity_needs_no_permission(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    assert world.user(deny("*")).sts.get_caller_identity()["Account"] == world.account


def wrong_secret(world):
    liar = Person(world, world.user().key, "x" * 40)
    refused("SignatureDoesNotMatch", liar.sts.get_caller_identity, status=403, text=SIGNATURE)
    refused("SignatureDoesNotMatch", liar.client("iam").list_users, status=403, text=SIGNATURE)


def unknown_key(world):
    nobody = Person(world, "AKIAIOSFODNN7NOTHERE", "x" * 40)
    refused("InvalidClientTokenId", nobody.sts.get_caller_identity, status=403, text=UNKNOWN)
    refused("InvalidClientTokenId", nobody.client("iam").list_users, status=403, text=UNKNOWN)


def inactive_key(world):
    james = world.user()
    change = {"UserName": james.name, "AccessKeyId": james.key}
    world.iam.update_access_key(Status="Inactive", **change)
    refused("InvalidClientTokenId", james.sts.get_caller_identity, status=403, text=UNKNOWN)
    world.iam.update_access_key(Status="Active", **change)
    james.sts.get_caller_identity()
    world.iam.delete_access_key(**change)
    refused("InvalidClientTokenId", james.sts.get_caller_identity, status=403, text=UNKNOWN)


def at_most_two_keys(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    james = world.user()
    second = world.iam.create_access_key(UserName=james.name)["AccessKey"]
    listed = world.iam.list_access_keys(UserName=james.name)["AccessKeyMetadata"]
    assert {key["AccessKeyId"] for key in listed} == {james.key, second["AccessKeyId"]}, listed
    text = "Cannot exceed quota for AccessKeysPerUser: 2"
    refused("LimitExceeded", world.iam.create_access_key, status=409, text=text, UserName=james.name)


def session_is_who_it_says(world):
    james = world.user()
    role = world.role(trust(james.arn), Path="/team/data/")
    session = james.assume(role, "james")
    who = session.sts.get_caller_identity()
    name = role.rsplit("/", 1)[-1]
    assert who["Arn"] == f"arn:aws:sts::{world.account}:assumed-role/{name}/james", who
    assert re.fullmatch("AROA[A-Z0-9]{17}:james", who["UserId"]), who
    assert re.fullmatch("ASIA[A-Z0-9]{16}", session.key), session.key


def session_of_user_is_the_user(world):
    james = world.user()
    session = world.session(james.sts.get_session_token())
    assert session.sts.get_caller_identity()["Arn"] == james.arn
    assert session.key.startswith("ASIA"), session.key


def token_belongs_to_its_key(world):
    james = world.user()
    role = world.role(trust(james.arn))
    one, two = james.assume(role), james.assume(role)
    mixed = Person(world, one.key, one.secret, two.token)
    refused("InvalidClientTokenId", mixed.sts.get_caller_identity, status=403, text=UNKNOWN)
    without = Person(world, one.key, one.secret)
    refused("InvalidClientTokenId", without.sts.get_caller_identity, status=403, text=UNKNOWN)
    garbage = Person(world, one.key, one.secret, "garbage")
    refused("InvalidClientTokenId", garbage.sts.get_caller_identity, status=403, text=UNKNOWN)
    long_term = Person(world, james.key, james.secret, one.token)
    refused("InvalidClientTokenId", long_term.sts.get_caller_identity, status=403, text=UNKNOWN)


def session_with_wrong_secret(world):
    james = world.user()
    session = james.assume(world.role(trust(james.arn)))
    liar = Person(world, session.key, "x" * 40, session.token)
    refused("SignatureDoesNotMatch", liar.sts.get_caller_identity, status=403, text=SIGNATURE)


def key_of_whom(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html"""
    james = world.user(allow("sts:GetAccessKeyInfo"))
    assert james.sts.get_access_key_info(AccessKeyId=james.key)["Account"] == world.account
    session = world.session(world.user().sts.get_session_token())
    assert james.sts.get_access_key_info(AccessKeyId=session.key)["Account"] == world.account


def errors_are_xml_with_a_request_id(world):
    call = world.admin.client("sts").assume_role
    try:
        call(RoleArn=f"arn:aws:iam::{world.account}:role/{fresh('none')}", RoleSessionName="session")
    except world.sts.exceptions.ClientError as error:
        facts = error.response
        assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", facts["ResponseMetadata"]["RequestId"]), facts
        assert facts["Error"]["Type"] == "Sender", facts
        assert facts["ResponseMetadata"]["HTTPHeaders"]["content-type"].startswith("text/xml"), facts
    else:
        raise AssertionError("a role that does not exist was assumed")


def keys_as_other_services_know_them(world):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    james = world.user(allow("*"))
    s3, ec2 = james.client("s3"), james.client("ec2")
    s3.list_buckets()
    world.iam.update_access_key(UserName=james.name, AccessKeyId=james.key, Status="Inactive")
    refused("InvalidAccessKeyId", s3.list_buckets, status=403)
    refused("AuthFailure", ec2.describe_instances, status=401)
    liar = Person(world, world.user().key, "x" * 40)
    refused("AuthFailure", liar.client("ec2").describe_instances, status=401)


def token_of_another_session_elsewhere(world):
    one, two = (world.session(world.user(allow("*")).sts.get_session_token()) for _ in range(2))
    mixed = Person(world, one.key, one.secret, two.token)
    refused("InvalidToken", mixed.client("s3").list_buckets, status=400)
    refused("AuthFailure", mixed.client("ec2").describe_instances, status=401)


def sessions_of_a_deleted_user_are_over(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html"""
    james = world.user()
    session = world.session(james.sts.get_session_token())
    session.sts.get_caller_identity()
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    world.iam.delete_user(UserName=james.name)
    refused(("InvalidClientTokenId", "AccessDenied"), session.sts.get_caller_identity, status=403)


def when_a_key_was_last_used(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html"""
    james = world.user()
    last = world.iam.get_access_key_last_used(AccessKeyId=james.key)["AccessKeyLastUsed"]
    assert (last["ServiceName"], last["Region"]) == ("N/A", "N/A") and "LastUsedDate" not in last, last
    james.client("sts", "eu-west-3").get_caller_identity()
    answer = world.iam.get_access_key_last_used(AccessKeyId=james.key)
    last = answer["AccessKeyLastUsed"]
    assert (answer["UserName"], last["ServiceName"], last["Region"]) == (james.name, "sts", "eu-west-3"), answer
    assert last["LastUsedDate"], last
