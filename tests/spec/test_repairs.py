"""Everything that is wrong is said in one run, and nothing about what was written in its place for the time being."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan_document
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import REMOVE, Edit
from streaming_constructs.spec.read import edited, read_as

Said = list[tuple[str, str]]
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
BILLING = f"""\
  billing:
    kind: lambda
    from: orders
    function_arn: {FUNCTION}
    on_failure: {{max_record_age_seconds: 86400, destination: s3}}
"""
BASE = f"""\
name: shop
schemas:
  click: {{page: string, country: string}}
streams:
  clicks: {{kind: kinesis, schema: click, shards: 4}}
consumers:
  fraud:
    kind: lambda
    from: clicks
    function_arn: {FUNCTION}
    on_failure: {{retries: 5, max_record_age_seconds: 3600, destination: s3}}
sns_topics:
  alerts: {{kind: sns, subscribers: [oncall@example.com]}}
alarms: {{notify: [oncall@example.com]}}
"""


def said(text: str) -> Said:
    """Code and path of what the language and planning say, in the order of the file."""
    _, findings = plan_document(read_document(text, "pipeline.yaml"))
    return [(finding.code, finding.dotted_path) for finding in findings]


def changed(**lines: str) -> str:
    text = BASE
    for name, new in lines.items():
        old = next(line for line in BASE.splitlines() if line.strip().startswith(f"{name}:"))
        text = text.replace(old, old[: len(old) - len(old.lstrip())] + new)
    return text


def test_the_base_is_fine() -> None:
    assert said(BASE) == []


def test_structure_names_and_meaning_are_told_in_one_run() -> None:
    text = changed(
        clicks="clicks: {kind: kinesis, schema: clik, shards: 4, retention: 24}",
        alerts="alerts: {kind: sns, subscribers: [oncall]}",
        alarms="alarms: {notify: [oncall@example.com], silence: {orders.read_throtling: it is on purpose}}",
    )
    text = text.replace("consumers:\n", "  orders: {kind: kinesis, shards: 1}\nconsumers:\n" + BILLING)
    assert said(text) == [
        ("GRF301", "streams.clicks.schema"),
        ("LNG201", "streams.clicks.retention"),
        ("LAM506", "consumers.billing.on_failure.max_record_age_seconds"),
        ("LNG206", "sns_topics.alerts.subscribers[0]"),
        ("ALM601", "alarms.silence.orders.read_throtling"),
    ]


@pytest.mark.parametrize("silenced", ["fraud.errors", "errors", "clicks.read_throttling"])
def test_an_alarm_of_what_is_left_out_for_the_time_being_is_not_denied(silenced: str) -> None:
    text = changed(**{"from": "from: click"}, clicks="clicks: {kind: kinesis, schema: click, shards: 0}")
    text = text.replace("alarms: {", f"alarms: {{silence: {{{silenced}: it is on purpose}}, ")
    assert [code for code, _ in said(text)] == ["LNG204", "GRF301"]


def test_a_wrong_field_does_not_hide_what_the_numbers_say() -> None:
    text = changed(
        name="name: Shop",
        on_failure="on_failure: {retries: 5, max_record_age_seconds: 86400, destination: s3}",
        alarms="alarms: {notify: [oncall@example.com]}\ndashbord: true",
    )
    assert said(text) == [
        ("LNG206", "name"),
        ("LAM506", "consumers.fraud.on_failure.max_record_age_seconds"),
        ("LNG201", "dashbord"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # A value out of range is taken for the nearest: what that would mean is not said.
        ({"clicks": "clicks: {kind: kinesis, schema: click, shards: 0}"}, ["LNG204"]),
        ({"on_failure": "on_failure: {max_record_age_seconds: 99999999, destination: s3}"}, ["LNG204"]),
        # A word of another tool is taken for ours, and judged: it says what the file says.
        ({"clicks": "clicks: {kind: kinesis, schema: click, shard_count: 4}"}, ["LNG201"]),
        ({"clicks": "clicks: {kind: kinesis, schema: click, shard_count: 2000}"}, ["LNG201", "KIN412", "LAM516"]),
        # What is left out is not missed for a second time.
        ({"name": "name: Shop"}, ["LNG206"]),
        ({"from": "from: Clicks"}, ["LNG206"]),
        ({"from": "from: 5"}, ["LNG203"]),
        ({"from": "from: [clicks]"}, ["LNG203"]),
        ({"from": "stream: clicks"}, ["LNG201"]),
        ({"function_arn": "function_arn: nonsense"}, ["LNG206"]),
        ({"on_failure": "on_failure: {retries: 5}"}, ["LNG202"]),
        ({"on_failure": "on_failure: {retries: 5, destination: arn:aws:iam::1:role/x}"}, ["LNG206"]),
        ({"on_failure": "on_failure: 5"}, ["LNG203"]),
        # A type that is wrong is no type once it is written as text.
        ({"click": "click: {page: 5, country: string}"}, ["LNG203"]),
        ({"click": "click: {page: string, country: strin}"}, ["SCH207"]),
        # Who names what is wrong names something all the same.
        ({"clicks": "clicks: {kind: kinesys, schema: click, shards: 4}"}, ["LNG205"]),
        ({"clicks": "clicks: 5"}, ["LNG203"]),
        ({"clicks": "clicks: {shards: 4}"}, ["LNG202"]),
        ({"clicks": "Clicks: {kind: kinesis, shards: 4}"}, ["LNG206", "GRF301"]),
        ({"clicks": "orders: {kind: kinesis, shards: 4}"}, ["GRF301"]),
    ],
)
def test_one_mistake_is_told_once(line: dict[str, str], expected: list[str]) -> None:
    assert [code for code, _ in said(changed(**line))] == expected


BROKEN = changed(
    clicks="clicks: {kind: kinesis, schema: click, shards: 0}",
    on_failure="on_failure: {retries: -1, bisect: maybe, destination: s3}",
    alerts="alerts: {kind: sns, subscribers: [oncall]}",
)
"""What is wrong in it stands in sections and parts that may have a wrong name as well."""


@pytest.mark.parametrize(
    "names",
    [
        {"streams": "stream"},
        {"consumers": "consumer"},
        {"consumers": "functions"},
        {"sns_topics": "topics"},
        {"on_failure": "on_failur"},
        {"consumers": "consumer", "on_failure": "on_failur"},
        {"subscribers": "subscriptions", "sns_topics": "sns_topic"},
    ],
)
@pytest.mark.parametrize("environment", [None, "prod"])
def test_what_stands_under_a_wrong_name_is_told_where_it_stands(names: dict[str, str], environment: str | None) -> None:
    def places(text: str) -> set[tuple[str, int]]:
        if environment:
            inside = "".join(f"    {line}\n" for line in text.splitlines()[1:])
            text = f"name: shop\nenvironments:\n  {environment}:\n{inside}"
        reading = read_as(read_document(text, "p.yaml"), environment)
        return {(finding.code, finding.line) for finding in reading.findings}

    wrong = BROKEN
    for right, name in names.items():
        wrong = wrong.replace(f"{right}:", f"{name}:")
    assert places(wrong) >= places(BROKEN)
    assert {code for code, _ in places(wrong) - places(BROKEN)} == {"LNG201"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (BASE.replace(", shards: 4}", "}\n  workload: {records_per_second: 5, record_kb: 1}"), "streams.workload"),
        (BASE.replace("    on_failure:", "  on_failure:"), "consumers.on_failure"),
        (
            BASE.replace("consumers:\n", "consumers:\n" + BILLING.replace("    on_failure", "  on_failure")).replace(
                "from: orders", "from: clicks"
            ),
            "consumers.on_failure",
        ),
    ],
    ids=["workload", "on_failure", "of the node before it"],
)
def test_a_field_that_stands_beside_its_node_is_one_finding(text: str, path: str) -> None:
    text = text.replace("  clicks: {kind: kinesis, schema: click}", "  clicks:\n    kind: kinesis\n    schema: click")
    document = read_document(text, "p.yaml")
    told = [finding for finding in read_as(document).findings if finding.dotted_path == path]
    assert [finding.code for finding in told] == ["LNG202"]
    assert "stands beside `" in told[0].message
    document.data = edited(document.data, told[0].edits)
    left = [finding.dotted_path for finding in read_as(document).findings]
    assert [place for place in left if path.partition(".")[2] in place] == []


def test_a_node_that_is_called_like_a_field_is_a_node() -> None:
    text = BASE.replace("  clicks:", "  schema: {shards: 1}\n  clicks:")
    assert [(code, path) for code, path in said(text) if path.startswith("streams")] == [("LNG202", "streams.schema")]
    (told,) = (one for one in read_as(read_document(text, "p.yaml")).findings if one.path == ("streams", "schema"))
    assert told.help == "say which it is: `kind: kinesis`, `kind: kafka`"


def test_who_reads_what_is_not_there_is_not_judged_and_the_rest_is() -> None:
    on_failure = "{max_record_age_seconds: 86400, destination: s3}"
    extra = f"""\
  audit: {{kind: lambda, from: clicks, function_arn: "{FUNCTION}", on_failure: {on_failure}}}
  lost: {{kind: lambda, from: click, function_arn: "{FUNCTION}", on_failure: {on_failure}}}
sns_topics:
"""
    assert said(BASE.replace("sns_topics:\n", extra)) == [
        ("LAM506", "consumers.audit.on_failure.max_record_age_seconds"),
        ("GRF301", "consumers.lost.from"),
    ]


FLINK = """\
stores:
  alerts: {kind: dynamodb, partition_key: page, schema: click}
analytics:
  app: {kind: flink_sql, from: clicks, to: alerts, sql: "SELECT page, country FROM clicks WHERE page IS NOT NULL"}
"""


def test_of_two_nodes_with_one_name_the_first_is_judged_with_its_neighbours() -> None:
    text = changed(alerts="other: {kind: sns, subscribers: [oncall@example.com]}")
    apis = f"apis:\n  alerts: {{kind: lambda, function_arn: {FUNCTION}, throttle: {{rate: 90000}}}}\n"
    assert said(text.replace("alarms:", FLINK + apis + "alarms:")) == [("GRF302", "apis.alerts")]


def test_who_names_the_second_of_two_nodes_with_one_name_is_not_judged() -> None:
    text = changed(alerts="clicks: {kind: sns, subscribers: [oncall@example.com]}")
    text = text.replace("retries: 5,", "retries: 5, ").replace("destination: s3", "destination: clicks")
    assert said(text) == [("GRF302", "sns_topics.clicks")]


def test_items_of_a_list_are_each_told_where_they_stand() -> None:
    subscribers = ", ".join(f"person{number}" if number % 2 else f"p{number}@example.com" for number in range(14))
    reading = read_as(read_document(changed(alerts=f"alerts: {{kind: sns, subscribers: [{subscribers}]}}"), "p.yaml"))
    assert [finding.path[3] for finding in reading.findings] == list(range(1, 14, 2))
    assert reading.spec is not None
    kept = [subscriber.email for subscriber in reading.spec.sns_topics["alerts"].subscribers]
    assert kept == [f"p{number}@example.com" for number in range(0, 14, 2)]


def test_an_item_that_is_left_out_does_not_move_what_is_said_of_others() -> None:
    text = changed(alerts="alerts: {kind: sns, subscribers: [nobody, a@example.com, a@example.com]}")
    reading = read_as(read_document(text, "p.yaml"))
    assert [finding.path[:4] for finding in reading.findings] == [("sns_topics", "alerts", "subscribers", 0)]


def test_a_repaired_spec_is_never_whole() -> None:
    reading = read_as(read_document(changed(name="name: Shop"), "p.yaml"))
    assert reading.spec is not None
    assert not reading.is_whole
    assert ("name",) in reading.repaired
    planned, _ = plan_document(read_document(changed(name="name: Shop"), "p.yaml"))
    assert planned is None


def test_the_data_that_is_repaired_stays_as_it_is() -> None:
    text = changed(name="name: Shop", alerts="alerts: 5", clicks="clicks: {kind: kinesis, shards: 0}")
    document = read_document(text, "p.yaml")
    read_as(document)
    assert document.data == read_document(text, "p.yaml").data


DATA: Any = {"a": {"b": [1, 2, 3], "c": 4}, "d": [{"e": 5}]}


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        ([], DATA),
        ([Edit(("a", "c"), 7)], {"a": {"b": [1, 2, 3], "c": 7}, "d": [{"e": 5}]}),
        ([Edit(("a", "c"))], {"a": {"b": [1, 2, 3]}, "d": [{"e": 5}]}),
        ([Edit(("a", "b", 0)), Edit(("a", "b", 2)), Edit(("a", "b", 0))], {"a": {"b": [2], "c": 4}, "d": [{"e": 5}]}),
        ([Edit(("d", 0, "e"), 6)], {"a": {"b": [1, 2, 3], "c": 4}, "d": [{"e": 6}]}),
        ([Edit(("d", 0)), Edit(("d", 0, "e"))], {"a": {"b": [1, 2, 3], "c": 4}, "d": []}),
        ([Edit(("n", "m", "o"), 1)], {**DATA, "n": {"m": {"o": 1}}}),
        ([Edit(("a", "c", "x"), 1)], {"a": {"b": [1, 2, 3], "c": {"x": 1}}, "d": [{"e": 5}]}),
        ([Edit(("x",)), Edit(("x", "y")), Edit(("a", "b", 9)), Edit(())], DATA),
        ([Edit(("a", "b", 9), 1), Edit((), {}), Edit(("d", "x"), 1)], DATA),
    ],
)
def test_edits_are_made_and_what_is_not_there_is_left(edits: list[Edit], result: Any) -> None:
    before = str(DATA)
    assert edited(DATA, edits) == result
    assert str(DATA) == before


def test_items_leave_a_long_list_from_its_end() -> None:
    many = {"a": list(range(12))}
    assert edited(many, [Edit(("a", 9)), Edit(("a", 10), REMOVE)]) == {"a": [*range(9), 11]}
