"""Whether an ARN that is written out and a reference to a resource name the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from streaming_constructs.facts.cloudformation import SHORTEST_ARNS
from streaming_constructs.review.comparing.known_text import known_text
from streaming_constructs.review.comparing.template import Template

_REF_IS_NO_NAME = ("AWS::SNS::Topic", "AWS::SQS::Queue")
"""Types whose `Ref` is an ARN or a URL."""
_WHERE = re.compile(r"us-east-1:123456789012")


def name_the_same(one: Any, its_template: Template, other: Any, others_template: Template) -> bool:
    """Whether one of two values is the ARN of what the other refers to, region and account left open.

    Args:
        one: A value by its meaning.
        its_template: The template that it stands in.
        other: Another.
        others_template: The template that this one stands in.
    """
    return _is_arn_of(one, other, others_template) or _is_arn_of(other, one, its_template)


def _is_arn_of(text: Any, reference: Any, template: Template) -> bool:
    match reference:
        case {"Fn::GetAtt": [str() as logical_id, "Arn"]} if isinstance(reference, Mapping):
            resource = template.resources.get(logical_id)
        case _:
            return False
    begins, named_by = SHORTEST_ARNS.get(resource.type, ("", "")) if resource else ("", "")
    written = known_text(text) if resource and begins else None
    if resource is None or written is None:
        return False
    named = [resource.at(named_by)] if isinstance(resource.at(named_by), str) else []
    named += [] if resource.type in _REF_IS_NO_NAME else [f"${{{resource.logical_id}}}"]
    # The partition, the region and the account are those of the stack, whichever way they are written.
    begin = re.escape(_WHERE.sub("WHERE", begins).replace("arn:aws:", "arn:PARTITION:"))
    pattern = begin.replace("WHERE", "[^:]*(?:::[^:]*)?:[^:]*(?:::[^:]*)?").replace("PARTITION", "[^:]*(?:::[^:]*)?")
    return any(re.fullmatch(pattern + re.escape(name), written) for name in named)
