"""Snapshots of templates with syrupy: one YAML file each, made for pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from streaming_constructs.testing.normalise import normalised

if TYPE_CHECKING:
    from syrupy.types import SerializableData, SerializedData


class TemplateSnapshotExtension(SingleFileSnapshotExtension):
    """Writes a template as one normalised YAML file.

    A snapshot that differs says what the difference means before it shows the lines, where the extra
    `streaming-constructs[review]` is installed.

    Example:
        ```python
        def test_template(snapshot, template):
            assert template == snapshot(name="my-pipeline").use_extension(TemplateSnapshotExtension)
        ```
    """

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"

    def serialize(self, data: SerializableData, **_: Any) -> SerializedData:
        """The template as text."""
        return normalised(data)

    def diff_lines(self, serialized_data: SerializedData, snapshot_data: SerializedData) -> Iterator[str]:
        """What the difference means, then the lines that differ."""
        yield from _meaning(str(snapshot_data), str(serialized_data))
        yield from super().diff_lines(serialized_data, snapshot_data)


def _meaning(old: str, new: str) -> Iterator[str]:
    """What it means that a snapshot differs: a line for each thing; none where that cannot be told."""
    from streaming_constructs.review.problem import ReviewError
    from streaming_constructs.review.reading.read_template import read_template
    from streaming_constructs.review.remark_text import remark_text
    from streaming_constructs.review.templates_review import review

    try:
        found = review(read_template(old, "snapshot"), read_template(new, "template"))
    except ReviewError:
        return
    yield f"review: {found.verdict}"
    for remark in found.remarks:
        if remark.grade != "fine":
            yield from remark_text(remark).splitlines()
    yield ""
