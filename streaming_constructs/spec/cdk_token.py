"""Tokens of CDK, which stand for a value that is known only when it synthesizes: none of them has a place in a spec.

In Python a field that is only handed on, such as a variable of a function, may have one: it comes from an object of the same
app. In a file it can only be text that looks like one, which CDK would take for its own, and not find.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from streaming_constructs.spec.finding import Finding, SpecPath, clipped

_MARKED = re.compile(r"[$#]\{Token\[|-1\.[0-9]{10,16}e\+289")
"""How CDK marks a text, an item of a list, and a number within a text."""
_NUMBERS = -1e280
"""As a number, a token is far below any that is meant."""


def is_token(value: Any) -> bool:
    """Whether a value is, or has in it, what CDK takes for a token.

    Args:
        value: A value of a spec.
    """
    if isinstance(value, str):
        return _MARKED.search(value) is not None
    return isinstance(value, float) and value < _NUMBERS


def token_findings(data: Any, path: SpecPath = ()) -> Iterator[Finding]:
    """Findings for every value, and every key, of a file that looks like a token.

    Args:
        data: A spec as plain data, or a part of one.
        path: Where it stands.
    """
    if isinstance(data, Mapping):
        for key, value in data.items():
            if is_token(key):
                yield token_finding((*path, key), f"seen: {json.dumps(key, ensure_ascii=False)}")
            else:
                yield from token_findings(value, (*path, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from token_findings(value, (*path, position))
    elif is_token(data):
        yield token_finding(path, f"seen: {clipped(json.dumps(data, ensure_ascii=False))}")


def token_finding(path: SpecPath, seen: str) -> Finding:
    """The finding of a token: it has no place in a spec, the construct has one beside it.

    Args:
        path: Where it is.
        seen: What was seen there.
    """
    return Finding(
        "LNG215",
        "a CDK token cannot stand in a spec",
        path,
        note=f"{seen}: its value is known only when CDK synthesizes, and the spec is checked and planned before",
        help=_instead_of_token([str(step) for step in path if isinstance(step, str)]),
    )


def _instead_of_token(steps: Sequence[str]) -> str:
    """What to do in place of a token, by the names in its path."""
    field = steps[-1] if steps else ""
    if field in _TOKEN_HELP:
        return _TOKEN_HELP[field]
    arguments = TOKEN_ARGUMENTS.get(field, ())
    for above, below in _TOKEN_ARGUMENTS_BELOW.items():
        if above in steps and field not in below.kept and "encryption" not in steps:
            arguments = below.arguments
            break
    if not arguments:
        return "write the value itself"
    instead = _INSTEAD.get(field, "leave it out")
    if field == "topic_arn" and {"on_failure", "destination"} & {*steps}:
        instead = "name one of `sns_topics` there"
    passed = " or ".join(f"`StreamingPipeline(…, {argument})`" for argument in arguments)
    return f"{instead}, and pass the construct itself: {passed}"


_STREAM, _FUNCTION = 'streams={"NAME": stream}', 'functions={"NAME": function}'
_BUCKET, _KEY, _QUEUE = 'buckets={"NAME": bucket}', 'keys={"NAME": key}', 'queues={"NAME": queue}'
_TOPIC, _DOMAIN, _TABLE = 'sns_topics={"NAME": topic}', 'stores={"NAME": domain}', 'stores={"NAME": table}'
TOKEN_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "arn": (_STREAM, _TABLE),
    "function_arn": (_FUNCTION,),
    "bucket": (_BUCKET,),
    "kms_key_arn": (_KEY,),
    "topic_arn": (_TOPIC,),
    "queue_arn": (_QUEUE,),
    "domain_arn": (_DOMAIN,),
    "vpc_id": ("vpc=vpc",),
    "subnet_ids": ("vpc=vpc",),
    "security_group_ids": ("security_groups=[group]",),
    "notify": ("notify=[topic]",),
    "destination": (_QUEUE, _BUCKET),
    "on_failure": (_QUEUE, _BUCKET),
}
"""The arguments of `StreamingPipeline` that take the construct whose name or ARN a field would have."""


class _Below(NamedTuple):
    """Arguments for the fields below a field, which mean something else there.

    Attributes:
        arguments: The arguments.
        kept: Fields that mean there what they mean everywhere.
    """

    arguments: tuple[str, ...]
    kept: frozenset[str] = frozenset()


_TOKEN_ARGUMENTS_BELOW = {
    "notify": _Below(("notify=[topic]",)),
    # A construct tells its key itself.
    "on_failure": _Below((_QUEUE, _BUCKET), frozenset({"queue_arn", "topic_arn", "bucket"})),
    "destination": _Below((_QUEUE, _BUCKET), frozenset({"queue_arn", "topic_arn", "bucket"})),
    "to": _Below((_BUCKET,), frozenset(TOKEN_ARGUMENTS) - {"kms_key_arn"}),
}
_INSTEAD = {
    **dict.fromkeys(("on_failure", "destination"), "write `sqs` or `s3` there"),
    **dict.fromkeys(("vpc_id", "subnet_ids", "security_group_ids"), "leave `vpc` out"),
}
"""What to write in the place of a token whose construct is passed; elsewhere nothing."""
_TOKEN_HELP = {
    "resources": 'take it out, and grant it in the app: `table.grant_write_data(pipeline.consumers["NAME"].function)`',
    "account": "leave it out: the stack has an account",
    "region": "leave it out: the stack has a region",
}
