"""Who may assume a role: trust policies, identity policies, and what each of both accounts must say.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from judges.world import Person, allow, deny, document, fresh, refused, trust


def named_user_needs_no_identity_policy(world):
    james = world.user()
    james.assume(world.role(trust(james.arn)))


def another_user_is_denied(world):
    james = world.user(allow("sts:AssumeRole"))
    james.denied(world.role(trust(world.user().arn)))


def root_means_the_account_and_needs_an_identity_policy(world):
    role = world.role(trust(world.root()))
    world.user().denied(role)
    world.user(allow("sts:AssumeRole", role)).assume(role)
    world.user(allow("sts:AssumeRole", role + "x")).denied(role)
    world.user(allow("sts:*")).assume(role)


def account_number_means_root(world):
    role = world.role(trust(world.account))
    world.user().denied(role)
    world.user(allow("sts:AssumeRole", role)).assume(role)


def everybody(world):
    """A trust in `*` names no one in particular: the identity policy is not asked in the same account."""
    world.user().assume(world.role(trust("*")))
    world.user().assume(world.role(trust({"AWS": "*"})))


def service_is_not_a_user(world):
    role = world.role(trust({"Service": "ec2.amazonaws.com"}))
    world.user(allow("sts:AssumeRole", role)).denied(role)


def federated_is_not_a_user(world):
    provider = f"arn:aws:iam::{world.account}:saml-provider/idp"
    role = world.role(trust({"Federated": provider}, actions="sts:AssumeRoleWithSAML"))
    world.user(allow("sts:*")).denied(role)


def several_principals(world):
    james, mary = world.user(), world.user()
    role = world.role(trust({"AWS": [james.arn, mary.arn], "Service": ["ec2.amazonaws.com"]}))
    james.assume(role)
    mary.assume(role)
    world.user().denied(role)


def deny_in_the_trust_wins(world):
    james = world.user(allow("*"))
    james.denied(world.role(trust(james.arn), trust(james.arn, effect="Deny")))
    james.denied(world.role(trust(world.root()), trust("*", effect="Deny")))


def deny_in_the_identity_policy_wins(world):
    james = world.user(allow("*"), deny("sts:AssumeRole"))
    james.denied(world.role(trust(james.arn)))


def a_role_that_does_not_exist_is_denied_not_missing(world):
    world.user(allow("*")).denied(f"arn:aws:iam::{world.account}:role/{fresh('none')}")


def the_path_belongs_to_the_role(world):
    james = world.user()
    role = world.role(trust(james.arn), Path="/team/")
    james.assume(role)
    james.denied(role.replace("/team/", "/"))


def identity_policy_through_a_group(world):
    james, role = world.user(), world.role(trust(world.root()))
    group = fresh("group")
    world.iam.create_group(GroupName=group)
    statement = document(allow("sts:AssumeRole", role))
    world.iam.put_group_policy(GroupName=group, PolicyName="may", PolicyDocument=statement)
    james.denied(role)
    world.iam.add_user_to_group(GroupName=group, UserName=james.name)
    james.assume(role)
    world.iam.remove_user_from_group(GroupName=group, UserName=james.name)
    james.denied(role)


def identity_policy_attached(world):
    james, role = world.user(), world.role(trust(world.root()))
    policy = document(allow("sts:AssumeRole", role))
    arn = world.iam.create_policy(PolicyName=fresh("policy"), PolicyDocument=policy)["Policy"]["Arn"]
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=arn)
    james.assume(role)
    world.iam.detach_user_policy(UserName=james.name, PolicyArn=arn)
    james.denied(role)


def boundary_limits_the_identity_policy(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
    role = world.role(trust(world.root()))
    james = world.user(allow("*"))
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=document(allow("s3:*")))
    boundary = policy["Policy"]["Arn"]
    james.assume(role)
    world.iam.put_user_permissions_boundary(UserName=james.name, PermissionsBoundary=boundary)
    james.denied(role)
    james.client("s3").list_buckets()
    world.iam.delete_user_permissions_boundary(UserName=james.name)
    james.assume(role)


def boundary_alone_allows_nothing(world):
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=document(allow("*")))
    james = world.user(PermissionsBoundary=policy["Policy"]["Arn"])
    refused("AccessDenied", james.client("iam").list_users, status=403)


def boundary_of_a_role(world):
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=document(allow("iam:*")))
    james = world.user()
    role = world.role(
        trust(james.arn), may=[allow("s3:*"), allow("iam:*")], PermissionsBoundary=policy["Policy"]["Arn"]
    )
    session = james.assume(role)
    session.client("iam").list_users()
    refused("AccessDenied", session.client("s3").list_buckets, status=403)


def role_trusts_a_role(world):
    james = world.user()
    first = world.role(trust(james.arn))
    second = world.role(trust(first))
    james.denied(second)
    session = james.assume(first)
    session.assume(second)


def role_trusts_one_session_of_a_role(world):
    james = world.user()
    first = world.role(trust(james.arn))
    name = first.rsplit("/", 1)[-1]
    second = world.role(trust(f"arn:aws:sts::{world.account}:assumed-role/{name}/right"))
    james.assume(first, "right").assume(second)
    james.assume(first, "wrong").denied(second)


def role_does_not_trust_itself(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"""
    james = world.user()
    role = world.role(trust(james.arn))
    james.assume(role).denied(role)


def wildcards_and_not_action(world):
    role = world.role(trust(world.root()))
    world.user(allow("sts:Assume*", role[:-2] + "??")).assume(role)
    world.user({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}).assume(role)
    world.user({"Effect": "Allow", "NotAction": "sts:*", "Resource": "*"}).denied(role)
    world.user({"Effect": "Allow", "Action": "sts:*", "NotResource": role}).denied(role)
    world.user(allow("STS:assumerole", role)).assume(role)


def an_edited_trust_counts_at_once(world):
    james = world.user()
    role = world.role(trust({"Service": "ec2.amazonaws.com"}))
    james.denied(role)
    name = role.rsplit("/", 1)[-1]
    world.iam.update_assume_role_policy(RoleName=name, PolicyDocument=document(trust(james.arn)))
    james.assume(role)


def the_other_account_needs_both(world, other):
    james = world.user()
    role = other.role(trust(james.arn))
    james.denied(role)
    james.may(allow("sts:AssumeRole", role))
    session = james.assume(role)
    assert session.sts.get_caller_identity()["Account"] == other.account


def the_other_account_must_trust(world, other):
    james = world.user(allow("*"))
    james.denied(other.role(trust(other.root())))
    james.assume(other.role(trust(world.root())))
    james.assume(other.role(trust(world.account)))


def everybody_elsewhere_needs_an_identity_policy(world, other):
    role = other.role(trust("*"))
    world.user().denied(role)
    world.user(allow("sts:AssumeRole", role)).assume(role)


def names_do_not_cross_accounts(world, other):
    refused("NoSuchEntity", other.iam.get_user, status=404, UserName=world.user().name)


def a_user_made_anew_is_another_user(world):
    """A principal is the user that had the ARN when the trust policy was stored, not whoever has it now."""
    james = world.user()
    role = world.role(trust(james.arn))
    james.assume(role)
    world.iam.delete_access_key(UserName=james.name, AccessKeyId=james.key)
    world.iam.delete_user(UserName=james.name)
    world.iam.create_user(UserName=james.name)
    key = world.iam.create_access_key(UserName=james.name)["AccessKey"]
    anew = Person(world, key["AccessKeyId"], key["SecretAccessKey"], arn=james.arn, name=james.name)
    anew.denied(role)
    policy = {"RoleName": role.rsplit("/", 1)[-1], "PolicyDocument": document(trust(james.arn))}
    world.iam.update_assume_role_policy(**policy)
    anew.assume(role)


def a_role_made_anew_is_another_role(world):
    """Sessions of the old one may nothing, and whoever trusted it does not trust the new one."""
    james, name = world.user(), fresh("role")
    made = {"RoleName": name, "AssumeRolePolicyDocument": document(trust(james.arn))}
    may = {"RoleName": name, "PolicyName": "may", "PolicyDocument": document(allow("s3:*"))}
    first = world.iam.create_role(**made)["Role"]["Arn"]
    world.iam.put_role_policy(**may)
    second = world.role(trust(first))
    session = james.assume(first)
    session.client("s3").list_buckets()
    session.assume(second)
    world.iam.delete_role_policy(RoleName=name, PolicyName="may")
    world.iam.delete_role(RoleName=name)
    world.iam.create_role(**made)
    world.iam.put_role_policy(**may)
    refused("AccessDenied", session.client("s3").list_buckets, status=403)
    james.assume(first).client("s3").list_buckets()
    james.assume(first).denied(second)


def a_trusted_role_stays_in_its_session_policy(world):
    """A role as the principal is limited by the session's policies; the session itself is not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single.html
    """
    james = world.user()
    first = world.role(trust(james.arn))
    by_role = world.role(trust(first))
    session = f"arn:aws:sts::{world.account}:assumed-role/{first.rsplit('/', 1)[-1]}/me"
    by_session = world.role(trust(session))
    narrow = james.assume(first, "me", Policy=document(allow("s3:*")))
    narrow.denied(by_role)
    narrow.assume(by_session)
    james.assume(first, "me", Policy=document(allow("sts:AssumeRole"))).assume(by_role)


def a_trusted_role_stays_in_its_boundary(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
    james = world.user()
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=document(allow("s3:*")))
    first = world.role(trust(james.arn), PermissionsBoundary=policy["Policy"]["Arn"])
    second = world.role(trust(first))
    james.assume(first).denied(second)
    world.iam.delete_role_permissions_boundary(RoleName=first.rsplit("/", 1)[-1])
    james.assume(first).assume(second)


def deny_of_a_boundary_or_session_policy_wins(world):
    james = world.user(allow("*"))
    both = document(allow("*"), deny("sts:AssumeRole"))
    role = world.role(trust(james.arn), may=[allow("*")])
    session = james.assume(role, Policy=both)
    session.denied(world.role(trust(session.arn)))
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=both)["Policy"]
    world.iam.put_user_permissions_boundary(UserName=james.name, PermissionsBoundary=policy["Arn"])
    james.denied(role)


def identity_policy_attached_to_a_group(world):
    james, role, group = world.user(), world.role(trust(world.root())), fresh("group")
    policy = document(allow("sts:AssumeRole", role))
    arn = world.iam.create_policy(PolicyName=fresh("policy"), PolicyDocument=policy)["Policy"]["Arn"]
    world.iam.create_group(GroupName=group)
    world.iam.add_user_to_group(GroupName=group, UserName=james.name)
    james.denied(role)
    world.iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    james.assume(role)


def a_session_of_a_user_is_the_user_to_a_trust(world):
    james = world.user()
    role = world.role(trust(james.arn))
    world.session(james.sts.get_session_token()).assume(role)


def a_session_elsewhere_needs_both(world, other):
    """Role chaining between accounts: the role's own policies have to allow it."""
    james = world.user()
    for may, allowed in (((), False), ([allow("sts:AssumeRole")], True)):
        first = world.role(trust(james.arn), may=may)
        second = other.role(trust(first))
        session = james.assume(first)
        session.assume(second) if allowed else session.denied(second)


def a_boundary_counts_elsewhere(world, other):
    james = world.user(allow("*"))
    role = other.role(trust(james.arn))
    james.assume(role)
    policy = world.iam.create_policy(PolicyName=fresh("boundary"), PolicyDocument=document(allow("s3:*")))
    boundary = policy["Policy"]["Arn"]
    world.iam.put_user_permissions_boundary(UserName=james.name, PermissionsBoundary=boundary)
    james.denied(role)


def an_account_that_is_not_there(world):
    """Its number is no principal, and its roles are denied, not missing."""
    role = world.role(trust(world.root())).rsplit("/", 1)[-1]
    call = {"RoleName": role, "PolicyDocument": document(trust("arn:aws:iam::000000000000:root"))}
    refused("MalformedPolicyDocument", world.iam.update_assume_role_policy, status=400, **call)
    world.user(allow("*")).denied("arn:aws:iam::000000000000:role/any")
