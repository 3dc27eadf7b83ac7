"""A sandbox of a check's own, whose clock can be moved and on which things can go wrong.

Whoever runs the judge with --control starts it: a line `control [VERB, ...]` on stdout is answered by a line of JSON on
stdin.
"""

import json
import sys
import tempfile
from threading import Lock

import botocore.endpoint
from botocore.config import Config

from judges.world import ONCE, Person, World

_LOCK = Lock()
# Gone when the judge ends.
_FILES = []


class _NoWaiting:
    """What botocore takes for `time`: whether it retries is asked, not how long it waits before."""

    @staticmethod
    def sleep(seconds):
        pass


botocore.endpoint.time = _NoWaiting


def ask(verb, *words):
    with _LOCK:
        print(f"control {json.dumps([verb, *words])}", flush=True)
        return json.loads(sys.stdin.readline())


def patient(attempts=3, mode="legacy", **more):
    """A client's settings with retries."""
    return ONCE.merge(Config(retries={"total_max_attempts": attempts, "mode": mode}, **more))


class Sandbox:
    """One of its own; `world` is its first account."""

    def __init__(self, region="us-east-1", tls=False):
        made = ask("start", region, tls)
        self.number, self.endpoint, self.region, self.ca = made["number"], made["endpoint"], made["region"], True
        if made["ca"]:
            _FILES.append(tempfile.NamedTemporaryFile("w", suffix=".pem"))
            _FILES[-1].write(made["ca"])
            _FILES[-1].flush()
            self.ca = _FILES[-1].name
        self.world = self._of(made["administrator"])

    def _of(self, keys):
        return World(self.endpoint, self.region, *keys, ca=self.ca)

    def ask(self, verb, *words):
        return ask(verb, self.number, *words)

    def clock(self, seconds):
        """Moves its clock ahead."""
        self.ask("clock", round(seconds))

    def skew(self, seconds):
        """Puts the clock that signatures are judged by ahead of the clients'."""
        self.ask("skew", seconds)

    def fault(self, operation, kind, *arguments, times=None):
        self.ask("fault", operation, times, kind, *arguments)

    def healthy(self, *operation):
        self.ask("healthy", *operation)

    def requests(self):
        return self.ask("requests")

    def account(self, number):
        """Another account."""
        return self._of(self.ask("account", number))

    def root(self):
        """The first account's root user."""
        _, key, secret = self.ask("root", self.world.account)
        return Person(self.world, key, secret, arn=self.world.root())
