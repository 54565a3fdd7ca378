"""The settings of an event source mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.event_source import BATCH_SIZE, PARALLELIZATION_FACTOR
from streaming_constructs.local.event_source.event_filter import parsed_pattern

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
                parsed_pattern(one["Pattern"]) for one in given.get("FilterCriteria", {}).get("Filters") or ()
            ),
            on_failure=(given.get("DestinationConfig", {}).get("OnFailure") or {}).get("Destination") or "",
        )

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
