"""The begin of an object of S3 as a page shows it: rows of Parquet and ORC, or text; never more than a bounded part of it."""

from __future__ import annotations

import io
import zipfile
import zlib
from itertools import islice
from typing import Any

MOST_BYTES = 16 * 1024 * 1024
"""Of a larger object no rows are shown: both formats have at their end what says where these are."""
SHOWN_ROWS = 50
SHOWN_BYTES = 16_384
"""How much of a text is shown, whatever it is compressed by."""
_CELL_CHARACTERS = 200
_GZIP_WINDOW = 31
_GZIP, _ZIP, _PARQUET, _ORC = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"ORC"


def object_head(body: bytes, size: int) -> dict[str, Any]:
    """The begin of an object: `columns` and `rows`, or `text`, or `why` there is neither; and whether there is `more`.

    Args:
        body: Its bytes, `MOST_BYTES` of them at most.
        size: How many it has.
    """
    if body.startswith((_PARQUET, _ORC)):
        if size > len(body):
            return {"why": f"an object of {size:,} bytes is too large to be shown as rows", "more": True}
        return _rows(body)
    try:
        text, more = _text(body)
    except (zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        return {"why": f"it cannot be read: {error}", "more": True}
    return {"text": text.decode("utf-8", "replace"), "more": more or size > len(body)}


def _text(body: bytes) -> tuple[bytes, bool]:
    """The begin of a text, and whether there is more. Of what is compressed no more is unpacked than is shown."""
    if body.startswith(_GZIP):
        text = zlib.decompressobj(wbits=_GZIP_WINDOW).decompress(body, SHOWN_BYTES + 1)
    elif body.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(archive.namelist()[0]) as file:
            text = file.read(SHOWN_BYTES + 1)
    else:
        text = body
    return text[:SHOWN_BYTES], len(text) > SHOWN_BYTES


def _rows(body: bytes) -> dict[str, Any]:
    import pyarrow as pa

    try:
        batch, total = (_of_parquet if body.startswith(_PARQUET) else _of_orc)(body)
    except (pa.ArrowException, OSError, ValueError) as error:
        return {"why": f"it cannot be read: {error}", "more": True}
    columns = batch.schema.names
    rows = [[_cell(row[name]) for name in columns] for row in islice(batch.to_pylist(), SHOWN_ROWS)]
    return {"columns": columns, "rows": rows, "more": total > len(rows)}


def _of_parquet(body: bytes) -> tuple[Any, int]:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(io.BytesIO(body))
    batches = file.iter_batches(batch_size=SHOWN_ROWS)
    return next(batches, None) or file.schema_arrow.empty_table(), file.metadata.num_rows


def _of_orc(body: bytes) -> tuple[Any, int]:
    import pyarrow.orc

    file = pyarrow.orc.ORCFile(io.BytesIO(body))
    batch = file.read_stripe(0).slice(0, SHOWN_ROWS) if file.nstripes else file.schema.empty_table()
    return batch, file.nrows


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _CELL_CHARACTERS else f"{text[:_CELL_CHARACTERS]}…"
