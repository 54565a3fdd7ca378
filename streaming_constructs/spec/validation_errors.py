"""Turns what pydantic says about the shape of a spec into findings: coded, with the allowed values and the mend."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from streaming_constructs.spec.finding import Finding, SpecPath, did_you_mean
from streaming_constructs.spec.model import FORMS


def shape_findings(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[Finding]:
    """Findings for everything that pydantic refused.

    Args:
        error: What pydantic raised.
        model: The model that was read.
        data: The plain data that it was read from.
    """
    for details in error.errors(include_url=False):
        if _is_echo(details):
            continue
        path = _spec_path(details["loc"], data)
        own = (details.get("ctx") or {}).get("findings")
        if own:
            yield from (finding.below(*path) for finding in own)
        elif details["loc"][-1:] == ("[key]",):
            yield _key_finding(details, path)
        else:
            finding = _TRANSLATIONS.get(details["type"], _wrong_type)(details, path, model)
            yield replace(finding, path=_spec_path(finding.path, data))  # a shorthand word has no field to point at


def _is_echo(details: ErrorDetails) -> bool:
    """Whether pydantic calls a list too short only because it did not count the items that are wrong."""
    return details["type"] == "too_short" and len(details["input"]) >= (details.get("ctx") or {})["min_length"]


def _spec_path(loc: Sequence[str | int], data: Any) -> SpecPath:
    """The path in the file: pydantic's location without the names of union members."""
    path: list[str | int] = []
    for step in loc:
        in_mapping = isinstance(data, Mapping) and step in data
        in_list = isinstance(data, (list, tuple)) and isinstance(step, int) and step < len(data)
        if in_mapping or in_list:
            data = data[step]
            path.append(step)
    return tuple(path)


def _seen(details: ErrorDetails) -> str:
    value = details["input"]
    if isinstance(value, Mapping):
        return "seen: a mapping"
    if isinstance(value, (list, tuple)):
        return "seen: a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"seen: {text if len(text) <= 80 else text[:77] + '…'}"


def _missing(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    field = str(details["loc"][-1])
    description = _description(model, details["loc"])
    return Finding("LNG202", f"`{field}` is missing", path, note=description, help=f"add `{field}: …`")


def _missing_tag(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    context = details.get("ctx") or {}
    field = str(context.get("discriminator", "'kind'")).strip("'")
    choices = context.get("tags") or _tags(_at(model, details["loc"]))
    names = ", ".join(f"`{field}: {choice}`" for choice in sorted(choices))
    return Finding("LNG202", f"`{field}` is missing", path, help=f"say which it is: {names}" if names else "")


def _wrong_tag(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    context = details.get("ctx") or {}
    field = str(context.get("discriminator", "'kind'")).strip("'")
    tag = str(context.get("tag", ""))
    choices = [choice.strip().strip("'") for choice in str(context.get("expected_tags", "")).split(",")]
    return Finding("LNG205", f"`{tag}` is no {field} that goes here", (*path, field), help=did_you_mean(tag, choices))


def _unknown_field(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    field = str(details["loc"][-1])
    owner = _at(model, details["loc"][:-1])
    return Finding("LNG201", f"unknown field `{field}`", path, help=did_you_mean(field, _field_names(owner)))


def _not_a_choice(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    literals = _literals(_at(model, details["loc"]))
    choices = [str(choice) for choice in literals]
    all_words = all(isinstance(choice, str) for choice in literals)
    return Finding(
        "LNG205",
        f"`{details['input']}` is not one of the choices"
        if isinstance(details["input"], str)
        else "not one of the choices",
        path,
        note=_seen(details),
        help=did_you_mean(str(details["input"]), choices) if all_words else f"use one of: {', '.join(choices)}",
    )


def _out_of_range(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    context = details.get("ctx") or {}
    limit = next((context[key] for key in ("ge", "gt", "le", "lt", "max_length", "min_length") if key in context), "")
    word = {
        "greater_than_equal": "too small: at least",
        "greater_than": "too small: more than",
        "less_than_equal": "too large: at most",
        "less_than": "too large: less than",
        "too_long": "too many: at most",
        "too_short": "too few: at least",
        "string_too_long": "too long: at most",
        "string_too_short": "too short: at least",
    }[details["type"]]
    limit = f"{limit:.15g}" if isinstance(limit, float) else limit
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the value")
    unit = " characters" if details["type"].startswith("string_") else ""
    return Finding(
        "LNG204",
        f"`{name}` is {word} {limit}{unit}",
        path,
        note="; ".join(part for part in (_seen(details), _description(model, details["loc"])) if part),
        help=f"set {word.split(': ')[1]} {limit}{unit}",
    )


def _malformed(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    pattern = str((details.get("ctx") or {}).get("pattern", ""))
    expected = FORMS.get(pattern, "text of another form")
    return Finding("LNG206", "the text has the wrong form", path, note=_seen(details), help=f"write {expected}")


def _bad_type_text(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    return Finding(
        "SCH207",
        "not a type of AWS Glue",
        path,
        note=f"{_seen(details)}; {details['msg']}",
        help="write a type such as `string`",
    )


def _one_column(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    return Finding(
        "SCH208",
        str(details["msg"]),
        path,
        note="AWS Glue keeps column names in small letters, so names that differ in case alone are one",
        help="rename one of the fields",
    )


def _bad_time(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    return Finding(
        "LNG206", "not a moment with its time zone", path, note=_seen(details), help="write it as 2026-01-15T00:00:00Z"
    )


def _wrong_type(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    kind = details["type"]
    expected = next(
        (text for start, text in _EXPECTED.items() if kind.startswith(start)),
        details["msg"][:1].lower() + details["msg"][1:],
    )
    help_ = f"write {expected}" if expected != details["msg"] else ""
    if expected == "a mapping":
        help_ = _mapping_help(_at(model, details["loc"]))
    value = details["input"]
    if kind.startswith("bool") and isinstance(value, str) and value.lower() in {"yes", "on", "no", "off", "y", "n"}:
        help_ = f"write `{'true' if value.lower() in {'yes', 'on', 'y'} else 'false'}`"
    return Finding("LNG203", f"expected {expected}", path, note=_seen(details), help=help_)


def _mapping_help(annotation: Any) -> str:
    """What the mapping says at least: its kind, or the fields without which it is nothing."""
    kinds = _tags(annotation)
    if len(kinds) > 1:
        return f"write one of: {', '.join(f'`{kind}`' for kind in kinds)}, or a mapping with more about it"
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return "write a mapping"
    needed = [
        str(field.validation_alias or name)
        for name, field in annotation.model_fields.items()
        if field.is_required() or name in ("kind", "mode")
    ]
    return f"write `{{{', '.join(f'{name}: …' for name in needed)}}}`" if needed else "write a mapping"


_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a number",
    "bool": "true or false",
    "string": "text (in quotes, if it looks like a number)",
    "tuple": "a list",
    "list": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
    "none_required": "nothing",
}
_TRANSLATIONS: dict[str, Callable[[ErrorDetails, SpecPath, type[BaseModel]], Finding]] = {
    "missing": _missing,
    "union_tag_not_found": _missing_tag,
    "union_tag_invalid": _wrong_tag,
    "extra_forbidden": _unknown_field,
    "literal_error": _not_a_choice,
    "string_pattern_mismatch": _malformed,
    "SCH207": _bad_type_text,
    "SCH208": _one_column,
    **dict.fromkeys(("greater_than_equal", "greater_than", "less_than_equal", "less_than"), _out_of_range),
    **dict.fromkeys(("too_long", "too_short", "string_too_long", "string_too_short"), _out_of_range),
    **dict.fromkeys(
        (
            "datetime_type",
            "datetime_parsing",
            "datetime_from_date_parsing",
            "timezone_aware",
            "datetime_object_invalid",
        ),
        _bad_time,
    ),
}


def _key_finding(details: ErrorDetails, path: SpecPath) -> Finding:
    pattern = str((details.get("ctx") or {}).get("pattern", ""))
    expected = FORMS.get(pattern, "")
    if details["type"] == "literal_error":
        expected = str((details.get("ctx") or {}).get("expected", ""))
    return Finding(
        "LNG206", f"`{details['input']}` cannot be a name here", path, help=f"write {expected}" if expected else ""
    )


def _at(annotation: Any, loc: Sequence[str | int]) -> Any:
    """The type at a pydantic location."""
    for step in loc:
        annotation = _descend(_bare(annotation), step)
    return _bare(annotation)


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def _descend(annotation: Any, step: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.validation_alias):
                return field.annotation
        return annotation
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        for member in map(_bare, arguments):
            if step in _tags(member):
                return member
        literal = next((member for member in map(_bare, arguments) if get_origin(member) is Literal), annotation)
        model = next((member for member in map(_bare, arguments) if isinstance(member, type)), annotation)
        return literal if step in ("position", "word") else model
    if not arguments or get_origin(annotation) is Literal:
        return annotation
    return arguments[0] if isinstance(step, int) else arguments[-1]


def _tags(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = [annotation.model_fields[name] for name in ("kind", "mode") if name in annotation.model_fields]
        return [str(field.default) for field in fields]
    if get_origin(annotation) in (Union, types.UnionType):
        return [tag for member in get_args(annotation) for tag in _tags(_bare(member))]
    return []


def _literals(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _field_names(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [str(field.validation_alias or name) for name, field in annotation.model_fields.items()]
    return []


def _description(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    owner = _at(model, loc[:-1])
    if isinstance(owner, type) and issubclass(owner, BaseModel):
        for name, field in owner.model_fields.items():
            if loc[-1] in (name, field.validation_alias):
                return (field.description or "").split(" Left out:")[0].rstrip(".")
    return ""
