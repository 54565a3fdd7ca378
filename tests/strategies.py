"""Hypothesis strategies for specs as plain data: valid ones, and ones that were broken on purpose."""

from __future__ import annotations

import copy
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
_words = st.text(f"{_LETTERS.upper()}{_LETTERS}0123456789 _.:/=+-@", max_size=20)
_reasons = st.text(_LETTERS, min_size=10, max_size=20)


def _hundredths(least: int, most: int) -> st.SearchStrategy[float]:
    return st.integers(least, most).map(lambda number: number / 100)


workloads = st.fixed_dictionaries(
    {"records_per_second": _hundredths(1, 5_000_000), "record_kib": _hundredths(1, 1600)},
    optional={"peak_factor": _hundredths(100, 1000)},
)
_provisioned = st.just("provisioned") | st.fixed_dictionaries(
    {"mode": st.just("provisioned")}, optional={"headroom": _hundredths(100, 300)}
)
_shards = st.fixed_dictionaries({"mode": st.just("provisioned"), "shards": st.integers(1, 500)})
_on_demand = st.just("on_demand") | st.fixed_dictionaries(
    {"mode": st.just("on_demand")}, optional={"warm_throughput_mib_per_second": st.integers(1, 10_240)}
)
_created_key = st.just({"kind": "customer_managed"}) | st.just("customer_managed")
_existing_key = st.just({"kind": "customer_managed", "key_arn": KEY_ARN})
_aws_key = st.just("aws_managed") | st.just({"kind": "aws_managed"})


@st.composite
def streams(draw: st.DrawFn, schemas: list[str]) -> Spec:
    """A stream: created provisioned or on demand, or an existing one by its ARN."""
    kind = draw(st.sampled_from(["derived", "provisioned", "on_demand", "existing"]))
    stream: Spec = {"kind": "kinesis"}
    if kind == "derived" or draw(st.booleans()):
        stream["workload"] = draw(workloads)
    if kind == "derived":
        stream |= draw(st.fixed_dictionaries({}, optional={"capacity": _provisioned}))
    elif kind == "existing":
        name = draw(st.text(f"{_LETTERS}-", min_size=1, max_size=20))
        stream["arn"] = f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/{name}"
        stream |= draw(
            st.fixed_dictionaries({}, optional={"capacity": _shards | _on_demand, "encryption": _existing_key})
        )
    else:
        stream["capacity"] = draw(_shards if kind == "provisioned" else _on_demand)
    if kind != "existing":
        created = {
            "encryption": _aws_key | _created_key | _existing_key,
            "max_record_kib": st.integers(1024, 10_240),
            "shard_level_metrics": st.lists(st.sampled_from(SHARD_METRICS), unique=True),
            "removal_policy": st.sampled_from(["retain", "destroy"]),
        }
        if kind == "on_demand":
            created["record_distribution"] = st.sampled_from(["partition_key", "auto"])
        stream |= draw(st.fixed_dictionaries({}, optional=created))
    if schemas and draw(st.booleans()):
        stream["schema"] = draw(st.sampled_from(schemas))
    return stream | draw(st.fixed_dictionaries({}, optional={"retention_hours": st.integers(24, 8760)}))


def _kept(kind: str, field: str, arn: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.just(kind)
        | st.fixed_dictionaries({"kind": st.just(kind)}, optional=more)
        | st.fixed_dictionaries({"kind": st.just(kind), field: st.just(arn)}, optional={"key_arn": st.just(KEY_ARN)})
    )


keep_in = (
    _kept("s3", "bucket_arn", "arn:aws:s3:::failed-batches", expire_after_days=st.integers(1, 3650))
    | _kept("sqs", "queue_arn", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:failed")
    | _kept("sns", "topic_arn", f"arn:aws:sns:eu-west-1:{ACCOUNT}:failed")
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
    "memory_mib": st.integers(128, 10_240),
    "timeout_seconds": st.integers(1, 900),
    "environment_variables": st.dictionaries(st.sampled_from(["STAGE", "LIMIT", "TABLE_NAME"]), _words),
    "log_retention_days": st.sampled_from([1, 30, 365]),
    "layers": st.lists(
        st.sampled_from(["powertools", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:layer:shared:3"]), unique=True
    ),
    "reserved_concurrency": st.integers(1, 1000),
    "runtime": st.sampled_from(["python3.11", "python3.12", "python3.13", "python3.14"]),
    "architecture": st.sampled_from(["arm64", "x86_64"]),
    "handler": st.just("index.handler"),
}


@st.composite
def consumers(draw: st.DrawFn, sources: dict[str, Spec], code: str) -> Spec:
    """A consumer of one of the streams, with a function of its own or an existing one."""
    source = draw(st.sampled_from(sorted(sources)))
    retention = sources[source].get("retention_hours", 24) * 3600
    consumer: Spec = {
        "kind": "lambda",
        "from": source,
        "on_error": {
            "skip_after": {
                "attempts": draw(st.integers(0, 10_000)),
                "max_age_seconds": draw(st.integers(60, min(604_800, retention - 1))),
            },
            "keep_in": draw(keep_in),
        }
        | draw(st.fixed_dictionaries({}, optional={"bisect": st.booleans()})),
    }
    if draw(st.booleans()):
        consumer |= {"code": code} | draw(st.fixed_dictionaries({}, optional=_own_function))
    else:
        alias = draw(st.sampled_from(["", ":live"]))
        consumer["function_arn"] = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:existing{alias}"
    reading = {
        "read": st.sampled_from(["shared", "enhanced_fan_out"]),
        "batch_size": st.integers(1, 10_000),
        "batching_window_seconds": st.integers(0, 300),
        "parallelization_factor": st.integers(1, 10),
        "tumbling_window_seconds": st.integers(1, 900),
        "partial_batch_responses": st.booleans(),
        "starting_position": st.sampled_from(["trim_horizon", "latest", {"at_timestamp": "2026-01-15T00:00:00Z"}]),
        "filters": _filters,
    }
    consumer |= draw(st.fixed_dictionaries({}, optional=reading))
    if "filters" in consumer and draw(st.booleans()):
        consumer["filter_key_arn"] = KEY_ARN
    return consumer


@st.composite
def alarms(draw: st.DrawFn, spec: Spec) -> Spec:
    """Alarms with targets, and with changes to alarms that the spec has."""
    known = [f"{name}.write_throttling" for name in spec["streams"]]
    known += [f"{name}.{kind}" for name in spec.get("consumers", {}) for kind in ("errors", "failed_batches")]
    changed = draw(st.lists(st.sampled_from(known), unique=True, max_size=4))
    silenced = {name: draw(_reasons) for name in changed[::2]}
    threshold, minutes = {"threshold": st.integers(0, 100)}, {"minutes": st.integers(1, 1440)}
    numbers = st.fixed_dictionaries(threshold, optional=minutes) | st.fixed_dictionaries(minutes)
    overrides = {name: draw(numbers) for name in changed if name not in silenced}
    targets = st.sampled_from(
        [{"email": "oncall@example.com"}, {"topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:oncall"}]
    )
    parts: Spec = {"notify": draw(st.lists(targets, max_size=2, unique_by=str))}
    parts |= {"silence": silenced} if silenced else {}
    return parts | ({"override": overrides} if overrides else {})


@st.composite
def valid_specs(draw: st.DrawFn, code: str = CODE_FOLDER) -> Spec:
    """Systems without errors, as they stand in a YAML file; planning may still warn.

    Args:
        code: The folder that consumers with code name.
    """
    nodes = draw(st.lists(names, unique=True, min_size=1, max_size=4))
    split = draw(st.integers(1, len(nodes)))
    spec: Spec = {"name": draw(names)}
    fields = st.dictionaries(
        st.sampled_from(["page", "country", "amount", "at"]), st.sampled_from(FIELD_TYPES), min_size=1
    )
    schemas = draw(st.dictionaries(names, fields, max_size=2))
    spec |= {"schemas": schemas} if schemas else {}
    spec["streams"] = {name: draw(streams(sorted(schemas))) for name in nodes[:split]}
    if nodes[split:]:
        spec["consumers"] = {name: draw(consumers(spec["streams"], code)) for name in nodes[split:]}
    optional = {
        "environment": st.sampled_from(["dev", "prod"]),
        "tags": st.dictionaries(st.sampled_from(["team", "cost:center", "Größe"]), _words.filter(bool), max_size=3),
        "alarms": alarms(spec),
        "dashboard": st.booleans(),
    }
    spec |= draw(st.fixed_dictionaries({}, optional=optional))
    if draw(st.booleans()):
        node = draw(st.sampled_from(nodes[:split]))
        spec["environments"] = {"dev": {"streams": {node: {"retention_hours": 8760}}}, "prod": {"dashboard": True}}
    return spec


# --- broken ones

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**130), 10**130)
    | st.integers(-2, 2)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["on", "no", "s3", "kinesis", "lambda", "on_demand", "clicks", "1e999", "<<", "\u2028", "\U0001d54f"]
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


def _add(draw: st.DrawFn, spec: Spec, path: Path) -> None:
    parent = _parent(spec, path)
    if isinstance(parent, dict):
        parent[draw(st.text(max_size=8) | st.sampled_from(["kind", "from", "arn", "key_arn", "mode", "from_"]))] = draw(
            junk
        )
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
