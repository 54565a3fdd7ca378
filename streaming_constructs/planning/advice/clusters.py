"""How large a cluster of Kafka would be, by what plans its topic, its brokers and their volumes for a system.

Models are made without being checked, which would cost more than all of the arithmetic: a skeleton that is written is checked
as any spec is, and has the same numbers.
"""

from __future__ import annotations

from dataclasses import replace

from streaming_constructs.facts import msk
from streaming_constructs.planning.advice import parts
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan, load_of
from streaming_constructs.planning.clusters.msk import plan_cluster
from streaming_constructs.planning.clusters.msk_express import plan_express_cluster
from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.streams.kafka import TopicPlan, plan_topic
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.workload import Workload

Sized = tuple[str, tuple[Charge, ...], tuple[str, ...]]
"""How large it is, what it is charged, and what it does not carry."""

_CLUSTERS: dict[str, type[KafkaClusterSpec]] = {
    "msk_serverless": MskServerlessClusterSpec,
    "msk_express": MskExpressClusterSpec,
    "msk": MskClusterSpec,
}


def serverless(answers: Answers) -> Sized:
    """A serverless cluster.

    Args:
        answers: The answers.
    """
    spec = MskServerlessClusterSpec.model_construct(**parts.cluster("msk_serverless", answers))
    topic = _topic("msk_serverless", spec, answers)
    planned = ServerlessClusterPlan(parts.CLUSTER, spec, "retain", (topic,), load_of([topic]), ())
    most = msk.SERVERLESS_COMPACTED_PARTITIONS if topic.spec.is_compacted else msk.SERVERLESS_PARTITIONS
    partitions = topic.partitions or 0
    short = f"it needs {partitions:,} partitions; a serverless cluster has {most.value:,.0f} at most"
    return counted(partitions, "partition"), tuple(planned.costs()), (short,) if partitions > most.value else ()


def express(answers: Answers) -> Sized:
    """A cluster of Express brokers.

    Args:
        answers: The answers.
    """
    spec = MskExpressClusterSpec.model_construct(**parts.cluster("msk_express", answers))
    topic = _topic("msk_express", spec, answers)
    return _of_brokers(plan_express_cluster(parts.CLUSTER, spec, [topic]), topic, answers)


def standard(answers: Answers) -> Sized:
    """A cluster of standard brokers.

    Args:
        answers: The answers.
    """
    spec = MskClusterSpec.model_construct(**parts.cluster("msk", answers))
    topic = _topic("msk", spec, answers)
    return _of_brokers(plan_cluster(parts.CLUSTER, spec, [topic]), topic, answers)


def _of_brokers(planned: BrokerClusterPlan, topic: TopicPlan, answers: Answers) -> Sized:
    if answers.delivers:
        planned = replace(planned, deliveries=(parts.DELIVERY,))
    text = f"{planned.heading()}, {counted(topic.partitions or 0, 'partition')}"
    return text, tuple(planned.costs()), planned.shortfalls


def topic_part(option: str, answers: Answers) -> parts.Part:
    """A topic as a spec has it: with partitions where more are asked for than its load needs.

    Args:
        option: One of those of MSK.
        answers: The answers.
    """
    part = parts.topic(option, answers)
    given = answers.partitions
    if given is None or given <= (_planned(part, _CLUSTERS[option].model_construct(), answers).partitions or 0):
        return part
    return {**part, "partitions": given}


def _topic(option: str, cluster: KafkaClusterSpec, answers: Answers) -> TopicPlan:
    return _planned(topic_part(option, answers), cluster, answers)


def _planned(part: parts.Part, cluster: KafkaClusterSpec, answers: Answers) -> TopicPlan:
    workload = Workload.model_construct(**part["workload"])
    spec = KafkaTopicSpec.model_construct(**{**part, "workload": workload})
    readers = tuple(Reader(f"reader_{number}") for number in range(answers.all_readers))
    return plan_topic(parts.STREAM, spec, cluster, readers)
