"""What guides say to use when: each of their recommendations as answers, and what is advised; where that differs, why.

`guides` is what they say; `corrected` why the advice is another one, by AWS's quotas and prices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from streaming_constructs.planning.advice.advice import advise
from streaming_constructs.planning.advice.answers import Answers

KINESIS = ("kinesis_provisioned", "kinesis_on_demand", "kinesis_advantage")
ON_DEMAND = ("kinesis_on_demand", "kinesis_advantage")
MSK = ("msk_serverless", "msk_express", "msk")
BROKERS = ("msk_express", "msk")
LOAD: dict[str, Any] = {"records_per_second": 1000, "record_kb": 1}


@dataclass(frozen=True)
class Scenario:
    """What guides recommend, and what is advised."""

    name: str
    answers: dict[str, Any]
    guides: tuple[str, ...]
    advised: str
    corrected: str = ""
    load: dict[str, Any] = field(default_factory=lambda: LOAD)


FIRST = (
    # Kinesis or Kafka.
    Scenario("services of AWS all around", {"context": ["aws_services"]}, KINESIS, "kinesis_provisioned"),
    Scenario("little to operate", {"context": ["simplicity"]}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "functions of Lambda and Firehose read", {"context": ["lambda"], "readers": 2}, KINESIS, "kinesis_provisioned"
    ),
    Scenario("some tens of MB/s", {}, KINESIS, "kinesis_provisioned", load={"mb_per_second": 30}),
    Scenario("a prototype", {"context": ["first_project", "pay_per_use"]}, KINESIS, "kinesis_on_demand"),
    Scenario(
        "several GB/s",
        {},
        MSK,
        "kinesis_provisioned",
        "a stream takes 20,000 shards in us-east-1; Kafka is needed for what it is, not for the throughput",
        load={"mb_per_second": 3000, "record_kb": 25},
    ),
    Scenario("other clouds, or at home", {"context": ["multi_cloud"]}, MSK, "msk_express"),
    Scenario("connectors of Kafka", {"needs": "connect"}, MSK, "msk_serverless"),
    Scenario("a few milliseconds", {"latency_ms": 5}, MSK, "msk_express"),
    Scenario("kept without end", {"retention_days": "unlimited"}, MSK, "msk_express"),
    # Kinesis or SQS.
    Scenario("several read the same in order", {"readers": 3, "ordering": "per_key"}, KINESIS, "kinesis_provisioned"),
    Scenario("each message is handled once", {"purpose": "tasks"}, ("sqs",), "sqs"),
    Scenario(
        "several read the same in any order",
        {"readers": 3},
        ("sqs",),
        "kinesis_provisioned",
        "a message of a queue, also of a FIFO queue, goes to one reader",
    ),
    Scenario(
        "several services react, in any order",
        {"purpose": "events", "readers": 3},
        ("sqs", *KINESIS),
        "eventbridge",
        "a message of a queue goes to one reader; a bus takes an event to each",
    ),
    Scenario("services hand work to each other", {"purpose": "tasks", "context": ["microservices"]}, ("sqs",), "sqs"),
    Scenario("work in order", {"purpose": "tasks", "ordering": "per_key"}, ("sqs",), "sqs"),
    Scenario("work that is read again", {"purpose": "tasks", "replay": True}, KINESIS, "kinesis_provisioned"),
    # What systems are made of.
    Scenario("logs of hosts into S3", {"purpose": "delivery"}, ("firehose",), "firehose"),
    Scenario("a dashboard", {"context": ["analytics"]}, KINESIS, "kinesis_provisioned"),
    Scenario("devices, keyed by device", {"ordering": "per_key", "readers": 2}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "events as the record of truth, a year", {"retention_days": 365, "readers": 3}, KINESIS, "kinesis_provisioned"
    ),
    Scenario("features for models", {"context": ["analytics"], "readers": 2}, KINESIS, "kinesis_provisioned"),
    # How to buy Kinesis.
    Scenario("a load that is known", {"traffic": "predictable"}, ("kinesis_provisioned",), "kinesis_provisioned"),
    Scenario("an irregular load", {"traffic": "unpredictable"}, ("kinesis_on_demand",), "kinesis_on_demand"),
    Scenario(
        "on demand, above 10 MiB/s",
        {"traffic": "unpredictable", "peak_factor": 4},
        ("kinesis_advantage",),
        "kinesis_advantage",
        load={"mb_per_second": 12},
    ),
    Scenario(
        "on demand, many readers",
        {"traffic": "unpredictable", "readers": 5},
        ("kinesis_advantage",),
        "kinesis_advantage",
        load={"mb_per_second": 6},
    ),
    Scenario(
        "on demand, less than the commitment",
        {"traffic": "unpredictable"},
        ("kinesis_advantage",),
        "kinesis_on_demand",
        "25 MiB/s in and out are paid with Advantage, whatever flows",
        load={"mb_per_second": 5},
    ),
    # In one sentence.
    Scenario(
        "brought to Redshift and no more", {"purpose": "delivery", "context": ["simplicity"]}, ("firehose",), "firehose"
    ),
    Scenario("several read at once", {"readers": 4, "latency_ms": 100}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "windows and patterns over time", {"context": ["analytics"], "readers": 1}, KINESIS, "kinesis_provisioned"
    ),
    Scenario(
        "much, with Kafka's ecosystem",
        {"needs": ["connect", "kafka_streams"], "context": ["kafka_expertise"]},
        MSK,
        "msk_express",
        load={"mb_per_second": 60},
    ),
    Scenario("10 MB/s and three readers", {"readers": 3}, KINESIS, "kinesis_provisioned", load={"mb_per_second": 10}),
)
SECOND = (
    Scenario("nothing but AWS's own", {"context": ["aws_services", "simplicity"]}, KINESIS, "kinesis_provisioned"),
    Scenario("Kafka's protocol", {"protocol": "kafka"}, MSK, "msk_serverless"),
    Scenario("tools of a Kafka that is there", {"context": ["migrating_from_kafka"]}, MSK, "msk_express"),
    Scenario("to a store alone", {"purpose": "delivery"}, ("firehose",), "firehose"),
    Scenario("fraud while one pays", {"latency_ms": 100, "ordering": "per_key"}, KINESIS, "kinesis_provisioned"),
    Scenario("telemetry that scales a system", {"latency_ms": 5000}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "clicks that make the next page", {"latency_ms": 1000, "ordering": "per_key"}, KINESIS, "kinesis_provisioned"
    ),
    Scenario("mails are sent", {"purpose": "tasks"}, ("sqs",), "sqs", load={"records_per_second": 5}),
    Scenario("pictures are resized", {"purpose": "tasks", "largest_record_kb": 900}, ("sqs",), "sqs"),
    Scenario("orders one by one", {"purpose": "tasks", "ordering": "per_key"}, ("sqs",), "sqs"),
    Scenario(
        "much in order, by readers at places of their own",
        {"ordering": "per_key", "readers": 3, "replay": True},
        KINESIS,
        "kinesis_provisioned",
        load={"mb_per_second": 20},
    ),
    Scenario("a minute late is soon enough", {"purpose": "delivery", "latency_ms": 60_000}, ("firehose",), "firehose"),
    Scenario(
        "a second late, without an application",
        {"purpose": "delivery", "latency_ms": 1000},
        ("firehose",),
        "kinesis_provisioned",
        "Firehose delivers within about 5 seconds where nothing is buffered",
    ),
    # Streams or delivery.
    Scenario("own code, and a second reading", {"replay": True}, KINESIS, "kinesis_provisioned"),
    Scenario("no code at all", {"purpose": "delivery", "readers": 0}, ("firehose",), "firehose"),
    Scenario(
        "a stream for code, and an archive", {"purpose": "delivery", "readers": 1}, KINESIS, "kinesis_provisioned"
    ),
    Scenario("SQL over what flows", {"context": ["analytics"]}, KINESIS, "kinesis_provisioned"),
    Scenario("four read what users do", {"readers": 4}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "an archive from which all is read again",
        {"purpose": "delivery", "replay": True},
        KINESIS,
        "kinesis_provisioned",
    ),
    Scenario(
        "exactly once",
        {"needs": "transactions"},
        KINESIS,
        "msk_serverless",
        "readers of Kinesis may get a record again; transactions are Kafka's",
    ),
    Scenario("a load that varies", {"traffic": "unpredictable"}, ("kinesis_on_demand",), "kinesis_on_demand"),
)
THIRD = (
    # Kinesis.
    Scenario("soon on the market", {"context": ["first_project", "simplicity"]}, KINESIS, "kinesis_provisioned"),
    Scenario("nobody knows Kafka", {"context": ["first_project"]}, KINESIS, "kinesis_provisioned"),
    Scenario("a bill by shards", {"context": ["predictable_price"]}, ("kinesis_provisioned",), "kinesis_provisioned"),
    Scenario(
        "logs into S3 or Redshift",
        {"purpose": "delivery"},
        KINESIS,
        "firehose",
        "where nobody reads them on the way, a stream before Firehose adds nothing",
    ),
    Scenario("telemetry of devices", {"ordering": "per_key"}, KINESIS, "kinesis_provisioned"),
    Scenario("clicks", {"readers": 2, "context": ["analytics"]}, KINESIS, "kinesis_provisioned"),
    Scenario("logs of CloudWatch", {"context": ["aws_services", "lambda"]}, KINESIS, "kinesis_provisioned"),
    # MSK.
    Scenario("Kafka Streams", {"needs": "kafka_streams"}, MSK, "msk_serverless"),
    Scenario(
        "a Kafka that moves, with who runs it",
        {"context": ["migrating_from_kafka", "kafka_expertise"]},
        MSK,
        "msk_express",
    ),
    Scenario("settings of brokers", {"needs": "broker_settings"}, ("msk",), "msk"),
    Scenario("years of records", {"retention_days": 730}, MSK, "msk_express"),
    Scenario("transactions", {"needs": "transactions"}, MSK, "msk_serverless"),
    Scenario(
        "more than 10 MB/s at all times",
        {},
        MSK,
        "kinesis_provisioned",
        "a shard costs less than what brokers, or Serverless, take for a MB/s",
        load={"mb_per_second": 15},
    ),
    Scenario("changes of databases by Debezium", {"needs": "connect", "ordering": "per_key"}, MSK, "msk_serverless"),
    Scenario(
        "microservices that tell what happened",
        {"purpose": "events", "context": ["microservices"]},
        MSK,
        "eventbridge",
        "a bus does that, unless Kafka's protocol, an order, or a second reading is asked for",
    ),
    Scenario(
        "microservices on Kafka",
        {"purpose": "events", "protocol": "kafka", "context": ["microservices", "kafka_expertise"]},
        MSK,
        "msk_express",
    ),
    Scenario("joins with Kafka Streams", {"needs": ["kafka_streams", "compaction"]}, MSK, "msk_serverless"),
    Scenario(
        "clusters in several places", {"needs": "multi_vpc", "context": ["kafka_expertise"]}, BROKERS, "msk_express"
    ),
    Scenario(
        "events as the record of truth, for ever", {"retention_days": "unlimited", "readers": 3}, MSK, "msk_express"
    ),
    # The flow chart.
    Scenario("no Kafka is needed", {}, KINESIS, "kinesis_provisioned"),
    Scenario("Kafka, nobody operates it", {"protocol": "kafka"}, ("msk_serverless",), "msk_serverless"),
    Scenario(
        "Kafka, somebody operates it",
        {"protocol": "kafka", "context": ["control"]},
        ("msk_serverless",),
        "msk_express",
        "who wants to say how brokers are cannot be sent to Serverless, which has none",
    ),
    Scenario(
        "Kafka, operated, more than a year",
        {"protocol": "kafka", "context": ["control"], "retention_days": 500},
        BROKERS,
        "msk_express",
    ),
    Scenario(
        "Kafka, operated, more than 200 MB/s",
        {"protocol": "kafka", "context": ["control"]},
        BROKERS,
        "msk_express",
        load={"mb_per_second": 250},
    ),
    # By throughput.
    Scenario("8 MB/s", {}, (*KINESIS, "msk_serverless"), "kinesis_provisioned", load={"mb_per_second": 8}),
    Scenario(
        "20 MB/s, irregular",
        {"traffic": "unpredictable"},
        ("kinesis_on_demand", "msk_serverless"),
        "kinesis_advantage",
        "on demand costs less with Advantage from about 10 MiB/s on",
        load={"mb_per_second": 20},
    ),
    Scenario(
        "20 MB/s, steady",
        {},
        ("kinesis_on_demand", "msk_serverless"),
        "kinesis_provisioned",
        "a steady load costs less than a third of that on shards",
        load={"mb_per_second": 20},
    ),
    Scenario("100 MB/s on Kafka", {"protocol": "kafka"}, MSK, "msk_express", load={"mb_per_second": 100}),
    Scenario(
        "100 MB/s",
        {},
        MSK,
        "kinesis_provisioned",
        "100 MB/s are 130 shards; the quota is 20,000 in us-east-1, and 1,000 at least",
        load={"mb_per_second": 100},
    ),
    Scenario(
        "300 MB/s",
        {},
        BROKERS,
        "kinesis_provisioned",
        "200 MB/s is the quota of streams on demand in some regions, and no limit of Kinesis",
        load={"mb_per_second": 300, "record_kb": 4},
    ),
    Scenario("300 MB/s on Kafka", {"protocol": "kafka"}, BROKERS, "msk_express", load={"mb_per_second": 300}),
    # By costs.
    Scenario("known, for little", {"context": ["predictable_price"]}, ("kinesis_provisioned",), "kinesis_provisioned"),
    Scenario(
        "varies, by use",
        {"traffic": "unpredictable", "context": ["pay_per_use"]},
        ("kinesis_on_demand",),
        "kinesis_on_demand",
    ),
    Scenario(
        "Kafka, irregular, little on average",
        {"protocol": "kafka", "traffic": "unpredictable", "peak_factor": 20},
        ("msk_serverless",),
        "msk_serverless",
    ),
    Scenario(
        "Kafka, irregular, below 40 MB/s",
        {"protocol": "kafka", "traffic": "unpredictable"},
        ("msk_serverless",),
        "msk_serverless",
        load={"mb_per_second": 30},
    ),
    Scenario(
        "Kafka, steady, below 40 MB/s",
        {"protocol": "kafka"},
        ("msk_serverless",),
        "msk_express",
        "20 MiB/s cost more than twice as much on Serverless as on Express brokers",
        load={"mb_per_second": 20},
    ),
    Scenario(
        "Kafka, much at all times",
        {"protocol": "kafka", "context": ["kafka_expertise"]},
        BROKERS,
        "msk_express",
        load={"mb_per_second": 80},
    ),
    Scenario(
        "Kafka for development",
        {"protocol": "kafka", "context": ["development"]},
        ("msk_serverless",),
        "msk",
        "a serverless cluster costs 547.50 USD a month before a record flows, more than three brokers",
        load={"records_per_second": 10},
    ),
    Scenario(
        "Kafka that follows its load",
        {"protocol": "kafka", "context": ["automatic_scaling", "pay_per_use"]},
        ("msk_serverless",),
        "msk_serverless",
    ),
    Scenario(
        "from Kafka to something simpler",
        {"context": ["migrating_from_kafka", "simplicity", "pay_per_use"]},
        ("msk_serverless",),
        "msk_serverless",
    ),
    Scenario("Kafka in a certain version", {"protocol": "kafka", "context": ["control"]}, BROKERS, "msk_express"),
    Scenario("tiers", {"needs": "tiered_storage", "retention_days": 90}, ("msk",), "msk"),
    Scenario(
        "more than a year on Kafka",
        {"protocol": "kafka", "retention_days": 400},
        BROKERS,
        "msk_serverless",
        "retention has no end on Serverless either",
    ),
    # Moving.
    Scenario("from Kinesis: needs Kafka's tools", {"needs": ["connect"]}, MSK, "msk_serverless"),
    Scenario("from Kinesis: a year is too short", {"retention_days": 1000}, MSK, "msk_express"),
    Scenario(
        "from Kinesis: more than 20 MB/s at all times",
        {},
        MSK,
        "kinesis_provisioned",
        "at 25 MiB/s shards cost less than brokers",
        load={"mb_per_second": 25, "record_kb": 25},
    ),
    Scenario("from Kinesis: several clouds", {"context": ["multi_cloud", "control"]}, MSK, "msk_express"),
    Scenario("from Kinesis: own settings", {"needs": ["broker_settings"]}, BROKERS, "msk"),
    Scenario("from MSK: less to operate", {"context": ["simplicity"]}, KINESIS, "kinesis_provisioned"),
    Scenario("from MSK: little flows", {}, KINESIS, "kinesis_provisioned", load={"mb_per_second": 2}),
    Scenario("from MSK: nobody knows Kafka", {"context": ["aws_services", "lambda"]}, KINESIS, "kinesis_provisioned"),
    Scenario("from MSK: a varying load", {"traffic": "unpredictable"}, KINESIS, "kinesis_on_demand"),
    Scenario("not sure, all on AWS", {"context": ["aws_services"]}, KINESIS, "kinesis_provisioned"),
    Scenario(
        "not sure, but Kafka", {"protocol": "kafka", "context": ["simplicity"]}, ("msk_serverless",), "msk_serverless"
    ),
)
SCENARIOS = [pytest.param(each, id=each.name) for each in (*FIRST, *SECOND, *THIRD)]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_guides_recommend(scenario: Scenario) -> None:
    winner = advise(Answers(**scenario.load, **scenario.answers)).winner
    assert winner is not None
    assert winner.option.name == scenario.advised
    assert (scenario.advised in scenario.guides) != bool(scenario.corrected)
