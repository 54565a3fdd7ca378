"""Arithmetic and judgement: how many shards, which thresholds, and what in a spec is likely to go wrong.

Every number comes with its working. Knows the spec and the facts; knows nothing of CDK. Works without Node. What plans
deliveries and domains is loaded when it is first used: a system without them does not wait for it.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export


def __getattr__(name: str) -> Any:
    return export(__name__, __file__, name)


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
