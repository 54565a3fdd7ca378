"""Records of Parquet: one column is read for its keys, the others for how long they are as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from streaming_constructs.planning.partition_keys.event_files import Chunk, EventsError
from streaming_constructs.planning.partition_keys.key_of_value import MISSING

_ROWS = 32_768
_MARKS = 6
"""What JSON writes around a name and its value: quotes, a colon, a comma."""


def parquet_chunks(file: BinaryIO, path: tuple[str, ...]) -> Iterator[Chunk]:
    """The records of a file of Parquet; their bytes are those that they have as lines of JSON, about.

    Args:
        file: The file.
        path: The names that lead to the field.

    Raises:
        EventsError: If it is no Parquet.
        ModuleNotFoundError: If pyarrow is not installed.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file)
        for batch in opened.iter_batches(batch_size=_ROWS):
            yield _chunk(batch, path)
    except (pa.ArrowException, OSError) as error:
        raise EventsError(f"no Parquet: {str(error).splitlines()[0]}") from None


def _chunk(batch: Any, path: tuple[str, ...]) -> Chunk:
    columns = _leaves(batch)
    value = columns.get(path)
    values = [MISSING] * batch.num_rows if value is None else value.to_pylist()

    def records(places: range) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = batch.take(list(places)).to_pylist()
        return found

    return Chunk(values, _sizes(columns, batch.num_rows), records)


def _leaves(batch: Any) -> dict[tuple[str, ...], Any]:
    """The columns that are no structure, by the names that lead to them."""
    from pyarrow import types

    found: dict[tuple[str, ...], Any] = {}
    left: list[tuple[tuple[str, ...], Any]] = [
        ((name,), column) for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    while left:
        path, column = left.pop()
        if types.is_struct(column.type):
            names = [field.name for field in column.type]
            left += [((*path, name), child) for name, child in zip(names, column.flatten(), strict=True)]
        else:
            found[path] = column
    return found


def _sizes(columns: Mapping[tuple[str, ...], Any], rows: int) -> list[int]:
    """About the bytes of each record as a line of JSON."""
    import pyarrow as pa
    from pyarrow import compute

    sizes = pa.array([2] * rows, pa.int64())
    for path, column in columns.items():
        try:
            lengths = compute.binary_length(compute.cast(column, pa.string()))
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, and bytes that are no text
            lengths = pa.array([column.nbytes // max(rows, 1)] * rows, pa.int64())
        lengths = compute.fill_null(compute.cast(lengths, pa.int64()), 0)
        sizes = compute.add(sizes, compute.add(lengths, len(path[-1]) + _MARKS))
    found: list[int] = sizes.to_pylist()
    return found
