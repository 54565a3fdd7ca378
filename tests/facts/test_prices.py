"""Prices: each row against values written here anew, and what holds of all of them."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import streaming_constructs.facts.prices as package
from streaming_constructs.facts import msk as msk_facts
from streaming_constructs.facts import opensearch as opensearch_facts
from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices import api_gateway, firehose, kinesis, msk, opensearch, sqs
from streaming_constructs.facts.prices.factors import factor
from streaming_constructs.facts.prices.price import REGIONS, Price, UnknownRegionError

MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))

Tiers = float | tuple[float, ...]

EVERYWHERE: dict[str, dict[str, tuple[Tiers, Tiers, Tiers]]] = {
    "kinesis": {
        "SHARD_HOUR": (0.015, 0.015, 0.017),
        "PUT_UNITS": (0.014, 0.014, 0.0165),
        "EXTENDED_RETENTION": (0.02, 0.02, 0.023),
        "LONG_TERM_RETENTION": (0.023, 0.023, 0.023),
        "FAN_OUT_HOUR": (0.015, 0.015, 0.017),
        "FAN_OUT_DATA": (0.013, 0.013, 0.0147),
        "ON_DEMAND_STREAM_HOUR": (0.04, 0.04, 0.045),
        "ON_DEMAND_IN": (0.08, 0.08, 0.091),
        "ON_DEMAND_OUT": (0.04, 0.04, 0.045),
        "ON_DEMAND_FAN_OUT": (0.05, 0.05, 0.057),
        "ON_DEMAND_EXTENDED_RETENTION": (0.1, 0.1, 0.11),
        "ON_DEMAND_LONG_TERM_RETENTION": (0.023, 0.023, 0.023),
        "ADVANTAGE_IN": (0.032, 0.032, 0.0364),
        "ADVANTAGE_OUT": (0.016, 0.016, 0.018),
        "ADVANTAGE_RETENTION": (0.023, 0.023, 0.023),
    },
    "msk": {
        "STANDARD_BROKER[kafka.t3.small]": (0.0456, 0.0456, 0.0499),
        "STANDARD_BROKER[kafka.m5.large]": (0.21, 0.21, 0.234),
        "STANDARD_BROKER[kafka.m5.xlarge]": (0.42, 0.42, 0.468),
        "STANDARD_BROKER[kafka.m5.2xlarge]": (0.84, 0.84, 0.936),
        "STANDARD_BROKER[kafka.m5.4xlarge]": (1.68, 1.68, 1.872),
        "STANDARD_BROKER[kafka.m5.8xlarge]": (3.36, 3.36, 3.749),
        "STANDARD_BROKER[kafka.m5.12xlarge]": (5.04, 5.04, 5.616),
        "STANDARD_BROKER[kafka.m5.16xlarge]": (6.73, 6.73, 7.499),
        "STANDARD_BROKER[kafka.m5.24xlarge]": (10.08, 10.08, 11.232),
        "STANDARD_BROKER[kafka.m7g.large]": (0.204, 0.204, 0.2275),
        "STANDARD_BROKER[kafka.m7g.xlarge]": (0.408, 0.408, 0.4548),
        "STANDARD_BROKER[kafka.m7g.2xlarge]": (0.816, 0.816, 0.9095),
        "STANDARD_BROKER[kafka.m7g.4xlarge]": (1.632, 1.632, 1.819),
        "STANDARD_BROKER[kafka.m7g.8xlarge]": (3.264, 3.264, 3.638),
        "STANDARD_BROKER[kafka.m7g.12xlarge]": (4.896, 4.896, 5.457),
        "STANDARD_BROKER[kafka.m7g.16xlarge]": (6.528, 6.528, 7.276),
        "VOLUME": (0.1, 0.1, 0.11),
        "VOLUME_THROUGHPUT": (0.08, 0.08, 0.088),
        "TIERED": (0.06, 0.06, 0.06),
        "TIERED_READ": (0.0015, 0.0015, 0.0015),
        "EXPRESS_BROKER[express.m7g.large]": (0.408, 0.476, 0.455),
        "EXPRESS_BROKER[express.m7g.xlarge]": (0.816, 0.952, 0.91),
        "EXPRESS_BROKER[express.m7g.2xlarge]": (1.632, 1.904, 1.82),
        "EXPRESS_BROKER[express.m7g.4xlarge]": (3.264, 3.808, 3.64),
        "EXPRESS_BROKER[express.m7g.8xlarge]": (6.528, 7.616, 7.28),
        "EXPRESS_BROKER[express.m7g.12xlarge]": (9.792, 11.424, 10.92),
        "EXPRESS_BROKER[express.m7g.16xlarge]": (13.056, 15.232, 14.56),
        "EXPRESS_IN": (0.01, 0.0117, 0.011),
        "EXPRESS_STORAGE": (0.1, 0.1, 0.11),
        "SERVERLESS_CLUSTER": (0.75, 0.75, 0.8625),
        "SERVERLESS_PARTITION": (0.0015, 0.0015, 0.001725),
        "SERVERLESS_IN": (0.1, 0.1, 0.115),
        "SERVERLESS_OUT": (0.05, 0.05, 0.0575),
        "SERVERLESS_STORAGE": (0.1, 0.1, 0.115),
        "CONNECT_MCU": (0.11, 0.11, 0.123),
        "REPLICATOR": (0.3, 0.3, 0.3),
        "REPLICATOR_DATA": (0.08, 0.08, 0.08),
        "PRIVATE_CONNECTIVITY": (0.0225, 0.0225, 0.0252),
        "PRIVATE_CONNECTIVITY_DATA": (0.006, 0.006, 0.006),
    },
    "lambda_function": {
        "REQUESTS": (0.2, 0.2, 0.2),
        "DURATION_X86": (
            (1.66667e-05, 1.5e-05, 1.33334e-05),
            (1.66667e-05, 1.5e-05, 1.33334e-05),
            (1.66667e-05, 1.5e-05, 1.33334e-05),
        ),
        "DURATION_ARM64": (
            (1.33334e-05, 1.20001e-05, 1.06667e-05),
            (1.33334e-05, 1.20001e-05, 1.06667e-05),
            (1.33334e-05, 1.20001e-05, 1.06667e-05),
        ),
        "POLLER_UNIT": (0.185, 0.185, 0.207),
    },
    "s3": {
        "STORAGE": ((0.023, 0.022, 0.021), (0.023, 0.022, 0.021), (0.023, 0.022, 0.021)),
        "PUT": (0.005, 0.005, 0.005),
        "GET": (0.0004, 0.0004, 0.0004),
    },
    "dynamodb": {
        "WRITE_UNITS": (0.625, 0.625, 0.705),
        "READ_UNITS": (0.125, 0.125, 0.1415),
        "WRITE_CAPACITY": (0.00065, 0.00065, 0.000735),
        "READ_CAPACITY": (0.00013, 0.00013, 0.000147),
        "STORAGE": (0.25, 0.25, 0.283),
        "POINT_IN_TIME": (0.2, 0.2, 0.22),
        "STREAM_READS": (0.2, 0.2, 0.226),
    },
    "api_gateway": {
        "REST_REQUESTS": ((3.5, 2.8, 2.38, 1.51), (3.5, 2.8), (3.5, 3.19)),
        "HTTP_REQUESTS": ((1.0, 0.9), (1.0, 0.9), (1.11, 1.0)),
    },
    "cloudwatch": {
        "ALARM": (0.1, 0.1, 0.1),
        "HIGH_RESOLUTION_ALARM": (0.3, 0.3, 0.3),
        "CUSTOM_METRIC": ((0.3, 0.1, 0.05, 0.02), (0.3, 0.1, 0.05, 0.02), (0.3, 0.1, 0.05, 0.02)),
        "LOGS_IN": (0.5, 0.5, 0.57),
        "LOGS_IN_VENDED": ((0.5, 0.25, 0.1, 0.05), (0.5, 0.25, 0.1, 0.05), (0.57, 0.285, 0.114, 0.057)),
        "LOGS_STORAGE": (0.03, 0.03, 0.03),
        "LOGS_QUERIED": (0.005, 0.005, 0.0057),
    },
    "kms": {
        "KEY": (1.0, 1.0, 1.0),
        "REQUESTS": (0.03, 0.03, 0.03),
    },
    "sns": {
        "PUBLISHED": (0.5, 0.5, 0.5),
        "HTTP": (0.6, 0.6, 0.6),
        "FIREHOSE": (0.19, 0.19, 0.19),
    },
    "vpc": {
        "NAT_HOUR": (0.045, 0.045, 0.048),
        "NAT_DATA": (0.045, 0.045, 0.048),
        "ENDPOINT_HOUR": (0.01, 0.01, 0.011),
        "ENDPOINT_DATA": ((0.01, 0.006, 0.004), (0.01, 0.006, 0.004), (0.01, 0.006, 0.004)),
    },
}
"""In us-east-1, in us-west-2 and in eu-west-1, by module."""

SOMEWHERE: dict[str, dict[str, dict[str, Tiers]]] = {
    "firehose": {
        "IN": {
            "us-east-1": (0.029, 0.025, 0.02),
            "us-east-2": (0.029, 0.025, 0.02),
            "eu-west-2": (0.035, 0.03, 0.024),
            "eu-central-1": 0.033,
        },
        "IN_FROM_MSK": {"us-east-1": 0.055},
        "CONVERSION": {"us-east-1": 0.018, "us-east-2": 0.018, "eu-west-2": 0.021},
        "PARTITIONED": {"us-east-1": 0.02, "us-east-2": 0.02},
        "PARTITIONED_OBJECTS": {"us-east-1": 0.005, "us-east-2": 0.005},
        "JQ_HOUR": {"us-east-1": 0.07, "us-east-2": 0.07},
        "VPC_DATA": {"us-east-1": 0.01, "us-east-2": 0.01, "eu-west-2": 0.01},
        "VPC_HOUR": {"us-east-1": 0.01, "us-east-2": 0.01, "eu-west-2": 0.011},
        "SNOWFLAKE": {"us-east-1": 0.071},
        "ICEBERG": {"us-east-1": 0.045},
    },
    "flink": {
        "KPU_HOUR": {"us-east-1": 0.11, "eu-west-2": 0.127},
        "RUNNING_STORAGE": {"us-east-1": 0.1, "eu-west-2": 0.116},
        "SNAPSHOTS": {"us-east-1": 0.023, "eu-west-2": 0.024},
    },
    "sqs": {
        "STANDARD": {"us-east-1": (0.4, 0.3, 0.24), "us-east-2": (0.4, 0.3, 0.24)},
        "FIFO": {"us-east-1": (0.5, 0.4, 0.35), "us-east-2": (0.5, 0.4, 0.35)},
    },
    "lambda_function": {"PROVISIONED_X86": {"us-east-1": 0.0000041667}},
    "sns": {"EMAIL": {"us-east-1": 2.0}},
    "opensearch": {
        "GP3": {"us-east-1": 0.122},
        "NODE_HOUR[t3.small.search]": {"us-east-1": 0.036},
        "NODE_HOUR[t3.medium.search]": {"us-east-1": 0.073},
        "NODE_HOUR[m7g.medium.search]": {"us-east-1": 0.067},
        "NODE_HOUR[m7g.large.search]": {"us-east-1": 0.134},
        "NODE_HOUR[m7g.xlarge.search]": {"us-east-1": 0.268},
        "NODE_HOUR[m7g.2xlarge.search]": {"us-east-1": 0.536},
        "NODE_HOUR[m7g.4xlarge.search]": {"us-east-1": 1.072},
        "NODE_HOUR[r7g.medium.search]": {"us-east-1": 0.088},
        "NODE_HOUR[r7g.large.search]": {"us-east-1": 0.176},
        "NODE_HOUR[r7g.xlarge.search]": {"us-east-1": 0.352},
        "NODE_HOUR[r7g.2xlarge.search]": {"us-east-1": 0.704},
        "NODE_HOUR[r7g.4xlarge.search]": {"us-east-1": 1.408},
    },
    "eventbridge": {
        "EVENTS": {"us-east-1": 1.0},
        "ARCHIVED": {"us-east-1": 0.1},
        "ARCHIVE_STORAGE": {"us-east-1": 0.023},
    },
    "cloudwatch": {"DASHBOARD": {"us-east-1": 3.0}},
    "secrets_manager": {"SECRET": {"us-east-1": 0.4}},
    "vpc": {
        "BETWEEN_ZONES": {"us-east-1": 0.01, "us-east-2": 0.01, "eu-central-1": 0.01},
        "BETWEEN_REGIONS": {"us-east-1": 0.02, "ap-northeast-1": 0.09},
    },
}
"""What is known of some regions alone, by module: all of it."""


def written_in(module: str) -> Iterator[tuple[str, Any]]:
    for name, value in vars(importlib.import_module(f"streaming_constructs.facts.prices.{module}")).items():
        if isinstance(value, Mapping) and not name.startswith("_"):
            yield from ((f"{name}[{key}]", one) for key, one in value.items())
        elif not name.startswith("_"):
            yield name, value


def prices() -> dict[str, Price]:
    return {
        f"{module}.{name}": value
        for module in MODULES
        for name, value in written_in(module)
        if isinstance(value, Price)
    }


def tiers(value: Tiers) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def test_every_price_of_all_regions_is_what_it_was_copied_as() -> None:
    known = prices()
    for module, rows in EVERYWHERE.items():
        for name, values in rows.items():
            price = known[f"{module}.{name}"]
            found = tuple(price.rates[region].usd for region in ("us-east-1", "us-west-2", "eu-west-1"))
            assert found == tuple(map(tiers, values)), f"{module}.{name}"
            assert set(price.rates) == set(REGIONS), f"{module}.{name}"


def test_every_price_of_some_regions_is_what_it_was_copied_as() -> None:
    known = prices()
    for module, rows in SOMEWHERE.items():
        for name, values in rows.items():
            found = {region: rate.usd for region, rate in known[f"{module}.{name}"].rates.items()}
            assert found == {region: pytest.approx(tiers(usd)) for region, usd in values.items()}, f"{module}.{name}"


def test_no_price_is_left_out_here() -> None:
    held = {f"{module}.{name}" for table in (EVERYWHERE, SOMEWHERE) for module, rows in table.items() for name in rows}
    assert set(prices()) == held


def test_a_price_names_a_page_of_aws_a_day_and_a_unit() -> None:
    for name, price in prices().items():
        assert price.source.startswith("https://aws.amazon.com/"), name
        assert price.source.endswith(("/pricing/", "/on-demand/", "/provisioned/")), name
        assert price.unit, name
        for rate in price.rates.values():
            assert "2024-07" <= rate.copied <= "2026-11", name
            assert rate.confidence in {"high", "medium"}, name
            assert rate.factor is None


def test_facts_beside_prices_have_a_page_and_a_day() -> None:
    found = {name: one for module in MODULES for name, one in written_in(module) if isinstance(one, Fact)}
    assert {name for name, fact in found.items() if "aws.amazon.com/" not in fact.source} == set()
    assert {name: fact.value for name, fact in found.items()} == {
        "PUT_UNIT_KIB": 25,
        "ADVANTAGE_LEAST_MIB_PER_SECOND": 25,
        "RECORD_KIB": 5,
        "REQUEST_KIB": 64,
        "EVENT_KIB": 64,
        "UNIT_POLLERS": 10,
        "UNIT_MB_PER_SECOND": 20,
    }


def test_tiers_get_cheaper_and_edges_greater() -> None:
    for name, price in prices().items():
        assert list(price.edges) == sorted(set(price.edges)), name
        for rate in price.rates.values():
            assert all(more > less for more, less in pairwise(rate.usd)), name
            assert 1 <= len(rate.usd) <= len(price.edges) + 1, name
            assert min(rate.usd) > 0, name


def test_us_east_1_is_known_of_every_price() -> None:
    assert [name for name, price in prices().items() if "us-east-1" not in price.rates] == []


def test_every_instance_that_can_be_chosen_has_a_price() -> None:
    assert set(msk.STANDARD_BROKER) == set(msk_facts.STANDARD_BROKERS)
    assert set(msk.EXPRESS_BROKER) == set(msk_facts.EXPRESS_BROKERS)
    assert set(opensearch.NODE_HOUR) == set(opensearch_facts.INSTANCE_TYPES)


def test_express_costs_twice_the_standard_but_in_oregon() -> None:
    ratios = {
        region: round(
            msk.EXPRESS_BROKER["express.m7g.large"].rate(region).usd[0]
            / msk.STANDARD_BROKER["kafka.m7g.large"].rate(region).usd[0],
            2,
        )
        for region in REGIONS
    }
    assert ratios == {region: 2.33 if region == "us-west-2" else 2.0 for region in REGIONS}


@pytest.mark.parametrize("region", REGIONS)
def test_advantage_is_two_fifths_of_on_demand(region: str) -> None:
    pairs = ((kinesis.ADVANTAGE_IN, kinesis.ON_DEMAND_IN), (kinesis.ADVANTAGE_OUT, kinesis.ON_DEMAND_OUT))
    for less, more in pairs:
        assert less.rate(region).usd[0] == pytest.approx(0.4 * more.rate(region).usd[0])


def test_tiers_are_added_up() -> None:
    assert firehose.IN.usd(2_000_000, "eu-west-2") == pytest.approx(512_000 * 0.035 + 1_488_000 * 0.03)
    # The second tier of Frankfurt is not known: it is charged as the first.
    assert firehose.IN.usd(600_000, "eu-central-1") == pytest.approx(600_000 * 0.033)
    assert sqs.STANDARD.usd(250e9) == pytest.approx(100_000 * 0.4 + 100_000 * 0.3 + 50_000 * 0.24)


@pytest.mark.parametrize(
    ("millions", "cost"),
    [(1, 3.5), (333, 1165.5), (334, 1168.3), (1000, 3033.1), (20_000, 48_253.1), (20_001, 48_254.61)],
)
def test_what_requests_to_rest_apis_cost(millions: float, cost: float) -> None:
    assert api_gateway.REST_REQUESTS.usd(millions * 1e6) == pytest.approx(cost, abs=0.01)


@given(name=st.sampled_from(sorted(prices())), edge=st.integers(0, 2), region=st.sampled_from(REGIONS))
def test_a_cost_has_no_jump_at_the_edge_of_a_tier(name: str, edge: int, region: str) -> None:
    price = prices()[name]
    if edge < len(price.edges):
        at = price.edges[edge]
        less, more = (price.usd(at * factor, region, reckoned=True) for factor in (1 - 1e-9, 1 + 1e-9))
        assert less <= more == pytest.approx(less, rel=1e-6)


@given(
    name=st.sampled_from(sorted(prices())),
    region=st.sampled_from(REGIONS),
    quantities=st.tuples(st.floats(0, 1e13), st.floats(0, 1e13)),
)
def test_more_never_costs_less(name: str, region: str, quantities: tuple[float, float]) -> None:
    price = prices()[name]
    less, more = (price.usd(quantity, region, reckoned=True) for quantity in sorted(quantities))
    assert 0 <= less <= more


def test_a_region_without_a_price_is_refused_unless_it_is_reckoned() -> None:
    for price in (kinesis.SHARD_HOUR, firehose.JQ_HOUR):
        with pytest.raises(UnknownRegionError, match="sa-east-1"):
            price.rate("sa-east-1")
    reckoned = kinesis.SHARD_HOUR.rate("sa-east-1", reckoned=True)
    assert (reckoned.usd, reckoned.factor, reckoned.confidence) == ((0.03,), 2.0, "low")
    assert firehose.JQ_HOUR.usd(10, "eu-west-1", reckoned=True) == pytest.approx(0.7 * 1.13)
    with pytest.raises(UnknownRegionError):  # not offered there
        msk.SERVERLESS_CLUSTER.rate("sa-east-1", reckoned=True)
    # Brokers on Graviton cost less in Mumbai, and others more.
    mumbai = [
        msk.STANDARD_BROKER[f"kafka.{size}"].rate("ap-south-1", reckoned=True).factor
        for size in ("m7g.large", "m5.large")
    ]
    assert mumbai == [0.71, 1.17]


def test_what_costs_the_same_in_all_known_regions_is_taken_to_cost_that_elsewhere() -> None:
    alike = importlib.import_module("streaming_constructs.facts.prices.kms").KEY
    reckoned = alike.rate("sa-east-1", reckoned=True)
    assert (reckoned.usd, reckoned.factor, reckoned.confidence) == ((1.0,), 1.0, "low")


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "mars-north-1"])
def test_a_region_of_which_nothing_is_known_is_refused_in_any_case(region: str) -> None:
    with pytest.raises(UnknownRegionError):
        kinesis.SHARD_HOUR.usd(1, region, reckoned=True)


@pytest.mark.parametrize("region", REGIONS)
def test_factors_agree_with_the_prices_that_they_are_of(region: str) -> None:
    assert factor(region, "shard_hour") == pytest.approx(kinesis.SHARD_HOUR.rate(region).usd[0] / 0.015, abs=0.006)
    assert factor(region, "on_demand") == pytest.approx(kinesis.ON_DEMAND_IN.rate(region).usd[0] / 0.08, abs=0.006)
    large = msk.STANDARD_BROKER["kafka.m7g.large"].rate(region).usd[0]
    assert factor(region, "graviton") == pytest.approx(large / 0.204, abs=0.006)


def test_prices_of_a_service_load_no_others() -> None:
    code = "import sys, streaming_constructs.facts.prices.kinesis; print(*sorted(m for m in sys.modules if '.prices.' in m))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name.rpartition(".")[2] for name in loaded] == ["factors", "kinesis", "price"]
