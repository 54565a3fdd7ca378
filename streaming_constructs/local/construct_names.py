"""Names of resources as the spec has them, out of the CDK metadata of a cloud assembly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

_LOGICAL_ID = "aws:cdk:logicalId"
_L1 = "Resource"
"""What CDK calls the L1 inside an L2."""


def construct_names(metadata: Path) -> dict[str, str]:
    """The name of each resource of a stack, by its logical id.

    A construct stands below the name that it has in the spec: `/Clickstream/Pipeline/fraud/Mapping` is `fraud`'s. What
    stands in a stack by itself has its own name.

    Args:
        metadata: The file `STACK.metadata.json` of a cloud assembly.
    """
    if not metadata.is_file():
        return {}
    entries: Mapping[str, list[Mapping[str, str]]] = json.loads(metadata.read_text(encoding="utf-8"))
    return {
        entry["data"]: _name(path) for path, kinds in entries.items() for entry in kinds if entry["type"] == _LOGICAL_ID
    }


def _name(path: str) -> str:
    steps = path.split("/")[2:]  # the first is empty, the second the stack
    if len(steps) > 1 and steps[-1] == _L1:
        steps.pop()
    return steps[-2] if len(steps) > 1 else steps[-1]
