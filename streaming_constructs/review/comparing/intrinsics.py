"""The meaning of values: intrinsic functions carried out where what they need is known, and written in one way where it is not.

What is left is plain data with `{"Ref": id}`, `{"Fn::GetAtt": [id, attribute]}`, texts put together as
`{"Fn::Join": ["", parts]}`, and functions of what is known at deployment only. `Fn::Sub` becomes the `Fn::Join` that says the
same; a parameter becomes its value.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\$\{([^${}]*)\}")
_NO_VALUE = object()
"""What `AWS::NoValue` says: the property is left out."""
_UNKNOWN = object()
_LISTS = {"CommaDelimitedList", "List<Number>"}


class Resolver:
    """Reads values of one template.

    Args:
        data: The template as it was written, short forms written out.
        values: Values of parameters. Left out: their defaults; one without a default stays a `Ref`.
    """

    def __init__(self, data: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> None:
        self._mappings = _mapping(data.get("Mappings"))
        self._conditions = _mapping(data.get("Conditions"))
        self._parameters = _mapping(data.get("Parameters"))
        self._given = values or {}
        self._known: dict[str, bool | None] = {}
        self._functions = {
            "Ref": self._ref,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::GetAtt": self._get_att,
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::ToJsonString": self._to_json_string,
            "Fn::Length": self._length,
        }

    def value(self, value: Any) -> Any:
        """The meaning of a value; None where it says that it is left out.

        Args:
            value: A value as it was written.
        """
        found = self._value(value)
        return None if found is _NO_VALUE else found

    def holds(self, name: Any) -> bool | None:
        """Whether a condition holds; None where that is known at deployment only.

        Args:
            name: The name of the condition.
        """
        if not isinstance(name, str) or name not in self._conditions:
            return None
        if name not in self._known:
            self._known[name] = None  # of a condition that names itself nothing is known
            self._known[name] = self._holds(self._conditions[name])
        return self._known[name]

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                function = self._functions.get(name)
                if function is not None:
                    return function(argument)
            pairs = ((key, self._value(inner)) for key, inner in value.items())
            return {key: inner for key, inner in pairs if inner is not _NO_VALUE}
        if isinstance(value, list):
            return [found for found in map(self._value, value) if found is not _NO_VALUE]
        return value

    def _decided(self, value: Any) -> Any:
        """The meaning of a value that decides something: a pseudo parameter, such as the region, is what is assumed of it."""
        found = self._value(value)
        match found:
            case {"Ref": str() as name} if name in self._given:
                return self._given[name]
        return found

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        parameter = self._parameters.get(name) if isinstance(name, str) else None
        if not isinstance(parameter, Mapping):
            return {"Ref": name}
        value = self._given.get(name, parameter.get("Default"))
        kind = str(parameter.get("Type", "String"))
        if value is None:
            return {"Ref": name}
        if kind.startswith("AWS::SSM::Parameter::"):
            return {"Ref": name, "Ssm": value}
        if (kind in _LISTS or kind.startswith("List<")) and isinstance(value, str):
            return [part.strip() for part in value.split(",")] if value else []
        return value

    def _get_att(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if isinstance(parts, list) and len(parts) > 2 and all(isinstance(part, str) for part in parts):
            parts = [parts[0], ".".join(parts[1:])]
        return {"Fn::GetAtt": [self._value(part) for part in parts] if isinstance(parts, list) else parts}

    def _join(self, argument: Any) -> Any:
        match argument:
            case [str() as separator, parts]:
                known = self._value(parts)
                if isinstance(known, list):
                    between: list[Any] = []
                    for number, part in enumerate(known):
                        between += [separator, part] if number else [part]
                    return _joined(between)
                return {"Fn::Join": [separator, known]}
        return {"Fn::Join": self._plain(argument)}

    def _sub(self, argument: Any) -> Any:
        match argument:
            case str() as text:
                given: Mapping[str, Any] = {}
            case [str() as text, Mapping() as given]:
                pass
            case _:
                return {"Fn::Sub": self._plain(argument)}
        parts: list[Any] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end()
            name = found[1].strip()
            if name.startswith("!"):
                parts.append("${" + name[1:] + "}")
            elif name in given:
                parts.append(self._value(given[name]))
            elif "." in name:
                parts.append({"Fn::GetAtt": name.split(".", 1)})
            else:
                parts.append(self._ref(name))
        return _joined([*parts, text[end:]])

    def _find_in_map(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) < 3:
            return {"Fn::FindInMap": self._plain(argument)}
        known = [self._decided(part) for part in argument[:3]]
        found: Any = self._mappings
        for key in known:
            found = found.get(str(key), _UNKNOWN) if isinstance(found, Mapping) and _is_scalar(key) else _UNKNOWN
        if found is not _UNKNOWN:
            return found
        default = (
            argument[3].get("DefaultValue", _UNKNOWN)
            if len(argument) > 3 and isinstance(argument[3], Mapping)
            else _UNKNOWN
        )
        if default is not _UNKNOWN and all(map(_is_scalar, known)):
            return self._value(default)
        rows = self._mappings.get(known[0]) if isinstance(known[0], str) else None
        # What stands in the mapping is a part of the meaning, as long as it is not known which row is taken.
        return {"Fn::FindInMap": known, "Rows": rows} if rows is not None else {"Fn::FindInMap": known}

    def _if(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            return {"Fn::If": self._plain(argument)}
        name, then, otherwise = argument
        holds = self.holds(name)
        if holds is not None:
            return self._value(then if holds else otherwise)
        branches = [self._value(then), self._value(otherwise)]
        return {"Fn::If": [name, *({"Ref": "AWS::NoValue"} if branch is _NO_VALUE else branch for branch in branches)]}

    def _select(self, argument: Any) -> Any:
        match argument:
            case [index, parts]:
                known, number = self._value(parts), self._value(index)
                if isinstance(known, list) and str(number).isdecimal() and int(number) < len(known):
                    return known[int(number)]
                return {"Fn::Select": [number, known]}
        return {"Fn::Select": self._plain(argument)}

    def _split(self, argument: Any) -> Any:
        match argument:
            case [str() as separator, text]:
                known = self._value(text)
                if isinstance(known, str) and separator:
                    return known.split(separator)
                return {"Fn::Split": [separator, known]}
        return {"Fn::Split": self._plain(argument)}

    def _to_json_string(self, argument: Any) -> Any:
        known = self._value(argument)
        if known is _NO_VALUE:
            return ""
        if _is_known(known):
            return json.dumps(known, separators=(",", ":"))
        return {"Fn::ToJsonString": known}

    def _length(self, argument: Any) -> Any:
        known = self._value(argument)
        return len(known) if isinstance(known, list) else {"Fn::Length": self._plain(argument)}

    def _plain(self, argument: Any) -> Any:
        found = self._value(argument)
        return {"Ref": "AWS::NoValue"} if found is _NO_VALUE else found

    def _holds(self, condition: Any) -> bool | None:  # noqa: PLR0911 - one for each function
        match condition:
            case {"Condition": str() as name}:
                return self.holds(name)
            case {"Fn::Equals": [left, right]}:
                left, right = self._decided(left), self._decided(right)
                if left == right or (_is_scalar(left) and _is_scalar(right)):
                    return bool(left == right or as_text(left) == as_text(right))
                return None
            case {"Fn::Not": [inner]}:
                holds = self._holds(inner)
                return None if holds is None else not holds
            case {"Fn::And": list() as inner}:
                return _all([self._holds(part) for part in inner])
            case {"Fn::Or": list() as inner}:
                neither = _all([None if holds is None else not holds for holds in map(self._holds, inner)])
                return None if neither is None else not neither
        return None


def _all(known: list[bool | None]) -> bool | None:
    return False if False in known else None if None in known else True


def _joined(parts: list[Any]) -> Any:
    """Parts of a text as one text, or as the one way to write what is put together at deployment."""
    flat: list[Any] = []
    for part in parts:
        inner = part["Fn::Join"][1] if _is_text_of_parts(part) else [part]
        for piece in inner:
            known = as_text(piece) if _is_scalar(piece) else piece
            if isinstance(known, str) and flat and isinstance(flat[-1], str):
                flat[-1] += known
            elif known != "":
                flat.append(known)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else {"Fn::Join": ["", flat]}


def _is_text_of_parts(part: Any) -> bool:
    return (
        isinstance(part, Mapping)
        and len(part) == 1
        and isinstance(part.get("Fn::Join"), list)
        and part["Fn::Join"][0] == ""
    )


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def as_text(value: Any) -> str:
    """A scalar as CloudFormation hands it over: `true` for a truth value, `5` for 5.0.

    Args:
        value: A scalar.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _is_known(value: Any) -> bool:
    """Whether nothing in a value waits for the deployment."""
    if isinstance(value, Mapping):
        if any(key == "Ref" or key.startswith("Fn::") for key in value):
            return False
        return all(map(_is_known, value.values()))
    return all(map(_is_known, value)) if isinstance(value, list) else True


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
