"""Every operator, and the condition keys that `conditions` leaves out; variables in resources.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import json

from judges.world import allow, document, fresh, refused, trust

PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
ROLE = "arn:aws:iam::111122223333:role/team/reader"

# Operator, value of the policy, value of the request (None: it has none), whether that is true.
TEXTS = (
    ("StringEquals", "red", "red", True),
    ("StringEquals", "red", "Red", False),
    ("StringEquals", "r*", "red", False),
    ("StringNotEquals", "red", "blue", True),
    ("StringNotEquals", ["red", "blue"], "blue", False),
    ("StringEqualsIgnoreCase", "RED", "red", True),
    ("StringNotEqualsIgnoreCase", "RED", "red", False),
    ("StringLike", "r?d*", "red-1", True),
    ("StringLike", "r?d", "reed", False),
    ("StringNotLike", "r*", "red", False),
    ("StringNotLike", "r*", "blue", True),
    ("ArnEquals", "arn:aws:iam::*:role/team/*", ROLE, True),
    ("ArnLike", "arn:aws:iam::*:role/other/*", ROLE, False),
    ("ArnLike", "arn:*/reader", ROLE, False),
    ("ArnNotEquals", ROLE, ROLE, False),
    ("ArnNotLike", "arn:aws:iam::*:user/*", ROLE, True),
    ("Bool", "true", "true", True),
    ("Bool", "true", "false", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.77", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.77", False),
    ("IpAddress", "2001:db8::/32", "2001:db8:1::1", True),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.77", False),
)
NUMBERS = (
    ("NumericEquals", "10", "10", True),
    ("NumericNotEquals", "10", "10", False),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "10", False),
    ("NumericGreaterThan", "9", "10", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericEquals", "10", "ten", False),
    ("DateEquals", PAST, PAST, True),
    ("DateNotEquals", PAST, PAST, False),
    ("DateLessThan", FUTURE, PAST, True),
    ("DateLessThan", PAST, PAST, False),
    ("DateLessThanEquals", PAST, PAST, True),
    ("DateGreaterThan", PAST, FUTURE, True),
    ("DateGreaterThan", FUTURE, PAST, False),
    ("DateGreaterThanEquals", "1577836800", PAST, True),
)
ABSENT = (
    ("StringEquals", "red", None, False),
    ("StringNotEquals", "red", None, True),
    ("StringEqualsIfExists", "red", None, True),
    ("StringEqualsIfExists", "red", "blue", False),
    ("NumericLessThanIfExists", "10", None, True),
    ("NotIpAddress", "203.0.113.0/24", None, True),
    ("Null", "true", None, True),
    ("Null", "true", "red", False),
    ("Null", "false", "red", True),
    ("ForAllValues:StringEquals", ["red", "blue"], None, True),
    ("ForAllValues:StringEquals", ["red", "blue"], ["red", "blue"], True),
    ("ForAllValues:StringEquals", ["red", "blue"], ["red", "green"], False),
    ("ForAnyValue:StringEquals", ["red", "blue"], None, False),
    ("ForAnyValue:StringEquals", ["red", "blue"], ["green", "red"], True),
    ("ForAnyValue:StringEquals", ["red", "blue"], ["green"], False),
    ("ForAllValues:StringNotEquals", ["red"], ["green", "red"], False),
    ("ForAnyValue:StringNotEquals", ["red"], ["green", "red"], True),
)


def _holds(world, rows):
    """Asks the simulator: one action for each row, with the request's value under a key of its own."""
    statements, entries = [], []
    for number, (operator, wanted, actual, _) in enumerate(rows):
        key = f"aws:PrincipalTag/key{number}"
        statements.append(allow(f"s3:Row{number}", Condition={operator: {key: wanted}}))
        if actual is not None:
            values = actual if isinstance(actual, list) else [actual]
            kind = "stringList" if isinstance(actual, list) else "string"
            entries.append({"ContextKeyName": key, "ContextKeyValues": values, "ContextKeyType": kind})
    james = world.user()
    policy = world.iam.create_policy(PolicyName=fresh("rows"), PolicyDocument=document(*statements))["Policy"]
    world.iam.attach_user_policy(UserName=james.name, PolicyArn=policy["Arn"])
    call = {"PolicySourceArn": james.arn, "ActionNames": [f"s3:Row{number}" for number in range(len(rows))]}
    answer = world.iam.simulate_principal_policy(ContextEntries=entries, **call)
    got = [result["EvalDecision"] == "allowed" for result in answer["EvaluationResults"]]
    wrong = [row for row, holds in zip(rows, got, strict=True) if holds != row[3]]
    assert not wrong, wrong


def operators_on_texts(world):
    _holds(world, TEXTS)


def operators_on_numbers_and_dates(world):
    _holds(world, NUMBERS)


def operators_on_what_is_absent_or_many(world):
    _holds(world, ABSENT)


def an_operator_that_is_none(world):
    statement = allow("s3:*", Condition={"StringSounds": {"aws:username": "James"}})
    call = {"UserName": world.user().name, "PolicyName": "may", "PolicyDocument": document(statement)}
    refused("MalformedPolicyDocument", world.iam.put_user_policy, status=400, **call)


def _told(world, person, condition, holds):
    """A role that trusts this person if what a condition says of them is true."""
    role = world.role(trust("*", condition))
    person.assume(role) if holds else person.denied(role)


def principal_type(world):
    james = world.user()
    session = james.assume(world.role(trust(james.arn)))
    for person, kind in ((james, "User"), (session, "AssumedRole")):
        for name in ("User", "AssumedRole", "Account"):
            _told(world, person, {"StringEquals": {"aws:PrincipalType": name}}, name == kind)


def user_ids(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable"""
    james = world.user()
    session = james.assume(world.role(trust(james.arn)), "me")
    for person in (james, session):
        number = person.sts.get_caller_identity()["UserId"]
        _told(world, person, {"StringEquals": {"aws:userid": number}}, True)
        _told(world, person, {"StringEquals": {"aws:userid": number + "x"}}, False)
    _told(world, session, {"StringLike": {"aws:userid": "AROA*:me"}}, True)
    # A session of a role has no user name.
    _told(world, session, {"Null": {"aws:username": "true"}}, True)
    _told(world, james, {"Null": {"aws:username": "true"}}, False)


def user_agent(world):
    _told(world, world.user(), {"StringLike": {"aws:UserAgent": "Boto3/*"}}, True)
    _told(world, world.user(), {"StringLike": {"aws:UserAgent": "aws-cli/*"}}, False)


def requested_region(world):
    james = world.user(allow("ec2:*", Condition={"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-3"]}}))
    for region in ("eu-west-1", "eu-west-3"):
        james.client("ec2", region).describe_instances()
    refused("UnauthorizedOperation", james.client("ec2", "us-west-2").describe_instances, status=403)


def resource_tag(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html"""
    for key in ("aws:ResourceTag/team", "iam:ResourceTag/team"):
        james = world.user(allow("*", Condition={"StringEquals": {key: "red"}}))
        red, blue = (
            world.role(trust(world.root()), Tags=[{"Key": "team", "Value": team}]) for team in ("red", "blue")
        )
        james.assume(red)
        james.denied(blue)
        james.client("iam").get_role(RoleName=red.rsplit("/", 1)[-1])
        refused("AccessDenied", james.client("iam").get_role, status=403, RoleName=blue.rsplit("/", 1)[-1])


def resource_account(world):
    role = world.role(trust(world.root()))
    for account, may in ((world.account, True), ("999988887777", False)):
        james = world.user(allow("sts:AssumeRole", Condition={"StringEquals": {"aws:ResourceAccount": account}}))
        james.assume(role) if may else james.denied(role)


def which_policy_is_attached(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html"""
    read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    james = world.user(allow("iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": read}}))
    attach, mary = james.client("iam").attach_user_policy, world.user().name
    attach(UserName=mary, PolicyArn=read)
    call = {"UserName": mary, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    refused("AccessDenied", attach, status=403, **call)


def with_which_boundary(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
    read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    james = world.user(allow("iam:CreateUser", Condition={"StringEquals": {"iam:PermissionsBoundary": read}}))
    create = james.client("iam").create_user
    refused("AccessDenied", create, status=403, UserName=fresh("user"))
    made = create(UserName=fresh("user"), PermissionsBoundary=read)["User"]
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == read, made


def calls_are_peoples_own(world):
    """No service calls on somebody's behalf here."""
    for key in ("aws:PrincipalIsAWSService", "aws:ViaAWSService"):
        _told(world, world.user(), {"Bool": {key: "true"}}, False)
        _told(world, world.user(), {"Bool": {key: "false"}}, True)


def a_folder_of_ones_own(world):
    """Variables in resources: AWS's example of home folders."""
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    james = world.user(allow("s3:PutObject", f"arn:aws:s3:::{name}/home/${{aws:username}}/*"))
    put = james.client("s3").put_object
    put(Bucket=name, Key=f"home/{james.name}/a", Body=b"a")
    refused("AccessDenied", put, status=403, Bucket=name, Key="home/somebody/a", Body=b"a")


def variables_with_a_default(world):
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    team = "${aws:PrincipalTag/team, 'nobody'}"
    james = world.user(allow("s3:PutObject", f"arn:aws:s3:::{name}/{team}/*"))
    put = james.client("s3").put_object
    put(Bucket=name, Key="nobody/a", Body=b"a")
    world.iam.tag_user(UserName=james.name, Tags=[{"Key": "team", "Value": "red"}])
    put(Bucket=name, Key="red/a", Body=b"a")
    refused("AccessDenied", put, status=403, Bucket=name, Key="nobody/a", Body=b"a")


def the_old_version_has_no_variables(world):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"""
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    for version, may in (("2012-10-17", True), ("2008-10-17", False)):
        james = world.user()
        statement = allow("s3:PutObject", f"arn:aws:s3:::{name}/${{aws:username}}/*")
        policy = json.dumps({"Version": version, "Statement": statement})
        world.iam.put_user_policy(UserName=james.name, PolicyName="may", PolicyDocument=policy)
        call = {"Bucket": name, "Key": f"{james.name}/a", "Body": b"a"}
        put = james.client("s3").put_object
        put(**call) if may else refused("AccessDenied", put, status=403, **call)
