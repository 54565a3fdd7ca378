"""The tables of the catalog, and the rows of their objects: what Athena would read."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.firehose.conversion import CatalogTable, Conversion, ConvertedBody
from streaming_constructs.local.firehose.glue_arrow import arrow_schema
from streaming_constructs.local.firehose.json_value import Deserializer

_FORMATS = {"ParquetHiveSerDe": "parquet", "OrcSerde": "orc", "JsonSerDe": "json"}
_GZIP = b"\x1f\x8b"
_MAPPING = "mapping."


@dataclass(frozen=True, slots=True)
class ArchiveTable:
    """A table of the catalog.

    Attributes:
        database: Its database.
        name: Its name.
        bucket: The bucket of its objects.
        folder: Where they are in the bucket.
        format: What they are.
        columns: Name and Glue type of each column that is in the objects.
        partition_keys: Name and Glue type of each column that is in the names of folders.
        json_keys: The keys of columns that are called otherwise than their column.
    """

    database: str
    name: str
    bucket: str
    folder: str
    format: Literal["parquet", "orc", "json"]
    columns: tuple[tuple[str, str], ...]
    partition_keys: tuple[tuple[str, str], ...]
    json_keys: Mapping[str, str]

    @property
    def schema(self) -> pa.Schema:
        """All its columns, those of folders last."""
        return arrow_schema((*self.columns, *self.partition_keys))

    def rows(self, aws: Aws) -> pa.Table:
        """The rows of all its objects.

        Args:
            aws: The API that objects are fetched from.
        """
        s3 = aws.client("s3")
        parts = []
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.folder):
            for one in page.get("Contents", ()):
                values = self._partition(one["Key"])
                if values is not None and one["Size"]:
                    body = s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read()
                    parts.append(self._with_partition(self._read(body), values))
        return pa.concat_tables(parts) if parts else self.schema.empty_table()

    def _partition(self, key: str) -> list[str] | None:
        """The values of the partition columns, out of an object's folders; None: it is in none of the table's."""
        folders = key.removeprefix(self.folder).split("/")[:-1]
        named = [folder.partition("=") for folder in folders]
        if [name for name, _, _ in named] != [name for name, _ in self.partition_keys]:
            return None
        return [unquote(value) for _, _, value in named]

    def _with_partition(self, rows: pa.Table, values: list[str]) -> pa.Table:
        for field, value in zip(arrow_schema(self.partition_keys), values, strict=True):
            column = pa.array([value] * len(rows), pa.string()).cast(field.type)
            rows = rows.append_column(field, column)
        return rows

    def _read(self, body: bytes) -> pa.Table:
        if self.format == "json":
            body = self._converted(body)
        module = pyarrow.orc if self.format == "orc" else pyarrow.parquet
        rows = module.read_table(io.BytesIO(body))
        # A column that joined the table later is not in older objects.
        columns = [
            rows.column(field.name).cast(field.type)
            if field.name in rows.column_names
            else pa.nulls(len(rows), field.type)
            for field in arrow_schema(self.columns)
        ]
        return pa.table(columns, schema=arrow_schema(self.columns))

    def _converted(self, body: bytes) -> bytes:
        """Lines of JSON as Parquet, read as Firehose reads them; what is no record is passed over, as the table says."""
        text = gzip.decompress(body) if body.startswith(_GZIP) else body
        reading = Deserializer("openx", self.json_keys)
        nobody = CatalogTable(self.database, self.name, "", "", "LATEST")
        converted = ConvertedBody(Conversion("parquet", "UNCOMPRESSED", reading, self.columns, nobody))
        converted.write([line for line in text.split(b"\n") if line.strip()])
        return converted.finish()


def archive_tables(aws: Aws) -> Iterator[ArchiveTable]:
    """The tables of the catalog.

    Args:
        aws: The API.
    """
    glue = aws.client("glue")
    for database in glue.get_databases()["DatabaseList"]:
        for table in glue.get_tables(DatabaseName=database["Name"])["TableList"]:
            yield _table(table)


def _table(table: Mapping[str, Any]) -> ArchiveTable:
    storage = table["StorageDescriptor"]
    serde = storage["SerdeInfo"]
    kind = _FORMATS[serde["SerializationLibrary"].rpartition(".")[2]]
    mapped = {name: key for name, key in serde.get("Parameters", {}).items() if name.startswith(_MAPPING)}
    where = urlsplit(storage["Location"])
    return ArchiveTable(
        table["DatabaseName"],
        table["Name"],
        where.netloc,
        where.path.removeprefix("/"),
        cast("Literal['parquet', 'orc', 'json']", kind),
        tuple((column["Name"], column["Type"]) for column in storage["Columns"]),
        tuple((column["Name"], column["Type"]) for column in table.get("PartitionKeys", ())),
        {name.removeprefix(_MAPPING): key for name, key in mapped.items()},
    )
