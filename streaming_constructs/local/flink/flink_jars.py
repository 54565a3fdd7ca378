"""The jars of Flink: where those of a runtime are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from streaming_constructs.spec.finding import Finding, SpecError

FLINK_OF_RUNTIME: Mapping[str, str] = {"FLINK-2_3": "2.3.0", "FLINK-2_2": "2.2.1", "FLINK-1_20": "1.20.3"}
"""The version of Flink that stands for each runtime: the newest patch of it that Maven Central serves."""
FOLDER_VARIABLE = "STREAMING_CONSTRUCTS_FLINK"
"""The variable that says where the jars are: `VERSION/jars` in that folder."""


def flink_jars(runtime: str) -> tuple[Path, ...]:
    """The jars of Flink for a runtime.

    Args:
        runtime: The runtime, as AWS names it.

    Raises:
        SpecError: If they are not there.
    """
    version = FLINK_OF_RUNTIME[runtime]
    folder = Path(os.environ.get(FOLDER_VARIABLE, "")) / version / "jars"
    jars = tuple(sorted(folder.glob("*.jar"))) if FOLDER_VARIABLE in os.environ else ()
    if not jars:
        message = f"the jars of Flink {version} are not on this machine"
        help_ = f"let `{FOLDER_VARIABLE}` say where they are"
        raise SpecError([Finding("LOC992", message, note=f"there are none in `{folder}`", help=help_)])
    return jars
