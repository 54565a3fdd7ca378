"""What the page of a rehearsal shows of a report: lines and counts of each node, what passed each arrow, and details."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from streaming_constructs.local.api_report import ApiReport
from streaming_constructs.local.application_report import ApplicationReport, ApplicationSink, ApplicationSource
from streaming_constructs.local.consumer_report import ConsumerReport, PoisonRecord
from streaming_constructs.local.delivery_report import DIRECT_PUT, DeliveryReport, KeptApart
from streaming_constructs.local.kafka.kafka_topic_report import KafkaGroupReport, KafkaTopicReport
from streaming_constructs.local.kafka.topic_report import PartitionReport
from streaming_constructs.local.kinesis.shard_lag import ShardLag
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.live_page.deployed_graph import deployed_graph
from streaming_constructs.local.live_page.live_drawing import LIVE_LINES, live_drawing
from streaming_constructs.local.live_page.node_details import MOST_CHARACTERS, node_details
from streaming_constructs.local.live_page.node_state import node_state
from streaming_constructs.local.live_page.snapshot import snapshot
from streaming_constructs.local.rehearsal_report import RecordOnly, Report
from streaming_constructs.local.stream_report import ShardReport, StreamReport, TopicReport
from streaming_constructs.local.table_report import TableReport
from streaming_constructs.planning.drawing.graph import graph_of
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern, list_patterns

NOW = 1_000.0
HOSTILE = "<img src=x onerror=alert(1)>"
POISON = PoisonRecord("shardId-0", "49", "acc-1", HOSTILE, "RetryAttemptsExhausted", "arn:aws:sqs:r:1:dead")
STREAM = StreamReport("payments", 300, 42_496, 2, (ShardReport("shardId-0", 300, 42_496, 2, 0),), "")
FRAUD = ConsumerReport(
    "fraud",
    "payments",
    records=300,
    handled=287,
    batches=8,
    retries=15,
    bisections=6,
    isolated=3,
    waiting=10,
    destination="arn:aws:sqs:r:1:dead",
    poison=(POISON,),
    lag=(ShardLag("shardId-0", 10, 996.6), ShardLag("shardId-1", 2, 990.0)),
)
LAKE = DeliveryReport(
    "lake",
    "payments",
    "parquet",
    300,
    delivered=290,
    rows=291,
    failed={"bad": 3},
    waiting=7,
    objects=2,
    bytes=9_216,
    partitions={"day=1/": 291},
    kept_apart=(KeptApart("bad", "Code", "why", "shardId-0", "7", "k", HOSTILE),),
)
COUNTING = ApplicationReport(
    "counting",
    "RUNNING",
    "Flink 2.3",
    sources=(ApplicationSource("t", "payments", 300, 250),),
    sinks=(ApplicationSink("s", "totals", 8, sample=('{"views": 1}',)),),
    late_dropped={"Window[1]": 2},
    watermark=1_768_469_900_000,
    restarts=1,
    is_busy=True,
)
TOTALS = StreamReport("totals", 8, 675, 0, (), "")
REPORT = Report(
    300, streams=(STREAM, TOTALS), consumers=(FRAUD,), deliveries=(LAKE,), applications=(COUNTING,), into=("payments",)
)


@pytest.mark.parametrize(
    ("path", "mood", "lines"),
    [
        ("streams.payments", "well", ("300 records", "41.5 KiB", "2 throttled")),
        ("consumers.fraud", "poison", ("300 read, 287 handled", "12 behind, 10 s", "3 poison, 15 retries")),
        ("consumers.fraud.on_failure", "poison", ("3 poison records",)),
        ("deliveries.lake", "poison", ("300 read, 290 delivered", "7 buffered", "3 kept apart")),
        ("deliveries.lake.to", "well", ("2 objects", "291 rows, 9 KiB")),
        ("analytics.counting", "failed", ("250 read, 8 written", "windows to 09:38:20Z", "2 late, 1 restart")),
        ("stores.none", "idle", ()),
        ("nonsense", "idle", ()),
    ],
)
def test_a_node_says_in_three_lines_how_it_is(path: str, mood: str, lines: tuple[str, ...]) -> None:
    report = Report(**{**as_given(REPORT), "stopped": {"counting": "gone"}})
    state = node_state(report, path, NOW)
    assert (state.mood, state.lines) == (mood, lines)
    assert len(state.lines) <= LIVE_LINES


def as_given(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


def test_all_that_is_counted_is_told() -> None:
    counts = node_state(REPORT, "consumers.fraud", NOW).counts
    assert counts == {
        "records read": 300,
        "handled": 287,
        "batches": 8,
        "invocations": 0,
        "retries": 15,
        "bisections": 6,
        "poison records": 3,
        "on their way": 10,
        "records behind": 12,
        "iterator age": "10 s",
    }
    assert node_state(REPORT, "deliveries.lake", NOW).counts["kept apart: bad"] == 3
    assert node_state(REPORT, "deliveries.lake.to", NOW).counts["rows in day=1/"] == 291


@pytest.mark.parametrize(
    ("report", "path", "mood", "lines"),
    [
        (Report(consumers=(ConsumerReport("f", "s", not_run="Java"),)), "consumers.f", "not_run", ("not run here",)),
        (
            Report(consumers=(ConsumerReport("f", "s", 5, failures=(FunctionFailure("ImportError", "load", "no"),)),)),
            "consumers.f",
            "failed",
            ("5 read, 0 handled", "", ""),
        ),
        (
            Report(consumers=(ConsumerReport("f", "s", 5, expired=5),)),
            "consumers.f",
            "failed",
            ("5 read, 0 handled", "", "5 lost"),
        ),
        (
            Report(deliveries=(DeliveryReport("d", "s", "splunk", 5, delivered=5, not_run="not here"),)),
            "deliveries.d.to",
            "not_run",
            ("not run here", "5 would be delivered"),
        ),
        (Report(tables=(TableReport("t", 5, ("k",), ({"k": HOSTILE},)),)), "stores.t", "well", ("5 items",)),
        (Report(topics=(TopicReport("bell", 1),)), "sns_topics.bell", "well", ("1 message",)),
        (
            Report(apis=(ApiReport("collect", "http://a", {"200": 9, "400": 2}),)),
            "producers.collect",
            "well",
            ("11 requests", "2 × 400"),
        ),
        (
            Report(record_only=(RecordOnly("c", "AWS::KafkaConnect::Connector", "no workers"),)),
            "connectors.c",
            "not_run",
            ("not run here",),
        ),
    ],
)
def test_what_does_not_run_or_fails_says_so(report: Report, path: str, mood: str, lines: tuple[str, ...]) -> None:
    state = node_state(report, path, NOW)
    assert (state.mood, state.lines) == (mood, lines)


def test_the_lag_of_a_topic_is_that_of_its_groups() -> None:
    partition = PartitionReport(0, 9, 90, 1.0, "k", 1.0, 9, 5, 4)
    topic = KafkaTopicReport(
        "orders", "orders-v1", 9, 90, (partition,), groups=(KafkaGroupReport("ship", "g", (partition,), 4, 4, ()),)
    )
    report = Report(kafka_topics=(topic,), consumers=(ConsumerReport("ship", "orders", 9, handled=5),))
    assert node_state(report, "streams.orders", NOW).lines == ("9 records", "90 bytes", "lag 4")
    assert node_state(report, "consumers.ship", NOW).lines == ("9 read, 5 handled", "4 behind", "")
    assert node_details(report, "consumers.ship") == [
        {"title": "Lag", "table": {"columns": ["partition", "offsets behind"], "rows": [["orders-v1-0", 4]]}}
    ]


def test_a_snapshot_says_what_passed_each_arrow() -> None:
    drawing = live_drawing(deployed_graph(REPORT))
    told = snapshot(REPORT, drawing, NOW, "running", ["why"])
    assert (told["verdict"], told["reasons"], told["headline"]) == ("running", ["why"], REPORT.headline)
    passed = {(one.start, one.end): count for one, count in zip(drawing.arrows, told["arrows"], strict=True)}
    assert passed == {
        ("streams.payments", "consumers.fraud"): 300,
        ("streams.payments", "deliveries.lake"): 300,
        ("streams.payments", "analytics.counting"): 250,
        ("analytics.counting", "streams.totals"): 8,
        ("consumers.fraud", "consumers.fraud.on_failure"): 3,
        ("deliveries.lake", "deliveries.lake.to"): 290,
    }
    assert [node["path"] for node in told["nodes"]] == [node.path for node in drawing.nodes]


def test_what_a_delivery_brings_to_a_store_of_the_system_passed_its_arrow() -> None:
    drawing = live_drawing(graph_of(load_plan(find_pattern("log-aggregation").spec_path)))
    report = Report(deliveries=(DeliveryReport("search", "logs", "opensearch", 9, delivered=7, not_run="not here"),))
    told = snapshot(report, drawing, NOW, "running", ())
    passed = {(one.start, one.end): count for one, count in zip(drawing.arrows, told["arrows"], strict=True)}
    assert (passed["streams.logs", "deliveries.search"], passed["deliveries.search", "stores.log_search"]) == (9, 7)


def test_another_drawing_has_another_name() -> None:
    empty = live_drawing(deployed_graph(Report()))
    full = live_drawing(deployed_graph(REPORT))
    names = {snapshot(REPORT, drawing, NOW, "running", ())["drawing"] for drawing in (empty, full, empty)}
    assert len(names) == 2
    assert empty.nodes == ()


@pytest.mark.parametrize("name", [pattern.name for pattern in list_patterns()])
def test_every_box_has_its_lines_and_every_arrow_its_label(name: str) -> None:
    graph = graph_of(load_plan(find_pattern(name).spec_path))
    drawing = live_drawing(graph)
    picture = ET.fromstring(drawing.svg)
    assert "<style" not in drawing.svg
    texts = [(one.attrib["class"], one.text) for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    lines = [text for kind, text in texts if kind == "line"]
    places = [node.first_line + at for node in drawing.nodes for at in range(LIVE_LINES)]
    assert {lines[place] for place in places} == {None}, "a line is empty until there is a value for it"
    assert sum(text is None for text in lines) == len(places) == len(set(places))
    assert "0" * 9 not in "".join(filter(None, (text for _, text in texts)))
    assert sorted(node.path for node in drawing.nodes) == sorted(box.path for box in graph.boxes)
    labels = [text for kind, text in texts if kind in {"label", "deadlabel"}]
    assert [label is None for label in labels] == [not arrow.has_label for arrow in drawing.arrows]
    boxes = [one for one in picture.iter("{http://www.w3.org/2000/svg}rect") if one.attrib["class"] == "box"]
    assert len(boxes) == len(drawing.nodes)


def test_details_of_a_consumer_begin_with_its_poison() -> None:
    failure = FunctionFailure(
        "ValueError", "handler", "cannot read", 3, ("index.py:4 in handler: raise",), ("a log line",)
    )
    report = Report(
        consumers=(ConsumerReport("fraud", "s", failures=(failure,), poison=(POISON,), log="x" * 9_000 + "end"),)
    )
    poison, failures, log = node_details(report, "consumers.fraud")
    assert poison["records"] == [
        {"head": "shardId-0 · 49 · key acc-1", "why": "RetryAttemptsExhausted", "text": HOSTILE}
    ]
    assert failures["records"] == [
        {
            "head": "ValueError × 3",
            "why": "",
            "text": "cannot read\n  index.py:4 in handler: raise\na log line",
        }
    ]
    assert (log["text"][0], log["text"][-3:], len(log["text"])) == ("…", "end", MOST_CHARACTERS + 1)
    assert node_details(report, "consumers.fraud.on_failure") == [poison]


def test_details_of_the_other_nodes() -> None:
    (kept,) = node_details(REPORT, "deliveries.lake")
    assert kept["records"] == [{"head": "bad · shardId-0 · 7 · k", "why": "Code: why", "text": HOSTILE}]
    assert node_details(REPORT, "deliveries.lake.to") == []
    rows, late = node_details(REPORT, "analytics.counting")
    assert (rows["title"], rows["text"]) == ("Latest rows into totals", '{"views": 1}')
    assert late["table"]["rows"] == [["Window[1]", 2]]
    (shards,) = node_details(REPORT, "streams.payments")
    assert shards["table"]["rows"] == [["shardId-0", 300, 42_496, 2]]
    (items,) = node_details(Report(tables=(TableReport("t", 1, ("k",), ({"k": HOSTILE},)),)), "stores.t")
    assert items["text"] == f'{{"k": "{HOSTILE}"}}'
    assert node_details(REPORT, "nonsense") == []


def test_what_others_deployed_is_drawn_by_what_it_does() -> None:
    direct = DeliveryReport("raw", DIRECT_PUT, "json")
    graph = deployed_graph(Report(streams=(STREAM,), consumers=(FRAUD,), deliveries=(direct,)))
    assert [(box.service, box.name, box.lines) for box in graph.boxes] == [
        ("Kinesis stream", "payments", ()),
        ("Lambda function", "fraud", ()),
        ("SQS queue", "fraud failures", ()),
        ("Firehose stream", "raw", ()),
        ("S3 bucket", "raw", ("json", "direct put")),
    ]
    assert [(one.start, one.end, one.dead_letters) for one in graph.arrows] == [
        (0, 1, False),
        (1, 2, True),
        (3, 4, False),
    ]
