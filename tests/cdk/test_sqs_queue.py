"""The queue: what is in the template for what is in the spec, who may do what, and queues of the app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from streaming_constructs import (
    CustomerManagedKey,
    LambdaConsumer,
    LambdaConsumerSpec,
    PipelineSpec,
    SpecError,
    SqsQueue,
    SqsQueueSpec,
    StreamingPipeline,
)
from streaming_constructs.facts.metrics import DEAD_LETTERS, QUEUE_OLDEST
from streaming_constructs.testing import alarm_problems, policy_problems

QUEUE, MAPPING, POLICY = "AWS::SQS::Queue", "AWS::Lambda::EventSourceMapping", "AWS::IAM::ManagedPolicy"
ARN = "arn:aws:sqs:eu-west-1:111122223333:tasks"


def spec(**fields: Any) -> SqsQueueSpec:
    return SqsQueueSpec.model_validate(fields)


def worker(code: str, **fields: Any) -> LambdaConsumerSpec:
    return LambdaConsumerSpec.model_validate({"from": "tasks", "code": code, **fields})


def system(code: str, queue: dict[str, Any] | None = None, **consumer: Any) -> PipelineSpec:
    return PipelineSpec(
        name="shop", queues={"tasks": spec(**queue or {})}, consumers={"worker": worker(code, **consumer)}
    )


def properties(bench: Any, resource_type: str) -> list[dict[str, Any]]:
    return [resource.get("Properties", {}) for resource in bench.of_type(resource_type).values()]


def queues(bench: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The queue, and the one of its dead letters."""
    found = properties(bench, QUEUE)
    (queue,) = [one for one in found if "RedrivePolicy" in one]
    (dead,) = [one for one in found if "RedrivePolicy" not in one]
    return queue, dead


def test_a_queue_is_encrypted_and_gives_up_into_a_queue_of_its_own(bench: Any) -> None:
    SqsQueue(bench.stack, "Tasks", spec=spec(retention_days=3, delay_seconds=5, max_message_kb=64))
    queue, dead = queues(bench)
    assert queue.pop("RedrivePolicy")["maxReceiveCount"] == 5
    assert queue == {
        "DelaySeconds": 5,
        "MaximumMessageSize": 65_536,
        "MessageRetentionPeriod": 3 * 86_400,
        "SqsManagedSseEnabled": True,
        "VisibilityTimeout": 30,
    }
    assert dead == {"MaximumMessageSize": 65_536, "MessageRetentionPeriod": 14 * 86_400, "SqsManagedSseEnabled": True}


def test_a_fifo_queue_has_fifo_dead_letters_and_high_throughput(bench: Any) -> None:
    fields = {"deduplication_scope": "message_group", "fifo_throughput_limit": "per_message_group_id"}
    SqsQueue(bench.stack, "Tasks", spec=spec(fifo=True, content_based_deduplication=True, **fields))
    queue, dead = queues(bench)
    assert (queue["FifoQueue"], dead["FifoQueue"], queue["ContentBasedDeduplication"]) == (True, True, True)
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")


def test_a_key_of_its_own_is_used_by_senders_and_readers(bench: Any) -> None:
    tasks = SqsQueue(bench.stack, "Tasks", spec=spec(encryption=CustomerManagedKey()))
    role = iam.Role(bench.stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    tasks.grant_send(role)
    tasks.grant_read(role)
    statements = [
        one for policy in properties(bench, "AWS::IAM::Policy") for one in policy["PolicyDocument"]["Statement"]
    ]
    assert {
        action
        for one in statements
        for action in (one["Action"] if isinstance(one["Action"], list) else [one["Action"]])
    } == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    }
    assert list(policy_problems(bench.template)) == []


def test_a_function_reads_it_as_the_spec_says(bench: Any, code: str) -> None:
    StreamingPipeline(
        bench.stack,
        "Pipeline",
        spec=system(
            code, timeout_seconds=60, batch_size=100, batch_window_seconds=5, maximum_concurrency=20, filter={"a": [1]}
        ),
    )
    mapping = bench.only(MAPPING)
    assert {name: mapping[name] for name in ("BatchSize", "MaximumBatchingWindowInSeconds", "ScalingConfig")} == {
        "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 5,
        "ScalingConfig": {"MaximumConcurrency": 20},
    }
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["FilterCriteria"] == {"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]}
    absent = {
        "StartingPosition",
        "DestinationConfig",
        "BisectBatchOnFunctionError",
        "ParallelizationFactor",
        "MaximumRetryAttempts",
    }
    assert absent & mapping.keys() == set()
    queue, _ = queues(bench)
    assert queue["VisibilityTimeout"] == 6 * 60 + 5
    assert '"sqs:ReceiveMessage"' in json.dumps(properties(bench, POLICY))
    assert '"sqs:SendMessage"' not in json.dumps(properties(bench, POLICY))


def test_a_function_of_a_fifo_queue_has_no_window(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, {"fifo": True}))
    mapping = bench.only(MAPPING)
    assert mapping["BatchSize"] == 10
    assert "MaximumBatchingWindowInSeconds" not in mapping


def test_alarms_watch_the_queue_and_its_dead_letters(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    tasks = pipeline.queues["tasks"]
    alarms = {
        one["MetricName"]: one for one in properties(bench, "AWS::CloudWatch::Alarm") if one["Namespace"] == "AWS/SQS"
    }
    names = {name: json.dumps(alarm["Dimensions"]) for name, alarm in alarms.items()}
    assert names.keys() == {QUEUE_OLDEST.name, DEAD_LETTERS.name}
    assert "DeadLetterQueue" in names[DEAD_LETTERS.name]
    assert "DeadLetterQueue" not in names[QUEUE_OLDEST.name]
    assert list(alarm_problems(bench.template)) == []
    assert tasks.metric(DEAD_LETTERS).dimensions.keys() == {"QueueName"}


def test_a_function_that_sends_is_told_the_url_and_may_send_and_no_more(bench: Any, code: str) -> None:
    system_ = PipelineSpec(
        name="shop",
        queues={"tasks": spec(), "mails": spec()},
        consumers={"worker": worker(code, to=["mails"])},
    )
    StreamingPipeline(bench.stack, "Pipeline", spec=system_)
    (function,) = [one for one in properties(bench, "AWS::Lambda::Function") if "Environment" in one]
    assert function["Environment"]["Variables"].keys() == {"MAILS_QUEUE_URL"}
    statements = bench.only(POLICY)["PolicyDocument"]["Statement"]
    sends = [one for one in statements if "sqs:SendMessage" in json.dumps(one["Action"])]
    assert ["mails" in json.dumps(one["Resource"]) for one in sends] == [True]


def test_a_queue_that_exists_is_described_and_not_changed(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(
        bench.stack, "Pipeline", spec=system(code, {"arn": ARN, "visibility_timeout_seconds": 360})
    )
    assert properties(bench, QUEUE) == []
    assert bench.only(MAPPING)["EventSourceArn"] == ARN
    assert [alarm.name for alarm in pipeline.plan.alarms if alarm.node == "tasks"] == ["tasks.oldest_message"]


def test_a_queue_of_the_app_is_read_with_its_dead_letters(bench: Any, code: str) -> None:
    dead = sqs.Queue(bench.stack, "Dead")
    own = sqs.Queue(bench.stack, "Own", dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=7))
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code), queues={"tasks": own})
    assert pipeline.queues["tasks"].queue is own
    assert pipeline.consumers["worker"].failures is not None
    assert len(properties(bench, QUEUE)) == 2


def test_a_queue_of_the_app_without_dead_letters_is_told_so(bench: Any, code: str) -> None:
    own = sqs.Queue(bench.stack, "Own")
    with pytest.raises(SpecError, match="does not tell its dead-letter queue"):
        StreamingPipeline(bench.stack, "Pipeline", spec=system(code), queues={"tasks": own})
    StreamingPipeline(bench.stack, "Fine", spec=system(code, {"dead_letter": False}), queues={"tasks": own})


def test_a_consumer_stands_alone_with_its_queue(bench: Any, code: str) -> None:
    tasks = SqsQueue(bench.stack, "Tasks", spec=spec(visibility_timeout_seconds=360))
    consumer = LambdaConsumer(bench.stack, "Worker", spec=worker(code, timeout_seconds=60), source=tasks)
    assert consumer.failures is tasks.dead_letter_queue
    with pytest.raises(SpecError, match="LAM575"):
        LambdaConsumer(bench.stack, "Slow", spec=worker(code, timeout_seconds=600), source=tasks)


def test_a_consumer_of_a_stream_says_what_becomes_of_failures(bench: Any, code: str) -> None:
    from streaming_constructs import KinesisStream, KinesisStreamSpec

    clicks = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=1))
    with pytest.raises(SpecError, match="`on_failure` is missing"):
        LambdaConsumer(bench.stack, "Worker", spec=worker(code), source=clicks)
