"""What is wrong with the jars that `connectors` names: as far as their entries tell, before anything is built of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.planning.flink_connector_findings import connector_jar_findings
from streaming_constructs.planning.jar_contents import read_jar
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec


def connector_file_findings(spec: FlinkSqlSpec, identifiers: Sequence[str], directory: Path) -> Iterator[Finding]:
    """What is wrong; paths are relative to the application.

    Args:
        spec: The application.
        identifiers: What its tables say in `connector`.
        directory: The folder that its jars are relative to.
    """
    readable: list[Path] = []
    for item, name in enumerate(spec.connectors):
        path = directory / name
        # Unlike pathlib, os.path takes a name that no file can have for one that does not exist.
        if "\x00" in name or not os.path.exists(path):  # noqa: PTH110
            yield Finding(
                "FLK135",
                f"the jar `{name}` does not exist",
                ("connectors", item),
                note="it is looked up beside the spec's own file",
                help="bring it there, or correct the path; without `connectors`, `streaming-constructs jars SPEC` brings all",
            )
            continue
        try:
            read_jar(path)
        except SpecError as error:
            yield from (finding.below("connectors", item) for finding in error.findings)
        else:
            readable.append(path)
    if spec.connectors and len(readable) == len(spec.connectors):  # of what cannot be read nothing is known
        for finding in connector_jar_findings(spec.runtime, identifiers, readable):
            yield finding.below("connectors")
