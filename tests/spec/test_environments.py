"""Environments: each is a system of its own, merged by name; a file that has some is never read without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.spec import AwsManagedKey, PipelineSpec, SpecError, Workload
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.environments import environments_of, merged
from streaming_constructs.spec.read import Reading, edited, read_as

BASE = """\
name: shop
streams:
  clicks:
    kind: kinesis
    shards: 8
    retention_hours: 72
  orders: {kind: kinesis, mode: on_demand}
alarms:
  notify: [{email: oncall@example.com}, {email: boss@example.com}]
environments:
  dev:
    removal_policy: destroy
    tags: {cheap: "yes"}
    streams:
      clicks:
        shards: 1
      orders: {mode: provisioned, workload: {records_per_second: 1, record_kb: 1}}
    alarms: {notify: []}
  eu-prod_2: {account: "111122223333", region: eu-west-1}
"""
ALONE = BASE.partition("environments:")[0]


def reading(text: str, environment: str | None) -> Reading:
    return read_as(read_document(text, "pipeline.yaml"), environment)


def loaded(text: str, environment: str | None) -> PipelineSpec:
    found = reading(text, environment)
    assert found.findings == ()
    assert found.spec is not None
    return found.spec


def errors(text: str, environment: str | None) -> list[tuple[str, str, int]]:
    found = reading(text, environment)
    assert not found.is_whole
    return [(finding.code, finding.dotted_path, finding.line) for finding in found.findings]


def test_differences_are_merged_by_name_and_lists_replaced() -> None:
    spec = loaded(BASE, "dev")
    assert (spec.environment, spec.title, spec.removal_policy) == ("dev", "shop (dev)", "destroy")
    assert spec.tags == {"cheap": "yes"}
    assert (spec.streams["clicks"].shards, spec.streams["clicks"].retention) == (1, 72)
    assert spec.streams["orders"].workload == Workload(records_per_second=1, record_kb=1)
    assert not spec.streams["orders"].is_on_demand
    assert spec.alarms.notify == ()


def test_any_name_will_do_and_what_it_leaves_out_is_that_of_the_base() -> None:
    spec = loaded(BASE, "eu-prod_2")
    assert (spec.environment, spec.account, spec.region) == ("eu-prod_2", "111122223333", "eu-west-1")
    assert spec.model_copy(update={"account": None, "region": None}) == loaded(ALONE, None)
    assert spec.streams["clicks"].shards == 8


@pytest.mark.parametrize("nothing", ["", " {}", " null", " ~"])
def test_an_environment_without_differences_is_the_base(nothing: str) -> None:
    spec = loaded(f"{ALONE}environments:\n  dev:{nothing}\n", "dev")
    assert spec == loaded(ALONE, None)
    assert spec.environment == "dev"


@pytest.mark.parametrize("environments", ["environments:\n", "environments: {}\n", "environments: null\n"])
def test_a_file_whose_environments_are_none_is_one_system(environments: str) -> None:
    assert loaded(ALONE + environments, None) == loaded(ALONE, None)


def test_the_names_are_those_of_the_file_in_its_order() -> None:
    assert environments_of(read_document(BASE, "p.yaml")) == ["dev", "eu-prod_2"]
    assert environments_of(read_document(ALONE, "p.yaml")) == []


def test_a_file_with_environments_is_never_read_without_one(tmp_path: Path) -> None:
    (finding,) = reading(BASE, None).findings
    assert (finding.code, finding.dotted_path, finding.line) == ("GRF305", "environments", 10)
    assert finding.help == "choose one of: `dev`, `eu-prod_2`"
    assert reading(BASE, None).spec is None
    file = tmp_path / "pipeline.yaml"
    file.write_text(BASE)
    with pytest.raises(SpecError, match="none was chosen"):
        PipelineSpec.load(file)
    assert PipelineSpec.load(file, "dev").environment == "dev"


def test_one_that_is_not_there_is_refused_with_those_that_are() -> None:
    (finding,) = reading(BASE, "eu-prod-2").findings
    assert (finding.message, finding.help) == ("the file has no environment `eu-prod-2`", "did you mean `eu-prod_2`?")
    (finding,) = reading(ALONE, "dev").findings
    assert (finding.code, finding.help) == ("GRF305", "leave it out: the file describes one system")


@pytest.mark.parametrize(
    ("old", "new", "environment", "expected"),
    [
        ("        shards: 1", "        shards: 0", "dev", ("LNG204", "environments.dev.streams.clicks.shards", 16)),
        ("        shards: 1", "        shard: 1", "dev", ("LNG201", "environments.dev.streams.clicks.shard", 16)),
        ("        shards: 1", "        schema: click", "dev", ("GRF301", "environments.dev.streams.clicks.schema", 16)),
        ("    shards: 8", "    shards: 0", "eu-prod_2", ("LNG204", "streams.clicks.shards", 5)),
        ("      orders: {", "      order: {", "dev", ("GRF301", "environments.dev.streams.order", 17)),
        ("  eu-prod_2: {", "  EU: {", "dev", ("LNG206", "environments.EU", 19)),
        (
            'eu-prod_2: {account: "111122223333", region: eu-west-1}',
            "prod: 5",
            "dev",
            ("LNG203", "environments.prod", 19),
        ),
        (
            'eu-prod_2: {account: "111122223333", region: eu-west-1}',
            "prod: 5",
            "prod",
            ("LNG203", "environments.prod", 19),
        ),
        (
            "  eu-prod_2: {",
            "  eu-prod_2: {environments: {}, ",
            "dev",
            ("GRF305", "environments.eu-prod_2.environments", 19),
        ),
        (BASE[BASE.index("environments:") :], "environments: [dev]", None, ("LNG203", "environments", 10)),
        (BASE[BASE.index("environments:") :], "environments: [dev]", "dev", ("LNG203", "environments", 10)),
    ],
)
def test_what_is_wrong_in_an_environment_stands_where_it_was_written(
    old: str, new: str, environment: Any, expected: tuple[str, str, int]
) -> None:
    assert BASE.count(old) == 1 or old == "        shards: 1"
    assert errors(BASE.replace(old, new), environment) == [expected]


def test_each_environment_is_judged_by_itself() -> None:
    text = BASE.replace("        shards: 1", "        shards: 0")
    assert errors(text, "dev") == [("LNG204", "environments.dev.streams.clicks.shards", 16)]
    assert loaded(text, "eu-prod_2").streams["clicks"].shards == 8


KINDS = """\
name: shop
tags: {kind: retail, mode: live, team: growth}
schemas: {click: {kind: string, page: string}}
streams:
  clicks:
    kind: kinesis
    shards: 8
    schema: click
    encryption: {kind: customer_managed, kms_key_arn: "arn:aws:kms:eu-west-1:123456789012:key/1"}
consumers:
  fraud:
    kind: lambda
    from: clicks
    function_arn: arn:aws:lambda:eu-west-1:123456789012:function:fraud
    on_failure: {destination: {kind: s3, expire_after_days: 30}}
environments:
  dev:
    tags: {kind: trial}
    schemas: {click: {kind: bigint}}
    streams:
      clicks: {encryption: {kind: aws_managed}}
    consumers: {fraud: {on_failure: {destination: {kind: sqs}}}}
  prod:
"""


def test_part_of_another_kind_takes_the_place_of_the_base() -> None:
    dev = loaded(KINDS, "dev")
    assert dev.streams["clicks"].encryption == AwsManagedKey()
    assert dev.consumers["fraud"].on_failure.destination.kind == "sqs"
    assert dev.streams["clicks"].shards == loaded(KINDS, "prod").streams["clicks"].shards == 8


def test_names_of_your_own_are_no_kinds() -> None:
    dev = loaded(KINDS, "dev")
    assert dev.tags == {"kind": "trial", "mode": "live", "team": "growth"}
    assert {name: field.type for name, field in dev.schemas["click"].items()} == {"kind": "bigint", "page": "string"}


@pytest.mark.parametrize(
    ("base", "difference", "expected"),
    [
        ({"workload": {"records_per_second": 5}}, {"shards": 1}, {"shards": 1}),
        ({"mode": "on_demand"}, {"shards": 1}, {"shards": 1}),
        ({"shards": 8, "headroom": 2}, {"mode": "on_demand"}, {"mode": "on_demand"}),
        ({"mode": "on_demand"}, {"shards": 1, "mode": "provisioned"}, {"shards": 1, "mode": "provisioned"}),
        ({"retention_hours": 48}, {"retention_days": 7}, {"retention_days": 7}),
        ({"retention_days": 7}, {"retention_hours": 48}, {"retention_hours": 48}),
        ({"workload": {"record_kb": 2}}, {"workload": {"record_bytes": 9}}, {"workload": {"record_bytes": 9}}),
        ({"filter": {"a": ["b"]}}, {"filters": [{"data": {}}]}, {"filters": [{"data": {}}]}),
        ({"code": "handlers/a"}, {"function_arn": "arn"}, {"function_arn": "arn"}),
        ({"function_arn": "arn"}, {"code": "handlers/a"}, {"code": "handlers/a"}),
    ],
)
def test_one_word_for_a_thing_takes_the_place_of_the_other(base: Any, difference: Any, expected: Any) -> None:
    path = ("streams", "clicks")
    assert merged({"schema": "click", **base}, difference, path) == {"schema": "click", **expected}
    assert merged({"tags": {"a": base}}, {"tags": {"a": difference}})["tags"]["a"] == {**base, **difference} or (
        "workload" in base
    )


def test_a_number_of_shards_wins_over_the_workload_of_the_base() -> None:
    text = ALONE.replace("shards: 8", "workload: {records_per_second: 5000, record_kb: 1}")
    clicks = loaded(f"{text}environments: {{dev: {{streams: {{clicks: {{shards: 1}}}}}}}}\n", "dev").streams["clicks"]
    assert (clicks.shards, clicks.workload) == (1, None)


@pytest.mark.parametrize(
    ("difference", "left"),
    [
        ("streams: {orders: null}", ["clicks"]),
        ("streams: {orders: null, more: null}", ["clicks"]),
        ("streams: {orders: null, more: {kind: kinesis, shards: 1, arn: null}}", ["clicks", "more"]),
        ("streams: {clicks: {retention_hours: null}}", ["clicks", "orders"]),
    ],
)
def test_null_takes_out(difference: str, left: list[str]) -> None:
    spec = loaded(f"{ALONE}environments: {{dev: {{{difference}}}}}\n", "dev")
    assert list(spec.streams) == left
    assert spec.streams["clicks"].retention == (24 if "retention" in difference else 72)


def test_a_node_that_is_taken_out_is_missed_by_who_names_it() -> None:
    assert errors(f"{KINDS}  bare: {{streams: {{clicks: null}}}}\n", "bare")[-1] == (
        "GRF301",
        "consumers.fraud.from",
        13,
    )


@pytest.mark.parametrize("base", ["alarms: {notify: [a@example.com], max_lag_seconds: 60}", "alarms: false", ""])
def test_alarms_are_switched_off_and_on_again(base: str) -> None:
    text = f"name: shop\nstreams: {{clicks: {{kind: kinesis, shards: 1}}}}\n{base}\nenvironments:\n"
    text += "  dev: {alarms: false}\n  prod: {alarms: {notify: [b@example.com]}}\n"
    assert not loaded(text, "dev").alarms.enabled
    prod = loaded(text, "prod").alarms
    assert prod.enabled
    assert [target.model_dump() for target in prod.notify] == [{"email": "b@example.com"}]


@pytest.mark.parametrize(
    ("difference", "path", "close"),
    [
        ("streams: {order: null}", ("streams", "order"), "orders"),
        ("strems: null", ("strems",), "streams"),
    ],
)
def test_what_is_taken_out_under_a_misspelled_name_is_told(difference: str, path: tuple[str, ...], close: str) -> None:
    text = f"{ALONE}environments: {{dev: {{{difference}}}}}\n"
    (found,) = reading(text, "dev").findings
    assert (found.code, found.path[-len(path) :]) == ("LNG404", path)
    assert found.help == f"did you mean `{close}`?"


def test_what_is_missing_is_missing_where_the_node_is_described() -> None:
    text = BASE.replace("    kind: kinesis\n", "", 1)
    assert errors(text, "dev") == [("LNG202", "streams.clicks", 3)]


def test_what_is_said_of_an_environment_mends_it_there() -> None:
    text = BASE.replace("        shards: 1", "        shard: 1")
    document = read_document(text, "pipeline.yaml")
    mended = edited(document.data, [edit for finding in read_as(document, "dev").findings for edit in finding.edits])
    assert mended["environments"]["dev"]["streams"]["clicks"] == {"shards": 1}
    assert mended["streams"] == document.data["streams"]


def test_a_node_that_differs_from_none_is_meant_for_the_one_that_is_called_almost_so() -> None:
    text = BASE.replace("      clicks:\n        shards: 1\n", "      click:\n        shards: 1\n")
    document = read_document(text, "pipeline.yaml")
    (finding,) = read_as(document, "dev").findings
    assert (finding.code, finding.dotted_path, finding.help) == (
        "GRF301",
        "environments.dev.streams.click",
        "did you mean `clicks`?",
    )
    mended = edited(document.data, finding.edits)
    assert mended["environments"]["dev"]["streams"]["clicks"] == {"shards": 1}


def test_an_environment_may_have_a_node_of_its_own_with_almost_the_same_name() -> None:
    text = BASE.replace(
        "      clicks:\n        shards: 1\n", "      click:\n        kind: kinesis\n        shards: 1\n"
    )
    assert set(loaded(text, "dev").streams) == {"clicks", "click", "orders"}
