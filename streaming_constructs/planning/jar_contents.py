"""Looks into a jar, with bounds: it may be somebody's upload, cut off on its way, or made to do harm."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from streaming_constructs.facts.flink_connector_jars import LARGEST_CODE_BYTES
from streaming_constructs.spec.finding import Finding, SpecError

FACTORIES = "META-INF/services/org.apache.flink.table.factories.Factory"
"""The file in a jar that names the classes by which Flink finds connectors and formats."""
MOST_ENTRIES = 200_000
LARGEST_INSIDE_BYTES = 2 * 1024**3
"""What all entries of a jar may be together, unpacked: four times the largest code of an application."""
_LARGEST_DIRECTORY_BYTES = 64 * 1024**2
_LARGEST_LIST_BYTES = 1024**2
_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_TAIL_BYTES = 65_535 + _END.size + 20 + _LARGE_END.size
_POM = re.compile(r"META-INF/maven/org\.apache\.flink/(flink-[a-z0-9-]*connector-[a-z0-9-]+)/pom\.properties")
_VERSION = re.compile(r"^version=(\S+)", re.MULTILINE)
_SERVICE = re.compile(r"^\s*([^\s#]+)", re.MULTILINE)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class JarContents:
    """What a jar has in it.

    Attributes:
        path: The jar.
        names: The names of its entries, without folders.
        factories: The classes by which Flink finds connectors and formats in it.
        versions: The versions of connectors in it, by their artifacts, as far as Maven left them there.
    """

    path: Path
    names: tuple[str, ...]
    factories: frozenset[str]
    versions: tuple[tuple[str, str], ...]

    def has(self, folder: str) -> bool:
        """Whether there is anything in a folder of it.

        Args:
            folder: The folder, such as `org/apache/kafka/`.
        """
        return any(name.startswith(folder) for name in self.names)


def read_jar(path: Path) -> JarContents:
    """Looks into a jar.

    Args:
        path: The jar.

    Raises:
        SpecError: If it is no jar, larger than is read, or has entries that would be written elsewhere when it is unpacked.
    """
    seen = path.stat() if path.exists() else None
    return _read(path, seen.st_mtime_ns if seen else 0, seen.st_size if seen else 0)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _bytes: int) -> JarContents:
    with open_jar(path) as jar:
        infos = {info.filename: info for info in jar.infolist() if not info.is_dir()}
        factories = frozenset(service_lines(jar, infos[FACTORIES])) if FACTORIES in infos else frozenset()
        versions = []
        for name, info in infos.items():
            if (pom := _POM.fullmatch(name)) and (found := _VERSION.search(_text(jar, info))):
                versions.append((pom[1], found[1]))
    return JarContents(path, tuple(infos), factories, tuple(versions))


@contextmanager
def open_jar(path: Path) -> Iterator[zipfile.ZipFile]:
    """Opens a jar that is within the bounds.

    Args:
        path: The jar.

    Raises:
        SpecError: As `read_jar`; also if what it has turns out to be damaged while it is open.
    """
    try:
        _check_file(path)
        with zipfile.ZipFile(path) as jar:
            _check_entries(path, jar.infolist())
            yield jar
    except _DAMAGED as error:
        raise _no_jar(path, str(error) or "it ends too early") from error
    except OSError as error:
        raise _no_jar(path, error.strerror or str(error)) from error


def service_lines(jar: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[str]:
    """The classes that a file of `META-INF/services` names.

    Args:
        jar: The jar.
        info: The file.
    """
    return _SERVICE.findall(_text(jar, info))


def _text(jar: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    if info.file_size > _LARGEST_LIST_BYTES:
        raise _too_large(Path(jar.filename or ""), f"`{info.filename}` is {info.file_size:,} bytes")
    return jar.read(info).decode("utf-8", errors="replace")


def _check_file(path: Path) -> None:
    seen = path.stat()
    if not stat.S_ISREG(seen.st_mode):
        raise _no_jar(path, "it is a folder" if stat.S_ISDIR(seen.st_mode) else "it is no regular file")
    if seen.st_size > LARGEST_CODE_BYTES:
        raise _too_large(path, f"it is {seen.st_size:,} bytes, and an application's code may be {LARGEST_CODE_BYTES:,}")
    with path.open("rb") as file:
        file.seek(max(0, seen.st_size - _TAIL_BYTES))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise _no_jar(path, "it has no directory of its entries at its end")
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if large >= 0 and large + _LARGE_END.size <= at and (entries == 0xFFFF or directory == 0xFFFFFFFF):
        *_, entries, directory, _ = _LARGE_END.unpack_from(tail, large)
    if entries > MOST_ENTRIES or directory > _LARGEST_DIRECTORY_BYTES:
        raise _too_large(path, f"it says that it has {entries:,} entries")
    if not entries:
        raise _no_jar(path, "it is empty")


def _check_entries(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_ENTRIES:
        raise _too_large(path, f"it has {len(infos):,} entries")
    if (inside := sum(info.file_size for info in infos)) > LARGEST_INSIDE_BYTES:
        raise _too_large(path, f"its entries are {inside:,} bytes together, and {LARGEST_INSIDE_BYTES:,} are read")
    for info in infos:
        parts = info.orig_filename.split("/")
        if (
            "\\" in info.orig_filename
            or "\0" in info.orig_filename
            or ".." in parts
            or parts[0] == ""
            or ":" in parts[0]
        ):
            raise _leaves(path, info.orig_filename)
        if info.flag_bits & _ENCRYPTED:
            raise _no_jar(path, f"`{info.filename}` is encrypted")
        if info.compress_type not in _METHODS:
            raise _no_jar(path, f"`{info.filename}` is packed in a way that Java does not read")


def _no_jar(path: Path, why: str) -> SpecError:
    help_ = "name the jar itself, or fetch it again; `unzip -t FILE` says whether it is whole"
    return SpecError([Finding("FLK135", f"`{path}` is no jar", note=why, help=help_)])


def _too_large(path: Path, why: str) -> SpecError:
    help_ = "take the connector as Maven brings it: `streaming-constructs jars --connectors NAME`"
    return SpecError([Finding("FLK136", f"`{path}` is larger than is read", note=why, help=help_)])


def _leaves(path: Path, name: str) -> SpecError:
    note = f"`{name}` would be written outside of the folder that it is unpacked into"
    help_ = "take the connector as Maven brings it: `streaming-constructs jars --connectors NAME`"
    return SpecError([Finding("FLK137", f"`{path}` has an entry that leaves its folder", note=note, help=help_)])
