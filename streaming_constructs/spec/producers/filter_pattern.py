"""The filter patterns of CloudWatch Logs: what in one of them CloudWatch Logs refuses.

Only what its pages rule out is looked for: quotes and brackets that do not close, terms with characters that need quotes,
conditions on no field. A pattern that passes may still match nothing.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from streaming_constructs.facts import logs

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_REGEX = re.compile(r"%[^%]*%")
_BEFORE_A_TERM = frozenset(" \t\n?-=(,[&|<>!")
_NEEDS_QUOTES = frozenset(":;,[](){}/\\@`'=<>!&|#$^+~%\"")
_BRACKETS = {"{": "}", "[": "]"}
_COMPARISON = re.compile(r"!=|<=|>=|=|<|>|\bIS\s+(NULL|TRUE|FALSE)\b|\b(NOT\s+)?EXISTS\b", re.IGNORECASE)


class _Part(NamedTuple):
    """A stretch of a pattern: `text`, a `phrase` in quotes or a `regex` between percent signs."""

    kind: str
    text: str


class _RefusedError(ValueError):
    """What is refused, in words."""


def refused(pattern: str) -> str:
    """Why CloudWatch Logs refuses a filter pattern, in words; empty where nothing is known against it.

    Args:
        pattern: The filter pattern.
    """
    try:
        _check(pattern.strip())
    except _RefusedError as error:
        return str(error)
    return ""


def _check(pattern: str) -> None:
    parts = list(_parts(pattern))
    regexes = [part.text for part in parts if part.kind == "regex"]
    for regex in regexes:
        odd = next((sign for sign in "()!" if sign in regex), "")
        if odd:
            raise _RefusedError(f"the regular expression {regex} has `{odd}`, which is not supported")
    opening = pattern[:1]
    if opening not in _BRACKETS:
        _check_terms(parts)
        return
    if pattern[-1] != _BRACKETS[opening] or parts[-1].kind != "text":
        raise _RefusedError(f"it starts with `{opening}`, and does not end with `{_BRACKETS[opening]}`")
    most = logs.FILTER_PATTERN_REGULAR_EXPRESSIONS.value
    if len(regexes) > most:
        raise _RefusedError(f"it has {len(regexes)} regular expressions, and may have {most:,.0f}")
    # What is quoted may hold anything; it is a value.
    inside = "".join(part.text if part.kind == "text" else "quoted" for part in parts)[1:-1]
    _check_parentheses(inside)
    if opening == "{":
        _check_conditions(inside)
    elif not inside.strip():
        raise _RefusedError("it names no fields")


def _parts(pattern: str) -> Iterator[_Part]:
    start = at = 0
    while at < len(pattern):
        sign = pattern[at]
        is_regex = sign == "%" and (at == 0 or pattern[at - 1] in _BEFORE_A_TERM)
        if sign != '"' and not is_regex:
            at += 1
            continue
        found = (_REGEX if is_regex else _QUOTED).match(pattern, at)
        if found is None:
            raise _RefusedError(
                f"a {'regular expression' if is_regex else 'phrase'} opens with `{sign}` and does not close"
            )
        if start < at:
            yield _Part("text", pattern[start:at])
        yield _Part("regex" if is_regex else "phrase", found[0])
        start = at = found.end()
    if start < len(pattern):
        yield _Part("text", pattern[start:])


def _check_terms(parts: list[_Part]) -> None:
    """Words and phrases: whatever is no letter, digit or `_` stands in quotes."""
    for part in parts:
        if part.kind == "text":
            for term in part.text.split():
                odd = next((sign for sign in term.lstrip("?-") if sign in _NEEDS_QUOTES), "")
                if odd:
                    raise _RefusedError(f"the term {term} has `{odd}`, and is not in double quotes")


def _check_parentheses(inside: str) -> None:
    open_ = 0
    for sign in inside:
        open_ += {"(": 1, ")": -1}.get(sign, 0)
        if open_ < 0:
            raise _RefusedError("a `)` closes nothing")
    if open_:
        raise _RefusedError("a `(` does not close")


def _check_conditions(inside: str) -> None:
    for condition in re.split(r"&&|\|\|", inside):
        bare = condition.replace("(", " ").replace(")", " ").strip()
        if not bare:
            raise _RefusedError("a condition is missing" if inside.strip() else "it has no condition")
        if not bare.startswith("$"):
            raise _RefusedError(f"the condition `{bare}` is on no field: a field starts with `$.`")
        if _COMPARISON.search(bare) is None:
            raise _RefusedError(f"the condition `{bare}` compares with nothing")
