#!/usr/bin/env python3
"""Builds the world of James on an AWS endpoint, through its IAM and S3 APIs as the tutorials do it.

James is a user who may look at everything but S3. His role James-custom-S3-role may read S3. Around them: a role that
wants an external id, one with a path, one that only the first role may assume, and one that James may not assume.
Prints one JSON document: the endpoint, the account, James's keys, the roles, the buckets.
"""

import argparse
import json

import boto3
from botocore.config import Config

VIEW_ALL_BUT_S3 = ["ec2:Describe*", "rds:Describe*", "iam:Get*", "iam:List*", "cloudwatch:Get*", "cloudwatch:List*"]
READ_S3 = ["s3:Get*", "s3:List*", "s3:Describe*"]


def allow(actions, resource="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, **condition):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return document(statement | ({"Condition": condition} if condition else {}))


class World:
    def __init__(self, options):
        admin = boto3.Session(options.access_key_id, options.secret_access_key, region_name=options.region)
        once = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
        self.iam, self.s3, sts = (
            admin.client(name, endpoint_url=options.endpoint, config=once) for name in ("iam", "s3", "sts")
        )
        self.endpoint, self.region, self.user = options.endpoint, options.region, options.user
        self.account = sts.get_caller_identity()["Account"]
        self.root = f"arn:aws:iam::{self.account}:root"
        self.roles = {}

    def role(self, key, name, trusted, path="/", **facts):
        made = self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trusted)["Role"]
        self.iam.put_role_policy(RoleName=name, PolicyName="read-s3", PolicyDocument=document(allow(READ_S3)))
        self.roles[key] = {"name": name, "arn": made["Arn"], **facts}
        return made["Arn"]

    def build(self, trust_later):
        james = self.iam.create_user(UserName=self.user)["User"]["Arn"]
        key = self.iam.create_access_key(UserName=self.user)["AccessKey"]

        first = self.role("s3", f"{self.user}-custom-S3-role", trust(self.root if trust_later else james))
        external_id = "Example-Corp/1234"
        external = self.role(
            "external",
            f"{self.user}-external-role",
            trust(james, StringEquals={"sts:ExternalId": external_id}),
            external_id=external_id,
        )
        pathed = self.role("path", f"{self.user}-path-role", trust(james), path="/team/data/")
        second = self.role("chain", f"{self.user}-second-hop-role", trust(first))
        self.role("forbidden", f"{self.user}-forbidden-role", trust(self.root))

        # The first role may go on to the second; James himself may not.
        self.iam.put_role_policy(
            RoleName=f"{self.user}-custom-S3-role",
            PolicyName="assume-second-hop",
            PolicyDocument=document(allow("sts:AssumeRole", second)),
        )
        may = [allow(VIEW_ALL_BUT_S3)]
        if not trust_later:
            may.append(allow("sts:AssumeRole", [first, external, pathed]))
        self.iam.put_user_policy(UserName=self.user, PolicyName="view-all-but-s3", PolicyDocument=document(*may))

        buckets = [f"{self.user.lower()}-reports", f"{self.user.lower()}-invoices"]
        for bucket in buckets:
            self.s3.create_bucket(Bucket=bucket)
        return {
            "endpoint": self.endpoint,
            "region": self.region,
            "account": self.account,
            "user": {
                "name": self.user,
                "arn": james,
                "access_key_id": key["AccessKeyId"],
                "secret_access_key": key["SecretAccessKey"],
            },
            "roles": self.roles,
            "buckets": buckets,
        }

    def edit_trust(self):
        """The two edits that a tutorial makes once the role exists: each side names the other."""
        user, role = f"arn:aws:iam::{self.account}:user/{self.user}", f"{self.user}-custom-S3-role"
        self.iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust(user))
        self.iam.put_user_policy(
            UserName=self.user,
            PolicyName="assume-custom-s3-role",
            PolicyDocument=document(allow("sts:AssumeRole", f"arn:aws:iam::{self.account}:role/{role}")),
        )
        return {"trusts": user}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("endpoint", help="such as http://127.0.0.1:4566")
    parser.add_argument("--access-key-id", default="test", help="of an administrator (default: %(default)s)")
    parser.add_argument("--secret-access-key", default="test", help="(default: %(default)s)")
    parser.add_argument("--region", default="us-east-1", help="(default: %(default)s)")
    parser.add_argument("--user", default="James", help="the user, and the first part of all other names")
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--trust-later", action="store_true", help="build, but let the role not trust James yet")
    when.add_argument("--edit-trust", action="store_true", help="only edit the policies so that the role trusts James")
    options = parser.parse_args()
    world = World(options)
    print(json.dumps(world.edit_trust() if options.edit_trust else world.build(options.trust_later), indent=2))


if __name__ == "__main__":
    main()
