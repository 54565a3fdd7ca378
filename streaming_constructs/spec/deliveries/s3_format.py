"""The formats in which an archive keeps records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.model import Bool, Int, SpecModel, within, word
from streaming_constructs.spec.schemas import FieldName


class JsonFormat(SpecModel):
    """The records as they came, one JSON document a line: for replay, and for what no schema fits."""

    kind: Literal["json"] = Field(default="json", description="The records as they came.")
    compression: Literal["gzip", "none", "zip", "snappy", "hadoop_snappy"] = Field(
        default="gzip", description="Compression of the objects; Athena reads all but zip. Left out: gzip."
    )
    newline: Bool = Field(
        default=True,
        description="Whether a newline is put behind each record; without it a reader cannot tell records apart. "
        "Left out: true.",
    )


class ParquetFormat(SpecModel):
    """Apache Parquet, converted by Firehose from JSON with the record's schema: for queries of a few columns."""

    kind: Literal["parquet"] = Field(default="parquet", description="Apache Parquet, by the record's schema.")
    compression: Literal["snappy", "gzip", "none"] = Field(
        default="snappy", description="Compression inside the file. Left out: snappy, the fastest to read."
    )
    block_mb: Annotated[Int, within(firehose.PARQUET_BLOCK_MIB)] | None = Field(
        default=None,
        description="Size of a row group, in MiB, 64 or more; HDFS reads it as one block. Left out: 256.",
    )
    writer_version: Literal["v1", "v2"] = Field(
        default="v1", description="Version of the Parquet format. Left out: v1, which every reader knows."
    )


class OrcFormat(SpecModel):
    """Apache ORC, converted by Firehose from JSON with the record's schema: for Hive, and for bloom filters."""

    kind: Literal["orc"] = Field(default="orc", description="Apache ORC, by the record's schema.")
    compression: Literal["snappy", "zlib", "none"] = Field(
        default="snappy", description="Compression inside the file. Left out: snappy, the fastest to read."
    )
    stripe_mb: Annotated[Int, within(firehose.ORC_STRIPE_MIB)] | None = Field(
        default=None, description="Size of a stripe, in MiB, 8 or more. Left out: 64."
    )
    bloom_filter_columns: tuple[FieldName, ...] = Field(
        default=(),
        description="Fields to write bloom filters for, so that a query by value skips stripes. Left out: none.",
    )


S3Format = Annotated[
    Annotated[JsonFormat | ParquetFormat | OrcFormat, Field(discriminator="kind")],
    word("kind", JsonFormat | ParquetFormat | OrcFormat, "json", "parquet", "orc"),
]
