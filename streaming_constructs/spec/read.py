"""From a file to a spec: reads it, checks it whole, and says everything that is wrong at once.

Where a part is wrong it is repaired for the time being, as its finding's own help says or by leaving it out, so that the rest
can be judged in the same run. What was repaired is never built, and nothing is said about it beyond its own finding.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.cdk_token import token_findings
from streaming_constructs.spec.defaults import default_findings, foreign_defaults, with_defaults
from streaming_constructs.spec.document import Document, read_document
from streaming_constructs.spec.environments import as_environment, environment_findings
from streaming_constructs.spec.finding import REMOVE, Edit, Finding, SpecError, SpecPath
from streaming_constructs.spec.function_code import code_findings
from streaming_constructs.spec.graph import reference_findings
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.regular_file import read_regular_file
from streaming_constructs.spec.repaired_parts import RepairedParts
from streaming_constructs.spec.section import FILE
from streaming_constructs.spec.told_once import told_once, unread_sections

MAX_BYTES = 4_000_000
"""Larger files are no specs; not more than this is read of any."""
_REPAIRS = 6
"""How often what was repaired is looked at again: a repair may show what stood behind it."""
_NAMES = ("GRF301", "GRF302", "GRF303")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and what is wrong with it.

    Attributes:
        document: The file as one of its environments, with its defaults in each node.
        spec: The system; repaired where the file is wrong, None where nothing can be made of it.
        findings: What is wrong, in the file's order, each with its line.
        repaired: The parts of `spec` that do not say what the file says.
    """

    document: Document
    spec: PipelineSpec | None
    findings: tuple[Finding, ...]
    repaired: RepairedParts = field(default_factory=RepairedParts)

    @property
    def is_whole(self) -> bool:
        """Whether the file can be built as it stands."""
        return self.spec is not None and not any(finding.level == "error" for finding in self.findings)

    def speaks_of_the_file(self, finding: Finding) -> bool:
        """Whether a later finding is about what the file says, and not about a repair.

        Args:
            finding: The finding.
        """
        return not self.repaired.touch(finding.path)


def _once_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetitions: a default that is wrong would be told of every node."""
    seen = {
        (finding.code, finding.line, finding.column, finding.message): finding for finding in reversed(list(findings))
    }
    return tuple(reversed(seen.values()))


def load(path: str | os.PathLike[str], environment: str | None = None) -> PipelineSpec:
    """Reads a spec from a file; see `PipelineSpec.load`."""
    reading = read(path, environment)
    if reading.spec is None or not reading.is_whole:
        raise SpecError(reading.findings)
    return reading.spec


def read(path: str | os.PathLike[str], environment: str | None = None) -> Reading:
    """Reads a file without raising.

    Args:
        path: The file.
        environment: Which of its environments it is.
    """
    return read_as(open_document(path), environment)


def read_as(document: Document, environment: str | None = None) -> Reading:
    """Reads a document as one of its environments, as `read` does.

    Args:
        document: The file's content.
        environment: Which of its environments it is.
    """
    if document.findings:
        return Reading(document, None, tuple(document.findings))
    if not isinstance(document.data, dict):
        return Reading(document, None, (document.locate(_not_a_spec(document)),))
    chosen = list(environment_findings(document, environment))
    if any(finding.code == "GRF305" and finding.path in {("environments",), ()} for finding in chosen):
        return Reading(document, None, tuple(document.locate(finding) for finding in chosen))
    located = [document.locate(finding) for finding in chosen]
    document = as_environment(document, environment)
    located += [document.locate(finding) for finding in default_findings(document.data)]
    document, origins = with_defaults(document)
    spec, findings, repaired = build(document.data, Path(document.name).parent, environment or "", origins)
    document = document.with_names(repaired.renamed)
    # What differs from nothing is no node that could lack something.
    mistaken = {finding.path for finding in chosen if finding.code == "GRF301"}
    found = [document.locate(finding) for finding in findings]
    located += [finding for finding in found if finding.path not in mistaken]
    located.sort(key=lambda finding: (finding.line, finding.column))
    return Reading(document, spec, _once_each(located), repaired)


def build(
    data: Mapping[str, Any], directory: Path, environment: str = "", origins: Mapping[SpecPath, SpecPath] | None = None
) -> tuple[PipelineSpec | None, list[Finding], RepairedParts]:
    """Builds a spec from plain data: the spec, all that is wrong with it, and what of it had to be repaired.

    Args:
        data: The spec as plain data.
        directory: The folder that its paths are relative to.
        environment: Which environment it is.
        origins: Where parts that came from `defaults` were written.
    """
    origins = origins or {}
    findings, repairs = list[Finding](), _Repairs()
    spec, graph = None, list[Finding]()
    findings += token_findings(data)
    current = edited(data, repairs.of(findings)) if findings else data
    was_repaired = bool(findings)
    for _ in range(_REPAIRS):
        graph = []
        try:
            spec = PipelineSpec.model_validate(current, context={**FILE, "collected": graph})
            break
        except ValidationError as error:
            from streaming_constructs.spec.validation_errors import validation_findings

            found = list(validation_findings(error, PipelineSpec, current))
            dropped = list(foreign_defaults(found, origins))
            told = [finding for finding in found if finding not in dropped]
            findings += [finding for finding in told if repairs.leave(finding)]
            was_repaired = True
            current = edited(current, [*repairs.of(told), *(Edit(finding.path) for finding in dropped)])
    repaired = repairs.parts
    findings = list(told_once(findings, data))
    unread = unread_sections(data, current)
    if spec is None:
        return None, findings + list(reference_findings(data, current, unread=unread)), repaired
    spec = spec.read_from(directory, environment)
    if was_repaired:
        # Names are those of the file: what a repair left out is still there.
        references = reference_findings(data, current, unread=unread)
        graph = [*references, *(finding for finding in graph if finding.code not in {*_NAMES, "GRF304"})]
    graph += _code_findings(spec, directory)
    findings += [finding for finding in graph if repairs.leave(finding)]
    if was_repaired or repaired or any(finding.code in _NAMES for finding in graph):
        spec = _with_what_resolves(spec, repaired)
    return spec, findings, repaired


class _Repairs:
    """What is written into a file, or left out of it, so that the rest of it can be judged.

    Attributes:
        parts: The parts that do not say what the file says.
    """

    def __init__(self) -> None:
        self.parts = RepairedParts()
        self._written: set[SpecPath] = set()

    def leave(self, finding: Finding) -> bool:
        """Whether the repairs leave a finding true: whether it is about what the file says.

        Args:
            finding: What is found after them.
        """
        if self.parts.touch(finding.path):
            return False
        # What has no effect may have lost what it goes with.
        if finding.code == "LNG404" and self.parts.stand_beside(finding.path):
            return False
        # Where a value was written in place of one that was told already, or one is missing that was left out.
        return finding.path not in self._written and not any(self.parts.hold(edit.path) for edit in finding.edits)

    def of(self, findings: Iterable[Finding]) -> Iterator[Edit]:
        """The edits that mend what was found, as it says; where it does not say, or that did not help, what leaves it out.

        Args:
            findings: What was found.
        """
        edits = [edit for finding in findings for edit in self._of(finding)]
        for edit in edits:
            if edit.invented:
                # What stands behind an item that is left out would be taken for it.
                self.parts.add(edit.path[:-1] if _leaves_out_item(edit) else edit.path)
            if edit.value is not REMOVE:
                self._written.add(edit.path)
        yield from edits

    def _of(self, finding: Finding) -> tuple[Edit, ...]:
        if finding.edits and not any(edit.path in self._written for edit in finding.edits):
            if Edit(finding.path) in finding.edits:
                for edit in finding.edits:
                    if edit.value is not REMOVE:
                        self.parts.rename(finding.path, edit.path)
            return finding.edits
        path = finding.path[:2] if self.parts.touch(finding.path) else finding.path
        return (Edit(path, invented=True),)


def _leaves_out_item(edit: Edit) -> bool:
    return edit.value is REMOVE and isinstance(edit.path[-1:] and edit.path[-1], int)


def edited(data: Mapping[str, Any], edits: Iterable[Edit]) -> Mapping[str, Any]:
    """The data with some edits made; the data itself stays as it is.

    Args:
        data: A spec as plain data.
        edits: The edits; what is not there cannot be taken out, and is left.
    """
    result = copy.deepcopy(dict(data))
    changes = list(edits)
    for edit in changes:
        if edit.value is not REMOVE:
            _put(result, edit.path, edit.value)
    # From the end, so that the places in a list stay what they were.
    for path in sorted({edit.path for edit in changes if edit.value is REMOVE}, key=_place, reverse=True):
        _take(result, path)
    return result


def _place(path: SpecPath) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _put(data: Any, path: SpecPath, value: Any) -> None:
    if not path:
        return
    for step in path[:-1]:
        if isinstance(data, dict):
            if not isinstance(data.get(str(step)), dict | list):
                data[str(step)] = {}
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return
    if isinstance(data, dict) or (isinstance(data, list) and isinstance(path[-1], int) and path[-1] < len(data)):
        data[path[-1]] = copy.deepcopy(value)  # type: ignore[index]


def _take(data: Any, path: SpecPath) -> None:
    for step in path[:-1]:
        inside = isinstance(data, dict) and step in data
        if not inside and not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            return
        data = data[step]
    if not path:
        return
    last = path[-1]
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]


def _with_what_resolves(spec: PipelineSpec, repaired: RepairedParts) -> PipelineSpec:
    """The system without the nodes whose name is taken, or that name what is not there, and without those that need them."""
    while True:
        there = {(section, name) for section, name, _ in spec.nodes()}
        # By its name alone a node is found later: of two that have it the first stays.
        owner = {name: section for section, name, _ in reversed(list(spec.nodes()))}
        lost = {(section, name) for section, name in there if owner[name] != section} | {
            (section, name)
            for section, name, node in spec.nodes()
            for edge in node.edges()
            if not any((accepted, edge.target) in there for accepted in edge.accepts if accepted != "schemas")
            and not ("schemas" in edge.accepts and edge.target in spec.schemas)
        }
        if not lost:
            return spec
        for part in lost:
            repaired.add(part)
        kept = {
            section: {name: node for name, node in getattr(spec, section).items() if (section, name) not in lost}
            for section in NODE_SECTIONS
        }
        spec = spec.model_copy(update=kept)


def _code_findings(spec: PipelineSpec, directory: Path) -> Iterator[Finding]:
    for section, name, node in spec.nodes():
        for path, function in node.functions():
            for finding in code_findings(function, directory):
                yield finding.below(section, name, *path)


def open_document(path: str | os.PathLike[str]) -> Document:
    """The content of a file, with what could not be read of it as findings.

    Args:
        path: The file.
    """
    name = str(path)
    try:
        raw = read_regular_file(path, MAX_BYTES + 1)
    except OSError as error:
        return Document(name, [], findings=[_unreadable(name, error.strerror or "it cannot be opened")])
    return document_of(raw, name)


def document_of(raw: bytes, name: str) -> Document:
    """The content of a file that was read already, such as standard input.

    Args:
        raw: What was read.
        name: What the file is called in findings.
    """
    if len(raw) > MAX_BYTES:
        return Document(name, [], findings=[_unreadable(name, f"it is larger than {MAX_BYTES} bytes")])
    try:
        return read_document(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        return Document(name, [], findings=[_unreadable(name, f"it is not UTF-8 text (byte {error.start})")])


def _unreadable(name: str, why: str) -> Finding:
    return Finding(
        "LNG101", f"cannot read `{name}`", note=why[:1].lower() + why[1:], help="name a YAML file", file=name
    )


def _not_a_spec(document: Document) -> Finding:
    seen = "it is empty" if document.data is None else "its top is no mapping"
    return Finding(
        "LNG106",
        "the file is no spec",
        note=seen,
        help="start with `name: clickstream` and `streams: {clicks: {kind: kinesis, workload: {records_per_second: 1000, "
        "record_kb: 1}}}`",
    )
