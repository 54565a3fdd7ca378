"""AWS CDK constructs that build, size and check streaming systems from one typed spec.

Everything public is imported from here, and loaded when it is first used: the spec alone needs neither Node nor CDK.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import exports, load_export

_EXPORTS = exports(__file__)
__all__ = list(_EXPORTS)


def __getattr__(name: str) -> Any:
    return load_export(_EXPORTS, name, __name__)


def __dir__() -> list[str]:
    return __all__
