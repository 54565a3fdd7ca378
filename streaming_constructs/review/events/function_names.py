"""What a mapping calls its function: a name or an ARN, with or without an alias or a version."""

from __future__ import annotations

import re
from typing import Any

from streaming_constructs.review.comparing.known_text import known_text
from streaming_constructs.review.comparing.template import Template
from streaming_constructs.review.comparing.values import shown

_NAME = re.compile(r"(?:.*?:?function:)?(\$\{[^{}]*\}|[\w-]+)(?::(\$LATEST|[\w-]+))?", re.DOTALL)
"""`name:alias`, or an ARN that ends so. Source:
https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""


def name_and_qualifier(value: Any) -> tuple[str, str]:
    """What a text calls a function, and the alias or the version of it that is meant; empty where it says none.

    Args:
        value: A name, or a whole or a partial ARN, also one that is put together.
    """
    found = _NAME.fullmatch(known_text(value) or "")
    return (found[1], (found[2] or "").replace("$LATEST", "")) if found else ("", "")


def call_the_same(old: Any, new: Any) -> bool:
    """Whether two texts call the same function: a name that says neither the account nor the region means those of the stack.

    Args:
        old: A name or an ARN.
        new: Another.
    """
    before, after = name_and_qualifier(old)[0], name_and_qualifier(new)[0]
    places = {(known_text(value) or "").rpartition(":function:")[0] for value in (old, new)} - {""}
    return before == after != "" and len(places) <= 1


def qualifier_of(template: Template, value: Any) -> str:
    """What of a function is called: an alias by its name, a version, or nothing for the function as it is.

    Args:
        template: The template that the value stands in.
        value: The value of a property such as `FunctionName`.
    """
    found = template.target(value)
    if found is None or found.type == "AWS::Lambda::Function":
        return name_and_qualifier(value)[1]
    # The logical id of a version has a hash of the code in it.
    return found.type if found.type == "AWS::Lambda::Version" else shown(found.at("Name") or found.logical_id)
