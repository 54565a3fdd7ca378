"""`AWS::Lambda::Function`: code out of the asset bucket, settings out of the template, ready to be invoked."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import LAMBDA_FUNCTION
from streaming_constructs.local.kafka.topic_keeper import NEEDS_BROKER, NOWHERE
from streaming_constructs.local.lambda_function.function_pool import FunctionPools
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings
from streaming_constructs.local.lambda_function.runtimes import why_not_run
from streaming_constructs.local.scratch_folder import ScratchFolder


class CodeFolders:
    """The code of functions, unpacked once for each asset; taken away at the end of a `with`."""

    def __init__(self, aws: Aws) -> None:
        """Unpacks nothing yet.

        Args:
            aws: The API that assets are fetched from.
        """
        self._aws = aws
        self._root = ScratchFolder()

    def close(self) -> None:
        """Takes all folders away."""
        self._root.close()

    def folder(self, bucket: str, key: str) -> Path:
        """The folder of an asset.

        Args:
            bucket: The bucket that it is in.
            key: Its key, which is a hash of what is in it.
        """
        # A name of ours: a key may be `..`, too.
        folder = self._root.path / hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest()
        if not folder.is_dir():
            packed = self._aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
            unpacked = folder.with_suffix(".part")  # what is unpacked in part is no code
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(unpacked)
            unpacked.rename(folder)
        return folder


def deployed_function(name: str, deployed: Sequence[Deployed]) -> Deployed:
    """The function of a mapping.

    Args:
        name: Its name, or its ARN.
        deployed: All that is deployed.

    Raises:
        ValueError: If there is none.
    """
    for resource in deployed:
        if resource.type == LAMBDA_FUNCTION and name in {resource.physical_id, resource.attributes["Arn"]}:
            return resource
    raise ValueError(f"the function {name} is not deployed here")


def unsupported_function(function: Deployed) -> str:
    """Why a function cannot be run here, or an empty string.

    Args:
        function: The function.
    """
    why = why_not_run(function.properties.get("Runtime", ""))
    if why:
        return why
    if "S3Key" not in function.properties["Code"]:
        return "its code is in the template, and not in an asset"
    variables = function.properties.get("Environment", {}).get("Variables", {})
    return NEEDS_BROKER if NOWHERE in variables.values() else ""


def function_settings(function: Deployed, code: CodeFolders, aws: Aws) -> FunctionSettings:
    """What a process needs to run a function.

    Args:
        function: The function.
        code: Where its code is unpacked.
        aws: The API that it calls.
    """
    properties = function.properties
    asset = properties["Code"]
    keeper = aws.msk.keeper if aws.msk is not None else None
    return FunctionSettings(
        name=function.physical_id,
        arn=function.attributes["Arn"],
        code=code.folder(asset["S3Bucket"], asset["S3Key"]),
        handler=properties["Handler"],
        runtime=properties["Runtime"],
        environment=properties.get("Environment", {}).get("Variables", {}),
        timeout_seconds=float(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        region=aws.region,
        session_token=aws.token,
        client_variables=keeper.client_variables if keeper is not None else {},
    )


class DeployedFunctions:
    """The functions of all stacks, each with its processes; nothing of them is left at the end of a `with`."""

    def __init__(self, aws: Aws, most: int) -> None:
        """Knows no function yet.

        Args:
            aws: The API that code is fetched from, and that functions call.
            most: How many invocations of one function may run at the same time.
        """
        self._aws, self._most = aws, most
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._without_code: dict[str, str] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._code = CodeFolders(self._aws)
        self._open.callback(self._code.close)
        self._pools = self._open.enter_context(FunctionPools(self._aws.endpoint_url))
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all processes at once: invocations that run fail, and nobody waits for them."""
        self._open.close()

    def refresh(self, deployed: Sequence[Deployed]) -> None:
        """Makes functions known that are new, and anew those that have changed.

        One whose code cannot be had fails when it is invoked.

        Args:
            deployed: All that is deployed.
        """
        for function in deployed:
            if function.type != LAMBDA_FUNCTION or unsupported_function(function):
                continue
            if self._properties.get(function.physical_id) != function.properties:
                self._properties[function.physical_id] = function.properties
                self._without_code.pop(function.physical_id, None)
                try:
                    self._pools.add(function_settings(function, self._code, self._aws), self._most)
                except Exception as error:  # noqa: BLE001 - whatever stands in the place of an archive; it is one of many
                    self._without_code[function.physical_id] = f"{type(error).__name__}: {error}"

    def invoke(self, function: str, event: bytes) -> InvocationResult:
        """Invokes a function.

        Args:
            function: Its ARN or its name.
            event: The event, as JSON text.

        Raises:
            KeyError: If there is no such function.
            OSError: If its code could not be had.
        """
        why = self._without_code.get(function.rpartition(":")[2])
        if why:
            raise OSError(f"the code of the function cannot be unpacked: {why}")
        return self._pools.invoke(function, event)
