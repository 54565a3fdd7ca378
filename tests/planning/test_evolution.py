"""What a deployment over an earlier version does to what is there: the verdict on each change, and the way around it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.planning import plan
from streaming_constructs.planning.evolution import evolved, system_findings
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.environments import environments_of
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.patterns import Pattern, list_patterns
from streaming_constructs.spec.read import edited

KEY, OTHER_KEY = (f"arn:aws:kms:eu-west-1:111122223333:key/{digit * 8}-12ab-34cd-56ef-1234567890ab" for digit in "12")
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf"
ROLE = "arn:aws:iam::111122223333:role/admin"
SUBNETS = {"subnet_ids": ["subnet-11111111"], "security_group_ids": ["sg-11111111"]}
BASE: dict[str, Any] = {
    "name": "shop",
    "schemas": {
        "click": {"page": "string", "country": "string", "at": "timestamp"},
        "view": {"page": "string", "country": "string", "at": "timestamp"},
    },
    "streams": {
        "clicks": {"kind": "kinesis", "schema": "click", "shards": 4, "retention_hours": 72},
        "views": {"kind": "kinesis", "schema": "view", "mode": "on_demand"},
    },
}
LAKE = {"from": "clicks", "to": {"kind": "s3", "format": "parquet"}}
CONSUMER = {"kind": "lambda", "from": "clicks", "code": "handlers/fraud", "on_failure": {"destination": "sqs"}}
SPLUNK = {"kind": "splunk", "endpoint": "https://hec.example.com:8088", "secret_arn": SECRET}
ICEBERG = {"kind": "iceberg", "database": "sales", "table": "clicks", "table_bucket": "company-lakehouse"}
SNOWFLAKE = {
    "kind": "snowflake",
    "account_url": "https://acme.snowflakecomputing.com",
    "secret_arn": SECRET,
    "database": "SHOP",
    "schema": "PUBLIC",
    "table": "CLICKS",
}
INDEXED = {"kind": "opensearch", "domain_arn": "arn:aws:es:eu-west-1:111122223333:domain/search"}
LOGS = {"kind": "cloudwatch_logs", "to": "clicks"}
DOMAIN = {"kind": "opensearch", "version": "2.19"}

Said = list[tuple[str, str, str]]


def merged(base: Any, difference: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(difference, dict)):
        return difference
    found = {**base, **{key: merged(base.get(key), value) for key, value in difference.items()}}
    return {key: value for key, value in found.items() if value is not None}


def found(before: Any, after: Any, **more: Any) -> list[Finding]:
    """What is said of a system whose part was `before` and is `after`."""
    plans = (plan(PipelineSpec.model_validate(merged({**BASE, **more}, part))) for part in (before, after))
    return list(system_findings(*plans))


def said(before: Any, after: Any, **more: Any) -> Said:
    return [(one.code, one.level, one.dotted_path) for one in found(before, after, **more)]


def lake(**to: Any) -> Any:
    return {"deliveries": {"lake": merged(LAKE, {"to": to})}}


def delivery(to: Any, **more: Any) -> Any:
    return {"deliveries": {"lake": {"from": "clicks", "to": to, **more}}}


def stream(**fields: Any) -> Any:
    return {"streams": {"clicks": fields}}


def consumer(**fields: Any) -> Any:
    return {"consumers": {"fraud": {**CONSUMER, **fields}}}


def store(**fields: Any) -> Any:
    return {"stores": {"search": {**DOMAIN, **fields}}}


TO = "deliveries.lake.to"
BY_COUNTRY = {"by": "country", "values": ["de", "fr"]}

ARCHIVES: list[tuple[str, Any, Any, Said]] = [
    (
        "dynamic partitioning on",
        lake(),
        lake(partition_by=["day(arrival)", "country"]),
        [("EVO971", "error", f"{TO}.partition_by")],
    ),
    (
        "dynamic partitioning off",
        lake(partition_by=["day(arrival)", "country"]),
        lake(),
        [("EVO972", "error", f"{TO}.partition_by")],
    ),
    ("finer partitions", lake(), lake(partition_by=["hour(arrival)"]), [("EVO972", "error", f"{TO}.partition_by")]),
    (
        "another format and finer partitions",
        lake(),
        lake(format="orc", partition_by=["hour(arrival)"]),
        [("EVO972", "error", f"{TO}.format"), ("EVO972", "error", f"{TO}.partition_by")],
    ),
    ("the same, spelt out", lake(), lake(partition_by=["day(arrival)"]), []),
    (
        "partitions the other way round",
        lake(partition_by=["day(arrival)", "country"]),
        lake(partition_by=["country", "day(arrival)"]),
        [("EVO972", "error", f"{TO}.partition_by")],
    ),
    (
        "one more value",
        lake(partition_by=[BY_COUNTRY]),
        lake(partition_by=[merged(BY_COUNTRY, {"values": ["de", "fr", "it"]})]),
        [],
    ),
    (
        "one value less",
        lake(partition_by=[BY_COUNTRY]),
        lake(partition_by=[{"by": "country", "values": ["de"]}]),
        [("EVO972", "error", f"{TO}.partition_by[0]")],
    ),
    (
        "values listed that were not",
        lake(partition_by=["country"]),
        lake(partition_by=[BY_COUNTRY]),
        [("EVO972", "error", f"{TO}.partition_by[0]")],
    ),
    ("parquet to orc", lake(), lake(format="orc"), [("EVO972", "error", f"{TO}.format")]),
    ("parquet to json", lake(), lake(format="json"), [("EVO972", "error", f"{TO}.format")]),
    ("json to parquet", lake(format="json"), lake(), [("EVO972", "error", f"{TO}.format")]),
    ("another compression inside", lake(), lake(compression="gzip"), []),
    ("another compression of json", lake(format="json"), lake(format="json", compression="none"), []),
    ("json to zips", lake(format="json"), lake(format="json", compression="zip"), [("EVO972", "error", TO)]),
    ("no newlines any more", lake(format="json"), lake(format="json", newline=False), [("EVO972", "error", TO)]),
    ("another folder", lake(), lake(prefix="raw/clicks"), [("EVO972", "error", f"{TO}.prefix")]),
    ("the same folder, spelt out", lake(), lake(prefix="lake"), []),
    ("another folder of errors", lake(), lake(error_prefix="failed"), []),
    ("another bucket", lake(), lake(bucket="company-lake"), [("EVO972", "error", f"{TO}.bucket")]),
    (
        "a bucket of its own again",
        lake(bucket="company-lake"),
        lake(),
        [("EVO972", "error", f"{TO}.bucket")],
    ),
    ("another database", lake(), lake(database="company"), [("EVO972", "error", f"{TO}.database")]),
    ("a later first day", lake(), lake(partitions_since="2026-01-01"), [("EVO972", "error", f"{TO}.partitions_since")]),
    ("an earlier first day", lake(), lake(partitions_since="2020-01-01"), []),
    ("another time zone", lake(), lake(time_zone="Europe/Berlin"), [("EVO972", "warning", f"{TO}.time_zone")]),
    ("expiry", lake(), lake(expire_after_days=30), [("EVO975", "warning", f"{TO}.expire_after_days")]),
    ("a later expiry", lake(expire_after_days=30), lake(expire_after_days=60), []),
    ("no expiry any more", lake(expire_after_days=30), lake(), []),
    ("colder storage", lake(), lake(transitions=[{"after_days": 30, "storage_class": "glacier_ir"}]), []),
    ("another buffer", lake(), lake(buffer_seconds=600), []),
    ("a key for objects", lake(), lake(encryption="customer_managed"), []),
    (
        "no key for objects",
        lake(encryption="customer_managed"),
        lake(encryption="s3_managed"),
        [("EVO976", "warning", f"{TO}.encryption")],
    ),
    ("a backup of the source", lake(), lake(source_backup={}), []),
    ("no backup of the source", lake(source_backup={}), lake(), [("EVO971", "error", f"{TO}.source_backup")]),
    (
        "a backup elsewhere",
        lake(source_backup={}),
        lake(source_backup={"bucket": "company-raw"}),
        [("EVO974", "warning", f"{TO}.source_backup")],
    ),
]
DELIVERIES: list[tuple[str, Any, Any, Said]] = [
    (
        "another stream",
        lake(),
        {"deliveries": {"lake": {**LAKE, "from": "views"}}},
        [("EVO973", "error", "deliveries.lake.from")],
    ),
    (
        "direct put instead of a stream",
        delivery({"kind": "s3"}),
        {"deliveries": {"lake": {"from": "direct_put", "schema": "click", "to": {"kind": "s3"}}}},
        [("EVO973", "error", "deliveries.lake.from")],
    ),
    ("another kind of destination", lake(), delivery(SPLUNK), [("EVO972", "error", f"{TO}.kind")]),
    ("to opensearch", lake(), delivery(INDEXED), [("EVO971", "error", f"{TO}.kind")]),
    ("from opensearch", delivery(INDEXED), lake(), [("EVO971", "error", f"{TO}.kind")]),
    ("all records are kept", delivery(SPLUNK), delivery({**SPLUNK, "backup": "all"}), []),
    (
        "not all records any more",
        delivery({**SPLUNK, "backup": "all"}),
        delivery(SPLUNK),
        [("EVO971", "error", f"{TO}.backup")],
    ),
    ("another collector", delivery(SPLUNK), delivery({**SPLUNK, "endpoint": "https://two.example.com:8088"}), []),
    (
        "rows that are updated",
        delivery(ICEBERG),
        delivery({**ICEBERG, "unique_keys": ["page"]}),
        [("EVO971", "error", f"{TO}.unique_keys")],
    ),
    (
        "another catalog",
        delivery(ICEBERG),
        delivery({**ICEBERG, "catalog_arn": "arn:aws:glue:eu-west-1:111122223333:catalog"}),
        [("EVO973", "error", f"{TO}.catalog_arn")],
    ),
    (
        "a private link",
        delivery(SNOWFLAKE),
        delivery({**SNOWFLAKE, "private_link_service": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"}),
        [("EVO973", "error", f"{TO}.private_link_service")],
    ),
    (
        "another index",
        delivery(INDEXED),
        delivery({**INDEXED, "index": "clicks"}),
        [("EVO972", "error", f"{TO}.index")],
    ),
    (
        "another rotation",
        delivery(INDEXED),
        delivery({**INDEXED, "index_rotation": "monthly"}),
        [("EVO972", "warning", f"{TO}.index_rotation")],
    ),
    ("another name of documents", delivery(INDEXED), delivery({**INDEXED, "document_id": "none"}), []),
    (
        "a key for what is put",
        {"deliveries": {"lake": {"to": {"kind": "s3", "encryption": "s3_managed"}}}},
        {"deliveries": {"lake": {"encryption": "customer_managed", "to": {"kind": "s3", "encryption": "s3_managed"}}}},
        [],
    ),
    ("gone", lake(), {}, [("EVO974", "warning", "deliveries.lake")]),
    ("new", {}, lake(), []),
]
OTHERS: list[tuple[str, Any, Any, Said]] = [
    ("twice the shards", {}, stream(shards=8), []),
    ("more than twice the shards", {}, stream(shards=9), [("EVO971", "error", "streams.clicks.shards")]),
    ("half the shards", {}, stream(shards=2), []),
    ("less than half the shards", {}, stream(shards=1), [("EVO971", "error", "streams.clicks.shards")]),
    ("on demand", {}, stream(mode="on_demand", shards=None), []),
    ("a shorter retention", {}, stream(retention_hours=24), [("EVO975", "warning", "streams.clicks.retention_hours")]),
    ("the same in days", {}, stream(retention_hours=None, retention_days=3), []),
    ("a longer retention", {}, stream(retention_hours=96), []),
    ("a key", {}, stream(encryption="customer_managed"), []),
    (
        "no key of its own",
        stream(encryption="customer_managed"),
        {},
        [("EVO976", "warning", "streams.clicks.encryption")],
    ),
    (
        "another key",
        stream(encryption={"kms_key_arn": KEY}),
        stream(encryption={"kms_key_arn": OTHER_KEY}),
        [("EVO976", "warning", "streams.clicks.encryption")],
    ),
    (
        "an existing stream",
        {"streams": {"views": {"arn": "arn:aws:kinesis:eu-west-1:111122223333:stream/views", "mode": None}}},
        {},
        [("EVO973", "error", "streams.views.arn")],
    ),
    ("a stream is gone", {}, {"streams": {"views": None}}, [("EVO974", "warning", "streams.views")]),
    ("another source", consumer(), consumer(**{"from": "views"}), [("EVO973", "error", "consumers.fraud.from")]),
    (
        "another start",
        consumer(),
        consumer(starting_position="latest"),
        [("EVO971", "error", "consumers.fraud.starting_position")],
    ),
    (
        "enhanced fan-out",
        consumer(),
        consumer(enhanced_fan_out=True),
        [("EVO973", "error", "consumers.fraud.enhanced_fan_out")],
    ),
    (
        "another destination of failures",
        consumer(),
        consumer(on_failure={"destination": "s3"}),
        [("EVO974", "warning", "consumers.fraud.on_failure.destination")],
    ),
    (
        "failures of an existing queue go elsewhere",
        consumer(on_failure={"destination": "arn:aws:sqs:eu-west-1:111122223333:failures"}),
        consumer(on_failure={"destination": "s3"}),
        [],
    ),
    (
        "more retries, smaller batches",
        consumer(),
        consumer(batch_size=10, on_failure={"destination": "sqs", "retries": 9}),
        [],
    ),
    ("a consumer is gone", consumer(), {}, [("EVO974", "warning", "consumers.fraud")]),
    ("into a VPC", store(zones=1), store(zones=1, vpc=SUBNETS), [("EVO971", "error", "stores.search.vpc")]),
    ("an older version", store(), store(version="2.17"), [("EVO971", "error", "stores.search.version")]),
    ("a newer version", store(version="2.17"), store(), []),
    (
        "a key of the domain",
        store(),
        store(encryption="customer_managed"),
        [("EVO973", "error", "stores.search.encryption")],
    ),
    ("a shorter search", store(), store(retention_days=7), [("EVO975", "warning", "stores.search.retention_days")]),
    ("more nodes", store(instances=3), store(instances=6), []),
    ("a domain is gone", store(), {}, [("EVO974", "warning", "stores.search")]),
    (
        "other accounts may send no longer",
        {"producers": {"logs": {**LOGS, "accept_from": {"account_ids": ["222233334444"]}}}},
        {"producers": {"logs": {**LOGS, "log_groups": ["/shop"]}}},
        [("EVO973", "error", "producers.logs.accept_from")],
    ),
    ("a topic is gone", {"sns_topics": {"told": {"kind": "sns"}}}, {}, [("EVO974", "warning", "sns_topics.told")]),
    (
        "another topic",
        {"sns_topics": {"told": {"kind": "sns"}}},
        {"sns_topics": {"told": {"kind": "sns", "topic_arn": "arn:aws:sns:eu-west-1:111122223333:told"}}},
        [("EVO973", "error", "sns_topics.told.topic_arn")],
    ),
    (
        "another stack",
        {},
        {"name": "store"},
        [("EVO973", "error", "name")],
    ),
    ("tags, alarms and a dashboard", {}, {"tags": {"team": "a"}, "alarms": False, "dashboard": True}, []),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in (*ARCHIVES, *DELIVERIES, *OTHERS)],
)
def test_verdict(before: Any, after: Any, expected: Said) -> None:
    assert said(before, after) == expected


@pytest.mark.parametrize("before", [one[1] for one in (*ARCHIVES, *DELIVERIES, *OTHERS)])
def test_nothing_is_said_where_nothing_changes(before: Any) -> None:
    assert said(before, before) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [pytest.param(*case[1:3], id=case[0]) for case in (*ARCHIVES, *DELIVERIES, *OTHERS) if case[3]],
)
def test_the_way_that_is_offered_leaves_nothing_to_say(before: Any, after: Any) -> None:
    edits = [edit for finding in found(before, after) for edit in finding.edits]
    mended = edited(merged(BASE, after), edits)
    by_hand = [finding.dotted_path for finding in found(before, after) if not finding.edits]
    planned = plan(PipelineSpec.model_validate(mended))
    assert [one.message for one in planned.findings if one.level == "error"] == []
    left = system_findings(plan(PipelineSpec.model_validate(merged(BASE, before))), planned)
    assert [one.dotted_path for one in left if one.dotted_path not in by_hand] == []


def test_folders_without_a_table_are_a_warning() -> None:
    raw = {"streams": {"clicks": {"schema": None}}}
    before, after = (merged(raw, delivery({"kind": "s3", **to})) for to in ({}, {"prefix": "raw"}))
    assert said(before, after) == [("EVO972", "warning", f"{TO}.prefix")]


@pytest.mark.parametrize("policy", ["retain", "destroy"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lake(), {}),
        (consumer(), consumer(on_failure={"destination": "s3"})),
        (stream(encryption="customer_managed"), stream()),
    ],
)
def test_what_is_destroyed_is_an_error_and_what_is_retained_a_warning(before: Any, after: Any, policy: str) -> None:
    (finding,) = found(before, after, removal_policy=policy)
    assert finding.level == {"retain": "warning", "destroy": "error"}[policy]


def test_a_policy_of_the_node_counts_more_than_that_of_the_system() -> None:
    before = {"streams": {"views": {"removal_policy": "retain"}}}
    (finding,) = found(before, {"streams": {"views": None}}, removal_policy="destroy")
    assert (finding.level, finding.path) == ("warning", ("streams", "views"))


def test_the_policy_of_the_version_that_is_deployed_counts() -> None:
    before = {"removal_policy": "destroy"}
    assert [one.level for one in found(before, {"streams": {"views": None}})] == ["error"]


def test_what_is_added_beside_has_a_name_and_a_folder_of_its_own() -> None:
    before = lake(bucket="company-lake", prefix="clicks", error_prefix="failed")
    after = merged(lake(bucket="company-lake", prefix="clicks", error_prefix="failed", format="orc"), {})
    after["deliveries"]["lake_2"] = {"from": "clicks", "to": {"kind": "s3"}}
    (finding,) = found(before, after)
    help_ = yaml.safe_load(finding.help.split("`")[1])
    assert set(help_["deliveries"]) == {"lake", "lake_3"}
    beside = help_["deliveries"]["lake_3"]["to"]
    assert (beside["format"], beside["prefix"], beside["error_prefix"]) == ("orc", "clicks-3", "failed-3")


def test_a_name_that_differs_by_a_hyphen_alone_is_taken() -> None:
    after = {"deliveries": {**lake(format="orc")["deliveries"], "lake-2": {"from": "clicks", "to": {"kind": "s3"}}}}
    (finding,) = found(lake(), after)
    assert {edit.path for edit in finding.edits} == {("deliveries", "lake"), ("deliveries", "lake_3")}
    before, after = ({"deliveries": {"lake-a": lake(**to)["deliveries"]["lake"]}} for to in ({}, {"format": "orc"}))
    after["deliveries"]["lake_a_2"] = {"from": "clicks", "to": {"kind": "s3"}}
    (finding,) = found(before, after)
    assert {edit.path for edit in finding.edits} == {("deliveries", "lake-a"), ("deliveries", "lake-a_3")}


def test_a_folder_that_is_another_already_stays() -> None:
    after = lake(bucket="company-lake", prefix="new", error_prefix="failed", format="orc")
    finding = found(lake(bucket="company-lake", prefix="clicks", error_prefix="failed"), after)[0]
    beside = finding.edits[1].value["to"]
    assert (beside["prefix"], beside["error_prefix"]) == ("new", "failed-2")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (lake(), lake(format="orc"), "the format was `parquet` and is `orc`"),
        (consumer(), consumer(enhanced_fan_out=True), "enhanced fan-out was false and is true"),
    ],
)
def test_what_it_was_and_what_it_is_is_told(before: Any, after: Any, message: str) -> None:
    (finding,) = found(before, after)
    assert finding.message == message


@pytest.mark.parametrize(
    ("policy", "told"),
    [("retain", "it is retained, outside of the stack"), ("destroy", "it is destroyed with the change")],
)
def test_what_becomes_of_what_leaves_the_stack_is_told_where_something_does(policy: Any, told: str) -> None:
    (leaves,) = found(consumer(), consumer(on_failure={"destination": "s3"}), removal_policy=policy)
    assert leaves.note.endswith(told)
    (stays,) = found({}, stream(retention_hours=24), removal_policy=policy)
    assert stays.note == "records that are older are gone at once, also for readers that are late"


# --- files

OLD = """\
name: x
schemas:
  click: {page: string}
streams:
  clicks: {kind: kinesis, schema: click, mode: on_demand, retention_hours: 48}
deliveries:
  lake: {from: clicks, to: {kind: s3, format: parquet}}
environments:
  dev: {}
  prod: {streams: {clicks: {retention_hours: 96}}}
"""


def in_file(new: str, old: str = OLD, environment: str | None = "dev") -> list[tuple[str, str | None, int]]:
    document = read_document(new, "new.yaml")
    told = evolved(document, read_document(old, "old.yaml"), environment)
    return [(one.code, one.file, one.line) for one in told]


def test_findings_stand_in_the_new_file() -> None:
    new = OLD.replace("format: parquet", "format: orc").replace("retention_hours: 48", "retention_hours: 24")
    assert in_file(new) == [("EVO975", "new.yaml", 5), ("EVO972", "new.yaml", 7)]


def test_environments_are_compared_with_their_own_differences() -> None:
    new = OLD.replace("retention_hours: 96", "retention_hours: 72")
    assert in_file(new, environment="dev") == []
    assert in_file(new, environment="prod") == [("EVO975", "new.yaml", 10)]


def test_a_schema_and_a_node_are_both_told_of() -> None:
    new = OLD.replace("page: string", "page: int").replace("format: parquet", "format: orc")
    assert [code for code, _, _ in in_file(new)] == ["SCH212", "EVO972"]


def test_an_earlier_version_in_another_language_is_compared_by_its_schemas_alone() -> None:
    old = OLD.replace("kind: s3, format: parquet", "kind: tape")
    told = in_file(OLD.replace("page: string", "page: int"), old)
    assert told == [("SCH212", "new.yaml", 3), ("EVO977", "new.yaml", 1)]


def test_a_version_that_cannot_be_read_is_compared_by_its_schemas_alone() -> None:
    new = OLD.replace("page: string", "page: int").replace("kind: s3, format: parquet", "kind: tape")
    assert in_file(new) == [("SCH212", "new.yaml", 3)]


def test_an_earlier_version_whose_handlers_are_elsewhere_is_compared_all_the_same() -> None:
    old = OLD.replace(
        "deliveries:", f"consumers:\n  fraud: {yaml.safe_dump(CONSUMER, default_flow_style=True)}deliveries:"
    )
    assert [code for code, _, _ in in_file(OLD, old)] == ["EVO974"]


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_a_documented_pattern_changes_nothing_over_itself(pattern: Pattern) -> None:
    document = read_document(pattern.spec_path.read_text(encoding="utf-8"), str(pattern.spec_path))
    for environment in environments_of(document):
        assert evolved(document, document, environment) == []
