"""A CDK app of specs: what `cdk ls`, `cdk deploy` and `python app.py` run. Each environment of a spec is a stack of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from streaming_constructs.loading import choose_node, uncollected

choose_node()

with uncollected():
    import aws_cdk as cdk
    from aws_cdk import cx_api

    from streaming_constructs.cdk import StreamingPipeline
    from streaming_constructs.cdk.refusal import refusals
    from streaming_constructs.planning.plan_file import load_plans, located
    from streaming_constructs.spec.document import Document
    from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
    from streaming_constructs.spec.patterns import find_pattern, list_patterns
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.read import open_document
    from streaming_constructs.spec.removal_policy import RemovalPolicy
    from streaming_constructs.spec.stack_name import stack_name


def streaming_app(spec: str | os.PathLike[str] | None = None) -> cdk.App:
    """An app with a stack for each system: `Clickstream-dev` and `Clickstream-prod` where a spec has those environments.

    Context chooses: `-c spec=pipeline.yaml` any file, `-c pattern=lambda-consumer` one documented pattern, `-c
    environment=dev` one environment alone, and `-c removal_policy=destroy` makes what is built disposable, to try it out.
    What is wrong with a spec is printed, and the process ends with exit code 1.

    Args:
        spec: The file to build when context names none. Left out: every documented pattern, a stack each.

    Returns:
        The app; call `synth()` on it.
    """
    with _told():
        # The CDK CLI says where it wants the assembly; run by hand, the app puts it where the CLI looks for one.
        app = cdk.App() if os.environ.get("CDK_OUTDIR") else new_app(Path("cdk.out"))
        systems = list(_systems(app, spec))
        for document, system, stack_id in systems:
            with located(document, system.environment):
                add_system(app, system, stack_id)
    nodes = [(document, system) for document, system, _ in systems]
    synth = app.synth

    def synth_or_tell(**options: Any) -> cx_api.CloudAssembly:
        with _told(), located(nodes[0][0], nodes[0][1].environment), _refusals_in(system for _, system in nodes):
            return synth(**options)

    app.synth = synth_or_tell  # type: ignore[method-assign] # CDK itself refuses some things only now
    return app


@contextmanager
def _told() -> Iterator[None]:
    """Prints what is wrong, and ends the process, where something is."""
    try:
        yield
    except SpecError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the person at the terminal is who has to know
        sys.exit(1)


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
    """Adds a stack with a system in it, in the account and the region that its spec names.

    Args:
        app: The app.
        spec: The system.
        stack_id: The stack's id. Left out: that of the system and its environment, in CDK's way of writing.
    """
    # What is not given stays open: CDK takes it from the credentials at hand.
    env = cdk.Environment(account=spec.account, region=spec.region) if spec.account or spec.region else None
    stack = cdk.Stack(
        app, stack_id or stack_name(spec.name, spec.environment), description=f"Streaming system {spec.title}", env=env
    )
    with refusals():
        return stack, StreamingPipeline(stack, "Pipeline", spec=spec)


def synthesize(app: cdk.App, *systems: PipelineSpec) -> cx_api.CloudAssembly:
    """Writes the cloud assembly of an app.

    Args:
        app: The app.
        systems: The systems in it.

    Raises:
        SpecError: With what CDK refuses.
    """
    with _refusals_in(systems):
        return app.synth()


def _refusals_in(systems: Iterable[PipelineSpec]) -> AbstractContextManager[None]:
    return refusals(nodes={name: section for system in systems for section, name, _ in system.nodes()})


def _systems(app: cdk.App, spec: str | os.PathLike[str] | None) -> Iterator[tuple[Document, PipelineSpec, str]]:
    """The systems that an app is of, each with its file and the id of its stack."""
    environment, policy = _context(app, "environment"), _context(app, "removal_policy")
    if policy and policy not in get_args(RemovalPolicy):
        help_ = did_you_mean(policy, get_args(RemovalPolicy))
        raise SpecError([Finding("LNG205", f"there is no removal policy `{policy}`", help=help_)])
    taken: dict[str, str] = {}
    for document, pattern in _documents(app, spec):
        for plan in load_plans(_with_removal_policy(document, policy) if policy else document, environment):
            stack_id = stack_name(pattern or plan.spec.name, plan.spec.environment)
            if stack_id in taken:
                message = f"`{taken[stack_id]}` and `{plan.spec.title}` would be one stack, `{stack_id}`"
                raise SpecError([Finding("GRF305", message, help="give one of them another name", file=document.name)])
            taken[stack_id] = plan.spec.title
            yield document, plan.spec, stack_id


def _documents(app: cdk.App, spec: str | os.PathLike[str] | None) -> Iterator[tuple[Document, str]]:
    """The files that an app is of, each with the name of its pattern if it is one."""
    path, name = _context(app, "spec") or spec, _context(app, "pattern")
    if path and not name:
        yield open_document(path), ""
        return
    for pattern in [find_pattern(name)] if name else list_patterns():
        yield open_document(pattern.spec_path), pattern.name


def _context(app: cdk.App, name: str) -> str:
    given = app.node.try_get_context(name)
    return "" if given is None else str(given)


def _with_removal_policy(document: Document, policy: str) -> Document:
    """The file with a removal policy in it, and in each of its environments; planning follows from it."""
    if not isinstance(document.data, dict):
        return document
    data = {**document.data, "removal_policy": policy}
    environments = data.get("environments")
    if isinstance(environments, dict):
        data["environments"] = {
            name: {**(differences or {}), "removal_policy": policy}
            if isinstance(differences, dict | None)
            else differences
            for name, differences in environments.items()
        }
    return replace(document, data=data)
