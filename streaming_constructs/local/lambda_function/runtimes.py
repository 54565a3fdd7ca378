"""Which runtimes of Lambda there are on this machine, and how a process of each is started.

Python is the one that runs the rehearsal, and Node.js the one that CDK runs in, whatever version the function asks for. Every
other runtime needs what is not here: a JVM, .NET, Ruby, or a container.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from streaming_constructs.loading import node_of_cdk
from streaming_constructs.local.lambda_function import function_parent, runtime_bootstrap

_PYTHON = (
    "-P",  # not the worker's folder comes first on the path, but the function's
    "-s",
    "-u",  # what is printed is out before a crash
    "-X",
    "utf8",
)
_NODE_BOOTSTRAP = Path(__file__).with_name("runtime_bootstrap.mjs")
_DISABLED_UNTIL = 22
_DISABLED = ("experimental-require-module", "experimental-detect-module")
"""What Node.js does by default by now, and Lambda switches off in its runtimes until nodejs22.x.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""


def why_not_run(runtime: str) -> str:
    """Why functions of a runtime cannot be run here; empty if they can.

    Args:
        runtime: Its identifier, such as `nodejs22.x`; empty for a function that is an image.
    """
    if runtime.startswith("python"):
        return ""
    if runtime.startswith("nodejs"):
        return (
            ""
            if _node()
            else f"its runtime is {runtime}, and there is no Node.js: put `node` on the PATH, or set JSII_NODE"
        )
    return f"its runtime is {runtime or 'an image'}, and handlers run here in Python and Node.js alone"


def start_command(runtime: str, channel: int, arn: str, environment: Mapping[str, str]) -> list[str]:
    """What starts a process that loads a handler, behind a parent of its own.

    Args:
        runtime: The identifier of the runtime.
        channel: The file descriptor of the conversation.
        arn: The ARN of the function.
        environment: The variables of the process.
    """
    parent = [sys.executable, *_PYTHON, "-S", function_parent.__file__, str(os.getpid())]
    if not runtime.startswith("nodejs"):
        return [*parent, sys.executable, *_PYTHON, runtime_bootstrap.__file__, str(channel), arn]
    found = re.match(r"nodejs(\d+)", runtime)
    is_old = found is not None and int(found[1]) <= _DISABLED_UNTIL
    # "Lambda detects this override and removes the corresponding disable flag."
    options = environment.get("NODE_OPTIONS", "")
    flags = [f"--no-{feature}" for feature in _DISABLED if is_old and f"--{feature}" not in options]
    return [*parent, _node(), *flags, str(_NODE_BOOTSTRAP), str(channel), arn, runtime]


def _node() -> str:
    """The program of Node.js; empty if there is none."""
    return shutil.which(node_of_cdk()) or ""
