"""For tests of streaming systems, ours and yours: readable template snapshots, and a ledger of stateful resources.

A name is loaded when it is first used: only snapshots need syrupy.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export


def __getattr__(name: str) -> Any:
    return export(__name__, __file__, name)


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
