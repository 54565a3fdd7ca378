"""Queues: how long messages are hidden, what is watched, what it costs, and what is likely to go wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.planning import plan
from streaming_constructs.planning.drawing.graph import graph_of
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.planning.pipeline import PipelinePlan
from streaming_constructs.planning.queues.sqs import plan_queue
from streaming_constructs.planning.readiness.readiness import readiness
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.queues.sqs import SqsQueueSpec


def spec(queue: dict[str, Any] | None = None, **consumer: Any) -> PipelineSpec:
    return PipelineSpec(
        name="shop",
        queues={"tasks": {"kind": "sqs", **(queue or {})}},
        consumers={"worker": {"kind": "lambda", "from": "tasks", "code": "worker", **consumer}},
        alarms={"notify": ["oncall@example.com"]},
    )


def planned(queue: dict[str, Any] | None = None, **consumer: Any) -> PipelinePlan:
    return plan(spec(queue, **consumer))


def codes(made: PipelinePlan) -> list[str]:
    return [
        finding.code for finding in made.findings if not finding.code.startswith("LAM5") or finding.code >= "LAM570"
    ]


@settings(derandomize=True, deadline=None, max_examples=50)
@given(timeout=st.integers(1, 900), window=st.integers(0, 300), fifo=st.booleans())
def test_a_message_is_hidden_for_six_timeouts_and_the_window(timeout: int, window: int, *, fifo: bool) -> None:
    window = 0 if fifo else window
    reader = LambdaConsumerSpec(from_="tasks", code="worker", timeout_seconds=timeout, batch_window_seconds=window)
    made = plan_queue("tasks", SqsQueueSpec(fifo=fifo), readers={"worker": reader})
    assert made.visibility_seconds == max(30, 6 * timeout + window)


def test_the_longest_timeout_of_its_readers_counts_and_is_told() -> None:
    made = planned(timeout_seconds=60, batch_size=100, batch_window_seconds=10).nodes["tasks"]
    assert made.working == (
        "6 × the timeout of worker, 60 s + 10 s of its batching window = 370 s",
        "visibility timeout 370 s",
    )


def test_what_is_given_is_kept_and_compared() -> None:
    assert codes(planned({"visibility_timeout_seconds": 360}, timeout_seconds=60)) == []
    assert codes(planned({"visibility_timeout_seconds": 359}, timeout_seconds=60)) == ["LAM570"]
    assert codes(planned({"visibility_timeout_seconds": 60}, timeout_seconds=60)) == ["LAM570"]
    assert codes(planned({"visibility_timeout_seconds": 59}, timeout_seconds=60)) == ["LAM575"]


def test_neither_an_existing_queue_nor_an_existing_function_is_compared() -> None:
    arn = "arn:aws:sqs:eu-west-1:111122223333:tasks"
    assert codes(planned({"arn": arn}, timeout_seconds=900)) == []
    assert "unknown" in planned({"arn": arn}).nodes["tasks"].working[0]


@pytest.mark.parametrize(
    ("queue", "consumer", "threshold"),
    [({}, {}, 3600), ({}, {"max_lag_seconds": 120}, 120), ({"retention_days": 1}, {}, 3600)],
)
def test_messages_are_late_when_their_reader_says_so(queue: Any, consumer: Any, threshold: int) -> None:
    (oldest,) = [alarm for alarm in planned(queue, **consumer).alarms if alarm.name == "tasks.oldest_message"]
    assert (oldest.threshold, oldest.minutes) == (threshold, 5)


def test_dead_letters_are_watched_where_there_are_any() -> None:
    def watched(made: PipelinePlan) -> list[str]:
        return [alarm.name for alarm in made.alarms]

    assert watched(planned()) == ["tasks.oldest_message", "tasks.dead_letters", "worker.errors", "worker.throttles"]
    assert "tasks.dead_letters" not in watched(planned({"dead_letter": False}))


def test_a_fifo_queue_takes_so_many_messages() -> None:
    def at(rate: int, **fields: Any) -> list[str]:
        workload = {"records_per_second": rate, "record_kb": 1, "peak_factor": 2}
        return codes(planned({"fifo": True, "workload": workload, **fields}))

    high = {"deduplication_scope": "message_group", "fifo_throughput_limit": "per_message_group_id"}
    assert [at(150), at(151), at(1500), at(1501)] == [[], ["SQS763"], ["SQS763"], ["SQS762"]]
    assert at(9000, **high) == []


def test_messages_that_are_sent_received_and_deleted_are_charged() -> None:
    made = planned({"workload": {"records_per_second": 10, "record_kb": 100}}).nodes["tasks"]
    (requests,) = made.costs()
    assert requests.quantity == 10 * 730 * 3600 * (2 + 2 + 1)  # sent and received as two of 64 KiB, deleted by one


def test_reserved_concurrency_is_not_outrun() -> None:
    assert codes(planned(reserved_concurrency=10)) == ["LAM572"]
    assert codes(planned(reserved_concurrency=10, maximum_concurrency=11)) == ["LAM572"]
    assert codes(planned(reserved_concurrency=10, maximum_concurrency=10)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("on_failure", "s3"),
        ("enhanced_fan_out", True),
        ("parallelization_factor", 2),
        ("starting_position", "latest"),
        ("tumbling_window_seconds", 60),
        ("consumer_group", "a"),
        ("pollers", {"minimum": 1}),
    ],
)
def test_what_is_of_streams_alone_is_refused_with_the_reason(field: str, value: Any) -> None:
    with pytest.raises(SpecError) as caught:
        spec(**{field: value})
    (finding,) = caught.value.findings
    assert (finding.code, finding.path) == ("LNG404", ("consumers", "worker", field))
    assert finding.note.startswith("it reads a queue; ")


def test_maximum_concurrency_is_of_queues_alone() -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 1}}
    consumer = {"kind": "lambda", "from": "clicks", "code": "a", "on_failure": "s3", "maximum_concurrency": 5}
    with pytest.raises(SpecError, match="of queues alone"):
        PipelineSpec(name="shop", streams=streams, consumers={"worker": consumer})


def test_what_changes_over_a_deployed_queue() -> None:
    before = {"retention_days": 7}

    def changed(queue: dict[str, Any]) -> list[str]:
        return [finding.code for finding in system_findings(planned(before), planned({**before, **queue}))]

    assert changed({}) == []
    assert changed({"fifo": True}) == ["EVO973"]
    assert changed({"retention_days": 3}) == ["EVO975"]
    assert changed({"retention_days": 9}) == []
    assert changed({"dead_letter": False}) == ["EVO974"]


def test_it_is_drawn_between_its_writers_and_its_reader() -> None:
    graph = graph_of(planned({"workload": {"records_per_second": 10, "record_kb": 1}}))
    assert [(box.name, box.service) for box in graph.boxes] == [
        ("tasks", "SQS queue"),
        ("worker", "Lambda function"),
        ("tasks failures", "SQS queue"),
    ]
    assert [(arrow.start, arrow.end, arrow.label) for arrow in graph.arrows] == [
        (0, 2, "dead letters"),
        (0, 1, "10 records/s"),
    ]


def test_its_checklist_asks_for_dead_letters_and_concurrency() -> None:
    answers = {
        one.item.id: one.answer.status for one in readiness(planned(maximum_concurrency=5)) if one.name == "tasks"
    }
    assert (answers["QI1"], answers["QI3"], answers["QC1"], answers["QO1"]) == ("pass", "pass", "pass", "pass")
    without = {
        one.item.id: one.answer.status for one in readiness(planned({"dead_letter": False})) if one.name == "tasks"
    }
    assert (without["QI3"], without["QC1"]) == ("confirm", "fail")
