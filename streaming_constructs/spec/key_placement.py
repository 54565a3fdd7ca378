"""How the code of a function, or a connector, chooses the partition of a key: as Java does, or as librdkafka does."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from streaming_constructs.spec.code_texts import code_texts
from streaming_constructs.spec.function import FunctionSpec

Placement = Literal["java", "librdkafka"]
"""By murmur2, the default of Java's producer; or by CRC-32, the default of librdkafka and of what is made with it."""

_LIKE_JAVA = (b"murmur2", b"kafka-python", b"aiokafka", b"kafkajs")
"""What code says that places keys as Java does: it asks for it, or its library does by itself."""
_LIKE_LIBRDKAFKA = (b"confluent-kafka", b"confluent_kafka", b"node-rdkafka", b"kafka-javascript", b"rdkafka")
_BY_RUNTIME: dict[str, Placement] = {"java": "java", "python": "librdkafka", "dotnet": "librdkafka"}
"""What the usual client of a runtime does; for the others there is none that most take."""


def placement_of(function: FunctionSpec, directory: Path) -> Placement | None:
    """How a function that writes to a topic chooses the partition of a key; None where nothing tells.

    Its runtime has a usual client; a library that its files name goes before that, and `murmur2` before both.

    Args:
        function: The function.
        directory: The folder that its `code` is relative to.
    """
    if function.code is None:
        return None
    family = str(function.runtime).rstrip("0123456789.x")
    if family == "java":
        return "java"
    is_like_librdkafka = False
    for _, text in code_texts(directory / function.code):
        if any(mark in text for mark in _LIKE_JAVA):
            return "java"
        is_like_librdkafka = is_like_librdkafka or any(mark in text for mark in _LIKE_LIBRDKAFKA)
    return "librdkafka" if is_like_librdkafka else _BY_RUNTIME.get(family)
