"""Keys, signatures, tokens: who is believed, and in which words AWS does not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

import datetime
import re
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

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


def _signed_at(world, service, moment, path="/", body=""):
    """The answer to a request that was signed at another moment: its status and text."""
    keys = Credentials(world.admin.key, world.admin.secret)
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST" if body else "GET", world.endpoint + path, data=body or None, headers=kind)
    signer = SigV4Auth(keys, service, world.region)
    # What SigV4Auth.add_auth does, but with another clock.
    request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if service == "s3":
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)
    return _send(request.url, request.headers, body)


def _send(url, headers, body):
    call = urllib.request.Request(url, body.encode() or None, dict(headers.items()))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(call, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


WHO = "Action=GetCallerIdentity&Version=2011-06-15"


def request_of_an_hour_ago(world):
    now = datetime.datetime.now(datetime.timezone.utc)
    status, text = _signed_at(world, "sts", now, body=WHO)
    assert status == 200, (status, text)
    old = now - datetime.timedelta(hours=1)
    status, text = _signed_at(world, "sts", old, body=WHO)
    assert status == 403 and "SignatureDoesNotMatch" in text, (status, text)
    stamp = old.strftime("%Y%m%dT%H%M%SZ")
    assert re.search(
        rf"Signature expired: {stamp} is now earlier than \d{{8}}T\d{{6}}Z \(\d{{8}}T\d{{6}}Z - \d+ min\.\)", text
    ), text


def request_from_the_future(world):
    new = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    status, text = _signed_at(world, "sts", new, body=WHO)
    assert status == 403 and "SignatureDoesNotMatch" in text, (status, text)
    assert "Signature not yet current: " in text, text


def request_of_an_hour_ago_to_s3(world):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    status, text = _signed_at(world, "s3", old)
    assert status == 403 and "<Code>RequestTimeTooSkewed</Code>" in text, (status, text)
    assert "The difference between the request time and the current time is too large." in text, text


def request_of_an_hour_ago_to_ec2(world):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    status, text = _signed_at(world, "ec2", old, body="Action=DescribeInstances&Version=2016-11-15")
    assert status == 400 and "<Code>RequestExpired</Code>" in text, (status, text)


def unsigned_request(world):
    status, text = _send(f"{world.endpoint}/?{WHO}", {}, "")
    assert status == 403 and "<Code>MissingAuthenticationToken</Code>" in text, (status, text)
    assert "Request is missing Authentication Token" in text, text


def key_of_whom(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html"""
    james = world.user(allow("sts:GetAccessKeyInfo"))
    assert james.sts.get_access_key_info(AccessKeyId=james.key)["Account"] == world.account
    session = world.session(world.user().sts.get_session_token())
    assert james.sts.get_access_key_info(AccessKeyId=session.key)["Account"] == world.account


def unknown_operation(world):
    now = datetime.datetime.now(datetime.timezone.utc)
    status, text = _signed_at(world, "sts", now, body="Action=FlyToTheMoon&Version=2011-06-15")
    assert status == 400 and "<Code>InvalidAction</Code>" in text, (status, text)
    assert "Could not find operation FlyToTheMoon for version 2011-06-15" in text, text


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
