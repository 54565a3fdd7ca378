"""The graph of a system: every name is given once and resolves, nothing feeds itself, no two nodes share a folder.

Computed from what each node says of itself (`NodeSpec`); no kind is named here. Loops, readers and folders are judged by the
physical resource where one is named: two nodes that adopt one stream are one stream.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from streaming_constructs.kinds import NODE_SECTIONS, kinds_of
from streaming_constructs.spec.bucket_folders import folder_findings
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, dotted, nearest
from streaming_constructs.spec.node import Edge, Reference
from streaming_constructs.spec.notify import notified_nodes
from streaming_constructs.spec.section import model_of
from streaming_constructs.spec.shared_resources import doubled_mapping_findings

if TYPE_CHECKING:
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

Names = Mapping[str, Mapping[str, Any]]
"""What is named in each section."""

NOTIFY = Reference(("notify",), "uses", ("sns_topics",), "topic", names=notified_nodes)
"""The topics of the system that alarms tell."""


def graph_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """What is wrong between the nodes of a system.

    Args:
        spec: The system, whose nodes are right by themselves.
    """
    names = {section: getattr(spec, section) for section in ("schemas", *NODE_SECTIONS)}
    edges: list[tuple[SpecPath, Edge]] = []
    edges += [((section, name), edge) for section, name, node in spec.nodes() for edge in node.edges()]
    edges += [(("alarms",), edge) for edge in NOTIFY.edges(spec.alarms)]
    for alarm, override in spec.alarms.override.items():
        edges += [(("alarms", "override", alarm), edge) for edge in NOTIFY.edges(override)]
    unresolved = [*_doubled_findings(names, edges), *_unresolved_findings(names, edges)]
    yield from unresolved
    if not unresolved:
        yield from _unfit_findings(spec, edges)
        yield from _loop_findings(spec)
        yield from _direct_findings(spec)
        yield from doubled_mapping_findings(spec)
        yield from (finding for finding in folder_findings(spec.nodes()) if finding.level == "error")
        for section, name, node in spec.nodes():
            yield from (finding.below(section, name) for finding in node.graph_findings(name, spec))


def reference_findings(
    data: Mapping[str, Any], repaired: Mapping[str, Any] | None = None, *, unread: Collection[str] = ()
) -> Iterator[Finding]:
    """Findings about names that are missing, doubled, or of the wrong kind, in plain data that may be half right.

    Args:
        data: A spec as plain data.
        repaired: The same with its errors repaired: a section may have its right name only there. Left out: there is none.
        unread: Sections of which nothing is known, as they could not be read: what names a node of them may be right.
    """
    names = {
        section: {**_entries(repaired or {}, section), **_entries(data, section)}
        for section in ("schemas", *NODE_SECTIONS)
    }
    edges: list[tuple[SpecPath, Edge]] = [
        ((section, name), edge)
        for section in NODE_SECTIONS
        for name, entry in names[section].items()
        for reference in _references(section, entry)
        for edge in reference.edges(entry)
    ]
    alarms = data.get("alarms")
    if isinstance(alarms, Mapping):
        edges += [(("alarms",), edge) for edge in NOTIFY.edges(alarms)]
        for alarm, override in _entries(alarms, "override").items():
            if isinstance(override, Mapping):
                edges += [(("alarms", "override", alarm), edge) for edge in NOTIFY.edges(override)]
    yield from _doubled_findings(names, edges)
    known = [(place, edge) for place, edge in edges if not {*edge.accepts} & {*unread}]
    yield from _unresolved_findings(names, known)


def _references(section: str, entry: Any) -> tuple[Reference, ...]:
    kinds = kinds_of(section)
    row = kinds.get("") or kinds.get(str(entry.get("kind"))) if isinstance(entry, Mapping) else None
    if row is None:
        return ()
    references: tuple[Reference, ...] = getattr(model_of(row), "references", ())
    return references


def _entries(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    entries = data.get(section)
    return entries if isinstance(entries, Mapping) else {}


def _doubled_findings(names: Names, edges: Sequence[tuple[SpecPath, Edge]]) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for section in NODE_SECTIONS:
        for name in names[section]:
            if name in owner:
                free = next(f"{name}-{suffix}" for suffix in _suffixes(section) if f"{name}-{suffix}" not in owner)
                named = [
                    dotted((*place, *edge.path))
                    for place, edge in edges
                    if edge.target == name and section in edge.accepts and owner[name] not in edge.accepts
                ]
                also = f", also in {', '.join(f'`{path}`' for path in named)}" if named else ""
                yield Finding(
                    "GRF302",
                    f"the name `{name}` is taken",
                    (section, name),
                    note=f"`{owner[name]}.{name}` has it; streams, consumers and all other nodes share one space of names",
                    help=f"rename this one, such as to `{free}`{also}",
                )
            owner.setdefault(name, section)


def _suffixes(section: str) -> Iterator[str]:
    noun = {"deliveries": "delivery"}.get(section, section.rpartition("_")[2].removesuffix("s"))
    yield noun
    yield from (f"{noun}-{number}" for number in range(2, 1000))


def _unresolved_findings(names: Names, edges: Sequence[tuple[SpecPath, Edge]]) -> Iterator[Finding]:
    owner = {name: section for section in reversed(NODE_SECTIONS) for name in names[section]}
    read: dict[SpecPath, set[str]] = {}
    for place, edge in edges:
        if edge.role == "from":
            read.setdefault(place, set()).add(edge.target)
    named = {
        accepts: {name: section for section in accepts for name in names[section]}
        for accepts in {edge.accepts for _, edge in edges}
    }
    vocabularies = {(edge.accepts, edge.words) for _, edge in edges}
    choices_of = {(accepts, words): (*named[accepts], *words) for accepts, words in vocabularies}
    for place, edge in edges:
        there, choices = named[edge.accepts], choices_of[edge.accepts, edge.words]
        if edge.target in there:
            continue
        path = (*place, *edge.path)
        # Written to what it reads, records would go round.
        unfit = read.get(place, ()) if edge.role == "to" else ()
        if unfit:
            choices = tuple(choice for choice in choices if choice not in unfit)
        only = choices[0] if len(choices) == len(there) == 1 and not edge.words else ""
        close = nearest(edge.target, choices) or only
        edits = (Edit(path, close),) if close else ()
        if edge.target in owner and edge.role != "schema":
            yield Finding(
                "GRF303",
                f"`{edge.target}` is no {edge.noun}",
                path,
                note=f"it is one of the {owner[edge.target]}",
                help=did_you_mean(edge.target, choices) or f"add a {edge.noun} and name it here",
                edits=edits,
            )
        else:
            yield Finding(
                "GRF301",
                f"there is no {edge.noun} `{edge.target}`",
                path,
                help=_what_to_name(edge, there, choices),
                edits=edits,
            )


def _unfit_findings(spec: PipelineSpec, edges: Sequence[tuple[SpecPath, Edge]]) -> Iterator[Finding]:
    """Edges to a node whose kind is none that the edge may lead to."""
    nodes = {name: node for _, name, node in spec.nodes()}
    for place, edge in edges:
        kind = getattr(nodes.get(edge.target), "kind", "")
        if edge.kinds and kind not in edge.kinds:
            fit = [name for name, node in nodes.items() if getattr(node, "kind", "") in edge.kinds]
            who = getattr(nodes[str(place[1])], "kind", "") or place[0]
            yield Finding(
                "GRF315",
                f"{who} cannot {'read' if edge.role == 'from' else 'write to'} what is of kind {kind}",
                (*place, *edge.path),
                note=f"AWS lets it {'read' if edge.role == 'from' else 'write to'} {', '.join(filter(None, edge.kinds))}",
                help=nodes[str(place[1])].way_round(str(place[1]), edge.target, kind)
                or did_you_mean(edge.target, fit)
                or f"name one of kind {edge.kinds[0]}",
            )


def _what_to_name(edge: Edge, there: Collection[str], choices: Sequence[str]) -> str:
    options = did_you_mean(edge.target, choices)
    if nearest(edge.target, choices) or set(choices) - set(edge.words):
        return options
    add = f"add it under `{edge.accepts[0]}`{'' if there else ': there is none yet'}"
    return f"{options}; or {add}" if options else add


def _loop_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Nodes that write to what, over other nodes, they read."""
    identity = {name: node.physical_id() or name for _, name, node in spec.nodes()}
    flows: dict[str, set[str]] = {}
    for _, name, node in spec.nodes():
        for source in node.sources():
            flows.setdefault(identity[source], set()).add(identity[name])
        flows.setdefault(identity[name], set()).update(identity[target] for target in node.targets())
    for section, name, node in spec.nodes():
        for edge in node.edges():
            if edge.role != "to":
                continue
            reached = _reached(identity[edge.target], flows)
            for source in node.sources():
                if identity[source] in reached:
                    yield Finding(
                        "GRF306",
                        "records go round in a circle, and multiply",
                        (section, name, *edge.path),
                        note=f"it reads `{source}`, which `{edge.target}` leads back to",
                        help="write to a stream that does not lead back",
                    )


def _direct_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Nodes that read a stream, and that others write to as well."""
    readers = {name: (section, node.sources()) for section, name, node in spec.nodes()}
    for section, writer, node in spec.nodes():
        for target in node.targets():
            written, sources = readers[target]
            if sources:
                yield Finding(
                    "FIR711",
                    "a delivery from a stream takes no records directly",
                    (written, target, "from"),
                    note=f"it reads the stream `{sources[0]}`, and `{writer}` of {section} writes to it",
                    help=f"let `{writer}` write to `{sources[0]}`, or set `from: direct_put`",
                )


def _reached(start: str, flows: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        new = flows.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def neighbours(spec: PipelineSpec, name: str) -> Iterator[tuple[str, str, NodeSpec]]:
    """The nodes that refer to a node.

    Args:
        spec: The system.
        name: The node that is referred to.
    """
    for section, other, node in spec.nodes():
        if any(edge.target == name and edge.role != "schema" for edge in node.edges()):
            yield section, other, node
