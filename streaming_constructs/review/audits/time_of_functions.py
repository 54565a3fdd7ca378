"""Functions that may run for longer than whoever calls them waits: transformations of Firehose, and readers of Kafka."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.event_source_kafka import FUNCTION_TIMEOUT_SECONDS
from streaming_constructs.facts.firehose import TRANSFORM_TIMEOUT_SECONDS
from streaming_constructs.review.auditing import audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed, number
from streaming_constructs.review.events.event_sources import MAPPING, function_of, kind_of
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.objects.delivery_destinations import destination_of
from streaming_constructs.review.objects.object_places import DELIVERY


@audits_the_whole
def of_deliveries(template: Template) -> Iterator[Meaning]:
    """Functions behind a delivery stream."""
    most = TRANSFORM_TIMEOUT_SECONDS.maximum
    for function, callers in _transformations(template).items():
        seconds = _timeout(template.resources[function])
        if seconds is not None and seconds > most:
            yield Meaning(
                "AUD308",
                f"it may run for {seconds:.0f} s, and {', '.join(callers)} waits for {most} s: what takes longer is tried "
                "again, and then set aside among what failed",
                f"Timeout: {most}, and a smaller buffer of the processor",
                path="Properties.Timeout",
                resource=template.resources[function],
            )


@audits_the_whole
def of_topics(template: Template) -> Iterator[Meaning]:
    """Functions that read a topic of Kafka."""
    most = FUNCTION_TIMEOUT_SECONDS.maximum
    found: dict[str, list[str]] = {}
    for mapping in template.of_type(MAPPING):
        function = function_of(template, mapping.at("FunctionName"))
        if function is not None and kind_of(template, mapping) == "kafka":
            found.setdefault(function.logical_id, []).append(mapping.logical_id)
    for logical_id, mappings in found.items():
        seconds = _timeout(template.resources[logical_id])
        if seconds is not None and seconds > most:
            yield Meaning(
                "AUD414",
                f"it may run for {seconds:.0f} s, and {', '.join(mappings)} reads Kafka, of which Lambda takes functions of "
                f"{most} s at most",
                f"Timeout: {most}, and a smaller batch",
                path="Properties.Timeout",
                resource=template.resources[logical_id],
            )


def _timeout(function: Resource) -> float | None:
    """How long a function may run; None where nothing is said, which is 3 seconds, or where only the deployment knows."""
    return number(function.at("Timeout"))


def _transformations(template: Template) -> dict[str, list[str]]:
    """The functions of the template that delivery streams call, each with those."""
    found: dict[str, list[str]] = {}
    for stream in template.of_type(DELIVERY):
        for name in _functions(stream.at(destination_of(stream), "ProcessingConfiguration", "Processors")):
            function = function_of(template, name)
            if function is not None:
                found.setdefault(function.logical_id, []).append(stream.logical_id)
    return found


def _functions(processors: Any) -> Iterator[Any]:
    for processor in listed(processors):
        for parameter in listed(processor.get("Parameters")) if isinstance(processor, Mapping) else ():
            if isinstance(parameter, Mapping) and parameter.get("ParameterName") == "LambdaArn":
                yield parameter.get("ParameterValue")
