"""A CDK app of specs: what `cdk ls`, `cdk deploy` and `python app.py` run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

from streaming_constructs.loading import choose_node, uncollected

choose_node()

with uncollected():
    import aws_cdk as cdk

    from streaming_constructs.cdk import StreamingPipeline
    from streaming_constructs.planning import load_plan
    from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
    from streaming_constructs.spec.model import Environment
    from streaming_constructs.spec.patterns import find_pattern, list_patterns
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.read import ENVIRONMENTS


def streaming_app(spec: str | os.PathLike[str] | None = None) -> cdk.App:
    """An app with a stack for each spec.

    Context chooses: `-c spec=pipeline.yaml` any file, `-c pattern=lambda-consumer` one documented pattern, and
    `-c environment=dev` the environment. What is wrong with a spec is printed, and the process ends with exit code 1.

    Args:
        spec: The file to build when context names none. Left out: every documented pattern, a stack each.

    Returns:
        The app; call `synth()` on it.
    """
    try:
        # The CDK CLI says where it wants the assembly; run by hand, the app puts it where the CLI looks for one.
        app = cdk.App() if os.environ.get("CDK_OUTDIR") else new_app(Path("cdk.out"))
        for path, stack_id in _chosen(app, spec):
            add_system(app, load_plan(path, _environment(app)).spec, stack_id)
    except SpecError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the person at the terminal is who has to know
        sys.exit(1)
    return app


def new_app(out: Path) -> cdk.App:
    """An app that writes its cloud assembly into a folder.

    Args:
        out: The folder; it is created where it does not exist.

    Raises:
        SpecError: If nothing can be written there.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or "it cannot be created").lower()
        finding = Finding("CMD108", f"cannot write into `{out}`", note=why, help="name another folder")
        raise SpecError([finding]) from None
    return cdk.App(outdir=str(out.absolute()))


def add_system(app: cdk.App, spec: PipelineSpec, stack_id: str = "") -> tuple[cdk.Stack, StreamingPipeline]:
    """Adds a stack with a system in it.

    Args:
        app: The app.
        spec: The system.
        stack_id: The stack's id. Left out: the system's name, in CDK's way of writing.
    """
    description = f"Streaming system {spec.name} ({spec.environment})"
    stack = cdk.Stack(app, stack_id or stack_name(spec.name), description=description)
    return stack, StreamingPipeline(stack, "Pipeline", spec=spec)


def _chosen(app: cdk.App, spec: str | os.PathLike[str] | None) -> list[tuple[Path, str]]:
    path, pattern = app.node.try_get_context("spec") or spec, app.node.try_get_context("pattern")
    if pattern:
        return [(find_pattern(pattern).spec_path, stack_name(pattern))]
    if path:
        return [(Path(path), "")]
    return [(pattern.spec_path, stack_name(pattern.name)) for pattern in list_patterns()]


def _environment(app: cdk.App) -> Environment | None:
    environment = app.node.try_get_context("environment")
    if environment is not None and environment not in ENVIRONMENTS:
        help_ = did_you_mean(str(environment), ENVIRONMENTS)
        raise SpecError([Finding("GRF305", f"there is no environment `{environment}`", help=help_)])
    return cast("Environment | None", environment)


def stack_name(name: str) -> str:
    """The id of a system's stack: `lambda-consumer` becomes `LambdaConsumer`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))
