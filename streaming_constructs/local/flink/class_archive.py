"""Makes the archive of class data with which a Flink starts its first job in half the time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from streaming_constructs.local.class_data import archive_path
from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.flink_jars import found_flink
from streaming_constructs.local.flink.local_flink import LocalFlink, own_jars
from streaming_constructs.local.java import Java

_ARCHIVE_SECONDS = 120.0
"""How long a virtual machine may take to write its archive, which it does when it ends."""
_CLICK = {"page": "a", "clicked_at": "2026-01-01T00:00:00Z"}
_AT = "'aws.region' = 'us-east-1'"
_JSON = "'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'"
_CLICKS = f"""CREATE TABLE clicks (
    page STRING, clicked_at TIMESTAMP_LTZ(3), WATERMARK FOR clicked_at AS clicked_at - INTERVAL '5' SECOND
) WITH ('connector' = 'kinesis', 'stream.arn' = 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks', {_AT}, {_JSON})"""
_TOTALS = f"""CREATE TABLE totals (page STRING, clicks BIGINT, PRIMARY KEY (page) NOT ENFORCED) PARTITIONED BY (page)
WITH ('connector' = 'dynamodb', 'table-name' = 'totals', {_AT})"""
_PER_PAGE = f"""CREATE TABLE per_page (page STRING, until TIMESTAMP_LTZ(3), clicks BIGINT)
WITH ('connector' = 'firehose', 'delivery-stream' = 'lake', {_AT}, {_JSON})"""
_WINDOWS = """INSERT INTO per_page SELECT page, window_end, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(clicked_at), INTERVAL '1' MINUTE)) GROUP BY page, window_start, window_end"""
_COUNTS = "INSERT INTO totals SELECT page, COUNT(*) FROM clicks GROUP BY page"
_STATEMENTS = (_CLICKS, _TOTALS, _PER_PAGE, _WINDOWS, _COUNTS)


def make_flink_archive(runtime: str, java: Java) -> Path | None:
    """Makes the archive, if there is none: runs a small job, and lets the virtual machine write what it has read when it ends.

    Args:
        runtime: The runtime, such as `FLINK-2_3`.
        java: Whose archive.

    Returns:
        Where it is; None if this Java cannot make one.

    Raises:
        SpecError: If the jars of Flink are not there, and cannot be brought.
    """
    archive = archive_path(java, found_flink(runtime), own_jars(runtime))
    if archive.is_file():
        return archive
    if not java.archives_classes:
        return None
    new = archive.with_name(f".new-{os.getpid()}.jsa")
    try:
        flink = LocalFlink(runtime, jvm_flags=[f"-XX:ArchiveClassesAtExit={new}"])
        try:
            with suppress(FlinkError):  # what it has read until it fails is archived all the same
                flink.start()
                flink.run(_STATEMENTS, {}, {"clicks": [_CLICK]})
        except BaseException:
            flink.kill()  # nobody waits for what it would write
            raise
        finally:
            flink.stop(_ARCHIVE_SECONDS)
        if not new.is_file():
            return None
        new.replace(archive)
    finally:
        new.unlink(missing_ok=True)
    return archive
