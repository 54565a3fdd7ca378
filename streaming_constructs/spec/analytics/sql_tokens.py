"""The tokens of Flink SQL: words, names, texts, numbers and signs. Not its grammar: what is valid, Flink itself knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Form = Literal["word", "name", "text", "number", "sign", "hint"]

VARIABLE_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,127}"
"""What the name of a `${variable}` is: the runner of the jar replaces these, and leaves all else in `${…}` as it stands."""
# As Flink's lexer has them. All are possessive: what does not end is found out in one go.
_COMMENT = r"(?:--|//)[^\n\r]*+|/\*(?!\+)(?:(?!\*/).)*+\*/"
_TEXT = r"[eE]'(?:[^'\\]|\\.|'')*+'|'(?:[^']|'')*+'"
_NAME = r"`(?:[^`]|``)*+`"
_TOKEN = re.compile(
    rf"""
      (?P<space>\s++|{_COMMENT})
    | (?P<hint>/\*\+(?:{_TEXT}|{_NAME}|(?!\*/).)*+\*/)
    | (?P<text>{_TEXT})
    | (?P<name>{_NAME})
    | (?P<open>[eE]?'|`|/\*)
    | (?P<word>[^\W\d](?:\w|\$(?!\{{))*+)
    | (?P<number>\d++(?:\.\d*+)?(?:[eE][+-]?\d++)?|\.\d++)
    | (?P<sign>\$\{{[^}}\n]*+\}}|<>|!=|>=|<=|\|\||=>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {"'": "a text", "`": "a name", "*": "a comment"}
_VARIABLE = re.compile(rf"\$\{{({VARIABLE_NAME})\}}")
_LIKE_VARIABLE = re.compile(r"\$\{([^}\n$]*)\}")
_ESCAPED = re.compile(r"\\.|''", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n|\r")


class Token(NamedTuple):
    """A token of SQL.

    Attributes:
        form: What it is; a `name` stands in backticks, a `hint` is a comment of Flink such as `/*+ OPTIONS(…) */`.
        text: As it stands, with its quotes.
        start: Where it begins, from 0.
        line: Its line, from 1.
        column: Its column, from 1.
    """

    form: Form
    text: str
    start: int
    line: int = 1
    column: int = 1

    @property
    def end(self) -> int:
        """Where what follows begins."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """A word in capitals; of anything else the text, as a name is no keyword."""
        return self.text.upper() if self.form == "word" else self.text

    @property
    def value(self) -> str:
        """What a name or a text says, without its quotes; of anything else its text."""
        if self.form == "text" and self.text[0] in "eE":
            return _ESCAPED.sub(lambda found: found[0][1], self.text[2:-1])
        if self.form in {"name", "text"}:
            quote = self.text[0]
            return self.text[1:-1].replace(quote * 2, quote)
        return self.text


class OpenQuoteError(ValueError):
    """A text, a name or a comment that does not end.

    Attributes:
        what: What it is, in words.
        start: Where it begins, from 0.
    """

    def __init__(self, what: str, start: int) -> None:
        self.what = what
        self.start = start
        super().__init__(f"{what} is not closed")


def tokens(sql: str) -> Iterator[Token]:
    """The tokens of SQL, without spaces and comments.

    Args:
        sql: The SQL.

    Raises:
        OpenQuoteError: If a text, a name or a comment does not end.
    """
    line, line_start = 1, 0
    for found in _TOKEN.finditer(sql):
        form, text, start = found.lastgroup, found[0], found.start()
        if form == "open":
            raise OpenQuoteError(_OPEN[text[-1]], start)
        if form != "space":
            yield Token(form, text, start, line, start - line_start + 1)  # type: ignore[arg-type]
        for end in _LINE_END.finditer(text):
            line, line_start = line + 1, start + end.end()


def variables(text: str) -> Iterator[str]:
    """The names of the `${variables}` in a text, wherever they stand in it: those that the runner replaces.

    Args:
        text: The text.
    """
    for found in _VARIABLE.finditer(text):
        yield found[1]


def no_variables(text: str) -> Iterator[str]:
    """What stands as `${…}` in a text and is no variable, as its name is none: the runner leaves it as it is.

    Args:
        text: The text.
    """
    return (found[1] for found in _LIKE_VARIABLE.finditer(text) if not re.fullmatch(VARIABLE_NAME, found[1]))


def line_and_column(sql: str, place: int) -> tuple[int, int]:
    """Where a place is, as editors count: line and column from 1.

    Args:
        sql: The SQL.
        place: The place, from 0.
    """
    ends = [end.end() for end in _LINE_END.finditer(sql, 0, place)]
    return len(ends) + 1, place - (ends[-1] if ends else 0) + 1


def quoted(name: str) -> str:
    """A name in backticks: no word of it is taken for a keyword.

    Args:
        name: The name.
    """
    return f"`{name.replace('`', '``')}`"


def literal(text: str) -> str:
    """A text in quotes.

    Args:
        text: The text.
    """
    return f"'{text.replace(chr(39), chr(39) * 2)}'"
