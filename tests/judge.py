#!/usr/bin/env python3
"""Judges an AWS of one's own by AWS's documented rules, with boto3 and the AWS CLI as the witnesses.

One named check a rule. Prints `ok NAME` or `FAILED NAME: reason` for each, and exits with 1 if any failed. What is
expected comes from AWS's documentation, never from the server that is judged. Rules between two accounts need an
administrator of the other one (--other); rules of clocks, faults and records need somebody on stdin who starts
sandboxes and moves their clocks (--control, see judges/control.py).
"""

import argparse
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

# A run leaves nothing in the tree.
sys.dont_write_bytecode = True

from judges import (  # noqa: E402
    bounds,
    cli,
    clock,
    conditions,
    credentials,
    faults,
    federation,
    iam,
    keys,
    managed,
    mfa,
    places,
    principals,
    providers,
    record,
    root,
    services,
    sessions,
    signatures,
)
from judges.control import Sandbox  # noqa: E402
from judges.world import World, checks  # noqa: E402

MODULES = (
    *(credentials, signatures, root, principals, conditions, keys, sessions, bounds, mfa, clock),
    *(iam, managed, services, places, federation, providers, faults, record),
)


def verdict(name, check, *words):
    start = time.monotonic()
    try:
        check(*words)
    except AssertionError as error:
        return name, str(error) or traceback.format_exc(limit=-1).strip().replace("\n", " | "), start
    except Exception as error:  # noqa: BLE001 (whatever boto3 makes of an answer is a verdict)
        place = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(place) if "judges" in frame.filename), 0)
        return name, f"{type(error).__name__} at line {line}: {error}", start
    return name, None, start


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("endpoint", "region", "account", "access_key_id", "secret_access_key"):
        parser.add_argument(name)
    parser.add_argument("--other", nargs=3, metavar=("ACCOUNT", "KEY", "SECRET"), help="administrator elsewhere")
    parser.add_argument(
        "--aws", action="append", default=[], metavar="PATH", help="an AWS CLI that walks the story too"
    )
    parser.add_argument("--control", action="store_true", help="stdin answers what stdout asks for")
    parser.add_argument("--issuer", nargs=2, metavar=("URL", "FILE"), help="an OIDC issuer and its key")
    parser.add_argument("--only", default="", metavar="TEXT", help="only checks with this in their name")
    parser.add_argument("--times", action="store_true", help="say how long each check took")
    return parser.parse_args()


def planned(options):
    """Names, checks, and what each is called with."""
    world = World(options.endpoint, options.region, options.account, options.access_key_id, options.secret_access_key)
    todo = [(f"cli.{name}", check, (world, aws)) for aws in options.aws for name, check in cli.stories(aws)]
    todo += [(name, check, (world,)) for name, check in checks(MODULES, "world")]
    if options.other:
        other = World(options.endpoint, options.region, *options.other)
        todo += [(name, check, (world, other)) for name, check in checks(MODULES, "world", "other")]
    if options.issuer:
        issuer = providers.Issuer(*options.issuer)
        todo += [(name, check, (world, issuer)) for name, check in checks(MODULES, "world", "issuer")]
    if options.control:
        alone = lambda check: lambda: check(Sandbox())  # noqa: E731 (each has its own)
        todo += [(name, alone(check), ()) for name, check in checks(MODULES, "sandbox")]
        todo += [(name, check, ()) for name, check in checks(MODULES)]
    return [entry for entry in todo if options.only in entry[0]]


def main():
    options = arguments()
    todo, failed = planned(options), 0
    with ThreadPoolExecutor(4) as pool:
        for name, reason, start in pool.map(lambda entry: verdict(entry[0], entry[1], *entry[2]), todo):
            took = f" ({time.monotonic() - start:.1f} s)" if options.times else ""
            print(f"ok {name}{took}" if reason is None else f"FAILED {name}: {reason}{took}", flush=True)
            failed += reason is not None
    print(f"{len(todo) - failed} of {len(todo)} rules hold")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
