"""The statements of SQL: where one ends, what kind it is, what it writes to and what it reads, as far as tokens tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from streaming_constructs.spec.analytics.sql_tokens import Token, line_and_column, quoted, tokens, variables

StatementKind = Literal["insert", "select", "table", "view", "function", "set", "wrapper", "other"]

_WRAPPERS = (("EXECUTE", "STATEMENT", "SET"), ("BEGIN", "STATEMENT", "SET"), ("STATEMENT", "SET"))
_WINDOWS = frozenset({"TUMBLE", "HOP", "CUMULATE", "SESSION"})
_CLAUSES = frozenset(
    {"HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "QUALIFY", ";"}
)
_WITH_FROM = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "OVERLAY", "CEIL", "FLOOR", "POSITION"})
_AFTER_TABLES = frozenset({"FROM", "JOIN", "TABLE"})
_NO_SPACE, _BLANK_LINE = re.compile(r"\S"), re.compile(r"[^\S\n]+\n")


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        text: As it is written, without the `;` behind it.
        tokens: Its tokens; places are those of the whole SQL.
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
            return self._name_at(2)[0]
        if self.kind in {"table", "view", "function"}:
            place = self.words.index({"table": "TABLE", "view": "VIEW", "function": "FUNCTION"}[self.kind]) + 1
            if self.words[place : place + 3] == ("IF", "NOT", "EXISTS"):
                place += 3
            return self._name_at(place)[0]
        return ""

    def _name_at(self, place: int) -> tuple[str, int]:
        """The name that begins at a token, and the token behind it."""
        name = ""
        while place < len(self.tokens) and self.tokens[place].form in {"word", "name"}:
            name = self.tokens[place].value
            place += 1
            if place >= len(self.tokens) or self.tokens[place].text != ".":
                break
            place += 1
        return name, place

    @cached_property
    def reads(self) -> tuple[tuple[str, Token], ...]:
        """The names after FROM, JOIN and TABLE, each with its token; those of views and of WITH are among them."""
        found: list[tuple[str, Token]] = []
        for place, word in enumerate(self.words):
            if word not in _AFTER_TABLES or (self.kind == "table" and word == "TABLE" and place < 4):
                continue
            if word == "FROM" and (place in self._froms_of_functions or words_before(self.words, place) == "DISTINCT"):
                continue
            at = place + 1
            while at < len(self.tokens) and self.tokens[at].form in {"word", "name"}:
                name, behind = self._name_at(at)
                follows = self.tokens[behind].text if behind < len(self.tokens) else ""
                if follows != "(" and not (self.tokens[at].upper == "LATERAL" and follows.upper() == "TABLE"):
                    found.append((name, self.tokens[at]))
                at = self._next_of_list(behind) if word == "FROM" else len(self.tokens)
        return tuple(found)

    @cached_property
    def _froms_of_functions(self) -> frozenset[int]:
        """The places of FROM in `EXTRACT(DAY FROM …)`, `TRIM(… FROM …)` and their like, behind which no table stands."""
        found, opened = set[int](), list[str]()
        for place, word in enumerate(self.words):
            if word == "(":
                opened.append(words_before(self.words, place))
            elif word == ")" and opened:
                opened.pop()
            elif word == "FROM" and opened and opened[-1] in _WITH_FROM:
                found.add(place)
        return frozenset(found)

    def _next_of_list(self, place: int) -> int:
        """Where the next table of `FROM a, b AS c` begins; the end where there is none."""
        for at in range(place, min(place + 3, len(self.tokens))):
            if self.tokens[at].text == ",":
                return at + 1
            if self.tokens[at].form not in {"word", "name"}:
                break
        return len(self.tokens)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that `WITH name AS (…)` and `WITH name (columns) AS (…)` give in it."""
        found, words = set[str](), self.words
        for place in range(len(words) - 2):
            behind = place + 1
            if words[behind] == "(" and words[place - 1 : place] in {("WITH",), (",",)}:
                behind = _closing(words, behind) + 1
            if self.tokens[place].form in {"word", "name"} and words[behind : behind + 2] == ("AS", "("):
                found.add(self.tokens[place].value)
        return frozenset(found)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of its variables, each once."""
        return tuple(dict.fromkeys(variables(self.text)))

    @cached_property
    def windows(self) -> tuple[tuple[str, str, str], ...]:
        """Its windowing functions over tables: the function, what it is over, and the field of its DESCRIPTOR."""
        found = []
        words = self.words
        for place, word in enumerate(words):
            # FROM TABLE(TUMBLE(TABLE clicks PARTITION BY …, DESCRIPTOR(event_time), …)), or by names: DATA => TABLE clicks.
            if word in _WINDOWS and words[place + 1 : place + 2] == ("(",):
                inner = words[place + 2 : _closing(words, place + 1)]
                if "TABLE" not in inner or "DESCRIPTOR" not in inner:
                    continue
                over = self._name_at(place + 3 + inner.index("TABLE"))[0]
                at = place + 2 + inner.index("DESCRIPTOR") + 2
                found.append((word, over, self._name_at(at)[0]))
        return tuple(found)

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The words of each of its GROUP BYs."""
        found = []
        words = self.words
        for place in range(len(words) - 1):
            if words[place : place + 2] == ("GROUP", "BY"):
                depth, at = 0, place + 2
                while at < len(words) and not (depth == 0 and (words[at] in _CLAUSES or words[at] == ")")):
                    depth += (words[at] == "(") - (words[at] == ")")
                    at += 1
                found.append(words[place + 2 : at])
        return tuple(found)

    @cached_property
    def named_columns(self) -> tuple[str, ...]:
        """The columns that `INSERT INTO table (…)` names; none where it names none."""
        place = self._name_at(2)[1] if self.kind == "insert" else len(self.tokens)
        if self.words[place : place + 1] != ("(",) or self.words[place + 1 : place + 2] in {("SELECT",), ("WITH",)}:
            return ()
        inner = self.tokens[place + 1 : _closing(self.words, place)]
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


def words_before(words: Sequence[str], place: int) -> str:
    """The word before a place; empty at the beginning.

    Args:
        words: Words in capitals.
        place: The place.
    """
    return words[place - 1] if place else ""


def _closing(words: Sequence[str], place: int) -> int:
    """Where the parenthesis closes that opens at a place; the end where it does not."""
    depth = 0
    for at in range(place, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return at
    return len(words)


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
    start = group[0].start
    line, column = line_and_column(sql, start)
    yield Statement(_text(sql, group), tuple(group), item, file, line, start, column=column)


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
    written = next(statements(f"INSERT INTO {quoted(target)}{named}\n{select.text}"))
    return replace(
        written,
        item=select.item,
        file=select.file,
        line=select.line,
        start=select.start,
        lines_before=1,
        column=select.column,
    )
