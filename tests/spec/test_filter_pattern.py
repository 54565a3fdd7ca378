"""Filter patterns of CloudWatch Logs: those of AWS's own pages pass, and what they rule out is told."""

from __future__ import annotations

import pytest

from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec
from streaming_constructs.spec.producers.filter_pattern import refused

TAKEN = [
    "",
    "ERROR",
    "?ERROR ?WARN",
    "ERROR -exiting",
    '"INTERNAL SERVER ERROR"',
    '?"Task timed out" ?REPORT',
    '"say \\"hi\\"" -"c: d"',
    "%AUTHORIZED%",
    '{ $.level = "ERROR" }',
    "{$.latency>300}",
    '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
    '{ $.identity.type = "Root" && $.identity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "{ $.sourceIPAddress != 123.123.* }",
    "{ $.list[1].flag IS TRUE || $.list[1].other IS NULL }",
    "{ $.eventType = %Trail2% && $.x = %[a-z]+% }",
    '{ $.detail-type = "x" }',
    '{ $.["a.b"] = 1 }',
    '{ $.text = "}" }',
    "[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes > 1000]",
    "[w1!=%ERROR%&&w1!=%WARN%, w2]",
    "[..., status_code=404 || status_code=410, bytes]",
]
REFUSED = [
    ('{ $.level = "ERROR"', "does not end with `}`"),
    ('{ $.level = "ERROR }', "does not close"),
    ('{ $.level = "ERROR" } more', "does not end with `}`"),
    ('{ level = "ERROR" }', "starts with `$.`"),
    ("{ $.level }", "compares with nothing"),
    ("{ $.a = 1 && }", "a condition is missing"),
    ("{ }", "has no condition"),
    ("{ ($.a = 1 }", "`(` does not close"),
    ("{ $.a = 1) }", "`)` closes nothing"),
    ("{ $.a = %a% && $.b = %b% && $.c = %c% }", "3 regular expressions"),
    ("[ip, user", "does not end with `]`"),
    ("[]", "names no fields"),
    ('"Task timed out', "does not close"),
    ("%timed", "does not close"),
    ("%(a|b)%", "`(`, which is not supported"),
    ("ERROR: timeout", "`:`, and is not in double quotes"),
    ("GET /health", "`/`, and is not in double quotes"),
    ("me@example.com", "`@`, and is not in double quotes"),
    ('$.level = "ERROR"', "`$`, and is not in double quotes"),
    ("'ERROR'", "`'`, and is not in double quotes"),
]


@pytest.mark.parametrize("pattern", TAKEN)
def test_patterns_of_the_pages_of_aws_pass(pattern: str) -> None:
    assert refused(pattern) == ""


@pytest.mark.parametrize(("pattern", "why"), REFUSED)
def test_what_is_ruled_out_is_told(pattern: str, why: str) -> None:
    assert why in refused(pattern)


def test_a_refused_pattern_is_told_where_it_stands() -> None:
    spec = CloudWatchLogsProducerSpec.model_construct(
        to="logs", log_groups=("/a",), filter_pattern="ERROR: x", account_policy=None, accept_from=None
    )
    (found,) = spec.findings()
    assert (found.code, found.level, found.dotted_path) == ("LOG911", "error", "filter_pattern")
