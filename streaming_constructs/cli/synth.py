"""`streaming-constructs synth`: builds the template of a system, validates it, and shows what it is."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.review import TemplateFinding
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.model import Environment


@click.command()
@options.system
@options.environment
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="cdk.out",
    show_default=True,
    help="Folder of the cloud assembly; `cdk deploy --app FOLDER` deploys it.",
)
@click.pass_context
def synth(ctx: click.Context, system: str, environment: Environment | None, out: Path) -> None:
    """Builds the CloudFormation template of a spec, or of a documented pattern, and checks it.

    Shows what will be built and why: shards, readers, alarms, resources. Needs no AWS account. The template is checked by
    AWS's own engine where the extra `validate` is installed, else by CDK itself.

    Exit codes: 0 fine; 1 the spec or the template has findings; 2 wrong usage.
    """
    from streaming_constructs.cli.system import system_path
    from streaming_constructs.planning import load_plan

    path = system_path(system)
    plan = load_plan(path, environment)
    built = _build(plan, out, "" if path == Path(system) else system)
    _show(built, path)
    findings: list[Finding | TemplateFinding] = [*plan.findings, *built.findings]
    for finding in findings:
        click.echo(f"\n{finding}", err=True)
    ctx.exit(1 if any(finding.level != "note" for finding in findings) else 0)


@dataclass(frozen=True)
class _Built:
    """What came out of a synthesis."""

    plan: PipelinePlan
    template: dict[str, Any]
    path: Path
    findings: list[TemplateFinding]
    verdict: str


def _build(plan: PipelinePlan, out: Path, pattern: str) -> _Built:
    import importlib.util

    from streaming_constructs.review import TemplateValidator

    validator = None
    if importlib.util.find_spec("cloudformation_validate"):
        # The engine loads in a thread while Node starts; CDK would run the same rules in WebAssembly, and slowly.
        validator = TemplateValidator()
        os.environ.setdefault("CDK_VALIDATION", "false")
    from streaming_constructs.app import add_system, new_app, stack_name

    app = new_app(out)
    stack, _ = add_system(app, plan.spec, stack_name(pattern))
    artifact = app.synth().get_stack_by_name(stack.stack_name)
    path = out / artifact.template_file
    if validator is None:
        return _Built(plan, artifact.template, path, [], "checked by CDK")
    findings = validator.validate(path.read_text(encoding="utf-8"), stack.stack_name)
    return _Built(plan, artifact.template, path, findings, "with findings" if findings else "valid")


def _show(built: _Built, spec_path: Path) -> None:
    from rich.console import Console

    from streaming_constructs.cli.render import alarm_table, resource_table
    from streaming_constructs.cli.tree import pipeline_tree

    console = Console()
    resources = Counter(one["Type"] for one in built.template["Resources"].values())
    for part in (pipeline_tree(built.plan), alarm_table(built.plan), resource_table(resources)):
        console.print(part)
        console.print()
    state = f"{resources.total()} resources, {built.verdict}"
    for name, value in (
        ("spec", os.path.relpath(spec_path)),
        ("template", f"{os.path.relpath(built.path)} ({state})"),
        ("deploy", f"cdk deploy --app {os.path.relpath(built.path.parent)}"),
    ):
        console.print(f"{name:10}{value}", highlight=False, markup=False, soft_wrap=True)
