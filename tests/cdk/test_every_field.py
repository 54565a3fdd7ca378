"""Every field of the language changes something: the template, the plan, or what is said about the spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

import streaming_constructs.spec.pipeline  # noqa: F401 - defines all models
from streaming_constructs.app import add_system
from streaming_constructs.planning import plan
from streaming_constructs.spec.load import build
from streaming_constructs.spec.model import SpecModel

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BASE = """
name: shop
schemas:
  click: {action: string}
  view: {page: string}
streams:
  clicks:
    kind: kinesis
    schema: click
    workload: {records_per_second: 900, record_kib: 1, peak_factor: 1}
  other: {kind: kinesis, capacity: {mode: provisioned, shards: 5}}
  flood: {kind: kinesis, capacity: {mode: on_demand}}
  old: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:111122223333:stream/old"}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: one
    filters: [{data: {action: [buy]}}]
    on_error: {skip_after: {attempts: 3, max_age_seconds: 600}, keep_in: {kind: s3}}
  audit:
    kind: lambda
    from: other
    function_arn: arn:aws:lambda:eu-west-1:111122223333:function:audit
    on_error: {skip_after: {attempts: 3, max_age_seconds: 50000}, keep_in: sqs}
  queued:
    kind: lambda
    from: other
    code: one
    on_error: {skip_after: {attempts: 3, max_age_seconds: 600}, keep_in: {kind: sqs, queue_arn: QUEUE}}
  notes:
    kind: lambda
    from: flood
    code: one
    on_error: {skip_after: {attempts: 3, max_age_seconds: 600}, keep_in: {kind: sns, topic_arn: TOPIC}}
  kept:
    kind: lambda
    from: flood
    code: one
    on_error: {skip_after: {attempts: 3, max_age_seconds: 600}, keep_in: {kind: s3, bucket_arn: "arn:aws:s3:::kept"}}
alarms:
  notify: [{email: a@example.com}, {topic_arn: "arn:aws:sns:eu-west-1:111122223333:a"}]
  override: {clicks.incoming_bytes: {threshold: 5, minutes: 5}}
""".replace("QUEUE", "arn:aws:sqs:eu-west-1:111122223333:dead").replace(
    "TOPIC", "arn:aws:sns:eu-west-1:111122223333:dead"
)

# What is changed in the base, for each field; a list is walked by position.
CLICKS, FRAUD = "streams.clicks", "consumers.fraud"
FAILURES = {
    "KeepInSqs": "consumers.queued.on_error.keep_in",
    "KeepInSns": "consumers.notes.on_error.keep_in",
    "KeepInS3": "consumers.kept.on_error.keep_in",
}
CHANGES: dict[str, tuple[str, Any]] = {
    "AlarmOverride.minutes": ("alarms.override.clicks~incoming_bytes.minutes", 7),
    "AlarmOverride.threshold": ("alarms.override.clicks~incoming_bytes.threshold", 6),
    "AlarmsSpec.notify": ("alarms.notify", [{"email": "a@example.com"}]),
    "AlarmsSpec.override": ("alarms.override", {}),
    "AlarmsSpec.silence": ("alarms.silence", {"fraud.errors": "known to be noisy"}),
    "AtTimestamp.at_timestamp": (f"{FRAUD}.starting_position", {"at_timestamp": "2026-01-15T00:00:00Z"}),
    "CustomerManagedKey.key_arn": (f"{CLICKS}.encryption", {"kind": "customer_managed", "key_arn": KEY}),
    "KeepInS3.bucket_arn": (f"{FAILURES['KeepInS3']}.bucket_arn", "arn:aws:s3:::other"),
    "KeepInS3.expire_after_days": (f"{FRAUD}.on_error.keep_in.expire_after_days", 9),
    "KeepInS3.key_arn": (f"{FAILURES['KeepInS3']}.key_arn", KEY),
    "KeepInSns.key_arn": (f"{FAILURES['KeepInSns']}.key_arn", KEY),
    "KeepInSns.topic_arn": (f"{FAILURES['KeepInSns']}.topic_arn", "arn:aws:sns:eu-west-1:111122223333:other"),
    "KeepInSqs.key_arn": (f"{FAILURES['KeepInSqs']}.key_arn", KEY),
    "KeepInSqs.queue_arn": (f"{FAILURES['KeepInSqs']}.queue_arn", "arn:aws:sqs:eu-west-1:111122223333:other"),
    "KinesisStreamSpec.arn": ("streams.old.arn", "arn:aws:kinesis:eu-west-1:111122223333:stream/older"),
    "KinesisStreamSpec.capacity": ("streams.other.capacity", {"mode": "on_demand"}),
    "KinesisStreamSpec.encryption": (f"{CLICKS}.encryption", {"kind": "customer_managed"}),
    "KinesisStreamSpec.max_record_kib": (f"{CLICKS}.max_record_kib", 2048),
    "KinesisStreamSpec.record_distribution": ("streams.flood.record_distribution", "auto"),
    "KinesisStreamSpec.record_schema": (f"{CLICKS}.schema", "view"),
    "KinesisStreamSpec.removal_policy": (f"{CLICKS}.removal_policy", "destroy"),
    "KinesisStreamSpec.retention_hours": (f"{CLICKS}.retention_hours", 48),
    "KinesisStreamSpec.shard_level_metrics": (f"{CLICKS}.shard_level_metrics", ["IncomingBytes"]),
    "KinesisStreamSpec.workload": (f"{CLICKS}.workload.records_per_second", 9000),
    "LambdaConsumerSpec.architecture": (f"{FRAUD}.architecture", "x86_64"),
    "LambdaConsumerSpec.batch_size": (f"{FRAUD}.batch_size", 10),
    "LambdaConsumerSpec.batching_window_seconds": (f"{FRAUD}.batching_window_seconds", 10),
    "LambdaConsumerSpec.code": (f"{FRAUD}.code", "two"),
    "LambdaConsumerSpec.environment_variables": (f"{FRAUD}.environment_variables", {"LIMIT": "5"}),
    "LambdaConsumerSpec.filter_key_arn": (f"{FRAUD}.filter_key_arn", KEY),
    "LambdaConsumerSpec.filters": (f"{FRAUD}.filters", []),
    "LambdaConsumerSpec.from_": (f"{FRAUD}.from", "other"),
    "LambdaConsumerSpec.function_arn": (
        "consumers.audit.function_arn",
        "arn:aws:lambda:eu-west-1:111122223333:function:other",
    ),
    "LambdaConsumerSpec.handler": (f"{FRAUD}.handler", "index.other"),
    "LambdaConsumerSpec.layers": (f"{FRAUD}.layers", ["powertools"]),
    "LambdaConsumerSpec.log_retention_days": (f"{FRAUD}.log_retention_days", 7),
    "LambdaConsumerSpec.memory_mib": (f"{FRAUD}.memory_mib", 512),
    "LambdaConsumerSpec.on_error": (f"{FRAUD}.on_error.keep_in", {"kind": "sns"}),
    "LambdaConsumerSpec.parallelization_factor": (f"{FRAUD}.parallelization_factor", 3),
    "LambdaConsumerSpec.partial_batch_responses": (f"{FRAUD}.partial_batch_responses", False),
    "LambdaConsumerSpec.read": (f"{FRAUD}.read", "enhanced_fan_out"),
    "LambdaConsumerSpec.reserved_concurrency": (f"{FRAUD}.reserved_concurrency", 50),
    "LambdaConsumerSpec.runtime": (f"{FRAUD}.runtime", "python3.12"),
    "LambdaConsumerSpec.starting_position": (f"{FRAUD}.starting_position", "latest"),
    "LambdaConsumerSpec.timeout_seconds": (f"{FRAUD}.timeout_seconds", 30),
    "LambdaConsumerSpec.tumbling_window_seconds": (f"{FRAUD}.tumbling_window_seconds", 30),
    "NotifyEmail.email": ("alarms.notify.0.email", "b@example.com"),
    "NotifyTopic.topic_arn": ("alarms.notify.1.topic_arn", "arn:aws:sns:eu-west-1:111122223333:b"),
    "OnDemandCapacity.warm_throughput_mib_per_second": (
        "streams.flood.capacity.warm_throughput_mib_per_second",
        100,
    ),
    "OnError.bisect": (f"{FRAUD}.on_error.bisect", False),
    "OnError.keep_in": (f"{FRAUD}.on_error.keep_in", {"kind": "sqs"}),
    "OnError.skip_after": (f"{FRAUD}.on_error.skip_after.attempts", 5),
    "PipelineSpec.acknowledge": ("acknowledge", {"audit.SC507": "re-read within the hour"}),
    "PipelineSpec.alarms": ("alarms", {}),
    "PipelineSpec.consumers": ("consumers.fraud.memory_mib", 1024),
    "PipelineSpec.dashboard": ("dashboard", True),
    "PipelineSpec.environment": ("environment", "dev"),
    "PipelineSpec.name": ("name", "store"),
    "PipelineSpec.schemas": ("schemas.click", {"verb": "string"}),
    "PipelineSpec.streams": ("streams.other.retention_hours", 99),
    "PipelineSpec.tags": ("tags", {"team": "growth"}),
    "ProvisionedCapacity.headroom": (f"{CLICKS}.capacity", {"mode": "provisioned", "headroom": 3}),
    "ProvisionedCapacity.shards": ("streams.other.capacity.shards", 6),
    "SkipAfter.attempts": (f"{FRAUD}.on_error.skip_after.attempts", 4),
    "SkipAfter.max_age_seconds": (f"{FRAUD}.on_error.skip_after.max_age_seconds", 601),
    "Workload.peak_factor": (f"{CLICKS}.workload.peak_factor", 4),
    "Workload.record_kib": (f"{CLICKS}.workload.record_kib", 4),
    "Workload.records_per_second": (f"{CLICKS}.workload.records_per_second", 4000),
}
TAGS = {"kind", "mode"}
"""Which kind a part is; with one kind there is nothing to change it to, with several the choice is tried above."""


def models(base: type[SpecModel] = SpecModel) -> list[type[SpecModel]]:
    return [one for child in base.__subclasses__() for one in (child, *models(child))]


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(data))
    *way, last = [step.replace("~", ".") for step in path.split(".")]
    place: Any = copy
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[last] = value
    return copy


def outcome(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Everything that a spec leads to."""
    spec, findings = build(data, folder)
    assert spec is not None, [str(finding) for finding in findings]
    planned = plan(spec)
    app = cdk.App(outdir=str(folder / "out"))
    stack, _ = add_system(app, spec, "Shop")
    return {
        "template": app.synth().get_stack_by_name(stack.stack_name).template,
        "findings": planned.findings,
        "working": [stream.working for stream in planned.streams.values()],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fields")
    for name in ("one", "two"):
        (made / name).mkdir()
        (made / name / "index.py").write_text(f"def handler(event, context):\n    return {{}}  # {name}\n")
    return made


@pytest.fixture(scope="module")
def base(folder: Path) -> dict[str, Any]:
    return outcome(yaml.safe_load(BASE), folder)


def test_every_field_is_listed() -> None:
    fields = {f"{model.__name__}.{name}" for model in models() for name in model.model_fields if name not in TAGS}
    assert fields == set(CHANGES)


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_field_changes_something(field: str, folder: Path, base: dict[str, Any]) -> None:
    path, value = CHANGES[field]
    assert outcome(changed(yaml.safe_load(BASE), path, value), folder) != base
