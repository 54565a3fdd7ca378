"""A folder of Python code as a Lambda asset, with the packages of its requirements.txt, without docker."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

NOT_SHIPPED = ("__pycache__", "*.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".DS_Store")
"""What running tests leaves behind: it would change the asset's hash, and with it the function."""

# glibc of Amazon Linux 2023, on which the runtimes stand, is 2.34; wheels for any older one run there.
_GLIBC = ("2_34", "2_28", "2_17", "2014")


class FunctionCode:
    """The code of a function.

    A `requirements.txt` in the folder is installed beside the code, for the function's own platform, by pip. CDK does
    that again only when the folder changes.

    Attributes:
        asset: What a function takes.
        problem: What pip said, if it could not install the requirements.
    """

    def __init__(self, folder: Path, runtime: lambda_.Runtime, architecture: lambda_.Architecture) -> None:
        """Describes the asset; it is made when a function takes it.

        Args:
            folder: The folder.
            runtime: The function's runtime.
            architecture: The function's processor.
        """
        self._pip = PipBundling(folder, runtime.name, architecture.name)
        bundling = cdk.BundlingOptions(
            image=runtime.bundling_image,
            platform=architecture.docker_platform,
            local=cast("cdk.ILocalBundling", self._pip),
        )
        self.asset = lambda_.Code.from_asset(
            str(folder),
            exclude=list(NOT_SHIPPED),
            ignore_mode=cdk.IgnoreMode.GIT,
            bundling=bundling
            if runtime.name.startswith("python") and (folder / "requirements.txt").is_file()
            else None,
        )

    @property
    def problem(self) -> str:
        """What pip said, or an empty string."""
        return self._pip.problem


@jsii.implements(cdk.ILocalBundling)
class PipBundling:
    """Installs requirements with pip and copies the code beside them; CDK calls it instead of docker."""

    def __init__(self, folder: Path, runtime: str, architecture: str) -> None:
        self._folder = folder
        self._version = runtime.removeprefix("python")
        self._machine = "aarch64" if architecture == "arm64" else "x86_64"
        self.problem = ""

    def try_bundle(self, output_dir: str, *_options: Any, **_more_options: Any) -> bool:
        """Fills the folder that becomes the asset.

        Args:
            output_dir: The folder.

        Raises:
            RuntimeError: If pip finds no wheel for the function's platform.
        """
        platforms = [f"--platform=manylinux{glibc}_{self._machine}" for glibc in _GLIBC]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={self._version}", *platforms]
        command += [f"--target={output_dir}", f"--requirement={self._folder / 'requirements.txt'}"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words and paths
        if result.returncode != 0:
            # Python's exceptions lose their class on the way through CDK; what matters is kept here.
            self.problem = result.stderr.strip() or f"pip ended with exit code {result.returncode}"
            raise RuntimeError(self.problem)
        shutil.copytree(self._folder, output_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
        return True
