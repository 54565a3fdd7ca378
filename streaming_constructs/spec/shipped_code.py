"""What of a folder of code becomes part of a function: no keys and credentials, no history, and nothing that tools left.

One judgement, `left_out_as`, is asked by what tells of it and by what packs the folder, so that both speak of the same files.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.regular_file import read_regular_file

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
        *(".env*", "*.env", ".dev.vars", ".secret", ".secrets", ".secret.*", ".secrets.*"),
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
        *("application_default_credentials.json", "*accesskeys.csv", "*_credentials.csv", "rootkey.csv"),
        *(".dockerconfigjson", "kubeconfig", "*.kubeconfig", ".databrickscfg", ".vault_pass*"),
    ),
}
"""Names, in small letters, whatever folder they stand in."""
_EXACT = {name: reason for reason, names in _NAMES.items() for name in names if "*" not in name}
_PATTERNS = [(reason, name) for reason, names in _NAMES.items() for name in names if "*" in name]
_OF_COPIES = re.compile(r"(?:~|\.(?:bak|backup|old|orig|save|swp|tmp|\d+))+$")
"""What editors and people put behind the name of a file that they keep a copy of."""
_PROGRAMS = frozenset(
    {".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".map", ".rb", ".java", ".kt", ".go"}
    | {".rs", ".cs", ".c", ".h", ".cpp", ".sh", ".md", ".rst", ".html"}
)
"""Ends of names of programs and their documentation, which may have marks of keys among their texts. What is in any other file
of text decides: a private key, a bundle of public certificates, or neither."""
_LOOKED_AT_BYTES = 1_048_576
_SECRET = re.compile(
    rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----"
    rb"|aws_secret_access_key[\"']?\s*[=:]\s*[\"']?[a-z0-9/+]{40}(?![a-z0-9/+])",
    re.IGNORECASE,
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OF_THE_SYSTEM = ("/proc/", "/sys/")
"""Folders of files that tell of this machine and its processes, among it their environment variables."""
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
    reason = _by_name(os.path.basename(path))  # noqa: PTH119
    if not reason and os.path.islink(path):  # noqa: PTH114
        reason = _of_target(path)
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except OSError:
        mode = 0  # a link to nowhere, or what may not be read
    if reason or not mode:
        return reason
    if stat.S_ISDIR(mode):
        return "tool" if any(os.path.isfile(os.path.join(path, mark)) for mark in _MARKS) else None  # noqa: PTH113, PTH118
    if not stat.S_ISREG(mode):
        return "special"
    return "secret" if _holds_secret(path) else None


def _of_target(link: str) -> Reason | None:
    """Why what a link leads to is left out. It may stand anywhere: whatever is in a folder of keys is private, too."""
    target = os.path.realpath(link)
    if target.startswith(_OF_THE_SYSTEM):
        return "special"
    *folders, name = Path(os.path.relpath(target, os.path.realpath(os.path.dirname(link)))).parts  # noqa: PTH120
    return "secret" if any(_by_name(folder) == "secret" for folder in folders) else _by_name(name)


@cache
def _by_name(name: str) -> Reason | None:
    name = _OF_COPIES.sub("", name.lower())
    return _EXACT.get(name) or next((reason for reason, pattern in _PATTERNS if _fits(name, pattern)), None)


def _fits(name: str, pattern: str) -> bool:
    """Whether a name is what a pattern says, in which `*` stands for anything; `fnmatch` would compile each of them anew."""
    head, *inner, tail = pattern.split("*")
    at, end = len(head), len(name) - len(tail)
    if at > end or not (name.startswith(head) and name.endswith(tail)):
        return False
    for part in inner:
        at = name.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return True


def _holds_secret(path: str) -> bool:
    if os.path.splitext(path)[1].lower() in _PROGRAMS:  # noqa: PTH122
        return False
    try:
        content = read_regular_file(path, _LOOKED_AT_BYTES)
    except OSError:
        return False
    if content.startswith(_UTF_16):
        content = content.replace(b"\0", b"")
    # A program may have the mark among its texts; a file of keys has no zero in it.
    return b"\0" not in content and _SECRET.search(content) is not None


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
