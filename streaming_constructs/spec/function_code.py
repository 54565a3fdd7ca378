"""The folder with a function's code: whether it is where the spec says, and has what the runtime calls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source
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
    if os.path.isfile(folder):  # noqa: PTH113
        yield _a_file(function)
    elif not os.path.isdir(folder):  # noqa: PTH112
        yield Finding(
            "LAM502",
            "the folder with the function's code does not exist",
            ("code",),
            note=f"`{function.code}` is looked up beside the spec's own file",
            help="create it, or correct the path",
        )
    else:
        yield from _handler_findings(function, folder)


def _a_file(function: FunctionSpec) -> Finding:
    """A handler's file in place of its folder: the folder ships it, and the handler names it."""
    file = PurePosixPath(str(function.code))
    module, _, called = function.handler.rpartition(".")
    edits = [Edit(("code",), str(file.parent))]
    if module != file.stem:
        edits.append(Edit(("handler",), f"{file.stem}.{called}"))
    return Finding(
        "LAM502",
        "the function's code is a file, and not its folder",
        ("code",),
        note="all that is in the folder is shipped; `handler` says which file Lambda loads",
        help="write " + " and ".join(f"`{edit.path[0]}: {edit.value}`" for edit in edits),
        edits=tuple(edits),
    )


def _handler_findings(function: FunctionSpec, folder: Path) -> Iterator[Finding]:
    family = _family(function.runtime)
    endings = _ENDINGS.get(family, ())
    module, _, called = function.handler.rpartition(".")
    file = module.replace(".", "/") if family == "python" else module
    if endings and not module:
        modules = _modules(folder, endings)
        is_file = function.handler in modules or not modules
        meant = f"{function.handler}.handler" if is_file else f"{_likely(modules)}.{function.handler}"
        yield Finding(
            "LAM502",
            f"the handler `{function.handler}` names no function",
            ("handler",),
            note="Lambda imports the file, and calls the function in it",
            help=f"write a file and a function, such as `{meant}`",
            edits=(Edit(("handler",), meant, invented=True),),
        )
    elif endings and not any(os.path.isfile(folder / f"{file}{ending}") for ending in endings):  # noqa: PTH113
        edit = _what_is_there(function, folder, file, called)
        yield Finding(
            "LAM502",
            f"the function's code has no `{file}{endings[0]}`",
            ("handler",) if "handler" in function.model_fields_set else ("code",),
            note=f"the handler is `{function.handler}`",
            help=f"write `{edit.path[0]}: {edit.value}`, for what is in the folder"
            if edit
            else f"create `{function.code}/{file}{endings[0]}`, or correct `handler`",
            edits=(edit,) if edit else (),
        )


def _what_is_there(function: FunctionSpec, folder: Path, file: str, called: str) -> Edit | None:
    """The handler in the folder: in another language under the name that was given, or the one file that there is."""
    for family, endings in _ENDINGS.items():
        if any(os.path.isfile(folder / f"{file}{ending}") for ending in endings):  # noqa: PTH113
            newest = [runtime for runtime in event_source.RUNTIMES if _family(runtime) == family][-1]
            return Edit(("runtime",), newest)
    modules = _modules(folder, _ENDINGS[_family(function.runtime)])
    return Edit(("handler",), f"{modules[0]}.{called}") if len(modules) == 1 else None


def _family(runtime: str) -> str:
    return str(runtime).rstrip("0123456789.x")


def _modules(folder: Path, endings: tuple[str, ...]) -> list[str]:
    """The files at the top of a folder that could be loaded, without their endings."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    return [name[: -len(ending)] for name in names for ending in endings if name.endswith(ending) and name != ending]


def _likely(modules: list[str]) -> str:
    return "index" if "index" in modules else modules[0]
