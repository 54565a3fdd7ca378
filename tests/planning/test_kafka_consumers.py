"""Consumers of Kafka with their numbers: pollers, batches at once, alarms, and what cannot change."""

from __future__ import annotations

import math
from typing import Any

import pytest

from streaming_constructs.facts import event_source_kafka, metrics
from streaming_constructs.planning import AlarmPlan, PipelinePlan, plan
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.dashboard import dashboard_rows
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.spec import PipelineSpec

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:fraud"
EACH = event_source_kafka.POLLER_MB_PER_SECOND.value


def planned(
    consumer: dict[str, Any] | None = None, *, alarms: Any = None, cluster: Any = None, **topic: Any
) -> PipelinePlan:
    data = {
        "name": "shop",
        "clusters": {"main": cluster or {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large"}},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", **(topic or {"partitions": 6})},
            "payments": {"kind": "kafka", "cluster": "main", "partitions": 6},
            "failed": {"kind": "kafka", "cluster": "main", "partitions": 3},
        },
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "orders",
                "function_arn": FUNCTION,
                "on_failure": "s3",
                **(consumer or {}),
            }
        },
        "alarms": {} if alarms is None else alarms,
    }
    return plan(PipelineSpec.model_validate(data))


def fraud(consumer: dict[str, Any] | None = None, **topic: Any) -> ConsumerPlan:
    return planned(consumer, **topic).consumers["fraud"]


def alarms(made: PipelinePlan) -> dict[str, AlarmPlan]:
    return {alarm.kind: alarm for alarm in made.alarms if alarm.node == "fraud"}


@pytest.mark.parametrize(
    ("records", "kb", "peak", "partitions"),
    [(2000, 2, 1, 24), (20_000, 1, 2, 24), (100, 1, 1, 1), (50_000, 1, 1, 3), (4882.8125, 1, 1, 6), (4883, 1, 1, 6)],
)
def test_pollers_carry_the_busiest_minute_and_are_no_more_than_partitions(
    records: float, kb: int, peak: int, partitions: int
) -> None:
    load = {"records_per_second": records, "record_kb": kb, "peak_factor": peak}
    pollers = fraud(partitions=partitions, workload=load).pollers
    assert pollers is not None
    needed = math.ceil(records * kb * 1024 * peak / 1_000_000 / EACH)
    assert (pollers.minimum, pollers.maximum) == (min(needed, partitions), partitions)


def test_where_the_workload_is_unknown_one_poller_is_always_there() -> None:
    pollers = fraud(partitions=6).pollers
    assert pollers is not None
    assert (pollers.minimum, pollers.maximum) == (1, 6)


def test_where_partitions_are_unknown_there_are_as_many_as_lambda_takes_by_itself() -> None:
    arn = "arn:aws:kafka:eu-west-1:111122223333:topic/main/1234abcd-1/orders"
    made = fraud(arn=arn)
    assert made.pollers is not None
    assert (made.pollers.minimum, made.pollers.maximum) == (1, 200)
    assert made.concurrency is None


@pytest.mark.parametrize(
    ("given", "partitions", "concurrency"),
    [
        (None, 24, 24),
        ({"minimum": 1, "maximum": 3}, 24, 15),
        ({"minimum": 2, "maximum": 5}, 24, 24),
        ({"maximum": 1}, 2, 2),
        ("on_demand", 24, 24),
    ],
)
def test_batches_at_once_are_those_of_partitions_or_of_pollers(given: Any, partitions: int, concurrency: int) -> None:
    consumer = fraud({} if given is None else {"pollers": given}, partitions=partitions)
    assert consumer.concurrency == concurrency
    assert f"{concurrency} " in consumer.working[-1]
    assert (consumer.pollers is None) == (given == "on_demand")


def test_less_concurrency_than_partitions_is_told() -> None:
    consumer = {"function_arn": None, "code": "handlers", "reserved_concurrency": 5, "on_failure": "s3"}
    codes = {one.code: one for one in planned(consumer, partitions=6).findings if one.path[:1] == ("consumers",)}
    assert "LAM510" in codes
    assert "`pollers`" in codes["LAM510"].help
    assert "partitions" in codes["LAM510"].message


def test_fewer_pollers_than_the_workload_needs_are_told() -> None:
    load = {"records_per_second": 20_000, "record_kb": 1}
    told = [
        one
        for one in planned({"pollers": {"maximum": 4}}, partitions=12, workload=load).findings
        if one.code == "LAM558"
    ]
    assert [one.dotted_path for one in told] == ["consumers.fraud.pollers.maximum"]
    assert told[0].edits[0].value == 5
    enough = planned({"pollers": {"maximum": 5}}, partitions=12, workload=load)
    assert [one for one in enough.findings if one.code == "LAM558"] == []


@pytest.mark.parametrize(("partitions", "told"), [(4, [("note", "consumers.fraud.from")]), (5, [])])
def test_partitions_that_have_too_few_pollers_for_the_peak_are_told(partitions: int, told: list[Any]) -> None:
    # 20.48 MB/s, of which a poller takes 5, and a partition has one of them.
    made = planned(partitions=partitions, workload={"records_per_second": 20_000, "record_kb": 1})
    found = [one for one in made.findings if one.code == "LAM566"]
    assert [(one.level, one.dotted_path) for one in found] == told
    assert all("`partitions: 5`" in one.help for one in found)


def test_a_consumer_of_kafka_is_late_by_time_and_by_offsets() -> None:
    load = {"records_per_second": 300, "record_kb": 1}
    made = alarms(planned({"max_lag_seconds": 300}, partitions=6, workload=load))
    assert (made["time_lag"].metric, made["time_lag"].threshold) == (metrics.GROUP_TIME_LAG, 300)
    assert (made["offset_lag"].metric, made["offset_lag"].threshold) == (metrics.FUNCTION_OFFSET_LAG, 90_000)
    assert made["destination_failures"].metric == metrics.MAPPING_DESTINATION_ERRORS
    assert set(made) == {
        *("time_lag", "offset_lag", "errors", "throttles", "failed_batches", "dropped_records", "destination_failures")
    }


@pytest.mark.parametrize(
    ("consumer", "system", "seconds"),
    [
        ({}, None, 1800),  # half of the hour after which a record is given up
        ({"on_failure": {"max_record_age_seconds": 20_000, "destination": "s3"}}, None, 3600),
        ({"pollers": "on_demand"}, None, 3600),
        ({}, 120, 120),
        ({"max_lag_seconds": 60}, 120, 60),
    ],
)
def test_late_is_as_the_consumer_or_the_system_says(consumer: Any, system: int | None, seconds: int) -> None:
    made = alarms(planned(consumer, alarms={} if system is None else {"max_lag_seconds": system}))
    assert made["time_lag"].threshold == seconds
    assert "offset_lag" not in made, "how many records that is follows from a workload alone"


def test_of_a_group_with_a_colon_no_time_is_published() -> None:
    load = {"records_per_second": 300, "record_kb": 1}
    assert "time_lag" not in alarms(planned({"consumer_group": "a:b"}, partitions=6, workload=load))
    assert "time_lag" in alarms(planned({"consumer_group": "a.b"}, partitions=6, workload=load))


def test_on_demand_nothing_says_when_a_batch_is_given_up() -> None:
    load = {"records_per_second": 10, "record_kb": 1}
    short = {"partitions": 6, "retention_hours": 1, "workload": load}
    provisioned, on_demand = planned(**short), planned({"pollers": "on_demand"}, **short)
    assert "LAM506" in {one.code for one in provisioned.findings}
    assert "LAM506" not in {one.code for one in on_demand.findings}
    assert "expire" in " ".join(on_demand.consumers["fraud"].summary().lines)


def test_a_topic_of_failures_may_be_read_by_whoever_fails_into_the_source() -> None:
    data = {
        "name": "shop",
        "clusters": {"main": {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large"}},
        "streams": {name: {"kind": "kafka", "cluster": "main", "partitions": 3} for name in ("a", "b")},
        "consumers": {
            f"reads-{one}": {
                "kind": "lambda",
                "from": one,
                "function_arn": f"{FUNCTION}-{one}",
                "on_failure": {"destination": {"kind": "kafka", "topic": other}},
            }
            for one, other in ("ab", "ba")
        },
    }
    made = plan(PipelineSpec.model_validate(data))
    assert [consumer.source.name for consumer in made.consumers.values() if consumer.source] == ["a", "b"]


GROUP = {"consumer_group": "fraud"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        (GROUP, GROUP, []),
        ({}, {"starting_position": "earliest"}, []),
        ({}, {"pollers": {"maximum": 3}, "batch_size": 10}, []),
        ({}, {"from": "payments"}, [("EVO971", "consumers.fraud.from")]),
        ({}, GROUP, [("EVO971", "consumers.fraud.consumer_group")]),
        (GROUP, {"consumer_group": "other"}, [("EVO971", "consumers.fraud.consumer_group")]),
        ({}, {"starting_position": "latest"}, [("EVO971", "consumers.fraud.starting_position")]),
        (
            {},
            {"on_failure": {"destination": {"kind": "kafka", "topic": "failed"}}},
            [("EVO974", "consumers.fraud.on_failure.destination")],
        ),
    ],
)
def test_topic_group_and_position_are_those_of_the_first_deployment(before: Any, after: Any, expected: Any) -> None:
    told = system_findings(planned(before), planned(after))
    assert [(one.code, one.dotted_path) for one in told] == expected


def test_what_waits_has_a_graph_of_its_own_with_its_line() -> None:
    made = planned(
        {"max_lag_seconds": 300}, partitions=6, workload={"records_per_second": 300, "record_kb": 1}, alarms={}
    )
    (row,) = (row for row in dashboard_rows([made.consumers["fraud"]], made.alarms))
    shown = {graph.title: graph for graph in row.graphs}
    waiting = shown["Records that wait"]
    assert waiting.metrics == (metrics.FUNCTION_OFFSET_LAG,)
    assert waiting.lines == (("fraud.offset_lag", 90_000),)
    given_up = (metrics.MAPPING_KEPT_FAILURES, metrics.MAPPING_DROPPED, metrics.MAPPING_DESTINATION_ERRORS)
    assert (shown["Given up"].metrics, shown["Given up"].lines) == (given_up, ())
