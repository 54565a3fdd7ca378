"""What is likely to go wrong with a Kinesis data stream: each as a finding with its mend."""

from __future__ import annotations

import math
from collections.abc import Iterator

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.facts.prices import kinesis as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.few_values import few_values_finding, values_at_once
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.streams.kinesis import StreamPlan, shards_for
from streaming_constructs.planning.streams.kinesis_quotas import is_large, on_demand_quota, shards_quota
from streaming_constructs.planning.streams.kinesis_retention_cost import monthly_cost
from streaming_constructs.spec.finding import Edit, Finding


def stream_findings(stream: StreamPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a stream; paths are relative to it."""
    spec = stream.spec
    if stream.shards is not None and stream.needed_shards is not None and stream.shards < stream.needed_shards:
        yield Finding(
            "KIN407",
            "fewer shards than the workload needs: it will be throttled",
            ("shards",),
            note=f"{counted(stream.shards, 'shard')}; the peak needs {stream.needed_shards:,} before any headroom",
            help=f"set `shards` to {stream.needed_shards} or more, or take it out to have it derived",
            edits=(Edit(("shards",), stream.needed_shards),),
        )
    if stream.shards is not None and stream.spec.arn is None:
        yield from _quota_findings(stream, stream.shards)
    if spec.is_on_demand and stream.load is not None:
        yield from _on_demand_findings(stream)
    polls = stream.shared_readers * event_source.POLLS_PER_SECOND_PER_SHARD.value
    # Where an application of Flink reads, which asks more often, that is told of it.
    is_told = any(reader.is_flink and reader.read == "shared" for reader in stream.readers)
    if polls > kinesis.SHARD_GET_RECORDS_PER_SECOND.value and not is_told:
        yield Finding(
            "KIN409",
            "more shared readers than a shard serves",
            (),
            note=f"{stream.shared_readers} readers poll each shard once a second; a shard answers 5 reads/s",
            help="let some of them have `enhanced_fan_out: true`",
        )
    yield from _fan_out_findings(stream)
    yield from _key_findings(stream)
    yield from _idle_findings(stream)
    yield from _cost_findings(stream)


OUT_OF_PROPORTION, WORTH_A_WORD = 5, 100
"""How many times the rest of a stream its retention costs, and how many dollars a month, before it is told."""
MANY_TIMES = 3
"""How many times the shards that a workload needs, with headroom, there are before it is told."""


def _key_findings(stream: StreamPlan) -> Iterator[Finding]:
    """A key that has fewer values at one time than the load takes shards."""
    spec = stream.spec
    if spec.partition_key is None or spec.record_distribution == "auto":
        return
    values = values_at_once(spec.partition_key, stream.schema)
    needed = shards_for(stream.load, 0) if stream.load is not None else stream.shards
    if values is None or needed is None or needed <= values:
        return
    takes = (
        f"{number(stream.load.records)} records/s at the peak need {needed:,}" if stream.load else f"it has {needed:,}"
    )
    yield few_values_finding("KIN414", "shard", spec.partition_key, values, takes, stream.schema)


def _idle_findings(stream: StreamPlan) -> Iterator[Finding]:
    """Shards that were given, and that nothing needs."""
    spec = stream.spec
    if spec.arn is not None or spec.shards is None or stream.load is None:
        return
    enough = shards_for(stream.load, stream.shared_readers, spec.headroom)
    idle = prices.SHARD_HOUR.usd((spec.shards - enough) * HOURS_A_MONTH)
    if spec.shards < MANY_TIMES * enough or idle < WORTH_A_WORD:
        return
    yield Finding(
        "KIN415",
        "many more shards than the workload needs",
        ("shards",),
        note=f"{counted(spec.shards, 'shard')}; the peak with {number(spec.headroom)} times of headroom needs {enough:,}. The "
        f"others cost about {idle:,.0f} USD a month by list prices in us-east-1",
        help=f"set `shards: {enough}`, or take it out to have it derived; a function that is slow takes more batches of a "
        "shard at once by `parallelization_factor`",
        edits=(Edit(("shards",), enough),),
    )


def _cost_findings(stream: StreamPlan) -> Iterator[Finding]:
    cost = monthly_cost(stream) if stream.spec.arn is None else None
    if cost is None or cost.retention < max(OUT_OF_PROPORTION * cost.stream, WORTH_A_WORD):
        return
    days = stream.retention_hours / 24
    yield Finding(
        "KIN413",
        "the retention costs far more than the stream",
        ("retention_days",) if stream.spec.retention_days is not None else ("retention_hours",),
        note=f"about {cost.retention:,.0f} USD a month for {number(days)} days, beside {cost.stream:,.0f} USD for the stream "
        f"itself, by list prices in us-east-1: {cost.stored_gb:,.0f} GB are kept beyond 7 days",
        help="keep a week (`retention_days: 7`) and archive to S3, where records stay as long, and can be queried",
    )


def _quota_findings(stream: StreamPlan, shards: int) -> Iterator[Finding]:
    quota, most = int(shards_quota(stream.region).value), kinesis.SHARD_COUNT.maximum
    if shards > most:
        # A quota can be raised, the most that a stream takes cannot.
        yield Finding(
            "KIN412",
            "more shards than one stream can have",
            ("shards",) if stream.spec.shards is not None else (),
            note=f"{shards:,} shards; a stream takes {most:,}, and no quota raises that",
            help="spread the load over several streams, or send fewer, larger records",
            level="error",
        )
    elif shards > quota:
        yield Finding(
            "KIN412",
            f"more shards than an account starts with in {stream.region or 'most regions'}",
            ("shards",) if stream.spec.shards is not None else (),
            note=f"{shards:,} shards; {_shards_told(stream.region, quota)}; a stream takes {most:,}",
            help="ask AWS for a higher quota before you deploy, spread the load over several streams, or send fewer, "
            "larger records",
        )


def _shards_told(region: str | None, quota: int) -> str:
    # AWS has no list of the regions with the quota in between.
    told = f"{quota:,}" if is_large(region) else f"{quota:,} or 6,000"
    if region is not None:
        return f"the quota is {told} in {region}"
    large = f"{kinesis.SHARDS_LARGE_REGIONS_QUOTA.value:,.0f} in {', '.join(kinesis.LARGE_REGIONS)}"
    return f"the quota is {told} by region, and {large}, and `region` is not given"


def _on_demand_findings(stream: StreamPlan) -> Iterator[Finding]:
    assert stream.load is not None
    most, large = on_demand_quota(stream.region), kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_LARGE_REGIONS
    elsewhere = (
        "" if is_large(stream.region) else f", and {large.value:,.0f} MiB/s in {', '.join(kinesis.LARGE_REGIONS)}"
    )
    if stream.load.mib > most.value:
        yield Finding(
            "KIN408",
            f"more than an on-demand stream takes in {stream.region or 'most regions'}",
            ("workload",),
            note=f"the peak is {number(stream.load.mib)} MiB/s; the quota is {most.value:,.0f} MiB/s{elsewhere}",
            help="ask AWS for a higher quota before you deploy, or set `mode: provisioned`",
        )
    warm = stream.spec.warm_throughput_mb_per_second
    if warm is not None and warm < stream.load.mib:
        yield Finding(
            "KIN411",
            "warm throughput below the peak of the workload",
            ("warm_throughput_mb_per_second",),
            note=f"{warm} MiB/s is kept warm; the peak is {number(stream.load.mib)} MiB/s",
            help="raise it to the peak, or take it out",
            edits=(Edit(("warm_throughput_mb_per_second",), math.ceil(stream.load.mib)),),
        )


def _fan_out_findings(stream: StreamPlan) -> Iterator[Finding]:
    standard = int(kinesis.FAN_OUT_CONSUMERS.value)
    advantage = int(kinesis.FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE.value)
    on_demand = stream.spec.is_on_demand
    count = stream.fan_out_readers
    if count > standard:
        yield Finding(
            "KIN410",
            "more enhanced fan-out readers than a stream takes",
            (),
            note=f"{count} of them; a stream takes {standard}, and {advantage} on demand with On-Demand Advantage",
            help="let some of them read without it, or read a second stream",
            # Only the account knows whether it has On-Demand Advantage.
            level="warning" if on_demand and count <= advantage else "error",
        )
