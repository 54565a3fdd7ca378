"""What is wrong with a table of AWS Glue: a projection that computes no folder, formats that do not go together; and a schema
that is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.glue import SCHEMA
from streaming_constructs.review.objects.object_places import (
    TABLE,
    is_projected,
    partition_keys,
    table_parameters,
    whole_text,
)
from streaming_constructs.review.objects.table_columns import FORMATS


@audits(TABLE)
def projection(template: Template, table: Resource) -> Iterator[Meaning]:
    """A projection that does not say all that it has to."""
    if not is_projected(table):
        return
    parameters, keys = table_parameters(table), partition_keys(table)
    named = {str(name).lower() for name in parameters}
    missing = [key for key in keys if f"projection.{key}.type" not in named]
    if missing:
        yield Meaning(
            "AUD320",
            f"partitions are computed, and nothing says how of: {', '.join(missing)}; every query fails",
            "set `projection.KEY.type`, and what that type needs, for each partition key",
            path="Properties.TableInput.Parameters",
        )
    folders = whole_text(parameters.get("storage.location.template")).lower()
    unnamed = [key for key in keys if f"${{{key}}}" not in folders]
    if folders and unnamed:
        yield Meaning(
            "AUD320",
            f"`storage.location.template` has no place for: {', '.join(unnamed)}; every query fails",
            "name each partition key in it, as in `s3://bucket/clicks/${day}/`",
            path="Properties.TableInput.Parameters",
        )


@audits(TABLE)
def formats(template: Template, table: Resource) -> Iterator[Meaning]:
    """An input format and a SerDe of two formats."""
    descriptor = ("TableInput", "StorageDescriptor")
    library = table.at(*descriptor, "SerdeInfo", "SerializationLibrary")
    reads, parses = (_format(value) for value in (table.at(*descriptor, "InputFormat"), library))
    if parses and reads != parses and "columnar" in (_KINDS.get(reads or ""), _KINDS.get(parses)) and reads is not None:
        yield Meaning(
            "AUD321",
            f"the input format is of {reads or 'text'}, and the SerDe of {parses}: objects cannot be read",
            "give both of one format",
            path="Properties.TableInput.StorageDescriptor.SerdeInfo",
        )


_KINDS = {"parquet": "columnar", "orc": "columnar", "avro": "columnar"}


def _format(value: object) -> str | None:
    """The format in the name of a class, an empty string for text; None where there is no name."""
    if not isinstance(value, str):
        return None
    return next((name for part, name in FORMATS if part in value.lower()), "")


@audits(SCHEMA)
def compatibility(template: Template, schema: Resource) -> Iterator[Meaning]:
    """A schema of which every new version is taken."""
    if schema.at("Compatibility") == "NONE":
        yield Meaning(
            "AUD322",
            "every new version of the schema is taken: one that readers do not understand is found when they fail",
            "set `Compatibility: BACKWARD`, or another check",
            path="Properties.Compatibility",
        )
