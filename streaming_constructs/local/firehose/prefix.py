"""Custom prefixes of Firehose's S3 objects: what their expressions evaluate to, and which ones Firehose refuses.

Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html

Where that page contradicts itself or is silent it is read as follows; nothing of it was compared with AWS.

- "If you specify a prefix that doesn't contain a timestamp namespace expression", one is appended. AWS's example of dynamic
  partitioning has none appended, so it is not where a prefix has a partition key.
  Source: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
- An error prefix without expressions, or none, gets the kind of error, a slash and the same time, as the last example has it;
  the rule above that example writes it without the slash, and with a day of the year.
- What is appended is in the time zone of the delivery, like other times.
- Times are those of the oldest record in the object, which AWS says of prefixes. Error prefixes are taken to be the same.
- A random string is the first characters of a UUID, as the example looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from streaming_constructs.facts import firehose
from streaming_constructs.local.firehose.java_time import formatter

FROM_QUERY = "partitionKeyFromQuery"
FROM_LAMBDA = "partitionKeyFromLambda"
_KEYS = (FROM_QUERY, FROM_LAMBDA)
_ERROR_TYPE = "firehose:error-output-type"
_RANDOM = "firehose:random-string"
_DEFAULT_TIME = "!{timestamp:yyyy/MM/dd/HH/}"
_EXPRESSION = re.compile(r"!\{([^:{}]*:[^}]*)\}")
_MOST_CHARACTERS = int(firehose.PREFIX_CHARACTERS.value)
_RANDOM_CHARACTERS = int(firehose.RANDOM_STRING_CHARACTERS.value)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix with expressions.

    Attributes:
        text: As it is written, with what Firehose appends.
        parts: Static text and the insides of expressions, in turn; the first is static.
    """

    text: str
    parts: tuple[str, ...]

    @property
    def expressions(self) -> tuple[str, ...]:
        """The insides of its expressions, such as `timestamp:yyyy`."""
        return self.parts[1::2]

    @property
    def keys(self) -> tuple[str, ...]:
        """The partition keys that it names, such as `partitionKeyFromQuery:country`, each once."""
        return tuple(
            dict.fromkeys(expression for expression in self.expressions if expression.partition(":")[0] in _KEYS)
        )

    def evaluated(
        self,
        moment: datetime,
        *,
        keys: Mapping[str, str] | None = None,
        error_type: str = "",
        uuid: Callable[[], str] = str,
    ) -> str:
        """What it is for one object.

        Args:
            moment: The time of the oldest record in the object, in the time zone of the delivery.
            keys: The values of partition keys, by the inside of their expressions.
            error_type: The kind of error, for an error prefix.
            uuid: Makes UUIDs, for random strings.

        Raises:
            ValueError: If a partition key has no value, or the prefix becomes too long.
        """
        filled = [
            part if position % 2 == 0 else _filled(part, moment, keys or {}, error_type, uuid)
            for position, part in enumerate(self.parts)
        ]
        text = "".join(filled)
        if len(text) > _MOST_CHARACTERS:
            raise ValueError(f"an evaluated prefix has up to {_MOST_CHARACTERS} characters, this has {len(text)}")
        return text


def _filled(
    expression: str, moment: datetime, keys: Mapping[str, str], error_type: str, uuid: Callable[[], str]
) -> str:
    if expression == _ERROR_TYPE:
        return error_type
    if expression == _RANDOM:
        return uuid()[:_RANDOM_CHARACTERS]
    namespace, _, value = expression.partition(":")
    if namespace == "timestamp":
        return formatter(value)(moment)
    if expression not in keys:
        raise ValueError(f"the partition key `{value}` has no value")
    return keys[expression]


def parsed_prefix(text: str) -> Prefix:
    """A prefix, taken apart; nothing is appended.

    Args:
        text: The prefix, as it is written.

    Raises:
        ValueError: If `!{` begins no expression that Firehose knows, or a time pattern is none.
    """
    parts = tuple(_EXPRESSION.split(text))
    if any("!{" in static for static in parts[::2]):
        raise ValueError(f"`!{{` begins an expression such as `!{{timestamp:yyyy}}`, and in `{text}` it does not")
    for expression in parts[1::2]:
        namespace, _, value = expression.partition(":")
        if namespace == "timestamp":
            formatter(value)
        elif expression not in (_ERROR_TYPE, _RANDOM) and (namespace not in _KEYS or not value):
            raise ValueError(f"Firehose knows no expression `!{{{expression}}}`")
    return Prefix(text, parts)


def data_prefix(text: str, *, is_dynamic: bool = False) -> Prefix:
    """The prefix of what is delivered, with the time that Firehose appends where there is none.

    Args:
        text: `Prefix`, as it is written; may be empty.
        is_dynamic: Whether dynamic partitioning is enabled.

    Raises:
        ValueError: If Firehose refuses it.
    """
    prefix = parsed_prefix(text)
    if _ERROR_TYPE in prefix.expressions:
        raise ValueError(f"`!{{{_ERROR_TYPE}}}` is for `ErrorOutputPrefix`; `Prefix` cannot contain it")
    if prefix.keys and not is_dynamic:
        raise ValueError(f"`!{{{prefix.keys[0]}}}` needs dynamic partitioning, which is not enabled")
    if is_dynamic and not prefix.keys:
        raise ValueError("dynamic partitioning needs a partition key in `Prefix`")
    if prefix.keys or any(expression.startswith("timestamp:") for expression in prefix.expressions):
        return prefix
    return parsed_prefix(text + _DEFAULT_TIME)


def error_prefix(text: str, prefix: str) -> Prefix:
    """The prefix of what could not be delivered.

    Args:
        text: `ErrorOutputPrefix`, as it is written; empty if it is not given.
        prefix: `Prefix`, as it is written.

    Raises:
        ValueError: If Firehose refuses it, or refuses that there is none.
    """
    if not text and parsed_prefix(prefix).expressions:
        raise ValueError("`ErrorOutputPrefix` cannot be left out when `Prefix` contains expressions")
    parsed = parsed_prefix(text)
    if not parsed.expressions:
        return parsed_prefix(f"{text or prefix}!{{{_ERROR_TYPE}}}/{_DEFAULT_TIME}")
    if _ERROR_TYPE not in parsed.expressions:
        raise ValueError(f"`ErrorOutputPrefix` with expressions must contain `!{{{_ERROR_TYPE}}}`")
    if parsed.keys:
        raise ValueError(f"`ErrorOutputPrefix` cannot contain the partition key `!{{{parsed.keys[0]}}}`")
    return parsed
