"""Files of AWS's price list: what is taken of them, what is not, and what they cannot do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.facts.prices import kinesis, lambda_function, msk
from streaming_constructs.facts.prices.named import price_of
from streaming_constructs.facts.prices.price import Price, Rate, UnknownRegionError, has_own_rates, own_rates
from streaming_constructs.facts.prices.usage_types import USAGE_TYPES
from streaming_constructs.planning.prices.own_prices import (
    OwnPricesError,
    rates_of,
    read_own_prices,
    with_list,
    write_own_prices,
)
from streaming_constructs.planning.prices.price_list import MOST_BYTES, PriceListError, differences, read_price_list
from tests.price_lists import flat, offer


def read(made: Any) -> Any:
    return read_price_list(json.dumps(made).encode())


def test_prices_are_found_by_usage_type_whatever_the_prefix_of_the_region() -> None:
    found = read(
        offer(
            "AmazonKinesis",
            ("EU-Storage-ShardHour", "eu-west-1", flat("0.0180000000")),
            ("Storage-ShardHour", "us-east-1", flat("0.0150000000")),
            ("APN1-PutRequestPayloadUnits", "ap-northeast-1", flat("0.0000000215")),
            ("EU-Extended-ShardHour-Other", "eu-west-1", flat("1")),
        )
    )
    assert (found.offer, found.published, found.refused) == ("AmazonKinesis", "2026-11-20", ())
    told = {(price.name, price.region): (price.rate.usd, price.before and price.before.usd) for price in found.prices}
    assert told == {
        ("kinesis.SHARD_HOUR", "eu-west-1"): ((0.018,), (0.017,)),
        ("kinesis.SHARD_HOUR", "us-east-1"): ((0.015,), (0.015,)),
        # A unit costs so much there, and a million of them here.
        ("kinesis.PUT_UNITS", "ap-northeast-1"): ((0.0215,), (0.0215,)),
    }
    assert [price.region for price in differences(found)] == ["eu-west-1"]
    assert "kinesis.EXTENDED_RETENTION" in found.missing
    assert "kinesis.SHARD_HOUR" not in found.missing


def test_infrequent_access_is_no_region() -> None:
    found = read(offer("AmazonDynamoDB", ("IA-WriteRequestUnits", "us-east-1", flat("0.00000078"))))
    assert (found.prices, found.refused) == ((), ())


def test_tiers_are_kept_and_what_is_free_is_left_out() -> None:
    tiers = [("0", "400000", "0"), ("400000", "6000000000", "0.0000166667"), ("6000000000", "Inf", "0.000015")]
    (price,) = read(offer("AWSLambda", ("Lambda-GB-Second", "us-east-1", tiers))).prices
    assert (price.rate.usd, price.rate.own_edges) == ((0.0000166667, 0.000015), (6e9,))


def test_brokers_are_found_by_their_type() -> None:
    (price,) = read(offer("AmazonMSK", ("APS1-Kafka.m7g.large", "ap-southeast-1", flat("0.255")))).prices
    assert (price.name, price.before) == ("msk.STANDARD_BROKER/kafka.m7g.large", None)


@pytest.mark.parametrize(
    ("product", "said"),
    [
        (("Storage-ShardHour", "us-east-1", flat("1.5")), "1.5 USD is more than 10 times away from 0.015"),
        (("Storage-ShardHour", "us-east-1", flat("0.0001")), "0.0001 USD is more than 10 times away from 0.015"),
        (("Storage-ShardHour", "us-east-1", flat("free")), "what it costs cannot be read"),
        (("Storage-ShardHour", "us-east-1", flat("NaN")), "what it costs cannot be read"),
        (("Storage-ShardHour", "us-east-1", flat("-0.015")), "what it costs cannot be read"),
        (("Storage-ShardHour", "us-east-1", [("0", "9", "0.015"), ("9", "5", "0.01")]), "what it costs cannot be read"),
    ],
)
def test_what_cannot_be_right_is_not_taken_and_told(product: Any, said: str) -> None:
    found = read(offer("AmazonKinesis", product))
    assert found.prices == ()
    assert found.refused == (
        f"kinesis.SHARD_HOUR in us-east-1: {said}" + (": it is not taken" if "times" in said else ""),
    )


def test_two_prices_of_one_thing_are_not_taken() -> None:
    twice = [("Storage-ShardHour", "us-east-1", flat(usd)) for usd in ("0.015", "0.016")]
    assert read(offer("AmazonKinesis", *twice)).refused == (
        "kinesis.SHARD_HOUR in us-east-1: the list has 2 different prices for it",
    )
    assert len(read(offer("AmazonKinesis", twice[0], twice[0])).prices) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is no JSON"),
        (b"offerCode,AmazonKinesis\n", "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[]", "it has no `offerCode`"),
        (b'{"offerCode": "AmazonEC2"}', "nothing here is charged by `AmazonEC2`; read are AmazonKinesis, AmazonMSK"),
        (b'{"offerCode": "AmazonKinesis"}', "`products` or `terms.OnDemand` is missing"),
        (b'{"offerCode": "AmazonKinesis", "products": {}, "terms": {"OnDemand": {}}}', "when it was published"),
        (b" " * (MOST_BYTES + 1), "it is larger than 64 MiB"),
    ],
    ids=range(9),
)
def test_what_is_no_price_list_is_told(content: bytes, said: str) -> None:
    with pytest.raises(PriceListError, match=said):
        read_price_list(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(products=json_values, terms=json_values, sku=json_values, price=json_values)
def test_whatever_is_in_a_list_it_is_read_or_refused(products: Any, terms: Any, sku: Any, price: Any) -> None:
    made = offer("AmazonKinesis", ("Storage-ShardHour", "us-east-1", flat("0.015")))
    made["products"]["SKU1"], made["terms"]["OnDemand"]["SKU0"] = sku, price
    for content in ({**made, "products": products}, {**made, "terms": terms}, made):
        try:
            read(content)
        except PriceListError:
            continue


def test_every_usage_type_is_of_a_price_that_there_is_and_of_one_alone() -> None:
    names = [name for usage_types in USAGE_TYPES.values() for name in usage_types.values()]
    assert len(names) == len(set(names))
    assert [name for name in names if price_of(name) is None] == []


@pytest.mark.parametrize(
    "name", ["", "kinesis", "kinesis.NOTHING", "nothing.SHARD_HOUR", "kinesis.PUT_UNIT_KIB", "os.PATH", "msk.VOLUME/x"]
)
def test_what_is_no_price_has_no_name(name: str) -> None:
    assert price_of(name) is None


def test_own_rates_come_first_as_long_as_they_last() -> None:
    own = [(kinesis.SHARD_HOUR, "eu-west-1", Rate((0.5,), "2026-11-20", source="own"))]
    with own_rates(own):
        assert kinesis.SHARD_HOUR.usd(2, "eu-west-1") == 1
        assert kinesis.EXTENDED_RETENTION.usd(2, "eu-west-1") == 0.046
        assert has_own_rates("eu-west-1")
    assert kinesis.SHARD_HOUR.usd(2, "eu-west-1") == 0.034
    assert not has_own_rates("eu-west-1")


def test_own_tiers_and_own_regions_count() -> None:
    rate = Rate((1.0, 0.5), "2026-11-20", own_edges=(10.0,), source="own")
    with own_rates([(lambda_function.DURATION_X86, "cn-north-1", rate)]):
        assert lambda_function.DURATION_X86.usd(12, "cn-north-1") == 11
        with pytest.raises(UnknownRegionError):
            kinesis.SHARD_HOUR.usd(1, "cn-north-1")


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "prices.json"
    first = read(offer("AmazonKinesis", ("EU-Storage-ShardHour", "eu-west-1", flat("0.018"))))
    second = read(offer("AmazonMSK", ("EU-Kafka.m7g.large", "eu-west-1", flat("0.23"))))
    for found in (first, second):
        write_own_prices(kept, with_list(read_own_prices(kept), found))
    made: list[tuple[Price, str, Rate]] = list(rates_of(read_own_prices(kept)))
    assert [(region, rate.usd, rate.copied) for _, region, rate in made] == [
        ("eu-west-1", (0.018,), "2026-11-20"),
        ("eu-west-1", (0.23,), "2026-11-20"),
    ]
    assert [price for price, _, _ in made] == [kinesis.SHARD_HOUR, msk.STANDARD_BROKER["kafka.m7g.large"]]
    assert made[0][2].source == "AWS price list of AmazonKinesis, published 2026-11-20"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["prices.json"]


GOOD = {"usd": [0.018], "edges": [], "offer": "AmazonKinesis", "published": "2026-11-20"}
WRONG: list[dict[str, Any]] = [
    {"usd": []},
    {"usd": ["1"]},
    {"usd": [-1]},
    {"edges": [1]},
    {"offer": None},
    {"usd": None},
]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([], "none that `streaming-constructs prices refresh` wrote"),
        ({"form": 2, "prices": {}}, "none that"),
        ({"form": 1, "prices": []}, "none that"),
        ({"form": 1, "prices": {"kinesis.NOTHING": {}}}, "there is no price `kinesis.NOTHING`"),
        ({"form": 1, "prices": {"kinesis.SHARD_HOUR": []}}, "there is no price"),
        ({"form": 1, "prices": {"kinesis.SHARD_HOUR": {"moon": GOOD}}}, "is no price"),
        *(
            ({"form": 1, "prices": {"kinesis.SHARD_HOUR": {"eu-west-1": {**GOOD, **wrong}}}}, "is no price")
            for wrong in WRONG
        ),
    ],
    ids=range(12),
)
def test_a_file_of_own_prices_that_nobody_wrote_so_is_told(made: Any, said: str, tmp_path: Path) -> None:
    kept = tmp_path / "prices.json"
    kept.write_text(json.dumps(made))
    with pytest.raises(OwnPricesError, match=said):
        read_own_prices(kept)
