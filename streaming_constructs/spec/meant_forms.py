"""Texts of the wrong form: what was meant by them, where that can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, SpecPath

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BUCKET_ARN = re.compile(r"arn:(aws[a-z-]*):s3:[a-z0-9-]*:[0-9]*:([a-z0-9.-]{3,63})(/.*)?")
_STREAM_ARN = re.compile(r"arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/([a-zA-Z0-9_.-]{1,128})")


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant by a text.

    Attributes:
        help: The change to make.
        edits: The same, as a program can make it.
    """

    help: str
    edits: tuple[Edit, ...]


def meant_form(text: Any, path: SpecPath) -> Meant | None:
    """What was meant by a text of the wrong form; None where that cannot be told.

    Args:
        text: What was written.
        path: Where it stands in the system.
    """
    if not isinstance(text, str):
        return None
    name = slug(text)
    if path == ("name",) and name:
        return Meant(f"write `{name}`", (Edit(path, name, invented=True),))
    bucket = _BUCKET_ARN.fullmatch(text)
    if bucket:
        arn = f"arn:{bucket[1]}:s3:::{bucket[2]}"
        return Meant(f"write `{arn}`: the ARN of a bucket has neither a region nor an account", (Edit(path, arn),))
    stream = _STREAM_ARN.fullmatch(text)
    if stream and path[-1:] == ("from",) and len(path) == 3:
        return _adopted(text, slug(stream[1]), path)
    return None


def _adopted(arn: str, name: str, path: SpecPath) -> Meant | None:
    """A stream that exists is described once, and read by its name."""
    if not name:
        return None
    stream = {"kind": "kinesis", "arn": arn}
    help_ = f"write `from: {name}`, and `streams: {{{name}: {in_yaml(stream)}}}`"
    return Meant(help_, (Edit(("streams", name), stream), Edit(path, name)))


def slug(text: str) -> str:
    """A name of the language that is close to a text: `LogArchive 2` is `log-archive-2`; empty where there is none.

    Args:
        text: The text.
    """
    name = re.sub(r"[^a-z0-9_]+", "-", _WORD_BEGINS.sub("-", text).lower()).strip("-_")
    return name if _NAME.fullmatch(name) else ""
