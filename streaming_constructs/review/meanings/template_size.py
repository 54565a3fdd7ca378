"""What it means that a template has grown beyond what CloudFormation takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts import cloudformation
from streaming_constructs.facts.fact import Fact
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Template
from streaming_constructs.review.meaning import Meaning, of_the_whole


@of_the_whole
def size(pair: Pair) -> Iterator[Meaning]:
    """What has become more than CloudFormation takes: it refuses the update."""
    before = _sizes(pair.old)
    for what, (count, limit) in _sizes(pair.new).items():
        if before[what][0] <= limit.value < count:
            yield Meaning(
                "REV124",
                f"the template has {count:,} {what}; CloudFormation takes {limit.value:,.0f}, and refuses the update",
                "divide it into several stacks; what holds data moves by an import, and is not created anew",
            )


def _sizes(template: Template) -> Mapping[str, tuple[int, Fact]]:
    resources = template.data.get("Resources")
    return {
        "resources": (len(resources) if isinstance(resources, Mapping) else 0, cloudformation.STACK_RESOURCES),
        "bytes": (len(template.text.encode("utf-8", "replace")), cloudformation.TEMPLATE_BYTES),
    }
