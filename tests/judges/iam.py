"""IAM: what is made is found again, what is wrong is refused in IAM's words, pages and waiters work.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

import datetime
import json

from judges.world import allow, document, fresh, refused, trust

S3_READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def _name(arn):
    return arn.rsplit("/", 1)[-1]


def users(world):
    name = fresh("user")
    made = world.iam.create_user(UserName=name, Path="/team/", Tags=[{"Key": "team", "Value": "red"}])["User"]
    assert made["Arn"] == f"arn:aws:iam::{world.account}:user/team/{name}", made
    assert made["UserId"].startswith("AIDA") and made["Path"] == "/team/", made
    assert abs(made["CreateDate"] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(days=1), made
    got = world.iam.get_user(UserName=name)["User"]
    assert (got["Arn"], got["UserId"]) == (made["Arn"], made["UserId"]), got
    assert world.iam.list_user_tags(UserName=name)["Tags"] == [{"Key": "team", "Value": "red"}]
    listed = world.iam.list_users(PathPrefix="/team/")["Users"]
    assert name in [user["UserName"] for user in listed] and all(user["Path"] == "/team/" for user in listed), listed
    text = f"User with name {name} already exists."
    refused("EntityAlreadyExists", world.iam.create_user, status=409, text=text, UserName=name)
    world.iam.delete_user(UserName=name)
    text = f"The user with name {name} cannot be found."
    refused("NoSuchEntity", world.iam.get_user, status=404, text=text, UserName=name)


def get_user_without_a_name_is_the_caller(world):
    james = world.user(allow("iam:GetUser"))
    assert james.client("iam").get_user()["User"]["UserName"] == james.name


def wrong_names(world):
    for name in ("", "with space", "x" * 65):
        refused("ValidationError", world.iam.create_user, status=400, UserName=name)


def users_are_emptied_before_they_are_deleted(world):
    james = world.user(allow("s3:*"))
    refused("DeleteConflict", world.iam.delete_user, status=409, UserName=james.name)
    text = "Cannot delete entity, must delete policies first."
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    refused("DeleteConflict", world.iam.delete_user, status=409, text=text, UserName=james.name)
    for policy in world.iam.list_user_policies(UserName=james.name)["PolicyNames"]:
        world.iam.delete_user_policy(UserName=james.name, PolicyName=policy)
    world.iam.delete_user(UserName=james.name)


def access_keys(world):
    james = world.user()
    text = "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found"
    call = {"UserName": james.name, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}
    refused("NoSuchEntity", world.iam.delete_access_key, status=404, text=text, **call)
    world.iam.update_access_key(UserName=james.name, AccessKeyId=james.key, Status="Inactive")
    (key,) = world.iam.list_access_keys(UserName=james.name)["AccessKeyMetadata"]
    assert (key["Status"], key["AccessKeyId"], key["UserName"]) == ("Inactive", james.key, james.name), key


def roles(world):
    policy = trust(world.root())
    name = fresh("role")
    call = {"RoleName": name, "Path": "/team/", "Description": "a & b <c>", "MaxSessionDuration": 7200}
    made = world.iam.create_role(AssumeRolePolicyDocument=document(policy), **call)["Role"]
    assert made["Arn"] == f"arn:aws:iam::{world.account}:role/team/{name}", made
    got = world.iam.get_role(RoleName=name)["Role"]
    assert got["AssumeRolePolicyDocument"] == json.loads(document(policy)), got
    assert (got["MaxSessionDuration"], got["Description"], got["RoleId"]) == (7200, "a & b <c>", made["RoleId"]), got
    listed = world.iam.list_roles(PathPrefix="/team/")["Roles"]
    assert name in [role["RoleName"] for role in listed], listed
    text = f"Role with name {name} already exists."
    refused(
        "EntityAlreadyExists",
        world.iam.create_role,
        status=409,
        text=text,
        **call,
        AssumeRolePolicyDocument=document(policy),
    )
    world.iam.delete_role(RoleName=name)
    text = f"The role with name {name} cannot be found."
    refused("NoSuchEntity", world.iam.get_role, status=404, text=text, RoleName=name)


def roles_default_to_an_hour_and_the_root_path(world):
    role = world.iam.get_role(RoleName=_name(world.role(trust(world.root()))))["Role"]
    assert (role["MaxSessionDuration"], role["Path"]) == (3600, "/"), role


def roles_are_emptied_before_they_are_deleted(world):
    name = _name(world.role(trust(world.root())))
    world.iam.attach_role_policy(RoleName=name, PolicyArn=S3_READ)
    text = "Cannot delete entity, must detach all policies first."
    refused("DeleteConflict", world.iam.delete_role, status=409, text=text, RoleName=name)
    world.iam.detach_role_policy(RoleName=name, PolicyArn=S3_READ)
    world.iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document(allow("s3:*")))
    text = "Cannot delete entity, must delete policies first."
    refused("DeleteConflict", world.iam.delete_role, status=409, text=text, RoleName=name)
    world.iam.delete_role_policy(RoleName=name, PolicyName="may")
    world.iam.delete_role(RoleName=name)


def trust_policies_are_replaced(world):
    name = _name(world.role(trust({"Service": "ec2.amazonaws.com"})))
    new = document(trust(world.root(), {"StringEquals": {"sts:ExternalId": "x y & <z>"}}))
    world.iam.update_assume_role_policy(RoleName=name, PolicyDocument=new)
    assert world.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == json.loads(new)
    call = {"RoleName": fresh("none"), "PolicyDocument": new}
    refused("NoSuchEntity", world.iam.update_assume_role_policy, status=404, **call)


def trust_policies_are_validated(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html"""
    name = _name(world.role(trust(world.root())))
    nobody = f"arn:aws:iam::{world.account}:user/{fresh('none')}"
    without_principal = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    all_but = {"Effect": "Deny", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": world.root()}}
    wrong = (
        ("not json", "This policy contains invalid Json"),
        (document(trust(nobody)), f'Invalid principal in policy: "AWS":"{nobody}"'),
        (document(trust(world.root()) | {"Resource": "*"}), "Has prohibited field Resource"),
        (document(without_principal), None),
        (document(trust(world.root()), all_but), None),
        (document(trust(world.root()) | {"NotPrincipal": {"AWS": world.root()}}), None),
        (
            document(trust(world.root(), actions="s3:GetObject")),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (document(trust(world.root()) | {"Effect": "Maybe"}), None),
        (document(trust("arn:aws:iam::123:root")), 'Invalid principal in policy: "AWS":"arn:aws:iam::123:root"'),
    )
    for policy, text in wrong:
        call = {"RoleName": name, "PolicyDocument": policy}
        refused("MalformedPolicyDocument", world.iam.update_assume_role_policy, status=400, text=text, **call)
    call = {"RoleName": fresh("role"), "AssumeRolePolicyDocument": document(trust(nobody))}
    refused("MalformedPolicyDocument", world.iam.create_role, status=400, **call)


def identity_policies_are_validated(world):
    james = world.user()
    wrong = (
        "not json",
        document({"Effect": "Allow", "Action": "s3:*"}),
        document({"Effect": "Allow", "Resource": "*"}),
        document(allow("s3:*") | {"Principal": "*"}),
        document(allow("no-colon")),
        '{"Version":"2011-01-01","Statement":[]}',
    )
    for policy in wrong:
        call = {"UserName": james.name, "PolicyName": "wrong", "PolicyDocument": policy}
        refused("MalformedPolicyDocument", world.iam.put_user_policy, status=400, **call)


def inline_policies(world):
    name = _name(world.role(trust(world.root())))
    policy = document(allow("s3:*", Condition={"StringLike": {"s3:prefix": ["a/*", "${aws:username}/*"]}}))
    world.iam.put_role_policy(RoleName=name, PolicyName="one", PolicyDocument=policy)
    got = world.iam.get_role_policy(RoleName=name, PolicyName="one")
    assert (got["PolicyDocument"], got["RoleName"]) == (json.loads(policy), name), got
    assert world.iam.list_role_policies(RoleName=name)["PolicyNames"] == ["one"]
    world.iam.delete_role_policy(RoleName=name, PolicyName="one")
    text = "The role policy with name one cannot be found."
    refused("NoSuchEntity", world.iam.get_role_policy, status=404, text=text, RoleName=name, PolicyName="one")


def managed_policies(world):
    name = fresh("policy")
    policy = document(allow("s3:*"))
    made = world.iam.create_policy(PolicyName=name, PolicyDocument=policy, Description="all of S3")["Policy"]
    assert made["Arn"] == f"arn:aws:iam::{world.account}:policy/{name}", made
    assert (made["DefaultVersionId"], made["AttachmentCount"]) == ("v1", 0), made
    james = world.user()
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=made["Arn"])
    attached = world.iam.list_attached_user_policies(UserName=james.name)["AttachedPolicies"]
    assert attached == [{"PolicyName": name, "PolicyArn": made["Arn"]}], attached
    assert world.iam.get_policy(PolicyArn=made["Arn"])["Policy"]["AttachmentCount"] == 1
    version = world.iam.get_policy_version(PolicyArn=made["Arn"], VersionId="v1")["PolicyVersion"]
    assert version["Document"] == json.loads(policy) and version["IsDefaultVersion"], version
    refused("EntityAlreadyExists", world.iam.create_policy, status=409, PolicyName=name, PolicyDocument=policy)
    refused("DeleteConflict", world.iam.delete_policy, status=409, PolicyArn=made["Arn"])
    world.iam.detach_user_policy(UserName=james.name, PolicyArn=made["Arn"])
    world.iam.delete_policy(PolicyArn=made["Arn"])
    text = f"Policy {made['Arn']} does not exist or is not attachable."
    call = {"UserName": james.name, "PolicyArn": made["Arn"]}
    refused("NoSuchEntity", world.iam.attach_user_policy, status=404, text=text, **call)


def policies_of_aws(world):
    read = {
        "AmazonS3ReadOnlyAccess": ["s3"],
        "AmazonEC2FullAccess": ["ec2"],
        "ReadOnlyAccess": ["s3", "ec2"],
        "job-function/ViewOnlyAccess": ["s3", "ec2"],
    }
    for name, services in read.items():
        james = world.user()
        world.iam.attach_user_policy(UserName=james.name, PolicyArn=f"arn:aws:iam::aws:policy/{name}")
        look = {"s3": james.client("s3").list_buckets, "ec2": james.client("ec2").describe_instances}
        for service, call in look.items():
            if service in services:
                call()
            else:
                refused(("AccessDenied", "UnauthorizedOperation"), call, status=403)
        refused("AccessDenied", james.client("s3").create_bucket, status=403, Bucket=fresh("bucket"))


def tags(world):
    name = _name(world.role(trust(world.root())))
    world.iam.tag_role(RoleName=name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
    world.iam.tag_role(RoleName=name, Tags=[{"Key": "a", "Value": "2"}])
    got = {tag["Key"]: tag["Value"] for tag in world.iam.list_role_tags(RoleName=name)["Tags"]}
    assert got == {"a": "2", "b": ""}, got
    world.iam.untag_role(RoleName=name, TagKeys=["a"])
    assert world.iam.list_role_tags(RoleName=name)["Tags"] == [{"Key": "b", "Value": ""}]


def groups(world):
    name, james = fresh("group"), world.user()
    made = world.iam.create_group(GroupName=name)["Group"]
    assert made["Arn"] == f"arn:aws:iam::{world.account}:group/{name}" and made["GroupId"].startswith("AGPA"), made
    world.iam.add_user_to_group(GroupName=name, UserName=james.name)
    assert [user["UserName"] for user in world.iam.get_group(GroupName=name)["Users"]] == [james.name]
    assert [group["GroupName"] for group in world.iam.list_groups_for_user(UserName=james.name)["Groups"]] == [name]
    text = f"The group with name {name}x cannot be found."
    refused("NoSuchEntity", world.iam.get_group, status=404, text=text, GroupName=name + "x")


def denials_are_worded(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
    james = world.user()
    start = f"User: {james.arn} is not authorized to perform: iam:"
    role = world.role(trust(world.root()))
    reason = " because no identity-based policy allows the iam:GetRole action"
    text = f"{start}GetRole on resource: role {_name(role)}{reason}"
    refused("AccessDenied", james.client("iam").get_role, status=403, text=text, RoleName=_name(role))
    james.may({"Effect": "Deny", "Action": "iam:GetRole", "Resource": "*"})
    text = f"{start}GetRole on resource: role {_name(role)} with an explicit deny in an identity-based policy"
    refused("AccessDenied", james.client("iam").get_role, status=403, text=text, RoleName=_name(role))
    text = f"{start}ListUsers on resource: arn:aws:iam::{world.account}:user/"
    refused("AccessDenied", james.client("iam").list_users, status=403, text=text)


def pages(world):
    path = f"/{fresh('pages')}/"
    names = {fresh("user") for _ in range(5)}
    for name in names:
        world.iam.create_user(UserName=name, Path=path)
    found, count = [], 0
    for page in world.iam.get_paginator("list_users").paginate(PathPrefix=path, PaginationConfig={"PageSize": 2}):
        found += [user["UserName"] for user in page["Users"]]
        count += 1
    assert (sorted(found), count) == (sorted(names), 3), (found, count)
    first = world.iam.list_users(PathPrefix=path, MaxItems=2)
    assert first["IsTruncated"] and first["Marker"], first
    for operation in ("list_roles", "list_policies", "list_groups"):
        for page in world.iam.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1, "MaxItems": 3}):
            assert "IsTruncated" in page, operation


def waiters(world):
    role, james = world.role(trust(world.root())), world.user()
    policy = world.iam.create_policy(PolicyName=fresh("policy"), PolicyDocument=document(allow("s3:*")))["Policy"]
    soon = {"Delay": 1, "MaxAttempts": 3}
    world.iam.get_waiter("user_exists").wait(UserName=james.name, WaiterConfig=soon)
    world.iam.get_waiter("role_exists").wait(RoleName=_name(role), WaiterConfig=soon)
    world.iam.get_waiter("policy_exists").wait(PolicyArn=policy["Arn"], WaiterConfig=soon)


def simulation(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html"""
    james = world.user(allow("s3:Get*"), {"Effect": "Deny", "Action": "s3:GetBucketPolicy", "Resource": "*"})
    names = ["s3:GetObject", "s3:PutObject", "s3:GetBucketPolicy"]
    answer = world.iam.simulate_principal_policy(PolicySourceArn=james.arn, ActionNames=names)
    got = {result["EvalActionName"]: result["EvalDecision"] for result in answer["EvaluationResults"]}
    assert got == dict(zip(names, ("allowed", "implicitDeny", "explicitDeny"), strict=True)), got


def names_differ_by_more_than_case(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    name = fresh("User")
    world.iam.create_user(UserName=name)
    refused("EntityAlreadyExists", world.iam.create_user, status=409, UserName=name.upper())
    assert world.iam.get_user(UserName=name.lower())["User"]["UserName"] == name


def wrong_paths(world):
    for path in ("team/", "/team", "/te am/", "/" + "x" * 512 + "/"):
        refused("ValidationError", world.iam.create_user, status=400, UserName=fresh("user"), Path=path)


def groups_are_emptied_before_they_are_deleted(world):
    name, james = fresh("group"), world.user()
    world.iam.create_group(GroupName=name)
    world.iam.add_user_to_group(GroupName=name, UserName=james.name)
    refused("DeleteConflict", world.iam.delete_group, status=409, GroupName=name)
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    refused("DeleteConflict", world.iam.delete_user, status=409, UserName=james.name)
    world.iam.remove_user_from_group(GroupName=name, UserName=james.name)
    world.iam.delete_group(GroupName=name)
    world.iam.delete_user(UserName=james.name)


def roles_are_described_anew(world):
    name = _name(world.role(trust(world.root()), Description="old"))
    shown = world.iam.update_role_description(RoleName=name, Description="new")["Role"]
    assert shown["Description"] == "new", shown
    world.iam.update_role(RoleName=name, Description="newer", MaxSessionDuration=7200)
    got = world.iam.get_role(RoleName=name)["Role"]
    assert (got["Description"], got["MaxSessionDuration"]) == ("newer", 7200), got


def an_account_without_an_alias(world):
    assert world.iam.list_account_aliases()["AccountAliases"] == []


def sids_are_unique(world):
    one = allow("s3:*") | {"Sid": "one"}
    call = {"UserName": world.user().name, "PolicyName": "may"}
    refused("MalformedPolicyDocument", world.iam.put_user_policy, PolicyDocument=document(one, one), **call)
    world.iam.put_user_policy(PolicyDocument=document(one, one | {"Sid": "two"}), **call)
