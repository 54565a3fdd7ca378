"""Words that people bring from AWS, Terraform, SAM, the Serverless Framework or Kafka: each answered with ours.

`did you mean` finds slips of the pen; here are words that are right somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.spec.amounts import amount_in_unit_of
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import field_names
from streaming_constructs.spec.other_units import OtherUnit, amount_as, in_our_unit
from streaming_constructs.spec.word import Word, Words, first_of, gone, listed, renamed
from streaming_constructs.spec.words_of_apis import API_WORDS, SECTION_OF_APIS
from streaming_constructs.spec.words_of_dynamodb import TABLE_WORDS
from streaming_constructs.spec.words_of_flink import (
    ANALYTICS_WORDS,
    KINDS_OF_FLINK,
    RUNTIME_VALUES,
    WATERMARK_WORDS,
)
from streaming_constructs.spec.words_of_kafka import (
    CLUSTER_WORDS,
    CONSUMER_WORDS,
    TOPIC_WORDS,
    retention_of_stream,
    topics_at_the_top,
)
from streaming_constructs.spec.words_of_sqs import QUEUE_WORDS, SECTION_OF_QUEUES


def _times(factor: float) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return int(value * factor) if _is_number(value) else value

    return convert


def _secret(value: Any, _: Any = None) -> Mapping[str, Any]:
    return {"secret_arn": first_of(value, "secret", "secret_arn", "arn")}


def _seconds(value: Any, _: Any = None) -> Mapping[str, Any]:
    """What is late, however it was written; a node says nothing else about its alarms."""
    seconds = first_of(value, "max_lag_seconds", "lag_seconds", "lag", "threshold_seconds", "seconds")
    return {"max_lag_seconds": seconds} if _is_number(seconds) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_on_failure(field: str) -> tuple[Word, Word]:
    """What belongs into what becomes of failures: beside it, where that may say its destination alone; and already in it."""

    def ours(value: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
        on_failure = beside.get("on_failure")
        destination = {"on_failure.destination": on_failure} if isinstance(on_failure, str) else {}
        return {f"on_failure.{field}": value, **destination}

    return Word(ours), renamed(field)


def _transitions(value: Any, _: Any = None) -> Mapping[str, Any]:
    """`lifecycle: {transition_days, storage_class, expire_days}` as people write it."""
    rule = value[0] if isinstance(value, list) and value else value
    if not isinstance(rule, Mapping):
        return {"expire_after_days": 365}
    days = first_of(rule, "transition_days", "transition_after_days", "days")
    result: dict[str, Any] = {}
    if isinstance(days, int):
        storage = str(rule.get("storage_class", "glacier_ir")).lower()
        result["transitions"] = [{"after_days": days, "storage_class": storage}]
    expire = first_of(rule, "expire_days", "expire_after_days", "expiration_days", "expiration")
    if isinstance(expire, int):
        result["expire_after_days"] = expire
    return result or {"expire_after_days": 365}


def _on_failure_of_queue(value: Any, _: Any = None) -> Mapping[str, Any]:
    destination = value if isinstance(value, str) and value.startswith("arn:") else "sqs"
    return {"on_failure.destination": destination}


def _records(value: Any) -> str:
    """`failed` or `all`, however it is said."""
    said = value if isinstance(value, str) else first_of(value, "mode", "records")
    return "all" if isinstance(said, str) and "all" in said.lower() else "failed"


def _backup(value: Any, _: Any = None) -> Mapping[str, Any]:
    """What of a backup the language says: which records, and where."""
    records = _records(value)
    where = {key: value[key] for key in ("bucket", "prefix") if isinstance(value, Mapping) and key in value}
    return {"backup": {"records": records, **where} if where else records}


def _backup_of(value: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """A backup, or what becomes of failures, beside the destination that has it."""
    to = beside.get("to")
    if isinstance(to, Mapping) and to.get("kind") == "s3":
        return {"to.source_backup": {}} if _records(value) == "all" else {}
    result: dict[str, Any] = {}
    if isinstance(value, Mapping) and isinstance(value.get("retry_seconds"), int):
        result["to.retry_seconds"] = value["retry_seconds"]
    return {**result, **{f"to.{field}": inner for field, inner in _backup(value).items()}}


def _source_backup(value: Any, _: Any = None) -> Mapping[str, Any]:
    return {"source_backup": {}} if _records(value) == "all" else {}


def _upserts(value: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mode of writing rows: keys make it upserts."""
    is_append = isinstance(value, str) and value.lower() in {"append", "append_only", "insert"}
    return {} if is_append or beside.get("unique_keys") or beside.get("tables") else {"unique_keys": ["id"]}


def _format(value: Any, _: Any = None) -> Mapping[str, Any]:
    """`format: {kind: parquet, compression: snappy}`: all of it stands beside one another."""
    if not isinstance(value, Mapping):
        return {"format": "json"}
    kind = first_of(value, "kind", "type", "name")
    rest = {key: inner for key, inner in value.items() if key not in {"kind", "type", "name"}}
    return {"format": kind if isinstance(kind, str) else "json", **rest}


def _buffer(value: Any, _: Any = None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        return {"buffer_seconds": 60}
    result: dict[str, Any] = {}
    for field, keys in (
        ("buffer_mb", ("mb", "mib", "size_mb", "size_mib", "size")),
        ("buffer_seconds", ("seconds", "interval_seconds", "interval")),
    ):
        found = first_of(value, *keys)
        if isinstance(found, int):
            result[field] = found
    return result or {"buffer_seconds": 60}


def _rotation(value: Any) -> Any:
    return brought_value(str(value), ("none", "hourly", "daily", "weekly", "monthly")) or value


def _capacity(value: Any, _: Any = None) -> Mapping[str, Any]:
    if isinstance(value, str):
        return {"mode": value}
    if isinstance(value, Mapping):
        return {key: inner for key, inner in value.items() if key in {"mode", "shards", "headroom"}} or {
            "mode": "on_demand"
        }
    return {"shards": value}


_ORDER = dict.fromkeys(
    ("ordered", "ordering", "fifo"),
    gone(
        "records that share a partition key are always in order; the stream's `partition_key` says which field that is"
    ),
)
_ANYWHERE: Words = {
    "type": renamed("kind"),
    "key_arn": renamed("kms_key_arn"),
    "kms_key": renamed("kms_key_arn"),
    "kms_key_id": renamed("kms_key_arn"),
    "kms_master_key_id": renamed("kms_key_arn"),
    "bucket_arn": renamed("bucket"),
    "bucket_name": renamed("bucket"),
    "memory": renamed("memory_mb"),
    "memory_mib": renamed("memory_mb"),
    "memory_size": renamed("memory_mb"),
    "timeout": renamed("timeout_seconds"),
    "env": renamed("environment"),
    "environment_variables": renamed("environment"),
    "variables": renamed("environment"),
    "url": renamed("endpoint"),
    "secret": Word(_secret),
    "hec_token": gone(
        "the token is kept in Secrets Manager, never in a file: `secret_arn` names the secret with `hec_token`",
        "secret_arn",
    ),
    "api_key": Word(_secret, "the key is kept in Secrets Manager, never in a file"),
    "lifecycle": Word(_transitions),
    "lifecycle_rules": Word(_transitions),
    "expiration_days": renamed("expire_after_days"),
    "buffer": Word(_buffer),
    "buffering": Word(_buffer),
    "buffer_mib": renamed("buffer_mb"),
    "buffer_size_mb": renamed("buffer_mb"),
    "buffer_size": renamed("buffer_mb"),
    "buffering_size": renamed("buffer_mb"),
    "buffering_interval": renamed("buffer_seconds"),
    "buffer_interval": renamed("buffer_seconds"),
    "buffer_interval_seconds": renamed("buffer_seconds"),
    "writes": renamed("to"),
    "target": renamed("to"),
    "targets": renamed("to"),
    "destination": renamed("to"),
    "source": renamed("from"),
    "stream": renamed("from"),
    "reads": renamed("from"),
    "security_groups": renamed("security_group_ids", listed),
    "subnets": renamed("subnet_ids", listed),
    "id": renamed("vpc_id"),
}
_FAILED_IN_S3 = (
    "what cannot be delivered to S3 is below its `error_prefix`; `source_backup` keeps all records as they came"
)
_BY_SECTION: Mapping[str, Words] = {
    "": {
        "topics": Word(topics_at_the_top),
        "notifications": renamed("sns_topics"),
        "functions": renamed("consumers"),
        "firehose": renamed("deliveries"),
        **dict.fromkeys(("flink", "applications", "flink_applications", "kinesis_analytics"), renamed("analytics")),
        **SECTION_OF_APIS,
        **SECTION_OF_QUEUES,
        "environment": gone("`removal_policy: destroy` makes a system disposable; `environments` describes several"),
    },
    "schemas": {
        "format": renamed("timestamp_format"),
        "json_name": renamed("json_key"),
        "comment": renamed("description"),
    },
    "streams": {
        **_ORDER,
        **dict.fromkeys(
            ("kms_key_arn", "key_arn", "kms_key", "kms_key_id", "kms_master_key_id"),
            (Word(lambda value, _: {"encryption": {"kms_key_arn": value}}), renamed("kms_key_arn")),
        ),
        "capacity": Word(_capacity),
        "shard_count": renamed("shards"),
        "stream_mode": renamed("mode"),
        "retention": Word(retention_of_stream),
        "retention_period": renamed("retention_hours"),
        "retention_period_hours": renamed("retention_hours"),
        "existing": Word(lambda value, _: {"arn": first_of(value, "arn")}),
        "stream_arn": renamed("arn"),
        "name": gone(
            "names of resources are chosen by CloudFormation, so that two of a system fit into one account; the outputs of "
            "the stack say what they are"
        ),
        "stream_name": gone(
            "CloudFormation chooses the name; the outputs of the stack say what it is. Name a stream that exists "
            "by `arn`"
        ),
        "tags": gone("tags are those of the whole system: `tags` at the top"),
        "expire_after_days": renamed("retention_days"),
        **TOPIC_WORDS,
    },
    "clusters": CLUSTER_WORDS,
    "analytics": ANALYTICS_WORDS,
    "apis": API_WORDS,
    "consumers": {
        **_ORDER,
        **CONSUMER_WORDS,
        "dlq": Word(_on_failure_of_queue),
        "dead_letter_queue": Word(_on_failure_of_queue),
        "dead_letter": Word(_on_failure_of_queue),
        "on_error": Word(
            lambda *_: {"on_failure": {"retries": 5, "max_record_age_seconds": 3600, "destination": "s3"}}
        ),
        **dict.fromkeys(
            ("retries", "retry", "retry_attempts", "max_retries", "max_retry_attempts", "maximum_retry_attempts"),
            _in_on_failure("retries"),
        ),
        **dict.fromkeys(
            (
                "max_record_age_seconds",
                "max_record_age",
                "max_age",
                "max_age_seconds",
                "maximum_record_age",
                "maximum_record_age_in_seconds",
            ),
            _in_on_failure("max_record_age_seconds"),
        ),
        **dict.fromkeys(
            (
                "bisect",
                "bisect_batch",
                "bisect_on_error",
                "bisect_batch_on_error",
                "bisect_on_function_error",
                "bisect_batch_on_function_error",
            ),
            _in_on_failure("bisect"),
        ),
        "tumbling_window_in_seconds": renamed("tumbling_window_seconds"),
        "reserved_concurrent_executions": renamed("reserved_concurrency"),
        "function_response_types": renamed("partial_batch_responses", bool),
        "batching_window": renamed("batch_window_seconds"),
        "batching_window_seconds": renamed("batch_window_seconds"),
        "maximum_batching_window_in_seconds": renamed("batch_window_seconds"),
        "efo": renamed("enhanced_fan_out"),
        "read": Word(lambda value, _: {"enhanced_fan_out": value in ("enhanced_fan_out", "efo")}),
        "concurrency": renamed("reserved_concurrency"),
        "publishes": renamed("to", listed),
        "sends": renamed("to", listed),
        "function": renamed("function_arn"),
        "handler_path": renamed("code"),
        "alarms": Word(_seconds, "alarms are named in `alarms`, as node.alarm; here is what is late"),
        "filter_criteria": Word(lambda value, _: {"filters": listed(value)}),
        "tags": gone("tags are those of the whole system: `tags` at the top"),
    },
    "deliveries": {
        "backup": (Word(_backup_of, _FAILED_IN_S3), Word(_source_backup, _FAILED_IN_S3)),
        "on_failure": (Word(_backup_of, _FAILED_IN_S3), Word(_backup), Word(_source_backup, _FAILED_IN_S3)),
        "s3_backup_mode": (Word(_backup), Word(_source_backup, _FAILED_IN_S3)),
        "retention_days": renamed("expire_after_days"),
        "store": renamed("domain"),
        "index_name": renamed("index"),
        "index_rotation_period": renamed("index_rotation", _rotation),
        "rotation": renamed("index_rotation", _rotation),
        "partitions": renamed("partition_by"),
        "partitioning": renamed("partition_by"),
        "partition_by": gone(
            "an Iceberg table has its partitions in its own definition, and Firehose follows them", "table_bucket"
        ),
        "dynamic_partitioning": gone(
            "`partition_by` with a field of the record is dynamic partitioning", "partition_by"
        ),
        "error_output_prefix": renamed("error_prefix"),
        "custom_time_zone": renamed("time_zone"),
        "timezone": renamed("time_zone"),
        "file_format": Word(_format),
        "output_format": Word(_format),
        "compression_format": renamed("compression", lambda value: str(value).lower()),
        "mode": (
            Word(lambda value, _: {"records": _records(value)}, needs=("records",)),
            Word(_upserts, "`unique_keys` make it upserts; without them rows are only added", ("unique_keys",)),
        ),
        "write_mode": Word(
            _upserts, "`unique_keys` make it upserts; without them rows are only added", ("unique_keys",)
        ),
        "primary_key": renamed("unique_keys", listed),
        "primary_keys": renamed("unique_keys", listed),
        "upsert_keys": renamed("unique_keys", listed),
        "table_bucket_arn": renamed("table_bucket"),
        "catalog": renamed("catalog_arn"),
        "cluster_jdbcurl": renamed("jdbc_url"),
        "cluster_identifier": renamed("cluster"),
        "workgroup_name": renamed("workgroup"),
        "data_table_name": renamed("table"),
        "user": gone("user and password are kept in Secrets Manager: `secret_arn` names the secret", "secret_arn"),
        "username": gone("user and password are kept in Secrets Manager: `secret_arn` names the secret", "secret_arn"),
        "password": gone("user and password are kept in Secrets Manager: `secret_arn` names the secret", "secret_arn"),
        "hec_endpoint": renamed("endpoint"),
        "hec_endpoint_type": renamed("endpoint_type", lambda value: str(value).lower()),
        "acknowledgement_seconds": renamed("ack_timeout_seconds"),
        "hec_acknowledgment_timeout": renamed("ack_timeout_seconds"),
        "retry_duration": renamed("retry_seconds"),
        "lambda": renamed("transform"),
        "processor": renamed("transform"),
        "transformation": renamed("transform"),
    },
    "stores": {
        "volume_gib": renamed("volume_gb"),
        "volume_size": renamed("volume_gb"),
        "instance_count": renamed("instances"),
        "engine_version": renamed("version"),
        "retention": renamed("retention_days"),
        **TABLE_WORDS,
    },
    "queues": QUEUE_WORDS,
    "sns_topics": {"subscriptions": renamed("subscribers"), "emails": renamed("subscribers")},
    "producers": {
        "log_group": renamed("log_groups", listed),
        "paths": renamed("files", listed),
        "path": renamed("files", listed),
    },
    "alarms": {
        "email": Word(lambda value, _: {"notify": listed(value)}),
        "emails": Word(lambda value, _: {"notify": listed(value)}),
        "topic": renamed("topic_arn"),
        "topic_arn": Word(lambda value, _: {"notify": listed(value)}),
        "arn": renamed("topic_arn"),
        "mail": renamed("email"),
        "address": renamed("email"),
        "lag": Word(_seconds),
        "slack": gone("subscribe AWS Chatbot, or your own function, to an SNS topic, and name its ARN in `notify`"),
    },
}
_WORKLOAD: Words = {
    "record_kib": renamed("record_kb"),
    "record_size": renamed("record_bytes"),
    "record_size_bytes": renamed("record_bytes"),
    "records_per_sec": renamed("records_per_second"),
    "rps": renamed("records_per_second"),
    "peak": renamed("peak_factor"),
}


_SHAPES: Mapping[str, Word] = {"format": Word(_format)}
"""Fields that people write with more in them than the language has."""
_VALUES: Mapping[str, str] = {
    **dict.fromkeys(("failedonly", "faileddataonly", "failedeventsonly", "faileddocumentsonly", "errors"), "failed"),
    **dict.fromkeys(("alldata", "allevents", "alldocuments", "allrecords"), "all"),
    **dict.fromkeys(("oneday", "day"), "daily"),
    **dict.fromkeys(("onehour", "hour"), "hourly"),
    **dict.fromkeys(("oneweek", "week"), "weekly"),
    **dict.fromkeys(("onemonth", "month"), "monthly"),
    **dict.fromkeys(("norotation", "uncompressed"), "none"),
    **dict.fromkeys(("glacierinstantretrieval", "instantretrieval"), "glacier_ir"),
    "glacierflexibleretrieval": "glacier",
    "gz": "gzip",
    **dict.fromkeys(("kinesisstream", "kinesisdatastream", "kinesisdatastreams", "kds"), "kinesis"),
    **dict.fromkeys(("lambdafunction", "awslambda"), "lambda"),
    **dict.fromkeys(("amazonopensearch", "opensearchdomain"), "opensearch"),
    "aoss": "opensearch_serverless",
    **dict.fromkeys(("dynamo", "amazondynamodb", "dynamodbtable", "ddb"), "dynamodb"),
    **dict.fromkeys(("payperrequest", "ondemandcapacity"), "on_demand"),
    **dict.fromkeys(("newandold", "newandoldimage"), "new_and_old_images"),
    **dict.fromkeys(("standardia", "infrequentaccess"), "standard_infrequent_access"),
    **dict.fromkeys(("s", "text"), "string"),
    **dict.fromkeys(("n", "int", "integer", "bigint", "double"), "number"),
    **dict.fromkeys(("b", "bytes"), "binary"),
    **dict.fromkeys(("provisioned", "standard", "mskprovisioned", "mskstandard", "amazonmsk", "kafka"), "msk"),
    **dict.fromkeys(("express", "kafkaexpress"), "msk_express"),
    **dict.fromkeys(("serverless", "kafkaserverless"), "msk_serverless"),
    **KINDS_OF_FLINK,
    **RUNTIME_VALUES,
}
"""Values that people bring, in small letters without what divides words."""


def brought_value(value: str, choices: Iterable[str]) -> str:
    """The choice that is called otherwise where people bring a value from; an empty string where it is none that is known.

    Args:
        value: What was written.
        choices: What could have been.
    """
    plain = re.sub(r"[^a-z0-9]", "", value.lower())
    options = {re.sub(r"[^a-z0-9]", "", choice): choice for choice in choices}
    return options.get(plain) or next((choice for choice in choices if choice == _VALUES.get(plain)), "")


def brought_shape(field: str, value: Any, place: SpecPath) -> Finding | None:
    """The finding of a known field with more in it than it takes; None where that is nothing that people bring.

    Args:
        field: The field.
        value: What it says.
        place: The part that it stands in.
    """
    known = _SHAPES.get(field)
    if known is None or not isinstance(value, Mapping):
        return None
    ours = known.ours(value, {})
    pieces = ", ".join(f"`{piece}`" for piece in _written(ours))
    return Finding(
        "LNG203",
        f"`{field}` is a word, and what else it says stands beside it",
        (*place, field),
        help=f"write {pieces}",
        edits=tuple(Edit((*place, path), inner) for path, inner in ours.items()),
    )


def brought_word(word: str, value: Any, place: SpecPath, owner: Any, beside: Mapping[str, Any]) -> Finding | None:
    """The finding of an unknown field that is a word for something here; None where it is none that is known.

    Args:
        word: The field.
        value: What it says.
        place: The part that it stands in.
        owner: The model of that part.
        beside: All that the part says.
    """
    section = str(place[0]) if place else ""
    table: Words = {**_ANYWHERE, **_BY_SECTION.get(section, {})}
    if place[-1:] == ("workload",):
        table = _WORKLOAD
    if place[-1:] == ("watermark",):
        table = WATERMARK_WORDS
    fields = field_names(owner)
    spelled = _CAPITAL.sub(r"_\1", word).lower().replace("-", "_").replace(".", "_")
    if spelled != word and spelled in fields:
        return _renaming(word, place, {spelled: value}, "")
    other = in_our_unit(spelled, value, owner)
    if other is not None and not _is_below_zero(value):  # which has a meaning of its own, such as for ever
        return told_in_our_unit(word, place, other)
    known = table.get(word) or table.get(spelled, ())
    if not known:
        known, value = _in_unit_of_a_word(spelled, value, table)
    for meaning in known if isinstance(known, tuple) else (known,):
        ours = meaning.ours(value, beside)
        if all(path.partition(".")[0] in fields for path in (*ours, *meaning.needs)):
            return _renaming(word, place, ours, meaning.note)
    if section == "alarms" and not known and isinstance(value, Mapping) and len(place) == 1:
        return _alarm_by_name(word, value)
    return None


def _is_below_zero(value: Any) -> bool:
    return _is_number(value) and value < 0


def _in_unit_of_a_word(word: str, value: Any, table: Words) -> tuple[Word | tuple[Word, ...], Any]:
    """What a known word in another unit means, and what it says in the unit of that: `volume_size_tb` by `volume_size_gb`."""
    for other, known in table.items():
        amount = amount_as(word, value, other)
        if amount is not None:
            return known, amount
    return (), value


def told_in_our_unit(word: str, place: SpecPath, other: OtherUnit) -> Finding:
    """The finding of an unknown field that is one of ours in another unit.

    Args:
        word: What was written.
        place: The part that it stands in.
        other: Our field, and what it says.
    """
    edits = (Edit((*place, word)), Edit((*place, other.field), other.value, invented=not other.is_exact))
    return Finding("LNG201", f"unknown field `{word}`", (*place, word), help=other.help, edits=edits)


_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
"""Where a word begins in the spelling of CloudFormation and of serverless files."""


def _in_our_unit(path: str, value: Any) -> Any:
    """`timeout: 5m` is 300 in our `timeout_seconds`."""
    amount = amount_in_unit_of(path.rpartition(".")[2], value) if isinstance(value, str) else None
    return value if amount is None else amount


def _renaming(word: str, place: SpecPath, ours: Mapping[str, Any], note: str) -> Finding:
    ours = {path: _in_our_unit(path, inner) for path, inner in ours.items()}
    edits = [Edit((*place, word))]
    edits += [Edit((*place, *path.split(".")), inner) for path, inner in ours.items()]
    pieces = ", ".join(f"`{piece}`" for piece in _written(ours))
    return Finding(
        "LNG201",
        f"unknown field `{word}`",
        (*place, word),
        note=note,
        help=f"write {pieces}" if pieces else "take it out",
        edits=tuple(edits),
    )


def _written(fields: Mapping[str, Any]) -> Iterator[str]:
    """Fields as they are written: those with a dotted path together in the mapping that holds them."""
    nested: dict[str, dict[str, Any]] = {}
    for path, value in fields.items():
        first, _, rest = path.partition(".")
        if rest:
            nested.setdefault(first, {})[rest] = value
        else:
            yield f"{first}: {in_yaml(value)}"
    for first, inner in nested.items():
        yield f"{first}: {{{', '.join(_written(inner))}}}"


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
    seconds = first_of(value, "threshold_seconds", "seconds")
    threshold = _times(1000)(seconds) if isinstance(seconds, int | float) else first_of(value, "threshold")
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


TOP = "the top of a file"


def words_of_ours(word: str) -> list[tuple[str, tuple[str, ...], str]]:
    """What a word from elsewhere is called here: where it is known (empty: anywhere), our fields there, and why.

    Args:
        word: The word, such as `dlq`.
    """
    sections = [(section or TOP, table) for section, table in _BY_SECTION.items()]
    found = [
        (place, table.get(word, ()))
        for place, table in [("", _ANYWHERE), *sections, ("workload", _WORKLOAD), ("watermark", WATERMARK_WORDS)]
    ]
    meanings = [
        (place, meaning) for place, known in found for meaning in (known if isinstance(known, tuple) else (known,))
    ]
    return [(place, tuple(meaning.ours(None, {})), meaning.note) for place, meaning in meanings]


def all_words() -> set[str]:
    """Every word from elsewhere that is known."""
    return {word for table in (_ANYWHERE, *_BY_SECTION.values(), _WORKLOAD, WATERMARK_WORDS) for word in table}
