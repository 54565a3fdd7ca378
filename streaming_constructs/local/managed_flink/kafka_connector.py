"""The connector of Kafka out of a deployed jar: without those that have stand-ins here."""

from __future__ import annotations

import zipfile
from pathlib import Path

_FACTORIES = "META-INF/services/org.apache.flink.table.factories.Factory"


def write_kafka_connector(deployed: Path, into: Path) -> None:
    """Writes a jar that is the deployed one, and in which Flink finds the connectors of Kafka alone.

    Args:
        deployed: The deployed jar.
        into: The jar to write.
    """
    with zipfile.ZipFile(deployed) as before, zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == _FACTORIES:
                named = content.decode().splitlines()
                content = "".join(f"{line}\n" for line in named if ".kafka." in line).encode()
            after.writestr(entry.filename, content)
