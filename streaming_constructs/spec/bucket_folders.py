"""The folders of existing buckets that a system writes to: what lies in one is read, replayed and deleted as one.

Every pair of folders is judged by a walk along the steps of each path, so many nodes may share a bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.node import BucketFolder, FolderContent

if TYPE_CHECKING:
    from streaming_constructs.spec.node import NodeSpec

_TOGETHER = frozenset({"errors", "failed_batches", "table_data"})
"""What may lie beside more of its sort: each object says whose it is, and no table of the system reads them."""
_DECISIVE: tuple[FolderContent, ...] = ("table_data", "failed_batches", "errors", "records")
"""Which of two contents says what to do."""
_WORDS: Mapping[FolderContent, str] = {
    "records": "records",
    "errors": "errors",
    "failed_batches": "batches that were given up",
    "table_data": "data of an Iceberg table",
}
_HELPS: Mapping[FolderContent, str] = {
    "records": "give each a `prefix` of its own",
    "errors": "give each an `error_prefix` and a `prefix` of its own, such as `error_prefix: errors/{name}`",
    "failed_batches": "keep them in a bucket of their own, such as `on_failure: s3`, or choose another `prefix`",
    "table_data": "choose a `prefix` beside it, such as `prefix: archive/{name}`, or another bucket",
}


class _Owned(NamedTuple):
    """A folder, and the node that writes to it."""

    name: str
    place: BucketFolder


@dataclass(slots=True)
class _Step:
    """One step of the paths in a bucket: what is written there, and at or below it, and who was the first to do so.

    The folders of a node come one behind the other, so where a node was the first itself, nobody else was there before it.
    """

    here: dict[FolderContent, _Owned] = field(default_factory=dict)
    below: dict[FolderContent, _Owned] = field(default_factory=dict)
    next: dict[str, _Step] = field(default_factory=dict)


def folder_findings(nodes: Iterable[tuple[str, str, NodeSpec]]) -> Iterator[Finding]:
    """Folders of one bucket that are the same, or lie in one another, and whose content must not be mixed.

    What is an error is one of the spec; where the data of an Iceberg table lies is a guess, so that is a warning of the plan.

    Args:
        nodes: Section, name and model of each node of a system.
    """
    buckets: dict[str, _Step] = {}
    for section, name, node in nodes:
        for place in node.bucket_folders(name):
            owned = _Owned(name, place)
            other = _put(buckets.setdefault(place.bucket, _Step()), owned)
            if other is not None:
                yield _finding((section, name), owned, other)


def _put(root: _Step, owned: _Owned) -> _Owned | None:
    """Writes a folder into the tree of its bucket; the first one that it must not lie in, or around."""
    way, met = [root], list[_Owned]()
    for part in owned.place.folder.strip("/").split("/"):
        met += _clashing(way[-1].here, owned)
        way.append(way[-1].next.setdefault(part, _Step()))
    met += _clashing(way[-1].below, owned)
    for step in way:
        step.below.setdefault(owned.place.content, owned)
    way[-1].here.setdefault(owned.place.content, owned)
    return met[0] if met else None


def _clashing(contents: Mapping[FolderContent, _Owned], owned: _Owned) -> Iterator[_Owned]:
    for content, first in contents.items():
        if first.name != owned.name and not (content == owned.place.content and content in _TOGETHER):
            yield first


def _finding(path: SpecPath, owned: _Owned, other: _Owned) -> Finding:
    one, another = owned.place, other.place
    contents = (one.content, another.content)
    decisive = next(content for content in _DECISIVE if content in contents)
    message = "two of them write into the same folder"
    if one.content != another.content:
        message = f"{_WORDS[one.content]} and {_WORDS[another.content]} would lie in one folder"
    return Finding(
        "FIR714" if decisive == "table_data" else "FIR707",
        message,
        (*path, *one.path),
        note=f"`{one.folder}` and `{another.folder}` of `{other.name}`, in the bucket {one.bucket}",
        help=_HELPS[decisive].format(name=owned.name),
    )
