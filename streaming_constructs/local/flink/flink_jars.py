"""The jars of Flink: those of a runtime, from the cache, or brought there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from streaming_constructs.facts import flink_connector_jars as facts
from streaming_constructs.local.jars.require_jars import require_jars
from streaming_constructs.planning.jar_cache import FoundJars

FLINK_OF_RUNTIME: Mapping[str, str] = {runtime: facts.flink_jars(runtime).version for runtime in facts.RUNTIME_JARS}
"""The version of Flink that stands for each runtime: the newest patch of it that Maven Central serves whole."""


def found_flink(runtime: str) -> FoundJars:
    """The jars of Flink for a runtime, each verified.

    Args:
        runtime: The runtime, as AWS names it.

    Raises:
        SpecError: If they are not there, and cannot be brought.
    """
    return require_jars(lock=facts.flink_jars(runtime), command=f"streaming-constructs jars --flink {runtime}")


def found_parser(runtime: str) -> FoundJars:
    """The jars of Flink's SQL parser for a runtime, each verified.

    Args:
        runtime: The runtime, as AWS names it.

    Raises:
        SpecError: If they are not there, and cannot be brought.
    """
    return require_jars(lock=facts.parser_jars(runtime), command=f"streaming-constructs jars --flink {runtime}")


def flink_jars(runtime: str) -> tuple[Path, ...]:
    """The jars of `found_flink`.

    Args:
        runtime: The runtime, as AWS names it.

    Raises:
        SpecError: If they are not there, and cannot be brought.
    """
    return found_flink(runtime).files
