#!/usr/bin/env python3
"""The credentials of a profile by botocore, whose cache of files is turned on: botocore_cached.py PROFILE."""

import json
import os
import sys

import botocore.session
from botocore.utils import JSONFileCache

session = botocore.session.Session(profile=sys.argv[1])
provider = session.get_component("credential_provider").get_provider("assume-role")
provider.cache = JSONFileCache(os.path.expanduser("~/.aws/boto/cache"))
keys = session.get_credentials().get_frozen_credentials()
print(json.dumps({"AccessKeyId": keys.access_key, "SecretAccessKey": keys.secret_key, "SessionToken": keys.token}))
