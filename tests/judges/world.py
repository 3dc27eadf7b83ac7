"""What the checks are made of: clients for anybody, users and roles of one's own, and the claim that AWS says no."""

import base64
import hashlib
import hmac
import inspect
import itertools
import json
import struct
import time
from dataclasses import dataclass
from threading import RLock, local

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

# One attempt: a refusal is an answer. No validation: the server is asked, not botocore.
ONCE = Config(
    retries={"total_max_attempts": 1},
    parameter_validation=False,
    s3={"addressing_style": "path"},
    proxies={},
    connect_timeout=5,
    read_timeout=20,
)

# boto3 signs URLs of S3 in an older way unless told.
URLS = ONCE.merge(Config(signature_version="s3v4"))

NUMBERS = itertools.count(1)


# One session: its models are read once. Sessions of boto3 may not be shared between threads; clients may.
BOTO, LOCK, CALLER = boto3.Session(), RLock(), local()


def checks(modules, *parameters):
    """The checks of these modules that want these parameters: name and function."""
    for module in modules:
        for name, check in vars(module).items():
            own = inspect.isfunction(check) and check.__module__ == module.__name__
            if own and not name.startswith("_") and tuple(inspect.signature(check).parameters) == parameters:
                yield f"{module.__name__.rsplit('.', 1)[-1]}.{name}", check


def fresh(word):
    """A name that no other check uses."""
    return f"{word}-{next(NUMBERS)}-{time.time_ns() % 1_000_000}"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resource="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions, resource="*", **more):
    return {"Effect": "Deny", "Action": actions, "Resource": resource, **more}


def trust(principal, condition=None, effect="Allow", actions="sts:AssumeRole"):
    if isinstance(principal, str):
        principal = {"AWS": principal}
    statement = {"Effect": effect, "Principal": principal, "Action": actions}
    return statement | ({"Condition": condition} if condition else {})


def says(text, error):
    """Whether the error's message is, or starts with, this text; AWS may append its reason."""
    assert error.message.startswith(text), f"says {error.message!r}, not {text!r}"


@dataclass
class Refused:
    code: str
    message: str
    status: int


def refused(code, call, *, status=None, text=None, **parameters):
    """The call must fail with this code (one of them, if several), HTTP status and text at its start."""
    try:
        answer = call(**parameters)
    except ClientError as error:
        facts = error.response["Error"]
        got = Refused(facts["Code"], facts.get("Message", ""), error.response["ResponseMetadata"]["HTTPStatusCode"])
    else:
        answer.pop("ResponseMetadata", None)
        raise AssertionError(f"was not refused ({code}) but answered {str(answer)[:120]}")
    codes = (code,) if isinstance(code, str) else code
    assert got.code in codes, f"code {got.code}, not {' or '.join(codes)} ({got.message})"
    assert status in (None, got.status), f"{got.code} with HTTP status {got.status}, not {status}"
    if text is not None:
        says(text, got)
    return got


def _sign_as_the_caller(request, **_):
    request.context.setdefault("signing", {})["request_credentials"] = CALLER.keys


class Calls:
    """A boto3 client of a person. Operations go through the world's client; whatever else a client has is their own."""

    def __init__(self, person, service, region):
        self.person, self.service, self.region = person, service, region
        self.keys = Credentials(person.key, person.secret, person.token)

    def __getattr__(self, name):
        shared = self.person.world.shared_client(self.service, self.region)
        if name not in shared.meta.method_to_api_mapping:
            return getattr(self.person.own_client(self.service, self.region), name)

        def call(**parameters):
            CALLER.keys = self.keys
            return getattr(shared, name)(**parameters)

        return call


class Person:
    """Somebody with keys: a user, or a session."""

    def __init__(self, world, key, secret, token=None, arn=None, name=None):
        self.world, self.key, self.secret, self.token = world, key, secret, token
        self.arn, self.name = arn, name

    def client(self, service, region=None):
        return Calls(self, service, region)

    def own_client(self, service, region=None, config=ONCE):
        """A client that nobody else uses."""
        keys = {"aws_access_key_id": self.key, "aws_secret_access_key": self.secret, "aws_session_token": self.token}
        return self.world.client(service, region, config, **keys)

    @property
    def sts(self):
        return self.client("sts")

    def assume(self, role, session="session", **parameters):
        answer = self.sts.assume_role(RoleArn=role, RoleSessionName=session, **parameters)
        return self.world.session(answer)

    def denied(self, role, session="session", action="sts:AssumeRole", **parameters):
        parameters = {"RoleArn": role, "RoleSessionName": session} | parameters
        text = f"User: {self.arn} is not authorized to perform: {action} on resource: {role}"
        return refused("AccessDenied", self.sts.assume_role, status=403, text=text, **parameters)

    def may(self, statement):
        """Adds an identity policy."""
        self.world.iam.put_user_policy(UserName=self.name, PolicyName=fresh("may"), PolicyDocument=document(statement))
        return self


class World:
    """One account, through its administrator."""

    def __init__(self, endpoint, region, account, key, secret, ca=None):
        self.endpoint, self.region, self.account, self.ca = endpoint, region, account, ca
        self.admin, self.clients = Person(self, key, secret), {}
        self.iam, self.s3, self.sts = (self.admin.client(name) for name in ("iam", "s3", "sts"))

    def client(self, service, region=None, config=ONCE, **keys):
        region = region or self.region
        with LOCK:
            return BOTO.client(
                service, region_name=region, endpoint_url=self.endpoint, verify=self.ca, config=config, **keys
            )

    def shared_client(self, service, region):
        """One that signs with the keys of whoever calls, see Calls: to make a client takes longer than to use it."""
        with LOCK:
            if (service, region) not in self.clients:
                client = self.client(service, region, aws_access_key_id="nobody", aws_secret_access_key="nobody")
                client.meta.events.register("before-sign", _sign_as_the_caller)
                self.clients[service, region] = client
            return self.clients[service, region]

    def root(self):
        return f"arn:aws:iam::{self.account}:root"

    def user(self, *statements, **parameters):
        name = fresh("user")
        made = self.iam.create_user(UserName=name, **parameters)["User"]
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        person = Person(self, key["AccessKeyId"], key["SecretAccessKey"], arn=made["Arn"], name=name)
        for statement in statements:
            person.may(statement)
        return person

    def role(self, *trusts, may=(), **parameters):
        """A role with these trust statements; its ARN."""
        name = fresh("role")
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*trusts), **parameters)["Role"]
        if may:
            self.iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document(*may))
        return made["Arn"]

    def session(self, answer):
        keys = answer["Credentials"]
        who = answer.get("AssumedRoleUser", {}).get("Arn")
        return Person(self, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], arn=who)


def window():
    """The half minute that it is."""
    return int(time.time()) // 30


def code(seed, step=0, since=None):
    """The code of a virtual MFA device (RFC 6238) so many half minutes after this one, by default the present one."""
    counter = struct.pack(">Q", (window() if since is None else since) + step)
    key = base64.b32decode(seed + b"=" * (-len(seed) % 8))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    number = struct.unpack(">I", digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
