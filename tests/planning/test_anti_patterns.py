"""What is known to go wrong with streams: where each of it is told, a spec that has it, and one beside that has not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.facts import kinesis
from streaming_constructs.planning import PipelinePlan, plan
from streaming_constructs.planning.evolution import evolved
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.planning.readiness.readiness import CHECKLISTS, checklist_of
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.codes import find
from streaming_constructs.spec.codes.code import in_base
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding

PAGE = Path(__file__).parents[2] / "docs" / "anti-patterns.md"


@dataclass(frozen=True)
class AntiPattern:
    """What is known to go wrong.

    Attributes:
        words: What it is, as the page of the docs says it.
        codes: The findings of a spec that tell it.
        items: The items of readiness that ask a person about it, or answer.
        templates: What a review or an audit of templates tells of it.
    """

    words: str
    codes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


ANTI_PATTERNS = (
    AntiPattern("A partition key with few values, or one", ("KIN414", "MSK498", "DDB848"), ("KC6",)),
    AntiPattern("Far more shards than the load needs", ("KIN415",)),
    AntiPattern("No checkpoints, or one for each record", ("FLK328",), ("KC3",)),
    AntiPattern("Throttled writes that nobody tries again", (), ("KC1", "KO1")),
    AntiPattern("More reads of a shard than five a second", ("KIN409", "FLK333"), (), ("AUD201",)),
    AntiPattern("A stream as a queue of tasks", ("LAM568",)),
    AntiPattern("Producers that wait for no replica, or for each record", ("MSK445",), ("SD6", "PD6")),
    AntiPattern("More readers than partitions, or work that holds up the reading", ("LAM557",), ("LI2",)),
    AntiPattern("Too many partitions; one zone alone", ("MSK470", "MSK471", "MSK452", "OSD811")),
    AntiPattern("Plain text on the wire; the whole internet let in", ("API883",), (), ("AUD401", "AUD630")),
    AntiPattern("Retention that is longer than needed, or the same everywhere", ("KIN413", "MSK493", "OSD810"), ("SC4", "PC2")),
    AntiPattern("Several changes of a cluster at once; no plan of its capacity", ("EVO978", "KIN401", "MSK480")),
    AntiPattern("Enhanced fan-out without a need", ("LAM567",), ("KI3",)),
    AntiPattern("A request for each record at a high rate", ("API889",), ("KC4",)),
    AntiPattern("Less capacity than the load needs", ("KIN407", "MSK490", "MSK471", "LAM558", "DDB851", "OSD806"), ("KI1",)),
    AntiPattern("Processing that is longer than an iterator lives", (), ("KC8", "LI2")),
    AntiPattern("Tuning before there is a need", (), ("KO6",)),
    AntiPattern("Partitions that are added to a keyed topic later", ("EVO975",)),
    AntiPattern(
        "A mapping without an end of retries, or without a place for what fails",
        ("LNG202", "LAM559"),
        templates=("AUD203", "AUD204"),
    ),
    AntiPattern("Failed records that are named, and nobody listens", ("LAM569",), ("LC3",)),
    AntiPattern("A prefix with expressions, and none for errors", (), ("FI3",), ("AUD303",)),
    AntiPattern("An alarm on the controller that rings without data", (), (), ("AUD415",)),
    AntiPattern("MSK Serverless for trials", ("MSK499",)),
    AntiPattern("An alarm on the iterator age of a stream that is read by fan-out", (), (), ("AUD508",)),
)  # fmt: skip
"""In the order in which the page has them; its numbers are those of that order."""
IDS = [f"{number:02}" for number in range(1, len(ANTI_PATTERNS) + 1)]
IN_SPECS = sorted({code for row in ANTI_PATTERNS for code in row.codes})
WITH_FILES = {"LAM569"}
"""What is found in the code beside a spec; the catalogue has no whole example of it."""


def found(text: str, folder: Path, earlier: str = "", code: str = "def handler(event, context): ...") -> list[Finding]:
    (folder / "handlers" / "fraud").mkdir(parents=True, exist_ok=True)
    (folder / "handlers" / "fraud" / "index.py").write_text(code)
    document = read_document(text, str(folder / "pipeline.yaml"))
    findings = list(plan_document(document, None)[1])
    return [*findings, *evolved(document, read_document(earlier, "earlier.yaml"))] if earlier else findings


def planned(part: str) -> PipelinePlan:
    return plan(PipelineSpec.model_validate(yaml.safe_load(in_base(part))), on_day=date(2026, 11, 28))


@pytest.mark.parametrize("name", [code for code in IN_SPECS if code not in WITH_FILES])
def test_a_spec_has_it_and_the_one_beside_has_not(name: str, tmp_path: Path) -> None:
    code = find(name)
    assert code is not None
    earlier = code.file(code.earlier)
    assert name in {finding.code for finding in found(code.file(code.example), tmp_path, earlier)}
    assert name not in {finding.code for finding in found(code.file(code.mend), tmp_path, earlier)}


@pytest.mark.parametrize("row", ANTI_PATTERNS, ids=IDS)
def test_it_is_told_somewhere_and_what_tells_it_is_there(row: AntiPattern) -> None:
    items = {item.id for checklist in set(CHECKLISTS.values()) for item in checklist_of(checklist)}
    assert row.codes or row.items or row.templates
    assert set(row.items) <= items
    assert [code for code in (*row.codes, *row.templates) if find(code) is None] == []


def test_the_page_has_each_with_what_tells_it_and_no_other() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith(tuple(f"| {n} |" for n in range(1, 100)))]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [cell[1] for cell in cells] == [row.words for row in ANTI_PATTERNS]
    for cell, row in zip(cells, ANTI_PATTERNS, strict=True):
        named = {word for part in cell[2:] for word in re.findall(r"\b[A-Z]{2,3}\d{1,3}\b", part)}
        assert named == {*row.codes, *row.items, *row.templates}, row.words


# --- a key with few values


AUTO = ", mode: on_demand, record_distribution: auto"


def keyed(key: str, type_: str, *, stream: str = "", records: int = 3000) -> str:
    return (
        f"schemas: {{payment: {{payment_id: string, {key}: {type_}}}}}\n"
        f"streams: {{payments: {{partition_key: {key}, workload: {{records_per_second: {records}}}{stream}}}}}"
    )


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (keyed("day", "string"), keyed("day", "string", records=1000)),  # one shard carries all of it
        (keyed("born_on", "date"), keyed("born_on", "timestamp")),
        (keyed("is_paid", "boolean"), keyed("is_paid", "boolean", records=2000)),
        (keyed("is_paid", "boolean"), keyed("is_paid", "int")),
        (keyed("day", "date", stream=", mode: on_demand"), keyed("day", "date", stream=AUTO)),
    ],
)  # fmt: skip
def test_a_key_with_few_values_is_told_where_a_shard_does_not_carry_them(few: str, many: str, tmp_path: Path) -> None:
    (finding,) = found(in_base(few), tmp_path)
    assert (finding.code, finding.level, finding.dotted_path) == ("KIN414", "warning", "streams.payments.partition_key")
    assert "`partition_key: payment_id`" in finding.help
    assert found(in_base(many), tmp_path) == []


def test_a_key_of_the_moment_needs_no_load_where_there_are_several_shards(tmp_path: Path) -> None:
    spec = "streams: {payments: {workload: null, shards: %d, partition_key: minute}}"
    assert [finding.code for finding in found(in_base(spec % 2), tmp_path)] == ["KIN414"]
    assert found(in_base(spec % 1), tmp_path) == []


# --- shards, fan-out and batches that cost for nothing


@pytest.mark.parametrize(
    ("much", "enough"),
    [
        ("shards: 12", "shards: 11"),  # of 2 that are needed with headroom: 10 idle ones are 109.50 USD
        (
            "shards: 30, workload: {records_per_second: 6500}",
            "shards: 26, workload: {records_per_second: 6500}",
        ),  # of 9
    ],
)
def test_idle_shards_are_told_from_a_hundred_dollars_and_three_times_on(much: str, enough: str, tmp_path: Path) -> None:
    (finding,) = found(in_base(f"streams: {{payments: {{{much}}}}}"), tmp_path)
    assert (finding.code, finding.level, finding.dotted_path) == ("KIN415", "note", "streams.payments.shards")
    assert found(in_base(f"streams: {{payments: {{{enough}}}}}"), tmp_path) == []


FAN_OUT = "consumers:\n  fraud: {enhanced_fan_out: true, batch_window_seconds: %d}\n"
ANOTHER = "  other%d: {kind: lambda, from: payments, code: handlers/fraud, on_failure: s3}\n"


@pytest.mark.parametrize(
    ("spec", "is_told"),
    [
        (FAN_OUT % 1, True),
        (FAN_OUT % 0, False),  # the last tenths of a second may be what is wanted
        (FAN_OUT % 5 + ANOTHER % 1, True),
        (FAN_OUT % 5 + ANOTHER % 1 + ANOTHER % 2, False),  # three would share what is enough for two
    ],
)
def test_fan_out_is_told_where_a_shard_has_enough_and_the_batch_waits(spec: str, is_told: bool, tmp_path: Path) -> None:
    told = [finding for finding in found(in_base(spec), tmp_path) if finding.code == "LAM567"]
    assert len(told) == is_told
    # 2 shards: 2 x 730 x 0.015 + 1000 x 3600 x 730 KiB in GiB x 0.013
    assert all("about 54 USD a month" in finding.note for finding in told)


def test_records_one_by_one_say_how_long_each_may_take(tmp_path: Path) -> None:
    (finding,) = found(in_base("consumers: {fraud: {batch_size: 1}}"), tmp_path)
    assert (finding.code, finding.level) == ("LAM568", "note")
    assert finding.note.endswith("1,000 records/s at the peak are as many invocations, and each has 2 ms")
    assert found(in_base("consumers: {fraud: {batch_size: 2}}"), tmp_path) == []


# --- what code says


SILENT = in_base("consumers: {fraud: {partial_batch_responses: false}}")


@pytest.mark.parametrize(
    "code",
    ['return {"batchItemFailures": failed}', "from aws_lambda_powertools import process_partial_response"],
)
def test_failed_records_that_nobody_hears_of_are_told(code: str, tmp_path: Path) -> None:
    (finding,) = found(SILENT, tmp_path, code=code)
    assert (finding.code, finding.level) == ("LAM569", "warning")
    assert finding.note.startswith("`handlers/fraud/index.py` answers")
    assert found(in_base("{}"), tmp_path, code=code) == []
    assert found(SILENT, tmp_path, code="def handler(event, context): raise ValueError") == []


WRITER = in_base(
    "clusters:\n  main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}\n"
    "streams:\n  scores: {kind: kafka, cluster: main, partitions: 3}\n"
    "consumers: {fraud: {to: scores}}\n"
)


@pytest.mark.parametrize(
    ("unsafe", "safe"),
    [
        ('Producer({"acks": 0})', 'Producer({"acks": "all"})'),
        ("Producer(acks='1')", "Producer(acks=-1)"),
        ("new Producer({acks: 1})", "packs = 1"),
    ],
)
def test_code_that_waits_for_no_replica_is_told(unsafe: str, safe: str, tmp_path: Path) -> None:
    told = [finding for finding in found(WRITER, tmp_path, code=unsafe) if finding.code == "MSK445"]
    assert [(finding.level, finding.dotted_path) for finding in told] == [("warning", "consumers.fraud.code")]
    assert "MSK445" not in {finding.code for finding in found(WRITER, tmp_path, code=safe)}


@pytest.mark.parametrize(
    ("field", "unsafe", "safe"),
    [("worker_config", "{producer.acks: 0}", "{producer.acks: -1}"), ("config", "1", "all")],
)
def test_connectors_that_wait_for_no_replica_are_told(field: str, unsafe: str, safe: str, tmp_path: Path) -> None:
    code = find("MSK445")
    assert code is not None

    def system(value: str) -> str:
        if field == "worker_config":
            return code.file(code.example.replace("{producer.acks: 1}", value))
        overridden = code.example.replace("MySource}", f"MySource, producer.override.acks: '{value}'}}")
        return code.file(overridden.replace("{producer.acks: 1}", "{}"))

    assert [finding.code for finding in found(system(unsafe), tmp_path)] == ["MSK445"]
    assert found(system(safe), tmp_path) == []


@pytest.mark.parametrize(("acks", "codes"), [("1", ["MSK445"]), ("all", [])])
def test_a_table_of_flink_that_waits_for_no_replica_is_told(acks: str, codes: list[str], tmp_path: Path) -> None:
    sink = (
        "CREATE TABLE counts (page STRING) WITH ('connector' = 'kafka', 'topic' = '${COUNTS_TOPIC_NAME}', "
        f"'properties.bootstrap.servers' = '${{COUNTS_BOOTSTRAP_SERVERS}}', 'format' = 'json', 'properties.acks' = '{acks}');"
    )
    spec = in_base(
        "schemas: {click: {page: string}}\n"
        "clusters:\n  main:\n    kind: msk\n"
        "    vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}\n"
        "    client_security_group_ids: [sg-0123456789abcdef0]\n"
        "streams:\n  clicks: {kind: kinesis, schema: click, shards: 2}\n"
        "  counts: {kind: kafka, cluster: main, partitions: 3}\n"
        "analytics:\n  per_page:\n    kind: flink_sql\n    from: clicks\n    to: counts\n    parallelism: 2\n"
        f'    sql: "{sink} INSERT INTO counts SELECT page FROM clicks"\n'
        "acknowledge: {main.MSK458: its subnets reach them}\n"
    )
    assert [finding.code for finding in found(spec, tmp_path) if finding.code == "MSK445"] == codes


# --- what a spec cannot have


def test_a_delivery_has_a_folder_for_errors_whatever_its_prefix(tmp_path: Path) -> None:
    lake = (
        "deliveries: {lake: {from: payments, to: {kind: s3, prefix: %s, format: json, partition_by: [day(arrival)]}}}"
    )
    values: Any = planned(lake % "clicks/").deliveries["lake"].summary().values
    assert "!{timestamp:yyyy-MM-dd}" in values["prefix"]
    assert "!{firehose:error-output-type}" in values["error_prefix"]
    assert {finding.code for finding in found(in_base(lake % "'!{timestamp:yyyy}/'"), tmp_path)} == {"LNG206"}


@pytest.mark.parametrize(("version", "missing"), [("3.9.x.kraft", []), ("3.9.x", ["not_breaching"])])
def test_no_data_about_the_controller_is_no_alarm_and_without_zookeeper_there_is_none(
    version: str, missing: list[str]
) -> None:
    made = planned(f"clusters: {{main: {{kind: msk, brokers: 3, kafka_version: {version}}}}}")
    assert [alarm.missing for alarm in made.alarms if alarm.kind == "active_controller"] == missing


@pytest.mark.parametrize(
    ("fan_out", "alarms"),
    [("true", {"fraud.iterator_age"}), ("false", {"payments.iterator_age", "fraud.iterator_age"})],
)
def test_the_age_at_a_stream_is_watched_where_readers_share_it_alone(fan_out: str, alarms: set[str]) -> None:
    made = planned(f"consumers: {{fraud: {{enhanced_fan_out: {fan_out}}}}}")
    assert {alarm.name for alarm in made.alarms if alarm.kind == "iterator_age"} == alarms


def test_a_cluster_does_not_take_clients_in_plain_text(tmp_path: Path) -> None:
    spec = "clusters: {main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large, auth: %s}}"
    assert {finding.code for finding in found(in_base(spec % "plaintext"), tmp_path)} == {"LNG205"}
    assert "LNG205" not in {finding.code for finding in found(in_base(spec % "iam"), tmp_path)}


def test_what_is_left_out_is_derived_so_that_nothing_has_to_be_tuned() -> None:
    made = planned("streams: {payments: {workload: {records_per_second: 5000}}}")
    assert made.streams["payments"].shards == 7  # 1.3 x 5
    assert made.streams["payments"].spec.shards is None


def test_iterators_live_for_five_minutes() -> None:
    assert kinesis.SHARD_ITERATOR_SECONDS.value == 300
