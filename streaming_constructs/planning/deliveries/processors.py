"""What Firehose does to records on their way, in the order in which it does it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.facts import firehose
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.spec.deliveries.firehose import DelimitedRecords


@dataclass(frozen=True, slots=True)
class Processor:
    """One step.

    Attributes:
        type: Firehose's name of it.
        parameters: Its parameters, by Firehose's names.
    """

    type: str
    parameters: Mapping[str, str]


def processors(delivery: DeliveryPlan, function_arn: str, role_arn: str) -> list[Processor]:
    """The steps of a delivery.

    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html

    Args:
        delivery: The delivery.
        function_arn: ARN of the function that transforms records; empty if there is none.
        role_arn: ARN of the role under which it is invoked.
    """
    spec, steps = delivery.spec, list[Processor]()
    if spec.decompress_cloudwatch_logs:
        steps.append(Processor("Decompression", {"CompressionFormat": "GZIP"}))
    if spec.extract_log_messages:
        steps.append(Processor("CloudWatchLogProcessing", {"DataMessageExtraction": "true"}))
    if spec.transform is not None:
        steps.append(
            Processor(
                "Lambda",
                {
                    "LambdaArn": function_arn,
                    "RoleArn": role_arn,
                    "NumberOfRetries": str(spec.transform.retries),
                    "BufferSizeInMBs": number(exact(spec.transform.buffer_mb)),
                    "BufferIntervalInSeconds": str(spec.transform.buffer_seconds),
                },
            )
        )
    if isinstance(spec.deaggregate, DelimitedRecords):
        steps.append(
            # Source: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
            Processor("RecordDeAggregation", {"SubRecordType": "DELIMITED", "Delimiter": _base64(spec.deaggregate)})
        )
    elif spec.deaggregate is not None:
        steps.append(Processor("RecordDeAggregation", {"SubRecordType": "JSON"}))
    if delivery.metadata_query:
        query = {"MetadataExtractionQuery": delivery.metadata_query, "JsonParsingEngine": "JQ-1.6"}
        steps.append(Processor("MetadataExtraction", query))
    if delivery.appends_newline:
        steps.append(Processor("AppendDelimiterToRecord", {"Delimiter": "\\n"}))
    return sorted(steps, key=lambda step: firehose.PROCESSOR_ORDER.index(step.type))


def _base64(records: DelimitedRecords) -> str:
    return b64encode(records.delimiter.encode()).decode()
