"""MFA: the life of a virtual device, its codes, and what a session with MFA may.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from dataclasses import dataclass

from judges.world import Person, allow, code, fresh, refused, trust, window

WRONG = "MultiFactorAuthentication failed with invalid MFA one time pass code."
PRESENT = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@dataclass
class Device:
    serial: str
    seed: bytes
    owner: Person
    # When it was enabled: codes are counted from there, so that a half minute may end during a check.
    since: int

    def code(self, step=1):
        """The next code: this one and the one before enabled the device, and each is good once."""
        return code(self.seed, step, self.since)

    def with_code(self, step=1):
        return {"SerialNumber": self.serial, "TokenCode": self.code(step)}


def _made(world, name=None):
    made = world.iam.create_virtual_mfa_device(VirtualMFADeviceName=name or fresh("device"))["VirtualMFADevice"]
    return made["SerialNumber"], made["Base32StringSeed"]


def _enabled(world, owner):
    serial, seed = _made(world)
    device = Device(serial, seed, owner, window())
    codes = {"AuthenticationCode1": device.code(-1), "AuthenticationCode2": device.code(0)}
    world.iam.enable_mfa_device(UserName=owner.name, SerialNumber=serial, **codes)
    return device


def device_of(world, *statements):
    """A user with an enabled device."""
    return _enabled(world, world.user(*statements))


def a_device_is_made_with_its_seed(world):
    name = fresh("device")
    made = world.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    assert made["SerialNumber"] == f"arn:aws:iam::{world.account}:mfa/{name}", made
    assert len(made["Base32StringSeed"]) >= 32, "the seed"
    refused("EntityAlreadyExists", world.iam.create_virtual_mfa_device, status=409, VirtualMFADeviceName=name)
    listed = world.iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]
    assert made["SerialNumber"] in [device["SerialNumber"] for device in listed], listed
    world.iam.delete_virtual_mfa_device(SerialNumber=made["SerialNumber"])


def a_device_has_a_qr_code(world):
    made = world.iam.create_virtual_mfa_device(VirtualMFADeviceName=fresh("device"))["VirtualMFADevice"]
    assert made.get("QRCodePNG", b"").startswith(b"\x89PNG"), "it has none"


def two_codes_in_order_enable_it(world):
    james = world.user()
    serial, seed = _made(world)
    since = window()
    now, before = code(seed, 0, since), code(seed, -1, since)
    text = "Authentication code for device is not valid."
    call = {"UserName": james.name, "SerialNumber": serial}
    for first, second in (("000000", now), (now, now), (now, before)):
        codes = {"AuthenticationCode1": first, "AuthenticationCode2": second}
        refused("InvalidAuthenticationCode", world.iam.enable_mfa_device, status=403, text=text, **codes, **call)
    assert world.iam.list_mfa_devices(UserName=james.name)["MFADevices"] == []
    world.iam.enable_mfa_device(AuthenticationCode1=before, AuthenticationCode2=now, **call)
    listed = world.iam.list_mfa_devices(UserName=james.name)["MFADevices"]
    assert [device["SerialNumber"] for device in listed] == [serial], listed
    assert listed[0]["UserName"] == james.name and listed[0]["EnableDate"], listed


def an_enabled_device_is_its_users(world):
    device = device_of(world)
    mary = world.user()
    codes = {"AuthenticationCode1": device.code(0), "AuthenticationCode2": device.code(1)}
    call = {"UserName": mary.name, "SerialNumber": device.serial}
    refused("EntityAlreadyExists", world.iam.enable_mfa_device, status=409, **codes, **call)
    role = world.role(trust(mary.arn, PRESENT))
    call = {"RoleArn": role, "RoleSessionName": "me", **device.with_code()}
    refused("AccessDenied", mary.sts.assume_role, status=403, text="MultiFactorAuthentication failed", **call)


def devices_are_deactivated_then_deleted(world):
    device = device_of(world)
    refused("DeleteConflict", world.iam.delete_virtual_mfa_device, status=409, SerialNumber=device.serial)
    world.iam.deactivate_mfa_device(UserName=device.owner.name, SerialNumber=device.serial)
    role = world.role(trust(device.owner.arn, PRESENT))
    call = {"RoleArn": role, "RoleSessionName": "me", **device.with_code()}
    refused("AccessDenied", device.owner.sts.assume_role, status=403, text="MultiFactorAuthentication failed", **call)
    world.iam.delete_virtual_mfa_device(SerialNumber=device.serial)
    refused("NoSuchEntity", world.iam.delete_virtual_mfa_device, status=404, SerialNumber=device.serial)


def a_role_that_wants_mfa(world):
    device = device_of(world)
    role = world.role(trust(device.owner.arn, PRESENT))
    device.owner.denied(role)
    session = device.owner.assume(role, **device.with_code())
    assert ":assumed-role/" in session.sts.get_caller_identity()["Arn"]


def a_code_is_good_once(world):
    device = device_of(world)
    role = world.role(trust(device.owner.arn, PRESENT))
    call = {"RoleArn": role, "RoleSessionName": "me"}
    once = device.with_code()
    device.owner.sts.assume_role(**once, **call)
    refused("AccessDenied", device.owner.sts.assume_role, status=403, text=WRONG, **once, **call)
    refused("AccessDenied", device.owner.sts.get_session_token, status=403, text=WRONG, **once)


def codes_that_enabled_are_used(world):
    device = device_of(world)
    for step in (-1, 0):
        refused("AccessDenied", device.owner.sts.get_session_token, status=403, text=WRONG, **device.with_code(step))
    device.owner.sts.get_session_token(**device.with_code())


def codes_of_another_time(world):
    device = device_of(world)
    for step in (-20, 20):
        refused("AccessDenied", device.owner.sts.get_session_token, status=403, text=WRONG, **device.with_code(step))


def a_wrong_code(world):
    device = device_of(world)
    james = device.owner
    role = world.role(trust(james.arn, PRESENT))
    wrong = {"SerialNumber": device.serial, "TokenCode": f"{(int(device.code()) + 500_000) % 1_000_000:06}"}
    call = {"RoleArn": role, "RoleSessionName": "me"}
    refused("AccessDenied", james.sts.assume_role, status=403, text=WRONG, **wrong, **call)
    refused("AccessDenied", james.sts.get_session_token, status=403, text=WRONG, **wrong)


def a_code_is_six_digits(world):
    device = device_of(world)
    for wrong in ("12345", "1234567", "12345a"):
        call = {"SerialNumber": device.serial, "TokenCode": wrong}
        refused("ValidationError", device.owner.sts.get_session_token, status=400, **call)


def an_unknown_serial(world):
    james = world.user()
    text = (
        "MultiFactorAuthentication failed, unable to validate MFA code.  "
        "Please verify your MFA serial number is valid and associated with this user."
    )
    call = {"RoleArn": world.role(trust(james.arn)), "RoleSessionName": "me", "TokenCode": "123456"}
    serial = f"arn:aws:iam::{world.account}:mfa/{fresh('none')}"
    refused("AccessDenied", james.sts.assume_role, status=403, text=text, SerialNumber=serial, **call)


def both_serial_and_code(world):
    device = device_of(world)
    text = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
    call = {"RoleArn": world.role(trust(device.owner.arn)), "RoleSessionName": "me"}
    sts = device.owner.sts
    refused("AccessDenied", sts.assume_role, status=403, text=text, SerialNumber=device.serial, **call)
    refused("AccessDenied", sts.assume_role, status=403, text=text, TokenCode=device.code(), **call)


def a_session_token_with_mfa(world):
    device = device_of(world)
    role = world.role(trust(device.owner.arn, PRESENT))
    session = world.session(device.owner.sts.get_session_token(**device.with_code()))
    session.assume(role)
    session.assume(role)


def a_session_token_with_mfa_may_call_iam(world):
    device = device_of(world, allow("iam:*"))
    session = world.session(device.owner.sts.get_session_token(**device.with_code()))
    session.client("iam").list_users()


def identity_policies_see_mfa_too(world):
    device = device_of(world, allow("s3:*", Condition=PRESENT))
    refused("AccessDenied", device.owner.client("s3").list_buckets, status=403)
    session = world.session(device.owner.sts.get_session_token(**device.with_code()))
    session.client("s3").list_buckets()


def age_of_mfa(world):
    device = device_of(world)
    young = world.role(trust(device.owner.arn, {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}))
    none = world.role(trust(device.owner.arn, {"Null": {"aws:MultiFactorAuthAge": "true"}}))
    old = world.role(trust(device.owner.arn, {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}))
    device.owner.denied(young)
    device.owner.assume(none)
    session = world.session(device.owner.sts.get_session_token(**device.with_code()))
    session.arn = device.owner.arn
    session.assume(young)
    session.denied(none)
    session.denied(old)


def mfa_does_not_go_on_with_a_role(world):
    """A session of a role has no MFA, however the role was assumed."""
    device = device_of(world)
    first = world.role(trust(device.owner.arn, PRESENT))
    second = world.role(trust(first, PRESENT))
    device.owner.assume(first, **device.with_code()).denied(second)


def eight_devices_at_most(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    james = world.user()
    for _ in range(8):
        _enabled(world, james)
    refused("LimitExceeded", lambda: _enabled(world, james), status=409)


def each_device_has_its_codes(world):
    one = device_of(world)
    two, sts = _enabled(world, one.owner), one.owner.sts
    mixed = {"SerialNumber": one.serial, "TokenCode": two.code()}
    refused("AccessDenied", sts.get_session_token, status=403, text=WRONG, **mixed)
    for device in (one, two):
        sts.get_session_token(**device.with_code())
        refused("AccessDenied", sts.get_session_token, status=403, text=WRONG, **device.with_code())


def a_device_is_looked_at(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html"""
    device = device_of(world)
    shown = world.iam.get_mfa_device(SerialNumber=device.serial)
    assert (shown["UserName"], shown["SerialNumber"]) == (device.owner.name, device.serial), shown
    assigned = world.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned", MaxItems=1000)["VirtualMFADevices"]
    (mine,) = [one for one in assigned if one["SerialNumber"] == device.serial]
    assert mine["User"]["UserName"] == device.owner.name and mine["EnableDate"], mine
    free = world.iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned", MaxItems=1000)["VirtualMFADevices"]
    assert device.serial not in [one["SerialNumber"] for one in free], free
    world.iam.deactivate_mfa_device(UserName=device.owner.name, SerialNumber=device.serial)
    assert "UserName" not in world.iam.get_mfa_device(SerialNumber=device.serial)


def a_device_is_synchronised_anew(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html"""
    device = device_of(world)
    call = {"UserName": device.owner.name, "SerialNumber": device.serial}
    wrong = {"AuthenticationCode1": device.code(2), "AuthenticationCode2": device.code(1)}
    refused("InvalidAuthenticationCode", world.iam.resync_mfa_device, status=403, **wrong, **call)
    right = {"AuthenticationCode1": device.code(1), "AuthenticationCode2": device.code(2)}
    world.iam.resync_mfa_device(**right, **call)
    refused("AccessDenied", device.owner.sts.get_session_token, status=403, text=WRONG, **device.with_code())
    call["UserName"] = world.user().name
    refused("NoSuchEntity", world.iam.resync_mfa_device, status=404, **right, **call)


def a_device_keeps_its_user(world):
    device = device_of(world)
    world.iam.delete_access_key(UserName=device.owner.name, AccessKeyId=device.owner.key)
    refused("DeleteConflict", world.iam.delete_user, status=409, UserName=device.owner.name)
    world.iam.deactivate_mfa_device(UserName=device.owner.name, SerialNumber=device.serial)
    world.iam.delete_user(UserName=device.owner.name)
