"""The rule of a composite alarm: which alarms it is about, and whether another rule holds whenever it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Template

COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"
METRIC_ALARM = "AWS::CloudWatch::Alarm"
_TOKEN = re.compile(r"\s*(\(|\)|[A-Z_]+(?=\s*\()|AND\b|OR\b|NOT\b|TRUE\b|FALSE\b)")
_NAME = re.compile(r'\(\s*(?:"([^"]*)"|([^()"\s][^()]*?))\s*\)')
_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
_MOST_ATOMS = 12
Holds = Callable[[Mapping[str, bool]], bool]


@dataclass(frozen=True)
class AlarmRule:
    """The rule of a composite alarm.

    Attributes:
        alarms: The alarms of the template that it is about, by logical id.
        strangers: The names in it that are no alarm of the template.
        states: The states that it asks for, such as `ALARM(Lag)`.
        holds: Whether it holds, told which of those states are; None where it could not be read.
    """

    alarms: frozenset[str]
    strangers: frozenset[str]
    states: tuple[str, ...]
    holds: Holds | None


def alarm_rule(template: Template, rule: Any, names: Mapping[str, str] | None = None) -> AlarmRule:
    """The rule of a composite alarm, read.

    Args:
        template: Its template.
        rule: The rule.
        names: What logical ids are called instead, where they are compared with those of another template.
    """
    text, alarms = _text(template, rule)
    reader = _Reader(text, {**_by_name(template), **{f"\0{name}": name for name in alarms}}, names or {})
    holds = reader.read()
    return AlarmRule(frozenset(reader.alarms), frozenset(reader.strangers), tuple(dict.fromkeys(reader.states)), holds)


def _text(template: Template, rule: Any) -> tuple[str, set[str]]:
    """The text of a rule in which a reference is the logical id after a NUL."""
    parts = rule["Fn::Join"][1] if isinstance(rule, Mapping) and isinstance(rule.get("Fn::Join"), list) else [rule]
    text, found = "", set()
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, str):
            text += part
            continue
        target = template.target(part)
        if target is None:
            text += "\1"
        else:
            found.add(target.logical_id)
            text += f"\0{target.logical_id}"
    return text, found


def _by_name(template: Template) -> dict[str, str]:
    """The alarms of a template by their names in words."""
    return {
        resource.at("AlarmName"): resource.logical_id
        for resource in template.of_type(METRIC_ALARM, COMPOSITE_ALARM)
        if isinstance(resource.at("AlarmName"), str)
    }


class _Reader:
    """Reads `ALARM(a) AND (OK(b) OR NOT ALARM("c"))`; NOT binds first, then AND, then OR."""

    def __init__(self, text: str, known: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._text = text
        self._known = known
        self._names = names
        self._at = 0
        self.alarms: set[str] = set()
        self.strangers: set[str] = set()
        self.states: list[str] = []

    def read(self) -> Holds | None:
        try:
            found = self._either()
        except (ValueError, RecursionError):
            found = None
        if found is None or self._text[self._at :].strip():
            self._gather()
            return None
        return found

    def _gather(self) -> None:
        """Of a rule that cannot be read, at least the alarms that are named in it."""
        for match in _NAME.finditer(self._text):
            for name in [match[1]] if match[1] is not None else match[2].split(","):
                self._identity(name.strip().strip('"'))

    def _peek(self) -> str:
        match = _TOKEN.match(self._text, self._at)
        return match[1] if match else ""

    def _take(self, token: str) -> bool:
        match = _TOKEN.match(self._text, self._at)
        if match and match[1] == token:
            self._at = match.end()
            return True
        return False

    def _either(self) -> Holds:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda state: any(part(state) for part in parts)

    def _both(self) -> Holds:
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda state: all(part(state) for part in parts)

    def _one(self) -> Holds:
        if self._take("NOT"):
            inner = self._one()
            return lambda state: not inner(state)
        if self._take("("):
            inside = self._either()
            if not self._take(")"):
                raise ValueError
            return inside
        for word, is_so in (("TRUE", True), ("FALSE", False)):
            if self._take(word):
                return _always(is_so)
        return self._state()

    def _state(self) -> Holds:
        word = self._peek()
        if word not in _STATES or not self._take(word):
            raise ValueError
        match = _NAME.match(self._text, self._at + len(self._text[self._at :]) - len(self._text[self._at :].lstrip()))
        if match is None:
            raise ValueError
        self._at = match.end()
        state = f"{word}({self._identity(match[1] if match[1] is not None else match[2])})"
        self.states.append(state)
        return lambda given: given.get(state, False)

    def _identity(self, name: str) -> str:
        # An alarm may be called by its ARN, which ends in its name.
        for candidate in (name, name.rpartition(":alarm:")[2]):
            if candidate in self._known:
                logical_id = self._known[candidate]
                self.alarms.add(logical_id)
                return self._names.get(logical_id, logical_id)
        if "\1" not in name and name not in _STATES:
            self.strangers.add(name)
        return f"'{name}'"


def _always(is_so: bool) -> Holds:  # noqa: FBT001 - a value, not a switch
    return lambda _state: is_so


def fires_less(old: AlarmRule, new: AlarmRule) -> bool | None:
    """Whether there are states in which a rule holds today and would not; None where a rule cannot be read.

    Args:
        old: The rule as it is.
        new: The rule as it would be.
    """
    states = tuple(dict.fromkeys((*old.states, *new.states)))
    if old.holds is None or new.holds is None or len(states) > _MOST_ATOMS:
        return None
    for values in product((False, True), repeat=len(states)):
        given = dict(zip(states, values, strict=True))
        if old.holds(given) and not new.holds(given):
            return True
    return False


def is_never(rule: AlarmRule) -> bool:
    """Whether a rule holds in no state at all.

    Args:
        rule: The rule.
    """
    if rule.holds is None or len(rule.states) > _MOST_ATOMS:
        return False
    rows = product((False, True), repeat=len(rule.states))
    return not any(rule.holds(dict(zip(rule.states, values, strict=True))) for values in rows)


def means_the_same(old: AlarmRule, new: AlarmRule, before: Any, after: Any) -> bool:
    """Whether two rules hold in the same states.

    Args:
        old: A rule.
        new: Another.
        before: The first as it is written.
        after: The second.
    """
    return same(before, after) or (fires_less(old, new) is False and fires_less(new, old) is False)
