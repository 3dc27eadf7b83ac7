"""What time changes: sessions end, codes pass, conditions on time turn. The clock is moved, nobody waits.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html
"""

import datetime
import time

from judges.mfa import WRONG, device_of
from judges.signatures import send
from judges.world import URLS, allow, code, document, refused, trust, window

EXPIRED = "The security token included in the request is expired"


def _later(seconds):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


def _session(person, **parameters):
    """A session of GetSessionToken, which is called like its user."""
    session = person.world.session(person.sts.get_session_token(**parameters))
    session.arn = person.arn
    return session


def sessions_of_roles_expire(sandbox):
    james = sandbox.world.user()
    role = sandbox.world.role(trust(james.arn), MaxSessionDuration=7200)
    short, long = james.assume(role, DurationSeconds=900), james.assume(role, DurationSeconds=7200)
    sandbox.clock(880)
    short.sts.get_caller_identity()
    sandbox.clock(21)
    refused("ExpiredToken", short.sts.get_caller_identity, status=403, text=EXPIRED)
    refused("ExpiredToken", short.client("iam").list_users, status=403, text=EXPIRED)
    long.sts.get_caller_identity()
    sandbox.clock(7200)
    refused("ExpiredToken", long.sts.get_caller_identity, status=403, text=EXPIRED)
    james.assume(role).sts.get_caller_identity()


def sessions_of_users_expire(sandbox):
    james = sandbox.world.user()
    session = _session(james)
    sandbox.clock(43_180)
    session.sts.get_caller_identity()
    sandbox.clock(21)
    refused("ExpiredToken", session.sts.get_caller_identity, status=403, text=EXPIRED)


def expired_sessions_elsewhere(sandbox):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    session = _session(sandbox.world.user(allow("*")))
    session.client("s3").list_buckets()
    session.client("ec2").describe_instances()
    sandbox.clock(43_201)
    text = "The provided token has expired."
    refused("ExpiredToken", session.client("s3").list_buckets, status=400, text=text)
    refused("RequestExpired", session.client("ec2").describe_instances, status=400)


def an_expired_session_cannot_go_on(sandbox):
    james = sandbox.world.user()
    first = sandbox.world.role(trust(james.arn))
    second = sandbox.world.role(trust(first))
    session = james.assume(first)
    sandbox.clock(3601)
    call = {"RoleArn": second, "RoleSessionName": "me"}
    refused("ExpiredToken", session.sts.assume_role, status=403, text=EXPIRED, **call)


def age_of_mfa_grows(sandbox):
    device = device_of(sandbox.world)
    james = device.owner
    young = sandbox.world.role(trust(james.arn, {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}))
    old = sandbox.world.role(trust(james.arn, {"NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": "300"}}))
    session = _session(james, **device.with_code())
    sandbox.clock(270)
    session.assume(young)
    session.denied(old)
    sandbox.clock(30)
    session.denied(young)
    session.assume(old)
    # A code of now is of age 0, whatever the session.
    james.assume(young, **device.with_code(10))


def only_sessions_from_before_are_revoked(sandbox):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"""
    james = sandbox.world.user()
    role = sandbox.world.role(trust(james.arn), may=[allow("s3:*")])
    moment = _later(60).strftime("%Y-%m-%dT%H:%M:%SZ")
    old = james.assume(role)
    revoked = {"DateLessThan": {"aws:TokenIssueTime": moment}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": revoked}
    policy = {"PolicyName": "revoked", "PolicyDocument": document(statement)}
    sandbox.world.iam.put_role_policy(RoleName=role.rsplit("/", 1)[-1], **policy)
    sandbox.clock(90)
    refused("AccessDenied", old.client("s3").list_buckets, status=403)
    james.assume(role).client("s3").list_buckets()


def a_role_until_a_time(sandbox):
    james = sandbox.world.user()
    end = _later(3600).strftime("%Y-%m-%dT%H:%M:%SZ")
    until = sandbox.world.role(trust(james.arn, {"DateLessThan": {"aws:CurrentTime": end}}))
    since = sandbox.world.role(trust(james.arn, {"DateGreaterThanEquals": {"aws:CurrentTime": end}}))
    epoch = str(int(_later(3600).timestamp()))
    seconds = sandbox.world.role(trust(james.arn, {"NumericLessThan": {"aws:EpochTime": epoch}}))
    for clock, may, may_not in ((0, (until, seconds), (since,)), (3602, (since,), (until, seconds))):
        sandbox.clock(clock)
        for role in may:
            james.assume(role)
        for role in may_not:
            james.denied(role)


def codes_of_the_windows_beside(sandbox):
    """The code of a window is good in the one before and the one after, not further."""
    device = device_of(sandbox.world)
    james = device.owner
    # To the middle of the tenth half minute from there.
    sandbox.clock((device.since + 10) * 30 + 15 - time.time())
    for step in (8, 12):
        refused("AccessDenied", james.sts.get_session_token, status=403, text=WRONG, **device.with_code(step))
    for step in (9, 10, 11):
        james.sts.get_session_token(**device.with_code(step))


def a_code_is_good_once_in_all_its_windows(sandbox):
    device = device_of(sandbox.world)
    james, once = device.owner, device.with_code()
    james.sts.get_session_token(**once)
    sandbox.clock(30)
    refused("AccessDenied", james.sts.get_session_token, status=403, text=WRONG, **once)
    james.sts.get_session_token(**device.with_code(2))
    refused("AccessDenied", james.sts.get_session_token, status=403, text=WRONG, **device.with_code(2))


def a_late_code_does_not_enable(sandbox):
    james = sandbox.world.user()
    made = sandbox.world.iam.create_virtual_mfa_device(VirtualMFADeviceName="device")["VirtualMFADevice"]
    seed, call = made["Base32StringSeed"], {"UserName": james.name, "SerialNumber": made["SerialNumber"]}
    sandbox.clock(600)
    late = {"AuthenticationCode1": code(seed, 0), "AuthenticationCode2": code(seed, 1)}
    refused("InvalidAuthenticationCode", sandbox.world.iam.enable_mfa_device, status=403, **late, **call)
    since = window()
    now = {"AuthenticationCode1": code(seed, 19, since), "AuthenticationCode2": code(seed, 20, since)}
    sandbox.world.iam.enable_mfa_device(**now, **call)


def what_is_made_bears_its_time(sandbox):
    sandbox.clock(86_400)
    james = sandbox.world.user()
    made = sandbox.world.iam.get_user(UserName=james.name)["User"]["CreateDate"]
    assert abs((made - _later(86_400)).total_seconds()) < 60, made
    end = james.sts.get_session_token(DurationSeconds=900)["Credentials"]["Expiration"]
    assert abs((end - _later(87_300)).total_seconds()) < 60, end


def clients_whose_clocks_are_behind(sandbox):
    """Five minutes for STS and IAM, fifteen for S3 and EC2."""
    james = sandbox.world.user(allow("*"))
    s3, ec2, iam = (james.client(service) for service in ("s3", "ec2", "iam"))
    sandbox.skew(290)
    james.sts.get_caller_identity()
    sandbox.skew(600)
    text = "Signature expired: "
    refused("SignatureDoesNotMatch", james.sts.get_caller_identity, status=403, text=text)
    refused("SignatureDoesNotMatch", iam.list_users, status=403, text=text)
    s3.list_buckets()
    ec2.describe_instances()
    sandbox.skew(1200)
    refused("RequestTimeTooSkewed", s3.list_buckets, status=403)
    refused("RequestExpired", ec2.describe_instances, status=400)
    sandbox.skew(-600)
    refused("SignatureDoesNotMatch", james.sts.get_caller_identity, status=403, text="Signature not yet current: ")


def the_date_of_an_answer_is_the_servers(sandbox):
    sandbox.skew(240)
    facts = sandbox.world.sts.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
    told = datetime.datetime.strptime(facts["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)
    assert abs((told - _later(240)).total_seconds()) < 30, told


def a_url_expires(sandbox):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"""
    s3 = sandbox.world.s3
    s3.create_bucket(Bucket="reports")
    s3.put_object(Bucket="reports", Key="a", Body=b"figures")
    what, signer = {"Bucket": "reports", "Key": "a"}, sandbox.world.admin.own_client("s3", config=URLS)
    url = signer.generate_presigned_url("get_object", Params=what, ExpiresIn=1800)
    sandbox.skew(1780)
    assert send(url) == (200, "figures")
    sandbox.skew(1830)
    status, text = send(url)
    assert status == 403 and "<Code>AccessDenied</Code>" in text and "Request has expired" in text, (status, text)
