"""What it means that an application of Flink runs other code, other SQL, or with other properties; and those of SQL alone.

The state of an application belongs to the operators of its plan. Another statement makes another plan; a number or a text in
it leaves the plan as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.access.secrets_in_text import is_plain_secret, is_secret
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.known_text import known_text
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.grade import Grade
from streaming_constructs.review.meaning import Changed, Meaning, means, when_removed
from streaming_constructs.review.settings.flink_application import CONFIGURATION, V2, forgets, property_groups
from streaming_constructs.spec.analytics.sql_tokens import OpenQuoteError, tokens

_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(INSERT|CREATE|SELECT|WITH|BEGIN|EXECUTE)\s", re.IGNORECASE | re.DOTALL
)
_POSITION = re.compile(
    r"init(ial)?[._]?pos|startup[._-]?mode|starting[._-]?pos|offset[._]?reset|init\.timestamp", re.IGNORECASE
)
_RUN_OPTIONS = "kinesis.analytics.flink.run.options"
_LITERAL = re.compile(r"[eE]?'|[0-9]|\.[0-9]")
_STATEFUL = frozenset(
    {"GROUP", "JOIN", "OVER", "DISTINCT", "MATCH_RECOGNIZE", "TUMBLE", "HOP", "SESSION", "CUMULATE", "WINDOW", "STEP"}
)
"""Words of SQL that keep something between two records."""
_AGAIN = "take a snapshot, deploy it as a second application beside, and switch over once its windows are full"


@means(V2, f"{CONFIGURATION}.ApplicationCodeConfiguration")
def code(changed: Changed) -> Iterator[Meaning]:
    """The code of an application."""
    old, new = (_sql(value_at(value, ("CodeContent", "TextContent"))) for value in (changed.old, changed.new))
    if old and new:
        yield from sql_changed(changed, old, new)
    else:
        yield _code_changed(changed, "it runs other code: state of operators without a `uid` may not be restored")


def _code_changed(changed: Changed, what: str) -> Meaning:
    lost = forgets(changed.new_resource)
    grade: Grade = "danger" if lost else "caution"
    told = f"{what}; as {lost}, it starts without" if lost else what
    return Meaning("REV461", told, "take a snapshot first, and leave `AllowNonRestoredState` false", grade)


def _sql(value: Any) -> str:
    """A text of SQL; empty where a value is none."""
    text = known_text(value)
    return text if text is not None and _SQL.match(text) else ""


@means(V2, f"{CONFIGURATION}.EnvironmentProperties")
def properties(changed: Changed) -> Iterator[Meaning]:
    """What the code of an application reads: SQL, where sources start, and whatever else."""
    old, new = property_groups(changed.old), property_groups(changed.new)
    if old is None or new is None:
        yield Meaning("REV474", "its properties are others, and known at deployment only")
        return
    for place in dict.fromkeys([*old, *new]):
        if not same(old.get(place), new.get(place)):
            yield from _property(changed, place, old.get(place), new.get(place))


def _property(changed: Changed, place: tuple[str, str], old: Any, new: Any) -> Iterator[Meaning]:
    group, key = place
    said = f"`{group}.{key}`: {shown(old)} → {shown(new)}"
    if is_secret(key):
        if is_plain_secret(key, new):
            yield Meaning(
                "REV450",
                f"`{group}.{key}` stands in the template in plain text: whoever may read the stack or the application reads it",
                "hand over the ARN of a secret, and let the code read it",
            )
        else:
            yield Meaning("REV452", f"`{group}.{key}` is another reference to a secret, or is gone")
    elif _sql(old) and (_sql(new) or new is None):
        yield from sql_changed(changed, _sql(old), _sql(new))
    elif _sql(new) or group == _RUN_OPTIONS:
        yield _code_changed(changed, f"it runs other code: {said}")
    elif _POSITION.search(key):
        yield Meaning(
            "REV478",
            f"{said}: a source without state starts there, and reads again or skips",
            "keep the state, and see it restored",
        )
    else:
        yield Meaning("REV474", f"{said}: what it means is for the code")


def sql_changed(changed: Changed, old: str, new: str) -> Iterator[Meaning]:
    """What it means that SQL is another.

    Args:
        changed: The property that it stands in.
        old: The SQL as it is.
        new: As it would be.
    """
    before, after = _statements(old), _statements(new)
    if before == after:
        return
    shape_before, shape_after = (Counter(_shape(statement) for statement in side) for side in (before, after))
    lost = forgets(changed.new_resource)
    if shape_before == shape_after:
        yield _code_changed(
            changed, "a number or a text in its SQL is another: what is open is finished by the new one"
        )
    elif shape_before <= shape_after:
        yield _code_changed(
            changed, "its SQL has more statements: state may not be restored, as operators are numbered"
        )
    elif any(word in _STATEFUL for statement in before for word in statement):
        how = f"as {lost}, it starts without" if lost else "the update fails, or the state begins anew"
        yield Meaning(
            "REV460", f"its SQL is another, and the state of what it counted and joined does not fit: {how}", _AGAIN
        )
    else:
        yield _code_changed(changed, "its SQL is another; the old one kept nothing between records but its positions")


def _statements(sql: str) -> list[tuple[str, ...]]:
    """The statements of SQL, as their tokens: without spaces and comments, words in capitals."""
    try:
        found = list(tokens(sql))
    except OpenQuoteError:
        return [(sql,)]
    statements: list[list[str]] = [[]]
    for token in found:
        if token.text == ";":
            statements.append([])
        else:
            statements[-1].append(token.upper)
    return [tuple(statement) for statement in statements if statement]


def _shape(statement: tuple[str, ...]) -> tuple[str, ...]:
    """A statement without its numbers and texts."""
    return tuple("?" if _LITERAL.match(word) else word for word in statement)


_LEGACY = "AWS::KinesisAnalytics::Application"
_OUTPUTS = ("AWS::KinesisAnalytics::ApplicationOutput", "AWS::KinesisAnalyticsV2::ApplicationOutput")
_REFERENCES = (
    "AWS::KinesisAnalytics::ApplicationReferenceDataSource",
    "AWS::KinesisAnalyticsV2::ApplicationReferenceDataSource",
)


@means(_LEGACY, "ApplicationCode")
def legacy_code(changed: Changed) -> Iterator[Meaning]:
    """The SQL of an application of Kinesis Data Analytics for SQL, which begins its windows anew."""
    old, new = known_text(changed.old), known_text(changed.new)
    if old is not None and new is not None:
        yield from sql_changed(changed, old, new)
    else:
        yield _code_changed(changed, "its SQL is another, and known at deployment only")


@means(_LEGACY, "Inputs")
@means(V2, f"{CONFIGURATION}.SqlApplicationConfiguration")
@means(_OUTPUTS[0], "Output")
@means(_OUTPUTS[1], "Output")
@means(_REFERENCES[0], "ReferenceDataSource")
@means(_REFERENCES[1], "ReferenceDataSource")
def in_and_out(changed: Changed) -> Iterator[Meaning]:
    """What an application of SQL reads, and writes to."""
    yield Meaning("REV480", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@when_removed(*_OUTPUTS)
def output_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """An output of an application of SQL."""
    yield Meaning(
        "REV479",
        f"what the application writes to {shown(old.at('Output', 'Name'))} goes nowhere any more, and is lost",
        "take it out once nobody reads it",
    )
