"""Small jars, made by tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

SERVICES = "META-INF/services/org.apache.flink.table.factories.Factory"


def make_jar(path: Path, entries: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A jar with some entries, in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as jar:
        for name, content in entries.items():
            jar.writestr(name, content)
    return path
