"""The AWS CLI's own code, imported once: a line [WORDS, ENVIRONMENT] on stdin runs one command, and a line
[STATUS, OUT, ERROR] on stdout tells its end. Run by the interpreter of the `aws` that it stands for.
"""

import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver

KEPT = dict(os.environ)
# The descriptions of services, read once.
LOADER = create_clidriver().session.get_component("data_loader")


def run(words, environment):
    os.environ.clear()
    os.environ.update(KEPT | environment)
    driver = create_clidriver()
    driver.session.register_component("data_loader", LOADER)
    out, error = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            status = driver.main(words)
        except SystemExit as end:
            status = end.code
    return [status, *(stream.buffer.getvalue().decode() for stream in (out, error))]


for line in sys.stdin:
    print(json.dumps(run(*json.loads(line))), flush=True)
