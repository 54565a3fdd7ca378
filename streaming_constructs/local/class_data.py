"""The archive of class data: what a virtual machine has read of the jars, so that a broker or a Flink starts in half the time.

It is made once for a Java and its jars, beside the jars. Where there is none, or it does not fit, it starts all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from streaming_constructs.local.java import Java
from streaming_constructs.planning.jar_cache import FoundJars

_HASH_CHARACTERS = 12


def archive_path(java: Java, jars: FoundJars, own: Sequence[Path] = ()) -> Path:
    """Where the archive is, if there is one.

    Args:
        java: Who reads it.
        jars: What was read of.
        own: Jars before these on the class path, which are not in the cache. An archive fits them where they are, as they are.
    """
    read = [f"{java.home}\n{java.build}"]
    read += [f"{jar}\n{stat.st_size}\n{stat.st_mtime_ns}" for jar in own for stat in [jar.stat()]]
    name = hashlib.sha256("\n".join(read).encode()).hexdigest()[:_HASH_CHARACTERS]
    return jars.folder / f"classes-{name}.jsa"


def archive_flags(java: Java, jars: FoundJars, own: Sequence[Path] = ()) -> Sequence[str]:
    """The flags with which a virtual machine reads its archive; none if there is none.

    Args:
        java: The virtual machine's.
        jars: Its jars.
        own: Jars before these on its class path.
    """
    archive = archive_path(java, jars, own)
    return [f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else []
