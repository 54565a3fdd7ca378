"""Merges jars into one: what a build with the shade plugin of Maven does, without relocation, and with the same bytes always.

What becomes of entries that several jars have:

- Files of `META-INF/services` are united, so that Flink finds every factory.
- Classes have to be the same, byte by byte: a class is loaded once, and of two that differ one would be missed.
- Licences and notices are put one after another.
- Of anything else the first is kept, in the order of the jars' names.

Manifests, indexes, signatures and descriptions of modules are left out: none of them holds for the new jar. What stands in
`META-INF/versions` is kept, and the manifest says that it is there. So is what Maven left of itself, by which scanners know
what is inside.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from streaming_constructs.cdk.analytics.jar_writer import PackedEntry, packed, stored
from streaming_constructs.planning.jar_cache import sha256_of
from streaming_constructs.planning.jar_contents import open_jar, service_lines
from streaming_constructs.spec.finding import Finding, SpecError

_MULTI_RELEASE = "META-INF/versions/"
_SERVICES = "META-INF/services/"
_LEFT_OUT = re.compile(
    r"META-INF/(MANIFEST\.MF|INDEX\.LIST|(SIG-[^/]*|[^/]*\.(SF|DSA|RSA|EC)))|(META-INF/versions/[0-9]+/)?module-info\.class",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"(META-INF/)?(LICEN[CS]E|NOTICE|DEPENDENCIES)(\.(txt|md))?", re.IGNORECASE)
_MOST_NAMED = 5


def merged_entries(jars: Sequence[Path]) -> dict[str, PackedEntry]:
    """What one jar has that takes the place of several, without its manifest.

    Args:
        jars: The jars, in any order. Each is read as a whole, and compared with its own checksums.

    Raises:
        SpecError: If one is no jar, or two have the same class with other bytes (FLK105).
    """
    with ExitStack() as stack:
        merge = _Merge(stack)
        for jar in sorted(jars, key=_in_order):
            merge.add(jar)
        return merge.entries()


def _in_order(jar: Path) -> tuple[str, str]:
    """By name; two of one name by what they have, for their folders differ between machines."""
    return jar.name, sha256_of(jar) if jar.is_file() else ""


class _Merge:
    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._jars: dict[Path, zipfile.ZipFile] = {}
        self._entries: dict[str, PackedEntry] = {}
        self._from: dict[str, Path] = {}
        self._services: dict[str, list[str]] = {}
        self._licences: dict[str, list[bytes]] = {}
        self._conflicts: dict[tuple[Path, Path], list[str]] = {}

    def add(self, path: Path) -> None:
        jar = self._jars[path] = self._stack.enter_context(open_jar(path))
        for info in jar.infolist():
            if not info.is_dir() and not _LEFT_OUT.fullmatch(info.filename):
                self._add_entry(path, jar, info)

    def _add_entry(self, path: Path, jar: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        name = info.filename
        if name.startswith(_SERVICES):
            lines = self._services.setdefault(name, [])
            lines.extend(line for line in service_lines(jar, info) if line not in lines)
            return
        content = jar.read(info)  # compares its checksum
        if _LICENCE.fullmatch(name):
            texts = self._licences.setdefault(name, [])
            if content not in texts:
                texts.append(content)
        elif name not in self._entries:
            self._entries[name] = packed(jar, info)
            self._from[name] = path
        elif name.endswith(".class") and not self._is(name, content):
            self._conflicts.setdefault((self._from[name], path), []).append(name)

    def _is(self, name: str, content: bytes) -> bool:
        return self._entries[name].size == len(content) and self._jars[self._from[name]].read(name) == content

    def entries(self) -> dict[str, PackedEntry]:
        if self._conflicts:
            raise SpecError([_conflict(*jars, names) for jars, names in self._conflicts.items()])
        lists = {
            name: stored("".join(f"{line}\n" for line in lines).encode()) for name, lines in self._services.items()
        }
        texts = {name: stored(_joined(several)) for name, several in self._licences.items()}
        return {**self._entries, **lists, **texts}


def is_multi_release(entries: Iterable[str]) -> bool:
    """Whether a jar has classes for some versions of Java alone.

    Args:
        entries: The names of its entries.
    """
    return any(name.startswith(_MULTI_RELEASE) for name in entries)


def _joined(texts: Sequence[bytes]) -> bytes:
    return b"\n".join(text if text.endswith(b"\n") else text + b"\n" for text in texts)


def _conflict(first: Path, second: Path, names: Sequence[str]) -> Finding:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    twice = f"`{first.name}` and `{second.name}` have" if first != second else f"`{first.name}` has twice"
    message = f"{twice} {len(names):,} of the same classes with other bytes"
    note = f"{shown}{more}: only one of each would be loaded"
    help_ = "leave one of the two out; or leave `connectors` out, and run `streaming-constructs jars` for jars that go together"
    return Finding("FLK105", message, note=note, help=help_)
