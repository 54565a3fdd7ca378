"""Tables of the Glue Data Catalog over archives that can be read here: Parquet, ORC, and JSON by OpenX's SerDe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import unquote

import pyarrow as pa

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.firehose.glue_arrow import arrow_schema
from streaming_constructs.spec.glue_types import GlueTypeError

_FORMATS = {
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": "parquet",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde": "orc",
    "org.openx.data.jsonserde.JsonSerDe": "json",
}
_VALUE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class GlueTable:
    """A table of the catalog.

    Attributes:
        database: Its database.
        name: Its name.
        location: Where its objects are, as an S3 address that ends with `/`.
        template: Where those of one partition are, with `${column}` for each partition column.
        format: What they are.
        columns: Name and Glue type of each column that is in the objects.
        partition_keys: Name and Glue type of each column that is in the names of folders.
        serde: The parameters of what reads a row.
    """

    database: str
    name: str
    location: str
    template: str
    format: Literal["parquet", "orc", "json"]
    columns: tuple[tuple[str, str], ...]
    partition_keys: tuple[tuple[str, str], ...]
    serde: Mapping[str, str]

    @property
    def schema(self) -> pa.Schema:
        """All its columns, those of folders last."""
        return arrow_schema((*self.columns, *self.partition_keys))

    def partition_of(self, address: str) -> tuple[str, ...] | None:
        """The values of the partition columns for an object; None: the table has no folder with it.

        Every folder that the template fits is the table's: also one whose value is not projected. What is in folders below is
        not, though Athena reads it: deliveries put nothing there but errors.

        Args:
            address: The S3 address of the object.
        """
        # Text and names of columns by turns.
        texts = _VALUE.split(self.template)
        names = texts[1::2]
        pattern = "([^/]+)".join(map(re.escape, texts[::2]))
        found = re.fullmatch(f"{pattern}[^/]+", address)
        if found is None:
            return None
        values = dict(zip(names, map(unquote, found.groups()), strict=True))
        return tuple(values[name] for name, _ in self.partition_keys)


def glue_tables(aws: Aws) -> list[GlueTable]:
    """The tables of the catalog. Those of other formats, or with types that the language has not, are left out.

    Args:
        aws: The API.
    """
    return list(_tables(aws))


def _tables(aws: Aws) -> Iterator[GlueTable]:
    glue = aws.client("glue")
    for databases in glue.get_paginator("get_databases").paginate():
        for database in databases["DatabaseList"]:
            for tables in glue.get_paginator("get_tables").paginate(DatabaseName=database["Name"]):
                for table in tables["TableList"]:
                    read = _table(database["Name"], table)
                    if read is not None:
                        yield read


def _table(database: str, table: Mapping[str, Any]) -> GlueTable | None:
    storage = table.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    format_ = _FORMATS.get(serde.get("SerializationLibrary", ""))
    if format_ is None:
        return None
    keys = _columns(table.get("PartitionKeys", ()))
    location = f"{storage['Location'].rstrip('/')}/"
    # Folders of Hive are the default: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
    folders = "".join(f"{name}=${{{name}}}/" for name, _ in keys)
    template = table.get("Parameters", {}).get("storage.location.template", location + folders)
    read = GlueTable(
        database,
        table["Name"],
        location,
        f"{template.rstrip('/')}/",
        cast("Literal['parquet', 'orc', 'json']", format_),
        _columns(storage["Columns"]),
        keys,
        serde.get("Parameters", {}),
    )
    try:
        read.schema  # noqa: B018 - whether it has one is the question
    except GlueTypeError:
        return None
    return read


def _columns(columns: Any) -> tuple[tuple[str, str], ...]:
    return tuple((column["Name"], column["Type"]) for column in columns)
