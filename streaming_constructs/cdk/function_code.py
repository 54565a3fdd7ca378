"""A folder of Python code as a Lambda asset, with the packages of its requirements.txt, without docker."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.spec.shipped_code import left_out, left_out_as

# glibc of Amazon Linux 2023, on which the runtimes stand, is 2.34; wheels for any older one run there.
_GLIBC = ("2_34", "2_28", "2_17", "2014")
_PATTERN_SIGNS = re.compile(r"([\\\[\]?*!# ])")


def code_asset(scope: Construct, folder: Path, bundling: cdk.BundlingOptions | None = None) -> lambda_.AssetCode:
    """A folder of code as an asset, without what no function gets; nothing of that is in the asset's hash.

    Args:
        scope: What the function belongs to.
        folder: The folder; absolute, as Node may run in another working directory.
        bundling: How it is bundled. Left out: it is taken as it is.
    """
    paths = [found.path for found in left_out(folder)]
    out = _assembly(scope)
    if out is not None and out.is_relative_to(folder):
        # What is being written there would be copied into itself without end.
        paths.append(out.relative_to(folder).as_posix())
    # Each by its path, so that CDK makes no judgement of its own.
    exclude = ["/" + _PATTERN_SIGNS.sub(r"\\\1", path) for path in paths]
    return lambda_.Code.from_asset(str(folder), exclude=exclude, ignore_mode=cdk.IgnoreMode.GIT, bundling=bundling)


def _assembly(scope: Construct) -> Path | None:
    """The folder that the app writes to, if it is known."""
    stage = cdk.Stage.of(scope)
    return None if stage is None else Path(stage.asset_outdir)


class FunctionCode:
    """The code of a function.

    A `requirements.txt` in the folder is installed beside the code, for the function's own platform, by pip. CDK does
    that again only when the folder changes.

    Attributes:
        asset: What a function takes.
        problem: What pip said, if it could not install the requirements.
    """

    def __init__(
        self, scope: Construct, folder: Path, runtime: lambda_.Runtime, architecture: lambda_.Architecture
    ) -> None:
        """Describes the asset; it is made when a function takes it.

        Args:
            scope: What the function belongs to.
            folder: The folder.
            runtime: The function's runtime.
            architecture: The function's processor.
        """
        self._pip = PipBundling(folder, runtime.name, architecture.name, _assembly(scope))
        bundling = cdk.BundlingOptions(
            image=runtime.bundling_image,
            platform=architecture.docker_platform,
            local=cast("cdk.ILocalBundling", self._pip),
        )
        is_bundled = runtime.name.startswith("python") and (folder / "requirements.txt").is_file()
        self.asset = code_asset(scope, folder, bundling if is_bundled else None)

    @property
    def problem(self) -> str:
        """What pip said, or an empty string."""
        return self._pip.problem


@jsii.implements(cdk.ILocalBundling)
class PipBundling:
    """Installs requirements with pip and copies the code beside them; CDK calls it instead of docker."""

    def __init__(self, folder: Path, runtime: str, architecture: str, assembly: Path | None) -> None:
        self._folder = folder
        self._assembly = assembly
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
        shutil.copytree(self._folder, output_dir, dirs_exist_ok=True, ignore=self._left_out)
        return True

    def _left_out(self, folder: str, names: list[str]) -> list[str]:
        paths = {name: Path(folder) / name for name in names}
        return [
            name
            for name, path in paths.items()
            if left_out_as(str(path)) or path == self._assembly or _leads_back(path)
        ]


def _leads_back(path: Path) -> bool:
    """Whether a path is a link to a folder that it is in."""
    return path.is_symlink() and path.parent.resolve().is_relative_to(path.resolve())
