"""The schema registry: where clients of Kafka find the schemas of records, and which changes of a schema it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import glue_schema_registry
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import SpecModel, arn, form, not_on_existing

RegistryName = Annotated[
    str,
    form(r"^[A-Za-z0-9_$#-]{1,255}$", "a name of up to 255 letters, digits, `-`, `_`, `$` and `#`"),
]
RegistryArn = Annotated[
    str,
    arn(
        "glue",
        "registry/[A-Za-z0-9_$#-]{1,255}",
        "the ARN of a registry, arn:aws:glue:REGION:ACCOUNT:registry/NAME",
    ),
]
Compatibility = Literal[glue_schema_registry.COMPATIBILITIES]  # type: ignore[valid-type]
DataFormat = Literal["avro", "json_schema"]


class GlueSchemaRegistrySpec(SpecModel):
    """A Schema Registry of AWS Glue with each of `schemas` in it, under its own name.

    A new version of a schema is registered beside the earlier ones, which stay: what was written with them can be read.
    """

    example: ClassVar = {"kind": "glue", "compatibility": "backward"}

    kind: Literal["glue"] = Field(default="glue", description="The Schema Registry of AWS Glue.")
    name: RegistryName | None = Field(
        default=None,
        description="Its name, which clients are told. Left out: the name of the system, and its environment.",
    )
    arn: RegistryArn | None = Field(
        default=None,
        description="ARN of an existing registry; the schemas are registered in it. Left out: one is created.",
    )
    compatibility: Compatibility = Field(
        default="backward",
        description="Which new versions of a schema it takes: backward (readers of the new one read what was written before), "
        "forward (readers of the earlier one read what is written from now on), full (both), each with `_all` for all "
        "versions and not the last alone, none (any) or disabled (no new version). Left out: backward.",
    )
    data_format: DataFormat = Field(
        default="avro", description="How schemas are written: avro or json_schema (draft 7). Left out: avro."
    )

    def findings(self) -> Iterator[Finding]:
        if self.arn is not None and self.name is not None:
            yield not_on_existing("name", "registry", "arn", "take it out: the ARN ends in the name")

    def registry_name(self, system: str) -> str:
        """Its name.

        Args:
            system: The name of the system, with its environment.
        """
        return self.arn.rpartition("/")[2] if self.arn is not None else self.name or system
