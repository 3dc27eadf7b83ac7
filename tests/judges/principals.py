"""Who may assume a role: trust policies, identity policies, and what each of both accounts must say.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from judges.world import allow, deny, document, fresh, refused, trust


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


def _the_other_account_needs_both(world, other):
    james = world.user()
    role = other.role(trust(james.arn))
    james.denied(role)
    james.may(allow("sts:AssumeRole", role))
    session = james.assume(role)
    assert session.sts.get_caller_identity()["Account"] == other.account


def _the_other_account_must_trust(world, other):
    james = world.user(allow("*"))
    james.denied(other.role(trust(other.root())))
    james.assume(other.role(trust(world.root())))
    james.assume(other.role(trust(world.account)))


def _everybody_elsewhere_needs_an_identity_policy(world, other):
    role = other.role(trust("*"))
    world.user().denied(role)
    world.user(allow("sts:AssumeRole", role)).assume(role)


def _names_do_not_cross_accounts(world, other):
    refused("NoSuchEntity", other.iam.get_user, status=404, UserName=world.user().name)


BETWEEN_ACCOUNTS = (
    _the_other_account_needs_both,
    _the_other_account_must_trust,
    _everybody_elsewhere_needs_an_identity_policy,
    _names_do_not_cross_accounts,
)
