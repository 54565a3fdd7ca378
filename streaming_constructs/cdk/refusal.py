"""What CDK refuses, as a finding: whoever writes a spec reads no traceback of a program that they did not write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from jsii.errors import JavaScriptError, JSIIError

from streaming_constructs.facts import cloudformation
from streaming_constructs.planning.stack_quotas import DIVIDE
from streaming_constructs.spec.finding import Finding, SpecError, SpecPath, clipped

_CONSTRUCT = re.compile(r"^\s*└─ (\S+) \(", re.MULTILINE)
"""A line of the tree with which CDK shows the construct that an error relates to."""
_TOO_MANY = re.compile(r"Number of resources in stack '.*': ([0-9]+) is greater")
_NAME_OF_ERROR = re.compile(r"^(@jsii/kernel\.\w+: )?(\w+: )?((Resolution error|Error): )*")


@contextmanager
def refusals(path: SpecPath = (), nodes: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turns what CDK refuses in a `with` into an error of the spec.

    Args:
        path: What is built there, as a path of the spec.
        nodes: Where it may be any of several nodes, the section of each by its name: CDK often says which construct it is.

    Raises:
        SpecError: With what CDK said, in place of the error that crossed from its Node.js.
    """
    try:
        yield
    except (RuntimeError, JSIIError) as error:
        # Python's own errors have another cause, and are none of CDK's.
        if not isinstance(error.__cause__, JavaScriptError):
            raise
        raise SpecError([_finding(str(error), path or _place(error.__cause__.stack, nodes or {}))]) from error


def _finding(said: str, path: SpecPath) -> Finding:
    too_many = _TOO_MANY.search(said)
    if too_many:
        return Finding(
            "CFN121",
            f"a stack of {int(too_many[1]):,} resources",
            note=f"CloudFormation takes {cloudformation.STACK_RESOURCES.value:g} in a stack",
            help=DIVIDE,
        )
    first = next((line.strip() for line in said.splitlines() if line.strip()), "it did not say why")
    return Finding(
        "CMD110",
        "CDK refuses to build it",
        path,
        note=clipped(_NAME_OF_ERROR.sub("", first)),
        help="change what it speaks of; where the spec says nothing of that, please report it with this spec",
    )


def _place(stack: str, nodes: Mapping[str, str]) -> SpecPath:
    """The node whose construct an error relates to; empty where CDK does not say."""
    return next(((nodes[name], name) for name in _CONSTRUCT.findall(stack) if name in nodes), ())
