"""Pictures as PNG: drawn from SVG by resvg, which is an extra."""

from __future__ import annotations

import click

_ZOOM = 2.0
"""Pixels of PNG for one of the picture, so that it is sharp on any screen."""


def png(picture: str) -> bytes:
    """A picture as PNG.

    Args:
        picture: The picture as SVG, light or dark by itself: there is no screen that could say.

    Raises:
        UsageError: If resvg is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ModuleNotFoundError:
        message = "PNG is drawn by resvg; run `pip install 'streaming-constructs[draw]'`, or draw SVG"
        raise click.UsageError(message) from None
    return bytes(svg_to_bytes(svg_string=picture, zoom=_ZOOM))
