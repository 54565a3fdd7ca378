"""The story of a field of the language, of a kind, or of a word for one that people bring from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from streaming_constructs.kinds import KINDS

if TYPE_CHECKING:
    from streaming_constructs.spec.fields import LanguageField

_TOLD_WHOLE = 6
"""Of a field that is more things than this, such as `kind`, each is told in a line."""


def field_story(word: str) -> str:
    """What is to be told about a word; empty where it is neither a field, a kind, nor a word that is known.

    Args:
        word: A field as `on_failure` or `consumers.fraud.on_failure`, a kind, or a word such as `dlq` or `ShardCount`.
    """
    from streaming_constructs.spec.fields import language_fields, steps

    path = steps(snake_case(word)) or ("",)
    name = path[-1]
    fields = language_fields()
    found = [field for field in fields if field.name == name and _is_meant(field, path)]
    parts = [*_told(found), *_kinds(name), *_brought(name, fields, found)]
    return "\n\n".join([*parts, *_codes(name)] if found else parts)


def our_words() -> set[str]:
    """Every field and kind of the language: each has a story."""
    from streaming_constructs.spec.fields import language_fields

    return {*(field.name for field in language_fields()), *(row.kind for row in KINDS if row.kind)}


def brought_words() -> set[str]:
    """Every word from elsewhere that has a story."""
    from streaming_constructs.spec.words import all_words

    return all_words()


def snake_case(word: str) -> str:
    """A word as the language writes it: `ShardCount` and `shard-count` are `shard_count`.

    Args:
        word: The word.
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).replace("-", "_").lower()


def _is_meant(field: LanguageField, path: Sequence[str]) -> bool:
    """Whether one of its places is the path, which may be a part of it, or have the names of nodes too."""
    from streaming_constructs.spec.fields import steps

    return any(set(steps(place)) <= set(path) or set(path) <= set(steps(place)) for place in field.places)


def _told(fields: Sequence[LanguageField]) -> Iterator[str]:
    if len(fields) > _TOLD_WHOLE:
        yield "\n".join(f"{field.places[0]}\n    {field.meaning}" for field in fields)
        return
    for field in fields:
        lines = [*field.places, "", _filled(field.meaning), "", _filled(field.takes, "Takes     ")]
        lines.append(_filled(field.left_out or "it is required", "Left out  "))
        yield "\n".join([*lines, *([f"Example   {field.example}"] if field.example else [])])


def _filled(text: str, head: str = "") -> str:
    from streaming_constructs.cli.console import text_width

    inside = " " * len(head)
    return fill(head + text, text_width(), subsequent_indent=inside, break_on_hyphens=False, break_long_words=False)


def _kinds(word: str) -> Iterator[str]:
    from streaming_constructs.spec.model import field_names
    from streaming_constructs.spec.section import model_of

    for row in KINDS:
        if word and row.kind == word:
            model = model_of(row)
            place = "deliveries.NAME.to" if row.section == "destinations" else f"{row.section}.NAME"
            about = _filled((model.__doc__ or "").partition("\n\n")[0])
            yield f"kind: {word}, in {place}\n\n{about}\n\n{_filled(', '.join(field_names(model)), 'Fields    ')}"


def _brought(word: str, fields: Sequence[LanguageField], told: Sequence[LanguageField]) -> Iterator[str]:
    """What a word from elsewhere is here, with the stories that were not told yet."""
    from streaming_constructs.spec.words import words_of_ours

    answers: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for place, ours, note in words_of_ours(word):
        if any(name.rpartition(".")[2] == word for name in ours):
            continue  # it is one of ours, that stands elsewhere
        answers.setdefault((ours, note), []).append(place)
    known = list(told)
    for (ours, note), places in answers.items():
        where = f" {_in(places)}" if any(places) else ""
        answer = f"is {' and '.join(f'`{name}`' for name in ours)} here" if ours else "is no field"
        yield _filled(f"`{word}`{where} {answer}" + (f": {note}." if note else "."))
        new = [field for field in fields if field not in known and any(_is_ours(field, name, places) for name in ours)]
        known += new
        yield from _told(new)


def _in(places: Sequence[str]) -> str:
    from streaming_constructs.spec.words import TOP

    return f"at {TOP}" if TOP in places else f"in {' and '.join(places)}"


def _is_ours(field: LanguageField, name: str, places: Sequence[str]) -> bool:
    from streaming_constructs.spec.fields import steps

    path = tuple(name.split("."))
    return any(
        steps(place)[-len(path) :] == path and (not any(places) or _is_in(steps(place), places))
        for place in field.places
    )


def _is_in(path: Sequence[str], places: Sequence[str]) -> bool:
    from streaming_constructs.spec.words import TOP

    if "workload" in places and path[-2:-1] == ("workload",):
        return True
    return len(path) == 1 if TOP in places else path[0] in places


def _codes(field: str) -> Iterator[str]:
    from streaming_constructs.spec.codes.about import codes_about

    rows = [f"  {code.code} {code.level:<8} {code.title}" for code in codes_about(field)]
    if rows:
        yield "\n".join(["Codes about it:", *rows])
