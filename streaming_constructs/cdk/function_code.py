"""A folder of Python code as a Lambda asset, with the packages of its requirements.txt, without docker."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

NOT_SHIPPED = ("__pycache__", "*.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".DS_Store")
"""What running tests leaves behind: it would change the asset's hash, and with it the function."""

# glibc of Amazon Linux 2023, on which the runtimes stand, is 2.34; wheels for any older one run there.
_GLIBC = ("2_34", "2_28", "2_17", "2014")


def function_code(folder: Path, runtime: lambda_.Runtime, architecture: lambda_.Architecture) -> lambda_.Code:
    """The code of a function.

    A `requirements.txt` in the folder is installed beside the code, for the function's own platform, by pip. CDK does
    that again only when the folder changes.

    Args:
        folder: The folder.
        runtime: The function's runtime.
        architecture: The function's processor.
    """
    if not (folder / "requirements.txt").is_file():
        return lambda_.Code.from_asset(str(folder), exclude=list(NOT_SHIPPED), ignore_mode=cdk.IgnoreMode.GIT)
    return lambda_.Code.from_asset(
        str(folder),
        exclude=list(NOT_SHIPPED),
        ignore_mode=cdk.IgnoreMode.GIT,
        bundling=cdk.BundlingOptions(
            image=runtime.bundling_image,
            platform=architecture.docker_platform,
            local=PipBundling(folder, runtime.name, architecture.name),
        ),
    )


@jsii.implements(cdk.ILocalBundling)
class PipBundling:
    """Installs requirements with pip and copies the code beside them; CDK calls it instead of docker."""

    def __init__(self, folder: Path, runtime: str, architecture: str) -> None:
        self._folder = folder
        self._version = runtime.removeprefix("python")
        self._machine = "aarch64" if architecture == "arm64" else "x86_64"

    def try_bundle(self, output_dir: str, **_options: Any) -> bool:
        """Fills the output folder.

        Args:
            output_dir: The folder that becomes the asset.

        Raises:
            RuntimeError: If pip finds no wheel for the function's platform; with what pip said.
        """
        platforms = [f"--platform=manylinux{glibc}_{self._machine}" for glibc in _GLIBC]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={self._version}", *platforms]
        command += [f"--target={output_dir}", f"--requirement={self._folder / 'requirements.txt'}"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words and paths
        if result.returncode != 0:
            message = f"pip could not install {self._folder / 'requirements.txt'} for Lambda:\n{result.stderr.strip()}"
            raise RuntimeError(message)
        shutil.copytree(self._folder, output_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
        return True
