"""The flow chart: what records are for, whether it has to be Kafka, who operates it, whether the peak is known; then the price.

It leads to steps, the best first. The first of which an option is left says what to use; those behind it are second choices.
Where guides decide by throughput alone this one asks for the price: Kinesis carries what their charts leave to Kafka, and MSK
Serverless is charged by what flows, so that a steady load soon costs more there than brokers that carry it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.options import KINESIS, MSK
from streaming_constructs.planning.advice.questionnaires import MEDIUM_MIB_PER_SECOND

WORTH_NO_BROKERS = 2
"""Ours: how many times as much one of MSK Serverless and Express brokers may cost before the price decides."""


class Step(NamedTuple):
    """Where the flow chart leads.

    Attributes:
        why: What leads there.
        options: What there is to choose from.
        by_price: Whether the price alone decides between them, and not what speaks for each first.
        alone: What leads there where one of several options is left, so that none is compared with it.
    """

    why: str
    options: tuple[str, ...]
    by_price: bool = False
    alone: str = ""


def steps(answers: Answers, usd: Mapping[str, float]) -> list[Step]:
    """Where the answers lead, the best first.

    Args:
        answers: The answers.
        usd: What each option that is left costs in a month, by its name.
    """
    return list(_steps(answers, usd))


def _steps(said: Answers, usd: Mapping[str, float]) -> Iterator[Step]:
    if said.purpose == "delivery":
        yield Step("records only land in a store, and nothing has to be operated to bring them there", ("firehose",))
    elif said.purpose == "tasks":
        yield Step("each record is a piece of work for one worker, which a queue hands out and tries again", ("sqs",))
    elif said.purpose == "events":
        yield Step("services react to events, and a bus takes each to those that asked for it", ("eventbridge",))
    if _leans_to_kafka(said):
        yield from _kafka(said, usd)
        yield from _kinesis(said)
    else:
        yield from _kinesis(said)
        yield from _kafka(said, usd)


def _leans_to_kafka(said: Answers) -> bool:
    """Whether it has to be Kafka, or what is around it speaks for that; or whether it is sooner than Kinesis is."""
    if said.latency_ms is not None and said.latency_ms < kinesis.FAN_OUT_DELAY_MILLISECONDS.value:
        return True
    return said.speaks_kafka or not {"migrating_from_kafka", "multi_cloud", "control"}.isdisjoint(said.context)


def _kinesis(said: Answers) -> Iterator[Step]:
    if said.traffic == "unpredictable" or not {"automatic_scaling", "pay_per_use"}.isdisjoint(said.context):
        why = "it follows the traffic by itself" + (
            ", as nobody knows the peak" if said.traffic == "unpredictable" else ""
        )
        yield Step(
            f"{why}; of the ways to buy that it costs least",
            ("kinesis_on_demand", "kinesis_advantage"),
            alone=f"{why}; of the ways to buy that it is the only one left",
        )
        yield Step("it has as many shards as the peak needs", ("kinesis_provisioned",))
    else:
        yield Step(
            "the peak is known, and of the ways to buy Kinesis it costs least",
            KINESIS,
            alone="of the ways to buy Kinesis it is the only one left",
        )


def _kafka(said: Answers, usd: Mapping[str, float]) -> Iterator[Step]:
    express = Step("it has Kafka's brokers, and no volumes to manage", ("msk_express",))
    standard = Step("its brokers can be told all that Kafka knows", ("msk",))
    serverless = Step("it is Kafka without brokers to operate", ("msk_serverless",))
    if "broker_settings" in said.needs:
        yield from (standard, express, serverless)
    elif said.wants_control:
        yield from (express, standard, serverless)
    elif "development" in said.context:
        yield Step(
            "it is for development, and of the ways to buy Kafka it costs least",
            MSK,
            by_price=True,
            alone="it is for development, and of the ways to buy Kafka it is the only one left",
        )
    elif said.traffic == "unpredictable" and said.mib < MEDIUM_MIB_PER_SECOND:
        yield Step("it is Kafka without brokers to operate, and follows a peak that nobody knows", ("msk_serverless",))
        yield from (express, standard)
    else:
        yield from _without_operations(usd, express, serverless)
        yield standard


def _without_operations(usd: Mapping[str, float], express: Step, serverless: Step) -> Iterator[Step]:
    """Serverless or Express: by price where one costs twice as much as the other, else by what speaks for them."""
    if "msk_serverless" not in usd or "msk_express" not in usd:
        yield from (serverless, express)
    elif usd["msk_serverless"] > WORTH_NO_BROKERS * usd["msk_express"]:
        yield Step(f"{express.why}; MSK Serverless would cost more than twice as much", express.options)
        yield serverless
    elif usd["msk_express"] > WORTH_NO_BROKERS * usd["msk_serverless"]:
        yield Step(f"{serverless.why}; Express brokers would cost more than twice as much", serverless.options)
        yield express
    else:
        yield Step("it is Kafka with little to operate", (*serverless.options, *express.options))
