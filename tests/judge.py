#!/usr/bin/env python3
"""Judges an AWS of one's own by AWS's documented rules, with boto3 and the AWS CLI as the witnesses.

One named check a rule. Prints `ok NAME` or `FAILED NAME: reason` for each, and exits with 1 if any failed. What is
expected comes from AWS's documentation, never from the server that is judged. Rules between two accounts need an
administrator of the other one (--other); rules of expiry need a clock that can be moved and are not judged here.
"""

import argparse
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

# A run leaves nothing in the tree.
sys.dont_write_bytecode = True

from judges import bounds, cli, conditions, credentials, iam, mfa, principals, services, sessions  # noqa: E402
from judges.world import World, checks  # noqa: E402

MODULES = (credentials, principals, conditions, sessions, bounds, mfa, iam, services)


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
    parser.add_argument("--only", default="", metavar="TEXT", help="only checks with this in their name")
    parser.add_argument("--times", action="store_true", help="say how long each check took")
    return parser.parse_args()


def main():
    options = arguments()
    world = World(options.endpoint, options.region, options.account, options.access_key_id, options.secret_access_key)
    other = World(options.endpoint, options.region, *options.other) if options.other else None
    todo = [(f"{short}.{name}", check, (world,)) for short, name, check in checks(MODULES)]
    if other:
        todo += [
            (f"principals.{check.__name__.strip('_')}", check, (world, other)) for check in principals.BETWEEN_ACCOUNTS
        ]
    todo += [(f"cli.{name}", check, (world, aws)) for aws in options.aws for name, check in cli.stories(aws)]
    todo = [entry for entry in todo if options.only in entry[0]]
    failed = 0
    with ThreadPoolExecutor(4) as pool:
        for name, reason, start in pool.map(lambda entry: verdict(entry[0], entry[1], *entry[2]), todo):
            took = f" ({time.monotonic() - start:.1f} s)" if options.times else ""
            print(f"ok {name}{took}" if reason is None else f"FAILED {name}: {reason}{took}", flush=True)
            failed += reason is not None
    print(f"{len(todo) - failed} of {len(todo)} rules hold")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
