"""The constructs: a planned spec and live CDK objects in, resources out.

One concept per file. Every number comes from the spec, from planning or from facts; none is decided here. Each is loaded when
it is first used, with the services of AWS that it needs.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export
from streaming_constructs.loading import choose_node, uncollected

choose_node()


def __getattr__(name: str) -> Any:
    with uncollected():
        value = export(__name__, __file__, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
