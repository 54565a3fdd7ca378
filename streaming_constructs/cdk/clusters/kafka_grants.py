"""What IAM lets clients do with a cluster of Kafka."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_iam as iam

from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.facts import permissions


class KafkaGrants:
    """A cluster that lets clients write and read its topics.

    Attributes:
        arn: Its ARN.
    """

    arn: str

    def grant_produce(self, grantee: iam.IGrantable, topic: str = "*") -> iam.Grant:
        """Lets something write records to a topic, idempotently as clients do by default.

        Args:
            grantee: Who may; it connects with IAM.
            topic: The name of the topic. Left out: all of them.
        """
        return grant_kafka(grantee, ClusterArn(self.arn), permissions.KAFKA_PRODUCE, topic=topic)

    def grant_consume(self, grantee: iam.IGrantable, topic: str = "*", group: str = "*") -> iam.Grant:
        """Lets something read a topic as a member of a group.

        Args:
            grantee: Who may; it connects with IAM.
            topic: The name of the topic. Left out: all of them.
            group: The id of the group. Left out: any.
        """
        return grant_kafka(grantee, ClusterArn(self.arn), permissions.KAFKA_CONSUME, topic=topic, group=group)


def grant_kafka(
    grantee: iam.IGrantable,
    cluster: ClusterArn,
    actions: Mapping[str, tuple[str, ...]],
    *,
    topic: str = "*",
    group: str = "*",
) -> iam.Grant:
    """Lets something do what Kafka's actions of IAM say, each on the resource that it is about.

    Args:
        grantee: Who may.
        cluster: The cluster.
        actions: Actions by what they are about: `cluster`, `topic` or `group`.
        topic: The name of the topic.
        group: The id of the group.
    """
    places = {"cluster": cluster.arn, "topic": cluster.topic(topic), "group": cluster.group(group)}
    grants = [
        iam.Grant.add_to_principal(grantee=grantee, actions=list(allowed), resource_arns=[places[what]])
        for what, allowed in actions.items()
    ]
    first, *others = grants
    for other in others:
        first = first.combine(other)
    return first
