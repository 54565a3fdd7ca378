"""What is advised, whatever was said: something or nothing, never what cannot do it, each option as large as it has to be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.facts import kinesis, msk
from streaming_constructs.planning.advice.advice import Advice, advise
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import CONSTRAINTS, reasons
from streaming_constructs.planning.advice.options import OPTIONS
from streaming_constructs.planning.advice.questionnaires import QUESTIONS, score
from streaming_constructs.planning.advice.sizes import size
from streaming_constructs.planning.costs.cost_line import cost_lines
from tests.planning.advice.any_answers import ANSWERS, LOADS


def advice(**said: Any) -> Advice:
    return advise(Answers(**{"records_per_second": 1000, **said}))


def out(given: Advice) -> dict[str, list[str]]:
    return {each.option.name: [reason.id for reason in each.reasons] for each in given.out}


@settings(max_examples=60)
@given(ANSWERS)
def test_every_option_is_either_out_with_its_reasons_or_left_with_its_numbers(answers: Answers) -> None:
    given = advise(answers)
    gone, left = {each.option.name for each in given.out}, {each.option.name for each in given.left}
    assert gone | left == set(OPTIONS)
    assert not gone & left
    assert all(each.reasons for each in given.out)
    assert all(reason.text and reason.source.startswith("https://") for each in given.out for reason in each.reasons)
    assert all(each.usd > 0 for each in given.left)
    assert [each.choice for each in given.left if each.choice] == list(
        range(1, 1 + sum(each.choice > 0 for each in given.left))
    )
    assert given.winner is None if not left else given.winner is not None and given.winner.choice == 1


@settings(max_examples=60)
@given(ANSWERS)
def test_what_is_out_is_never_advised(answers: Answers) -> None:
    given = advise(answers)
    assert all(reasons(each.option.name, answers) == () for each in given.left)
    assert all(size(each.option.name, answers).shortfalls == () for each in given.left)


def shards(text: str) -> int:
    return number(r"([\d,]+) shard", text)


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, text
    return int(found[1].replace(",", ""))


@settings(max_examples=60)
@given(ANSWERS)
def test_a_size_carries_the_load_and_keeps_to_its_limits(answers: Answers) -> None:
    left = {each.option.name: each.size.text for each in advise(answers).left}
    peak = answers.peak
    if text := left.get("kinesis_provisioned"):
        assert peak.mib <= shards(text) <= kinesis.SHARDS_LARGE_REGIONS_QUOTA.value
        assert peak.records <= shards(text) * kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value
    if text := left.get("msk_serverless"):
        partitions = number(r"([\d,]+) partition", text)
        assert peak.mib <= partitions * msk.SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND.value
        assert max(partitions, answers.partitions or 1) <= msk.SERVERLESS_PARTITIONS.value
        assert partitions >= (answers.partitions or 1)
    if text := left.get("msk_express"):
        brokers, type_ = number(r"^([\d,]+) x", text), text.split()[2].rstrip(",")
        assert brokers <= msk.BROKERS_KRAFT.value
        assert peak.mib <= brokers * msk.EXPRESS_BROKERS[type_].ingress_most
        assert peak.mib * answers.all_readers <= brokers * msk.EXPRESS_BROKERS[type_].egress_most
    if text := left.get("msk"):
        assert number(r"^([\d,]+) x", text) <= msk.BROKERS_KRAFT.value
        assert number(r"([\d,]+) GiB", text) in msk.VOLUME_GIB


@settings(max_examples=60)
@given(LOADS, st.sampled_from(list(OPTIONS)), st.floats(1, 20), st.sampled_from([0, 1, 3, 8]))
def test_more_load_costs_no_less(load: dict[str, Any], option: str, times: float, readers: int) -> None:
    def usd(load: dict[str, Any]) -> float | None:
        sized = size(option, Answers(**load, readers=readers))
        return None if sized.shortfalls else sum(line.usd or 0 for line in cost_lines("", sized.charges, "us-east-1"))

    less, more = usd(load), usd({**load, "records_per_second": load["records_per_second"] * times})
    assert less is None or more is None or less <= more * (1 + 1e-9)


@pytest.mark.parametrize(
    ("said", "option", "id_"),
    [
        ({"protocol": "kafka"}, "kinesis_provisioned", "H1"),
        ({"needs": ["connect"]}, "sqs", "H1"),
        ({"largest_record_kb": 10_241}, "kinesis_on_demand", "H2"),
        ({"largest_record_kb": 8193}, "msk_serverless", "H2"),
        ({"largest_record_kb": 1001, "purpose": "delivery"}, "firehose", "H2"),
        ({"largest_record_kb": 1025}, "sqs", "H2"),
        ({"largest_record_kb": 1025}, "eventbridge", "H2"),
        ({"record_kb": 1100, "records_per_second": 1}, "kinesis_provisioned", "H2"),
        ({"mb_per_second": 100, "peak_factor": 2.1}, "msk_serverless", "H3"),
        ({"mb_per_second": 150, "readers": 3}, "msk_serverless", "H3"),
        ({"readers": 501}, "msk_serverless", "H3"),
        ({"partitions": 2401}, "msk_serverless", "H3"),
        ({"partitions": 121, "needs": ["compaction"]}, "msk_serverless", "H3"),
        ({"auth": "mtls"}, "msk_serverless", "H4"),
        ({"auth": "sasl_scram"}, "kinesis_provisioned", "H4"),
        ({"auth": "mtls", "purpose": "delivery"}, "msk", "H4"),
        ({"needs": ["prometheus"]}, "msk_serverless", "H5"),
        ({"needs": ["tiered_storage"], "retention_days": 30}, "msk_express", "H6"),
        ({"needs": ["replication"]}, "msk_express", "H6"),
        ({"needs": ["tiered_storage"], "retention_days": 2}, "msk", "H6"),
        ({"needs": ["tiered_storage", "compaction"], "retention_days": 30}, "msk", "H6"),
        ({"retention_days": 366}, "kinesis_advantage", "H8"),
        ({"retention_days": 15}, "sqs", "H8"),
        ({"retention_hours": 25, "purpose": "delivery"}, "firehose", "H8"),
        ({"ordering": "per_key", "busiest_key_records_per_second": 1001}, "kinesis_provisioned", "H9"),
        ({"ordering": "per_key", "busiest_key_records_per_second": 900, "record_kb": 2}, "kinesis_on_demand", "H9"),
        ({"ordering": "per_key", "busiest_key_records_per_second": 6000}, "msk_serverless", "H9"),
        ({"ordering": "per_key", "busiest_key_records_per_second": 16_000}, "msk_express", "H9"),
        ({"ordering": "per_key", "busiest_key_records_per_second": 3001}, "sqs", "H9"),
        ({"latency_ms": 69}, "kinesis_provisioned", "H10"),
        ({"latency_ms": 4999, "purpose": "delivery"}, "firehose", "H10"),
        ({}, "firehose", "H11"),
        ({"readers": 2}, "sqs", "H11"),
        ({"purpose": "delivery"}, "sqs", "H11"),
        ({"readers": 21}, "kinesis_provisioned", "H11"),
        ({"readers": 51}, "kinesis_advantage", "H11"),
        ({"replay": True}, "sqs", "H12"),
        ({"ordering": "per_key"}, "eventbridge", "H13"),
        ({"mb_per_second": 250, "region": "eu-west-2"}, "kinesis_on_demand", "H14"),
        ({"mb_per_second": 900, "region": "eu-west-2"}, "kinesis_provisioned", "H14"),
        ({"ordering": "per_key", "records_per_second": 24_001, "region": "eu-north-1"}, "sqs", "H14"),
        ({"records_per_second": 18_751}, "eventbridge", "H14"),
        ({"region": "sa-east-1"}, "msk_serverless", "H15"),
    ],
)
def test_a_hard_constraint(said: dict[str, Any], option: str, id_: str) -> None:
    load = {} if "mb_per_second" in said or "records_per_second" in said else {"records_per_second": 1000}
    assert id_ in out(advise(Answers(**load, **said)))[option]


def test_a_limit_that_is_just_kept_is_no_constraint() -> None:
    kept = advice(records_per_second=18_750, largest_record_kb=1024, retention_days=14, readers=1)
    assert {"sqs", "eventbridge", "kinesis_provisioned"} <= {each.option.name for each in kept.left}


def test_no_constraint_is_about_an_option_that_there_is_not() -> None:
    assert {option for constraint in CONSTRAINTS for option in constraint.options} <= set(OPTIONS)


def test_nothing_may_be_left() -> None:
    nothing = advice(auth="mtls", needs=["tiered_storage", "compaction"], retention_days=30)
    assert (nothing.winner, nothing.left) == (None, ())


def test_what_is_left_alone_is_advised_though_nothing_asks_for_it() -> None:
    winner = advice(mb_per_second=100_000, records_per_second=None, peak_factor=20).winner
    assert winner is not None
    assert (winner.option.name, winner.choice) == ("sqs", 1)
    assert winner.why == "nothing is left that is meant for it, and this can do it"


def test_sizes_and_costs_stand_side_by_side() -> None:
    given = advice(records_per_second=None, mb_per_second=5, record_kb=25, readers=2)
    assert {each.option.name: (each.size.text, round(each.usd, 2)) for each in given.left} == {
        "kinesis_provisioned": ("7 shards", 84.19),
        "kinesis_on_demand": ("up to 10 MiB/s", 2082.32),
        "kinesis_advantage": ("up to 10 MiB/s", 3079.69),
        "msk_express": ("3 x express.m7g.large, 1 partition", 1064.03),
        "msk_serverless": ("2 partitions", 3158.28),
        "msk": ("3 x kafka.m7g.large, 591 GiB each, 1 partition", 624.06),
        "eventbridge": ("1 bus", 538.21),
    }


def test_shared_readers_fan_out_where_they_are_many_or_in_a_hurry() -> None:
    assert size("kinesis_provisioned", Answers(records_per_second=1000, readers=5)).text == "4 shards"
    assert size("kinesis_provisioned", Answers(records_per_second=1000, readers=6)).text == "2 shards, 6 with fan-out"
    hurry = Answers(records_per_second=1000, readers=2, latency_ms=399)
    assert size("kinesis_provisioned", hurry).text == "2 shards, 2 with fan-out"
    assert (
        size("kinesis_on_demand", Answers(records_per_second=1000, readers=3)).text == "up to 4 MiB/s, 3 with fan-out"
    )


def test_a_queue_in_order_is_a_fifo_queue_and_costs_more() -> None:
    plain = size("sqs", Answers(records_per_second=10))
    ordered = size("sqs", Answers(records_per_second=10, ordering="per_key"))
    assert (plain.text, ordered.text) == ("1 queue", "1 FIFO queue")
    usd = [sum(line.usd or 0 for line in cost_lines("", each.charges, "us-east-1")) for each in (plain, ordered)]
    assert usd == pytest.approx([31.536, 39.42])


def test_scores_count_what_is_answered_with_yes() -> None:
    said = Answers(records_per_second=10, context=["simplicity", "lambda", "aws_services"])
    assert str(score("K", said)) == "6/9"
    assert score("K", said).yes == ("K2", "K3", "K4", "K5", "K7", "K9")
    assert {letter: len(questions) for letter, questions in QUESTIONS.items()} == {
        "K": 9,
        "S": 6,
        "P": 8,
        "D": 4,
        "Q": 4,
        "E": 4,
    }


def test_more_that_speaks_for_brokers_decides_where_the_price_does_not() -> None:
    names = ("msk_serverless", "msk_express")
    for context, first in (([], 0), (["kafka_expertise", "migrating_from_kafka"], 1)):
        left = [each.option.name for each in advice(protocol="kafka", context=context).left]
        assert left[:2] == [names[first], names[1 - first]]
