"""Bills that others reckoned: AWS's calculator, its documents, its own measured bills, and tools that read its price list.

Each is an estimate of a month by AWS's pages unless it says otherwise, with the page whose prices it is by.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from streaming_constructs.facts.prices import cloudwatch as cloudwatch_prices
from streaming_constructs.facts.prices import dynamodb as dynamodb_prices
from streaming_constructs.facts.prices import kinesis as kinesis_prices
from streaming_constructs.facts.prices import s3 as s3_prices
from streaming_constructs.planning.costs import (
    api_gateway,
    cloudwatch,
    dynamodb,
    eventbridge,
    firehose,
    flink,
    kinesis,
    kms,
    lambda_function,
    msk,
    opensearch,
    s3,
    sns,
    sqs,
    vpc,
)
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.costs.cost_line import cost_lines
from streaming_constructs.planning.costs.kinesis import Flow

DAY = 24


def usd(charges: Iterable[Charge], region: str = "us-east-1") -> float:
    return sum(line.usd or 0.0 for line in cost_lines("", charges, region, reckoned=False))


def one(charge: Charge, region: str = "us-east-1") -> float:
    return usd([charge], region)


def mib_per_second(mib: float) -> Flow:
    """So much in records of 1 KiB, which are not rounded up."""
    return Flow(mib * 1024, 1)


def gb_of(gib: float, kib: float = 5) -> Flow:
    """A flow that brings so much in a month of 730 hours."""
    return Flow(gib * 1_048_576 / kib / (730 * 3600), kib)


# --- https://aws.amazon.com/kinesis/data-streams/pricing/


def test_a_stream_of_four_shards_line_by_line() -> None:
    prices = kinesis_prices
    lines = (
        prices.SHARD_HOUR.usd(4 * 730),
        prices.PUT_UNITS.usd(6_500_000),
        prices.EXTENDED_RETENTION.usd(100),
        prices.LONG_TERM_RETENTION.usd(100),
        prices.FAN_OUT_HOUR.usd(100),
        prices.FAN_OUT_DATA.usd(100),
    )
    # The seventh line of that bill reads 100 GB that are older than seven days, at 0.021: nothing of a plan does.
    assert [round(line, 2) for line in lines] == [43.8, 0.09, 2.0, 2.3, 1.5, 1.3]
    assert sum(lines) == pytest.approx(53.09 - 2.10, abs=0.02)


def test_a_stream_on_demand_line_by_line() -> None:
    prices = kinesis_prices
    lines = (
        prices.ON_DEMAND_STREAM_HOUR.usd(730),
        prices.ON_DEMAND_IN.usd(0.2),
        prices.ON_DEMAND_OUT.usd(0.2),
        prices.ON_DEMAND_FAN_OUT.usd(2),
        prices.ON_DEMAND_EXTENDED_RETENTION.usd(1),
        prices.ON_DEMAND_LONG_TERM_RETENTION.usd(1),
    )
    assert sum(lines) == pytest.approx(29.45, abs=0.02)


def test_a_shard_that_nothing_is_written_to() -> None:
    assert usd(kinesis.provisioned(1)) == pytest.approx(10.95, abs=0.005)


def test_the_calculator_on_two_shards_with_ten_readers_of_fan_out() -> None:
    # 10 records/s of 10 KB, ten readers that share for nothing beside those: they size no shard.
    assert usd(kinesis.provisioned(2, Flow(10, 10), fan_out_readers=10), "us-east-2") == pytest.approx(273.85, abs=0.02)


def test_the_calculator_on_the_same_load_on_demand() -> None:
    charges = kinesis.on_demand(Flow(10, 10), shared_readers=10, fan_out_readers=10)
    assert usd(charges, "us-east-2") == pytest.approx(274.81, abs=0.02)


def test_the_calculator_on_the_least_of_advantage() -> None:
    flow = Flow(3, 200)
    charges = kinesis.advantage(flow.gib(730, 1), 2 * flow.gib(730))
    assert usd(charges, "us-east-2") == pytest.approx(3079.73, abs=0.1)


def test_the_least_of_advantage_is_about_a_hundred_dollars_a_day() -> None:
    gib = mib_per_second(1).gib(DAY)
    assert usd(kinesis.advantage(gib, gib, hours=DAY)) == pytest.approx(100, abs=2)


# Measured on AWS: https://aws.amazon.com/blogs/big-data/, March 2026. Records are read again now and then.


def test_ten_streams_of_100_mib_a_second_for_two_days_on_demand() -> None:
    each = [charge for _ in range(10) for charge in kinesis.on_demand(mib_per_second(10), shared_readers=1, hours=48)]
    assert usd(each) == pytest.approx(2071.75, abs=45)


def test_the_same_streams_with_advantage() -> None:
    gib = mib_per_second(100).gib(48)
    assert usd(kinesis.advantage(gib, gib, hours=48)) == pytest.approx(823.44, abs=20)


def test_ten_streams_below_the_least_with_advantage() -> None:
    flow = mib_per_second(15)
    kept = kinesis.kept_gib(flow, 24, 48) * DAY / 730  # for a day, not for a month
    assert usd(kinesis.advantage(flow.gib(DAY), flow.gib(DAY), kept, hours=DAY)) == pytest.approx(104, abs=3)


def test_ten_streams_below_the_least_on_demand() -> None:
    flow = mib_per_second(1.5)
    kept = kinesis_prices.ON_DEMAND_EXTENDED_RETENTION.usd(kinesis.kept_gib(flow, 24, 48) * DAY / 730)
    day = usd(kinesis.on_demand(flow, shared_readers=1, hours=DAY)) + kept
    assert 10 * day == pytest.approx(176, abs=13)


def test_ten_readers_of_fan_out_with_advantage() -> None:
    gib = mib_per_second(25).gib(DAY)
    assert usd(kinesis.advantage(gib, 10 * gib, hours=DAY)) == pytest.approx(419, abs=17)


@pytest.mark.parametrize(("record_bytes", "expected", "within"), [(500, 0.028, 0.0005), (25_000, 0.00056, 0.00002)])
def test_put_units_of_a_gigabyte(record_bytes: int, expected: float, within: float) -> None:
    records = 1e9 / record_bytes
    flow = Flow(records / 3600, record_bytes / 1024)
    written = next(charge for charge in kinesis.provisioned(1, flow, hours=1) if charge.what == "records written")
    assert one(written) == pytest.approx(expected, abs=within)


# --- https://aws.amazon.com/firehose/pricing/


def test_the_calculator_on_everything_that_firehose_does() -> None:
    flow = Flow(10_000, 5)
    gib = flow.gib(730)
    charges = [
        *firehose.delivered(flow, converts=True),
        *firehose.partitioned(gib, gib * 1024 / 64, 70),
        *firehose.in_vpc(gib * 1.3, 10),
    ]
    lines = [round(line.usd or 0, 2) for line in cost_lines("", charges, "us-east-2")]
    assert lines == [3634.07, 2255.63, 2506.26, 10.03, 4.9, 73.0, 1629.07]
    assert usd(charges, "us-east-2") == pytest.approx(10_112.96, abs=0.05)


def test_seven_petabytes_through_firehose_in_london() -> None:
    charges = [*firehose.delivered(gb_of(7_000_000), converts=True), *firehose.in_vpc(7_000_000, 2)]
    assert usd(charges, "eu-west-2") == pytest.approx(399_864.06, abs=0.5)


@pytest.mark.parametrize(("gb", "expected"), [(3_000_000, 86_848), (2_000_000, 62_560)])
def test_petabytes_have_tiers(gb: int, expected: float) -> None:
    assert usd(firehose.delivered(gb_of(gb)), "eu-west-2") == pytest.approx(expected, abs=0.5)


def test_many_small_partitioned_objects() -> None:
    charges = [*firehose.partitioned(47, 388_800), *s3.bucket(0, 388_800)]
    assert usd(charges) == pytest.approx(4.82, abs=0.03)


# --- https://aws.amazon.com/msk/pricing/


@pytest.mark.parametrize(
    ("instance_type", "brokers", "storage_gb", "expected"),
    [
        ("kafka.m5.24xlarge", 4, 4000, 29_833.6),
        ("kafka.t3.small", 2, 1000, 166.58),
        ("kafka.t3.small", 2, 100, 76.58),
        ("kafka.m7g.large", 3, 1500, 596.76),
        ("kafka.t3.small", 3, 300, 129.86),
        ("kafka.m5.large", 6, 5000 * 3, 2419.8),  # 5 TB of records, three replicas of each
    ],
)
def test_standard_brokers(instance_type: str, brokers: int, storage_gb: float, expected: float) -> None:
    charges = msk.standard(instance_type, brokers, storage_gb / brokers)
    assert usd(charges) == pytest.approx(expected, abs=0.05)


def test_private_connectivity() -> None:
    assert usd(msk.private_connectivity(1)) == pytest.approx(16.43, abs=0.01)


def test_what_is_written_to_express_brokers_in_tokyo() -> None:
    _, written = msk.express("express.m7g.large", 3, 8000)
    assert one(written, "ap-northeast-1") == pytest.approx(120, abs=3)


# --- https://aws.amazon.com/managed-service-apache-flink/pricing/


def test_an_application_of_ten_kpus_in_london() -> None:
    assert usd(flink.application(10, snapshots_gb=100), "eu-west-2") == pytest.approx(1080.21, abs=0.1)


def test_the_example_of_awss_documents_reckoned_right() -> None:
    # The page prints 1,684.03: it has 15,120 KPU-hours cost 1,584 USD, and they cost 1,663.20.
    assert usd(flink.application(20, snapshots_gb=1, hours=720)) == pytest.approx(1763.22, abs=0.05)


def test_the_example_of_awss_documents_for_batches() -> None:
    # 30 times 15 minutes; storage by the 720 hours of that month.
    assert usd(flink.application(2, hours=7.5, month=720)) == pytest.approx(2.58, abs=0.02)


@pytest.mark.parametrize(("kpus", "expected", "within"), [(2, 240.9, 0.02), (16, 1365.1, 0.5)])
def test_kpus_alone(kpus: int, expected: float, within: float) -> None:
    charged, *_ = flink.application(kpus)
    assert one(charged) == pytest.approx(expected, abs=within)


# --- https://aws.amazon.com/lambda/pricing/


def test_three_tiers_of_x86() -> None:
    charges = lambda_function.invoked(15e9, 2048, "x86_64", 2.048)
    assert usd(charges) == pytest.approx(857_203.3, abs=1)


def test_a_small_function() -> None:
    charges = lambda_function.invoked(100_000, 512, "x86_64", 0.35)
    assert usd(charges) == pytest.approx(0.31, abs=0.005)


def test_two_tiers_of_arm() -> None:
    charges = lambda_function.invoked(11.25e9, 1024, "arm64", 11.52 / 11.25)
    assert usd(charges) == pytest.approx(150_490.9, abs=1)


def test_pollers_of_ten_mappings_each_alone() -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html
    assert 10 * one(lambda_function.poller_units(1, hours=720)) == pytest.approx(1332, abs=0.01)


def test_pollers_of_ten_mappings_that_share_a_group() -> None:
    assert one(lambda_function.poller_units(10, hours=720)) == pytest.approx(133.2, abs=0.01)


# --- https://aws.amazon.com/dynamodb/pricing/


def test_a_table_on_demand_with_recovery_and_a_stream() -> None:
    charges = [
        *dynamodb.on_demand(3e6, 8e6),
        Charge("storage", dynamodb_prices.STORAGE, 230, "usage", ""),
        Charge("recovery", dynamodb_prices.POINT_IN_TIME, 2300, "usage", ""),
        dynamodb.stream_reads(2e6),
    ]
    # Backups on demand (46.00) and what is restored from them (34.50) are in that bill, and in no plan.
    assert usd(charges, "us-east-2") == pytest.approx(601.28 - 46 - 34.5, abs=0.02)


def test_a_table_with_provisioned_capacity() -> None:
    assert usd(dynamodb.provisioned(20, 30), "us-east-2") == pytest.approx(12.34, abs=0.02)


# --- https://aws.amazon.com/sqs/pricing/ and https://aws.amazon.com/sns/pricing/


def test_the_calculator_on_queues() -> None:
    # Of small messages each is three requests.
    charges = [sqs.messages(10e6 / 3), sqs.messages(10e6 / 3, is_fifo=True)]
    # 10 million messages with a group on a standard queue are 1.00 more: no plan has such.
    assert usd(charges, "us-east-2") == pytest.approx(10 - 1, abs=0.005)


@pytest.mark.parametrize(("kib", "requests"), [(64, 3), (65, 5), (128, 5), (500, 17)])
def test_each_64_kb_sent_and_received_is_a_request_and_a_deletion_is_one(kib: float, requests: int) -> None:
    assert one(sqs.messages(1e6, kib)) == pytest.approx(0.4 * requests, abs=0.005)


def test_the_calculator_on_a_topic() -> None:
    # It takes 100,000 notifications by HTTP and 1,000 e-mails off; 4.50 of push and 3.60 of data protection are in no plan.
    charges = sns.topic(10e6, http=10e6 - 100_000, email=10e6 - 1000, firehose=10e6)
    assert usd(charges) == pytest.approx(220.92 - 4.5 - 3.6, abs=0.02)


# --- https://aws.amazon.com/kms/pricing/


def test_the_calculator_on_keys() -> None:
    # 1.23 of that bill are requests with keys that are not symmetric, which no service here makes.
    assert usd([kms.keys(5), kms.requests(2e6)]) == pytest.approx(12.23 - 1.23, abs=0.02)


# --- https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/privatelink/pricing/


def test_a_nat_gateway() -> None:
    assert usd(vpc.nat_gateways(1, 100)) == pytest.approx(37.35, abs=0.01)


def test_the_calculator_on_a_regional_nat_gateway_of_three_zones() -> None:
    assert usd(vpc.nat_gateways(3, 1024), "eu-central-1") == pytest.approx(167.13, abs=0.01)


@pytest.mark.parametrize(("zones", "gb", "expected"), [(1, 1000, 17.3), (2, 0, 14.6)])
def test_an_interface_endpoint(zones: int, gb: float, expected: float) -> None:
    assert usd(vpc.endpoints(1, zones, gb)) == pytest.approx(expected, abs=0.01)


# --- https://aws.amazon.com/api-gateway/pricing/


def test_21_billion_requests_to_a_rest_api() -> None:
    assert one(api_gateway.requests(21e9)) == pytest.approx(49_763.1, abs=0.5)


def test_a_billion_requests_to_an_http_api() -> None:
    assert one(api_gateway.requests(1e9, is_http=True)) == pytest.approx(930, abs=0.05)


# --- https://aws.amazon.com/cloudwatch/pricing/


def test_a_log_group() -> None:
    assert usd(cloudwatch.logs(1000, stored_gb=500, queried_gb=250)) == pytest.approx(516.25, abs=0.01)


def test_an_anomaly_alarm_of_high_resolution() -> None:
    assert one(cloudwatch.alarms(3, count=1, high_resolution=True)) == pytest.approx(0.9, abs=0.001)


def test_60_tb_of_logs_of_functions() -> None:
    # Told in decimal TB; AWS's tiers are of 10,240 GB.
    assert usd(cloudwatch.logs(60_000, is_vended=True)) == pytest.approx(12_500, abs=320)
    assert cloudwatch_prices.LOGS_IN_VENDED.edges[0] == 10_240


# --- https://aws.amazon.com/s3/pricing/


def test_ten_terabytes_of_s3() -> None:
    assert usd(s3.bucket(10_000, 10_000, 10_000)) == pytest.approx(230.05, abs=0.01)
    assert s3_prices.STORAGE.edges[0] == 51_200


# --- https://aws.amazon.com/eventbridge/pricing/


def test_a_bus_with_an_archive() -> None:
    # What partners send is charged alike; 0.10 for finding schemas is in no plan.
    charges = eventbridge.bus(1e6 + 2e6, archived_gb=100, archive_gb=200)
    assert usd(charges) == pytest.approx(17.7 - 0.1, abs=0.01)


# --- https://aws.amazon.com/opensearch-service/pricing/


def test_volumes_of_a_domain() -> None:
    *_, volumes = opensearch.domain("m7g.large.search", 4, 100)
    assert one(volumes) == pytest.approx(48.8, abs=0.01)
