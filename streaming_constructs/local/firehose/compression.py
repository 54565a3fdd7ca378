"""Firehose's `CompressionFormat`: objects as it compresses them.

Which framing `Snappy` has is not on AWS's pages. Here it is one block without any; that is a reading. Hadoop's framing, blocks
that begin with both their sizes, is the one that AWS names for files of columns; that blocks have 256 KiB is ours.
Source: https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

COMPRESSIONS = ("UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY")
"""Values of `CompressionFormat`.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
"""
_HADOOP_BLOCK_BYTES = 262_144
_GZIP_WINDOW = 31
_YEAR_OF_ENTRY = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a ZIP can have, so that the same records are the same bytes."""


class PlainBody:
    """An object of records one behind the other. Compressed by GZIP while it grows, by others at its end."""

    def __init__(self, compression: str = "UNCOMPRESSED") -> None:
        """Begins an object.

        Args:
            compression: One of `COMPRESSIONS`.

        Raises:
            ValueError: If it is none of them.
        """
        if compression not in COMPRESSIONS:
            raise ValueError(f"Firehose knows no compression `{compression}`; it knows {', '.join(COMPRESSIONS)}")
        self._compression = compression
        self._gzip = zlib.compressobj(wbits=_GZIP_WINDOW) if compression == "GZIP" else None
        self._file = io.BytesIO()
        self.rows = 0

    def write(self, records: Sequence[bytes]) -> tuple[()]:
        """Appends records.

        Args:
            records: The records.

        Returns:
            Those that could not be written: none.
        """
        data = b"".join(records)
        self._file.write(self._gzip.compress(data) if self._gzip else data)
        self.rows += len(records)
        return ()

    def finish(self) -> bytes:
        """Ends the object.

        Returns:
            Its bytes.
        """
        if self._gzip:
            self._file.write(self._gzip.flush())
        data = self._file.getvalue()
        if self._compression == "ZIP":
            return _zipped(data)
        if self._compression == "Snappy":
            return _snappy(data)
        return _hadoop_snappy(data) if self._compression == "HADOOP_SNAPPY" else data


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("records", _YEAR_OF_ENTRY), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _snappy(data: bytes) -> bytes:
    import pyarrow as pa

    compressed: bytes = pa.compress(data, codec="snappy", asbytes=True)
    return compressed


def _hadoop_snappy(data: bytes) -> bytes:
    blocks = []
    for start in range(0, len(data), _HADOOP_BLOCK_BYTES):
        block = data[start : start + _HADOOP_BLOCK_BYTES]
        compressed = _snappy(block)
        blocks += [struct.pack(">II", len(block), len(compressed)), compressed]
    return b"".join(blocks)
