"""Regular expressions as Java reads them: what in one of them Java refuses, so that the agent would not start.

Looks for what is certain: what does not close, what repeats nothing, escapes that there are none of. An expression that passes
may still match no line.
Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

from __future__ import annotations

import re

_LETTERS = frozenset("0123456789tnrfaecxuNpPdDhHsSvVwWbBAGZzRXkQ")
"""What may stand behind a backslash; any sign that is neither a letter nor a digit may, too."""
_REPETITION = re.compile(r"\{(\d+)(,(\d*))?\}")
_GROUP_OPENING = re.compile(r"\?(?:[:=!>]|<[=!]|<[A-Za-z][A-Za-z0-9]*>|[a-zA-Z-]*[:)])")


class _RefusedError(ValueError):
    """What is refused, in words."""


def refused(pattern: str, *, is_java: bool = True) -> str:
    """Why a regular expression is refused, in words; empty where nothing is known against it.

    Args:
        pattern: The regular expression.
        is_java: Whether Java reads it; Onigmo, which Fluent Bit has, knows more escapes, and takes a brace for itself.
    """
    try:
        _Reader(pattern, is_java=is_java).read()
    except _RefusedError as error:
        return str(error)
    return ""


class _Reader:
    """Goes through an expression once, from its start to its end."""

    def __init__(self, pattern: str, *, is_java: bool) -> None:
        self._pattern, self._is_java, self._at = pattern, is_java, 0

    def read(self) -> None:
        open_, repeatable = 0, False
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            if sign == "\\":
                repeatable = self._escape() or repeatable
            elif sign == "[":
                self._class()
                repeatable = True
            elif sign == "(":
                open_ += self._group()
                repeatable = False
            elif sign == ")":
                open_ -= 1
                if open_ < 0:
                    raise _RefusedError(f"the `)` at {self._at} closes no group")
                self._at += 1
                repeatable = True
            elif sign in "*+?{":
                repeatable = self._repeated(sign, repeatable=repeatable)
            else:
                self._at += 1
                repeatable = sign != "|"
        if open_:
            raise _RefusedError("a group opens with `(` and does not close")

    def _escape(self) -> bool:
        """Passes an escape by; whether it can be repeated."""
        follows = self._pattern[self._at + 1 : self._at + 2]
        if not follows:
            raise _RefusedError("it ends with a backslash")
        if follows == "Q":
            end = self._pattern.find(r"\E", self._at)
            self._at = len(self._pattern) if end < 0 else end + 2
            return True
        if self._is_java and follows.isascii() and follows.isalpha() and follows not in _LETTERS:
            raise _RefusedError(rf"there is no escape `\{follows}`")
        self._at += 2
        if self._pattern[self._at : self._at + 1] in {"{", "<"} and follows in "xuNpPkg":
            end = self._pattern.find("}" if self._pattern[self._at] == "{" else ">", self._at)
            if end < 0:
                raise _RefusedError(rf"what stands behind `\{follows}` does not close")
            self._at = end + 1
        return True

    def _class(self) -> None:
        """Passes a class of characters by, with those inside of it."""
        start, depth, first = self._at, 0, False
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            if sign == "\\":
                self._escape()
                first = False
                continue
            self._at += 1
            if sign == "[":
                depth += 1
                self._at += self._pattern[self._at : self._at + 1] == "^"
                first = True
                continue
            # A `]` right behind the `[` is one of the characters.
            if sign == "]" and not first:
                depth -= 1
                if not depth:
                    return
            first = False
        raise _RefusedError(f"the class of characters that opens at {start} does not close")

    def _group(self) -> int:
        """Passes the opening of a group by; 1 unless it is flags alone, which hold nothing."""
        self._at += 1
        if self._pattern[self._at : self._at + 1] != "?":
            return 1
        found = _GROUP_OPENING.match(self._pattern, self._at)
        if found is None:
            if self._pattern.startswith("?P<", self._at):
                raise _RefusedError("a group is named as in Python: `(?P<name>…)`; write `(?<name>…)`")
            if self._is_java:
                raise _RefusedError(f"the group at {self._at - 1} opens as none does")
            self._at += 2
            return 1
        self._at = found.end()
        return 0 if found[0].endswith(")") else 1

    def _repeated(self, sign: str, *, repeatable: bool) -> bool:
        """Passes a repetition by; whether what follows may be repeated again."""
        if sign == "{":
            found = _REPETITION.match(self._pattern, self._at)
            if found is None:
                if not self._is_java:
                    self._at += 1
                    return True
                raise _RefusedError(f"the `{{` at {self._at} repeats nothing so many times; one for itself is `\\{{`")
            if found[3] and int(found[3]) < int(found[1]):
                raise _RefusedError(f"`{found[0]}` repeats at least {found[1]} times and at most {found[3]}")
            self._at = found.end()
        elif not repeatable:
            raise _RefusedError(f"the `{sign}` at {self._at} repeats nothing")
        else:
            self._at += 1
        # Lazy or possessive.
        self._at += self._pattern[self._at : self._at + 1] in {"?", "+"}
        return sign == "{" and not self._is_java
