"""What several environments of a file have in common on AWS: existing streams, folders and tables that each of them uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec

_FOR_PEOPLE = "sns_topics"
"""Topics that tell people may tell them of several environments."""


def adopts_something(spec: PipelineSpec) -> bool:
    """Whether a system uses anything that exists already, and that another one could use as well.

    Args:
        spec: The system.
    """
    return any(section != _FOR_PEOPLE and any(node.adopted(name)) for section, name, node in spec.nodes())


def shared_findings(spec: PipelineSpec, others: Mapping[str, PipelineSpec]) -> Iterator[Finding]:
    """What a system uses that other environments of its file use as well; told likewise of each of them.

    Args:
        spec: The system, as one environment.
        others: The others, by name.
    """
    used: dict[str, list[str]] = {}
    for environment, other in others.items():
        for section, name, node in other.nodes():
            for _, what in node.adopted(name) if section != _FOR_PEOPLE else ():
                known = used.setdefault(what, [])
                if environment not in known:
                    known.append(environment)
    told = set[str]()
    for section, name, node in spec.nodes():
        for path, what in node.adopted(name) if section != _FOR_PEOPLE else ():
            if what in used and what not in told:
                told.add(what)
                names = sorted({spec.environment, *used[what]})
                together = f"{', '.join(f'`{one}`' for one in names[:-1])} and `{names[-1]}`"
                yield Finding(
                    "GRF314",
                    f"{together} share what exists",
                    (section, name, *path),
                    note=f"{what}: records of one are read, counted and stored with those of the other",
                    help=f"name another under `environments: {{{names[0]}: {{{section}: {{{name}: …}}}}}}`, or take it out "
                    "there with `null`, so that one is created",
                )
