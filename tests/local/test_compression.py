"""Objects are compressed so that what they are named after can read them."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.facts.firehose import FILE_EXTENSIONS
from streaming_constructs.local.firehose.compression import COMPRESSIONS, PlainBody


def unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return archive.read("records")


def unsnapped(data: bytes) -> bytes:
    length = shift = 0
    for byte in data:  # a block begins with the length of what is in it, seven bits a byte
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return bytes(pa.decompress(data, decompressed_size=length, codec="snappy", asbytes=True))


def unhadooped(data: bytes) -> bytes:
    parts, position = [], 0
    while position < len(data):
        length, compressed = struct.unpack_from(">II", data, position)
        position += 8
        parts.append(unsnapped(data[position : position + compressed]))
        assert len(parts[-1]) == length <= 262_144
        position += compressed
    return b"".join(parts)


READ = {
    "UNCOMPRESSED": bytes,
    "GZIP": gzip.decompress,
    "ZIP": unzipped,
    "Snappy": unsnapped,
    "HADOOP_SNAPPY": unhadooped,
}


def written(compression: str, *pieces: list[bytes]) -> bytes:
    body = PlainBody(compression)
    for piece in pieces:
        body.write(piece)
    assert body.rows == sum(map(len, pieces))
    return body.finish()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_records_come_back_one_behind_the_other(compression: str) -> None:
    assert READ[compression](written(compression, [b"a", b"b\n"], [b"c" * 600_000])) == b"ab\n" + b"c" * 600_000


@given(compression=st.sampled_from(COMPRESSIONS), records=st.lists(st.binary()))
def test_any_bytes_come_back(compression: str, records: list[bytes]) -> None:
    assert READ[compression](written(compression, records)) == b"".join(records)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_same_records_are_the_same_bytes(compression: str) -> None:
    assert written(compression, [b"abc"]) == written(compression, [b"abc"])


def test_compression_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="knows no compression `ZSTD`"):
        PlainBody("ZSTD")


def test_every_compression_has_its_extension() -> None:
    assert [FILE_EXTENSIONS[one] for one in COMPRESSIONS] == ["", ".gz", ".zip", ".snappy", ".hsnappy"]
