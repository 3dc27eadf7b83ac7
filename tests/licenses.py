#!/usr/bin/env python3
"""Fails when a crate that stsx is built from has a licence outside the list below. Works offline on `cargo metadata`."""

import json
import pathlib
import subprocess
import sys

from license_expression import LicenseSymbol, LicenseWithExceptionSymbol, get_spdx_licensing

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
}
# Weak copyleft: it asks for its own files only, which are used here unchanged.
EXCEPTIONS = {"option-ext": "MPL-2.0"}
SPDX = get_spdx_licensing()


def metadata():
    root = pathlib.Path(__file__).resolve().parent.parent
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    return json.loads(subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)


def normal_tree(graph):
    """The ids of all packages reached by normal dependencies, on every platform."""
    nodes = {node["id"]: node for node in graph["nodes"]}
    seen, ahead = set(), [graph["root"]]
    while ahead:
        package = ahead.pop()
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                ahead.append(dependency["pkg"])
    return seen


def permitted(expression):
    if isinstance(expression, (LicenseSymbol, LicenseWithExceptionSymbol)):
        return expression.render() in ALLOWED
    every = any if isinstance(expression, SPDX.OR) else all
    return every(permitted(part) for part in expression.args)


def fault(package):
    text = package["license"]
    if not text:
        return "states no SPDX expression"
    try:
        # The slash is the older way to write OR on crates.io.
        expression = SPDX.parse(text.replace("/", " OR "), validate=True)
    except Exception as error:  # the library raises several unrelated types
        return f"{text}: {error}"
    return None if permitted(expression) or EXCEPTIONS.get(package["name"]) == text else text


def main():
    found = metadata()
    tree = normal_tree(found["resolve"])
    packages = sorted((p for p in found["packages"] if p["id"] in tree), key=lambda p: p["name"])
    faults = [(p["name"], p["version"], why) for p in packages if (why := fault(p))]
    for name, version, why in faults:
        print(f"licenses: {name} {version}: {why}", file=sys.stderr)
    print(f"licenses: {len(packages)} crates, {len(faults)} not allowed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
