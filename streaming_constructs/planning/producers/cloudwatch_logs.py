"""Subscriptions of CloudWatch Logs: what they are told, and what in a system does not go with what they send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.facts import logs
from streaming_constructs.planning.producers.kinesis_agent import agent_findings
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec

DISTRIBUTION = {"random": "Random", "by_log_stream": "ByLogStream"}
"""How the spec's distributions are called by AWS."""
FUNCTION_LOG_GROUP = "/aws/lambda/{name}"
"""Where a function writes its log unless it is told otherwise.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""


def selection_criteria(excluded: Iterable[str]) -> str | None:
    """What an account policy says about log groups: all but these; None for all of them.

    Args:
        excluded: Names of log groups; the same name may be in it several times.
    """
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(excluded))
    return logs.SELECTION_CRITERIA.format(names=names) if names else None


def policy_document(
    *, destination_arn: str, role_arn: str, filter_pattern: str, distribution: str | None
) -> Mapping[str, Any]:
    """The document of an account policy, before it is JSON.

    Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html

    Args:
        destination_arn: The stream or the delivery.
        role_arn: The role that CloudWatch Logs writes under.
        filter_pattern: Which events are sent; empty for all.
        distribution: How they spread over shards, as AWS calls it; None for a delivery, which has none.
    """
    document = {"DestinationArn": destination_arn, "RoleArn": role_arn, "FilterPattern": filter_pattern}
    return document | ({"Distribution": distribution} if distribution else {})


def adopted_log_groups(spec: PipelineSpec) -> list[str]:
    """The log groups of the system's existing functions, by their usual names; those that are created are not in it.

    Args:
        spec: The system.
    """
    arns = [consumer.function_arn for consumer in spec.consumers.values()]
    arns += [one.transform.function_arn for one in spec.deliveries.values() if one.transform is not None]
    return [FUNCTION_LOG_GROUP.format(name=arn.split(":")[6]) for arn in arns if arn is not None]


def loop_finding(log_group: str) -> Finding:
    """The finding about a log group that would feed itself.

    Args:
        log_group: Its name, or what else says which.
    """
    return Finding(
        "LOG904",
        f"the log group {log_group} would feed itself",
        ("log_groups",),
        note="a part of this system writes to it while it carries log events: each event would make more of them",
        help="take it out",
    )


def ignored_distribution(spec: CloudWatchLogsProducerSpec) -> Iterator[Finding]:
    """A finding for a distribution that a delivery has no use for; its path is relative to the producer.

    Args:
        spec: A producer that writes to a delivery.
    """
    if "distribution" in spec.model_fields_set:
        yield Finding(
            "LNG404",
            "`distribution` has no effect here",
            ("distribution",),
            note="a delivery has no shards",
            help="take it out",
        )


def subscription_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """What is wrong, or likely to go wrong, with what producers write.

    Args:
        spec: The system.
    """
    adopted = adopted_log_groups(spec)
    subscribed: set[str] = set()
    followed: set[str] = set()
    for name, producer in spec.producers.items():
        if isinstance(producer, CloudWatchLogsProducerSpec):
            subscribed.add(producer.to)
            found = [loop_finding(f"`{group}`") for group in producer.log_groups if group in adopted]
            if producer.to in spec.deliveries:
                found += ignored_distribution(producer)
        else:
            followed.add(producer.to)
            found = list(agent_findings(producer, "delivery" if producer.to in spec.deliveries else "stream"))
        yield from (one.below("producers", name) for one in found)
    yield from _mixed_findings(spec, subscribed & followed)
    yield from _packed_findings(spec, subscribed)


def _mixed_findings(spec: PipelineSpec, mixed: set[str]) -> Iterator[Finding]:
    for section, nodes in (("streams", spec.streams), ("deliveries", spec.deliveries)):
        for name in nodes:
            if name in mixed:
                yield Finding(
                    "LOG908",
                    f"`{name}` gets records of two forms",
                    (section, name),
                    note="CloudWatch Logs sends gzipped batches, an agent sends lines: no reader takes both",
                    help="give CloudWatch Logs a stream of its own, with a consumer that unpacks it and writes on",
                    level="warning",
                )


def _packed_findings(spec: PipelineSpec, subscribed: set[str]) -> Iterator[Finding]:
    for name, delivery in spec.deliveries.items():
        packed = (delivery.from_ or name) in subscribed
        if packed and not delivery.decompress_cloudwatch_logs and delivery.transform is None:
            yield Finding(
                "LOG905",
                "the records are gzipped batches of log events",
                ("deliveries", name),
                note="CloudWatch Logs sends them so; as they are they can be kept, but not converted, searched or queried",
                help="let a consumer unpack them into a stream of their own, and read that"
                if delivery.to.kind.startswith("opensearch")
                else "set `decompress_cloudwatch_logs: true`, or give a `transform` that unpacks them",
                level="warning",
            )
