"""Writes a jar whose bytes depend on what is put into it alone: neither on the machine, nor the day, nor the order of folders.

What comes out of another jar is taken over as it is packed there. To pack it anew would be slower, and would give other bytes
wherever Python brings another zlib.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE_LOCATOR = struct.Struct("<4sLQL")
_NAME_LENGTH = struct.Struct("<H")
_OFFSET = struct.Struct("<L")
MANIFEST = "META-INF/MANIFEST.MF"
_DATE = (1 << 5) | 1
"""The first of January 1980, as a zip says it; the time is 0."""
_VERSION = 20
_VERSION_LARGE = 45
_UNIX = 3
_MADE_BY = _UNIX << 8 | _VERSION
_MODE = 0o100644 << 16
_UTF_8 = 0x800
_MOST_ENTRIES = 0xFFFF
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """An entry, packed.

    Attributes:
        method: How: `ZIP_STORED` or `ZIP_DEFLATED`.
        crc: The CRC-32 of what it is unpacked.
        size: Its bytes, unpacked.
        packed_size: Its bytes, packed.
        content: Where it is: its bytes; or the jar that has it and where in it they begin.
    """

    method: int
    crc: int
    size: int
    packed_size: int
    content: bytes | tuple[Path, int]


def stored(content: bytes) -> PackedEntry:
    """An entry that is not packed.

    Args:
        content: Its bytes.
    """
    return PackedEntry(zipfile.ZIP_STORED, zlib.crc32(content), len(content), len(content), content)


def packed(jar: zipfile.ZipFile, info: zipfile.ZipInfo) -> PackedEntry:
    """An entry of another jar, as it is packed there.

    Args:
        jar: The jar; it is open, and has a name.
        info: The entry.

    Raises:
        zipfile.BadZipFile: If there is no such entry where its directory says.
    """
    file = jar.fp
    if file is None or jar.filename is None:
        raise ValueError("a jar that is open and has a name is needed")
    file.seek(info.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) != _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(f"`{info.filename}` is not where the directory says")
    name, extra = struct.unpack_from("<2H", header, 26)
    at = info.header_offset + _LOCAL.size + name + extra
    return PackedEntry(info.compress_type, info.CRC, info.file_size, info.compress_size, (Path(jar.filename), at))


@dataclass(frozen=True, slots=True)
class Directory:
    """Where a jar has the directory of its entries, which is at its end.

    Attributes:
        at: Where it begins: how many bytes the entries are.
        size: Its bytes.
        entries: How many entries it lists.
    """

    at: int
    size: int
    entries: int


def write_jar(
    file: BinaryIO,
    entries: Mapping[str, PackedEntry],
    base: tuple[Path, Directory] | None = None,
) -> Directory:
    """Writes a jar: its entries in the order of their names, all with the same time and permissions. The manifest goes first,
    for some readers look for it there alone.

    Args:
        file: Where to.
        entries: What it has, by names.
        base: A jar that this function wrote before, and its directory: the new one has its entries as well, but those of names
            that are in `entries`. They are copied in one piece.

    Returns:
        Where its directory is.

    Raises:
        OSError: If a jar cannot be read or the new one not be written.
    """
    names = sorted(entries, key=lambda name: (name != MANIFEST, name))
    listed = bytearray()
    at = count = 0
    with _Sources() as sources:
        for name in names:
            entry, raw = entries[name], name.encode()
            described = _described(entry, raw)
            file.write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *described) + raw)
            file.writelines(sources.chunks(entry))
            listed += _CENTRAL.pack(b"PK\x01\x02", _MADE_BY, _VERSION, *described, 0, 0, 0, _MODE, at) + raw
            at += _LOCAL.size + len(raw) + entry.packed_size
            count += 1
        if base:
            path, directory = base
            file.writelines(sources.piece(path, 0, directory.at))
            of_base = b"".join(sources.piece(path, directory.at, directory.size))
            moved, kept = _moved(of_base, at, {name.encode() for name in names})
            listed += moved
            count += kept
            at += directory.at
    file.write(listed)
    _write_end(file, Directory(at, len(listed), count))
    return Directory(at, len(listed), count)


def _described(entry: PackedEntry, name: bytes) -> tuple[int, ...]:
    flags = 0 if name.isascii() else _UTF_8
    return (flags, entry.method, 0, _DATE, entry.crc, entry.packed_size, entry.size, len(name), 0)


def _moved(directory: bytes, by: int, but: set[bytes]) -> tuple[bytes, int]:
    """A directory of entries that begin so many bytes later, without some; and how many it lists."""
    moved, position, kept = bytearray(directory), 0, 0
    out = []
    while position < len(directory):
        (length,) = _NAME_LENGTH.unpack_from(directory, position + 28)
        end = position + _CENTRAL.size + length
        if directory[position + _CENTRAL.size : end] not in but:
            (at,) = _OFFSET.unpack_from(directory, position + 42)
            _OFFSET.pack_into(moved, position + 42, at + by)
            out.append(memoryview(moved)[position:end])
            kept += 1
        position = end
    return b"".join(out), kept


def _write_end(file: BinaryIO, directory: Directory) -> None:
    count, size, at = directory.entries, directory.size, directory.at
    if count >= _MOST_ENTRIES:
        large = (44, _UNIX << 8 | _VERSION_LARGE, _VERSION_LARGE, 0, 0, count, count, size, at)
        file.write(_LARGE_END.pack(b"PK\x06\x06", *large))
        file.write(_LARGE_LOCATOR.pack(b"PK\x06\x07", 0, at + size, 1))
    count = min(count, _MOST_ENTRIES)
    file.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, at, 0))


class _Sources:
    """The jars that entries are taken from; each is opened once."""

    def __init__(self) -> None:
        self._open: dict[Path, BinaryIO] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def chunks(self, entry: PackedEntry) -> Iterator[bytes]:
        """What an entry is, packed."""
        if isinstance(entry.content, bytes):
            yield entry.content
        else:
            yield from self.piece(*entry.content, entry.packed_size)

    def piece(self, path: Path, at: int, size: int) -> Iterator[bytes]:
        """A piece of a jar."""
        if path not in self._open:
            self._open[path] = path.open("rb")
        file = self._open[path]
        file.seek(at)
        while size:
            chunk = file.read(min(size, _CHUNK_BYTES))
            if not chunk:
                raise OSError(f"`{path}` ends too early")
            size -= len(chunk)
            yield chunk
