"""Pictures as files: SVG as it is, PNG by resvg."""

from __future__ import annotations

from pathlib import Path

import click

_ZOOM = 2.0
"""Pixels of PNG for one of the picture, so that it is sharp on any screen."""


def png(picture: str) -> bytes:
    """A picture as PNG.

    Args:
        picture: SVG, light or dark.
    """
    try:
        from resvg_py import svg_to_bytes
    except ModuleNotFoundError:
        message = "PNG is drawn by resvg; run `pip install 'streaming-constructs[draw]'`, or draw SVG"
        raise click.UsageError(message) from None
    return bytes(svg_to_bytes(svg_string=picture, zoom=_ZOOM))


def write_picture(file: str, drawn: str | bytes, option: str) -> None:
    """Writes a picture over what is there.

    Args:
        file: The file.
        drawn: The picture.
        option: The option that named the file.
    """
    try:
        Path(file).write_bytes(drawn if isinstance(drawn, bytes) else drawn.encode())
    except OSError as error:
        from streaming_constructs.spec.printable import printable

        message = f"{printable(file)} cannot be written: {error.strerror}"
        raise click.BadParameter(message, param_hint=f"'{option}'") from None
