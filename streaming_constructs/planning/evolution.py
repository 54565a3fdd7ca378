"""What a deployment over an earlier version would do to what is there: what AWS refuses, replaces, hides or loses.

Every plan of a node says itself what of it is there to stay (`state`), and here two versions of it are compared; no kind is
named. How the columns of schemas may change is `spec.evolution`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.node import NodePlan
from streaming_constructs.planning.pipeline import PipelinePlan, plan, told_in_the_file
from streaming_constructs.spec.codes.levels import level_of
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.environments import as_environment, environments_of
from streaming_constructs.spec.evolution import compared
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding, Level, SpecPath
from streaming_constructs.spec.kept import Kept, Part, State
from streaming_constructs.spec.read import read_as

FOLDERS = ("prefix", "error_prefix", "index")
"""Fields that say where in a place something is written; two nodes never write to the same."""


def evolved(document: Document, earlier: Document, environment: str | None = None) -> list[Finding]:
    """What a file takes away from its earlier version, or changes under what is there.

    Schemas are compared wherever they can be read; nodes only where both versions can be planned.

    Args:
        document: The file.
        earlier: Its earlier version.
        environment: The environment as which both are read, where they have differences for it.
    """
    findings = compared(document, earlier, environment)
    (before, wrong), (after, _) = (_planned(one, environment) for one in (earlier, document))
    if after is None:
        return findings
    located = as_environment(document, environment if environment in environments_of(document) else None)
    if before is not None:
        changes = (told_in_the_file(after.spec, finding) for finding in system_findings(before, after))
        return [*findings, *map(located.locate, changes)]
    note = Finding(
        "EVO977",
        "the earlier version is compared by its schemas alone",
        note=f"{wrong}; nothing is said of what AWS would refuse, replace or no longer find",
        help="put that right in the earlier version, and compare again",
    )
    return [*findings, located.locate(note)]


def _planned(document: Document, environment: str | None) -> tuple[PipelinePlan | None, str]:
    """The plan of a version, or why there is none; what has to lie beside the file is no part of what is deployed."""
    reading = read_as(document, environment if environment in environments_of(document) else None)
    wrong = [finding for finding in reading.findings if finding.level == "error" and finding.code != "LAM502"]
    if reading.spec is None or wrong:
        return None, f"{wrong[0].code}: {wrong[0].message}" if wrong else "it cannot be read"
    return plan(reading.spec), ""


def system_findings(before: PipelinePlan, after: PipelinePlan) -> Iterator[Finding]:
    """What a deployment of one version of a system over another would do to what is there.

    Args:
        before: The earlier version.
        after: That of now.
    """
    for field in ("name", "account", "region"):
        was, now = getattr(before.spec, field), getattr(after.spec, field)
        if was is not None and was != now:
            yield Finding(
                "EVO973",
                f"the {field} of the system was `{was}` and is `{now}`",
                (field,),
                note="it is another stack, all of whose resources are new and empty; the old one stays as it is",
                help=f"put it back: `{field}: {in_yaml(was)}`",
                edits=(Edit((field,), was),),
            )
            return
    if before.spec.schema_registry is not None:
        # The formats of schemas are loaded where there is a registry.
        from streaming_constructs.planning.schema_registry.registry import registry_changes

        yield from registry_changes(before.spec, after.spec)
    for section in NODE_SECTIONS:
        for node in before.sections[section].values():
            state = node.state()
            if state is not None:
                destroys = (state.removal_policy or before.spec.removal_policy) == "destroy"
                yield from _Comparison(section, node, state, after.sections[section], destroys).findings()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A node of the earlier version, and the nodes of its section that there are now.

    Attributes:
        section: The section.
        node: The node with its numbers.
        state: What it holds.
        nodes: The nodes of now, by name.
        destroys: Whether what leaves the stack is destroyed: as the version that is deployed says, not the next one.
    """

    section: str
    node: NodePlan
    state: State
    nodes: Mapping[str, NodePlan]
    destroys: bool

    @property
    def path(self) -> SpecPath:
        return self.section, self.node.name

    def findings(self) -> Iterator[Finding]:
        now = self.nodes.get(self.node.name)
        if now is None:
            yield self._gone()
            return
        current = now.state()
        values = {kept.what: kept for kept in current.kept} if current is not None else {}
        told, replaced = list[SpecPath](), False
        for kept in self.state.kept:
            other = values.get(kept.what)
            value = other.value if other is not None else None
            path = other.path if other is not None else kept.path
            if not any(_is_settled_by(path, done) for done in told) and kept.is_broken(kept.value, value):
                told.append(path)
                replaced = replaced or kept.code == "EVO973"
                yield self._changed(kept, value, (*self.path, *path), now)
        if current is not None and not replaced:
            yield from self._apart(current)

    def _apart(self, current: State) -> Iterator[Finding]:
        """Several parts that changed, where AWS changes one in an update."""
        parts = {part.what: part for part in current.parts}
        changed = [part for part in self.state.parts if part.what in parts and parts[part.what].value != part.value]
        names = [part.what for part in changed]
        apart = [part for part in changed if part.comes_with not in names]
        if len(apart) < 2:
            return
        first = apart[0]
        later = [part for part in changed if part is not first and part.comes_with != first.what]
        yield Finding(
            "EVO978",
            f"{' and '.join(names)} would change at once",
            (*self.path, *_said(first, parts[first.what])),
            note="AWS changes one of them in an update, and refuses the others with it",
            help=f"deploy them one after the other: first {', then '.join(part.what for part in apart)}",
            edits=tuple(
                Edit((*self.path, field)) if value is None else Edit((*self.path, field), value)
                for part in later
                for field, value in part.fields.items()
            ),
        )

    def _gone(self) -> Finding:
        data = _data(self.node)
        return Finding(
            "EVO974",
            f"`{self.node.name}` is gone",
            self.path,
            note=self.state.goes if self.destroys else self.state.stays,
            help=f"put it back: `{self.section}: {in_yaml({self.node.name: data})}`; to be rid of it, see to what it "
            "holds, and compare with a version without it",
            level="error" if self.destroys else "warning",
            edits=(Edit(self.path, data),),
        )

    def _changed(self, kept: Kept, value: Any, path: SpecPath, now: NodePlan) -> Finding:
        told = kept.tell(kept.value, value) if kept.tell is not None and value is not None else None
        note = kept.note if told is None else told.note
        if kept.loses:
            note += "; it is destroyed with the change" if self.destroys else "; it is retained, outside of the stack"
        level: Level | None = "error" if kept.loses and self.destroys else "warning" if kept.is_mild else None
        help_, edits = kept.help if told is None else told.help, tuple[Edit, ...]()
        if not help_:
            help_, edits = self._beside(now)
        return Finding(
            kept.code,
            f"{kept.what} was {_shown(kept.value if told is None else told.before)} and is "
            f"{_shown(value if told is None else told.after)}",
            path,
            note,
            help_,
            level or level_of(kept.code),
            edits=edits,
        )

    def _beside(self, now: NodePlan) -> tuple[str, tuple[Edit, ...]]:
        """The way that leaves what is there alone: the node as it was, and the changed one under a name that is free."""
        name, number = self.node.name, 2
        taken = {other.replace("-", "_") for other in self.nodes}
        while f"{name}_{number}".replace("-", "_") in taken:
            number += 1
        beside, before = f"{name}_{number}", _data(self.node)
        after = _moved(_data(now), before, f"-{number}")
        piece = in_yaml({self.section: {name: before, beside: after}})
        help_ = (
            f"leave it as it was, and add the other beside it until nobody needs the first any more: `{piece[1:-1]}`"
        )
        return help_, (Edit(self.path, before), Edit((self.section, beside), after))


def _said(before: Part, now: Part) -> tuple[str, ...]:
    """The field whose value is another."""
    return tuple(field for field, value in now.fields.items() if before.fields.get(field) != value)[:1]


def _is_settled_by(path: SpecPath, told: SpecPath) -> bool:
    """Whether a place was told of: itself, or because what it belongs to is of another kind."""
    return path == told or (told[-1:] == ("kind",) and path[: len(told) - 1] == told[:-1])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        value = in_yaml({key: inner for key, inner in value.items() if inner not in (None, [], {})})
    return f"`{', '.join(value) if isinstance(value, tuple) else value}`"


def _data(node: NodePlan) -> dict[str, Any]:
    """A node as a file says it."""
    data = node.spec.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return {key: _as_written(value) for key, value in data.items()}


def _as_written(value: Any) -> Any:
    """What was dumped as a file says it: a whole number has no point."""
    if isinstance(value, Mapping):
        return {key: _as_written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_written(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _moved(data: Mapping[str, Any], beside: Any, suffix: str) -> dict[str, Any]:
    """A node that writes to other places than the one that it stands beside."""
    moved = dict(data)
    for key, value in data.items():
        other = beside.get(key) if isinstance(beside, Mapping) else None
        if isinstance(value, Mapping):
            moved[key] = _moved(value, other, suffix)
        elif key in FOLDERS and value == other:
            moved[key] = f"{str(value).rstrip('/')}{suffix}"
    return moved
