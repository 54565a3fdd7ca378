"""The tokens of Flink SQL: words, names, texts, numbers and signs. Not its grammar: what is valid, Flink itself knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Form = Literal["word", "name", "text", "number", "sign", "hint"]

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*(?!\+).*?\*/)
    | (?P<hint>/\*\+.*?\*/)
    | (?P<text>'(?:[^']|'')*'(?!'))
    | (?P<name>`(?:[^`]|``)*`(?!`))
    | (?P<word>[^\W\d][\w$]*)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<sign>\$\{[^}\s]*\}|<>|!=|>=|<=|\|\||=>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {"'": "a text", "`": "a name", "/*": "a comment"}
_VARIABLE = re.compile(r"\$\{([^}\n]*)\}")


class Token(NamedTuple):
    """A token of SQL.

    Attributes:
        form: What it is; a `name` stands in backticks, a `hint` is a comment of Flink such as `/*+ OPTIONS(…) */`.
        text: As it stands, with its quotes.
        start: Where it begins, from 0.
    """

    form: Form
    text: str
    start: int

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
    for found in _TOKEN.finditer(sql):
        form, text = found.lastgroup, found[0]
        if form == "space":
            continue
        # What opens and does not close is matched as a sign by itself.
        opened = text if text in _OPEN else "/*" if sql.startswith("/*", found.start()) and form == "sign" else ""
        if opened:
            raise OpenQuoteError(_OPEN[opened], found.start())
        yield Token(form, text, found.start())  # type: ignore[arg-type]


def variables(text: str) -> Iterator[str]:
    """The names of the `${variables}` in a text, wherever they stand in it.

    Args:
        text: The text.
    """
    for found in _VARIABLE.finditer(text):
        yield found[1]


def line_and_column(sql: str, place: int) -> tuple[int, int]:
    """Where a place is, as editors count: line and column from 1.

    Args:
        sql: The SQL.
        place: The place, from 0.
    """
    before = sql[:place]
    return before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1


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
