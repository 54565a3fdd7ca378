"""Who writes to a topic by keys, and whether all of them put the same key on the same partition."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import kafka
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.key_placement import Placement, placement_of
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

_PARTITIONER = "producer.partitioner.class"


def writer_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Topics whose writers put the same key on different partitions.

    Args:
        spec: The system.
    """
    for name, topic in spec.streams.items():
        if not isinstance(topic, KafkaTopicSpec) or not (topic.partition_key or topic.is_compacted):
            continue
        writers = dict(_writers(name, spec))
        if len(set(writers.values())) > 1 and topic.partitions != 1:
            yield _finding(topic, writers).below("streams", name)


def _writers(topic: str, spec: PipelineSpec) -> Iterator[tuple[str, Placement]]:
    """Who writes to a topic, with how each places keys; none of whom that is not known."""
    for section, name, node in spec.nodes():
        if not any(edge.role == "to" and edge.target == topic for edge in node.edges()):
            continue
        if section == "connectors":
            if _PARTITIONER not in getattr(node, "worker_config", {}):
                yield name, "java"
        elif section == "consumers":
            for _, function in node.functions():
                placement = placement_of(function, spec.directory)
                if placement is not None:
                    yield name, placement


def _finding(topic: KafkaTopicSpec, writers: dict[str, Placement]) -> Finding:
    java, other = (
        ", ".join(f"`{name}`" for name, placement in writers.items() if placement == wanted)
        for wanted in ("java", "librdkafka")
    )
    agree = f"{kafka.KEYS_THAT_AGREE_PERCENT.value:g} % of keys at 12 partitions"
    return Finding(
        "MSK497",
        "its writers put the same key on different partitions",
        ("partition_key",) if topic.partition_key else ("cleanup_policy",),
        note=f"{java} by murmur2, as Java does; {other} by CRC-32, as librdkafka does unless it is told otherwise. They agree "
        f"on {agree}, which is chance: a key has no order, and compaction keeps two of it",
        help=f'set `"partitioner": "murmur2_random"` in the configuration of the producer of {other}, in its code; where the '
        "code says so, nothing is told",
    )
