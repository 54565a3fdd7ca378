"""A section of the language: its kinds are loaded when a spec names them.

Pydantic sees one validator for a section. It looks at `kind`, imports that one model and validates with it, so the price of
reading a spec does not grow with the number of kinds that there are.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic_core import PydanticCustomError, SchemaValidator, core_schema

from streaming_constructs.kinds import Kind, kinds_of

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

    from streaming_constructs.spec.model import SpecModel

FILE = {"by_alias": True, "by_name": False}
"""The validation context of what comes from a file, where `from` is never written as `from_`.

A validator that is called from another does not hear how the caller asked for names, so it is said in the context.
"""


def model_of(row: Kind) -> type[SpecModel]:
    """The model of a kind; loads it.

    Args:
        row: The kind.
    """
    model: type[SpecModel] = getattr(importlib.import_module(f"streaming_constructs.spec.{row.module}"), row.model)
    return model


class Section:
    """The annotation of a node of a section, whatever its kind.

    Attributes:
        name: The section.
        kinds: Its kinds, by their words.
        word: The kind that one word stands for by itself; empty where a mapping has to say it.
    """

    def __init__(self, name: str, model: str = "", word: str = "") -> None:
        """Loads nothing yet.

        Args:
            name: The section, as `kinds.py` names it; with `model`, the module of that one model in this room.
            model: A model that is loaded when a spec has it, where there is no choice of kinds.
            word: The kind that one word stands for, as `glue` does for `{kind: glue}`. Left out: none does.
        """
        self.name = name
        self.word = word
        self.kinds = {"": Kind("", "", name, model)} if model else kinds_of(name)

    def model(self, kind: str) -> type[SpecModel]:
        """The model of one of its kinds; loads it.

        Args:
            kind: The word of the kind.
        """
        return model_of(self.kinds[kind])

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    # A method of the annotation: what the metadata of a core schema returns, pydantic would write out in place of its `$ref`.
    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        from pydantic import Field, TypeAdapter

        models = tuple(map(self.model, self.kinds))
        union: Any = models[0] if len(models) == 1 else Annotated[Union[models], Field(discriminator="kind")]  # noqa: UP007
        # As the values of a mapping: a model by itself is a root, and a root has no name under `$defs`.
        values: dict[str, Any] = handler(TypeAdapter(dict[str, union]).core_schema)["additionalProperties"]
        if self.word:
            return {"anyOf": [values, {"const": self.word, "type": "string"}]}
        return values

    def _read(self, value: Any, info: core_schema.ValidationInfo) -> Any:
        if self.word and isinstance(value, str):
            value = {"kind": value}
        names = info.context or {}
        by = {name: names[name] for name in FILE if name in names}
        return _validator(self.kinds[self._kind_of(value)]).validate_python(value, context=info.context, **by)

    def _kind_of(self, value: Any) -> str:
        if "" in self.kinds:
            return ""
        kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
        if isinstance(kind, str) and kind in self.kinds:
            return kind
        if isinstance(value, dict):
            if "kind" not in value:
                context = {"discriminator": "'kind'", "tags": list(self.kinds)}
                raise PydanticCustomError("union_tag_not_found", "missing", context)
            context = {"discriminator": "'kind'", "tag": str(kind), "expected_tags": ", ".join(self.kinds)}
            raise PydanticCustomError("union_tag_invalid", "not a kind", context)
        if len(self.kinds) == 1:
            return next(iter(self.kinds))  # its model says what is wrong
        raise PydanticCustomError("model_attributes_type", "Input should be a valid dictionary")


@cache
def _validator(row: Kind) -> SchemaValidator:
    model = model_of(row)
    model.model_rebuild()  # a model is built when it is first used
    schema: Any = model.__pydantic_core_schema__
    if row.kind:
        # A union of one: pydantic then puts the kind into the location of errors, as it does in a union of all.
        schema = core_schema.tagged_union_schema({row.kind: schema}, discriminator="kind")
    return SchemaValidator(schema)
