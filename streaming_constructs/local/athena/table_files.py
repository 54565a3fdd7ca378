"""The S3 objects of a Glue table as Parquet files on this machine, which is what DuckDB reads."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet

from streaming_constructs.local.athena.glue_table import GlueTable
from streaming_constructs.local.athena.openx_json import write_rows
from streaming_constructs.local.aws.api import Aws


class UnreadableObjectError(Exception):
    """An object that is not what its table says; the message says which and why."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """An object of a table, as a file.

    Attributes:
        path: The file.
        partition: The values of the table's partition columns, in their order.
    """

    path: Path
    partition: tuple[str, ...]


def table_files(aws: Aws, table: GlueTable, folder: Path) -> Iterator[TableFile]:
    """Fetches the objects of a table, one after the other; empty ones and those in no folder of the table are left.

    Args:
        aws: The API that they are fetched from.
        table: The table.
        folder: An empty folder for the files.

    Yields:
        The files.

    Raises:
        UnreadableObjectError: If an object is not what the table says.
        ClientError: If there is no such bucket.
    """
    s3 = aws.client("s3")
    numbers = count()
    bucket, _, prefix = table.location.removeprefix("s3://").partition("/")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for object_ in page.get("Contents", ()):
            address = f"s3://{bucket}/{object_['Key']}"
            partition = table.partition_of(address)
            if partition is None or not object_["Size"]:
                continue
            # Keys may be longer than names of files; how they end says how JSON is compressed.
            fetched = folder / f"{next(numbers)}{Path(object_['Key']).suffix[:16]}"
            with fetched.open("wb") as file:
                shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=object_["Key"])["Body"], file)
            try:
                yield TableFile(_as_parquet(fetched, table), partition)
            except (pa.ArrowException, EOFError, OSError, ValueError, zlib.error) as error:
                raise UnreadableObjectError(f"`{address}` of the table {table.name}: {error}") from None


def _as_parquet(fetched: Path, table: GlueTable) -> Path:
    if table.format == "parquet":
        # DuckDB says what is wrong with a file, but not of which object.
        pyarrow.parquet.read_metadata(fetched)
        return fetched
    written = fetched.with_name(f"{fetched.name}.rows")
    if table.format == "json":
        write_rows(fetched, written, table)
    else:
        _write_stripes(fetched, written)
    fetched.unlink()
    return written


def _write_stripes(source: Path, target: Path) -> None:
    """ORC, which DuckDB does not read, as Parquet."""
    file = pyarrow.orc.ORCFile(source)
    with pyarrow.parquet.ParquetWriter(target, file.schema) as writer:
        for stripe in range(file.nstripes):
            writer.write_batch(file.read_stripe(stripe))
