"""The types behind a location of pydantic: what goes there, by the annotations of the models."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from streaming_constructs.spec.section import Section


def type_at(annotation: Any, loc: Sequence[str | int]) -> Any:
    """The type at a pydantic location.

    Args:
        annotation: The type that the location is in.
        loc: The location.
    """
    for step in loc:
        annotation = descend(_bare(annotation), step)
    found = _bare(annotation)
    return found.model("") if isinstance(found, Section) and "" in found.kinds else found


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        section = next((extra for extra in annotation.__metadata__ if isinstance(extra, Section)), None)
        annotation = get_args(annotation)[0] if section is None else section
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def descend(annotation: Any, step: str | int) -> Any:
    """The type at one step of a location.

    Args:
        annotation: The type that the step is in.
        step: A field, a place in a list, or the member of a union.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _field_of(annotation, step)
    if isinstance(annotation, Section):
        if "" in annotation.kinds:
            return descend(annotation.model(""), step)  # of one kind, which has no place in a location
        return annotation.model(str(step)) if step in annotation.kinds else annotation
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return _member_of(annotation, [_bare(member) for member in arguments], step)
    if not arguments or get_origin(annotation) is Literal:
        return annotation
    return arguments[0] if isinstance(step, int) else arguments[-1]


def _field_of(model: type[BaseModel], step: str | int) -> Any:
    for name, field in model.model_fields.items():
        if step in (name, field.validation_alias):
            section = next((extra for extra in field.metadata if isinstance(extra, Section)), None)
            return field.annotation if section is None else section
    return model


def _member_of(union: Any, members: Sequence[Any], step: str | int) -> Any:
    """The member of a union that a step of a location names: by its kind, or by the tag of a callable discriminator."""
    by_kind = next((member for member in members if step in kinds_of_type(member)), None)
    if by_kind is not None:
        return by_kind
    if step in ("position", "word"):
        return next((member for member in members if get_origin(member) is Literal), union)
    types_ = [member for member in members if isinstance(member, type)]
    return next((member for member in types_ if member.__name__ == step), types_[0] if types_ else union)


def kinds_of_type(annotation: Any) -> list[str]:
    """The words of `kind` that a type takes.

    Args:
        annotation: The type.
    """
    if isinstance(annotation, Section):
        return [kind for kind in annotation.kinds if kind]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [str(annotation.model_fields["kind"].default)] if "kind" in annotation.model_fields else []
    if get_origin(annotation) in (Union, types.UnionType):
        return [kind for member in get_args(annotation) for kind in kinds_of_type(_bare(member))]
    return []


def words_of_type(annotation: Any) -> list[str]:
    """The words that may stand for a whole mapping: the kinds of a union that is no section.

    Args:
        annotation: The type.
    """
    return [] if isinstance(annotation, Section) else [kind for kind in kinds_of_type(annotation) if kind != "node"]


def literals_of_type(annotation: Any) -> tuple[Any, ...]:
    """The values of a choice; none of what is no choice.

    Args:
        annotation: The type.
    """
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def description_at(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """What is said of the field at a location.

    Args:
        model: The model that the location is in.
        loc: The location.
    """
    owner = type_at(model, loc[:-1])
    if isinstance(owner, type) and issubclass(owner, BaseModel):
        for name, field in owner.model_fields.items():
            if loc[-1] in (name, field.validation_alias):
                return (field.description or "").split(" Left out:")[0].rstrip(".")
    return ""
