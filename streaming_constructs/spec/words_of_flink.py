"""Words of Flink, of the API of Managed Flink and of Terraform for analytics: each answered with ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from streaming_constructs.facts.flink import RUNTIMES
from streaming_constructs.spec.amounts import amount_in_unit_of
from streaming_constructs.spec.word import Word, Words, first_of, gone, renamed

_MILLIS = 1000
"""From so much on a time between checkpoints is one in milliseconds, as the API has it."""


def _runtime(value: Any) -> Any:
    """The runtime of a version, such as 2.3 or flink-1_20."""
    digits = re.sub(r"[^0-9]+", "_", str(value)).strip("_")
    return next((name for name in RUNTIMES if name.removeprefix("FLINK-") == "_".join(digits.split("_")[:2])), value)


def _kpus(value: Any, _: Any = None) -> Mapping[str, Any]:
    return {"parallelism": value, "parallelism_per_kpu": 1} if isinstance(value, int) else {"parallelism": 1}


def _interval(value: Any, _: Any = None) -> Mapping[str, Any]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    seconds = value / _MILLIS if is_number and value >= _MILLIS else value
    return {"checkpointing.interval_seconds": seconds}


def _checkpoints(value: Any, _: Any = None) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        inner = first_of(value, "interval_seconds", "interval", "checkpoint_interval")
        return _interval(inner) if inner is not value else {"checkpointing": {"interval_seconds": 60}}
    return {"checkpointing": False} if value is False else {"checkpointing": {"interval_seconds": 60}}


def _restore(value: Any, _: Any = None) -> Mapping[str, Any]:
    said = str(first_of(value, "application_restore_type", "type", "snapshot_name", "snapshot")).upper()
    if "SKIP" in said or said in {"NONE", "NOTHING"}:
        return {"restore": "nothing"}
    named = first_of(value, "snapshot_name", "snapshot")
    return {"restore": named if isinstance(named, str) and "RESTORE" not in named.upper() else "latest_snapshot"}


def _listed_or_one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _seconds(value: Any) -> Any:
    """A time as Flink writes it, such as `5 s` or `INTERVAL '5' SECOND`, in seconds; what is none as it is."""
    if not isinstance(value, str):
        return value
    interval = re.fullmatch(r"\s*INTERVAL\s+'([0-9.]+)'\s+([A-Z]+?)S?\s*", value, re.IGNORECASE)
    amount = amount_in_unit_of("delay_seconds", " ".join(interval.groups()).lower() if interval else value)
    return value if amount is None else amount


WATERMARK_WORDS: Words = {
    **dict.fromkeys(
        ("delay", "max_delay", "lateness", "allowed_lateness", "out_of_orderness", "max_out_of_orderness", "tolerance"),
        renamed("delay_seconds", _seconds),
    ),
    **dict.fromkeys(("column", "time_field", "timestamp_field", "timestamp", "event_time", "time"), renamed("field")),
}
"""Words for the watermark of a stream, or of an application."""
ANALYTICS_WORDS: Words = {
    **dict.fromkeys(
        ("query", "queries", "statement", "statements", "sql_file", "sql_statements", "script"), renamed("sql")
    ),
    **dict.fromkeys(
        ("application_code", "jar", "jar_path", "code_path", "zip", "file"), (renamed("code"), renamed("sql"))
    ),
    **dict.fromkeys(
        ("code_bucket", "s3_bucket", "bucket_arn"), renamed("bucket", lambda value: str(value).split(":")[-1])
    ),
    **dict.fromkeys(("file_key", "s3_key", "object_key"), renamed("key")),
    **dict.fromkeys(
        ("source", "sources", "input", "inputs", "stream", "streams", "reads"), renamed("from", _listed_or_one)
    ),
    **dict.fromkeys(
        ("sink", "sinks", "output", "outputs", "target", "targets", "destination", "destinations", "writes"),
        renamed("to", _listed_or_one),
    ),
    **dict.fromkeys(("runtime_environment", "flink_version", "version"), renamed("runtime", _runtime)),
    **dict.fromkeys(("kpus", "kpu"), Word(_kpus, "how many subtasks there are says how many KPUs they run on")),
    **dict.fromkeys(("auto_scaling", "auto_scaling_enabled", "autoscaling_enabled"), renamed("autoscaling")),
    **dict.fromkeys(("snapshots_enabled", "snapshot"), renamed("snapshots")),
    **dict.fromkeys(("checkpoint", "checkpoints", "checkpoint_configuration"), Word(_checkpoints)),
    **dict.fromkeys(("checkpoint_interval", "checkpoint_interval_seconds", "checkpoint_interval_ms"), Word(_interval)),
    "checkpointing_enabled": Word(_checkpoints),
    **dict.fromkeys(("rollback_enabled", "system_rollback"), renamed("rollback")),
    **dict.fromkeys(("restore_type", "application_restore_type", "restore_configuration"), Word(_restore)),
    "allow_non_restored_state": renamed("restore.allow_non_restored_state"),
    **dict.fromkeys(("start_application", "autostart", "auto_start"), renamed("start")),
    **dict.fromkeys(("idle_timeout", "source_idle_timeout"), renamed("idle_timeout_seconds")),
    **dict.fromkeys(
        ("initial_position", "start_position", "init_position", "starting_offset", "scan_startup_mode"),
        renamed("starting_position"),
    ),
    **dict.fromkeys(("efo", "fan_out"), renamed("enhanced_fan_out")),
    **dict.fromkeys(("jars", "connector_jars", "dependencies", "connector"), renamed("connectors")),
    **dict.fromkeys(
        ("properties", "parameters", "params", "environment", "env", "property_groups", "environment_properties"),
        (renamed("variables"), renamed("properties")),
    ),
    **dict.fromkeys(("configuration", "flink_config", "options", "table_config"), renamed("config")),
    **dict.fromkeys(("state_ttl", "ttl"), Word(lambda value, _: {"config": {"table.exec.state.ttl": str(value)}})),
    **dict.fromkeys(
        ("application_name", "name"), gone("CloudFormation chooses the name; the outputs of the stack say what it is")
    ),
    "application_mode": gone("an application always computes over streams"),
    **dict.fromkeys(("main_class", "entrypoint", "main"), gone("a jar says its main class in its manifest")),
    "lag_seconds": renamed("max_lag_seconds"),
}
"""Words for applications of Flink."""
KINDS_OF_FLINK: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "flink",
            "sql",
            "kinesisanalytics",
            "managedflink",
            "managedserviceforapacheflink",
            "msf",
            "kda",
            "flinkapplication",
        ),
        "flink_sql",
    ),
    **dict.fromkeys(("flinkjar", "flinkjava", "pyflink", "flinkpython", "jar"), "flink_app"),
}
"""Kinds by other names, in small letters without what divides words."""
RUNTIME_VALUES: Mapping[str, str] = {
    f"{prefix}{name.removeprefix('FLINK-').replace('_', '')}": name for name in RUNTIMES for prefix in ("flink", "")
}
"""Runtimes as people write them, likewise."""
