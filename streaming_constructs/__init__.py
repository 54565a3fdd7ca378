"""AWS CDK constructs that build, size and check streaming systems from one typed spec.

Everything public is imported from here, and loaded when it is first used: the spec alone needs neither Node nor CDK.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export


def __getattr__(name: str) -> Any:
    return export(__name__, __file__, name)


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
