"""What of a Lambda consumer cannot be built from its spec and what is brought for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aws_cdk import aws_kinesis as kinesis

from streaming_constructs.cdk.adopt import is_bucket, is_kafka_topic, is_queue, is_queue_node, is_topic
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.on_failure import FailureDestination
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.consumers.lambda_function_findings import consumer_findings
from streaming_constructs.spec.consumers.lambda_on_queue import queue_findings
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.function import CODE_OR_FUNCTION, CREATED_FUNCTION_FIELDS
from streaming_constructs.spec.function_code import code_findings
from streaming_constructs.spec.model import no_effect
from streaming_constructs.spec.on_failure import destination_kind

if TYPE_CHECKING:
    from streaming_constructs.cdk.queues.sqs import SqsQueue
    from streaming_constructs.cdk.streams.kafka import KafkaTopic


def check_consumer(
    plan: ConsumerPlan,
    directory: Path,
    *,
    source: KinesisStream | kinesis.IStream | KafkaTopic | SqsQueue,
    function_given: bool,
    in_vpc: bool,
    failures: FailureDestination | None,
    written: AbstractSet[str],
) -> None:
    """Refuses a consumer that cannot be built, with all that is wrong with it.

    Args:
        plan: The consumer with its numbers.
        directory: The folder that the spec's `code` is relative to.
        source: What it reads.
        function_given: Whether a function was brought.
        in_vpc: Whether it is placed in a VPC beside the spec.
        failures: The destination of given-up batches that was brought, if one was.
        written: The names of what was brought to write to.

    Raises:
        SpecError: With the findings.
    """
    spec = plan.spec
    unfit = list(
        queue_findings(spec, is_fifo=source.plan.is_fifo)
        if is_queue_node(source)
        else spec.source_findings(source.cluster.spec if is_kafka_topic(source) else None)
    )
    if not is_queue_node(source) and spec.on_failure is None:
        raise SpecError([finding.below(plan.name) for finding in unfit])
    findings = [finding for finding in consumer_findings(plan) if finding.level == "error"]
    findings += code_findings(spec, directory)
    findings += [finding for finding in unfit if finding.level == "error"]
    if function_given:
        ignored = ("code", "function_arn", *CREATED_FUNCTION_FIELDS)
        given = [field for field in ignored if field in spec.model_fields_set and getattr(spec, field) is not None]
        findings += [brought_finding(field, "function") for field in given]
    if in_vpc and spec.code is None:
        findings.append(brought_finding("vpc", "function" if function_given else "function_arn"))
    if not function_given and spec.code is None and spec.function_arn is None:
        help_ = "give `code` or `function_arn` in the spec, or `function=`"
        findings.append(Finding("LAM501", CODE_OR_FUNCTION.message, help=help_))
    findings += _target_findings(spec.to, written)
    if failures is not None and is_queue_node(source):
        findings.append(
            no_effect("failures", note="it reads a queue, whose dead-letter queue gets what the function fails on")
        )
    elif failures is not None:
        destination = spec.failure_policy.destination
        findings += [
            brought_finding(f"on_failure.destination.{field}", "failures")
            for field in type(destination).model_fields
            if field not in {"kind", "node", "topic"} and getattr(destination, field) is not None
        ]
        if not _is_of_kind(failures.resource, destination_kind(spec.failure_policy)):
            findings.append(
                Finding(
                    "LNG403",
                    f"`failures=` is of another kind than `destination: {destination.kind}`",
                    ("on_failure", "destination"),
                    note="alarms and advice follow from the kind that the spec names",
                    help="name the kind that you bring",
                )
            )
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])


def _is_of_kind(resource: object, kind: Literal["sqs", "sns", "s3", "kafka"]) -> bool:
    match kind:
        case "kafka":
            return is_kafka_topic(resource)
        case "sqs":
            return is_queue(resource)
        case "sns":
            return is_topic(resource)
        case "s3":
            return is_bucket(resource)


def _target_findings(named: Sequence[str], written: AbstractSet[str]) -> Iterator[Finding]:
    for position, name in enumerate(named):
        if name not in written:
            yield Finding(
                "GRF301",
                f"nothing was brought as `{name}`",
                ("to", position),
                help=f'give `to={{"{name}": …}}`',
            )
    for name in sorted(written - set(named)):
        yield Finding(
            "LNG404",
            f"`{name}` was brought, and the spec does not write to it",
            ("to",),
            note="`to=` was given",
            help=f"add `{name}` to the spec's `to`, or do not bring it",
        )
