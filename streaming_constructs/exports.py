"""The public names of a package, read from its stub: one list for Python, type checkers and editors.

A package's `__init__.pyi` says where each name comes from; `__init__.py` loads a name when it is first used. What is public is
written down once, and nothing is imported that is not needed.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_IMPORT = re.compile(r"^from (\S+) import (?:\((.*?)\)|(.*?))$", re.MULTILINE | re.DOTALL)


@cache
def exports(package_file: str) -> Mapping[str, str]:
    """The module of each public name, sorted by name.

    Args:
        package_file: The `__file__` of the package.
    """
    found: dict[str, str] = {}
    for module, in_brackets, on_a_line in _IMPORT.findall(Path(package_file).with_suffix(".pyi").read_text("utf-8")):
        names = in_brackets or on_a_line
        if names.strip() == "*":
            found |= exports(str(Path(__file__).parents[1] / module.replace(".", "/") / "__init__.py"))
        else:
            found |= dict.fromkeys((name.split()[0] for name in names.split(",") if name.strip()), module)
    return dict(sorted(found.items()))


def export(package: str, package_file: str, name: str) -> Any:
    """A public name of a package, loaded; `__all__` is the list of all.

    Args:
        package: The package that was asked for it.
        package_file: Its `__file__`.
        name: The name.

    Raises:
        AttributeError: If it is no public name.
    """
    # What is loaded of a package by its path asks for nothing here, and reads no stub.
    if name == "__all__":
        return list(exports(package_file))
    if name.startswith("__") or name not in exports(package_file):
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    return getattr(importlib.import_module(exports(package_file)[name]), name)
