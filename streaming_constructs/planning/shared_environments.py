"""What several environments of a file have in common on AWS: existing streams, folders and tables that each of them uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.pipeline import PipelineSpec

_FOR_PEOPLE = "sns_topics"
"""Topics that tell people may tell them of several environments."""
_NAMED = 5
"""So many environments are named; of more, how many they are."""


def used_by(environments: Mapping[str, PipelineSpec]) -> dict[str, list[str]]:
    """What exists already and is used, with the names of the environments that use it.

    Args:
        environments: The systems of a file, by the names of its environments.
    """
    used: dict[str, list[str]] = {}
    for environment, spec in environments.items():
        for what in dict.fromkeys(what for _, what in _adopted(spec)):
            used.setdefault(what, []).append(environment)
    return used


def shared_findings(spec: PipelineSpec, used: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """What a system uses that other environments of its file use as well; told likewise of each of them.

    Args:
        spec: The system, as one environment.
        used: What environments of its file use, as `used_by` says.
    """
    told = set[str]()
    for path, what in _adopted(spec):
        names = sorted({spec.environment, *used.get(what, ())})
        if len(names) > 1 and what not in told:
            told.add(what)
            section, name = path[:2]
            yield Finding(
                "GRF314",
                f"{_together(names)} share what exists",
                path,
                note=f"{what}: records of one are read, counted and stored with those of the other",
                help=f"name another under `environments: {{{names[0]}: {{{section}: {{{name}: …}}}}}}`, or take it out "
                "there with `null`, so that one is created",
            )


def _together(names: Sequence[str]) -> str:
    shown = names if len(names) <= _NAMED else names[: _NAMED - 1]
    words = [f"`{name}`" for name in shown]
    if len(shown) < len(names):
        words.append(f"{len(names) - len(shown):,} more")
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _adopted(spec: PipelineSpec) -> Iterator[tuple[SpecPath, str]]:
    for section, name, node in spec.nodes():
        for path, what in node.adopted(name) if section != _FOR_PEOPLE else ():
            yield (section, name, *path), what
