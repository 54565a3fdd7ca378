"""What the verbs of `local` need: packages, and an environment that leads to no account."""

from __future__ import annotations

import importlib.util
import os

_PACKAGES = ("boto3", "duckdb", "moto", "flask", "google.protobuf", "pyarrow", "jq", "airspeed", "jsonschema")


def require_extra() -> None:
    """Looks for the packages of the extra, without loading any, and at the environment.

    Raises:
        SpecError: If a package is missing, or something in the environment leads to an account.
    """
    from streaming_constructs.local.aws.guard import check_environment

    require_packages()
    check_environment(os.environ)


def require_packages() -> None:
    """Looks for the packages of the extra alone: what was started can be stopped in any environment.

    Raises:
        SpecError: If a package is missing.
    """
    from streaming_constructs.spec.finding import Finding, SpecError

    missing = [name for name in _PACKAGES if not _is_installed(name)]
    if missing:
        said = f"there is no {', '.join(missing)}"
        help_ = "run `pip install 'streaming-constructs[local]'`"
        raise SpecError([Finding("LOC953", "the extra `local` is not installed", note=said, help=help_)])


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # what it would be in
        return False
