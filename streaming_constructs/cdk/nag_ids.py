"""How cdk-nag writes a value that CloudFormation fills in, which is how its findings are told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from constructs import Construct


def nag_name(scope: Construct, value: str) -> str:
    """The text of a value: references as `<LogicalId.Attribute>`, joined parts one after the other.

    Args:
        scope: Where it is used.
        value: An ARN or a name, with tokens in it or without.
    """
    return _flat(Stack.of(scope).resolve(value))


def _flat(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_flat(part) for part in argument[1])
    if function not in {"Ref", "Fn::GetAtt"}:
        return json.dumps(value, separators=(",", ":"))
    return f"<{argument if isinstance(argument, str) else '.'.join(argument)}>"
