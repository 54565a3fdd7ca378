"""Subscriptions of CloudWatch Logs: what they are told, and what in a system does not go with what they send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts import logs
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kept import Kept, State, is_switched_off
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph

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
    arns = [function.function_arn for _, _, node in spec.nodes() for _, function in node.functions()]
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
            edits=(Edit(("distribution",)),),
        )


@dataclass(frozen=True, slots=True)
class CloudWatchLogsProducerPlan:
    """A subscription of CloudWatch Logs in a system.

    Attributes:
        name: The producer's name.
        spec: What was asked for.
        system: The system; None where it stands alone.
        working: Nothing: nothing of it is computed.
    """

    name: str
    spec: CloudWatchLogsProducerSpec
    system: PipelineSpec | None = None
    working: tuple[str, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        # AWS does not say which values the dimension DestinationType of a subscription's metrics has.
        # Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
        yield from ()

    def findings(self) -> Iterator[Finding]:
        if self.system is None:
            return
        adopted = adopted_log_groups(self.system)
        fed = [group for group in self.spec.log_groups if group in adopted]
        others = [group for group in self.spec.log_groups if group not in adopted]
        # Without any, nothing would be subscribed; then it is for people to say what.
        edits = (Edit(("log_groups",), others),) if others else ()
        found = [replace(loop_finding(f"`{group}`"), edits=edits) for group in fed]
        if self.spec.to in self.system.deliveries:
            found += ignored_distribution(self.spec)
        yield from (finding.below("producers", self.name) for finding in found)
        subscriptions = [name for name, node in self.system.producers.items() if node.kind == self.spec.kind]
        # What several of them have in common is told once, by the last.
        if subscriptions[-1] == self.name:
            from streaming_constructs.planning.producers.subscription_findings import subscription_findings

            yield from subscription_findings(self.system)
        yield from self._mixed_findings(self.system)
        yield from self._packed_findings(self.system)

    def state(self) -> State | None:
        if self.spec.accept_from is None:
            return None
        told = "the destination is deleted that other accounts subscribed to: their log events go nowhere"
        accepts = Kept(
            "that other accounts may send",
            self.spec.accept_from is not None,
            ("accept_from",),
            "EVO973",
            note=told,
            help="put it back, or let the other accounts take their subscriptions away before",
            is_broken=is_switched_off,
        )
        return State(told, told, (accepts,))

    def costs(self) -> Iterator[Charge]:
        yield from ()  # CloudWatch Logs charges nothing for what subscriptions deliver within a region

    def graphs(self) -> tuple[Graph, ...]:
        return ()

    def heading(self) -> str:
        return ""

    def summary(self) -> Summary:
        return Summary(
            noun="producer",
            title=f"CloudWatch Logs, writes to {self.spec.to}",
            values={"kind": self.spec.kind, "to": self.spec.to},
        )

    def _mixed_findings(self, system: PipelineSpec) -> Iterator[Finding]:
        others = [node for node in system.producers.values() if node.to == self.spec.to and node.kind != self.spec.kind]
        if not others:
            return
        section = "streams" if self.spec.to in system.streams else "deliveries"
        raw = f"{self.spec.to}-gzipped"
        yield Finding(
            "LOG908",
            f"`{self.spec.to}` gets records of two forms",
            (section, self.spec.to),
            note="CloudWatch Logs sends gzipped batches, an agent sends lines: no reader takes both",
            help=f"give CloudWatch Logs a stream of its own, such as `{raw}: {{kind: kinesis, shards: 1}}`, set "
            f"`to: {raw}` on `{self.name}`, and let a consumer unpack it into `{self.spec.to}`, as the pattern "
            "log-aggregation does",
            edits=unpacking_edits(self.name, raw, self.spec.to),
        )

    def _packed_findings(self, system: PipelineSpec) -> Iterator[Finding]:
        for name, delivery in system.deliveries.items():
            packed = (delivery.from_ or name) == self.spec.to
            if packed and not delivery.decompress_cloudwatch_logs and delivery.transform is None:
                one_row = delivery.to.kind.startswith("opensearch")
                yield Finding(
                    "LOG905",
                    "the records are gzipped batches of log events",
                    ("deliveries", name),
                    note="CloudWatch Logs sends them so; as they are they can be kept, but not converted, searched or queried",
                    help="let a consumer unpack them into a stream of their own, and read that"
                    if one_row
                    else "set `decompress_cloudwatch_logs: true`, or give a `transform` that unpacks them",
                    edits=() if one_row else (Edit(("deliveries", name, "decompress_cloudwatch_logs"), value=True),),
                )


def unpacking_edits(producer: str, raw: str, target: str) -> tuple[Edit, ...]:
    """A stream for what CloudWatch Logs sends, and a consumer that unpacks it.

    Args:
        producer: The subscription.
        raw: The name of the new stream.
        target: The stream that gets the events.
    """
    consumer = {
        "kind": "lambda",
        "from": raw,
        "to": target,
        "code": "handlers/unpack",
        "on_failure": {"retries": 5, "max_record_age_seconds": 3600, "destination": "s3"},
    }
    return (
        Edit(("streams", raw), {"kind": "kinesis", "shards": 1}),
        Edit(("producers", producer, "to"), raw),
        Edit(("consumers", "unpack"), consumer),
    )


def plan_node(name: str, spec: CloudWatchLogsProducerSpec, neighbours: Neighbours) -> CloudWatchLogsProducerPlan:
    """A subscription of CloudWatch Logs in a system.

    Args:
        name: The producer's name.
        spec: What was asked for.
        neighbours: The system around it.
    """
    return CloudWatchLogsProducerPlan(name, spec, neighbours.system)
