"""What goes wrong with a service, as boto3 takes it: whether it tries again, and what it says in the end.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

import datetime
import time

from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError, ReadTimeoutError

from judges.control import patient
from judges.world import refused, trust

# A call of each service; how it says that there were too many.
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
THROTTLED = (
    ("sts", "get_caller_identity", "GetCallerIdentity", "Throttling", 400, "Rate exceeded"),
    ("iam", "list_users", "ListUsers", "Throttling", 400, "Rate exceeded"),
    ("s3", "list_buckets", "ListBuckets", "SlowDown", 503, "Please reduce your request rate."),
    ("ec2", "describe_instances", "DescribeInstances", "RequestLimitExceeded", 503, "Request limit exceeded."),
)


def _raises(kind, call):
    try:
        answer = call()
    except kind as error:
        return error
    raise AssertionError(f"answered {str(answer)[:120]}")


def _statuses(sandbox):
    return [request["status"] for request in sandbox.requests()]


def throttling_has_each_services_words(sandbox):
    for service, call, operation, code, status, text in THROTTLED:
        sandbox.fault(operation, "throttle", times=1)
        call = getattr(sandbox.world.admin.client(service), call)
        refused(code, call, status=status, text=text)
        call()


def boto3_tries_again_when_throttled(sandbox):
    for service, call, operation, code, status, _ in THROTTLED:
        for mode in ("legacy", "standard"):
            config = patient(3, mode)
            before = len(sandbox.requests())
            sandbox.fault(operation, "throttle", times=2)
            answer = getattr(sandbox.world.admin.own_client(service, config=config), call)()
            assert answer["ResponseMetadata"]["RetryAttempts"] == 2, (service, mode, answer)
            assert _statuses(sandbox)[before:] == [status, status, 200], (service, mode)


def boto3_gives_up_in_the_end(sandbox):
    for service, call, operation, code, status, _ in THROTTLED:
        sandbox.fault(operation, "throttle", times=3)
        refused(code, getattr(sandbox.world.admin.own_client(service, config=patient(3)), call), status=status)
    assert _statuses(sandbox) == [row[4] for row in THROTTLED for _ in range(3)]


def only_what_is_named_is_hit(sandbox):
    james = sandbox.world.user()
    role = sandbox.world.role(trust(james.arn))
    sandbox.fault("AssumeRole", "throttle")
    call = {"RoleArn": role, "RoleSessionName": "me"}
    james.sts.get_caller_identity()
    for _ in range(3):
        refused("Throttling", james.sts.assume_role, **call)
    sandbox.healthy("GetCallerIdentity")
    refused("Throttling", james.sts.assume_role, **call)
    sandbox.healthy("AssumeRole")
    james.sts.assume_role(**call)
    sandbox.fault("*", "throttle")
    refused("Throttling", james.sts.get_caller_identity)
    refused("SlowDown", sandbox.world.s3.list_buckets)
    sandbox.healthy()
    james.sts.get_caller_identity()


def faults_come_in_their_order(sandbox):
    sts = sandbox.world.sts
    sandbox.fault("GetCallerIdentity", "refuse", 403, "AccessDenied", "first", times=1)
    sandbox.fault("GetCallerIdentity", "refuse", 400, "ValidationError", "second", times=1)
    refused("AccessDenied", sts.get_caller_identity, status=403, text="first")
    refused("ValidationError", sts.get_caller_identity, status=400, text="second")
    sts.get_caller_identity()


def errors_of_the_server(sandbox):
    """https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""
    for service, call, operation, *_ in THROTTLED:
        client = sandbox.world.admin.client(service)
        for code, status in (("InternalFailure", 500), ("ServiceUnavailable", 503)):
            sandbox.fault(operation, "refuse", status, code, "It is not you.", times=1)
            refused(code, getattr(client, call), status=status, text="It is not you.")
            sandbox.fault(operation, "refuse", status, code, "It is not you.", times=1)
            answer = getattr(sandbox.world.admin.own_client(service, config=patient()), call)()
            assert answer["ResponseMetadata"]["RetryAttempts"] == 1, (service, code)


def an_error_without_a_body(sandbox):
    for status in (500, 502, 503, 504):
        sandbox.fault("GetCallerIdentity", "fail", status, "", times=1)
        refused(str(status), sandbox.world.sts.get_caller_identity, status=status)


def a_page_of_a_proxy(sandbox):
    """It is not the answer to the question: boto3 finds neither code nor result in it."""
    for status, kind in ((200, KeyError), (403, ClientError), (502, ClientError)):
        sandbox.fault("GetCallerIdentity", "html", status, times=1)
        error = _raises(kind, sandbox.world.sts.get_caller_identity)
        assert kind is KeyError or error.response["body"] == {"h1": f"{status} from a proxy"}, error.response
    assert _statuses(sandbox) == [200, 403, 502]


def an_answer_that_breaks_off(sandbox):
    sandbox.fault("GetCallerIdentity", "truncate", times=1)
    _raises(HTTPClientError, sandbox.world.sts.get_caller_identity)
    sandbox.world.sts.get_caller_identity()
    sandbox.fault("GetCallerIdentity", "truncate", times=1)
    sandbox.world.admin.own_client("sts", config=patient()).get_caller_identity()
    assert _statuses(sandbox) == [200] * 4


def a_connection_that_is_closed(sandbox):
    sandbox.fault("GetCallerIdentity", "reset", times=1)
    _raises(ConnectionClosedError, sandbox.world.sts.get_caller_identity)
    sandbox.fault("GetCallerIdentity", "reset", times=2)
    answer = sandbox.world.admin.own_client("sts", config=patient()).get_caller_identity()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2, answer
    # Nobody was answered.
    assert _statuses(sandbox) == [0, 0, 0, 200]


def an_answer_that_is_late(sandbox):
    hasty = sandbox.world.admin.own_client("sts", config=patient(1, read_timeout=0.1))
    sandbox.fault("GetCallerIdentity", "slow", 300, times=2)
    _raises(ReadTimeoutError, hasty.get_caller_identity)
    start = time.monotonic()
    sandbox.world.sts.get_caller_identity()
    assert time.monotonic() - start > 0.25, "it was not late"
    hasty.get_caller_identity()


def a_wrong_date(sandbox):
    def ahead():
        facts = sandbox.world.sts.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
        told = datetime.datetime.strptime(facts["date"], "%a, %d %b %Y %H:%M:%S GMT")
        return (told - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)).total_seconds()

    sandbox.fault("GetCallerIdentity", "wrong_date", 86_400, times=1)
    assert abs(ahead() - 86_400) < 60
    assert abs(ahead()) < 60


def late_and_wrong_at_once(sandbox):
    """What changes an answer goes with what replaces it."""
    sandbox.fault("GetCallerIdentity", "slow", 50, times=1)
    sandbox.fault("GetCallerIdentity", "throttle", times=1)
    start = time.monotonic()
    refused("Throttling", sandbox.world.sts.get_caller_identity)
    assert time.monotonic() - start > 0.05, "it was not late"
    sandbox.world.sts.get_caller_identity()
