"""The settings of an `AWS::Lambda::EventSourceMapping`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.event_source import BATCH_SIZE, BATCH_SIZE_BY_DEFAULT, PARALLELIZATION_FACTOR
from streaming_constructs.facts.event_source_kafka import (
    BATCHING_WINDOW_MILLISECONDS,
    POLLERS_MAXIMUM_DEFAULT,
    RETRIES_WITH_A_DESTINATION,
)
from streaming_constructs.local.event_source.event_filter import parsed_pattern
from streaming_constructs.spec.on_failure import destination_kind

if TYPE_CHECKING:
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.node import NodeSpec

_TYPE = "AWS::Lambda::EventSourceMapping"
_PLACEHOLDERS = {
    "sqs": "arn:aws:sqs:us-east-1:123456789012:failures",
    "sns": "arn:aws:sns:us-east-1:123456789012:failures",
    "s3": "arn:aws:s3:::failures",
    "kafka": "kafka://failures",
}
"""The ARN of a destination that is not created yet, by its service."""
_SERVICES = {"AWS::SQS::Queue": "sqs", "AWS::SNS::Topic": "sns", "AWS::S3::Bucket": "s3"}
CLUSTER_ARN = "arn:aws:kafka:us-east-1:123456789012:cluster/cluster/12345678-1234-1234-1234-123456789012-1"
"""The ARN of a cluster that is not created yet."""
DEFAULT_BATCH_SIZE = 100
"""Records of a batch at most, where nothing is said of it; of streams as of topics.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""
_KAFKA_WINDOW_SECONDS = BATCHING_WINDOW_MILLISECONDS.value / 1000
_RANGES = {"batch_size": BATCH_SIZE, "parallelization_factor": PARALLELIZATION_FACTOR}


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """The settings of an event source mapping of a Kinesis stream, or of a Kafka topic on MSK, under AWS's names.

    Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html and
    https://docs.aws.amazon.com/lambda/latest/dg/msk-esm-parameters.html

    Attributes:
        uuid: Its id.
        event_source_arn: The stream's ARN, or the ARN of a consumer with enhanced fan-out; of Kafka that of the cluster.
        function_arn: The function's ARN.
        batch_size: Most records in a batch.
        maximum_batching_window_in_seconds: How long records are gathered for a batch; 0: a batch goes at once. Of Kafka it is
            half a second where none is set.
        parallelization_factor: Batches of one shard at the same time.
        tumbling_window_in_seconds: The length of windows over which the function carries state; 0: no windows.
        bisect_batch_on_function_error: Whether a batch that fails is split in two.
        maximum_retry_attempts: Retries after the first attempt; -1: until the records are too old.
        maximum_record_age_in_seconds: The age at which records are given up; -1: when the stream keeps them no longer.
        report_batch_item_failures: Whether the function's response says which records failed.
        filters: Patterns, one of which a record has to match; none: every record is sent.
        on_failure: The ARN of the destination of records that are given up, or `kafka://TOPIC`; empty: there is none.
        topic: Of Kafka: the topic.
        consumer_group_id: Of Kafka: the id of the group; empty: it has one of its own, with the id of the mapping.
        minimum_pollers: Of Kafka: the provisioned pollers that are always there; 0: Lambda adds them by itself.
        maximum_pollers: Of Kafka: the most provisioned pollers; 0: there are none.
        bootstrap_servers: Of Kafka: the brokers, as the event names them.
        event_record_format: Of Kafka: what the function gets of values that Lambda decodes with a schema registry, `JSON` or
            `SOURCE`; empty: it decodes none.
        schema_format: Of Kafka: the format of the schemas in the registry, `AVRO` or `JSON`.
        maximum_concurrency: Of a queue: most batches at the same time; 0: as many as Lambda likes.

    Raises:
        ValueError: If the batch size or the parallelization factor is one that AWS refuses.
    """

    uuid: str = "00000000-0000-0000-0000-000000000000"
    event_source_arn: str = "arn:aws:kinesis:us-east-1:123456789012:stream/stream"
    function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    batch_size: int = DEFAULT_BATCH_SIZE
    maximum_batching_window_in_seconds: float = 0
    parallelization_factor: int = 1
    tumbling_window_in_seconds: int = 0
    bisect_batch_on_function_error: bool = False
    maximum_retry_attempts: int = -1
    maximum_record_age_in_seconds: int = -1
    report_batch_item_failures: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()
    on_failure: str = ""
    topic: str = ""
    consumer_group_id: str = ""
    minimum_pollers: int = 0
    maximum_pollers: int = 0
    bootstrap_servers: str = "b-1.cluster.kafka.us-east-1.amazonaws.com:9098"
    event_record_format: str = ""
    schema_format: str = "AVRO"
    maximum_concurrency: int = 0

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> EventSourceMapping:
        """The settings as a template has them, or as the API returns them; what is left out has AWS's default.

        Args:
            properties: Properties of `AWS::Lambda::EventSourceMapping`, with references filled in, or a response of
                `GetEventSourceMapping`. Numbers and truths may be text.

        Raises:
            ValueError: If a number is none, or is one that AWS refuses, or a filter is no JSON.
        """
        given = {name: value for name, value in properties.items() if value is not None}
        default = cls()

        def number(name: str, otherwise: int) -> int:
            return int(given.get(name, otherwise))

        arn = given.get("EventSourceArn", default.event_source_arn)
        window = _KAFKA_WINDOW_SECONDS if _is_kafka(arn) else 0
        of_kafka = given.get("AmazonManagedKafkaEventSourceConfig") or {}
        pollers = given.get("ProvisionedPollerConfig") or {}
        least = int(pollers.get("MinimumPollers", 1)) if pollers else 0
        most = int(pollers.get("MaximumPollers", POLLERS_MAXIMUM_DEFAULT.value)) if pollers else 0
        return cls(
            uuid=given.get("UUID", default.uuid),
            event_source_arn=arn,
            function_arn=given.get("FunctionArn", given.get("FunctionName", default.function_arn)),
            batch_size=number("BatchSize", BATCH_SIZE_BY_DEFAULT["queue"] if is_queue_arn(arn) else default.batch_size),
            maximum_batching_window_in_seconds=float(given.get("MaximumBatchingWindowInSeconds", window)),
            parallelization_factor=number("ParallelizationFactor", 1),
            tumbling_window_in_seconds=number("TumblingWindowInSeconds", 0),
            bisect_batch_on_function_error=str(given.get("BisectBatchOnFunctionError")).lower() == "true",
            maximum_retry_attempts=number("MaximumRetryAttempts", -1),
            maximum_record_age_in_seconds=number("MaximumRecordAgeInSeconds", -1),
            report_batch_item_failures="ReportBatchItemFailures" in given.get("FunctionResponseTypes", ()),
            filters=tuple(
                parsed_pattern(filter_["Pattern"]) for filter_ in given.get("FilterCriteria", {}).get("Filters") or ()
            ),
            on_failure=(given.get("DestinationConfig", {}).get("OnFailure") or {}).get("Destination") or "",
            topic=next(iter(given.get("Topics", ())), ""),
            consumer_group_id=of_kafka.get("ConsumerGroupId", ""),
            event_record_format=(of_kafka.get("SchemaRegistryConfig") or {}).get("EventRecordFormat", ""),
            minimum_pollers=least,
            maximum_pollers=most,
            maximum_concurrency=int((given.get("ScalingConfig") or {}).get("MaximumConcurrency", 0)),
        )

    @classmethod
    def from_spec(cls, spec: LambdaConsumerSpec, source: NodeSpec | None = None) -> EventSourceMapping:
        """The settings as a spec says them, so that the test of a handler follows its `pipeline.yaml`.

        What is only known once it is deployed, such as the ARN of a queue that is created, is made up.

        Example:
            ```python
            fraud = PipelineSpec.load("pipeline.yaml").consumers["fraud"]
            simulation = simulate_event_source(handler, kinesis_records([...]), EventSourceMapping.from_spec(fraud))
            ```

        Args:
            spec: The consumer.
            source: What it reads, such as `spec.streams["orders"]`; a topic of Kafka has to be told, and says itself whether
                its values are encoded with the schema registry. Left out: a Kinesis stream.

        Raises:
            ValueError: If it reads a queue: `local run` rehearses that, and nothing simulates it alone.
        """
        default = cls()
        kind = getattr(source, "kind", "kinesis")
        if kind == "sqs":
            raise ValueError(
                f"`{spec.from_}` is a queue: `streaming-constructs local run` rehearses it, nothing here does"
            )
        on_failure = spec.failure_policy
        gives_up = kind == "kinesis" or spec.is_provisioned
        named = (getattr(on_failure.destination, field, None) for field in ("queue_arn", "topic_arn"))
        bucket = getattr(on_failure.destination, "bucket", None)
        settings = cls(
            function_arn=spec.function_arn or default.function_arn,
            batch_size=spec.batch_size,
            maximum_batching_window_in_seconds=_window_of(spec, kind),
            parallelization_factor=spec.parallelization_factor,
            tumbling_window_in_seconds=spec.tumbling_window_seconds or 0,
            bisect_batch_on_function_error=gives_up and on_failure.bisect,
            maximum_retry_attempts=on_failure.retries if gives_up else -1,
            maximum_record_age_in_seconds=on_failure.max_record_age_seconds if gives_up else -1,
            report_batch_item_failures=gives_up and spec.partial_batch_responses,
            filters=tuple(parsed_pattern(json.dumps(pattern)) for pattern in spec.patterns_of(kind)),
            on_failure=next(filter(None, named), None)
            or (f"arn:aws:s3:::{bucket}" if bucket else _PLACEHOLDERS[destination_kind(on_failure)]),
        )
        return replace(settings, **_of_kafka(spec, source)) if kind == "kafka" else settings

    @classmethod
    def from_template(cls, template: Mapping[str, Any], logical_id: str = "") -> EventSourceMapping:
        """The settings as a synthesized template has them, whoever wrote it.

        What the template refers to, such as the ARN of its stream, is made up.

        Args:
            template: The template, such as `Template.from_stack(stack).to_json()`.
            logical_id: The logical id of the mapping. Left out: the template has one mapping.

        Raises:
            ValueError: If there is no such mapping, or several where none is named.
        """
        resources = template.get("Resources", {})
        mappings = [key for key, resource in resources.items() if resource["Type"] == _TYPE]
        chosen = [key for key in mappings if logical_id in {"", key}]
        if len(chosen) != 1:
            raise ValueError(f"name one of the mappings as `logical_id`: {', '.join(mappings) or 'there is none'}")
        properties = dict(resources[chosen[0]]["Properties"])
        destination = properties.pop("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if not isinstance(destination, str):
            destination = _PLACEHOLDERS[_service(resources, destination)]
        plain = {name: value for name, value in properties.items() if not _is_reference(value)}
        if "Topics" in plain and "EventSourceArn" not in plain:
            plain["EventSourceArn"] = CLUSTER_ARN
        return cls.from_properties({**plain, "DestinationConfig": {"OnFailure": {"Destination": destination}}})

    def __post_init__(self) -> None:
        for name, allowed in _RANGES.items():
            value = getattr(self, name)
            if not allowed.minimum <= value <= allowed.maximum:
                raise ValueError(f"{name} is {allowed.minimum} to {allowed.maximum} {allowed.unit}, not {value}")

    @property
    def is_kafka(self) -> bool:
        """Whether it reads a topic of Kafka."""
        return _is_kafka(self.event_source_arn)

    @property
    def is_queue(self) -> bool:
        """Whether it reads a queue."""
        return is_queue_arn(self.event_source_arn)

    @property
    def retries(self) -> int:
        """Retries after the first attempt; -1: without end. Those of Kafka end where there is a destination.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
        """
        endless = self.maximum_retry_attempts < 0
        if self.is_kafka and self.minimum_pollers and self.on_failure and endless:
            return int(RETRIES_WITH_A_DESTINATION.value)
        return self.maximum_retry_attempts

    @property
    def lanes(self) -> int:
        """How many lanes a shard has. A tumbling window has one state for each shard, so then it is one.

        A topic has one for each of the pollers that are always there, and its partitions are divided among them.
        """
        if self.is_kafka:
            return max(1, self.minimum_pollers)
        return 1 if self.tumbling_window_in_seconds else self.parallelization_factor

    def oldest_seconds(self, retention_seconds: float) -> float:
        """The greatest age of a record that is sent to the function.

        Args:
            retention_seconds: How long the stream keeps records.
        """
        age = self.maximum_record_age_in_seconds
        return retention_seconds if age < 0 else min(age, retention_seconds)


def is_queue_arn(arn: str) -> bool:
    """Whether an ARN is of a queue.

    Args:
        arn: The ARN of a source.
    """
    return arn.split(":")[2:3] == ["sqs"]


def _is_kafka(arn: str) -> bool:
    return arn.split(":")[2:3] == ["kafka"]


def _window_of(spec: LambdaConsumerSpec, kind: str) -> float:
    is_set = "batch_window_seconds" in spec.model_fields_set
    return spec.batch_window_seconds if kind == "kinesis" or is_set else _KAFKA_WINDOW_SECONDS


def _of_kafka(spec: LambdaConsumerSpec, source: Any) -> dict[str, Any]:
    """The settings that only a mapping of a topic has."""
    given, destination = spec.pollers, getattr(spec.failure_policy.destination, "topic", None)
    most = getattr(given, "maximum", None) or source.partitions or int(POLLERS_MAXIMUM_DEFAULT.value)
    return {
        "event_source_arn": CLUSTER_ARN,
        "topic": source.topic_name(spec.from_),
        "consumer_group_id": spec.consumer_group or "",
        "minimum_pollers": getattr(given, "minimum", 1) if spec.is_provisioned else 0,
        "maximum_pollers": most if spec.is_provisioned else 0,
        "event_record_format": (spec.event_record_format or "json").upper() if source.encoding == "registry" else "",
        **({"on_failure": f"kafka://{destination}"} if destination else {}),
    }


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and any(name == "Ref" or name.startswith("Fn::") for name in value)


def _service(resources: Mapping[str, Any], reference: Any) -> str:
    """The service of what a reference names; a queue, where it is not in the template."""
    text = json.dumps(reference)
    found = (_SERVICES.get(resource["Type"], "") for key, resource in resources.items() if f'"{key}"' in text)
    return next(filter(None, found), "sqs")
