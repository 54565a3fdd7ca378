"""Hypothesis strategies for specs as plain data: valid ones, and ones that were broken on purpose."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Spec = dict[str, Any]
Path = tuple[str | int, ...]

CODE_FOLDER = "handler"
"""The folder that consumers with code name; the caller creates it, with an `index.py`."""

ACCOUNT = "123456789012"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
FIELD_TYPES = (
    "string",
    "bigint",
    "double",
    "decimal(10,2)",
    "timestamp",
    "boolean",
    "array<string>",
    "map<string,int>",
    "struct<street:string,zip:int>",
)
SHARD_METRICS = ("IncomingBytes", "IncomingRecords", "OutgoingBytes", "IteratorAgeMilliseconds")

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
names = st.sampled_from(["on", "no", "yes", "null", "y"]) | st.builds(
    str.__add__, st.sampled_from(_LETTERS), st.text(f"{_LETTERS}0123456789_-", max_size=11)
)
"""Names of nodes, also those that older YAML takes for something else."""
# PyYAML writes 0E0 without quotes, and to the language that is a number.
_words = st.text(f"{_LETTERS.upper()}{_LETTERS}0123456789 _.:/=+-@", max_size=20).filter(
    lambda text: not re.match(r"[-+.]?[0-9]", text)
)
_reasons = st.text(_LETTERS, min_size=10, max_size=20)


def _hundredths(least: int, most: int) -> st.SearchStrategy[float]:
    return st.integers(least, most).map(lambda number: number / 100)


workloads = st.builds(
    dict.__or__,
    st.fixed_dictionaries(
        {"records_per_second": _hundredths(1, 5_000_000)}, optional={"peak_factor": _hundredths(100, 1000)}
    ),
    st.fixed_dictionaries({"record_kb": _hundredths(1, 1600)})
    | st.fixed_dictionaries({"record_bytes": st.integers(1, 16_384)}),
)
_derived = st.fixed_dictionaries({}, optional={"mode": st.just("provisioned"), "headroom": _hundredths(100, 300)})
_shards = st.fixed_dictionaries({"shards": st.integers(1, 500)}, optional={"mode": st.just("provisioned")})
_on_demand = st.fixed_dictionaries(
    {"mode": st.just("on_demand")}, optional={"warm_throughput_mb_per_second": st.integers(1, 10_240)}
)
_retention: st.SearchStrategy[Spec] = (
    st.just({})
    | st.fixed_dictionaries({"retention_hours": st.integers(24, 8760)})
    | st.fixed_dictionaries({"retention_days": st.integers(1, 365)})
)
_created_key = st.just({"kind": "customer_managed"}) | st.just("customer_managed")
_existing_key = st.just({"kms_key_arn": KEY_ARN}) | st.just({"kind": "customer_managed", "kms_key_arn": KEY_ARN})
_aws_key = st.just("aws_managed") | st.just({"kind": "aws_managed"})


@st.composite
def streams(draw: st.DrawFn, schemas: list[str]) -> Spec:
    """A stream: created provisioned or on demand, or an existing one by its ARN."""
    kind = draw(st.sampled_from(["derived", "provisioned", "on_demand", "existing"]))
    stream: Spec = {"kind": "kinesis"}
    if kind == "derived" or draw(st.booleans()):
        stream["workload"] = draw(workloads)
    if kind == "derived":
        stream |= draw(_derived)
    elif kind == "existing":
        name = draw(st.text(f"{_LETTERS}-", min_size=1, max_size=20))
        stream["arn"] = f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/{name}"
        stream |= draw(st.just({}) | _shards | _on_demand)
        stream |= draw(st.fixed_dictionaries({}, optional={"encryption": _existing_key}))
    else:
        stream |= draw(_shards if kind == "provisioned" else _on_demand)
    if kind != "existing":
        created = {
            "encryption": _aws_key | _created_key | _existing_key,
            "max_record_kb": st.integers(1024, 10_240),
            "shard_level_metrics": st.lists(st.sampled_from(SHARD_METRICS), unique=True),
            "removal_policy": st.sampled_from(["retain", "destroy"]),
        }
        if kind == "on_demand":
            created["record_distribution"] = st.sampled_from(["partition_key", "auto"])
        stream |= draw(st.fixed_dictionaries({}, optional=created))
    if schemas and draw(st.booleans()):
        stream["schema"] = draw(st.sampled_from(schemas))
    stream |= draw(st.fixed_dictionaries({}, optional={"partition_key": st.sampled_from(["page", "user_id"])}))
    return stream | draw(_retention)


def _kept(kind: str, field: str, arn: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.just(kind)
        | st.fixed_dictionaries({"kind": st.just(kind)}, optional=more)
        | st.fixed_dictionaries(
            {"kind": st.just(kind), field: st.just(arn)}, optional={"kms_key_arn": st.just(KEY_ARN)}
        )
    )


destination = (
    st.sampled_from(["arn:aws:s3:::failed-batches", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:failed"])
    | _kept("s3", "bucket", "arn:aws:s3:::failed-batches", expire_after_days=st.integers(1, 3650))
    | _kept("sqs", "queue_arn", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:failed")
    | _kept("sns", "topic_arn", f"arn:aws:sns:eu-west-1:{ACCOUNT}:failed")
)
_filter = st.dictionaries(
    st.sampled_from(["page", "country"]),
    st.just("home") | st.lists(st.sampled_from(["de", "fr", 7, True]), min_size=1, unique_by=str),
    min_size=1,
)
_filters = st.lists(
    st.sampled_from(
        [
            {"data": {"page": ["home"]}},
            {"data": {"amount": [{"numeric": [">", 10]}], "country": ["DE", "FR"]}},
            {"data": {"$or": [{"page": ["home"]}, {"country": [{"prefix": "D"}]}]}},
            {"partitionKey": [{"prefix": "a"}]},
        ]
    ),
    min_size=1,
    max_size=4,
    unique_by=str,
)
_own_function = {
    "memory_mb": st.integers(128, 10_240),
    "timeout_seconds": st.integers(1, 900),
    "environment": st.dictionaries(st.sampled_from(["STAGE", "LIMIT", "TABLE_NAME"]), _words),
    "log_retention_days": st.sampled_from([1, 30, 365]),
    "layers": st.lists(
        st.sampled_from(["powertools", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:layer:shared:3"]), unique=True
    ),
    "reserved_concurrency": st.integers(1, 1000),
    "runtime": st.sampled_from(["python3.12", "python3.13", "python3.14", "provided.al2023"]),
    "architecture": st.sampled_from(["arm64", "x86_64"]),
    "handler": st.just("index.handler"),
    "vpc": st.just(
        {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]}
    )
    | st.just({"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}),
    "permissions": st.just(
        [{"actions": ["dynamodb:PutItem"], "resources": [f"arn:aws:dynamodb:*:{ACCOUNT}:table/scores"]}]
    ),
}


def _functions(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Spec]:
    """What a function that is created may say; the word powertools is for Python alone."""
    return st.fixed_dictionaries({}, optional={**_own_function, **more}).map(
        lambda function: (
            function
            | {
                "layers": [
                    layer
                    for layer in function.get("layers", ())
                    if layer != "powertools" or function.get("runtime", "python").startswith("python")
                ]
            }
        )
    )


def given_up_at(on_failure: Any) -> int:
    """The age at which a consumer gives a record up, in seconds."""
    return int(on_failure.get("max_record_age_seconds", 3600)) if isinstance(on_failure, dict) else 3600


@st.composite
def consumers(draw: st.DrawFn, sources: dict[str, Spec], code: str, name: str) -> Spec:
    """A consumer of one of the streams, with a function of its own or an existing one."""
    source = draw(st.sampled_from(sorted(sources)))
    given = sources[source]
    retention = given.get("retention_hours", given.get("retention_days", 1) * 24) * 3600
    consumer: Spec = {
        "kind": "lambda",
        "from": source,
        "on_failure": draw(
            st.sampled_from(["s3", "sqs", "sns"])
            | st.fixed_dictionaries(
                {"destination": destination},
                optional={
                    "retries": st.integers(0, 10_000),
                    "max_record_age_seconds": st.integers(60, min(604_800, retention - 1)),
                    "bisect": st.booleans(),
                },
            )
        ),
    }
    if draw(st.booleans()):
        consumer |= {"code": code} | draw(_functions())
    else:
        alias = draw(st.sampled_from(["", ":live"]))
        # A function reads a stream once.
        consumer["function_arn"] = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}{alias}"
    reading = {
        "enhanced_fan_out": st.booleans(),
        "max_lag_seconds": st.integers(1, 100_000),
        "batch_size": st.integers(1, 10_000),
        "batch_window_seconds": st.integers(0, 300),
        "parallelization_factor": st.integers(1, 10),
        "tumbling_window_seconds": st.integers(1, 900),
        "partial_batch_responses": st.booleans(),
        "starting_position": st.sampled_from(["trim_horizon", "latest", {"at_timestamp": "2026-01-15T00:00:00Z"}]),
    }
    consumer |= draw(st.fixed_dictionaries({}, optional=reading))
    # State is of a whole shard, and no batch waits until its records are given up.
    if "tumbling_window_seconds" in consumer:
        consumer.pop("parallelization_factor", None)
    if "batch_window_seconds" in consumer:
        age = given_up_at(consumer["on_failure"])
        consumer["batch_window_seconds"] = min(consumer["batch_window_seconds"], age - 1)
    filtered = st.fixed_dictionaries({"filter": _filter}) | st.fixed_dictionaries({"filters": _filters})
    consumer |= draw(st.just({}) | filtered)
    if consumer.keys() & {"filter", "filters"} and draw(st.booleans()):
        consumer["filter_kms_key_arn"] = KEY_ARN
    return consumer


_secret = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:shop/token-AbCdEf"
_folders = st.sampled_from(["raw", "raw/clicks/", "a/b/c"])
_bucket = {
    "encryption": st.sampled_from(["s3_managed", "customer_managed"]) | _existing_key,
    "expire_after_days": st.integers(100, 3650),
    "transitions": st.just([{"after_days": 30, "storage_class": "standard_ia"}])
    | st.just(
        [{"after_days": 0, "storage_class": "intelligent_tiering"}, {"after_days": 90, "storage_class": "glacier"}]
    ),
}


def _buckets(name: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Spec]:
    """A bucket that is created, or an existing one; each delivery has its own."""
    existing = {"bucket": st.just(f"arn:aws:s3:::{name.replace('_', '-')}-records")}
    return st.fixed_dictionaries({}, optional={**_bucket, **more}) | st.fixed_dictionaries(
        existing, optional={"kms_key_arn": st.just(KEY_ARN), **more}
    )


def _backups(name: str) -> st.SearchStrategy[Spec]:
    records = st.sampled_from(["failed", "all"])
    return records | _buckets(f"{name}-backup", records=records, prefix=_folders)


_GRANULARITIES = ("month", "day", "hour")
_formats: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "json": {
        "compression": st.sampled_from(["gzip", "none", "zip", "snappy", "hadoop_snappy"]),
        "newline": st.booleans(),
    },
    "parquet": {
        "compression": st.sampled_from(["snappy", "gzip", "none"]),
        "block_mb": st.integers(64, 1024),
        "writer_version": st.sampled_from(["v1", "v2"]),
    },
    "orc": {"compression": st.sampled_from(["snappy", "zlib", "none"]), "stripe_mb": st.integers(8, 1024)},
}
_ONE_ROW = ("opensearch", "opensearch_serverless", "snowflake", "iceberg")


def _decided_by(partition: str) -> str:
    """The field that a partition comes from; a bare length of time is that of the arrival."""
    return partition.partition("(")[2].rstrip(")") or ("arrival" if partition in _GRANULARITIES else partition)


def is_of_record(partition: Any) -> bool:
    """Whether a partition comes from the record, for which Firehose needs dynamic partitioning."""
    return _decided_by(partition["by"] if isinstance(partition, dict) else partition) != "arrival"


@st.composite
def _archives(draw: st.DrawFn, name: str, schema: Spec | None) -> Spec:
    """An archive in S3, divided by what its records have."""
    granularities = _GRANULARITIES
    fields = {key: one if isinstance(one, dict) else {"type": one} for key, one in (schema or {}).items()}
    patterned = any(one.get("timestamp_format") == "dd/MM/yyyy" for one in fields.values())
    keyed = any("json_key" in one for one in fields.values())
    # The SerDe that reads a pattern of times knows no other names of keys.
    kind = draw(st.sampled_from(["json", "parquet", "orc"] if fields and not (patterned and keyed) else ["json"]))
    by = [*granularities, *(f"{granularity}(arrival)" for granularity in granularities)]
    for field, one in fields.items():
        if one["type"] == "timestamp" and one.get("timestamp_format") != "dd/MM/yyyy":
            by += [f"{granularity}({field})" for granularity in granularities]
        elif one["type"] in {"string", "bigint", "boolean"}:
            by += [field]
    partitions: list[Any] = draw(st.lists(st.sampled_from(by), min_size=1, max_size=3, unique_by=_decided_by))
    values = st.lists(st.sampled_from(["de", "fr", "it", "7"]), min_size=1, unique=True)
    partitions = [
        {"by": one, "values": draw(values)} if one in fields and draw(st.booleans()) else one for one in partitions
    ]
    dynamic = any(is_of_record(one) for one in partitions)
    least = 64 if dynamic or kind != "json" else 1
    optional: dict[str, st.SearchStrategy[Any]] = {
        **_formats[kind],
        "buffer_mb": st.integers(least, 128),
        "buffer_seconds": st.integers(60 if dynamic else 0, 900),
        "prefix": _folders,
        "error_prefix": st.sampled_from(["bad", "bad/records"]),
        "partitions_since": st.sampled_from(["2024-02-29", "2026-01-01"]),
        "time_zone": st.sampled_from(["UTC", "Europe/Berlin"]),
        "database": st.just("existing"),
    }
    if dynamic:
        optional["retry_seconds"] = st.integers(0, 7200)
    if kind == "orc":
        optional["bloom_filter_columns"] = st.lists(st.sampled_from(sorted(fields)), unique=True)
    archive = (
        {"kind": "s3", "partition_by": partitions}
        | draw(_buckets(name))
        | draw(st.fixed_dictionaries({}, optional=optional))
    )
    if kind == "json":
        archive |= draw(st.sampled_from([{}, {"format": "json"}]))
    else:
        archive["format"] = kind
        if draw(st.booleans()):
            archive["source_backup"] = draw(_buckets(f"{name}-backup", prefix=st.just("source")))
    return archive


def _redshift_database(
    fields: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Spec]:
    """A destination in Redshift, whose database is named in one of three ways."""
    return st.builds(
        dict.__or__,
        st.fixed_dictionaries(fields, optional=optional),
        st.sampled_from(
            [
                {"jdbc_url": "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop"},
                {"cluster": "shop.abc123.eu-west-1.redshift.amazonaws.com", "database": "shop"},
                {"workgroup": "analytics", "database": "shop"},
            ]
        ),
    )


def _others(name: str, stores: list[str]) -> st.SearchStrategy[Spec]:
    """Destinations other than S3."""
    seconds, retry = st.integers(0, 900), st.integers(0, 7200)
    backup = {"backup": _backups(name), "retry_seconds": retry}
    domain = st.fixed_dictionaries(
        {"domain_arn": st.just(f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/search")},
        optional={"index_rotation": st.just("none")},
    )
    if stores:
        domain |= st.fixed_dictionaries({"domain": st.sampled_from(stores), "index": st.just(name.lower())})
    index = {
        "index_rotation": st.sampled_from(["hourly", "daily", "weekly", "monthly"]),
        "document_id": st.sampled_from(["firehose", "none"]),
        "buffer_mb": st.integers(1, 100),
        "buffer_seconds": seconds,
    }
    kinds: list[st.SearchStrategy[Spec]] = [
        st.builds(
            lambda one, more: more | one,
            domain,
            st.fixed_dictionaries({"kind": st.just("opensearch")}, optional={**index, **backup}),
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("opensearch_serverless"),
                "collection_arn": st.just(f"arn:aws:aoss:eu-west-1:{ACCOUNT}:collection/abc123"),
                "collection_endpoint": st.just("https://abc123.eu-west-1.aoss.amazonaws.com"),
            },
            optional={"buffer_mb": st.integers(1, 100), "buffer_seconds": seconds, **backup},
        ),
        _redshift_database(
            {
                "kind": st.just("redshift"),
                "secret_arn": st.just(_secret),
                "table": st.just("clicks"),
            },
            optional={
                "secret_kms_key_arn": st.just(KEY_ARN),
                "columns": st.just(["page", "country"]),
                "copy_options": st.just("json 'auto ignorecase' gzip"),
                "buffer_mb": st.integers(1, 128),
                "buffer_seconds": seconds,
                "retry_seconds": retry,
                "staging": _buckets(f"{name}-backup", prefix=_folders),
            },
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("splunk"),
                "endpoint": st.just("https://splunk.example.com:8088"),
                "secret_arn": st.just(_secret),
            },
            optional={
                "secret_kms_key_arn": st.just(KEY_ARN),
                "endpoint_type": st.sampled_from(["raw", "event"]),
                "ack_timeout_seconds": st.integers(180, 600),
                "buffer_mb": st.integers(1, 5),
                "buffer_seconds": st.integers(0, 60),
                **backup,
            },
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("http"),
                "endpoint": st.sampled_from(["https://example.com/firehose", "https://example.com:443"]),
            },
            optional={
                "secret_arn": st.just(_secret),
                "compression": st.sampled_from(["gzip", "none"]),
                "attributes": st.just({"team": "shop"}),
                "buffer_mb": st.integers(1, 64),
                "buffer_seconds": seconds,
                **backup,
            },
        ),
        st.builds(
            dict.__or__,
            st.fixed_dictionaries(
                {
                    "kind": st.just("snowflake"),
                    "account_url": st.just("https://abc.snowflakecomputing.com"),
                    "secret_arn": st.just(_secret),
                    "database": st.just("shop"),
                    "schema": st.just("public"),
                    "table": st.just("clicks"),
                },
                optional={
                    "secret_kms_key_arn": st.just(KEY_ARN),
                    "role": st.just("loader"),
                    "private_link_service": st.just("com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"),
                    "buffer_mb": st.integers(1, 128),
                    "buffer_seconds": seconds,
                    **backup,
                },
            ),
            st.sampled_from([{}, {"load_as": "variant", "content_column": "record"}]),
        ),
        st.builds(
            dict.__or__,
            st.fixed_dictionaries(
                {
                    "kind": st.just("iceberg"),
                    "table_bucket": st.sampled_from(["company-tables", "arn:aws:s3:::company-tables"]),
                },
                optional={
                    "catalog_arn": st.just(f"arn:aws:glue:eu-west-1:{ACCOUNT}:catalog"),
                    "table_bucket_kms_key_arn": st.just(KEY_ARN),
                    "buffer_mb": st.integers(1, 128),
                    "buffer_seconds": seconds,
                    "retry_seconds": retry,
                    "backup": _buckets(f"{name}-backup", prefix=_folders),
                },
            ),
            st.sampled_from(
                [
                    {"database": "shop", "table": "clicks"},
                    {"database": "shop", "table": "clicks", "append_only": True},
                    {"database": "shop", "table": "users", "unique_keys": ["id"]},
                    {"tables": [{"database": "shop", "table": "users", "unique_keys": ["id"]}], "append_only": False},
                ]
            ),
        ),
    ]
    return st.one_of(*kinds)


def _keyed_by(to: Spec, field: str) -> Spec:
    """Iceberg tables whose rows are found by a field that records have."""
    keyed = {**to, "unique_keys": [field]} if "unique_keys" in to else dict(to)
    if "tables" in to:
        keyed["tables"] = [{**table, "unique_keys": [field]} for table in to["tables"]]
    return keyed


@st.composite
def deliveries(draw: st.DrawFn, name: str, spec: Spec, code: str) -> Spec:
    """A delivery, from a stream or put into directly, to any kind of destination."""
    streams_, schemas = spec["streams"], spec.get("schemas", {})
    delivery: Spec = {}
    schema = None
    if draw(st.booleans()):
        delivery["from"] = draw(st.sampled_from(sorted(streams_)))
        schema = streams_[delivery["from"]].get("schema")
        delivery |= draw(st.fixed_dictionaries({}, optional={"max_lag_seconds": st.integers(1, 100_000)}))
    else:
        delivery |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "from": st.just("direct_put"),
                    "workload": st.fixed_dictionaries(
                        {"records_per_second": _hundredths(1, 5_000_000), "record_kb": _hundredths(1, 10_000)}
                    ),
                    "encryption": st.sampled_from(["aws_owned", "customer_managed"]) | _existing_key,
                },
            )
        )
    if schemas and draw(st.booleans()):
        schema = delivery["schema"] = draw(st.sampled_from(sorted(schemas)))
    if draw(st.booleans()):
        function = {"code": code} | draw(_functions(timeout_seconds=st.integers(1, 300)))
        existing = {
            "function_arn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:existing{draw(st.sampled_from(['', ':live']))}"
        }
        delivery["transform"] = draw(st.sampled_from([function, existing])) | draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "buffer_mb": _hundredths(20, 300),
                    "buffer_seconds": st.integers(0, 900),
                    "retries": st.integers(0, 300),
                },
            )
        )
    if draw(st.booleans()):
        delivery["to"] = draw(_archives(name, schemas[schema] if schema else None))
    else:
        domains = sorted(name_ for name_, one in spec.get("stores", {}).items() if one["kind"] == "opensearch")
        delivery["to"] = draw(_others(name, domains))
    if schema and delivery["to"]["kind"] == "iceberg":
        delivery["to"] = _keyed_by(delivery["to"], draw(st.sampled_from(sorted(schemas[schema]))))
    if any(is_of_record(one) for one in delivery["to"].get("partition_by", ())):
        delivery |= draw(st.sampled_from([{}, {"deaggregate": "json"}, {"deaggregate": {"delimiter": "|"}}]))
    # Where a record is one document, or one row, none may hold several events.
    unpacked = delivery["to"]["kind"] not in _ONE_ROW or "transform" in delivery
    optional = {
        "log_retention_days": st.sampled_from([1, 30, 365]),
        "decompress_cloudwatch_logs": st.booleans() if unpacked else st.just(False),
    }
    delivery |= draw(st.fixed_dictionaries({}, optional=optional))
    if delivery.get("decompress_cloudwatch_logs"):
        delivery["extract_log_messages"] = draw(st.booleans())
    return delivery


_subnets = [f"subnet-0123456789abcdef{number}" for number in range(2)]
_sizes = st.sampled_from(
    [
        {},
        {"zones": 1, "instances": 2, "replicas": 1, "instance_type": "t3.small.search", "volume_gb": 10},
        {"zones": 2, "instances": 4, "replicas": 0, "volume_gb": 100},
        {"zones": 2, "vpc": {"subnet_ids": _subnets, "security_group_ids": ["sg-0123456789abcdef0"]}},
    ]
)
stores = st.builds(
    dict.__or__,
    _sizes,
    st.fixed_dictionaries(
        {"kind": st.just("opensearch")},
        optional={
            "retention_days": st.integers(1, 400),
            "version": st.sampled_from(["2.19", "3.3"]),
            "dedicated_masters": st.booleans(),
            "admin_role_arn": st.just(f"arn:aws:iam::{ACCOUNT}:role/admin"),
            "encryption": _aws_key | _created_key | _existing_key,
            "removal_policy": st.sampled_from(["retain", "destroy"]),
        },
    ),
)
_keys = st.sampled_from(["user_id", {"name": "user_id"}, {"name": "at", "type": "number"}])
_capacity = st.integers(1, 100) | st.sampled_from([{"minimum": 5, "maximum": 100}, {"minimum": 1, "maximum": 1}])
_with_capacity = st.fixed_dictionaries(
    {"billing": st.just("provisioned"), "read_capacity": _capacity, "write_capacity": _capacity}
)
_billed_by_request = st.fixed_dictionaries(
    {}, optional={"billing": st.just("on_demand"), "warm_write_units": st.integers(4000, 40_000)}
)
tables = st.builds(
    dict.__or__,
    _billed_by_request | _with_capacity,
    st.fixed_dictionaries(
        {"kind": st.just("dynamodb"), "partition_key": _keys},
        optional={
            "sort_key": st.sampled_from(["page", {"name": "seen", "type": "binary"}]),
            "ttl": st.just("expires_at"),
            "table_class": st.sampled_from(["standard", "standard_infrequent_access"]),
            "point_in_time_recovery": st.booleans(),
            "deletion_protection": st.just(value=False),
            "stream": st.sampled_from(["keys_only", "new_and_old_images"]),
            "encryption": _aws_key | _created_key | _existing_key | st.just("aws_owned"),
            "removal_policy": st.sampled_from(["retain", "destroy"]),
        },
    ),
) | st.fixed_dictionaries(
    {
        "kind": st.just("dynamodb"),
        "arn": st.just(f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/scores"),
        "partition_key": _keys,
    },
    optional={"encryption": _existing_key},
)
_people = st.just("oncall@example.com") | st.just({"email": "oncall@example.com"})
topics = st.fixed_dictionaries(
    {"kind": st.just("sns")}, optional={"subscribers": st.lists(_people, min_size=1, max_size=1)}
) | st.fixed_dictionaries(
    {"kind": st.just("sns"), "topic_arn": st.just(f"arn:aws:sns:eu-west-1:{ACCOUNT}:told")},
    optional={"kms_key_arn": st.just(KEY_ARN)},
)


def producers(target: str, *, to_stream: bool) -> st.SearchStrategy[Spec]:
    """An API, a subscription of CloudWatch Logs, or agents on hosts; only a stream has shards to spread over."""
    writes = st.just(target) | st.just([target])
    accepted = st.fixed_dictionaries(
        {"account_ids": st.just(["111122223333"])}, optional={"organization_ids": st.just(["o-exampleorg1"])}
    )
    subscription = {"filter_pattern": st.sampled_from(["", "?ERROR ?WARN"])}
    spread: dict[str, st.SearchStrategy[Any]] = {}
    if to_stream:
        subscription["distribution"] = st.sampled_from(["random", "by_log_stream"])
        spread["partition_key"] = st.sampled_from(["random", "deterministic"])
    logs = {"kind": st.just("cloudwatch_logs"), "to": writes}
    paths = st.sampled_from(["/var/log/app.log", "/var/log/app/*.json"])
    file = paths | st.fixed_dictionaries(
        {"path": paths},
        optional={
            **spread,
            "initial_position": st.sampled_from(["start_of_file", "end_of_file"]),
            "multi_line_start": st.just("^[0-9]{4}"),
            "processing": st.sampled_from(
                [
                    [{"option": "log_to_json", "log_format": "common_apache_log"}],
                    [{"option": "single_line"}, {"option": "csv_to_json", "field_names": ["a"], "delimiter": ";"}],
                    [{"option": "log_to_json", "match_pattern": "^(.*)$", "field_names": ["line"]}],
                ]
            ),
        },
    )
    return st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("api_gateway"), "to": writes, "path": st.sampled_from(["/requests", "/v2/pages"])},
            optional={
                "method": st.sampled_from(["POST", "PUT"]),
                "auth": st.sampled_from(["iam", "api_key", "none"]),
                "throttle": st.fixed_dictionaries(
                    {"rate": st.integers(1, 9000)}, optional={"burst": st.integers(1, 5000)}
                ),
                "access_logs": st.booleans(),
            },
        ),
        st.fixed_dictionaries(
            {
                **logs,
                "log_groups": st.lists(
                    st.sampled_from(["/aws/lambda/shop", "app", "a.b/c#d"]), min_size=1, unique=True
                ),
            },
            optional={**subscription, "accept_from": accepted},
        ),
        st.fixed_dictionaries({**logs, "accept_from": accepted}),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["kinesis_agent", "fluent_bit"]),
                "to": writes,
                "files": st.lists(
                    file,
                    min_size=1,
                    max_size=2,
                    unique_by=lambda file: file["path"] if isinstance(file, dict) else file,
                ),
            },
            optional={
                "runs_on": st.sampled_from(["ec2", "ecs_tasks", "elsewhere"]),
                "buffer_seconds": st.integers(1, 900),
                "emit_metrics": st.booleans(),
            },
        ),
    )


@st.composite
def alarms(draw: st.DrawFn, spec: Spec) -> Spec | bool:
    """No alarms; or alarms with targets, and with changes to alarms that the spec has."""
    if draw(st.integers(0, 9)) == 0:
        return False
    targets = st.sampled_from(
        [
            "oncall@example.com",
            {"email": "boss@example.com"},
            f"arn:aws:sns:eu-west-1:{ACCOUNT}:oncall",
            {"topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:other"},
            *spec.get("sns_topics", {}),
            *({"sns_topic": name} for name in spec.get("sns_topics", {})),
        ]
    )
    # A topic's name and `{sns_topic: NAME}` are the same target.
    told = st.lists(
        targets, max_size=2, unique_by=lambda one: one.get("sns_topic", str(one)) if isinstance(one, dict) else one
    )
    known = ["write_throttling", *(f"{name}.write_throttling" for name in spec["streams"])]
    known += ["errors"] if spec.get("consumers") else []
    known += [f"{name}.{kind}" for name in spec.get("consumers", {}) for kind in ("errors", "failed_batches")]
    changed = draw(st.lists(st.sampled_from(known), unique=True, max_size=4))
    silenced = {name: draw(_reasons) for name in changed[::2]}
    threshold, minutes = {"threshold": st.integers(0, 100)}, {"minutes": st.integers(1, 1440)}
    notified = {"notify": st.lists(targets, min_size=1, max_size=1)}
    numbers = (
        st.fixed_dictionaries(threshold, optional=minutes)
        | st.fixed_dictionaries(minutes, optional=notified)
        | st.fixed_dictionaries(notified)
    )
    overrides = {name: draw(numbers) for name in changed if name not in silenced}
    parts: Spec = {"notify": draw(told)}
    parts |= {"silence": silenced} if silenced else {}
    parts |= {"override": overrides} if overrides else {}
    return parts | draw(st.fixed_dictionaries({}, optional={"max_lag_seconds": st.integers(1, 100_000)}))


def record_field(name: str) -> st.SearchStrategy[Any]:
    """A field of a schema: its type alone, or a mapping with more about it."""
    more = {"json_key": st.just(f"the-{name}"), "description": _reasons}
    types = st.sampled_from(FIELD_TYPES)
    mapping = st.fixed_dictionaries({"type": types}, optional=more)
    at = {"type": st.just("timestamp"), "timestamp_format": st.sampled_from(["iso8601", "epoch_millis", "dd/MM/yyyy"])}
    return types | mapping | st.fixed_dictionaries(at)


_SECTIONS = (
    *("deliveries", "consumers", "producers", "deliveries", "stores", "sns_topics", "consumers", "deliveries"),
    *("analytics", "apis", "stores", "analytics"),
)


def _tables_of(spec: Spec) -> list[str]:
    return [name for name, one in spec.get("stores", {}).items() if one["kind"] == "dynamodb"]


@st.composite
def applications(draw: st.DrawFn, spec: Spec) -> Spec:
    """An application of Flink: code in a bucket, or SQL over a stream with a schema, or over none."""
    common = {
        "runtime": st.sampled_from(["FLINK-2_3", "FLINK-2_2", "FLINK-1_20"]),
        "parallelism": st.integers(1, 128),
        "parallelism_per_kpu": st.integers(1, 8),
        "autoscaling": st.booleans(),
        "checkpointing": st.sampled_from([False, {"interval_seconds": 30}, {"interval_seconds": 7200}]),
        "snapshots": st.booleans(),
        "rollback": st.booleans(),
        "start": st.booleans(),
        "restore": st.sampled_from(["nothing", "before-v2", {"allow_non_restored_state": True}]),
        "max_lag_seconds": st.integers(1, 100_000),
        "encryption": _created_key | _existing_key | st.just("aws_owned"),
        "log_level": st.sampled_from(["error", "debug"]),
        "metrics_level": st.sampled_from(["task", "operator"]),
        "log_retention_days": st.sampled_from([7, 30]),
    }
    source = draw(st.sampled_from(sorted(spec["streams"])))
    # Records go on in the order of names, so never in a circle.
    written = [*_tables_of(spec), *direct_puts(spec), *(name for name in spec["streams"] if name > source)]
    if draw(st.booleans()):
        edges = {"from": source} | ({"to": draw(st.sampled_from(written))} if written and draw(st.booleans()) else {})
        code = {"bucket": "my-code", "key": draw(st.sampled_from(["v1/app.jar", "app.zip"]))}
        properties = st.just({source: {"limit": "10"}, "rules": {"limit": "10"}})
        optional = {**common, "properties": properties, "object_version": st.just("abc")}
        return {"kind": "flink_app", **edges, **code, **draw(st.fixed_dictionaries({}, optional=optional))}
    counted = (
        "CREATE TABLE counted (n BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO counted SELECT COUNT(*) FROM"
    )
    if "schema" in spec["streams"][source]:
        said = {"kind": "flink_sql", "from": source, "sql": f"{counted} `{source}`"}
    else:
        said = {
            "kind": "flink_sql",
            "sql": f"CREATE TABLE made (n INT) WITH ('connector' = 'datagen');\n{counted} made",
        }
    optional = {
        **common,
        "config": st.just({"table.exec.state.ttl": "1 d"}),
        **({"starting_position": st.sampled_from(["latest", "trim_horizon"])} if "from" in said else {}),
    }
    return said | draw(st.fixed_dictionaries({}, optional=optional))


def apis(tables: list[str], code: str) -> st.SearchStrategy[Spec]:
    """An API: a function that answers from tables, if there are any."""
    reads = {"from": st.lists(st.sampled_from(tables), min_size=1, unique=True)} if tables else {}
    throttle = st.fixed_dictionaries({"rate": st.integers(1, 9000)}, optional={"burst": st.integers(1, 5000)})
    optional = {
        **reads,
        "auth": st.sampled_from(["iam", "basic"]),
        "throttle": throttle,
        "timeout_seconds": st.integers(1, 29),
        "memory_mb": st.integers(128, 10_240),
        "log_retention_days": st.sampled_from([7, 30]),
    }
    return st.fixed_dictionaries({"kind": st.just("lambda"), "code": st.just(code)}, optional=optional)


def direct_puts(spec: Spec) -> list[str]:
    """The deliveries that records are put into directly."""
    return [name for name, one in spec.get("deliveries", {}).items() if one.get("from", "direct_put") == "direct_put"]


def _take_filters_from(spec: Spec, subscriptions: list[Spec]) -> None:
    """Takes filters out of the consumers of what subscriptions write to: what is gzipped matches none."""
    packed = [name for one in subscriptions for name in ([one["to"]] if isinstance(one["to"], str) else one["to"])]
    for consumer in spec.get("consumers", {}).values():
        for field in ("filter", "filters", "filter_kms_key_arn"):
            if consumer["from"] in packed:
                consumer.pop(field, None)


def _give_keys_that_requests_have(spec: Spec) -> None:
    """Takes keys from streams behind an API that no request can have: it knows the fields of the schema, and keys are text."""
    for producer in spec.get("producers", {}).values():
        (target,) = [producer["to"]] if isinstance(producer["to"], str) else producer["to"]
        stream = spec["streams"].get(target, {}) if producer["kind"] == "api_gateway" else {}
        if "schema" in stream and "partition_key" in stream:
            field = spec["schemas"][stream["schema"]].get(stream["partition_key"])
            if not isinstance(field, str) or field not in {"string", "int", "bigint"}:
                del stream["partition_key"]


@st.composite
def valid_specs(draw: st.DrawFn, code: str = CODE_FOLDER) -> Spec:
    """Systems without errors, as they stand in a YAML file; planning may still warn.

    Args:
        code: The folder that consumers with code name.
    """
    # Two names that differ by a dash would be one table of the catalog.
    nodes = draw(st.lists(names, unique_by=lambda name: name.replace("-", "_"), min_size=3, max_size=9))
    split = draw(st.integers(1, 2))
    spec: Spec = {"name": draw(names)}
    fields = st.fixed_dictionaries(
        {}, optional={name: record_field(name) for name in ("page", "country", "amount", "at")}
    ).filter(bool)
    schemas = draw(st.dictionaries(names, fields, max_size=2))
    spec |= {"schemas": schemas} if schemas else {}
    spec["streams"] = {name: draw(streams(sorted(schemas))) for name in nodes[:split]}
    sections = dict(zip(nodes[split:], draw(st.permutations(_SECTIONS)), strict=False))
    of = {section: [name for name in sections if sections[name] == section] for section in sections.values()}
    parts: dict[str, Callable[[str], st.SearchStrategy[Spec]]] = {
        "stores": lambda _: stores | tables,
        "sns_topics": lambda _: topics,
        "deliveries": lambda name: deliveries(name, spec, code),
        "consumers": lambda name: consumers(spec["streams"], code, name),
        "analytics": lambda _: applications(spec),
        "apis": lambda _: apis(_tables_of(spec), code),
        "producers": lambda _: st.sampled_from([*spec["streams"], *direct_puts(spec)]).flatmap(
            lambda target: producers(target, to_stream=target in spec["streams"])
        ),
    }
    for section, part in parts.items():
        if section in of:
            spec[section] = {name: draw(part(name)) for name in of[section]}
    for consumer in spec.get("consumers", {}).values():
        # Records go on in the order of names, so never in a circle.
        further = [name for name in spec["streams"] if name > consumer["from"]]
        written = [*spec.get("sns_topics", {}), *_tables_of(spec), *direct_puts(spec), *further]
        if "code" in consumer and written and draw(st.booleans()):
            names_ = st.sampled_from(written)
            consumer["to"] = draw(names_ | st.lists(names_, min_size=1, unique=True))
        if spec.get("sns_topics") and draw(st.integers(0, 3)) == 0:
            kept = draw(st.sampled_from(sorted(spec["sns_topics"])))
            consumer["on_failure"] = draw(st.sampled_from([kept, {"destination": kept}]))
    subscriptions = [one for one in spec.get("producers", {}).values() if one["kind"] == "cloudwatch_logs"]
    if subscriptions and "log_groups" not in subscriptions[0]:
        subscriptions[0]["account_policy"] = draw(st.sampled_from([{}, {"exclude_log_groups": ["/loud"]}]))
    _take_filters_from(spec, subscriptions)
    _give_keys_that_requests_have(spec)
    optional = {
        "removal_policy": st.sampled_from(["retain", "destroy"]),
        "account": st.just(ACCOUNT),
        "region": st.just("eu-west-1"),  # that of all ARNs here
        "tags": st.dictionaries(st.sampled_from(["team", "cost:center", "Größe"]), _words.filter(bool), max_size=3),
        "alarms": alarms(spec),
        "dashboard": st.booleans(),
        "athena": st.fixed_dictionaries(
            {}, optional={"scan_limit_mb": st.integers(10, 10_000), "expire_results_after_days": st.integers(1, 90)}
        )
        | st.just({"workgroup": "analysts"}),
    }
    spec |= draw(st.fixed_dictionaries({}, optional=optional))
    spec |= draw(st.fixed_dictionaries({}, optional={"defaults": _defaults}))
    if draw(st.booleans()):
        spec["environments"] = draw(environments(spec))
    return spec


_defaults = st.fixed_dictionaries(
    {},
    optional={
        "consumers": st.fixed_dictionaries(
            {},
            optional={
                "memory_mb": st.integers(128, 10_240),
                "batch_window_seconds": st.integers(0, 59),
                "log_retention_days": st.sampled_from([7, 30]),
                "max_lag_seconds": st.integers(1, 100_000),
            },
        ),
        "streams": st.fixed_dictionaries(
            {}, optional={"encryption": st.just("customer_managed"), "removal_policy": st.just("destroy")}
        ),
        "deliveries": st.just({"log_retention_days": 7}),
        "stores": st.just({"removal_policy": "destroy"}),
    },
)


@st.composite
def environments(draw: st.DrawFn, spec: Spec) -> Spec:
    """Environments of a system, of any names; what one takes out is named by nothing else."""
    stream = draw(st.sampled_from(sorted(spec["streams"])))
    differences: list[Spec | None] = [
        None,
        {},
        {"dashboard": True},
        {"alarms": False},
        {"removal_policy": "destroy", "tags": {"cheap": "yes"}},
        {"account": ACCOUNT, "region": "eu-west-1"},
        {"streams": {stream: {"retention_days": 365}}},
        {"defaults": {"consumers": {"memory_mb": 512}}},
        *({"producers": {name: None}} for name in spec.get("producers", {})),
        {"streams": {"extra-one": {"kind": "kinesis", "shards": 1, "schema": None}}},
    ]
    if "arn" not in spec["streams"][stream]:
        differences.append({"streams": {stream: {"shards": 1}}})
    names_ = st.sampled_from(["dev", "prod", "staging", "eu_west-1"])
    return draw(st.dictionaries(names_, st.sampled_from(differences), min_size=1, max_size=3))


# --- broken ones

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**130), 10**130)
    | st.integers(-2, 2)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "on",
            "no",
            "s3",
            "kinesis",
            "lambda",
            "on_demand",
            "clicks",
            "direct_put",
            "1e999",
            "<<",
            "\u2028",
            "\U0001d54f",
        ]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


def _paths(value: Any, path: Path = ()) -> list[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in children for found in _paths(child, (*path, key)))]


def _parent(spec: Spec, path: Path) -> Any:
    for step in path[:-1]:
        spec = spec[step]  # type: ignore[index]
    return spec


def _replace(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    _parent(spec, path)[path[-1]] = draw(junk)


def _delete(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    del _parent(spec, path)[path[-1]]


def _misspell(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    parent = _parent(spec, path)
    if isinstance(parent, dict):
        key = str(path[-1])
        position = draw(st.integers(0, len(key)))
        parent[key[:position] + draw(st.text("aeX-_. ü", max_size=2)) + key[position + 1 :]] = parent.pop(path[-1])


_WORDS = [
    "kind",
    "from",
    "arn",
    "kms_key_arn",
    "mode",
    "from_",
    "shards",
    "memory",
    "stream",
    "defaults",
    "environments",
]


def _add(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    parent = _parent(spec, path)
    if isinstance(parent, dict):
        parent[draw(st.text(max_size=8) | st.sampled_from(_WORDS))] = draw(junk)
    else:
        parent.append(draw(junk))


def _shift(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    """Moves a number out of its range, or changes a text a little."""
    parent = _parent(spec, path)
    value = parent[path[-1]]
    if isinstance(value, int | float) and not isinstance(value, bool):
        parent[path[-1]] = draw(st.sampled_from([-value, value * 1_000_000, value + 0.5, str(value), 0, float("nan")]))
    elif isinstance(value, str):
        parent[path[-1]] = draw(st.sampled_from([value + "x", value[:-1], value.upper(), [value], {"kind": value}]))


_BREAKS: list[Callable[[st.DrawFn, Spec, Path], None]] = [_replace, _delete, _misspell, _add, _shift]


@st.composite
def broken_specs(draw: st.DrawFn) -> Spec:
    """A valid spec with one to four things done to it that a person, or a program, may do to a file."""
    spec = copy.deepcopy(draw(valid_specs()))
    for _ in range(draw(st.integers(1, 4))):
        paths = _paths(spec)[1:]
        if paths:
            draw(st.sampled_from(_BREAKS))(draw, spec, draw(st.sampled_from(paths)))
    return spec


@st.composite
def damaged_texts(draw: st.DrawFn, text: str) -> str:
    """A text with characters or lines taken out, doubled, or put in."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        column = draw(st.integers(0, len(lines[at])))
        inserted = draw(st.text(max_size=3) | st.sampled_from([*"\t&*!|>%@`{}[]:#-?,'\"\\", "---\n", "<<: *a\n"]))
        line = lines[at]
        lines[at] = draw(
            st.sampled_from(
                ["", line + line, line[:column] + inserted + line[column:], line[:column] + line[column + 1 :]]
            )
        )
    return "".join(lines)
