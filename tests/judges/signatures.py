"""Signatures made by hand: of another time, of another request, in a URL, in part.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""

import datetime
import re
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from judges.world import URLS, allow, fresh

WHO = "Action=GetCallerIdentity&Version=2011-06-15"
USERS = "Action=ListUsers&Version=2010-05-08"
INSTANCES = "Action=DescribeInstances&Version=2016-11-15"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def _now(minutes=0):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)


def _signed(world, service, body, moment=None):
    """A request that the administrator signed at this moment."""
    keys = Credentials(world.admin.key, world.admin.secret)
    request = AWSRequest("POST" if body else "GET", world.endpoint + "/", data=body or None, headers=FORM)
    signer = SigV4Auth(keys, service, world.region)
    # What SigV4Auth.add_auth does, but with another clock.
    request.context["timestamp"] = (moment or _now()).strftime("%Y%m%dT%H%M%SZ")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if service == "s3":
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)
    return request


def send(url, headers=None, body=""):
    """Status and text of the answer to a request as it is."""
    call = urllib.request.Request(url, body.encode() or None, dict((headers or {}).items()))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(call, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _at(world, service, minutes, body=""):
    """The answer to a request that was signed so many minutes from now."""
    request = _signed(world, service, body, _now(minutes))
    return send(request.url, request.headers, body)


def request_of_an_hour_ago(world):
    status, text = _at(world, "sts", 0, WHO)
    assert status == 200, (status, text)
    old = _now(-60)
    request = _signed(world, "sts", WHO, old)
    status, text = send(request.url, request.headers, WHO)
    assert status == 403 and "SignatureDoesNotMatch" in text, (status, text)
    stamp = old.strftime("%Y%m%dT%H%M%SZ")
    assert re.search(
        rf"Signature expired: {stamp} is now earlier than \d{{8}}T\d{{6}}Z \(\d{{8}}T\d{{6}}Z - \d+ min\.\)", text
    ), text


def request_from_the_future(world):
    status, text = _at(world, "sts", 60, WHO)
    assert status == 403 and "SignatureDoesNotMatch" in text, (status, text)
    assert "Signature not yet current: " in text, text


def request_of_an_hour_ago_to_s3(world):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    status, text = _at(world, "s3", -60)
    assert status == 403 and "<Code>RequestTimeTooSkewed</Code>" in text, (status, text)
    assert "The difference between the request time and the current time is too large." in text, text


def request_of_an_hour_ago_to_ec2(world):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    status, text = _at(world, "ec2", -60, INSTANCES)
    assert status == 400 and "<Code>RequestExpired</Code>" in text, (status, text)


def five_minutes_for_sts_and_iam(world):
    for service, body in (("sts", WHO), ("iam", USERS)):
        for minutes, wanted in ((-4.8, 200), (4.8, 200), (-5.2, 403), (5.2, 403)):
            status, text = _at(world, service, minutes, body)
            assert status == wanted, (service, minutes, status, text)


def fifteen_minutes_for_s3_and_ec2(world):
    for service, body, refusal in (("s3", "", 403), ("ec2", INSTANCES, 400)):
        for minutes, wanted in ((-14.8, 200), (14.8, 200), (-15.2, refusal), (15.2, refusal)):
            status, text = _at(world, service, minutes, body)
            assert status == wanted, (service, minutes, status, text)


def unsigned_request(world):
    status, text = send(f"{world.endpoint}/?{WHO}")
    assert status == 403 and "<Code>MissingAuthenticationToken</Code>" in text, (status, text)
    assert "Request is missing Authentication Token" in text, text


def unsigned_request_to_s3(world):
    status, text = send(f"{world.endpoint}/{fresh('bucket')}/key")
    assert status == 403 and "<Code>AccessDenied</Code>" in text, (status, text)


def half_a_signature(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""
    request = _signed(world, "sts", WHO)
    whole = request.headers["Authorization"]
    del request.headers["Authorization"]
    request.headers["Authorization"] = whole.split(", Signature=")[0]
    status, text = send(request.url, request.headers, WHO)
    assert status == 400 and "<Code>IncompleteSignature</Code>" in text, (status, text)


def a_changed_request(world):
    """What was signed counts: the body, the headers that are named, the path and the query."""
    request = _signed(world, "sts", WHO)
    for url, change, body in (
        (request.url, {}, WHO.replace("GetCallerIdentity", "GetSessionToken")),
        (request.url, {"Content-Type": "application/x-www-form-urlencoded"}, WHO),
        (request.url + "?DurationSeconds=900", {}, WHO),
        (request.url + "elsewhere", {}, WHO),
    ):
        headers = dict(request.headers.items()) | change
        status, text = send(url, headers, body)
        assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in text, (url, change, body, status, text)


def a_changed_date(world):
    """The day of the scope is the day of the date."""
    request = _signed(world, "sts", WHO)
    headers = dict(request.headers.items()) | {"X-Amz-Date": "20200101T000000Z"}
    status, text = send(request.url, headers, WHO)
    assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in text, (status, text)
    assert "Date in Credential scope does not match YYYYMMDD" in text, text


def a_signature_in_the_url(world):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"""
    name, james = fresh("bucket"), world.user(allow("*"))
    world.s3.create_bucket(Bucket=name)
    world.s3.put_object(Bucket=name, Key="a b", Body=b"figures")
    for person in (world.admin, world.session(james.sts.get_session_token())):
        what = {"Bucket": name, "Key": "a b"}
        url = person.own_client("s3", config=URLS).generate_presigned_url("get_object", Params=what, ExpiresIn=60)
        assert send(url) == (200, "figures"), url
        status, text = send(url.replace("a%20b", "a%20c"))
        assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in text, (status, text)


def who_calls_in_a_url(world):
    """As clusters of Kubernetes are told: GetCallerIdentity, signed in its URL."""
    james = world.user()
    for person in (james, world.session(james.sts.get_session_token())):
        url = person.sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
        status, text = send(url)
        assert status == 200 and f"<Arn>{james.arn}</Arn>" in text, (status, text)


def unknown_operation(world):
    body = "Action=FlyToTheMoon&Version=2011-06-15"
    status, text = _at(world, "sts", 0, body)
    assert status == 400 and "<Code>InvalidAction</Code>" in text, (status, text)
    assert "Could not find operation FlyToTheMoon for version 2011-06-15" in text, text
