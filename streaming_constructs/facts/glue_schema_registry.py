"""The Schema Registry of AWS Glue: names, limits, and which changes of a schema it takes."""

from __future__ import annotations

DATA_FORMATS = {"avro": "AVRO", "json_schema": "JSON"}
"""Formats of schemas, as the registry calls them."""
COMPATIBILITIES = (
    "backward",
    "backward_all",
    "forward",
    "forward_all",
    "full",
    "full_all",
    "none",
    "disabled",
)
"""Which new versions of a schema the registry takes. Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html,
read 2026-11-28

`backward`: who reads with the new version can read what was written with the last; `forward`: who reads with the last can read
what is written with the new one; `full`: both; `…_all`: the same with all versions; `none`: any; `disabled`: no new version.
"""
AVRO_PROMOTIONS = {
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
    "string": ("bytes",),
    "bytes": ("string",),
}
"""Types as which Avro reads another that was written.

Source: https://avro.apache.org/docs/1.12.0/specification/#schema-resolution, read 2026-11-28
"""
JSON_SCHEMA_DRAFT = "http://json-schema.org/draft-07/schema#"
"""The latest draft that the registry knows. Source: the same page as `COMPATIBILITIES`, read 2026-11-28."""
