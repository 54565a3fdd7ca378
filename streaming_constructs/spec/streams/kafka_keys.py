"""How the keys of a topic are written, as far as its writers say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
    from streaming_constructs.spec.pipeline import PipelineSpec


def reads_json_keys(sink: KafkaConnectorSpec, spec: PipelineSpec) -> bool:
    """Whether the keys of all topics that a sink reads are JSON: source connectors of the system alone write them, and so.

    Of any other writer it is not known, and a converter of JSON fails on the first key that is none.

    Args:
        sink: The connector.
        spec: The system.
    """
    return all(_are_json(topic, spec) for topic in sink.sources())


def _are_json(topic: str, spec: PipelineSpec) -> bool:
    writers = [(section, name) for section, name, node in spec.nodes() if topic in node.targets()]
    return bool(writers) and all(
        section == "connectors" and spec.connectors[name].writes_json_keys for section, name in writers
    )
