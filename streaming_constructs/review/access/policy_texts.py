"""What policies name, as texts that can be compared: references in `${}`, ARNs of what is in the template by its logical id."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text

_PSEUDO = {"${AWS::Partition}": "aws", "${AWS::URLSuffix}": "amazonaws.com"}
_HERE = re.escape("${AWS::Region}:${AWS::AccountId}:")
_BUILT = (
    (re.compile(r"arn:aws:s3:::\$\{(\w+)\}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:kinesis:{_HERE}stream/\$\{{(\w+)\}}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:firehose:{_HERE}deliverystream/\$\{{(\w+)\}}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:dynamodb:{_HERE}table/\$\{{(\w+)\}}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:lambda:{_HERE}function:\$\{{(\w+)\}}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:sqs:{_HERE}\$\{{(\w+)\.QueueName\}}"), r"${\1.Arn}"),
    (re.compile(rf"arn:aws:sns:{_HERE}\$\{{(\w+)\.TopicName\}}"), r"${\1}"),
    (re.compile(rf"arn:aws:kms:{_HERE}key/\$\{{(\w+)\}}"), r"${\1.Arn}"),
    (re.compile(r"\$\{(\w+)\.TopicArn\}"), r"${\1}"),
)
"""ARNs put together from a name: the same as the attribute of the resource that has it."""


def policy_text(value: Any) -> str:
    """A value as one text, in which a reference is `${Clicks.Arn}`.

    Args:
        value: A value by its meaning.
    """
    text = _plain(value)
    for placeholder, known in _PSEUDO.items():
        text = text.replace(placeholder, known)
    if "${" in text:
        for pattern, name in _BUILT:
            text = pattern.sub(name, text)
    return text


def _plain(value: Any) -> str:
    match value:
        case str() | int() | float():
            return as_text(value)
        case {"Ref": str() as name} if len(value) == 1:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str() as name, str() as attribute]} if len(value) == 1:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": ["", list() as parts]} if len(value) == 1:
            return "".join(map(_plain, parts))
    if isinstance(value, (Mapping, list)):
        # What is decided at deployment has no wildcards of its own.
        return "${" + json.dumps(value, sort_keys=True, default=str).replace("*", "").replace("?", "") + "}"
    return ""


def covers_text(pattern: str, text: str) -> bool:
    """Whether all that a text matches, a pattern matches too; `*` stands for any characters and `?` for one.

    Args:
        pattern: The pattern.
        text: The text, which may be a pattern itself: a `*` in it is matched by a `*` alone.
    """
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    at, star, back, place = 0, -1, 0, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, back, at = at, place, at + 1
        elif at < len(pattern) and (pattern[at] == text[place] or (pattern[at] == "?" and text[place] != "*")):
            at, place = at + 1, place + 1
        elif star >= 0:
            back += 1
            at, place = star + 1, back
        else:
            return False
    return pattern[at:].strip("*") == ""
