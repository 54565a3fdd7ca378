"""The environment variables that name nodes to a function: which collide, and how large they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.function import FunctionSpec, environment_bytes
from streaming_constructs.spec.target_variables import ENDINGS, endings, target_variable

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


def variable_findings(
    function: FunctionSpec, field: str, names: Sequence[str], does: str, spec: PipelineSpec
) -> Iterator[Finding]:
    """Nodes whose variables the function would not see, or that are too many; paths are relative to the function.

    Args:
        function: The function.
        field: Where it names the nodes.
        names: The names of the nodes.
        does: What it does with them, such as `writes to`.
        spec: The system, all of whose names resolve.
    """
    first: dict[str, str] = {}
    told: dict[str, str] = {}
    for position, name in enumerate(names):
        section = next(section for section in ENDINGS if name in getattr(spec, section))
        node = getattr(spec, section)[name]
        for ending in endings(section, getattr(node, "kind", "")):
            variable = target_variable(name, ending)
            told[variable] = node.physical_id()
            if first.setdefault(variable, name) != name:
                yield Finding(
                    "LAM520",
                    f"`{first[variable]}` and `{name}` would have one environment variable",
                    (field, position),
                    note=f"{variable} names what the function {does}; `-` becomes `_` in it",
                    help="rename one of the two nodes",
                )
            elif variable in function.environment:
                yield Finding(
                    "LAM529",
                    f"`{variable}` is the variable that names `{name}`",
                    ("environment", variable),
                    note=f"the function {does} it, and is told where it is by this variable: your value would be lost",
                    help="take it out, or give it another name",
                    edits=(Edit(("environment", variable)),),
                )
    size, own = environment_bytes({**told, **function.environment}), environment_bytes(function.environment)
    if own <= event_source.FUNCTION_ENVIRONMENT_BYTES.value < size:
        yield Finding(
            "LAM503",
            "the environment variables are larger than a function takes",
            ("environment",),
            note=f"they are {size} bytes as JSON with those that name what it {does}; Lambda takes 4096",
            help="keep large values in SSM Parameter Store and name the parameter",
        )
