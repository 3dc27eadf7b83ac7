"""Bounds: durations, chaining, patterns, sizes.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
"""

import secrets

from judges.world import allow, deny, document, refused, trust


def _invalid(value, field, rule):
    return f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: {rule}"


def _call(world, james, **parameters):
    return {"RoleArn": world.role(trust(james.arn)), "RoleSessionName": "me"} | parameters


def shortest_and_longest_session_of_a_role(world):
    james = world.user()
    low = _invalid(899, "durationSeconds", "Member must have value greater than or equal to 900")
    high = _invalid(43201, "durationSeconds", "Member must have value less than or equal to 43200")
    for seconds, text in ((899, low), (43201, high)):
        call = _call(world, james, DurationSeconds=seconds)
        refused("ValidationError", james.sts.assume_role, status=400, text=text, **call)
    james.sts.assume_role(**_call(world, james, DurationSeconds=900))


def max_session_duration(world):
    james = world.user()
    text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    call = _call(world, james, DurationSeconds=3601)
    refused("ValidationError", james.sts.assume_role, status=400, text=text, **call)
    role = world.role(trust(james.arn), MaxSessionDuration=43200)
    james.assume(role, DurationSeconds=43200)
    world.iam.update_role(RoleName=role.rsplit("/", 1)[-1], MaxSessionDuration=7200)
    james.assume(role, DurationSeconds=7200)
    call = {"RoleArn": role, "RoleSessionName": "me", "DurationSeconds": 7201}
    refused("ValidationError", james.sts.assume_role, status=400, text=text, **call)


def max_session_duration_is_one_to_twelve_hours(world):
    for seconds in (3599, 43201):
        call = {"RoleName": "never", "AssumeRolePolicyDocument": document(trust(world.root()))}
        refused("ValidationError", world.iam.create_role, status=400, MaxSessionDuration=seconds, **call)


def chaining_is_limited_to_an_hour(world):
    james = world.user()
    first = world.role(trust(james.arn))
    second = world.role(trust(first), MaxSessionDuration=43200)
    session = james.assume(first)
    text = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    call = {"RoleArn": second, "RoleSessionName": "me", "DurationSeconds": 3601}
    refused("ValidationError", session.sts.assume_role, status=400, text=text, **call)
    session.assume(second, DurationSeconds=3600)


def session_tokens_last_15_minutes_to_36_hours(world):
    sts = world.user().sts
    low = _invalid(899, "durationSeconds", "Member must have value greater than or equal to 900")
    high = _invalid(129601, "durationSeconds", "Member must have value less than or equal to 129600")
    for seconds, text in ((899, low), (129601, high)):
        refused("ValidationError", sts.get_session_token, status=400, text=text, DurationSeconds=seconds)
    sts.get_session_token(DurationSeconds=900)
    sts.get_session_token(DurationSeconds=129600)


def session_tokens_are_refused_to_sessions(world):
    james = world.user()
    text = "Cannot call GetSessionToken with session credentials"
    session = james.assume(world.role(trust(james.arn), may=[allow("*")]))
    refused("AccessDenied", session.sts.get_session_token, status=403, text=text)
    session = world.session(james.sts.get_session_token())
    refused("AccessDenied", session.sts.get_session_token, status=403, text=text)


def policies_have_no_say_in_session_tokens(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html"""
    james = world.user(deny("sts:GetSessionToken"))
    session = world.session(james.sts.get_session_token())
    text = "Cannot call GetAccessKeyInfo with session credentials"
    call = session.sts.get_access_key_info
    refused("AccessDenied", call, status=403, text=text, AccessKeyId=james.key)


def sessions_without_mfa_may_not_call_iam(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"""
    james = world.user(allow("*"))
    james.client("iam").list_users()
    session = world.session(james.sts.get_session_token())
    refused(("InvalidClientTokenId", "AccessDenied"), session.client("iam").list_users, status=403)
    session.client("s3").list_buckets()


def session_names(world):
    james = world.user()
    pattern = r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    for name in ("with space", "a/b", "ümlaut"):
        text = _invalid(name, "roleSessionName", pattern)
        call = _call(world, james, RoleSessionName=name)
        refused("ValidationError", james.sts.assume_role, status=400, text=text, **call)
    short = _invalid("a", "roleSessionName", "Member must have length greater than or equal to 2")
    long = _invalid("a" * 65, "roleSessionName", "Member must have length less than or equal to 64")
    for name, text in (("a", short), ("a" * 65, long)):
        call = _call(world, james, RoleSessionName=name)
        refused("ValidationError", james.sts.assume_role, status=400, text=text, **call)
    for name in ("ab", "a" * 64, "james@example.com", "a+b=c,d.e_f-g"):
        james.sts.assume_role(**_call(world, james, RoleSessionName=name))


def external_ids(world):
    james = world.user()
    pattern = r"Member must satisfy regular expression pattern: [\w+=,.@:\/-]*"
    text = _invalid("with space", "externalId", pattern)
    refused(
        "ValidationError", james.sts.assume_role, status=400, text=text, **_call(world, james, ExternalId="with space")
    )
    text = _invalid("a", "externalId", "Member must have length greater than or equal to 2")
    refused("ValidationError", james.sts.assume_role, status=400, text=text, **_call(world, james, ExternalId="a"))
    james.sts.assume_role(**_call(world, james, ExternalId="a:b/c@d"))
    james.sts.assume_role(**_call(world, james, ExternalId="a" * 1224))
    refused("ValidationError", james.sts.assume_role, status=400, **_call(world, james, ExternalId="a" * 1225))


def several_faults_are_told_at_once(world):
    call = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "a", "DurationSeconds": 1}
    got = refused("ValidationError", world.user().sts.assume_role, status=400, **call)
    assert got.message.startswith("2 validation errors detected: Value '"), got.message
    assert "'roleSessionName'" in got.message and "; Value '1' at 'durationSeconds'" in got.message, got.message


def role_arns(world):
    sts = world.user().sts
    short = _invalid("arn:short", "roleArn", "Member must have length greater than or equal to 20")
    refused("ValidationError", sts.assume_role, status=400, text=short, RoleArn="arn:short", RoleSessionName="me")
    wrong = "this-is-not-an-arn-but-long-enough"
    text = f"{wrong} is invalid"
    refused("ValidationError", sts.assume_role, status=400, text=text, RoleArn=wrong, RoleSessionName="me")


def missing_parameters(world):
    james = world.user()
    refused("ValidationError", james.sts.assume_role, status=400, RoleArn=world.role(trust(james.arn)))


def source_identities(world):
    james = world.user()
    pattern = r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    text = _invalid("a b", "sourceIdentity", pattern)
    refused(
        "ValidationError", james.sts.assume_role, status=400, text=text, **_call(world, james, SourceIdentity="a b")
    )


def size_of_a_session_policy(world):
    james = world.user()
    call = _call(world, james, Policy=document(allow("s3:*", "arn:aws:s3:::" + "x" * 2048)))
    refused("ValidationError", james.sts.assume_role, status=400, **call)


def packed_size_of_policies_and_tags(world):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PackedPolicyTooLarge)"""
    james = world.user()
    role = world.role(trust(james.arn, actions=["sts:AssumeRole", "sts:TagSession"]))
    # Random text cannot be packed.
    tags = [{"Key": secrets.token_hex(60), "Value": secrets.token_hex(120)} for _ in range(50)]
    call = {"RoleArn": role, "RoleSessionName": "me", "Tags": tags}
    refused("PackedPolicyTooLarge", james.sts.assume_role, status=400, **call)
