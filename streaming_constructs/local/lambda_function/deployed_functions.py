"""The functions of the stacks, ready to be invoked: their code out of the asset bucket, their settings out of the template."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings

FUNCTION = "AWS::Lambda::Function"


class CodeFolders:
    """The code of functions, unpacked once for each asset; taken away at the end of a `with`."""

    def __init__(self, aws: Aws) -> None:
        """Unpacks nothing yet.

        Args:
            aws: The API that assets are fetched from.
        """
        self._aws = aws
        self._root = tempfile.TemporaryDirectory(prefix="streaming-constructs-")

    def close(self) -> None:
        """Takes all folders away."""
        self._root.cleanup()

    def folder(self, bucket: str, key: str) -> Path:
        """The folder of an asset.

        Args:
            bucket: The bucket that it is in.
            key: Its key, which is a hash of what is in it.
        """
        folder = Path(self._root.name) / key.removesuffix(".zip").replace("/", "-")
        if not folder.is_dir():
            packed = self._aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(folder)
        return folder


def unsupported_function(function: Deployed) -> str:
    """Why a function cannot be run here, or an empty string.

    Args:
        function: The function.
    """
    runtime = function.properties.get("Runtime", "")
    if not runtime.startswith("python"):
        return f"its runtime is {runtime or 'an image'}, and handlers run here in Python alone"
    if "S3Key" not in function.properties["Code"]:
        return "its code is in the template, and not in an asset"
    return ""


def function_settings(function: Deployed, code: CodeFolders, region: str) -> FunctionSettings:
    """What a process needs to run a function.

    Args:
        function: The function.
        code: Where its code is unpacked.
        region: Its region.
    """
    properties = function.properties
    asset = properties["Code"]
    return FunctionSettings(
        name=function.physical_id,
        arn=function.attributes["Arn"],
        code=code.folder(asset["S3Bucket"], asset["S3Key"]),
        handler=properties["Handler"],
        environment=properties.get("Environment", {}).get("Variables", {}),
        timeout_seconds=float(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        region=region,
    )
