"""Several names in a system for one resource that exists: what is told of each of them is told of the others, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


def shared_resource_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Nodes that adopt a resource which another node of the system adopts already.

    Args:
        spec: The system.
    """
    first: dict[str, str] = {}
    for section, name, node in spec.nodes():
        arn = node.physical_id()
        if not arn:
            continue
        other = first.setdefault(arn, name)
        if other != name:
            yield Finding(
                "GRF312",
                f"`{other}` and `{name}` are one resource",
                (section, name),
                note=f"both are {arn}: its readers are counted together, and alarms and graphs are there twice",
                help=f"take out one of the two, and name `{other}` where `{name}` is named; or give it its own ARN",
            )


def doubled_mapping_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Nodes that have a resource mapped to a function to which another node has it mapped already, under whichever name.

    Args:
        spec: The system, all of whose names resolve.
    """
    physical = {name: node.physical_id() or name for _, name, node in spec.nodes()}
    first: dict[tuple[str, str], str] = {}
    for section, name, node in spec.nodes():
        function = node.mapped_function()
        for source in node.sources() if function else ():
            other = first.setdefault((function, physical[source]), name)
            if other != name:
                yield Finding(
                    "LAM527",
                    "a function reads a stream once",
                    (section, name, "function_arn"),
                    note=f"`{other}` maps the same function to the same stream; Lambda refuses the second mapping "
                    "(ResourceConflictException)",
                    help="take one of them out and join their filters; or name another function, version or alias",
                )
