"""The folder with a function's code: whether it is where the spec says, and has what the runtime calls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.function import FunctionSpec

_ENDINGS = {"python": (".py",), "nodejs": (".js", ".mjs", ".cjs"), "ruby": (".rb",)}
"""How the file of a handler ends, by the family of the runtime; others compile what they call."""


def code_findings(function: FunctionSpec, directory: Path) -> Iterator[Finding]:
    """What is wrong with the folder that a function names; paths are relative to the function.

    Args:
        function: The function.
        directory: The folder that its `code` is relative to.
    """
    if function.code is None:
        return
    folder = directory / function.code
    # Unlike pathlib, os.path takes a name that no file can have for one that does not exist.
    if not os.path.isdir(folder):  # noqa: PTH112
        yield Finding(
            "LAM502",
            "the folder with the function's code does not exist",
            ("code",),
            note=f"`{function.code}` is looked up beside the spec's own file",
            help="create it, or correct the path",
        )
        return
    family = str(function.runtime).rstrip("0123456789.x")
    endings = _ENDINGS.get(family, ())
    module = (
        function.handler.rpartition(".")[0].replace(".", "/")
        if family == "python"
        else function.handler.rpartition(".")[0]
    )
    if endings and not module:
        yield Finding(
            "LAM502",
            f"the handler `{function.handler}` names no function",
            ("handler",),
            note="Lambda imports the file, and calls the function in it",
            help=f"write a file and a function, such as `{function.handler}.handler`",
            edits=(Edit(("handler",), f"{function.handler}.handler", invented=True),),
        )
    elif endings and not any(os.path.isfile(folder / f"{module}{ending}") for ending in endings):  # noqa: PTH113
        yield Finding(
            "LAM502",
            f"the function's code has no `{module}{endings[0]}`",
            ("handler",) if "handler" in function.model_fields_set else ("code",),
            note=f"the handler is `{function.handler}`",
            help=f"create `{function.code}/{module}{endings[0]}`, or correct `handler`",
        )
