"""James's story, told by an AWS CLI: every command with --endpoint-url, which all versions follow.

Starting a CLI takes longer than what it does. So one command is started as typed; the rest of them run in one process
of the interpreter that the command names, where the CLI's own code is imported once. A CLI that is no Python script is
started for each command.
"""

import functools
import json
import os
import subprocess
from pathlib import Path
from threading import Lock

from judges.world import allow, document, fresh, trust

VIEW = ["ec2:Describe*", "iam:Get*", "iam:List*"]
WHO = ("sts", "get-caller-identity")


class Process:
    """The CLI's code in one process; see aws_process.py."""

    def __init__(self, interpreter):
        script = Path(__file__).with_name("aws_process.py")
        self.lock = Lock()
        self.child = subprocess.Popen(
            [interpreter, "-I", "-B", script],
            env=_kept(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, words, environment):
        with self.lock:
            print(json.dumps([words, environment]), file=self.child.stdin, flush=True)
            return json.loads(self.child.stdout.readline())


@functools.cache
def _process(aws):
    """The process for this command, if it is a script of a Python that has the CLI's code."""
    with open(aws, "rb") as script:
        first = script.readline()
    interpreter = first[2:].strip().decode() if first.startswith(b"#!") and b"python" in first else None
    return Process(interpreter) if interpreter else None


def _kept():
    return {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}


class Cli:
    """An AWS CLI as somebody, without what this machine says about AWS."""

    def __init__(self, world, aws, keys):
        self.environment = {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_REGION": world.region,
            "AWS_DEFAULT_REGION": world.region,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "HOME": "/nonexistent",
        }
        if keys.get("SessionToken"):
            self.environment["AWS_SESSION_TOKEN"] = keys["SessionToken"]
        self.aws, self.options = aws, ["--endpoint-url", world.endpoint, "--output", "json"]

    def typed(self, *words):
        """Starts the command."""
        command = [self.aws, *self.options, *words]
        done = subprocess.run(command, env=_kept() | self.environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def run(self, *words):
        process = _process(self.aws)
        return process.run([*self.options, *words], self.environment) if process else self.typed(*words)

    def does(self, *words, run=None):
        status, out, error = (run or self.run)(*words)
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
    """The story as checks, named after the command."""
    return [(f"{aws}.{check.__name__}", check) for check in (becomes_the_role, sees_what_is_wrong)]


def _admin(world, aws):
    return Cli(world, aws, {"AccessKeyId": world.admin.key, "SecretAccessKey": world.admin.secret})


def becomes_the_role(world, aws):
    """The tutorial's commands, in their order."""
    admin = _admin(world, aws)
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
    assert james.does(*WHO, run=james.typed)["Arn"] == user
    assert james.does("ec2", "describe-instances")["Reservations"] == []
    james.may_not("(AccessDenied)", "s3", "ls")
    assume = ("sts", "assume-role", "--role-arn", made["Arn"], "--role-session-name", "james")
    james.may_not("(AccessDenied) when calling the AssumeRole operation", *assume)
    new = ("--role-name", role, "--policy-document", document(trust(user)))
    admin.does("iam", "update-assume-role-policy", *new)
    session = Cli(world, aws, james.does(*assume)["Credentials"])
    assert session.does(*WHO)["Arn"].endswith(f":assumed-role/{role}/james")
    assert bucket in session.does("s3", "ls")
    session.may_not("AccessDenied", "s3", "mb", f"s3://{fresh('bucket')}")
    admin.does("iam", "wait", "role-exists", "--role-name", role)


def sees_what_is_wrong(world, aws):
    liar = Cli(world, aws, {"AccessKeyId": world.admin.key, "SecretAccessKey": "x" * 40})
    liar.may_not("(SignatureDoesNotMatch)", *WHO)
    nobody = Cli(world, aws, {"AccessKeyId": "AKIAIOSFODNN7NOTHERE", "SecretAccessKey": "x" * 40})
    nobody.may_not("(InvalidClientTokenId)", *WHO)
    _admin(world, aws).may_not("(NoSuchEntity)", "iam", "get-user", "--user-name", fresh("none"))
