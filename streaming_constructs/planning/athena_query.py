"""A first query over an archive, ready to run in Athena."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.planning.deliveries.s3_prefixes import STRFTIME_FORMATS, Folders
from streaming_constructs.planning.glue_table import table_name
from streaming_constructs.spec.deliveries.s3_partitions import Partition

_LOOKED_BACK = {"month": ("12", "month"), "day": ("7", "day"), "hour": ("24", "hour")}
"""How far the query looks back, by the length of a partition."""


def ready_query(name: str, database: str, folders: Folders, partitions: tuple[Partition, ...]) -> str:
    """A query that counts the records of the last partitions: cheap, and proof that records arrive.

    Args:
        name: The delivery's name.
        database: The name of its database.
        folders: Where its objects are.
        partitions: What divides them, in the order of the folders.
    """
    columns = ", ".join(level.column for level in folders.levels)
    conditions = "\n  AND ".join(_conditions(partitions))
    where = f"WHERE {conditions}\n" if conditions else ""
    return (
        f"SELECT {columns}, count(*) AS records\n"
        f'FROM "{database}"."{table_name(name)}"\n'
        f"{where}"
        f"GROUP BY {columns}\n"
        f"ORDER BY {columns}\n"
    )


def _conditions(partitions: tuple[Partition, ...]) -> Iterator[str]:
    for partition in partitions:
        if partition.granularity is not None:
            count, unit = _LOOKED_BACK[partition.granularity]
            written = STRFTIME_FORMATS[partition.granularity]
            since = f"date_format(current_timestamp - INTERVAL '{count}' {unit.upper()}, '{written}')"
            yield f"{partition.column} >= {since}"
        elif not partition.values:
            # Athena cannot list the values of such a partition: it has to be told.
            yield f"{partition.column} = 'put a value here'"
