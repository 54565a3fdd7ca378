"""The settings of an `AWS::Lambda::EventSourceMapping`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.event_source import BATCH_SIZE, PARALLELIZATION_FACTOR
from streaming_constructs.local.event_source.event_filter import parsed_pattern
from streaming_constructs.spec.on_failure import destination_kind

if TYPE_CHECKING:
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec

_TYPE = "AWS::Lambda::EventSourceMapping"
_PLACEHOLDERS = {
    "sqs": "arn:aws:sqs:us-east-1:123456789012:failures",
    "sns": "arn:aws:sns:us-east-1:123456789012:failures",
    "s3": "arn:aws:s3:::failures",
}
"""The ARN of a destination that is not created yet, by its service."""
_SERVICES = {"AWS::SQS::Queue": "sqs", "AWS::SNS::Topic": "sns", "AWS::S3::Bucket": "s3"}
_RANGES = {"batch_size": BATCH_SIZE, "parallelization_factor": PARALLELIZATION_FACTOR}


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """The settings of an event source mapping of a Kinesis stream, under AWS's names.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html

    Attributes:
        uuid: Its id.
        event_source_arn: The stream's ARN, or the ARN of a consumer with enhanced fan-out.
        function_arn: The function's ARN.
        batch_size: Most records in a batch.
        maximum_batching_window_in_seconds: How long records are gathered for a batch; 0: a batch goes at once.
        parallelization_factor: Batches of one shard at the same time.
        tumbling_window_in_seconds: The length of windows over which the function carries state; 0: no windows.
        bisect_batch_on_function_error: Whether a batch that fails is split in two.
        maximum_retry_attempts: Retries after the first attempt; -1: until the records are too old.
        maximum_record_age_in_seconds: The age at which records are given up; -1: when the stream keeps them no longer.
        report_batch_item_failures: Whether the function's response says which records failed.
        filters: Patterns, one of which a record has to match; none: every record is sent.
        on_failure: The ARN of the destination of records that are given up; empty: there is none.

    Raises:
        ValueError: If the batch size or the parallelization factor is one that AWS refuses.
    """

    uuid: str = "00000000-0000-0000-0000-000000000000"
    event_source_arn: str = "arn:aws:kinesis:us-east-1:123456789012:stream/stream"
    function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    batch_size: int = 100
    maximum_batching_window_in_seconds: int = 0
    parallelization_factor: int = 1
    tumbling_window_in_seconds: int = 0
    bisect_batch_on_function_error: bool = False
    maximum_retry_attempts: int = -1
    maximum_record_age_in_seconds: int = -1
    report_batch_item_failures: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()
    on_failure: str = ""

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

        return cls(
            uuid=given.get("UUID", default.uuid),
            event_source_arn=given.get("EventSourceArn", default.event_source_arn),
            function_arn=given.get("FunctionArn", given.get("FunctionName", default.function_arn)),
            batch_size=number("BatchSize", default.batch_size),
            maximum_batching_window_in_seconds=number("MaximumBatchingWindowInSeconds", 0),
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
        )

    @classmethod
    def from_spec(cls, spec: LambdaConsumerSpec) -> EventSourceMapping:
        """The settings as a spec says them, so that the test of a handler follows its `pipeline.yaml`.

        What is only known once it is deployed, such as the ARN of a queue that is created, is made up.

        Example:
            ```python
            fraud = PipelineSpec.load("pipeline.yaml").consumers["fraud"]
            simulation = simulate_event_source(handler, kinesis_records([...]), EventSourceMapping.from_spec(fraud))
            ```

        Args:
            spec: The consumer.
        """
        default, on_failure = cls(), spec.on_failure
        named = (getattr(on_failure.destination, field, None) for field in ("queue_arn", "topic_arn"))
        bucket = getattr(on_failure.destination, "bucket", None)
        return cls(
            function_arn=spec.function_arn or default.function_arn,
            batch_size=spec.batch_size,
            maximum_batching_window_in_seconds=spec.batch_window_seconds,
            parallelization_factor=spec.parallelization_factor,
            tumbling_window_in_seconds=spec.tumbling_window_seconds or 0,
            bisect_batch_on_function_error=on_failure.bisect,
            maximum_retry_attempts=on_failure.retries,
            maximum_record_age_in_seconds=on_failure.max_record_age_seconds,
            report_batch_item_failures=spec.partial_batch_responses,
            filters=tuple(parsed_pattern(json.dumps(pattern)) for pattern in spec.patterns),
            on_failure=next(filter(None, named), None)
            or (f"arn:aws:s3:::{bucket}" if bucket else _PLACEHOLDERS[destination_kind(on_failure)]),
        )

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
        return cls.from_properties({**plain, "DestinationConfig": {"OnFailure": {"Destination": destination}}})

    def __post_init__(self) -> None:
        for name, allowed in _RANGES.items():
            value = getattr(self, name)
            if not allowed.minimum <= value <= allowed.maximum:
                raise ValueError(f"{name} is {allowed.minimum} to {allowed.maximum} {allowed.unit}, not {value}")

    @property
    def lanes(self) -> int:
        """How many lanes a shard has. A tumbling window has one state for each shard, so then it is one."""
        return 1 if self.tumbling_window_in_seconds else self.parallelization_factor

    def oldest_seconds(self, retention_seconds: float) -> float:
        """The greatest age of a record that is sent to the function.

        Args:
            retention_seconds: How long the stream keeps records.
        """
        age = self.maximum_record_age_in_seconds
        return retention_seconds if age < 0 else min(age, retention_seconds)


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and any(name == "Ref" or name.startswith("Fn::") for name in value)


def _service(resources: Mapping[str, Any], reference: Any) -> str:
    """The service of what a reference names; a queue, where it is not in the template."""
    text = json.dumps(reference)
    found = (_SERVICES.get(resource["Type"], "") for key, resource in resources.items() if f'"{key}"' in text)
    return next(filter(None, found), "sqs")
