"""`streaming-constructs synth`: builds the template of a system, validates it, and shows what it is."""

from __future__ import annotations

import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.cdk.streaming_pipeline import StreamingPipeline
    from streaming_constructs.cli.system import System
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.review import TemplateFinding
    from streaming_constructs.spec.finding import Finding


@click.command()
@options.system
@click.option(
    "--environment",
    metavar="NAME",
    help="Build this of the file's `environments` alone. Left out: each that it has, as a stack of its own.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="cdk.out",
    show_default=True,
    help="Folder of the cloud assembly; `cdk deploy --app FOLDER STACK` deploys it.",
)
@options.text_or_json
@click.pass_context
def synth(ctx: click.Context, system: str, environment: str | None, out: Path, form: str) -> None:
    """Builds the CloudFormation template of a spec, or of a documented pattern, and checks it.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. Shows what will be built and why:
    shards, readers, alarms, resources. Needs no AWS account. The template is checked by AWS's own engine where the extra
    `validate` is installed, else by CDK itself.

    Exit codes: 0 fine; 1 the spec or the template has findings; 2 wrong usage.
    """
    from streaming_constructs.cli.check import Checked, CheckedSystem
    from streaming_constructs.cli.console import show_findings, show_json
    from streaming_constructs.cli.guarded_stream import is_coloured
    from streaming_constructs.cli.report import found_texts
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.plan_file import load_plans

    opened = open_system(system)
    built = _build(load_plans(opened.document, environment), opened, out)
    if form == "json":
        show_json({"assembly": str(out), "stacks": [_stack_object(stack, opened) for stack in built]})
    else:
        for number, stack in enumerate(built):
            click.echo(nl=number > 0)
            _show(stack, opened)
    checked = Checked(
        str(system),
        [
            CheckedSystem(stack.plan.spec.environment or "", stack.plan, [*stack.plan.findings, *stack.lacking])
            for stack in built
        ],
    )
    for text in found_texts(checked, coloured=is_coloured(sys.stderr)):
        click.echo(f"\n{text}", err=True)
    of_templates = [finding for stack in built for finding in stack.findings]
    show_findings(of_templates)
    is_fine = checked.is_fine and all(finding.level == "note" for finding in of_templates)
    ctx.exit(0 if is_fine else 1)


@dataclass(frozen=True)
class _Stack:
    """What came out of a synthesis.

    Attributes:
        name: Its name.
        plan: The system in it.
        path: Its template.
        resources: How many resources of each type it has.
        findings: What is wrong with the template.
        lacking: What is missing on this machine before it can be deployed.
        verdict: Who checked it, and with which result.
    """

    name: str
    plan: PipelinePlan
    path: Path
    resources: Counter[str]
    findings: Sequence[TemplateFinding]
    lacking: Sequence[Finding]
    verdict: str


def _build(plans: Sequence[PipelinePlan], system: System, out: Path) -> list[_Stack]:
    import importlib.util

    from streaming_constructs.review import TemplateValidator
    from streaming_constructs.review.template_quotas import quota_findings

    validator = None
    if importlib.util.find_spec("cloudformation_validate"):
        # The engine loads in a thread while Node starts; CDK would run the same rules in WebAssembly, and slowly.
        validator = TemplateValidator()
        os.environ.setdefault("CDK_VALIDATION", "false")
    from streaming_constructs.app import add_system, new_app, synthesize
    from streaming_constructs.planning.plan_file import located
    from streaming_constructs.spec.stack_name import stack_name

    app = new_app(out)
    names, pipelines = [], []
    for plan in plans:
        with located(system.document, plan.spec.environment):
            stack, pipeline = add_system(
                app, plan.spec, stack_name(system.pattern or plan.spec.name, plan.spec.environment)
            )
        names.append(stack.stack_name)
        pipelines.append(pipeline)
    with located(system.document, plans[0].spec.environment):
        assembly = synthesize(app, *(plan.spec for plan in plans))
    built = []
    for name, plan, pipeline in zip(names, plans, pipelines, strict=True):
        artifact = assembly.get_stack_by_name(name)
        path = out / artifact.template_file
        text = path.read_text(encoding="utf-8")
        quotas = list(quota_findings(text, artifact.template))
        findings = [*quotas, *(validator.validate(text, name) if validator else [])]
        verdict = "with findings" if findings else "checked by CDK" if validator is None else "valid"
        resources = Counter(resource["Type"] for resource in artifact.template["Resources"].values())
        built.append(_Stack(name, plan, path, resources, findings, _lacking(pipeline, system), verdict))
    return built


def _lacking(pipeline: StreamingPipeline, system: System) -> list[Finding]:
    """What keeps CDK from deploying it; the template is whole, so here it is worth knowing and no more."""
    lacking = (finding for node in pipeline.analytics.values() for finding in getattr(node, "lacking", ()))
    return [system.document.locate(replace(finding, level="note")) for finding in lacking]


def _show(stack: _Stack, system: System) -> None:
    from streaming_constructs.cli.console import show
    from streaming_constructs.cli.differences import differences
    from streaming_constructs.cli.plan import show_plan
    from streaming_constructs.cli.render import resource_table
    from streaming_constructs.spec.printable import printable

    show_plan(stack.plan, differences(system.document, stack.plan.spec.environment or None))
    show("", resource_table(stack.resources), "")
    for name, value in _paths(stack, system):
        click.echo(f"{name:10}{printable(value)}")


def _paths(stack: _Stack, system: System) -> Iterator[tuple[str, str]]:
    from streaming_constructs.cli.system import shortest

    yield "spec", system.document.name
    yield "template", f"{shortest(stack.path)} ({stack.resources.total()} resources, {stack.verdict})"
    yield "deploy", f"cdk deploy --app {shlex.quote(shortest(stack.path.parent))} {stack.name}"


def _stack_object(stack: _Stack, system: System) -> dict[str, Any]:
    from streaming_constructs.cli.differences import differences
    from streaming_constructs.cli.plan import plan_object

    differing = differences(system.document, stack.plan.spec.environment or None)
    return {
        "stack": stack.name,
        "template": str(stack.path),
        "resources": dict(stack.resources),
        "plan": plan_object(stack.plan, differing, [*stack.plan.findings, *stack.lacking]),
        "template_findings": [asdict(finding) for finding in stack.findings],
    }
