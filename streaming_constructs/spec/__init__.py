"""The language: typed models of a streaming system, read from YAML with line numbers or written in Python.

Knows nothing of CDK, of capacity or of the command line. Works without Node. Names are loaded when they are first used:
what only looks up a finding's code does not wait for pydantic.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export


def __getattr__(name: str) -> Any:
    return export(__name__, __file__, name)


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
