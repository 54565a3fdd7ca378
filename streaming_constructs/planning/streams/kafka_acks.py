"""Writers of topics that take a record for written before its replicas have it: connectors, and functions by their code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streaming_constructs.spec.code_texts import code_texts
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

_SAFE = frozenset({"all", "-1"})
_IN_CONNECTORS = {"config": "producer.override.acks", "worker_config": "producer.acks"}
"""What the producer of a connector is told by, by the field of the spec that has it."""
_IN_CODE = re.compile(rb"[\"']?\backs[\"']?\s*[=:]\s*[\"']?([01])\b")
_LOST = {"0": "no broker has to have a record before it counts as written", "1": "one broker alone has it then"}


def acks_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Writers of topics that do not wait for replicas.

    Args:
        spec: The system.
    """
    topics = {name for name, stream in spec.streams.items() if isinstance(stream, KafkaTopicSpec)}
    for name, connector in spec.connectors.items():
        for field, key in _IN_CONNECTORS.items():
            acks = config_text(getattr(connector, field).get(key, "all"))
            if acks not in _SAFE:
                said, where = f"`{key}` is `{acks}`", ("connectors", name, field, key)
                yield unsafe_acks(acks, said, where, "take it out: it is `all`", (Edit(where),))
    for name, consumer in spec.consumers.items():
        if consumer.code is None or not topics & set(consumer.targets()):
            continue
        for path, text in code_texts(spec.directory / consumer.code):
            found = _IN_CODE.search(text)
            if found is not None:
                place = ("consumers", name, "code")
                said = f"`{consumer.code}/{path}` says `{found[0].decode()}`"
                yield unsafe_acks(found[1].decode(), said, place, 'write `"acks": "all"` there, or take it out')
                break


def unsafe_acks(acks: str, said: str, path: SpecPath, help_: str, edits: tuple[Edit, ...] = ()) -> Finding:
    """Says that records may be lost that count as written.

    Args:
        acks: What the producer waits for.
        said: Where that is said.
        path: The place in the spec.
        help_: What to do.
        edits: The same, as a program can carry it out.
    """
    return Finding(
        "MSK445",
        "records count as written before they are safe",
        path,
        note=f"{said}; {_LOST.get(acks, 'brokers know 0, 1 and all')}: what it loses is lost, and nobody hears so",
        help=help_,
        edits=edits,
    )
