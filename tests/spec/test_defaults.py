"""`defaults`: what every node of a section has unless it says otherwise, and what is wrong with them, told once."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import edited, read_as

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
BASE = f"""\
name: shop
streams:
  clicks: {{kind: kinesis, shards: 1}}
  adopted: {{kind: kinesis, arn: "{STREAM}"}}
consumers:
  own: {{kind: lambda, from: clicks, code: ., handler: A::b, runtime: java21, on_failure: s3}}
  small: {{kind: lambda, from: clicks, code: ., handler: A::b, runtime: java21, memory_mb: 128, on_failure: s3}}
  existing: {{kind: lambda, from: clicks, function_arn: "{FUNCTION}", on_failure: s3}}
"""


def found(text: str, environment: str | None = None) -> tuple[PipelineSpec | None, tuple[Finding, ...]]:
    reading = read_as(read_document(text, "pipeline.yaml"), environment)
    return reading.spec, reading.findings


def loaded(defaults: str, base: str = BASE) -> PipelineSpec:
    spec, findings = found(f"{base}defaults: {defaults}\n")
    assert findings == ()
    assert spec is not None
    return spec


def said(defaults: str, base: str = BASE) -> list[tuple[str, str, int]]:
    _, findings = found(f"{base}defaults: {defaults}\n")
    return [(finding.code, finding.dotted_path, finding.line) for finding in findings]


def test_a_node_has_the_defaults_of_its_section_unless_it_says_otherwise() -> None:
    consumers = loaded("{consumers: {memory_mb: 512, timeout_seconds: 30}}").consumers
    assert {name: consumer.memory_mb for name, consumer in consumers.items()} == {
        "own": 512,
        "small": 128,
        "existing": 256,
    }
    assert consumers["own"].timeout_seconds == consumers["small"].timeout_seconds == 30


def test_what_exists_does_not_get_what_only_the_created_can_have() -> None:
    defaults = "{consumers: {vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567]}, log_retention_days: 7}, "
    defaults += "streams: {encryption: customer_managed, max_record_kb: 2048, removal_policy: destroy}}"
    spec = loaded(defaults)
    assert spec.consumers["own"].vpc is not None
    assert "vpc" not in spec.consumers["existing"].model_fields_set
    assert spec.streams["clicks"].max_record_kb == 2048
    assert spec.streams["adopted"].encryption.kind == "aws_managed"
    assert "max_record_kb" not in spec.streams["adopted"].model_fields_set


def test_what_describes_what_exists_is_a_default_of_it_too() -> None:
    assert loaded("{streams: {retention_hours: 48}}").streams["adopted"].retention == 48


def test_a_node_may_be_written_in_its_differences_alone() -> None:
    base = f"name: shop\nstreams: {{clicks: {{shards: 2}}}}\nconsumers: {{a: {{function_arn: '{FUNCTION}'}}}}\n"
    base += "deliveries: {lake: {to: {prefix: raw}}}\n"
    defaults = "{streams: {kind: kinesis, mode: on_demand}, deliveries: {from: clicks, to: {kind: s3, buffer_mb: 5}}, "
    defaults += "consumers: {kind: lambda, from: clicks, on_failure: {retries: 2, destination: sqs}}}"
    spec = loaded(defaults, base)
    assert (spec.streams["clicks"].mode, spec.streams["clicks"].shards) == ("provisioned", 2)
    assert (spec.consumers["a"].on_failure.retries, spec.consumers["a"].on_failure.destination.kind) == (2, "sqs")
    to: Any = spec.deliveries["lake"].to
    assert (to.prefix, to.buffer_mb) == ("raw", 5)


def test_null_in_a_node_takes_a_default_out() -> None:
    base = BASE.replace("on_failure: s3}", "filter: null, on_failure: s3}", 1)
    spec = loaded("{consumers: {filter: {page: [home]}}}", base)
    assert [bool(consumer.filter) for consumer in spec.consumers.values()] == [False, True, True]


def test_a_default_of_another_kind_is_left_aside() -> None:
    base = "name: shop\nstreams: {clicks: {kind: kinesis, shards: 1}}\ndeliveries:\n"
    base += "  lake: {to: {kind: s3}}\n  web: {to: {kind: http, endpoint: 'https://example.com'}}\n"
    spec = loaded("{deliveries: {from: clicks, to: {kind: s3, prefix: raw}}}", base)
    assert spec.deliveries["web"].to.kind == "http"


def test_defaults_of_an_environment_are_merged_too() -> None:
    text = f"{BASE}defaults: {{consumers: {{memory_mb: 512}}}}\nenvironments:\n"
    text += "  dev: {defaults: {consumers: {memory_mb: 192}}}\n  prod: {}\n"
    for environment, memory in (("dev", 192), ("prod", 512)):
        spec, findings = found(text, environment)
        assert findings == ()
        assert spec is not None
        assert spec.consumers["own"].memory_mb == memory


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        ("{consumers: {memory_mb: 5}}", ("LNG204", "defaults.consumers.memory_mb", 9)),
        ("{consumers: {memory_mb: large}}", ("LNG203", "defaults.consumers.memory_mb", 9)),
        ("{consumers: {memroy_mb: 512}}", ("LNG201", "defaults.consumers.memroy_mb", 9)),
        ("{consumers: {memory: 512}}", ("LNG201", "defaults.consumers.memory", 9)),
        ("{consumers: {on_failure: {retrys: 1}}}", ("LNG201", "defaults.consumers.on_failure.retrys", 9)),
        ("{consumers: {layers: [powertools, arn]}}", ("LNG206", "defaults.consumers.layers[1]", 9)),
        ("{consumers: {to: alerts}}", ("GRF301", "defaults.consumers.to", 9)),
        ("{consumer: {memory_mb: 512}}", ("LNG201", "defaults.consumer", 9)),
        ("{consumers: 512}", ("LNG203", "defaults.consumers", 9)),
        ("[consumers]", ("LNG203", "defaults", 9)),
    ],
)
def test_what_is_wrong_with_a_default_is_told_once_where_it_is_written(
    defaults: str, expected: tuple[str, str, int]
) -> None:
    base = BASE.replace("on_failure: s3}", "on_failure: {destination: s3}}")
    assert said(defaults, base) == [expected]


@pytest.mark.parametrize(
    "defaults",
    ["{consumers: {memory_mb: 5}}", "{consumers: {memroy_mb: 512}}", "{consumers: {memory: 512}}", "{consumer: {}}"],
)
def test_the_edits_of_a_default_mend_it(defaults: str) -> None:
    text = f"{BASE}defaults: {defaults}\n"
    _, findings = found(text)
    mended = edited(read_document(text, "p.yaml").data, [edit for finding in findings for edit in finding.edits])
    assert found(yaml.safe_dump(mended))[1] == ()


def test_no_defaults_are_none() -> None:
    assert loaded("null") == loaded("{}") == loaded("{consumers: {}}")
