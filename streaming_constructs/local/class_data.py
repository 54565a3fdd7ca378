"""The archive of class data: what a virtual machine has read of the jars, so that a broker starts in half the time.

It is made once for a Java and its jars, beside the jars. Where there is none, or it does not fit, a broker starts all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from streaming_constructs.local.java import Java
from streaming_constructs.planning.jar_cache import FoundJars

_HASH_CHARACTERS = 12


def archive_path(java: Java, jars: FoundJars) -> Path:
    """Where the archive is, if there is one.

    Args:
        java: Who reads it.
        jars: What was read of.
    """
    name = hashlib.sha256(f"{java.home}\n{java.build}".encode()).hexdigest()[:_HASH_CHARACTERS]
    return jars.folder / f"classes-{name}.jsa"


def archive_flags(java: Java, jars: FoundJars) -> Sequence[str]:
    """The flags with which a virtual machine reads its archive; none if there is none.

    Args:
        java: The virtual machine's.
        jars: Its jars.
    """
    archive = archive_path(java, jars)
    return [f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else []
