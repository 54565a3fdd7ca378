"""What CloudWatch Logs is told, and what in a system does not go with what it sends."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import PipelineSpec
from streaming_constructs.planning import plan
from streaming_constructs.planning.producers.cloudwatch_logs import (
    adopted_log_groups,
    policy_document,
    selection_criteria,
)

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:unpack"
STREAMS = {"logs": {"kind": "kinesis", "mode": "on_demand"}}
SUBSCRIBED = {"kind": "cloudwatch_logs", "to": "logs", "account_policy": {}}
FOLLOWED = {"kind": "kinesis_agent", "to": "logs", "files": [{"path": "/a"}]}
CONSUMER = {
    "kind": "lambda",
    "from": "logs",
    "function_arn": f"{FUNCTION}:live",
    "on_failure": {"retries": 3, "max_record_age_seconds": 600, "destination": "sqs"},
}


def system(**sections: Any) -> PipelineSpec:
    return PipelineSpec.model_validate({"name": "shop", "streams": STREAMS, **sections})


def found(**sections: Any) -> list[tuple[str, str, str]]:
    producers = plan(system(**sections)).sections["producers"].values()
    return [(one.code, one.level, one.dotted_path) for producer in producers for one in producer.findings()]


def delivery(**more: Any) -> dict[str, Any]:
    return {"from": "logs", "to": {"kind": "s3", "format": "json"}, **more}


def direct(**more: Any) -> dict[str, Any]:
    return {"to": {"kind": "s3", "format": "json"}, **more}


def test_criteria_leave_out_each_name_once() -> None:
    assert selection_criteria(["/a", "/b-c", "/a"]) == 'LogGroupName NOT IN ["/a", "/b-c"]'
    assert selection_criteria([]) is None


@pytest.mark.parametrize(("distribution", "written"), [("Random", {"Distribution": "Random"}), (None, {})])
def test_document_has_a_distribution_only_for_a_stream(distribution: str | None, written: dict[str, str]) -> None:
    found = policy_document(destination_arn="d", role_arn="r", filter_pattern="?E", distribution=distribution)
    assert found == {"DestinationArn": "d", "RoleArn": "r", "FilterPattern": "?E", **written}


def test_logs_in_a_stream_of_their_own_have_no_finding() -> None:
    assert found(producers={"services": SUBSCRIBED}) == []
    assert found(producers={"hosts": FOLLOWED}, deliveries={"lake": delivery()}) == []


@pytest.mark.parametrize("reads", [delivery, direct])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("LOG905", "warning", "deliveries.lake")]),
        ({"decompress_cloudwatch_logs": True}, []),
        ({"transform": {"function_arn": FUNCTION}}, []),
    ],
)
def test_a_delivery_of_log_events_has_to_unpack_them(reads: Any, more: Any, expected: Any) -> None:
    writes = "logs" if reads is delivery else "lake"
    deliveries = {"lake": reads(**more), "other": direct()}
    assert found(producers={"services": SUBSCRIBED | {"to": writes}}, deliveries=deliveries) == expected


@pytest.mark.parametrize(("target", "section"), [("logs", "streams"), ("lake", "deliveries")])
def test_batches_and_lines_do_not_go_into_one(target: str, section: str) -> None:
    producers = {"services": SUBSCRIBED | {"to": target}, "hosts": FOLLOWED | {"to": target}}
    deliveries = {"lake": direct(decompress_cloudwatch_logs=True)}
    assert found(producers=producers, deliveries=deliveries) == [("LOG908", "warning", f"{section}.{target}")]


def test_log_groups_of_existing_functions_are_known_by_their_names() -> None:
    spec = system(consumers={"unpack": CONSUMER}, deliveries={"lake": delivery(transform={"function_arn": FUNCTION})})
    assert adopted_log_groups(spec) == ["/aws/lambda/unpack", "/aws/lambda/unpack"]


def test_the_log_of_an_existing_function_is_not_subscribed_by_name() -> None:
    services = {"kind": "cloudwatch_logs", "to": "logs", "log_groups": ["/web", "/aws/lambda/unpack"]}
    assert found(producers={"services": services}, consumers={"unpack": CONSUMER}) == [
        ("LOG904", "error", "producers.services.log_groups")
    ]


def test_a_delivery_has_no_use_for_a_distribution() -> None:
    services = SUBSCRIBED | {"to": "lake", "distribution": "random"}
    deliveries = {"lake": direct(decompress_cloudwatch_logs=True)}
    assert found(producers={"services": services}, deliveries=deliveries) == [
        ("LNG404", "error", "producers.services.distribution")
    ]


def test_what_is_asked_of_an_agent_is_judged_too() -> None:
    hosts = FOLLOWED | {"to": "lake", "files": [{"path": "/a", "partition_key": "random"}]}
    assert found(producers={"hosts": hosts}, deliveries={"lake": direct()}) == [
        ("LNG404", "error", "producers.hosts.files[0].partition_key")
    ]


def subscribed(*groups: str, to: str = "logs", pattern: str = "", **more: Any) -> dict[str, Any]:
    return {"kind": "cloudwatch_logs", "to": to, "log_groups": list(groups), "filter_pattern": pattern, **more}


def numbered(count: int) -> list[tuple[str, str, str]]:
    names = [f"s{number}" for number in range(count)]
    producers = {name: subscribed(*(["/b"] if name == "s2" else []), "/a", to=f"to-{name}") for name in names}
    streams = {f"to-{name}": STREAMS["logs"] for name in names}
    spec = {"name": "shop", "streams": streams, "producers": producers}
    nodes = plan(PipelineSpec.model_validate(spec)).sections["producers"].values()
    return [(one.code, one.level, one.dotted_path) for node in nodes for one in node.findings()]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (2, []),
        (3, [("LOG909", "warning", "producers.s2.log_groups[1]")]),
        (5, [("LOG909", "warning", "producers.s2.log_groups[1]")]),
        (6, [("LOG909", "error", "producers.s5.log_groups[0]")]),
    ],
)
def test_subscriptions_of_a_log_group_are_counted_over_all_producers(count: int, expected: Any) -> None:
    assert numbered(count) == expected


TWICE = [("LOG910", "warning", "producers.b.log_groups[0]")]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (subscribed("/a"), subscribed("/a"), TWICE),
        (subscribed("/a", pattern="ERROR"), subscribed("/a"), TWICE),
        (subscribed("/a", pattern="ERROR"), subscribed("/a", pattern="ERROR"), TWICE),
        (subscribed("/a", pattern="ERROR"), subscribed("/a", pattern="WARN"), []),
        (subscribed("/a"), subscribed("/b"), []),
        (subscribed("/a"), subscribed("/a", to="more"), []),
        (SUBSCRIBED, subscribed("/a"), TWICE),
        (SUBSCRIBED, subscribed("/a", to="more"), []),
        (SUBSCRIBED | {"account_policy": {"exclude_log_groups": ["/a"]}}, subscribed("/a"), []),
        # The policy comes in addition to the subscriptions of the log group.
        (SUBSCRIBED, subscribed("/a", to="more") | {"log_groups": ["/a"]}, []),
    ],
)
def test_events_are_sent_once_to_one_place(one: Any, other: Any, expected: Any) -> None:
    streams = {**STREAMS, "more": STREAMS["logs"]}
    spec = PipelineSpec.model_validate({"name": "shop", "streams": streams, "producers": {"a": one, "b": other}})
    nodes = plan(spec).sections["producers"].values()
    assert [(one.code, one.level, one.dotted_path) for node in nodes for one in node.findings()] == expected
