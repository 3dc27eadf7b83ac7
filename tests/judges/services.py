"""A little S3 and EC2: what the tutorials call, allowed and refused.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from judges.world import Person, allow, fresh, refused


def buckets(world):
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    listed = world.s3.list_buckets()
    (mine,) = [bucket for bucket in listed["Buckets"] if bucket["Name"] == name]
    assert mine["CreationDate"].tzinfo, mine
    assert listed["Owner"]["ID"], listed
    page = next(iter(world.s3.get_paginator("list_buckets").paginate()))
    assert name in [bucket["Name"] for bucket in page["Buckets"]]


def objects(world):
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    key = "reports/2026 Q1 ü&<>.txt"
    put = world.s3.put_object(Bucket=name, Key=key, Body=b"figures\n", ContentType="text/plain")
    got = world.s3.get_object(Bucket=name, Key=key)
    assert got["Body"].read() == b"figures\n" and got["ContentLength"] == 8, got
    assert got["ContentType"] == "text/plain" and got["ETag"] == put["ETag"] and got["LastModified"], got
    text = "The specified key does not exist."
    refused("NoSuchKey", world.s3.get_object, status=404, text=text, Bucket=name, Key="none")


def no_such_bucket(world):
    text = "The specified bucket does not exist"
    refused("NoSuchBucket", world.s3.get_object, status=404, text=text, Bucket=fresh("none"), Key="any")


def wrong_bucket_names(world):
    for name in ("UPPER", "ab", "under_score"):
        refused("InvalidBucketName", world.s3.create_bucket, status=400, Bucket=name)


def s3_denies(world):
    james = world.user()
    got = refused("AccessDenied", james.client("s3").list_buckets, status=403)
    told = f"User: {james.arn} is not authorized to perform: s3:ListAllMyBuckets"
    assert got.message == "Access Denied" or got.message.startswith(told), got.message


def s3_allows_by_object(world):
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    world.s3.put_object(Bucket=name, Key="open/a", Body=b"a")
    world.s3.put_object(Bucket=name, Key="shut/a", Body=b"a")
    james = world.user(allow("s3:GetObject", f"arn:aws:s3:::{name}/open/*"))
    s3 = james.client("s3")
    s3.get_object(Bucket=name, Key="open/a")
    refused("AccessDenied", s3.get_object, status=403, Bucket=name, Key="shut/a")
    refused("AccessDenied", s3.put_object, status=403, Bucket=name, Key="open/b", Body=b"b")
    refused("AccessDenied", s3.create_bucket, status=403, Bucket=fresh("bucket"))


def s3_knows_its_keys(world):
    text = "The AWS Access Key Id you provided does not exist in our records."
    nobody = Person(world, "AKIAIOSFODNN7NOTHERE", "x" * 40)
    refused("InvalidAccessKeyId", nobody.client("s3").list_buckets, status=403, text=text)
    liar = Person(world, world.user().key, "x" * 40)
    text = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method."
    )
    refused("SignatureDoesNotMatch", liar.client("s3").list_buckets, status=403, text=text)


def s3_knows_its_tokens(world):
    session = world.session(world.user().sts.get_session_token())
    garbage = Person(world, session.key, session.secret, "garbage")
    text = "The provided token is malformed or otherwise invalid."
    refused("InvalidToken", garbage.client("s3").list_buckets, status=400, text=text)


def s3_has_request_ids(world):
    facts = world.s3.list_buckets()["ResponseMetadata"]
    assert facts["RequestId"] and facts["HostId"], facts
    assert facts["HTTPHeaders"]["x-amz-request-id"] == facts["RequestId"], facts


def instances(world):
    james = world.user(allow("ec2:Describe*"))
    ec2 = james.client("ec2")
    answer = ec2.describe_instances()
    assert answer["Reservations"] == [] and answer["ResponseMetadata"]["RequestId"], answer
    assert [page["Reservations"] for page in ec2.get_paginator("describe_instances").paginate()] == [[]]


def ec2_denies(world):
    text = "You are not authorized to perform this operation."
    refused("UnauthorizedOperation", world.user().client("ec2").describe_instances, status=403, text=text)


def ec2_knows_its_keys(world):
    nobody = Person(world, "AKIAIOSFODNN7NOTHERE", "x" * 40)
    text = "AWS was not able to validate the provided access credentials"
    refused("AuthFailure", nobody.client("ec2").describe_instances, status=401, text=text)


def a_bucket_is_looked_at(world):
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    world.s3.put_object(Bucket=name, Key="a/1", Body=b"one")
    world.s3.put_object(Bucket=name, Key="b", Body=b"")
    world.s3.head_bucket(Bucket=name)
    assert world.s3.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    listed = world.s3.list_objects_v2(Bucket=name)
    assert [(one["Key"], one["Size"]) for one in listed["Contents"]] == [("a/1", 3), ("b", 0)], listed
    shown = world.s3.head_object(Bucket=name, Key="a/1")
    assert shown["ContentLength"] == 3 and shown["LastModified"], shown
    refused("404", world.s3.head_object, status=404, Bucket=name, Key="none")
    refused("404", world.s3.head_bucket, status=404, Bucket=fresh("none"))


def a_bucket_of_ones_own_again(world):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    refused("BucketAlreadyOwnedByYou", world.s3.create_bucket, status=409, Bucket=name)


def buckets_of_others(world, other):
    name = fresh("bucket")
    other.s3.create_bucket(Bucket=name)
    refused("BucketAlreadyExists", world.s3.create_bucket, status=409, Bucket=name)
    refused("AccessDenied", world.s3.get_object, status=403, Bucket=name, Key="any")
    assert name not in [bucket["Name"] for bucket in world.s3.list_buckets()["Buckets"]]


def what_is_not_there(world):
    """No operation is taken for another."""
    name = fresh("bucket")
    world.s3.create_bucket(Bucket=name)
    refused("NotImplemented", world.s3.delete_bucket, status=501, Bucket=name)
    refused("InvalidAction", world.admin.client("ec2").describe_regions, status=400)
    refused("InvalidAction", world.iam.list_server_certificates, status=400)
