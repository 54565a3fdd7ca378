"""A delivery against the topic of Kafka that it reads: where topics can be delivered to, and from which clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.target_variables import ENDINGS, target_variable

if TYPE_CHECKING:
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec

DELIVERED_TO = ("s3", "iceberg")
"""The destinations whose facts say that they take topics; a test compares the two."""


def topic_findings(
    name: str, delivery: DeliverySpec, cluster_name: str, cluster: KafkaClusterSpec
) -> Iterator[Finding]:
    """What is wrong between a delivery and the topic that it reads; paths are relative to the delivery.

    Args:
        name: The name of its node.
        delivery: The delivery.
        cluster_name: What the cluster of the topic is called.
        cluster: The cluster.
    """
    to, source = delivery.to, delivery.from_
    if not to.facts.takes_kafka:
        yield Finding(
            "FIR751",
            f"Firehose does not deliver a topic of Kafka to {to.kind}",
            ("from",),
            note=f"`{source}` is a topic; Firehose takes topics to {' and '.join(DELIVERED_TO)} alone",
            help="let a function hand the records on: set `from: direct_put`, and add `consumers: {forward: {kind: lambda, "
            f"from: {source}, code: handlers/forward, to: {name}, on_failure: s3}}}}`; "
            f"{target_variable(name, ENDINGS['deliveries'])} tells the function where to put them. Or deliver the topic to s3",
            edits=(Edit(("from",), "direct_put"), Edit(("starting_position",))),
        )
    elif cluster.is_serverless and to.kind == "iceberg":
        yield Finding(
            "FIR753",
            "Firehose does not deliver from a serverless cluster to Iceberg",
            ("to", "kind"),
            note=f"`{cluster_name}` is serverless",
            help=f"write Parquet with a table: `to: {{kind: s3, format: parquet}}`; or make `{cluster_name}` an msk_express",
        )
    if "iam" not in cluster.authentications:
        yield Finding(
            "FIR752",
            "Firehose comes with IAM, and the cluster does not take that",
            ("from",),
            note=f"clients of `{cluster_name}` authenticate by {', '.join(cluster.authentications)}",
            help=f"let it take both: `auth: [iam, {', '.join(cluster.authentications)}]` of `{cluster_name}`",
        )


def encoding_findings(delivery: DeliverySpec) -> Iterator[Finding]:
    """What becomes of values that are encoded with a schema registry; paths are relative to the delivery.

    Args:
        delivery: The delivery.
    """
    if delivery.transform is not None:
        return  # it may decode them
    needs_json = delivery.to.kind == "iceberg" or delivery.to.is_converted or delivery.to.is_dynamic
    yield Finding(
        "MSK444",
        "Firehose does not decode values that are encoded with the schema registry",
        ("from",),
        note=f"those of `{delivery.from_}` are no JSON; "
        + (
            "none of them could be converted, and all would go to the folder of errors"
            if needs_json
            else "files would have them one after the other, with nothing in between that tells them apart"
        ),
        help=f"say `encoding: plain` of `{delivery.from_}`, and let producers write JSON; or deliver with a connector, "
        "`connectors: {lake: {kind: sink, …}}`; or decode them in a `transform`",
        level="error" if needs_json else "warning",
    )
