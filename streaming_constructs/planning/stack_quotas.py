"""What CloudFormation takes of one stack, judged before it is built: how many resources and outputs a system has at least.

Each node says what it adds at least, and each alarm is a resource; the template says the rest, and is judged again when it is
there (`review/template_quotas.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts import cloudformation
from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.spec.pipeline import PipelineSpec

DIVIDE = "divide it into systems, with a file for each: what one has the next one names, such as `streams: {clicks: {arn: …}}`"
"""The way out of what is too large for a stack."""


def stack_findings(spec: PipelineSpec, alarms: Sequence[AlarmPlan]) -> Iterator[Finding]:
    """Errors of a system that is surely larger than one stack can be.

    Args:
        spec: The system.
        alarms: Its alarms.
    """
    shares = [node.stack_share() for _, _, node in spec.nodes()]
    resources = sum(share.resources for share in shares) + len(alarms)
    if resources > cloudformation.STACK_RESOURCES.value:
        fewer = f"; or have fewer alarms, of which there are {len(alarms):,}: `alarms: {{silence: {{NAME: REASON}}}}`"
        yield Finding(
            "CFN121",
            f"a stack of at least {resources:,} resources",
            note=f"CloudFormation takes {cloudformation.STACK_RESOURCES.value:g} in a stack; "
            f"{counted(len(shares), 'node')} and {counted(len(alarms), 'alarm')} are as many",
            help=DIVIDE + (fewer if alarms else ""),
        )
    outputs = sum(share.outputs for share in shares)
    if outputs > cloudformation.STACK_OUTPUTS.value:
        yield Finding(
            "CFN122",
            f"a stack of at least {outputs:,} outputs",
            note=f"CloudFormation takes {cloudformation.STACK_OUTPUTS.value:g} in a stack; each node tells what is needed next",
            help=DIVIDE,
        )
