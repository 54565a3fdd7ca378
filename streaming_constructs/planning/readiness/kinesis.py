"""Is a stream of Kinesis ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.numbers import counted, duration, number
from streaming_constructs.planning.readiness.common_items import (
    CLOUDTRAIL,
    LEAST_PRIVILEGE,
    asks,
    dashboard_item,
    encryption,
    failure_test,
    has_few_permissions,
    load_test,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import (
    Answer,
    Asked,
    Item,
    confirm,
    failed,
    not_applicable,
    passed,
)
from streaming_constructs.planning.streams.kinesis import StreamPlan, shards_for

HEADROOM = 1.3
"""Shards beyond those of the load, for keys that are spread unevenly."""
KEYS_A_SHARD = 10
"""Keys for each shard at the least, so that they spread."""
_RETRYING = {
    "kinesis_agent": "Kinesis Agent",
    "fluent_bit": "Fluent Bit",
    "cloudwatch_logs": "CloudWatch Logs",
    "flink_sql": "Flink's sink",
    "flink_app": "Flink's sink",
}
"""Writers that retry and batch by themselves."""


def _planned(asked: Asked) -> StreamPlan:
    return cast("StreamPlan", asked.node)


def _headroom(asked: Asked) -> Answer:
    stream = _planned(asked)
    if stream.spec.is_on_demand:
        return not_applicable("on demand: AWS splits its shards as its traffic grows")
    if stream.load is None:
        return confirm("its workload is not known", "write its `workload`, so that its shards are counted", "workload")
    if stream.shards is None:
        return confirm("it exists already, and does not tell its shards", "write its `shards`", "shards")
    needed = shards_for(stream.load, stream.shared_readers, HEADROOM)
    told = f"{counted(stream.shards, 'shard')}; the peak load × {HEADROOM} needs {needed:,}"
    if stream.shards < needed:
        return failed(told, f"write `shards: {needed}`", "shards")
    return passed(told, "shards" if stream.spec.shards is not None else "workload")


def _mode(asked: Asked) -> Answer:
    stream = _planned(asked)
    if "mode" in stream.spec.model_fields_set:
        return passed(f"`mode: {stream.spec.mode}` is written", "mode")
    return confirm(
        f"nobody wrote a mode; it is {stream.spec.mode}",
        "write `mode: provisioned` for a steady load, `mode: on_demand` for one that nobody knows",
        "mode",
    )


def _fan_out(asked: Asked) -> Answer:
    stream = _planned(asked)
    if not stream.readers:
        return confirm("nothing in the system reads it", "readers outside of it share 2 MiB/s of each shard")
    if stream.shared_readers <= 1:
        return passed(
            f"{counted(stream.shared_readers, 'reader')} {'shares' if stream.shared_readers == 1 else 'share'} the 2 MiB/s "
            f"of a shard, {stream.fan_out_readers} with 2 MiB/s of their own"
        )
    told = f"{stream.shared_readers} readers share the 2 MiB/s and the 5 reads a second of each shard"
    if stream.load is None or stream.write_mib_per_second is None:
        return confirm(told, "write its `workload`, or move readers to `enhanced_fan_out`")
    asked_for = stream.shared_readers * stream.load.mib
    given = float(stream.write_mib_per_second) * kinesis.SHARD_READ_MIB_PER_SECOND.value
    sum_ = f"{told}: {number(asked_for)} MiB/s at the peak, of {number(given)} MiB/s"
    if asked_for > given:
        return failed(sum_, "set `enhanced_fan_out: true` on readers that are in a hurry")
    return passed(sum_)


def _scaling(asked: Asked) -> Answer:
    if _planned(asked).spec.is_on_demand:
        return passed("on demand scales by itself", "mode")
    watching = "`incoming_bytes` tells at 80%" if "incoming_bytes" in asked.alarm_kinds() else "no alarm tells"
    return confirm(
        f"provisioned: nothing splits its shards when traffic grows; {watching}",
        "say who raises `shards`, or write `mode: on_demand`",
        "mode",
    )


def _retention(asked: Asked) -> Answer:
    stream = _planned(asked)
    told = f"keeps records for {duration(stream.spec.retention * 3600)}"
    if stream.spec.retention_is_given:
        return passed(told, "retention_hours")
    return confirm(
        f"{told}, as nobody said otherwise",
        "a reader that is down for longer loses records: write `retention_hours`",
        "retention_hours",
    )


def _in_vpc(asked: Asked) -> list[str]:
    """Its readers that run in a VPC."""
    consumers = asked.plan.spec.consumers
    return [
        reader.name
        for reader in _planned(asked).readers
        if reader.name in consumers and getattr(consumers[reader.name], "vpc", None) is not None
    ]


def _endpoints(asked: Asked) -> Answer:
    inside = _in_vpc(asked)
    if inside:
        return confirm(
            f"`{inside[0]}` runs in a VPC",
            "what its code calls has an interface endpoint there, or a NAT gateway: try it",
        )
    return not_applicable("no reader runs in a VPC; producers in one need an interface endpoint, or a NAT gateway")


def _writers(asked: Asked) -> dict[str, str]:
    """The kinds of the nodes of the system that write to it, by their names."""
    return {
        name: str(getattr(node, "kind", ""))
        for _, name, node in asked.plan.spec.nodes()
        if any(edge.role == "to" and edge.target == asked.name for edge in node.edges())
    }


def _producers(what: str, fix: str) -> Item:
    """What producers have to do: those that do it by themselves are known, others are asked."""

    def judge(asked: Asked) -> Answer:
        writers = _writers(asked)
        others = [name for name, kind in writers.items() if kind not in _RETRYING]
        if writers and not others:
            return passed(f"{', '.join(dict.fromkeys(_RETRYING[kind] for kind in writers.values()))} does so")
        who = f"`{others[0]}` writes with code of its own" if others else "its producers are outside of the system"
        return confirm(who, fix)

    source = "https://docs.aws.amazon.com/streams/latest/dev/kinesis-producer-adv-retries-rate-limiting.html"
    return Item("KC1" if "retr" in what else "KC4", "Code", what, judge, source)


def _lambda_readers(asked: Asked) -> list[str]:
    return [reader.name for reader in _planned(asked).readers if reader.name in asked.plan.spec.consumers]


def _given_up(asked: Asked) -> Answer:
    names = _lambda_readers(asked)
    if not names:
        return not_applicable("no function reads it; Firehose keeps what fails in its bucket")
    told = ", ".join(f"{name}: {asked.plan.spec.consumers[name].failure_policy.destination.kind}" for name in names)
    return passed(f"what a function gives up is kept ({told})")


def _checkpoints(asked: Asked) -> Answer:
    if not _planned(asked).readers:
        return confirm(
            "nothing in the system reads it", "an application of KCL checkpoints each minute, not each record"
        )
    for name in (reader.name for reader in _planned(asked).readers):
        flink = asked.plan.spec.analytics.get(name)
        if flink is not None and flink.checkpointing is False:
            return failed(f"`{name}` keeps no checkpoints", f"take `checkpointing: false` out of `{name}`")
    return passed("Lambda, Firehose and Flink keep their positions themselves")


def _handles_errors(asked: Asked) -> Answer:
    names = _lambda_readers(asked)
    consumers = asked.plan.spec.consumers
    if not names:
        return not_applicable("no function reads it")
    blunt = [n for n in names if not (consumers[n].partial_batch_responses or consumers[n].failure_policy.bisect)]
    if blunt:
        return failed(
            f"a bad record takes the whole batch of `{blunt[0]}` with it",
            f"write `on_failure: {{bisect: true}}` in `{blunt[0]}`, or report single records (`partial_batch_responses`)",
        )
    return passed("a bad record is found: batches are split, or the code names what failed")


def _keys(asked: Asked) -> Answer:
    stream = _planned(asked)
    key = stream.spec.partition_key
    if stream.spec.record_distribution == "auto":
        return passed("records are spread without regard to their keys", "record_distribution")
    if key is None:
        return confirm("no `partition_key` is written", "write the field that producers key by", "partition_key")
    shards = f", {KEYS_A_SHARD * stream.shards:,} for {counted(stream.shards, 'shard')}" if stream.shards else ""
    return confirm(
        f"keyed by `{key}`; how many values it has is not known here",
        f"ten values a shard at the least{shards}: count them in real data",
        "partition_key",
    )


def _resharding(asked: Asked) -> Answer:
    if not _planned(asked).readers:
        return confirm("nothing in the system reads it", "an application of KCL checkpoints at `shardEnded`")
    return passed("Lambda, Firehose and Flink read the children of a shard after their parent")


def _comes_back(asked: Asked) -> Answer:
    if not _planned(asked).readers:
        minutes = duration(kinesis.SHARD_ITERATOR_SECONDS.value)
        return confirm(
            "nothing in the system reads it",
            f"an iterator expires {minutes} after it was given: a reader that works longer on what it got asks for another",
        )
    return passed("Lambda, Firehose and Flink ask for iterators themselves")


def _alarms(asked: Asked) -> Answer:
    stream = _planned(asked)
    needed = ["write_throttling", "put_records_failures"]
    if stream.shared_readers:
        needed.insert(0, "iterator_age")
    if not stream.spec.is_on_demand:
        needed.append("incoming_bytes")
    return watched(asked, tuple(needed))


def _strategy(asked: Asked) -> Answer:
    stream = _planned(asked)
    if stream.spec.record_distribution == "auto":
        return passed("records are spread without regard to their keys", "record_distribution")
    if stream.spec.partition_key is None:
        return confirm(
            "the spec does not say by what records are keyed",
            "write `partition_key: FIELD`, or say where it is written down",
            "partition_key",
        )
    return passed(f"`partition_key: {stream.spec.partition_key}` stands in the spec", "partition_key")


def _readers_permissions(asked: Asked) -> Answer:
    answers = [has_few_permissions(asked.of("consumers", name)) for name in _lambda_readers(asked)]
    narrow = passed("each reader may do what its edges need")
    return next((answer for answer in answers if answer.status != "pass"), narrow)


def _security_groups(asked: Asked) -> Answer:
    inside = _in_vpc(asked)
    if inside:
        return confirm(f"`{inside[0]}` runs in a VPC", "let its security group out to the endpoint alone")
    return not_applicable("no reader runs in a VPC")


_SIZING = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"
_FAN_OUT = "https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html"
_RESHARDING = "https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html"
_RETENTION = "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html"
_ENCRYPTION = "https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html"
_ENDPOINTS = "https://docs.aws.amazon.com/streams/latest/dev/vpc.html"
_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_KEYS = "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html"
_WATCHING = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"
_ITERATORS = kinesis.SHARD_ITERATOR_SECONDS.source
_LEASES = "https://docs.aws.amazon.com/streams/latest/dev/kcl-dynamoDB.html"

CHECKLIST = (
    Item("KI1", "Infrastructure", "its shards carry the peak load with 30% of headroom", _headroom, _SIZING),
    Item("KI2", "Infrastructure", "its capacity mode was chosen", _mode, _SIZING),
    Item("KI3", "Infrastructure", "several readers do not slow each other down", _fan_out, _FAN_OUT),
    Item("KI4", "Infrastructure", "it grows with its traffic", _scaling, _RESHARDING),
    Item("KI5", "Infrastructure", "its retention was chosen", _retention, _RETENTION),
    Item("KI6", "Infrastructure", "it is encrypted at rest", encryption, _ENCRYPTION),
    Item("KI7", "Infrastructure", "it is reached from VPCs", _endpoints, _ENDPOINTS),
    _producers(
        "producers retry with exponential backoff and jitter", "retry what PutRecords names as failed, later each time"
    ),
    Item("KC2", "Code", "what readers give up is kept", _given_up, _FAILURES),
    Item("KC3", "Code", "readers checkpoint, and not each record", _checkpoints, _LEASES),
    _producers("producers send records in batches", "use PutRecords, or aggregate with the KPL"),
    Item("KC5", "Code", "a bad record does not stop its shard", _handles_errors, _FAILURES),
    Item("KC6", "Code", "partition keys have many values", _keys, _KEYS),
    Item("KC7", "Code", "readers follow shards that are split or merged", _resharding, _RESHARDING),
    Item("KC8", "Code", "readers come back before their iterators expire", _comes_back, _ITERATORS),
    Item("KO1", "Operations", "traffic, throttling and lag have alarms", _alarms, _WATCHING),
    dashboard_item("KO2"),
    Item("KO3", "Operations", "the key strategy is written down", _strategy, _KEYS),
    Item(
        "KO4",
        "Operations",
        "lease tables of KCL have capacity",
        lambda asked: not_applicable("no reader of the system keeps leases in DynamoDB"),
        _LEASES,
    ),
    failure_test("KO5"),
    load_test("KO6"),
    told_item("KO7"),
    Item("KS1", "Security", "its readers have least privilege", _readers_permissions, LEAST_PRIVILEGE),
    Item(
        "KS2",
        "Security",
        "CloudTrail keeps who called what",
        asks("trails belong to the account", "look at the account's trail; data events of streams are off by default"),
        CLOUDTRAIL,
    ),
    Item("KS3", "Security", "security groups let out what is needed alone", _security_groups, _ENDPOINTS),
    Item("KS4", "Security", "its VPC endpoint was tried", _endpoints, _ENDPOINTS),
    Item("KS5", "Security", "its key is the one that was meant", encryption, _ENCRYPTION),
)
