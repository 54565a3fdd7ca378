"""Snapshots of templates with syrupy: one YAML file each, made for pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from streaming_constructs.testing.normalise import normalised

if TYPE_CHECKING:
    from syrupy.types import SerializableData, SerializedData


class TemplateSnapshotExtension(SingleFileSnapshotExtension):
    """Writes a template as one normalised YAML file.

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
