"""Pydantic's validation errors as findings: coded, with the allowed values, and a complete piece to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from streaming_constructs.spec.annotations import (
    descend,
    description_at,
    kinds_of_type,
    literals_of_type,
    type_at,
    words_of_type,
)
from streaming_constructs.spec.cdk_token import is_token, token_finding
from streaming_constructs.spec.clusters.kafka_version import version_like
from streaming_constructs.spec.examples import example_of, in_yaml
from streaming_constructs.spec.finding import REMOVE, Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.instance_type import like_instance
from streaming_constructs.spec.meant_forms import meant_form
from streaming_constructs.spec.meant_scalars import meant_scalar
from streaming_constructs.spec.misplaced_field import misplaced_field
from streaming_constructs.spec.model import FORMS
from streaming_constructs.spec.number_or_word import in_a_finer_unit, or_a_word, told_as_numbers
from streaming_constructs.spec.topic_as_key import topic_as_key
from streaming_constructs.spec.unknown_field import unknown_field
from streaming_constructs.spec.words import brought_shape, brought_value


def validation_findings(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[Finding]:
    """Findings for everything that pydantic refused.

    Args:
        error: What pydantic raised.
        model: The model that was read.
        data: The plain data that it was read from.
    """
    errors = told_as_numbers(error.errors(include_url=False))
    found = [finding for details in errors for finding in _findings(details, model, data)]
    # What is called otherwise, or stands elsewhere, is not missing too.
    moved = [finding for finding in found if finding.code == "LNG201" or Edit(finding.path) in finding.edits]
    given = {edit.path for finding in moved for edit in finding.edits if edit.value is not REMOVE}
    for finding in found:
        if finding in moved or finding.code != "LNG202" or not any(edit.path in given for edit in finding.edits):
            yield finding


def _findings(details: ErrorDetails, model: type[BaseModel], data: Any) -> Iterator[Finding]:
    if _is_echo(details):
        return
    path = _spec_path(details["loc"], data)
    own = (details.get("ctx") or {}).get("findings")
    if is_token(details["input"]):
        yield token_finding(path, _seen(details))
    elif own:
        yield from (finding.below(*path) for finding in own)
    elif _is_key(details):
        yield topic_as_key(path, data) or _key_finding(details, path)
    elif details["type"] == "extra_forbidden":
        yield unknown_field(details, path, model, _part(data, path[:-1]))
    else:
        finding = brought_shape(str(path[-1]), details["input"], path[:-1]) if path else None
        if finding is None and details["type"] == "union_tag_not_found":
            finding = misplaced_field(path, data, type_at(model, details["loc"]))
        if finding is None:
            finding = _of_this_system(_TRANSLATIONS.get(details["type"], _wrong_type)(details, path, model), data)
        yield replace(finding, path=_spec_path(finding.path, data))  # a shorthand word has no field to point at


def _is_key(details: ErrorDetails) -> bool:
    """Whether an error is about a key; a key may be called `[key]` as well, which is how pydantic writes that."""
    location = details["loc"]
    return location[-1:] == ("[key]",) and location[-2:-1] == (details["input"],)


def _part(data: Any, path: SpecPath) -> Mapping[str, Any]:
    """The mapping at a path that is there."""
    for step in path:
        data = data[step]
    return data if isinstance(data, Mapping) else {}


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
    piece = example_of(type_at(model, details["loc"]), field)
    return Finding(
        "LNG202",
        f"`{field}` is missing",
        path,
        note=description_at(model, details["loc"]),
        help=f"add `{field}: {in_yaml(piece)}`",
        edits=(Edit((*path, field), piece, invented=True),),
    )


def _of_this_system(finding: Finding, data: Any) -> Finding:
    """A field that is missing, and names a node, names one that is there."""
    if finding.code != "LNG202" or not finding.edits or finding.edits[0].path[2:] not in {("from",), ("to",)}:
        return finding
    (edit,) = finding.edits
    sections = ("streams",) if edit.path[-1] == "from" else ("streams", "deliveries")
    given = [data[section] for section in sections if isinstance(data, Mapping) and section in data]
    name = next((name for section in given if isinstance(section, Mapping) for name in section), None)
    if name is None or not isinstance(edit.value, str):
        return finding
    return replace(finding, help=f"add `{edit.path[-1]}: {name}`", edits=(replace(edit, value=name),))


def _missing_tag(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    choices = kinds_of_type(type_at(model, details["loc"])) or list((details.get("ctx") or {}).get("tags", ()))
    brought = details["input"].get("type") if isinstance(details["input"], Mapping) else None
    kind = brought_value(brought, choices) if isinstance(brought, str) else ""
    if kind:
        help_ = f"write `kind: {kind}` in place of `type`"
        renaming = (Edit((*path, "type")), Edit((*path, "kind"), kind))
        return Finding("LNG202", "`kind` is missing", path, help=help_, edits=renaming)
    names = ", ".join(f"`kind: {choice}`" for choice in choices)
    edits = (Edit((*path, "kind"), choices[0]),) if len(choices) == 1 else ()
    return Finding("LNG202", "`kind` is missing", path, help=f"say which it is: {names}" if names else "", edits=edits)


def _wrong_tag(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    context = details.get("ctx") or {}
    kind = details["input"].get("kind") if isinstance(details["input"], Mapping) else context.get("tag", "")
    tag = kind if isinstance(kind, str) else in_yaml(kind)
    choices = [choice.strip().strip("'") for choice in str(context.get("expected_tags", "")).split(",")]
    close = brought_value(tag, choices) or nearest(tag, choices)
    return Finding(
        "LNG205",
        f"`{tag}` is no kind that goes here",
        (*path, "kind"),
        help=f"did you mean `{close}`?" if close else did_you_mean(tag, choices),
        edits=(Edit((*path, "kind"), close),) if close else (),
    )


def _not_a_choice(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    literals = literals_of_type(type_at(model, details["loc"]))
    choices = [str(choice) for choice in literals]
    all_words = all(isinstance(choice, str) for choice in literals)
    close = (
        (
            brought_value(str(details["input"]), choices)
            or like_instance(str(details["input"]), choices)
            or nearest(str(details["input"]), choices)
        )
        if all_words
        else ""
    )
    return Finding(
        "LNG205",
        f"`{details['input']}` is not one of the choices"
        if isinstance(details["input"], str)
        else "not one of the choices",
        path,
        note=_seen(details),
        help=f"did you mean `{close}`?"
        if close
        else did_you_mean(str(details["input"]), choices)
        if all_words
        else f"use one of: {', '.join(choices)}",
        edits=(Edit(path, close),) if close else (),
    )


def _out_of_range(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    context = details.get("ctx") or {}
    limit = next((context[key] for key in ("ge", "gt", "le", "lt", "max_length", "min_length") if key in context), "")
    wrong, bound, mend = {
        "greater_than_equal": ("is too small", "at least", "set"),
        "greater_than": ("is too small", "more than", "set"),
        "less_than_equal": ("is too large", "at most", "set"),
        "less_than": ("is too large", "less than", "set"),
        "too_long": ("has too many entries", "at most", "keep"),
        "too_short": ("has too few entries", "at least", "give"),
        "string_too_long": ("is too long", "at most", "write"),
        "string_too_short": ("is too short", "at least", "write"),
    }[details["type"]]
    edits = (Edit(path, limit, invented=True),) if details["type"] in {"greater_than_equal", "less_than_equal"} else ()
    limit = f"{limit:.15g}" if isinstance(limit, float) else limit
    name = "the reason" if len(path) > 1 and path[-2] in _WITH_REASONS else _named(path, "the value")
    unit = " characters" if details["type"].startswith("string_") else ""
    return Finding(
        "LNG204",
        f"{name} {wrong}: {bound} {limit}{unit}",
        path,
        note="; ".join(part for part in (_seen(details), description_at(model, details["loc"])) if part),
        help=f"{mend} {bound} {limit}{unit}{or_a_word(details, model)}",
        edits=edits,
    )


def _named(path: SpecPath, otherwise: str) -> str:
    """The field that a path leads to, also by way of an item of its list."""
    return next((f"`{step}`" for step in reversed(path) if isinstance(step, str)), otherwise)


def _malformed(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    pattern = str((details.get("ctx") or {}).get("pattern", ""))
    meant = meant_form(details["input"], path)
    help_, edits = (meant.help, meant.edits) if meant else (f"write {FORMS.get(pattern, 'text of another form')}", ())
    message = f"{_named(path, 'the text')} has the wrong form"
    return Finding("LNG206", message, path, note=_seen(details), help=help_, edits=edits)


def _bad_type_text(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    from streaming_constructs.spec.glue_types import meant_type

    text = str(details["input"])
    meant = meant_type(text)
    # Between braces, YAML ends a value at a comma.
    is_cut_off = re.fullmatch(r"[a-z]+[(<][^)>]*", text)
    return Finding(
        "SCH207",
        "not a type of AWS Glue",
        path,
        note=f"{_seen(details)}; {details['msg']}",
        help='write it in quotes, such as `"decimal(10,2)"`: YAML takes the comma for the next field'
        if is_cut_off
        else f"write `{in_yaml(meant)}`"
        if meant
        else "write a type such as `string`",
        edits=(Edit(path, meant),) if meant and not is_cut_off else (),
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


_WITH_REASONS = ("silence", "acknowledge")
"""Mappings from a name to the reason why."""


_SQL_HELP = "write SQL, such as `SELECT page FROM clicks`, or the path of a file with it that ends in .sql"


def _wrong_type(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    kind, value = details["type"], details["input"]
    expected = next(
        (text for start, text in _EXPECTED.items() if kind.startswith(start)),
        details["msg"][:1].lower() + details["msg"][1:],
    )
    other_words = or_a_word(details, model)
    help_, edits = (f"write {expected}{other_words}" if expected != details["msg"] else ""), tuple[Edit, ...]()
    if expected in {"a mapping", "a list"}:
        piece = _example(expected, details, path, model)
        help_ = f"write `{in_yaml(piece)}`"
        words = words_of_type(type_at(model, details["loc"]))
        if words:
            help_ = f"write one of: {', '.join(f'`{word}`' for word in words)}, or a mapping such as `{in_yaml(piece)}`"
        edits = (Edit(path, piece, invented=True),)
    if path[:1] == ("analytics",) and path[-1:] == ("sql",):
        # What stands for it reads whatever there is, so that nothing is told of it but this.
        expected, help_, edits = "SQL, or a list of it", _SQL_HELP, (Edit(path, ["${sql}"], invented=True),)
    if path == ("alarms",) and isinstance(value, str) and value.lower() in {"off", "no", "none", "disabled"}:
        help_, edits = "write `false`", (Edit(path, value=False),)
    meant = meant_scalar(kind, str(path[-1]) if path else "", value)
    if meant is not None:
        help_, edits = meant[1], (Edit(path, meant[0]),)
    elif kind.startswith("int"):
        help_, edits = in_a_finer_unit(details, path, model) or (help_, edits)
    if path[-1:] == ("kafka_version",) and isinstance(value, int | float) and not isinstance(value, bool):
        version = version_like(value, express=getattr(type_at(model, details["loc"][:-1]), "express", False))
        help_, edits = f'write `kafka_version: "{version}"`, in quotes', (Edit(path, version, invented=True),)
    if kind.startswith("string") and isinstance(value, list):
        help_ = (
            "write one name, without brackets" if len(value) != 1 else f"write `{in_yaml(value[0])}`, without brackets"
        )
        edits = (Edit(path, value[0]),) if len(value) == 1 else ()
    return Finding("LNG203", f"expected {expected}{other_words}", path, note=_seen(details), help=help_, edits=edits)


def _example(expected: str, details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Any:
    """What to paste where a mapping or a list is expected: made of what was written, where that can be."""
    value = details["input"]
    if expected == "a mapping" and path[-1:] and path[-1] in _WITH_REASONS and isinstance(value, list) and value:
        return {str(name): "REASON, in ten letters or more" for name in value}
    if expected == "a mapping" and path == ("alarms",) and isinstance(value, list):
        return {"notify": value}
    if expected == "a mapping" and isinstance(value, list) and value and all(map(_has_name, value)):
        return {item["name"]: {key: inner for key, inner in item.items() if key != "name"} for item in value}
    annotation = type_at(model, details["loc"])
    if isinstance(value, str) and value in kinds_of_type(annotation):
        annotation = descend(annotation, value)  # its kind alone was written
    piece = example_of(annotation, str(path[-1]) if path else "")
    if expected == "a list" and (isinstance(value, Mapping) or not isinstance(piece, list)):
        piece = [value] if isinstance(value, Mapping | str | int | float) else [piece]
    if expected == "a list" and isinstance(value, str | int | float) and "NAME" in in_yaml(piece):
        piece = [value]  # an example that says no more than where a name stands
    return piece


def _has_name(item: Any) -> bool:
    """Whether an item of a list says what it is called, as items of such lists do elsewhere."""
    return isinstance(item, Mapping) and isinstance(item.get("name"), str)


def _arn_of_no_destination(details: ErrorDetails, path: SpecPath, model: type[BaseModel]) -> Finding:
    return Finding(
        "LNG206",
        "the text has the wrong form",
        path,
        note=_seen(details),
        help="write `s3`, `sqs`, `sns`, the ARN of a queue, topic or bucket, or the name of one of `sns_topics`",
    )


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
    "on_failure_arn": _arn_of_no_destination,
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
        expected = str((details.get("ctx") or {}).get("expected", "")).replace("'", "`")
    return Finding(
        "LNG206", f"`{details['input']}` cannot be a name here", path, help=f"write {expected}" if expected else ""
    )
