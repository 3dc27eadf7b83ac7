"""Sessions for those whom a user vouches for, what ends a session early, and refusals that can be decoded.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
"""

import datetime
import json

from judges.world import Person, allow, code, deny, document, refused, trust, window

VOUCH = allow("sts:GetFederationToken")


def _vouched(person, *statements, **parameters):
    if statements:
        parameters["Policy"] = document(*statements)
    answer = person.sts.get_federation_token(Name="Bob", **parameters)
    keys = answer["Credentials"]
    arn = answer["FederatedUser"]["Arn"]
    return Person(person.world, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], arn=arn)


def _left(answer):
    return (answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)).total_seconds()


def answer_of_get_federation_token(world):
    james = world.user(VOUCH)
    answer = james.sts.get_federation_token(Name="Bob", Policy=document(allow("*")))
    user = answer["FederatedUser"]
    assert user["Arn"] == f"arn:aws:sts::{world.account}:federated-user/Bob", user
    assert user["FederatedUserId"] == f"{world.account}:Bob", user
    assert 0 < answer["PackedPolicySize"] < 50, answer
    assert 43_100 < _left(answer) <= 43_260, _left(answer)
    who = _vouched(james).sts.get_caller_identity()
    assert (who["Arn"], who["UserId"]) == (user["Arn"], user["FederatedUserId"]), who


def federation_token_has_bounds(world):
    call = world.user(VOUCH).sts.get_federation_token
    for wrong in ({}, {"Name": "B"}, {"Name": "b" * 33}, {"Name": "Bob Bee"}):
        refused("ValidationError", call, status=400, **wrong)
    for seconds in (899, 129_601):
        refused("ValidationError", call, status=400, Name="Bob", DurationSeconds=seconds)
    for seconds in (900, 129_600):
        assert abs(_left(call(Name="Bo", DurationSeconds=seconds)) - seconds) < 60


def federation_token_needs_permission(world):
    james = world.user()
    resource = f"arn:aws:sts::{world.account}:federated-user/Bob"
    text = f"User: {james.arn} is not authorized to perform: sts:GetFederationToken on resource: {resource}"
    refused("AccessDenied", james.sts.get_federation_token, status=403, text=text, Name="Bob")
    _vouched(james.may(allow("sts:GetFederationToken", resource)))
    refused("AccessDenied", james.sts.get_federation_token, status=403, Name="Eve")


def federation_token_is_for_long_term_keys(world):
    james = world.user(VOUCH)
    role = world.role(trust(james.arn), may=[VOUCH])
    for session in (james.assume(role), world.session(james.sts.get_session_token()), _vouched(james)):
        text = "Cannot call GetFederationToken with session credentials"
        refused("AccessDenied", session.sts.get_federation_token, status=403, text=text, Name="Bob")


def federated_users_may_what_both_sides_allow(world):
    james = world.user(VOUCH, allow(["s3:ListAllMyBuckets", "ec2:DescribeInstances"]))
    bare = _vouched(james)
    bare.sts.get_caller_identity()
    refused("AccessDenied", bare.client("s3").list_buckets, status=403)
    _vouched(james, allow("s3:*")).client("s3").list_buckets()
    refused("UnauthorizedOperation", _vouched(james, allow("s3:*")).client("ec2").describe_instances, status=403)
    refused("AccessDenied", _vouched(world.user(VOUCH), allow("s3:*")).client("s3").list_buckets, status=403)
    arns = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]
    _vouched(james, PolicyArns=arns).client("s3").list_buckets()
    james.may(deny("s3:*"))
    refused("AccessDenied", _vouched(james, allow("*")).client("s3").list_buckets, status=403)


def federated_users_have_no_business_with_iam_and_sts(world):
    james = world.user(allow("*"))
    bob = _vouched(james, allow("*"))
    refused("InvalidClientTokenId", bob.client("iam").list_users, status=403)
    role = world.role(trust(f"arn:aws:iam::{world.account}:root"))
    call = {"RoleArn": role, "RoleSessionName": "me"}
    text = f"User: {bob.arn} is not authorized to perform: sts:AssumeRole"
    refused("AccessDenied", bob.sts.assume_role, status=403, text=text, **call)
    refused("AccessDenied", bob.sts.get_session_token, status=403)
    refused("AccessDenied", bob.sts.get_access_key_info, status=403, AccessKeyId=bob.key)


def tags_of_federated_users(world):
    tags = [{"Key": "team", "Value": "red"}]
    only_red = allow("s3:ListAllMyBuckets", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    james = world.user(VOUCH, only_red, Tags=[{"Key": "team", "Value": "blue"}])
    text = f"User: {james.arn} is not authorized to perform: sts:TagSession on resource: "
    refused("AccessDenied", james.sts.get_federation_token, status=403, text=text, Name="Bob", Tags=tags)
    james.may(allow("sts:TagSession"))
    refused("AccessDenied", _vouched(james, allow("*")).client("s3").list_buckets, status=403)
    _vouched(james, allow("*"), Tags=tags).client("s3").list_buckets()


def federated_users_are_named_in_conditions(world):
    james = world.user(VOUCH, allow("s3:*"))
    for key, value in (
        ("aws:PrincipalType", "FederatedUser"),
        ("aws:PrincipalArn", f"arn:aws:sts::{world.account}:federated-user/Bob"),
        ("aws:userid", f"{world.account}:Bob"),
    ):
        own = allow("s3:*", Condition={"StringEquals": {key: value}})
        _vouched(james, own).client("s3").list_buckets()
    named = allow("s3:*", Condition={"Null": {"aws:username": "false"}})
    refused("AccessDenied", _vouched(james, named).client("s3").list_buckets, status=403)


def sessions_end_with_their_user(world):
    james = world.user(VOUCH)
    session, bob = world.session(james.sts.get_session_token()), _vouched(james, allow("*"))
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    for policy in world.iam.list_user_policies(UserName=james.name)["PolicyNames"]:
        world.iam.delete_user_policy(UserName=james.name, PolicyName=policy)
    world.iam.delete_user(UserName=james.name)
    for left in (session, bob):
        refused("InvalidClientTokenId", left.sts.get_caller_identity, status=403)


def sessions_outlive_the_key_that_got_them(world):
    """They are valid until they expire; their permissions are what can be taken away."""
    james = world.user(allow("s3:*"), VOUCH)
    sessions = [world.session(james.sts.get_session_token()), _vouched(james, allow("s3:*"))]
    world.iam.update_access_key(UserName=james.name, AccessKeyId=james.key, Status="Inactive")
    refused("InvalidClientTokenId", james.sts.get_caller_identity, status=403)
    for session in sessions:
        session.client("s3").list_buckets()
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    for session in sessions:
        session.client("s3").list_buckets()
    james.may(deny("s3:*"))
    for session in sessions:
        refused("AccessDenied", session.client("s3").list_buckets, status=403)


def _older_than(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return {"DateLessThan": {"aws:TokenIssueTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}}


def sessions_can_be_revoked_by_their_age(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"""
    james = world.user(allow("s3:*"))
    role = world.role(trust(james.arn), may=[allow("s3:*")])
    sessions = [james.assume(role), world.session(james.sts.get_session_token())]
    for seconds in (-3600, 3600):
        revoked = document(deny("*", Condition=_older_than(seconds)))
        name = role.rsplit("/", 1)[-1]
        world.iam.put_role_policy(RoleName=name, PolicyName="AWSRevokeOlderSessions", PolicyDocument=revoked)
        world.iam.put_user_policy(UserName=james.name, PolicyName="AWSRevokeOlderSessions", PolicyDocument=revoked)
        for session in sessions:
            if seconds > 0:
                refused("AccessDenied", session.client("s3").list_buckets, status=403)
            else:
                session.client("s3").list_buckets()
    # Keys that last were never issued.
    james.client("s3").list_buckets()


def _enabled(world, person):
    made = world.iam.create_virtual_mfa_device(VirtualMFADeviceName=person.name)["VirtualMFADevice"]
    seed, serial = made["Base32StringSeed"], made["SerialNumber"]
    since = window()
    codes = {"AuthenticationCode1": code(seed, -2, since), "AuthenticationCode2": code(seed, -1, since)}
    world.iam.enable_mfa_device(UserName=person.name, SerialNumber=serial, **codes)
    return seed, serial


def sessions_remember_the_code(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html"""
    present = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}
    james = world.user(allow("s3:*", Condition=present))
    seed, serial = _enabled(world, james)
    bare = world.session(james.sts.get_session_token())
    for person in (james, bare):
        refused("AccessDenied", person.client("s3").list_buckets, status=403)
    session = world.session(james.sts.get_session_token(SerialNumber=serial, TokenCode=code(seed)))
    session.client("s3").list_buckets()
    world.iam.deactivate_mfa_device(UserName=james.name, SerialNumber=serial)
    world.iam.delete_virtual_mfa_device(SerialNumber=serial)
    session.client("s3").list_buckets()
    absent = world.user(deny("s3:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}), allow("s3:*"))
    absent.client("s3").list_buckets()
    bare = world.session(absent.sts.get_session_token())
    refused("AccessDenied", bare.client("s3").list_buckets, status=403)


def people_look_at_themselves(world):
    """Without a name it is the caller; a role has none."""
    themselves = f"arn:aws:iam::{world.account}:user/${{aws:username}}"
    james = world.user(allow(["iam:GetUser", "iam:ListMFADevices"], themselves))
    _, serial = _enabled(world, james)
    iam = james.client("iam")
    for named in ({}, {"UserName": james.name}):
        assert [one["SerialNumber"] for one in iam.list_mfa_devices(**named)["MFADevices"]] == [serial]
        assert iam.get_user(**named)["User"]["Arn"] == james.arn
    mary = world.user()
    refused("AccessDenied", iam.list_mfa_devices, status=403, UserName=mary.name)
    refused("AccessDenied", mary.client("iam").list_mfa_devices, status=403)
    role = world.role(trust(james.arn), may=[allow("iam:*")])
    session = james.assume(role).client("iam")
    text = "Must specify userName when calling with non-User credentials"
    for call in (session.get_user, session.list_mfa_devices):
        refused("ValidationError", call, status=400, text=text)
    name = role.rsplit("/", 1)[-1]
    found = session.get_role(RoleName=name)["Role"]
    assert (found["Arn"], found["MaxSessionDuration"]) == (role, 3600), found
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": james.arn}, found


def _not_started(person, **more):
    call = {"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
    error = refused(
        "UnauthorizedOperation",
        person.client("ec2").run_instances,
        status=403,
        text="You are not authorized to perform this operation.",
        **call,
        **more,
    )
    return error.message.split("Encoded authorization failure message: ")[1]


def refusals_of_ec2_can_be_decoded(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html"""
    james = world.user(allow("ec2:Describe*"))
    encoded = _not_started(james)
    decode = world.user(allow("sts:DecodeAuthorizationMessage")).sts.decode_authorization_message
    said = json.loads(decode(EncodedMessage=encoded)["DecodedMessage"])
    assert (said["allowed"], said["explicitDeny"]) == (False, False), said
    context = said["context"]
    assert (context["principal"]["arn"], context["action"]) == (james.arn, "ec2:RunInstances"), context
    assert context["resource"].startswith(f"arn:aws:ec2:{world.region}:{world.account}:instance/"), context
    values = {one["key"]: one["values"]["items"] for one in context["conditions"]["items"]}
    assert [{"value": "t3.micro"}] == next(v for k, v in values.items() if k.lower() == "ec2:instancetype"), values
    said = json.loads(decode(EncodedMessage=_not_started(james.may(deny("ec2:Run*"))))["DecodedMessage"])
    assert said["explicitDeny"] is True, said


def decoding_needs_permission(world):
    james = world.user()
    encoded = _not_started(james)
    text = f"User: {james.arn} is not authorized to perform: sts:DecodeAuthorizationMessage"
    refused("AccessDenied", james.sts.decode_authorization_message, status=403, text=text, EncodedMessage=encoded)
    james.may(allow("sts:*"))
    for wrong in (encoded[:-4], "x"):
        refused(
            "InvalidAuthorizationMessageException",
            james.sts.decode_authorization_message,
            status=400,
            EncodedMessage=wrong,
        )


def dry_runs_of_ec2(world):
    james = world.user(allow("ec2:*"))
    call = {"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1}
    refused("DryRunOperation", james.client("ec2").run_instances, status=412, DryRun=True, **call)
    refused("InvalidAMIID.NotFound", james.client("ec2").run_instances, status=400, **call)
