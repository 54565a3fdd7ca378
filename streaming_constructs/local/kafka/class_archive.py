"""Makes the archive of class data with which brokers start in half the time."""

from __future__ import annotations

import os
from pathlib import Path

from streaming_constructs.local.class_data import archive_path
from streaming_constructs.local.java import Java
from streaming_constructs.local.kafka.broker import KafkaBroker
from streaming_constructs.planning.jar_cache import FoundJars

_ARCHIVE_SECONDS = 60.0
"""How long a virtual machine may take to write its archive, which it does when it ends."""


def make_archive(java: Java, jars: FoundJars) -> Path | None:
    """Makes the archive, if there is none: starts a broker, ends it, and lets its virtual machine write what it has read.

    Args:
        java: Whose archive.
        jars: The jars.

    Returns:
        Where it is; None if this Java cannot make one.
    """
    archive = archive_path(java, jars)
    if archive.is_file():
        return archive
    if not java.archives_classes:
        return None
    new = archive.with_name(f".new-{os.getpid()}.jsa")
    try:
        broker = KafkaBroker(jvm_flags=[f"-XX:ArchiveClassesAtExit={new}"], jars=jars, java=java)
        try:
            broker.start()
        finally:
            broker.stop(_ARCHIVE_SECONDS)
        if not new.is_file():
            return None
        new.replace(archive)
    finally:
        new.unlink(missing_ok=True)
    return archive
