"""Text of a file that CDK would take for a token is refused, wherever it stands; what only resembles one is not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.spec.cdk_token import is_token, token_finding, token_findings
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import read_as

TOKENS = [
    "${Token[AWS.Region.4]}",
    "a-${Token[TOKEN.12]}-b",
    "#{Token[Roles.3]}",
    "1 and -1.8881545897087e+289",
    -1.8881545897087e289,
]
OTHERS = [
    "${AWS::Region}",
    "Token[a]",
    "${Token}",
    "$Token[a]",
    "{{resolve:ssm:/a}}",
    "-1.5e+289",
    -1e200,
    "1e+289",
    5,
    None,
]


@pytest.mark.parametrize("value", TOKENS)
def test_what_cdk_takes_for_a_token(value: Any) -> None:
    assert is_token(value)


@pytest.mark.parametrize("value", OTHERS)
def test_what_only_resembles_one(value: Any) -> None:
    assert not is_token(value)


QUEUE_OR_BUCKET = 'queues={"NAME": queue}', 'buckets={"NAME": bucket}'


@pytest.mark.parametrize(
    ("path", "instead", "arguments"),
    [
        (("streams", "a", "arn"), "leave it out", ('streams={"NAME": stream}', 'stores={"NAME": table}')),
        (("consumers", "a", "function_arn"), "leave it out", ('functions={"NAME": function}',)),
        (("consumers", "a", "vpc", "subnet_ids", 0), "leave `vpc` out", ("vpc=vpc",)),
        (("consumers", "a", "on_failure"), "write `sqs` or `s3` there", QUEUE_OR_BUCKET),
        (("consumers", "a", "on_failure", "destination"), "write `sqs` or `s3` there", QUEUE_OR_BUCKET),
        (("consumers", "a", "on_failure", "destination", "queue_arn"), "leave it out", QUEUE_OR_BUCKET[:1]),
        (("consumers", "a", "on_failure", "destination", "bucket"), "leave it out", QUEUE_OR_BUCKET[1:]),
        (("consumers", "a", "on_failure", "destination", "kms_key_arn"), "leave it out", QUEUE_OR_BUCKET),
        (("destination", "kms_key_arn"), "leave it out", QUEUE_OR_BUCKET),
        (
            ("consumers", "a", "on_failure", "destination", "topic_arn"),
            "name one of `sns_topics` there",
            ('sns_topics={"NAME": topic}',),
        ),
        (("sns_topics", "a", "topic_arn"), "leave it out", ('sns_topics={"NAME": topic}',)),
        (("alarms", "notify", 0, "topic_arn"), "leave it out", ("notify=[topic]",)),
        (("deliveries", "a", "to", "bucket"), "leave it out", ('buckets={"NAME": bucket}',)),
        (("deliveries", "a", "to", "kms_key_arn"), "leave it out", ('buckets={"NAME": bucket}',)),
        (("deliveries", "a", "to", "domain_arn"), "leave it out", ('stores={"NAME": domain}',)),
        (("deliveries", "a", "to", "encryption", "kms_key_arn"), "leave it out", ('keys={"NAME": key}',)),
    ],
)
def test_the_construct_is_passed_by_the_argument_that_takes_it(path: Any, instead: str, arguments: Any) -> None:
    passed = " or ".join(f"`StreamingPipeline(…, {argument})`" for argument in arguments)
    assert token_finding(path, "seen").help == f"{instead}, and pass the construct itself: {passed}"


@pytest.mark.parametrize("path", [(), (0,), ("name",), ("consumers", "a", "environment", "X")])
def test_where_no_construct_is_taken_the_value_itself_is_written(path: Any) -> None:
    assert token_finding(path, "seen").help == "write the value itself"


def test_values_items_and_keys_are_found_at_their_place() -> None:
    data = {"a": [{"b": TOKENS[0]}, TOKENS[2]], TOKENS[1]: {"c": TOKENS[0]}, "d": "e"}
    assert [finding.path for finding in token_findings(data)] == [("a", 0, "b"), ("a", 1), (TOKENS[1],)]


@pytest.mark.parametrize(
    "part",
    [
        {"consumers": {"fraud": {"environment": {"XX": "${Token[a.1]}"}}}},
        {"consumers": {"fraud": {"environment": {"${Token[a.1]}": "x"}}}},
        {"consumers": {"fraud": {"filters": [{"data": {"x": ["${Token[a.1]}"]}}]}}},
        {"consumers": {"fraud": {"filters": [{"data": {"x": [-1.8881545897087e289]}}]}}},
        {"consumers": {"fraud": {"code": "handlers/${Token[a.1]}"}}},
        {"streams": {"payments": {"arn": "${Token[a.1]}"}}},
        {"tags": {"team": "#{Token[a.1]}"}},
        {"alarms": {"silence": {"payments.iterator_age": "because ${Token[a.1]} says so"}}},
        {"name": "${Token[a.1]}"},
    ],
)
def test_a_file_has_none_anywhere(part: Any) -> None:
    data = yaml.safe_load(BASE)
    merge(data, part)
    reading = read_as(read_document(yaml.safe_dump(data), "pipeline.yaml"))
    found = [finding for finding in reading.findings if finding.code == "LNG215"]
    assert [(finding.level, finding.line > 0) for finding in found] == [("error", True)]
    assert not reading.is_whole


def merge(data: Any, part: Any) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(data.get(key), dict):
            merge(data[key], value)
        else:
            data[key] = value
