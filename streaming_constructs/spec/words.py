"""Words that people bring from AWS, Terraform, SAM, the Serverless Framework or Kafka: each answered with ours.

`did you mean` finds slips of the pen; here are words that are right somewhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import REMOVE, Edit, Finding, SpecPath


@dataclass(frozen=True, slots=True)
class Word:
    """What a brought word is called here.

    Attributes:
        ours: What to write, from what was written: fields of the same place, or of another by a dotted path. A value of
            `REMOVE` takes nothing's place: the word is just taken out.
        note: Why, where it is more than another name.
    """

    ours: Callable[[Any], Mapping[str, Any]]
    note: str = ""


def _renamed(field: str, convert: Callable[[Any], Any] = lambda value: value, note: str = "") -> Word:
    return Word(lambda value: {field: convert(value)}, note)


def _gone(note: str) -> Word:
    return Word(lambda _: {}, note)


def _times(factor: float) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return int(value * factor) if isinstance(value, int | float) and not isinstance(value, bool) else value

    return convert


def _first_of(value: Any, *keys: str) -> Any:
    return next((value[key] for key in keys if isinstance(value, Mapping) and key in value), value)


def _secret(value: Any) -> Mapping[str, Any]:
    return {"secret_arn": _first_of(value, "secret", "secret_arn", "arn")}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _transitions(value: Any) -> Mapping[str, Any]:
    """`lifecycle: {transition_days, storage_class, expire_days}` as people write it."""
    rule = value[0] if isinstance(value, list) and value else value
    if not isinstance(rule, Mapping):
        return {"expire_after_days": 365}
    days = _first_of(rule, "transition_days", "transition_after_days", "days")
    result: dict[str, Any] = {}
    if isinstance(days, int):
        storage = str(rule.get("storage_class", "glacier_ir")).lower()
        result["transitions"] = [{"after_days": days, "storage_class": storage}]
    expire = _first_of(rule, "expire_days", "expire_after_days", "expiration_days", "expiration")
    if isinstance(expire, int):
        result["expire_after_days"] = expire
    return result or {"expire_after_days": 365}


def _on_failure_of_queue(value: Any) -> Mapping[str, Any]:
    destination = value if isinstance(value, str) and value.startswith("arn:") else "sqs"
    return {"on_failure.destination": destination}


def _backup_of(value: Any) -> Mapping[str, Any]:
    """A backup, or what becomes of failures, beside the destination that has it."""
    if not isinstance(value, Mapping):
        return {"to.backup": "all" if "all" in str(value).lower() else "failed"}
    result: dict[str, Any] = {}
    if isinstance(value.get("retry_seconds"), int):
        result["to.retry_seconds"] = value["retry_seconds"]
    backup = {key: value[key] for key in ("bucket", "prefix") if key in value}
    mode = str(_first_of(value, "mode", "records") if any(key in value for key in ("mode", "records")) else "failed")
    records = "all" if "all" in mode.lower() else "failed"
    result["to.backup"] = {"records": records, **backup} if backup else records
    return result


def _buffer(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        return {"buffer_seconds": 60}
    result: dict[str, Any] = {}
    for field, keys in (
        ("buffer_mb", ("mb", "mib", "size_mb", "size_mib", "size")),
        ("buffer_seconds", ("seconds", "interval_seconds", "interval")),
    ):
        found = _first_of(value, *keys)
        if isinstance(found, int):
            result[field] = found
    return result or {"buffer_seconds": 60}


def _capacity(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        return {"mode": value}
    if isinstance(value, Mapping):
        return {key: inner for key, inner in value.items() if key in {"mode", "shards", "headroom"}} or {
            "mode": "on_demand"
        }
    return {"shards": value}


_ORDER = _gone(
    "records that share a partition key are always in order; the stream's `partition_key` says which field that is"
)
_ANYWHERE: Mapping[str, Word] = {
    "key_arn": _renamed("kms_key_arn"),
    "kms_key": _renamed("kms_key_arn"),
    "kms_key_id": _renamed("kms_key_arn"),
    "kms_master_key_id": _renamed("kms_key_arn"),
    "bucket_arn": _renamed("bucket"),
    "bucket_name": _renamed("bucket"),
    "memory": _renamed("memory_mb"),
    "memory_mib": _renamed("memory_mb"),
    "memory_size": _renamed("memory_mb"),
    "timeout": _renamed("timeout_seconds"),
    "env": _renamed("environment"),
    "environment_variables": _renamed("environment"),
    "variables": _renamed("environment"),
    "url": _renamed("endpoint"),
    "secret": Word(_secret),
    "hec_token": _gone(
        "the token is kept in Secrets Manager, never in a file: `secret_arn` names the secret with `hec_token`"
    ),
    "api_key": Word(_secret, "the key is kept in Secrets Manager, never in a file"),
    "lifecycle": Word(_transitions),
    "lifecycle_rules": Word(_transitions),
    "expiration_days": _renamed("expire_after_days"),
    "buffer": Word(_buffer),
    "buffering": Word(_buffer),
    "buffer_mib": _renamed("buffer_mb"),
    "buffer_size_mb": _renamed("buffer_mb"),
    "buffer_interval_seconds": _renamed("buffer_seconds"),
    "ordered": _ORDER,
    "ordering": _ORDER,
    "fifo": _ORDER,
    "writes": _renamed("to"),
    "target": _renamed("to"),
    "targets": _renamed("to"),
    "destination": _renamed("to"),
    "source": _renamed("from"),
    "stream": _renamed("from"),
    "reads": _renamed("from"),
    "security_groups": _renamed("security_group_ids", _listed),
    "subnets": _renamed("subnet_ids", _listed),
}
_BY_SECTION: Mapping[str, Mapping[str, Word]] = {
    "": {
        "topics": _renamed("sns_topics"),
        "notifications": _renamed("sns_topics"),
        "functions": _renamed("consumers"),
        "firehose": _renamed("deliveries"),
        "environment": _gone("`removal_policy: destroy` makes a system disposable; `environments` describes several"),
    },
    "streams": {
        "capacity": Word(_capacity),
        "shard_count": _renamed("shards"),
        "stream_mode": _renamed("mode"),
        "retention": _renamed("retention_hours"),
        "retention_period": _renamed("retention_hours"),
        "retention_period_hours": _renamed("retention_hours"),
        "existing": Word(lambda value: {"arn": _first_of(value, "arn")}),
        "stream_arn": _renamed("arn"),
        "kms_key_arn": Word(lambda value: {"encryption": {"kms_key_arn": value}}),
        "key_arn": Word(lambda value: {"encryption": {"kms_key_arn": value}}),
        "kms_key": Word(lambda value: {"encryption": {"kms_key_arn": value}}),
        "record_kib": _renamed("record_kb"),
        "name": _gone(
            "names of resources are chosen by CloudFormation, so that two of a system fit into one account; the outputs of "
            "the stack say what they are"
        ),
        "stream_name": _gone(
            "CloudFormation chooses the name; the outputs of the stack say what it is. Name a stream that exists "
            "by `arn`"
        ),
        "tags": _gone("tags are those of the whole system: `tags` at the top"),
        "expire_after_days": _renamed("retention_days"),
    },
    "consumers": {
        "dlq": Word(_on_failure_of_queue),
        "dead_letter_queue": Word(_on_failure_of_queue),
        "dead_letter": Word(_on_failure_of_queue),
        "on_error": Word(lambda _: {"on_failure": {"retries": 5, "max_record_age_seconds": 3600, "destination": "s3"}}),
        "retries": Word(lambda value: {"on_failure.retries": value, "on_failure.destination": "s3"}),
        "batching_window": _renamed("batch_window_seconds"),
        "batching_window_seconds": _renamed("batch_window_seconds"),
        "maximum_batching_window_in_seconds": _renamed("batch_window_seconds"),
        "efo": _renamed("enhanced_fan_out"),
        "read": Word(lambda value: {"enhanced_fan_out": value in {"enhanced_fan_out", "efo"}}),
        "concurrency": _renamed("reserved_concurrency"),
        "publishes": _renamed("to", _listed),
        "sends": _renamed("to", _listed),
        "function": _renamed("function_arn"),
        "handler_path": _renamed("code"),
        "alarms": Word(lambda value: {"max_lag_seconds": _first_of(value, "max_lag_seconds", "lag", "lag_seconds")}),
        "filter_criteria": Word(lambda value: {"filters": _listed(value)}),
        "tags": _gone("tags are those of the whole system: `tags` at the top"),
    },
    "deliveries": {
        "backup": Word(_backup_of),
        "on_failure": Word(_backup_of),
        "retention_days": _renamed("expire_after_days"),
        "store": _renamed("domain"),
        "partitions": _renamed("partition_by"),
        "partitioning": _renamed("partition_by"),
        "mode": _gone("`unique_keys` make it upserts; without them rows are only added"),
        "cluster_jdbcurl": _renamed("jdbc_url"),
        "acknowledgement_seconds": _renamed("ack_timeout_seconds"),
        "catalog": _renamed("catalog_arn"),
    },
    "stores": {
        "volume_gib": _renamed("volume_gb"),
        "volume_size": _renamed("volume_gb"),
        "instance_count": _renamed("instances"),
        "engine_version": _renamed("version"),
        "retention": _renamed("retention_days"),
    },
    "sns_topics": {"subscriptions": _renamed("subscribers"), "emails": _renamed("subscribers")},
    "producers": {
        "log_group": _renamed("log_groups", _listed),
        "paths": _renamed("files", _listed),
        "path": _renamed("files", _listed),
    },
    "alarms": {
        "email": Word(lambda value: {"notify": _listed(value)}),
        "emails": Word(lambda value: {"notify": _listed(value)}),
        "topic": _renamed("topic_arn"),
        "topic_arn": Word(lambda value: {"notify": _listed(value)}),
        "lag": Word(
            lambda value: {"max_lag_seconds": _first_of(value, "threshold_seconds", "seconds", "max_lag_seconds")}
        ),
        "slack": _gone("subscribe AWS Chatbot, or your own function, to an SNS topic, and name its ARN in `notify`"),
    },
}
_WORKLOAD: Mapping[str, Word] = {
    "record_kib": _renamed("record_kb"),
    "record_size": _renamed("record_bytes"),
    "record_size_bytes": _renamed("record_bytes"),
    "records_per_sec": _renamed("records_per_second"),
    "rps": _renamed("records_per_second"),
    "peak": _renamed("peak_factor"),
}


def brought_word(word: str, value: Any, place: SpecPath, owner: Any) -> Finding | None:
    """The finding of an unknown field that is a word for something here; None where it is none that is known.

    Args:
        word: The field.
        value: What it says.
        place: The part that it stands in.
        owner: The model of that part.
    """
    section = str(place[0]) if place else ""
    table: Mapping[str, Word] = {**_ANYWHERE, **_BY_SECTION.get(section, {})}
    if place[-1:] == ("workload",):
        table = _WORKLOAD
    known = table.get(word)
    fields = {str(field.validation_alias or name) for name, field in getattr(owner, "model_fields", {}).items()}
    if section == "alarms" and known is None and isinstance(value, Mapping) and len(place) == 1:
        return _alarm_by_name(word, value)
    if known is None:
        return None
    ours = known.ours(value)
    if any(path.partition(".")[0] not in fields for path in ours):
        return None
    edits = [Edit((*place, word))]
    edits += [Edit((*place, *path.split(".")), inner) for path, inner in ours.items() if inner is not REMOVE]
    pieces = ", ".join(f"`{_written(path, inner)}`" for path, inner in ours.items())
    return Finding(
        "LNG201",
        f"unknown field `{word}`",
        (*place, word),
        note=known.note,
        help=f"write {pieces}" if pieces else "take it out",
        edits=tuple(edits),
    )


def _written(path: str, value: Any) -> str:
    """A field as it is written: a dotted path as the mapping that holds it."""
    first, _, rest = path.partition(".")
    return f"{first}: {in_yaml(value)}" if not rest else f"{first}: {{{_written(rest, value)}}}"


def _alarm_by_name(word: str, value: Mapping[str, Any]) -> Finding | None:
    """An alarm that is named beside `notify`, as if it were a field."""
    if value.get("enabled") is False:
        reason = str(value.get("reason", "the reason why it is not needed"))
        name = {"throttling": "write_throttling"}.get(word, word)
        return Finding(
            "LNG201",
            f"unknown field `{word}`",
            ("alarms", word),
            note="an alarm that is not created says why",
            help=f"write `silence: {{{name}: {in_yaml(reason)}}}`",
            edits=(Edit(("alarms", word)), Edit(("alarms", "silence", name), reason)),
        )
    seconds = _first_of(value, "threshold_seconds", "seconds")
    threshold = _times(1000)(seconds) if isinstance(seconds, int | float) else _first_of(value, "threshold")
    if not isinstance(threshold, int | float):
        return None
    return Finding(
        "LNG201",
        f"unknown field `{word}`",
        ("alarms", word),
        note="a threshold of your own is given by the alarm's name, in the unit of its metric; ages are in milliseconds",
        help=f"write `override: {{{word}: {{threshold: {threshold}}}}}`",
        edits=(Edit(("alarms", word)), Edit(("alarms", "override", word), {"threshold": threshold})),
    )
