"""`connectors.lock.json` beside a spec: the sha256 of connectors that this package ships none of, as they were first seen."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from streaming_constructs.facts.jar_lock import Jar
from streaming_constructs.spec.finding import Finding, SpecError

CONNECTORS_LOCK = "connectors.lock.json"
"""Its name; it lies beside the spec, and is committed with it."""
_LARGEST_BYTES = 1024**2
_COORDINATE = re.compile(r"[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = 0o644


def read_connectors_lock(path: Path) -> dict[str, Jar]:
    """The jars of a lock file, by their coordinates; none if there is no such file.

    Args:
        path: The file.

    Raises:
        SpecError: If it is not what `streaming-constructs jars` writes.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _unreadable(path, f"it is larger than {_LARGEST_BYTES:,} bytes")
        read = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, f"it is no JSON: {error}") from error
    rows = read.get("jars") if isinstance(read, dict) else None
    if not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise _unreadable(path, "`jars` is not a list of jars, each with its coordinate, bytes and sha256")
    return {row["coordinate"]: Jar(row["coordinate"], row["bytes"], row["sha256"]) for row in rows}


def write_connectors_lock(path: Path, jars: Iterable[Jar]) -> None:
    """Writes a lock file, whole or not at all.

    Args:
        path: The file.
        jars: All jars that it has from now on.

    Raises:
        OSError: If it cannot be written.
    """
    rows = [
        {"coordinate": jar.coordinate, "bytes": jar.bytes, "sha256": jar.sha256}
        for jar in sorted(jars, key=lambda jar: jar.coordinate)
    ]
    lines = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            new.write(f'{{\n  "jars": [\n{lines}\n  ]\n}}\n')
        written.chmod(_FILE)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _is_row(row: Any) -> bool:
    if not isinstance(row, dict) or set(row) != {"coordinate", "bytes", "sha256"}:
        return False
    coordinate, size, sha256 = row["coordinate"], row["bytes"], row["sha256"]
    is_size = isinstance(size, int) and not isinstance(size, bool) and size > 0
    is_text = isinstance(coordinate, str) and isinstance(sha256, str)
    if not (is_size and is_text) or not _COORDINATE.fullmatch(coordinate) or not _SHA256.fullmatch(sha256):
        return False
    return not any(part in {".", ".."} for part in coordinate.split(":"))


def _unreadable(path: Path, why: str) -> SpecError:
    help_ = "take it out of version control as it was, or delete it and run `streaming-constructs jars SPEC`"
    return SpecError([Finding("FLK102", f"`{path}` is no lock file of connectors", note=why, help=help_)])
