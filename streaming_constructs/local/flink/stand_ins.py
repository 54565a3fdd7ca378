"""Our stand-ins of AWS's connectors, which step aside where the real one of the same name is given."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS
from streaming_constructs.planning.jar_contents import FACTORIES, read_jar

STAND_INS: Mapping[str, str] = {
    "dynamodb": "streamingconstructs.local.aws.DynamoDbTables",
    "firehose": "streamingconstructs.local.aws.FirehoseTables",
    "kinesis": "streamingconstructs.local.aws.KinesisTables",
}
"""The class of ours that answers to the name of a connector."""


def beside_real_connectors(own: Path, connectors: Sequence[Path], folder: Path) -> Path:
    """Our jar, without the stand-ins of what is given: Flink refuses a name that two connectors answer to.

    Args:
        own: Our jar.
        connectors: Jars of real connectors.
        folder: Where a copy of ours is written, if one is needed.
    """
    real = {factory for jar in connectors for factory in read_jar(jar).factories}
    aside = {
        STAND_INS[one.name] for one in CONNECTOR_JARS if one.name in STAND_INS and real.intersection(one.factories)
    }
    if not aside:
        return own
    copy = folder / own.name
    with zipfile.ZipFile(own) as ours, zipfile.ZipFile(copy, "w") as written:
        for entry in ours.infolist():
            content = ours.read(entry)
            if entry.filename == FACTORIES:
                kept = [line for line in content.decode().splitlines() if line.strip() not in aside]
                content = "\n".join([*kept, ""]).encode()
            written.writestr(entry, content)
    return copy
