"""James's story, told by an AWS CLI: every command with --endpoint-url, which all versions follow."""

import json
import os
import subprocess

from judges.world import allow, document, fresh, trust

VIEW = ["ec2:Describe*", "iam:Get*", "iam:List*"]


class Cli:
    """An AWS CLI as somebody, without what this machine says about AWS."""

    def __init__(self, world, aws, keys):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = kept | {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys.get("SessionToken", ""),
            "AWS_REGION": world.region,
            "AWS_DEFAULT_REGION": world.region,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "HOME": "/nonexistent",
        }
        if not self.environment["AWS_SESSION_TOKEN"]:
            del self.environment["AWS_SESSION_TOKEN"]
        self.start = [aws, "--endpoint-url", world.endpoint, "--output", "json"]

    def run(self, *words):
        done = subprocess.run([*self.start, *words], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def does(self, *words):
        status, out, error = self.run(*words)
        assert status == 0, f"aws {' '.join(words[:2])} failed: {error.strip()}"
        try:
            return json.loads(out) if out.strip() else {}
        except ValueError:
            return out

    def may_not(self, said, *words):
        status, out, error = self.run(*words)
        assert status != 0, f"aws {' '.join(words[:2])} was not refused: {out.strip()}"
        assert said in error, f"aws {' '.join(words[:2])} says {error.strip()!r}, not {said!r}"


def stories(aws):
    """The story as a check, named after the version of this AWS CLI."""
    version = subprocess.run([aws, "--version"], capture_output=True, text=True, timeout=60)
    name = (version.stdout or version.stderr).split(" ")[0].removeprefix("aws-cli/") or aws
    return [(f"{name}.{check.__name__}", check) for check in (becomes_the_role, sees_what_is_wrong)]


def becomes_the_role(world, aws):
    """The tutorial's commands, in their order."""
    admin = Cli(world, aws, {"AccessKeyId": world.admin.key, "SecretAccessKey": world.admin.secret})
    name, role, bucket = fresh("James"), fresh("James-custom-S3-role"), fresh("james-reports")
    user = admin.does("iam", "create-user", "--user-name", name)["User"]["Arn"]
    keys = admin.does("iam", "create-access-key", "--user-name", name)["AccessKey"]
    policy = ("--policy-name", fresh("view"), "--policy-document", document(allow(VIEW)))
    arn = admin.does("iam", "create-policy", *policy)["Policy"]["Arn"]
    admin.does("iam", "attach-user-policy", "--user-name", name, "--policy-arn", arn)
    wizard = document(trust({"Service": "ec2.amazonaws.com"}))
    made = admin.does("iam", "create-role", "--role-name", role, "--assume-role-policy-document", wizard)["Role"]
    read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    admin.does("iam", "attach-role-policy", "--role-name", role, "--policy-arn", read)
    admin.does("s3", "mb", f"s3://{bucket}")
    james = Cli(world, aws, keys)
    assert james.does("sts", "get-caller-identity")["Arn"] == user
    assert james.does("ec2", "describe-instances")["Reservations"] == []
    james.may_not("(AccessDenied)", "s3", "ls")
    assume = ("sts", "assume-role", "--role-arn", made["Arn"], "--role-session-name", "james")
    james.may_not("(AccessDenied) when calling the AssumeRole operation", *assume)
    new = ("--role-name", role, "--policy-document", document(trust(user)))
    admin.does("iam", "update-assume-role-policy", *new)
    session = Cli(world, aws, james.does(*assume)["Credentials"])
    assert session.does("sts", "get-caller-identity")["Arn"].endswith(f":assumed-role/{role}/james")
    assert bucket in session.does("s3", "ls")
    session.may_not("AccessDenied", "s3", "mb", f"s3://{fresh('bucket')}")
    admin.does("iam", "wait", "role-exists", "--role-name", role)


def sees_what_is_wrong(world, aws):
    liar = Cli(world, aws, {"AccessKeyId": world.admin.key, "SecretAccessKey": "x" * 40})
    liar.may_not("(SignatureDoesNotMatch)", "sts", "get-caller-identity")
    nobody = Cli(world, aws, {"AccessKeyId": "AKIAIOSFODNN7NOTHERE", "SecretAccessKey": "x" * 40})
    nobody.may_not("(InvalidClientTokenId)", "sts", "get-caller-identity")
    admin = Cli(world, aws, {"AccessKeyId": world.admin.key, "SecretAccessKey": world.admin.secret})
    admin.may_not("(NoSuchEntity)", "iam", "get-user", "--user-name", fresh("none"))
