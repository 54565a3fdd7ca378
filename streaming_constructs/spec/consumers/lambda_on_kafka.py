"""A Lambda consumer against what it reads: what a mapping of a Kafka topic takes that one of a Kinesis stream does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from streaming_constructs.facts import event_source_kafka, msk
from streaming_constructs.spec.consumers.pollers import ON_DEMAND
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import no_effect
from streaming_constructs.spec.on_failure import KafkaOnFailure

if TYPE_CHECKING:
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

KINESIS_ALONE = {
    "enhanced_fan_out": "each poller reads partitions of its own",
    "parallelization_factor": "as many batches are processed at once as there are partitions, and `pollers` for them",
    "tumbling_window_seconds": "Lambda carries no state over windows of a topic",
}
"""Fields that change nothing on a topic, and why."""
KAFKA_ALONE = {
    "event_record_format": "records of a stream are handed over as they are",
    "consumer_group": "a stream has no groups: each consumer has a position of its own",
    "pollers": "Lambda polls each shard by itself",
    "secret_arn": "a stream is read by the function's role",
}
"""Fields that change nothing on a stream, and why."""
KEY_EXAMPLE = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SecretKind = Literal["SASL_SCRAM_512_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"]


def source_findings(consumer: LambdaConsumerSpec, cluster: KafkaClusterSpec | None) -> Iterator[Finding]:
    """What does not fit the kind of what a consumer reads; paths are relative to the consumer.

    Args:
        consumer: The consumer.
        cluster: The cluster of the topic that it reads; None: it reads a Kinesis stream.
    """
    if consumer.maximum_concurrency is not None:
        yield no_effect(
            "maximum_concurrency", note="it is of queues alone: here as many batches go at once as there are shards"
        )
    if cluster is None:
        for field, why in KAFKA_ALONE.items():
            if getattr(consumer, field) is not None:
                yield no_effect(field, note=f"it reads a Kinesis stream; {why}")
        if isinstance(consumer.failure_policy.destination, KafkaOnFailure):
            yield _no_topic("a mapping of a Kinesis stream delivers to queues, SNS topics and buckets alone")
        return
    for field, why in KINESIS_ALONE.items():
        if getattr(consumer, field) != type(consumer).model_fields[field].default:
            yield no_effect(field, note=f"it reads a Kafka topic; {why}")
    yield from _timeout_findings(consumer)
    yield from _on_demand_findings(consumer)
    yield from _secret_findings(consumer, cluster)


def _timeout_findings(consumer: LambdaConsumerSpec) -> Iterator[Finding]:
    most = event_source_kafka.FUNCTION_TIMEOUT_SECONDS.maximum
    if consumer.timeout_seconds > most:
        yield Finding(
            "LAM552",
            "a function that reads Kafka has no more than 14 minutes for a batch",
            ("timeout_seconds",),
            note=f"{consumer.timeout_seconds} s; Lambda takes 15 minutes of other functions",
            help=f"set `timeout_seconds: {most}` or less",
            edits=(Edit(("timeout_seconds",), most),),
        )


def provisioned_only(consumer: LambdaConsumerSpec) -> list[SpecPath]:
    """Where a consumer asks for what only provisioned pollers do, and says that its pollers are not.

    Args:
        consumer: The consumer.
    """
    if consumer.pollers != ON_DEMAND:
        return []
    needing: list[SpecPath] = [
        ("on_failure", field)
        for field in ("retries", "max_record_age_seconds", "bisect")
        if field in consumer.failure_policy.model_fields_set
    ]
    if "partial_batch_responses" in consumer.model_fields_set and consumer.partial_batch_responses:
        needing.append(("partial_batch_responses",))
    if isinstance(consumer.failure_policy.destination, KafkaOnFailure):
        needing.append(("on_failure", "destination"))
    return needing


def _on_demand_findings(consumer: LambdaConsumerSpec) -> Iterator[Finding]:
    for path in provisioned_only(consumer):
        yield Finding(
            "LAM553",
            f"`{path[-1]}` needs provisioned pollers",
            path,
            note="on demand, Lambda tries a batch again until it succeeds or its records expire",
            help="take out `pollers`: they are provisioned, and sized for the topic",
            edits=(Edit(("pollers",)),),
        )


def _secret_findings(consumer: LambdaConsumerSpec, cluster: KafkaClusterSpec) -> Iterator[Finding]:
    """A mapping authenticates with IAM, or with a secret, as its cluster has it."""
    ways = cluster.authentications
    if consumer.secret_arn is None and "iam" not in ways:
        known = next(iter(getattr(cluster, "scram_secret_arns", ())), None)
        secret = known or f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:{msk.SCRAM_NAMES_START}users-AbCdEf"
        yield Finding(
            "LAM554",
            "nothing says how the consumer authenticates",
            ("from",),
            note=f"the cluster takes {' and '.join(ways)}, for which Lambda reads a secret",
            help=f"add `secret_arn: {secret}` and `secret_kms_key_arn: {KEY_EXAMPLE}`, the key that it is encrypted with; or "
            "`iam` to `auth` of the cluster",
            edits=(
                Edit(("secret_arn",), secret, invented=known is None),
                Edit(("secret_kms_key_arn",), KEY_EXAMPLE, invented=True),
            ),
        )
    elif consumer.secret_arn is not None and ways == ("iam",):
        yield Finding(
            "LAM554",
            "the cluster authenticates with IAM alone",
            ("secret_arn",),
            note="Lambda would take the secret for SASL/SCRAM or mTLS, and be refused",
            help="take it out",
            edits=(Edit(("secret_arn",)), *((Edit(("secret_kms_key_arn",)),) if consumer.secret_kms_key_arn else ())),
        )


def system_findings(name: str, consumer: LambdaConsumerSpec, spec: PipelineSpec) -> Iterator[Finding]:
    """What is wrong between a consumer and the topics of its system; paths are relative to the consumer.

    Args:
        name: The name of the consumer.
        consumer: The consumer.
        spec: The system, all of whose names resolve.
    """
    topic = kafka_topic(spec, consumer.from_)
    if topic is not None:
        yield from _destination_findings(consumer, topic, spec)
        yield from _group_findings(name, consumer, spec)
    yield from _target_findings(consumer, spec)


def kafka_topic(spec: PipelineSpec, name: str) -> KafkaTopicSpec | None:
    """The topic of Kafka that a name is of; None where it is of something else.

    Args:
        spec: The system.
        name: The name of a node.
    """
    node: Any = spec.streams.get(name)
    return node if getattr(node, "kind", "") == "kafka" else None


def _destination_findings(consumer: LambdaConsumerSpec, topic: KafkaTopicSpec, spec: PipelineSpec) -> Iterator[Finding]:
    destination = None if consumer.on_failure is None else consumer.on_failure.destination
    if not isinstance(destination, KafkaOnFailure):
        return
    other = kafka_topic(spec, destination.topic)
    if other is None:
        return  # told already
    if other.cluster != topic.cluster:
        yield _no_topic(f"it is in `{other.cluster}`; Lambda writes to the cluster that it reads, `{topic.cluster}`")
    elif other.topic_name(destination.topic) == topic.topic_name(consumer.from_):
        yield _no_topic("it is the one that is read: Lambda refuses that, as given-up records would be read again")


def _no_topic(why: str) -> Finding:
    return Finding(
        "LAM555",
        "given-up records cannot go to that topic",
        ("on_failure", "destination"),
        note=why,
        help="name another topic of the same cluster, or write `destination: s3`, which keeps the records too",
        edits=(Edit(("on_failure", "destination"), "s3"),),
    )


def _group_findings(name: str, consumer: LambdaConsumerSpec, spec: PipelineSpec) -> Iterator[Finding]:
    group = consumer.consumer_group
    if group is None:
        return
    for other, node in spec.consumers.items():
        if other == name:
            return  # told once, of the later one
        if getattr(node, "consumer_group", None) == group:
            yield Finding(
                "LAM556",
                "two consumers have one group",
                ("consumer_group",),
                note=f"`{other}` has `{group}`, and Lambda takes it of one mapping; members of a group share the partitions, "
                "so each would get a part of the records",
                help=f"give it a group of its own, such as `{group[:180]}-{name[:18]}`",
                edits=(Edit(("consumer_group",), f"{group[:180]}-{name[:18]}"),),
            )


def _target_findings(consumer: LambdaConsumerSpec, spec: PipelineSpec) -> Iterator[Finding]:
    """Topics that the function writes to: with IAM, and from a VPC that reaches the brokers."""
    for position, name in enumerate(consumer.to):
        target = kafka_topic(spec, name)
        if target is None:
            continue
        cluster: Any = spec.clusters[target.cluster]
        if "iam" not in cluster.authentications:
            yield Finding(
                "LAM561",
                "nothing lets the function write to that topic",
                ("to", position),
                note=f"`{target.cluster}` takes {' and '.join(cluster.authentications)}; a function of a system writes "
                "with IAM",
                help=f"add `iam` to `auth` of `{target.cluster}`; or take it out of `to`, and give the function a secret by "
                "`environment` and `permissions`",
            )


def secret_kind(secret_arn: str, cluster: KafkaClusterSpec) -> SecretKind:
    """What Lambda takes a secret for.

    Args:
        secret_arn: The secret.
        cluster: The cluster that is read; it takes SASL/SCRAM, mTLS or both.
    """
    is_user = secret_arn.partition(":secret:")[2].startswith(msk.SCRAM_NAMES_START)
    if "mtls" in cluster.authentications and not ("sasl_scram" in cluster.authentications and is_user):
        return "CLIENT_CERTIFICATE_TLS_AUTH"
    return "SASL_SCRAM_512_AUTH"
