"""What of a folder of code becomes part of a function: no keys and credentials, no history, and nothing that tools left.

One judgement, `left_out_as`, is asked by what tells of it and by what packs the folder, so that both speak of the same files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.function import FunctionSpec

Reason = Literal["cache", "tool", "secret", "special"]
"""Why something is left out: what running and testing the code leaves behind, what belongs to tools and to the project, what
opens a door, and what is no file at all."""

_NAMES: dict[Reason, tuple[str, ...]] = {
    "cache": (
        *("__pycache__", "*.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".cache", ".coverage"),
        *(".ipynb_checkpoints", ".ds_store", "thumbs.db"),
    ),
    "tool": (
        *(".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", ".direnv", ".idea", ".vscode"),
        *("cdk.out", ".streaming-constructs", ".terraform", ".aws-sam", ".serverless"),
    ),
    "secret": (
        *(".env", ".env.*", ".envrc", "*.env"),
        *("id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", ".ssh", ".gnupg"),
        *("*.key", "*.p12", "*.pfx", "*.pkcs12", "*.jks", "*.keystore", "*.ppk", "*.kdbx"),
        *(".aws", ".azure", ".gcloud", ".kube", ".docker", ".dockercfg", ".netrc", "_netrc", ".npmrc", ".yarnrc"),
        *(".yarnrc.yml", ".pypirc", ".pgpass", ".my.cnf", ".boto", ".s3cfg", ".htpasswd", ".git-credentials"),
        *(
            ".vault-token",
            ".terraformrc",
            "*.tfstate",
            "*.tfstate.*",
            "*.tfvars",
            ".*_history",
            "credentials",
            "secrets",
        ),
        *(
            f"{name}.{end}"
            for name in ("credentials", "secrets")
            for end in ("json", "csv", "ini", "toml", "yaml", "yml")
        ),
        *("client_secret*.json", "service-account*.json", "service_account*.json"),
    ),
}
"""Names, in small letters, whatever folder they stand in."""
_LOOKED_INTO = ("", ".pem", ".crt", ".cer", ".cert", ".p8", ".pk8", ".asc", ".json", ".txt", ".bak", ".old")
"""Ends of names of files that may hold a private key, or a bundle of public certificates: what is in them decides."""
_LARGEST_KEY_BYTES = 1_048_576
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----")
_MARKS = ("pyvenv.cfg", "cdk.out")
"""Files that every virtual environment of Python has, and every cloud assembly of CDK, whatever their folders are called.

Source: https://docs.python.org/3/library/venv.html
"""

MOST_LOOKED_AT = 20_000
"""How many files are looked at to tell what is left out; packing looks at all."""
_MOST_NAMED = 8


class LeftOut(NamedTuple):
    """A file, or a folder with all that is in it, that a function does not get.

    Attributes:
        path: Its path in the folder of code, with `/` between the parts.
        reason: Why.
        is_folder: Whether it is a folder.
    """

    path: str
    reason: Reason
    is_folder: bool


def left_out(folder: str | os.PathLike[str], most: int | None = None) -> Iterator[LeftOut]:
    """What of a folder of code no function gets, sorted by path.

    Args:
        folder: The folder.
        most: How many files to look at. Left out: all.
    """
    looked_at = 0
    whole = os.path.realpath(folder)
    waiting = [("", frozenset[str]())]
    while waiting:
        relative, above = waiting.pop()
        here = os.path.join(folder, relative)  # noqa: PTH118 - pathlib would take three times as long
        real = os.path.realpath(here)
        if real in above or (os.path.islink(here) and f"{real}/".startswith(f"{whole}/")):  # noqa: PTH114
            continue  # a link that leads back, or to what is looked at there
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue  # whoever packs it says so
        inner = []
        for entry in entries:
            looked_at += 1
            if most is not None and looked_at > most:
                return
            path = f"{relative}/{entry.name}" if relative else entry.name
            reason = left_out_as(entry.path)
            if reason:
                yield LeftOut(path, reason, entry.is_dir())
            elif entry.is_dir():
                inner.append((path, above | {real}))
        waiting += reversed(inner)


def left_out_as(path: str) -> Reason | None:
    """Why a function does not get a file or a folder; None where it does. Of a link, what it leads to is judged as well.

    Args:
        path: Where it is.
    """
    names = {os.path.basename(path)}  # noqa: PTH119
    try:
        if os.path.islink(path):  # noqa: PTH114
            names.add(os.path.basename(os.path.realpath(path)))  # noqa: PTH119
        mode = os.stat(path).st_mode  # noqa: PTH116
    except OSError:
        mode = 0  # a link to nowhere, or what may not be read
    by_name = [reason for name in sorted(names) if (reason := _by_name(name))]
    if by_name or not mode:
        return by_name[0] if by_name else None
    if stat.S_ISDIR(mode):
        return "tool" if any(os.path.isfile(os.path.join(path, mark)) for mark in _MARKS) else None  # noqa: PTH113, PTH118
    if not stat.S_ISREG(mode):
        return "special"
    return "secret" if _holds_private_key(path) else None


@cache
def _by_name(name: str) -> Reason | None:
    name = name.lower()
    for reason, patterns in _NAMES.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return reason
    return None


def _holds_private_key(path: str) -> bool:
    ending = os.path.splitext(path)[1].lower()  # noqa: PTH122
    if ending not in _LOOKED_INTO or os.path.getsize(path) > _LARGEST_KEY_BYTES:  # noqa: PTH202
        return False
    try:
        content = Path(path).read_bytes()
    except OSError:
        return False
    # A program may have the mark among its texts; a file of keys has no zero in it.
    return b"\0" not in content and _PRIVATE_KEY.search(content) is not None


def shipped_code_findings(function: FunctionSpec, directory: Path) -> Iterator[Finding]:
    """What is to be known of what a function gets of its folder of code, and what not; paths are relative to the function.

    Args:
        function: The function.
        directory: The folder that its `code` is relative to.
    """
    if function.code is None:
        return
    folder = directory / function.code
    if not os.path.isdir(folder):  # noqa: PTH112 - takes a name that no file can have for one that does not exist
        return
    if directory.resolve().is_relative_to(folder.resolve()):
        yield Finding(
            "LAM541",
            "the function's code is the whole folder of the spec",
            ("code",),
            note=f"`{function.code}` holds the spec itself: all that is beside it is shipped, and every change of it is a new "
            "version of the function",
            help="move the function's files into a folder of their own, and write `code: handlers/NAME`",
        )
    told = [found for found in left_out(folder, MOST_LOOKED_AT) if found.reason != "cache"]
    if told:
        names = [f"`{found.path}{'/' if found.is_folder else ''}`" for found in told[:_MOST_NAMED]]
        more = f" and {len(told) - _MOST_NAMED:,} more" if len(told) > _MOST_NAMED else ""
        yield Finding(
            "LAM542",
            f"the function does not get {', '.join(names)}{more}",
            ("code",),
            note=f"keys, credentials, history and folders of tools in `{function.code}` are not shipped",
            help="keep settings in `environment: {NAME: value}` and secrets in AWS Secrets Manager; what the function has to "
            "have all the same, give another name",
        )
