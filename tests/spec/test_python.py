"""A spec that is written in Python: its findings, its signature, and its short forms."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import Any

import pytest

from streaming_constructs import (
    AlarmsSpec,
    AtTimestamp,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NodeOnFailure,
    OnFailure,
    Permission,
    PipelineSpec,
    S3OnFailure,
    SpecError,
    SqsOnFailure,
    VpcPlacement,
    Workload,
)
from streaming_constructs.spec.finding import Finding

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"


def found(build: Any, **fields: Any) -> tuple[Finding, ...]:
    with pytest.raises(SpecError) as raised:
        build(**fields)
    return raised.value.findings


def said(build: Any, **fields: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.dotted_path) for finding in found(build, **fields)]


def test_what_is_wrong_is_told_as_in_a_file_all_at_once() -> None:
    fields = {"from_": "Clicks", "memory": 512, "batch_size": 0, "on_failure": OnFailure(destination="s3")}
    assert said(LambdaConsumerSpec, **fields) == [("LNG206", "from_"), ("LNG204", "batch_size"), ("LNG201", "memory")]
    small, unknown = found(LambdaConsumerSpec, **fields)[1:]
    assert small.help == "set at least 1"
    assert unknown.help == "write `memory_mb: 512`"
    assert unknown.edits[-1].value == 512


def test_what_concerns_several_fields_is_told_with_its_code() -> None:
    assert said(KinesisStreamSpec, mode="on_demand", shards=4) == [("LNG404", "shards")]
    assert said(Workload, records_per_second=5) == [("LNG202", "")]


def test_the_graph_is_judged_where_the_system_is_built() -> None:
    (finding,) = found(
        PipelineSpec,
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1)},
        consumers={"a": LambdaConsumerSpec(from_="click", code="a", on_failure=OnFailure(destination=S3OnFailure()))},
    )
    assert (finding.code, finding.path, finding.help) == (
        "GRF301",
        ("consumers", "a", "from"),
        "did you mean `clicks`?",
    )


def test_an_error_reads_as_its_findings_do() -> None:
    with pytest.raises(SpecError, match=r"error\[LNG204\]: `shards` is too small: at least 1\n  --> shards"):
        KinesisStreamSpec(shards=0)
    with pytest.raises(ValueError, match="LNG204"):
        KinesisStreamSpec(shards=0)


@pytest.mark.parametrize(
    ("model", "required", "optional"),
    [
        (LambdaConsumerSpec, ["from_"], {"batch_size": 100, "on_failure": None, "enhanced_fan_out": False, "to": ()}),
        (KinesisStreamSpec, [], {"mode": "provisioned", "shards": None, "headroom": 1.3}),
        (OnFailure, ["destination"], {"retries": 5, "bisect": True}),
        (PipelineSpec, ["name"], {"removal_policy": "retain", "alarms": AlarmsSpec()}),
    ],
)
def test_the_signature_shows_the_fields_and_what_is_so_without_them(
    model: Any, required: list[str], optional: dict[str, Any]
) -> None:
    parameters = inspect.signature(model).parameters
    assert list(parameters) == list(model.model_fields)
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    empty = inspect.Parameter.empty
    assert [name for name, parameter in parameters.items() if parameter.default is empty] == required
    assert {name: parameters[name].default for name in optional} == optional


def test_short_forms_may_be_written_in_python_too() -> None:
    consumer = LambdaConsumerSpec(from_="a", to="b", code="c", on_failure="s3", filter={"type": "signup", "n": [1, 2]})  # type: ignore[arg-type]
    assert (consumer.to, consumer.on_failure.destination) == (("b",), S3OnFailure())
    assert consumer.patterns == ({"data": {"type": ["signup"], "n": [1, 2]}},)
    at = AtTimestamp(at_timestamp=datetime(2026, 1, 15, tzinfo=UTC))
    assert LambdaConsumerSpec(from_="a", code="c", on_failure="s3", starting_position=at).starting_position == at  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "destination"),
    [
        ("s3", S3OnFailure()),
        ("arn:aws:s3:::failed-batches", S3OnFailure(bucket="failed-batches")),
        (QUEUE, SqsOnFailure(queue_arn=QUEUE)),
        ("alerts", NodeOnFailure(node="alerts")),
        ({"kind": "s3", "bucket": "failed-batches"}, S3OnFailure(bucket="failed-batches")),
    ],
)
def test_a_destination_is_a_word_an_arn_a_name_or_a_mapping(written: Any, destination: Any) -> None:
    assert OnFailure(destination=written).destination == destination
    assert LambdaConsumerSpec(
        from_="a", code="b", on_failure=written if isinstance(written, str) else {"destination": written}
    ).on_failure == OnFailure(destination=destination)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("destination", "code"),
    [
        ("arn:aws:iam::123456789012:role/x", "LNG206"),
        ("arn:aws:sqs", "LNG206"),
        (f"{QUEUE}.fifo", "LAM508"),
        ("Not A Name", "LNG206"),
        (5, "LNG203"),
    ],
)
def test_a_destination_that_keeps_nothing_is_refused(destination: Any, code: str) -> None:
    assert [code for code, _ in said(OnFailure, destination=destination)] == [code]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"subnet_ids": ["subnet-01234567"]}, [("LNG202", "")]),
        ({"subnet_ids": ["subnet-01234567"], "vpc_id": "vpc-01234567"}, []),
        ({"subnet_ids": ["subnet-01234567"], "security_group_ids": ["sg-01234567"]}, []),
        ({"subnet_ids": [], "vpc_id": "vpc-01234567"}, [("LNG204", "subnet_ids")]),
        ({"subnet_ids": ["subnet-01234567"] * 2, "vpc_id": "vpc-01234567"}, [("LNG406", "subnet_ids[1]")]),
        ({"subnet_ids": ["subnet-1"], "vpc_id": "vpc-01234567"}, [("LNG206", "subnet_ids[0]")]),
    ],
)
def test_a_place_in_a_vpc_has_subnets_and_groups(fields: Any, expected: list[tuple[str, str]]) -> None:
    if expected:
        assert said(VpcPlacement, **fields) == expected
    else:
        assert VpcPlacement(**fields).subnet_ids == ("subnet-01234567",)


@pytest.mark.parametrize(
    ("actions", "resources", "expected"),
    [
        (["dynamodb:PutItem"], ["*"], []),
        (["dynamodb:Put*"], ["arn:aws:dynamodb:*:*:table/scores"], []),
        (["PutItem"], ["*"], [("LNG206", "actions[0]")]),
        (["*"], ["*"], [("LNG206", "actions[0]")]),
        (["dynamodb:PutItem"], ["scores"], [("LNG206", "resources[0]")]),
        (["dynamodb:PutItem"] * 2, ["*"], [("LNG406", "actions[1]")]),
        ([], ["*"], [("LNG204", "actions")]),
    ],
)
def test_a_permission_names_actions_and_arns(
    actions: list[str], resources: list[str], expected: list[tuple[str, str]]
) -> None:
    if expected:
        assert said(Permission, actions=actions, resources=resources) == expected
    else:
        assert Permission(actions=tuple(actions), resources=tuple(resources)).actions == tuple(actions)


def test_powertools_is_for_python() -> None:
    function = {"from_": "a", "code": "b", "on_failure": "s3", "layers": ["powertools"]}
    assert LambdaConsumerSpec(**function).layers == ("powertools",)
    assert said(LambdaConsumerSpec, **function, runtime="nodejs22.x") == [("LNG404", "layers[0]")]
