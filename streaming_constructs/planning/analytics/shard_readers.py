"""Who reads the shards of a stream beside an application of Flink, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from streaming_constructs.facts import event_source, flink

if TYPE_CHECKING:
    from streaming_constructs.spec.node import Reader
    from streaming_constructs.spec.pipeline import PipelineSpec


class ShardReader(NamedTuple):
    """A node that shares the reads of each shard of a stream with others.

    Attributes:
        node: Where it stands, such as `consumers.fraud`.
        reads_per_second: How often it asks each shard.
        can_fan_out: Whether it could read with enhanced fan-out.
        tells: Whether it is an application of Flink before this one, where the readers of the stream are judged already.
    """

    node: str
    reads_per_second: int
    can_fan_out: bool
    tells: bool = False


def shard_readers(
    name: str, sources: tuple[str, ...], system: PipelineSpec | None
) -> Mapping[str, tuple[ShardReader, ...]]:
    """Who shares the shards of what an application reads with it, by the name of the source.

    Args:
        name: The name of the application.
        sources: What it reads.
        system: The system that it stands in. None: nobody is known.
    """
    if system is None:
        return {}
    nodes = [(section, other, node) for section, other, node in system.nodes() if other != name]
    before = set(list(system.analytics)[: list(system.analytics).index(name)] if name in system.analytics else ())
    return {
        source: tuple(
            ShardReader(
                f"{section}.{other}",
                reads,
                "enhanced_fan_out" in type(node).model_fields,
                tells=section == "analytics" and other in before,
            )
            for section, other, node in nodes
            if source in node.sources() and (reads := sum(map(_reads_per_second, node.readers(other))))
        )
        for source in sources
    }


def _reads_per_second(reader: Reader) -> int:
    """How often it asks each shard; functions and deliveries do once a second, and who has a throughput of its own never."""
    if reader.read != "shared":
        return 0
    often = flink.READS_PER_SECOND_OF_A_SHARD if reader.is_flink else event_source.POLLS_PER_SECOND_PER_SHARD
    return int(often.value)
