"""What changes of topics of Amazon MSK mean, and of configurations of its brokers."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.meanings.kafka_settings import compared, of_brokers, of_topic, refused_tier
from streaming_constructs.review.meanings.msk import CLUSTER
from streaming_constructs.review.settings.kafka_properties import properties_of

_TOPIC, _CONFIGURATION = "AWS::MSK::Topic", "AWS::MSK::Configuration"


@means(_TOPIC, "PartitionCount")
def partitions(changed: Changed) -> Iterator[Meaning]:
    """How many partitions a topic has."""
    old, new = number(changed.old), number(changed.new)
    told = f"partitions: {shown(changed.old)} → {shown(changed.new)}"
    if old is not None and new is not None and new < old:
        yield Meaning(
            "REV423",
            f"{told}: Kafka takes no partition away, and refuses the update",
            "create a topic with fewer, and move writers and readers over",
        )
    else:
        yield Meaning(
            "REV424",
            f"{told}: most keys go to another partition, so records of one key are out of order once",
            "let readers come to the end first, or create a new topic where the order of a key matters",
        )


@means(_TOPIC, "Configs")
def topic_configs(changed: Changed) -> Iterator[Meaning]:
    """The configurations of a topic."""
    old, new = properties_of(changed.old), properties_of(changed.new)
    if old is None or new is None:
        yield Meaning("REV427", "its configurations are others, and known at deployment only")
        return
    cluster = changed.pair.new.target(changed.new_resource.at("ClusterArn"))
    mode = cluster.at("StorageMode") if cluster is not None and cluster.type == CLUSTER else "TIERED"
    refused = refused_tier(new, mode)
    if refused and refused != refused_tier(old, mode):
        yield Meaning(
            "REV430", f"MSK refuses the update: {refused}", "keep the records for longer, or on the brokers alone"
        )
    replicas = number(changed.new_resource.at("ReplicationFactor"))
    yield from compared(old, new, of_topic(replicas))


@means(_CONFIGURATION, "ServerProperties")
def server_properties(changed: Changed) -> Iterator[Meaning]:
    """The properties of brokers: a new revision, which clusters take that name the latest one."""
    old, new = properties_of(changed.old), properties_of(changed.new)
    if old is None or new is None:
        yield Meaning("REV416", "the properties of brokers are others, and known at deployment only")
        return
    clusters = [
        cluster
        for cluster in changed.pair.new.of_type(CLUSTER)
        if changed.pair.new.target(cluster.at("ConfigurationInfo", "Arn")) == changed.new_resource
    ]
    tiered = bool(clusters) and all(cluster.at("StorageMode") == "TIERED" for cluster in clusters)
    yield from compared(old, new, of_brokers(new, tiered=tiered))


@means(_CONFIGURATION, "LatestRevision")
def latest_revision(changed: Changed) -> Iterator[Meaning]:
    """What MSK itself says of the latest revision."""
    yield Meaning("REV428", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")
