"""Managed policies with their versions, and the quotas of IAM.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json

from judges.world import allow, document, fresh, refused, trust

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def _policy(world, *statements, **parameters):
    call = {"PolicyName": fresh("policy"), "PolicyDocument": document(*statements)}
    return world.iam.create_policy(**call, **parameters)["Policy"]["Arn"]


def _long(length):
    """A policy of about this many characters that are no spaces."""
    return document(allow("s3:*", "arn:aws:s3:::" + "x" * length))


def the_default_version_counts(world):
    arn, james = _policy(world, allow("s3:*")), world.user()
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=arn)
    james.client("s3").list_buckets()
    made = world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("iam:*")))["PolicyVersion"]
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", False), made
    james.client("s3").list_buckets()
    world.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    refused("AccessDenied", james.client("s3").list_buckets, status=403)
    james.client("iam").list_users()
    call = {"PolicyArn": arn, "PolicyDocument": document(allow("s3:*")), "SetAsDefault": True}
    assert world.iam.create_policy_version(**call)["PolicyVersion"]["IsDefaultVersion"]
    james.client("s3").list_buckets()
    assert world.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"


def five_versions_at_most(world):
    arn, new = _policy(world, allow("s3:*")), document(allow("iam:*"))
    for _ in range(4):
        world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=new)
    refused("LimitExceeded", world.iam.create_policy_version, status=409, PolicyArn=arn, PolicyDocument=new)
    world.iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    # Numbers are not used again.
    assert world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=new)["PolicyVersion"]["VersionId"] == "v6"
    listed = world.iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [version["VersionId"] for version in listed] == ["v6", "v5", "v4", "v3", "v1"], listed
    assert [version["IsDefaultVersion"] for version in listed] == [False] * 4 + [True], listed


def versions_go_before_their_policy(world):
    arn = _policy(world, allow("s3:*"))
    world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("iam:*")))
    refused("DeleteConflict", world.iam.delete_policy, status=409, PolicyArn=arn)
    refused("DeleteConflict", world.iam.delete_policy_version, status=409, PolicyArn=arn, VersionId="v1")
    refused("NoSuchEntity", world.iam.get_policy_version, status=404, PolicyArn=arn, VersionId="v9")
    refused("NoSuchEntity", world.iam.set_default_policy_version, status=404, PolicyArn=arn, VersionId="v9")
    world.iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    world.iam.delete_policy(PolicyArn=arn)
    refused("NoSuchEntity", world.iam.get_policy, status=404, PolicyArn=arn)


def policies_of_aws_cannot_be_changed(world):
    new = {"PolicyArn": READ, "PolicyDocument": document(allow("*"))}
    refused("AccessDenied", world.iam.create_policy_version, status=403, **new)
    refused("AccessDenied", world.iam.delete_policy, status=403, PolicyArn=READ)


def policies_that_hang_on_somebody(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html"""
    arn, james, group = _policy(world, allow("s3:*"), Path="/team/"), world.user(), fresh("group")
    role = world.role(trust(james.arn)).rsplit("/", 1)[-1]
    world.iam.create_group(GroupName=group)
    world.iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=arn)
    world.iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    held = world.iam.list_entities_for_policy(PolicyArn=arn)
    assert [user["UserName"] for user in held["PolicyUsers"]] == [james.name], held
    assert [one["GroupName"] for one in held["PolicyGroups"]] == [group], held
    assert [one["RoleName"] for one in held["PolicyRoles"]] == [role], held
    listed = world.iam.list_policies(Scope="Local", OnlyAttached=True, PathPrefix="/team/")["Policies"]
    assert [policy["AttachmentCount"] for policy in listed if policy["Arn"] == arn] == [3], listed
    assert READ in [policy["Arn"] for policy in world.iam.list_policies(Scope="AWS")["Policies"]]
    world.iam.detach_group_policy(GroupName=group, PolicyArn=arn)
    refused("NoSuchEntity", world.iam.detach_group_policy, status=404, GroupName=group, PolicyArn=arn)


def a_boundary_is_in_use(world):
    arn, james = _policy(world, allow("s3:*")), world.user()
    world.iam.put_user_permissions_boundary(UserName=james.name, PermissionsBoundary=arn)
    boundary = world.iam.get_user(UserName=james.name)["User"]["PermissionsBoundary"]
    assert boundary == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}, boundary
    refused("DeleteConflict", world.iam.delete_policy, status=409, PolicyArn=arn)
    world.iam.delete_user_permissions_boundary(UserName=james.name)
    world.iam.delete_policy(PolicyArn=arn)


def ten_attached_policies_at_most(world):
    james, arns = world.user(), [_policy(world, allow("s3:*")) for _ in range(11)]
    for arn in arns[:10]:
        world.iam.attach_user_policy(UserName=james.name, PolicyArn=arn)
    call = {"UserName": james.name, "PolicyArn": arns[10]}
    refused("LimitExceeded", world.iam.attach_user_policy, status=409, **call)
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=arns[0])


def sizes_of_policies(world):
    """6144 characters of a managed policy; 2048, 5120 and 10240 of all inline ones together; 2048 of a trust policy."""
    james, group = world.user(), fresh("group")
    role = world.role(trust(james.arn)).rsplit("/", 1)[-1]
    world.iam.create_group(GroupName=group)
    world.iam.create_policy(PolicyName=fresh("policy"), PolicyDocument=_long(6000))
    refused(
        "LimitExceeded", world.iam.create_policy, status=409, PolicyName=fresh("policy"), PolicyDocument=_long(6144)
    )
    for put, holder, most in (
        (world.iam.put_user_policy, {"UserName": james.name}, 2048),
        (world.iam.put_group_policy, {"GroupName": group}, 5120),
        (world.iam.put_role_policy, {"RoleName": role}, 10_240),
    ):
        half = {"PolicyDocument": _long(most // 2 - 120)}
        put(PolicyName="one", **half, **holder)
        put(PolicyName="two", **half, **holder)
        put(PolicyName="two", **half, **holder)
        refused("LimitExceeded", put, status=409, PolicyName="three", PolicyDocument=_long(300), **holder)
    condition = {"StringEquals": {"sts:ExternalId": "x" * 2048}}
    call = {"RoleName": role, "PolicyDocument": document(trust(james.arn, condition))}
    refused("LimitExceeded", world.iam.update_assume_role_policy, status=409, **call)
    # Spaces do not count.
    spaced = json.dumps(json.loads(document(trust(james.arn))), indent=500)
    world.iam.update_assume_role_policy(RoleName=role, PolicyDocument=spaced)
