"""The formats of objects in S3: JSON lines, Apache Parquet and Apache ORC, and which settings belong to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from streaming_constructs.spec.finding import Edit, Finding, did_you_mean
from streaming_constructs.spec.model import SpecModel, no_effect

FormatName = Literal["json", "parquet", "orc"]
Compression = Literal["gzip", "snappy", "zlib", "zip", "hadoop_snappy", "none"]


@dataclass(frozen=True, slots=True)
class S3Format:
    """A format.

    Attributes:
        title: How people write it.
        compressions: The compressions that it has; the first is the one where nothing is said.
        settings: Fields that say more of it; other formats do not have them.
        is_converted: Whether Firehose converts records to it, for which it needs a schema.
    """

    title: str
    compressions: tuple[Compression, ...]
    settings: tuple[str, ...]
    is_converted: bool


FORMATS: Mapping[FormatName, S3Format] = {
    "json": S3Format("JSON", ("gzip", "none", "zip", "snappy", "hadoop_snappy"), ("newline",), is_converted=False),
    "parquet": S3Format("Parquet", ("snappy", "gzip", "none"), ("block_mb", "writer_version"), is_converted=True),
    "orc": S3Format("ORC", ("snappy", "zlib", "none"), ("stripe_mb", "bloom_filter_columns"), is_converted=True),
}


def format_findings(model: SpecModel, name: FormatName, compression: Compression | None) -> Iterator[Finding]:
    """What is said about a format that another one has.

    Args:
        model: The destination, with the settings of all formats as fields.
        name: Its format.
        compression: Its compression, if it says one.
    """
    chosen = FORMATS[name]
    if compression is not None and compression not in chosen.compressions:
        first = chosen.compressions[0]
        yield Finding(
            "LNG205",
            f"{chosen.title} has no compression `{compression}`",
            ("compression",),
            note=did_you_mean(compression, chosen.compressions),
            help=f"set `compression: {first}`, or leave it out: it is {first} then",
            edits=(Edit(("compression",), first),),
        )
    for other in FORMATS.values():
        for field in other.settings:
            if field not in chosen.settings and getattr(model, field) not in (None, ()):
                yield no_effect(
                    field,
                    note=f"it is a setting of {other.title}, and the format is {name}",
                    help_="take it out",
                )
