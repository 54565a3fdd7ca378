"""What holds of all costs: they grow with the load, nothing is negative, and each line says where it is from."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.facts.prices.kinesis import SHARD_HOUR
from streaming_constructs.facts.prices.price import REGIONS, UnknownRegionError
from streaming_constructs.planning.costs import (
    api_gateway,
    dynamodb,
    eventbridge,
    firehose,
    flink,
    kinesis,
    lambda_function,
    msk,
    opensearch,
    s3,
    sns,
    sqs,
    vpc,
)
from streaming_constructs.planning.costs.charge import Charge, rounded_up, unknown
from streaming_constructs.planning.costs.cost_line import CostLine, cost_lines
from streaming_constructs.planning.costs.kinesis import Flow

Bill = Callable[[Flow], Iterable[Charge]]

BILLS: dict[str, Bill] = {
    "provisioned": lambda flow: kinesis.provisioned(4, flow, retention_hours=400, fan_out_readers=2),
    "on demand": lambda flow: kinesis.on_demand(flow, retention_hours=400, shared_readers=2, fan_out_readers=1),
    "advantage": lambda flow: kinesis.advantage(flow.gib(730, 1), 2 * flow.gib(730), kinesis.kept_gib(flow, 24, 48)),
    "firehose": lambda flow: firehose.delivered(flow, converts=True),
    "firehose of a topic": lambda flow: firehose.delivered(flow, "kafka", converts=True),
    "firehose to iceberg": lambda flow: firehose.delivered(flow, "iceberg"),
    "partitions": lambda flow: [*firehose.partitioned(flow.gib(730), 10, 3), *firehose.in_vpc(flow.gib(730), 2)],
    "express": lambda flow: msk.express("express.m7g.large", 3, flow.gib(730), flow.gib(24)),
    "serverless": lambda flow: msk.serverless(8, flow.gib(730), 2 * flow.gib(730), flow.gib(24)),
    "tiered": lambda flow: msk.standard("kafka.m7g.large", 3, 100, tiered_gb=flow.gib(24), tiered_read_gb=1),
    "replicator": lambda flow: msk.replicator(flow.gib(730), identical_names=True),
    "private": lambda flow: msk.private_connectivity(2, flow.gib(730)),
    "lambda": lambda flow: lambda_function.invoked(lambda_function.batches(flow, 100, 1, 4), 512, "arm64", 0.1),
    "pollers": lambda flow: [lambda_function.poller_units(3, flow.gib(1) * 1.07)],
    "s3": lambda flow: s3.bucket(flow.gib(730), flow.records, flow.records),
    "dynamodb": lambda flow: [*dynamodb.on_demand(flow.records), *dynamodb.stored(flow.gib(730), is_restorable=True)],
    "sqs": lambda flow: [sqs.messages(flow.records, flow.kib)],
    "sns": lambda flow: sns.topic(flow.records, http=flow.records, firehose=flow.records),
    "eventbridge": lambda flow: eventbridge.bus(flow.records, flow.kib),
    "api gateway": lambda flow: [api_gateway.requests(flow.records), api_gateway.requests(flow.records, is_http=True)],
    "network": lambda flow: [
        *vpc.nat_gateways(2, flow.gib(730)),
        *vpc.endpoints(2, 3, flow.gib(730)),
        vpc.between_zones(flow.gib(730)),
        vpc.between_regions(flow.gib(730)),
    ],
}

flows = st.builds(Flow, st.floats(0.01, 1e6), st.floats(0.01, 10_240))


def lines(charges: Iterable[Charge], region: str = "us-east-1") -> list[CostLine]:
    return list(cost_lines("node", charges, region))


def total(charges: Iterable[Charge], region: str) -> float:
    return sum(line.usd or 0.0 for line in lines(charges, region))


@settings(max_examples=300)
@given(
    bill=st.sampled_from(sorted(BILLS)),
    flow=flows,
    more=st.tuples(st.floats(1, 100), st.floats(1, 100)),
    region=st.sampled_from((*REGIONS, "eu-north-1", "ap-south-1")),
)
def test_more_load_never_costs_less(bill: str, flow: Flow, more: tuple[float, float], region: str) -> None:
    greater = Flow(flow.records * more[0], flow.kib * more[1])
    less, much = total(BILLS[bill](flow), region), total(BILLS[bill](greater), region)
    assert less <= much * (1 + 1e-9)


@given(bill=st.sampled_from(sorted(BILLS)), flow=flows, region=st.sampled_from(REGIONS))
def test_no_line_is_negative_and_each_says_what_and_why(bill: str, flow: Flow, region: str) -> None:
    for line in lines(BILLS[bill](flow), region):
        assert line.quantity is not None
        assert line.usd is not None
        assert line.usd >= 0
        assert (line.node, bool(line.what), bool(line.unit), bool(line.working)) == ("node", True, True, True)
        assert line.source.startswith("https://aws.amazon.com/")
        assert line.copied
        assert line.confidence in {"high", "medium", "low"}
        assert (line.factor is None) or line.confidence == "low"


def test_more_of_what_is_always_there_costs_more() -> None:
    assert total(kinesis.provisioned(5), "us-east-1") == pytest.approx(5 * 10.95)
    assert total(flink.application(1), "us-east-1") == pytest.approx(165.60)
    assert total(msk.connect(2, 4), "us-east-1") == pytest.approx(2 * 4 * 730 * 0.11)
    domain = opensearch.domain("m7g.large.search", 3, 100, master_type="m7g.medium.search", masters=3)
    assert total(domain, "us-east-1") == pytest.approx(730 * 3 * (0.134 + 0.067) + 300 * 0.122)
    assert total(msk.standard("kafka.m5.4xlarge", 3, 100, throughput_mb=250), "us-east-1") == pytest.approx(
        730 * 3 * 1.68 + 30 + 60
    )


def test_the_least_of_advantage_is_fixed_and_what_is_above_it_is_not() -> None:
    least, above = lines(kinesis.advantage(1, 100_000))
    assert (least.basis, above.basis) == ("fixed", "usage")
    assert least.quantity == pytest.approx(64_160.2, abs=0.05)
    assert above.quantity == 100_000


def test_advantage_pays_from_about_ten_mib_a_second_on() -> None:
    def difference(mib: float) -> float:
        flow = Flow(mib * 1024, 1)
        on_demand = total(kinesis.on_demand(flow, shared_readers=1), "us-east-1")
        return on_demand - total(kinesis.advantage(flow.gib(730, 1), flow.gib(730)), "us-east-1")

    assert difference(9.8) < 0 < difference(10.2)


@pytest.mark.parametrize(
    ("kib", "step", "size"), [(0.001, 5, 5), (5, 5, 5), (5.001, 5, 10), (24.9, 25, 25), (10_240, 25, 10_250)]
)
def test_records_are_rounded_up(kib: float, step: float, size: float) -> None:
    assert rounded_up(kib, step) == size


@pytest.mark.parametrize(
    ("flow", "batch_size", "window", "partitions", "invocations"),
    [
        (Flow(1000, 1), 100, 0, 4, 10 * 3600),  # batches are full before a second is over
        (Flow(10, 1), 100, 0, 4, 4 * 3600),  # polled each second
        (Flow(10, 1), 100, 60, 4, 0.1 * 3600),  # full before the window is over
        (Flow(1, 1), 1000, 60, 4, 4 * 60),  # at the end of each window
        (Flow(0.5, 1), 100, 0, 4, 0.5 * 3600),  # never oftener than there are records
        (Flow(10, 1024), 10_000, 60, 1, 10 / 6 * 3600),  # 6 MB at most
    ],
)
def test_how_often_a_function_is_invoked(
    flow: Flow, batch_size: int, window: float, partitions: int, invocations: float
) -> None:
    found = lambda_function.batches(flow, batch_size, window, partitions, hours=1)
    assert found == pytest.approx(invocations)


def test_what_is_not_known_has_no_number() -> None:
    (line,) = lines([unknown("duration", "how long an invocation takes is not known")])
    assert (line.usd, line.quantity, line.confidence, line.unit) == (None, None, None, "")
    assert line.working == "how long an invocation takes is not known"


@pytest.mark.parametrize(("hours", "region", "told"), [(1000, "us-east-1", "15.00"), (1000, "eu-west-1", "17.00")])
def test_some_of_what_is_not_known_is_told_in_dollars_of_the_region(hours: int, region: str, told: str) -> None:
    example = Charge("shards", SHARD_HOUR, hours, "usage", f"{hours:,} hours")
    (line,) = cost_lines("clicks", [unknown("shards", "how many is not known", example)], region)
    assert (line.usd, line.working) == (None, f"how many is not known: {hours:,} hours are {told} USD in {region}")


def test_a_cent_that_is_not_full_is_no_nothing() -> None:
    example = Charge("shards", SHARD_HOUR, 0.1, "usage", "a moment")
    (line,) = cost_lines("clicks", [unknown("shards", "unknown", example)], "us-east-1")
    assert line.working == "unknown: a moment are less than 0.01 USD in us-east-1"


def test_a_region_without_prices_is_reckoned_and_marked_or_refused() -> None:
    (line,) = cost_lines("clicks", kinesis.provisioned(1), "sa-east-1")
    assert line.usd == pytest.approx(21.9)
    assert (line.factor, line.confidence) == (2.0, "low")
    with pytest.raises(UnknownRegionError, match="sa-east-1"):
        list(cost_lines("clicks", kinesis.provisioned(1), "sa-east-1", reckoned=False))
    with pytest.raises(UnknownRegionError, match="cn-north-1"):
        list(cost_lines("clicks", kinesis.provisioned(1), "cn-north-1"))


def test_costs_of_a_service_load_prices_of_no_other() -> None:
    code = "import sys, streaming_constructs.planning.costs.kinesis; print(*sorted(m for m in sys.modules if '.prices.' in m))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name.rpartition(".")[2] for name in loaded] == ["factors", "kinesis", "price"]
