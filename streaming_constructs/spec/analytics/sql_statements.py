"""The statements of SQL: where one ends, what kind it is, what it writes to and what it reads, as far as tokens tell."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from streaming_constructs.spec.analytics.sql_reads import name_at, read_tables
from streaming_constructs.spec.analytics.sql_tokens import Token, quoted, tokens, variables

StatementKind = Literal["insert", "select", "table", "view", "function", "set", "wrapper", "other"]

_WRAPPERS = (("EXECUTE", "STATEMENT", "SET"), ("BEGIN", "STATEMENT", "SET"), ("STATEMENT", "SET"))
_WINDOWS = frozenset({"TUMBLE", "HOP", "CUMULATE", "SESSION"})
_ENDS_GROUP = frozenset(
    {"HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "QUALIFY", ";", ")"}
)
_NO_SPACE, _BLANK_LINE = re.compile(r"\S"), re.compile(r"[^\S\n]+\n")


class Window(NamedTuple):
    """A windowing function over a table.

    Attributes:
        function: The function, such as `TUMBLE`.
        over: The table that it is over.
        field: The field of its DESCRIPTOR.
        token: The token of the function.
    """

    function: str
    over: str
    field: str
    token: Token


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        text: As it is written, without the `;` behind it.
        tokens: Its tokens; lines and columns are those of the whole SQL.
        item: Which item of `sql` it stands in, from 0.
        file: The file that it stands in; empty where the spec has it.
        line: Where it begins in there, from 1.
        start: Where it begins in its SQL, from 0.
        lines_before: How many lines of `text` are not the SQL's own: the INSERT of a bare SELECT.
        column: Where it begins in its line, from 1.
    """

    text: str
    tokens: tuple[Token, ...] = field(repr=False)
    item: int = 0
    file: str = ""
    line: int = 1
    start: int = 0
    lines_before: int = 0
    column: int = 1

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its tokens with words in capitals."""
        return tuple(token.upper for token in self.tokens)

    @cached_property
    def kind(self) -> StatementKind:
        """What it is."""
        words = self.words
        first = words[0] if words else ""
        if first == "INSERT":
            return "insert" if words[1:2] == ("INTO",) else "other"
        if first in {"SELECT", "WITH", "("}:
            return "select"
        if first == "SET":
            return "set"
        if first == "CREATE":
            return self._created
        return "other"

    @property
    def _created(self) -> StatementKind:
        rest = [word for word in self.words[1:5] if word not in {"OR", "REPLACE", "TEMPORARY", "SYSTEM"}][:1]
        kinds: dict[str, StatementKind] = {"TABLE": "table", "VIEW": "view", "FUNCTION": "function"}
        return kinds.get(rest[0] if rest else "", "other")

    @cached_property
    def target(self) -> str:
        """What it writes to, or creates: the last part of the name; empty where it has none."""
        if self.kind == "insert":
            return name_at(self.tokens, 2)[0]
        if self.kind in {"table", "view", "function"}:
            place = self.words.index({"table": "TABLE", "view": "VIEW", "function": "FUNCTION"}[self.kind]) + 1
            if self.words[place : place + 3] == ("IF", "NOT", "EXISTS"):
                place += 3
            return name_at(self.tokens, place)[0]
        return ""

    @cached_property
    def reads(self) -> tuple[tuple[str, Token], ...]:
        """The names after FROM, JOIN and TABLE, each with its token; those of views and of WITH are among them."""
        first = self.words.index("TABLE") + 1 if self.kind == "table" else 0
        return tuple(read_tables(self.tokens, self.words, first))

    @cached_property
    def _closings(self) -> Mapping[int, int]:
        """Where each parenthesis closes, by where it opens; the end where it does not."""
        closings, opened = dict[int, int](), list[int]()
        for place, word in enumerate(self.words):
            if word == "(":
                opened.append(place)
            elif word == ")" and opened:
                closings[opened.pop()] = place
        return closings | dict.fromkeys(opened, len(self.words))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that `WITH name AS (…)` and `WITH name (columns) AS (…)` give in it."""
        found, words = set[str](), self.words
        for place in range(len(words) - 2):
            behind = place + 1
            if words[behind] == "(" and words[place - 1 : place] in {("WITH",), (",",)}:
                behind = self._closings[behind] + 1
            if self.tokens[place].form in {"word", "name"} and words[behind : behind + 2] == ("AS", "("):
                found.add(self.tokens[place].value)
        return frozenset(found)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of its variables, each once."""
        return tuple(dict.fromkeys(variables(self.text)))

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Its windowing functions over tables."""
        found = []
        words = self.words
        tables = [place for place, word in enumerate(words) if word == "TABLE"]
        times = [place for place, word in enumerate(words) if word == "DESCRIPTOR"]
        for place, word in enumerate(words):
            # FROM TABLE(TUMBLE(TABLE clicks PARTITION BY …, DESCRIPTOR(event_time), …)), or by names: DATA => TABLE clicks.
            if word in _WINDOWS and words[place + 1 : place + 2] == ("(",):
                table, time = _first_behind(tables, place), _first_behind(times, place)
                if max(table, time) < self._closings[place + 1]:
                    over, field = name_at(self.tokens, table + 1)[0], name_at(self.tokens, time + 2)[0]
                    found.append(Window(word, over, field, self.tokens[place]))
        return tuple(found)

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The words of each of its GROUP BYs."""
        words = self.words
        return tuple(words[start : self._end_of_group(start)] for start in self.group_places)

    @cached_property
    def group_places(self) -> tuple[int, ...]:
        """Where what each of its GROUP BYs groups by begins."""
        return tuple(place + 2 for place, pair in enumerate(pairwise(self.words)) if pair == ("GROUP", "BY"))

    def _end_of_group(self, place: int) -> int:
        depth, words = 0, self.words
        while place < len(words) and words[place] != "GROUP" and (depth or words[place] not in _ENDS_GROUP):
            depth += (words[place] == "(") - (words[place] == ")")
            place += 1
        return place

    @cached_property
    def named_columns(self) -> tuple[str, ...]:
        """The columns that `INSERT INTO table (…)` names; none where it names none."""
        place = name_at(self.tokens, 2)[1] if self.kind == "insert" else len(self.tokens)
        if self.words[place : place + 1] != ("(",) or self.words[place + 1 : place + 2] in {("SELECT",), ("WITH",)}:
            return ()
        inner = self.tokens[place + 1 : self._closings[place]]
        return tuple(token.value for token in inner if token.form in {"word", "name"})

    @cached_property
    def selected(self) -> tuple[tuple[str, tuple[Token, ...]], ...]:
        """What its first SELECT selects: the name of each column, as far as it has one, with its tokens."""
        words, depth, start = self.words, 0, None
        found: list[tuple[str, tuple[Token, ...]]] = []
        for place, word in enumerate(words):
            depth += (word == "(") - (word == ")")
            if start is None:
                start = place + 1 if word == "SELECT" and depth == 0 else None
                if start is not None and words[start : start + 1] in {("DISTINCT",), ("ALL",)}:
                    start += 1
            elif depth == 0 and word in {",", "FROM"}:
                column = self.tokens[start:place]
                found.append((_column_name(column), column))
                start = place + 1
                if word == "FROM":
                    return tuple(found)
        return tuple(found)

    @cached_property
    def options(self) -> tuple[tuple[str, str, Token], ...]:
        """What CREATE TABLE … WITH says: key, value, and the token of the key."""
        words = self.words
        start = next((place for place in range(len(words) - 1) if words[place : place + 2] == ("WITH", "(")), None)
        if self.kind != "table" or start is None:
            return ()
        found = []
        for place in range(start + 2, len(self.tokens) - 2):
            key, equals, value = self.tokens[place : place + 3]
            if key.form == value.form == "text" and equals.text == "=":
                found.append((key.value, value.value, key))
        return tuple(found)

    @cached_property
    def assignment(self) -> tuple[str, str] | None:
        """The key and value of `SET 'key' = 'value'`; None of `SET` alone."""
        parts = self.tokens[1:]
        equals = next((place for place, token in enumerate(parts) if token.text == "="), None)
        if self.kind != "set" or equals is None:
            return None
        return "".join(token.value for token in parts[:equals]), "".join(token.value for token in parts[equals + 1 :])


def _first_behind(places: Sequence[int], place: int) -> int:
    """The first of places in order that is behind another; beyond all where there is none."""
    at = bisect_right(places, place)
    return places[at] if at < len(places) else sys.maxsize


def statements(sql: str, item: int = 0, file: str = "") -> Iterator[Statement]:
    """The statements of SQL; those that a statement set wraps stand by themselves.

    Args:
        sql: The SQL.
        item: Which item of `sql` it is, from 0.
        file: The file that it is of. Left out: none.

    Raises:
        OpenQuoteError: If a text, a name or a comment does not end.
    """
    group: list[Token] = []
    for token in tokens(sql):
        if token.text != ";" or token.form != "sign":
            group.append(token)
            continue
        yield from _unwrapped(sql, group, item, file)
        group = []
    yield from _unwrapped(sql, group, item, file)


def _unwrapped(sql: str, group: list[Token], item: int, file: str) -> Iterator[Statement]:
    words = [token.upper for token in group]
    for wrapper in _WRAPPERS:
        if tuple(words[: len(wrapper)]) == wrapper:
            group = group[len(wrapper) :]
            if group and group[0].upper == "BEGIN":
                group = group[1:]
            break
    if not group or [token.upper for token in group] == ["END"]:
        return
    first = group[0]
    yield Statement(_text(sql, group), tuple(group), item, file, first.line, first.start, column=first.column)


def _text(sql: str, group: Sequence[Token]) -> str:
    """A statement as it is written, with spaces for what are comments: all else keeps its line and its column."""
    parts = []
    for place, token in enumerate(group):
        between = sql[group[place - 1].end : token.start] if place else ""
        if between.strip():
            between = _BLANK_LINE.sub("\n", _NO_SPACE.sub(" ", between))
        parts.append(between + token.text)
    return "".join(parts)


def _column_name(column: Sequence[Token]) -> str:
    """The name of a selected column: its alias, or the column that it is; empty of all else."""
    if not column or column[-1].form not in {"word", "name"}:
        return ""
    if len(column) == 1 or column[-2].upper in {"AS", "."}:
        return column[-1].value
    return column[-1].value if column[-2].text == ")" and column[-1].upper != "END" else ""


def as_insert(select: Statement, target: str, columns: Sequence[str] = ()) -> Statement:
    """A bare SELECT that writes to the one node there is.

    Args:
        select: The statement.
        target: The node.
        columns: The columns that it fills, in its order. Left out: all of the table, by their place.
    """
    named = f" ({', '.join(map(quoted, columns))})" if columns else ""
    into, first = f"INSERT INTO {quoted(target)}{named}", select.tokens[0]
    # What is written before it has no place: it is told at that of the SELECT.
    before = (token._replace(line=first.line, column=first.column) for token in tokens(into))
    return replace(select, text=f"{into}\n{select.text}", tokens=(*before, *select.tokens), lines_before=1)
