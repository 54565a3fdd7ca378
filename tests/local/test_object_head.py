"""The begin of an object: rows and texts, and never more of it than is shown, whatever it unpacks to."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

from streaming_constructs.local.live_page.object_head import SHOWN_BYTES, SHOWN_ROWS, object_head

TABLE = pa.table({"number": list(range(120)), "text": ["<b>x</b>", None, "y" * 500] * 40})


def written(write: Callable[[pa.Table, io.BytesIO], object], table: pa.Table = TABLE) -> bytes:
    file = io.BytesIO()
    write(table, file)
    return file.getvalue()


@pytest.mark.parametrize("write", [pyarrow.parquet.write_table, pyarrow.orc.write_table], ids=["parquet", "orc"])
def test_columns_are_shown_as_rows(write: Callable[[pa.Table, io.BytesIO], object]) -> None:
    body = written(write)
    head = object_head(body, len(body))
    assert (head["columns"], len(head["rows"]), head["more"]) == (["number", "text"], SHOWN_ROWS, True)
    assert head["rows"][:3] == [["0", "<b>x</b>"], ["1", ""], ["2", f"{'y' * 200}…"]]


@pytest.mark.parametrize("write", [pyarrow.parquet.write_table, pyarrow.orc.write_table], ids=["parquet", "orc"])
def test_no_rows_are_no_rows(write: Callable[[pa.Table, io.BytesIO], object]) -> None:
    body = written(write, TABLE.slice(0, 0))
    assert object_head(body, len(body)) == {"columns": ["number", "text"], "rows": [], "more": False}


def zipped(text: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("records", text)
    return file.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped], ids=["plain", "gzip", "zip"])
def test_text_is_text(pack: Callable[[bytes], bytes]) -> None:
    body = pack(b'{"a": 1}\n\xff')
    assert object_head(body, len(body)) == {"text": '{"a": 1}\n�', "more": False}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped], ids=["plain", "gzip", "zip"])
def test_of_a_long_text_the_begin_is_shown(pack: Callable[[bytes], bytes]) -> None:
    body = pack(b"a" * 50_000_000)
    assert object_head(body, len(body)) == {"text": "a" * SHOWN_BYTES, "more": True}


def test_no_more_is_unpacked_than_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, wbits: int) -> None:
            self.inner = real(wbits=wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            asked.append(most)
            return self.inner.decompress(data, most)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    body = gzip.compress(b"a" * 100_000)
    object_head(body, len(body))
    assert asked == [SHOWN_BYTES + 1]


@pytest.mark.parametrize(
    "body", [b"PAR1 and nothing of it", b"ORC and nothing of it", b"\x1f\x8bnot so", b"PK\x03\x04not so"]
)
def test_what_is_broken_is_said_to_be(body: bytes) -> None:
    head = object_head(body, len(body))
    assert head["why"].startswith("it cannot be read: ")


def test_of_an_object_that_is_too_large_no_rows_are_shown() -> None:
    head = object_head(b"PAR1" + b"x" * 100, 40_000_000)
    assert head == {"why": "an object of 40,000,000 bytes is too large to be shown as rows", "more": True}
