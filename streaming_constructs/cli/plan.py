"""`streaming-constructs plan`: what a spec will build, and why so large."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.model import Environment


@click.command()
@options.system
@options.environment
@options.text_or_json
@click.pass_context
def plan(ctx: click.Context, system: str, environment: Environment | None, form: str) -> None:
    """Shows what a spec will build: shards, readers, alarms, and why.

    SPEC is a file, PATTERN the name of a documented pattern. What is likely to go wrong follows on stderr.

    Exit codes: 0 fine, or nothing but notes; 1 errors or warnings; 2 wrong usage.
    """
    from streaming_constructs.cli.report import text_finding
    from streaming_constructs.cli.system import system_path
    from streaming_constructs.planning import plan_document
    from streaming_constructs.spec.read import open_document

    planned, findings = plan_document(open_document(system_path(system)), environment)
    if planned is not None:
        _show(planned, findings, form)
    for finding in findings:
        click.echo(f"\n{text_finding(finding)}", err=True)
    ctx.exit(1 if any(finding.level != "note" for finding in findings) else 0)


def _show(plan: PipelinePlan, findings: list[Finding], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(plan_object(plan, findings), indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    from streaming_constructs.cli.render import alarm_table
    from streaming_constructs.cli.tree import pipeline_tree

    console = Console(highlight=False)
    console.print(pipeline_tree(plan))
    console.print()
    console.print(alarm_table(plan))


def plan_object(plan: PipelinePlan, findings: list[Finding]) -> dict[str, Any]:
    """A plan for programs."""
    from streaming_constructs.cli.report import json_finding

    return {
        "name": plan.spec.name,
        "environment": plan.spec.environment,
        "streams": {
            name: {
                "kind": stream.spec.kind,
                "mode": stream.spec.capacity.mode,
                "shards": stream.shards,
                "needed_shards": stream.needed_shards,
                "write_mib_per_second": stream.write_mib_per_second,
                "write_records_per_second": stream.write_records_per_second,
                "retention_hours": stream.spec.retention_hours,
                "readers": [{"name": reader.name, "read": reader.read} for reader in stream.readers],
                "working": list(stream.working),
            }
            for name, stream in plan.streams.items()
        },
        "consumers": {
            name: {
                "kind": consumer.spec.kind,
                "from": consumer.spec.from_,
                "read": consumer.spec.read,
                "concurrency": consumer.concurrency,
                "on_error": consumer.spec.on_error.model_dump(mode="json"),
                "working": list(consumer.working),
            }
            for name, consumer in plan.consumers.items()
        },
        "deliveries": {
            name: {
                "from": delivery.spec.from_,
                "to": delivery.spec.to.kind,
                "buffer_mb": delivery.buffer_mb,
                "buffer_seconds": delivery.buffer_seconds,
                "objects": asdict(delivery.objects) if delivery.objects else None,
                "prefix": delivery.folders.prefix if delivery.folders else None,
                "error_prefix": delivery.folders.error_prefix if delivery.folders else None,
                "working": list(delivery.working),
            }
            for name, delivery in plan.deliveries.items()
        },
        "stores": {
            name: {
                "kind": store.spec.kind,
                "instance_type": store.instance_type,
                "instances": store.instances,
                "volume_gb": store.volume_gb,
                "working": list(store.working),
            }
            for name, store in plan.stores.items()
        },
        "alarms": [
            {
                "name": alarm.name,
                "metric": f"{alarm.metric.namespace}/{alarm.metric.name}",
                "statistic": alarm.metric.statistic,
                "threshold": alarm.threshold,
                "below": alarm.below,
                "unit": alarm.metric.unit,
                "minutes": alarm.minutes,
                "overridden": alarm.overridden,
                "working": alarm.working,
            }
            for alarm in plan.alarms
        ],
        "findings": [json_finding(finding) for finding in findings],
    }
