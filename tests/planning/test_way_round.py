"""Stores that no connector of Flink SQL writes to: the delivery that is assembled, what is told, and what stays refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.planning.analytics.flink_application import Bound
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.planning.evolution import evolved, system_findings
from streaming_constructs.planning.pipeline import PipelinePlan, plan
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec import FlinkSqlSpec, PipelineSpec
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import build

SYSTEM = """
name: shop
schemas:
  click: {page: string, at: timestamp}
  count: {page: string, start: timestamp, views: bigint}
streams:
  clicks: {kind: kinesis, schema: click, shards: 2}
analytics:
  counts:
    kind: flink_sql
    from: clicks
    to: search
    watermark: {field: at, delay_seconds: 5}
    sql: >-
      SELECT page, window_start AS `start`, COUNT(*) AS views
      FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
      GROUP BY page, window_start, window_end
stores:
  search: {kind: opensearch, schema: count}
alarms: {notify: [oncall@example.com]}
"""
WRITTEN_OUT = {
    "from": "direct_put",
    "schema": "count",
    "to": {"kind": "opensearch", "domain": "search", "index": "counts"},
}
TOTALS = "INSERT INTO search SELECT page, MAX(`at`) AS `start`, COUNT(*) AS views FROM clicks GROUP BY page"


def said(**changes: Any) -> dict[str, Any]:
    """The system with other sections, nodes or fields: `stores__search__schema=None` takes that field out."""
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    for place, value in changes.items():
        *steps, last = place.split("__")
        there = data
        for step in steps:
            there = there.setdefault(step, {})
        if value is None:
            del there[last]
        else:
            there[last] = value
    return data


def planned(**changes: Any) -> PipelinePlan:
    spec, findings, _ = build(said(**changes), Path())
    assert spec is not None
    assert [finding for finding in findings if finding.level == "error"] == []
    return plan(spec)


def told(**changes: Any) -> list[Finding]:
    """What `validate` says of a file with it, notes included."""
    text = yaml.safe_dump(said(**changes), sort_keys=False)
    return plan_document(read_document(text, "pipeline.yaml"))[1]


def found(*codes: str, **changes: Any) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in told(**changes) if one.code in codes or not codes]


def test_a_delivery_of_both_names_writes_to_the_domain() -> None:
    delivery = planned().spec.deliveries["counts-to-search"]
    said_so = {
        "from": delivery.from_,
        "schema": delivery.record_schema,
        "to": delivery.to.model_dump(exclude_unset=True),
    }
    assert said_so == {**WRITTEN_OUT, "from": None}


def test_the_sql_calls_it_by_the_name_of_the_domain() -> None:
    application = planned().nodes["counts"]
    assert isinstance(application, FlinkSqlPlan)
    (table,) = [one for one in application.statements if one.startswith("CREATE TABLE `search`")]
    assert "'delivery-stream' = '${COUNTS_TO_SEARCH_DELIVERY_STREAM_NAME}'" in table
    assert application.bindings["COUNTS_TO_SEARCH_DELIVERY_STREAM_NAME"] == Bound(
        "counts-to-search", "DELIVERY_STREAM_NAME"
    )
    assert application.connectors == ("kinesis", "firehose")


def test_a_bare_select_fills_the_columns_by_their_names() -> None:
    sql = (
        "SELECT COUNT(*) AS views, page, window_start AS `start` FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(`at`), "
        "INTERVAL '1' MINUTE)) GROUP BY page, window_start, window_end"
    )
    application = planned(analytics__counts__sql=sql).nodes["counts"]
    assert isinstance(application, FlinkSqlPlan)
    assert application.statements[-1].startswith("INSERT INTO `search` (`views`, `page`, `start`)")


def test_it_is_watched_and_sized_as_one_that_is_written_out() -> None:
    implied, explicit = planned(), planned(deliveries={"counts-to-search": WRITTEN_OUT}, stores__search__schema=None)
    assert implied.alarms == explicit.alarms
    assert implied.nodes["counts-to-search"] == explicit.nodes["counts-to-search"]
    assert "counts-to-search.delivery_success" in {alarm.name for alarm in implied.alarms}


def test_the_note_holds_the_delivery_to_paste_and_pasting_it_changes_nothing() -> None:
    (note,) = [one for one in told() if one.code == "FLK260"]
    assert (note.level, note.dotted_path) == ("note", "analytics.counts.to[0]")
    piece = yaml.safe_load(note.help.partition("`deliveries: ")[2].partition("` and leave")[0])
    assert found("FLK260", deliveries=piece) == []
    assert list(system_findings(planned(), planned(deliveries=piece))) == []


def test_one_that_is_written_out_is_the_one_that_is_used() -> None:
    slower = {**WRITTEN_OUT, "to": {**WRITTEN_OUT["to"], "buffer_seconds": 300}}  # type: ignore[dict-item]
    whole = planned(deliveries={"counts-to-search": slower})
    assert [delivery.spec.to.buffer_seconds for delivery in whole.deliveries.values()] == [300]
    assert not whole.spec.assembled


def test_planning_it_again_adds_nothing() -> None:
    once = planned()
    again = plan(once.spec)
    assert again.spec == once.spec
    assert again.findings == once.findings


def test_a_spec_stays_what_it_was() -> None:
    spec = PipelineSpec.model_validate(said())
    plan(spec)
    assert not spec.deliveries
    application = spec.analytics["counts"]
    assert isinstance(application, FlinkSqlSpec)
    assert application.targets() == ("search",)


def test_two_applications_have_an_index_each() -> None:
    sql = "SELECT page, `at` AS `start`, CAST(1 AS BIGINT) AS views FROM clicks"
    whole = planned(analytics__each={"kind": "flink_sql", "from": "clicks", "to": "search", "sql": sql})
    assert {name: one.spec.to.index for name, one in whole.deliveries.items()} == {
        "counts-to-search": "counts",
        "each-to-search": "each",
    }


def test_updates_are_refused_on_the_way_round_too() -> None:
    assert ("FLK236", "analytics.counts.sql[0]") in found("FLK236", analytics__counts__sql=TOTALS)


def test_what_is_written_has_to_be_said() -> None:
    (finding,) = [one for one in told(stores__search__schema=None) if one.code == "FLK241"]
    assert finding.dotted_path == "analytics.counts.to[0]"
    assert "stores: {search: {schema: search_record}}" in finding.help


def test_a_schema_that_nothing_is_written_by_is_told() -> None:
    assert found("LNG404", stores__other={"kind": "opensearch", "schema": "count"}) == [
        ("LNG404", "stores.other.schema")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"streams__counts-to-search": {"kind": "kinesis", "schema": "count", "shards": 1}},
        {"deliveries": {"counts-to-search": {"from": "clicks", "to": {"kind": "opensearch", "domain": "search"}}}},
        {"deliveries": {"counts-to-search": {"from": "direct_put", "schema": "count", "to": {"kind": "s3"}}}},
    ],
    ids=["a stream", "one that reads a stream", "one that writes elsewhere"],
)
def test_a_name_that_is_taken_is_told_with_another(changes: dict[str, Any]) -> None:
    (finding,) = [one for one in told(**changes) if one.code == "GRF315"]
    assert finding.dotted_path == "analytics.counts.to[0]"
    piece = yaml.safe_load(finding.help.partition("`deliveries: ")[2].partition("`, and name")[0])
    assert piece == {"to-search": WRITTEN_OUT}
    deliveries = {**changes.get("deliveries", {}), **piece}
    assert not found("GRF315", **{**changes, "deliveries": deliveries, "analytics__counts__to": "to-search"})


def test_a_name_that_would_be_too_long_is_told() -> None:
    long = "s" * 60
    changes = {"stores": {long: {"kind": "opensearch", "schema": "count"}}, "analytics__counts__to": long}
    assert found("GRF315", **changes) == [("GRF315", "analytics.counts.to[0]")]


def test_code_of_ones_own_is_told_what_to_write_to() -> None:
    code = {"kind": "flink_app", "from": "clicks", "to": "search", "bucket": "my-code", "key": "app.jar"}
    (finding,) = [one for one in told(analytics__own=code) if one.code == "GRF315"]
    assert finding.dotted_path == "analytics.own.to[0]"
    piece = yaml.safe_load(finding.help.partition("`deliveries: ")[2].partition("`, and name")[0])
    assert not found("GRF315", analytics__own={**code, "to": "to-search"}, deliveries=piece)


def test_what_is_wrong_with_it_is_told_where_it_is_asked_for() -> None:
    elsewhere = {**WRITTEN_OUT, "to": {**WRITTEN_OUT["to"], "index": "elsewhere"}}  # type: ignore[dict-item]
    before, after = (
        read_document(yaml.safe_dump(said(**changes)), "pipeline.yaml")
        for changes in ({"deliveries": {"counts-to-search": elsewhere}}, {})
    )
    assert [(one.code, one.dotted_path) for one in evolved(after, before, None)] == [
        ("EVO972", "analytics.counts.to[0]")
    ]
