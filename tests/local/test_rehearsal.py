"""Whole rehearsals: deployed, with records through them, and every record accounted for."""

from __future__ import annotations

import errno
import fcntl
import json
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.app import add_system, new_app, stack_name
from streaming_constructs.local import Event, Rehearsal
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.local.verdict import faults
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.patterns import list_patterns
from streaming_constructs.spec.read import load
from tests.local.conftest import NamedPipe, write_assembly

pytestmark = pytest.mark.xdist_group("rehearsal")
PATTERNS = {pattern.name: pattern for pattern in list_patterns()}
SPEC = """\
name: orders
removal_policy: destroy
schemas:
  order: {number: int, country: string, at: timestamp}
streams:
  orders: {kind: kinesis, schema: order, shards: 2, encryption: customer_managed}
  totals: {kind: kinesis, mode: on_demand}
  quiet: {kind: kinesis, schema: order, shards: 1}
consumers:
  book:
    kind: lambda
    from: orders
    to: [totals, late, bell]
    code: handlers/book
    timeout_seconds: 1
    batch_size: 100
    on_failure: {retries: 1, max_record_age_seconds: 3600, bisect: true, destination: sqs}
  watch:
    kind: lambda
    from: orders
    code: handlers/watch
    enhanced_fan_out: true
    filters: [{data: {country: [DE]}}]
    on_failure: {retries: 0, max_record_age_seconds: 3600, bisect: false, destination: s3}
  sum:
    kind: lambda
    from: totals
    code: handlers/sum
    partial_batch_responses: false
    on_failure: {retries: 1, max_record_age_seconds: 3600, bisect: true, destination: sns}
deliveries:
  lake:
    from: orders
    to: {kind: s3, format: orc, partition_by: [country]}
  late:
    transform: {code: handlers/transform}
    to: {kind: s3, format: json, prefix: late}
sns_topics:
  bell: {kind: sns, subscribers: [{email: oncall@example.com}]}
alarms: {notify: [{email: oncall@example.com}]}
"""
FINE = "def handler(event, context): return {}\n"
BY_RECORD = """
import base64, json
def handler(event, context):
    for record in event["Records"]:
        data = base64.b64decode(record["kinesis"]["data"])
        try:
            number = json.loads(data)["number"]
        except ValueError:
            {on_poison}
    return {{}}
"""


def assembly_of(spec: Path, folder: Path, name: str = "") -> Path:
    app = new_app(folder)
    add_system(app, load(spec), name)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        name: assembly_of(pattern.spec_path, tmp_path_factory.mktemp(name), stack_name(name))
        for name, pattern in PATTERNS.items()
    }


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("orders")
    for name in ("book", "watch", "sum", "transform"):
        handler = folder / "handlers" / name / "index.py"
        handler.parent.mkdir(parents=True)
        handler.write_text(f"# {name}\n{FINE}")
    (folder / "pipeline.yaml").write_text(SPEC)
    return assembly_of(folder / "pipeline.yaml", folder / "out")


Assemble = Callable[..., Path]


@pytest.fixture
def assemble(synthesized: Path, tmp_path: Path) -> Assemble:
    """The system with other handlers in the place of those that were synthesized."""

    def with_handlers(**handlers: str) -> Path:
        copied = tmp_path / f"assembly-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(synthesized, copied)
        for asset in copied.glob("asset.*/index.py"):
            name = asset.read_text().split()[1]
            if name in handlers:
                asset.write_text(f"# {name}\n{dedent(handlers[name])}")
        return copied

    return with_handlers


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with Rehearsal() as running:
        yield running


def orders(count: int, poison: Iterable[int] = (), country: str = "DE") -> list[Event]:
    bad = set(poison)
    return [
        Event(
            f"key-{number % 50}",
            b"poison" if number in bad else json.dumps({"number": number, "country": country}).encode(),
        )
        for number in range(count)
    ]


def consumer(report: Report, name: str = "book") -> ConsumerReport:
    (found,) = (one for one in report.consumers if one.name == name)
    return found


def delivery(report: Report, name: str) -> DeliveryReport:
    (found,) = (one for one in report.deliveries if one.name == name)
    return found


def rehearsed(rehearsal: Rehearsal, assembly: Path, events: list[Event], into: str | None = "orders") -> Report:
    rehearsal.deploy(assembly)
    rehearsal.put(events, rehearsal.target(into))
    assert rehearsal.drain(60)
    return rehearsal.report()


# --- each documented pattern, with its own events


def run_pattern(rehearsal: Rehearsal, patterns: Mapping[str, Path], name: str, into: str | None = None) -> Report:
    rehearsal.deploy(patterns[name])
    target = rehearsal.target(into, load(PATTERNS[name].spec_path))
    assert rehearsal.put(PATTERNS[name].directory / "events.jsonl", target).records == 300
    assert rehearsal.drain(60)
    return rehearsal.report()


def test_lambda_consumer_isolates_its_poison(rehearsal: Rehearsal, patterns: dict[str, Path]) -> None:
    report = run_pattern(rehearsal, patterns, "lambda-consumer")
    fraud = consumer(report, "fraud")
    assert report.headline == "300 records in, 297 handled, 3 poison records isolated"
    assert (fraud.records, fraud.handled, fraud.isolated, fraud.waiting) == (300, 297, 3, 0)
    assert {poison.partition_key for poison in fraud.poison} == {"acc-03", "acc-18", "acc-01"}
    assert fraud.failures == ()  # it returns them in its response
    assert (fraud.retries, fraud.bisections > 0) == (3 * 5, True)
    sqs = rehearsal.embedded.aws.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="LambdaConsumer")["QueueUrls"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    messages_sent = [json.loads(message["Body"])["KinesisBatchInfo"] for message in messages]
    assert sorted((one["shardId"], one["startSequenceNumber"], one["batchSize"]) for one in messages_sent) == sorted(
        (poison.shard_id, poison.sequence_number, 1) for poison in fraud.poison
    )


def test_firehose_archive_keeps_all_as_json_and_what_fits_as_parquet(
    rehearsal: Rehearsal, patterns: dict[str, Path]
) -> None:
    report = run_pattern(rehearsal, patterns, "firehose-archive")
    raw, lake = delivery(report, "raw"), delivery(report, "lake")
    assert report.headline == "300 records in, 297 archived as Parquet, 3 poison records isolated"
    assert (raw.delivered, raw.failed, raw.waiting) == (300, {}, 0)
    assert (lake.delivered, lake.rows, lake.failed, lake.waiting) == (297, 297, {"format-conversion-failed": 3}, 0)
    assert {one.code for one in lake.kept_apart} == {"DataFormatConversion.ParseError"}
    places = [(one.shard_id, one.sequence_number) for one in lake.kept_apart]
    assert (len(places), places) == (3, sorted(places))
    assert faults(report) == ()
    assert sum(lake.partitions.values()) == 297
    assert all(folder.startswith("lake/arrival_day=") for folder in lake.partitions)


def test_a_record_with_two_documents_is_one_record_and_two_rows(
    rehearsal: Rehearsal, patterns: dict[str, Path]
) -> None:
    lines = (PATTERNS["firehose-archive"].directory / "events.jsonl").read_text().splitlines()[:4]
    data = [json.dumps(json.loads(line)["data"]).encode() for line in lines]
    report = rehearsed(rehearsal, patterns["firehose-archive"], [Event("a", one) for one in (*data, data[0] * 2)], None)
    lake = delivery(report, "lake")
    assert (lake.records, lake.delivered, lake.rows, sum(lake.partitions.values())) == (5, 5, 6, 6)
    assert report.headline == "5 records in, 5 archived as Parquet in 6 rows, no poison"


def test_log_aggregation_archives_and_tells_people(rehearsal: Rehearsal, patterns: dict[str, Path]) -> None:
    report = run_pattern(rehearsal, patterns, "log-aggregation")
    alert = consumer(report, "alert")
    assert (alert.handled, alert.isolated) == (297, 3)
    assert (delivery(report, "archive").delivered, delivery(report, "archive").failed) == (
        299,
        {"format-conversion-failed": 1},
    )
    assert (delivery(report, "search").delivered, delivery(report, "search").not_run) == (
        300,
        "opensearch does not run here",
    )
    (topic,) = report.topics
    assert (topic.name, topic.messages > 0) == ("log_alerts", True)
    assert {one.name for one in report.record_only} == {"log_search", "search", "services"}


def test_log_aggregation_unpacks_what_cloudwatch_logs_sends(rehearsal: Rehearsal, patterns: dict[str, Path]) -> None:
    import gzip

    events = [{"id": str(number), "timestamp": 1_768_470_000_000 + number, "message": "up"} for number in range(7)]
    batch = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "/shop/web",
        "logStream": "i-0a1",
        "subscriptionFilters": ["all"],
        "logEvents": events,
    }
    rehearsal.deploy(patterns["log-aggregation"])
    rehearsal.put([Event("a", gzip.compress(json.dumps(batch).encode()))], rehearsal.target("service_logs"))
    assert rehearsal.drain(60)
    report = rehearsal.report()
    assert {one.name: one.records for one in report.streams} == {"service_logs": 1, "logs": 7}
    assert (consumer(report, "unpack").handled, delivery(report, "archive").delivered) == (1, 7)


# --- handlers that fail


@pytest.mark.parametrize(
    ("on_poison", "error"),
    [
        ("raise", "JSONDecodeError"),
        ("import os; os._exit(7)", "Runtime.ExitError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Runtime.ExitError"),
        ("import time; time.sleep(60)", "Sandbox.Timedout"),
        ("return {1, 2, 3}", "Runtime.MarshalError"),
    ],
    ids=["raises", "crashes", "is-killed", "hangs", "returns-garbage"],
)
def test_a_record_that_breaks_the_handler_takes_no_other_with_it(
    rehearsal: Rehearsal, assemble: Assemble, on_poison: str, error: str
) -> None:
    report = rehearsed(rehearsal, assemble(book=BY_RECORD.format(on_poison=on_poison)), orders(8, [3]))
    book = consumer(report)
    assert (book.records, book.handled, book.isolated, book.waiting) == (8, 7, 1, 0)
    assert [one.data for one in book.poison] == ["poison"]
    assert {failure.type for failure in book.failures} == {error}
    assert book.bisections > 0
    assert report.lost == 0


def test_what_the_handler_says_is_shown_when_it_fails(rehearsal: Rehearsal, assemble: Assemble) -> None:
    handler = "def handler(event, context):\n    print('about to fail')\n    raise RuntimeError('no database')\n"
    report = rehearsed(rehearsal, assemble(book=handler, watch="def handler(event, context): print('fine')"), orders(1))
    (failed,) = consumer(report).failures
    assert (failed.type, failed.origin, failed.message, failed.count) == ("RuntimeError", "handler", "no database", 2)
    assert failed.places == ("index.py:4 in handler: raise RuntimeError('no database')",)
    assert failed.log == ("about to fail",)
    assert (consumer(report).log, consumer(report, "watch").log) == ("about to fail\n" * 2, "fine\n")
    assert "log" not in report.as_dict()["consumers"][0]
    assert [one["log"] for one in report.as_dict(logs=True)["consumers"] if one["name"] == "watch"] == ["fine\n"]


def test_a_handler_that_cannot_be_loaded_never_ran(rehearsal: Rehearsal, assemble: Assemble) -> None:
    report = rehearsed(rehearsal, assemble(book="import jsn", watch="import jsn"), orders(3))
    assert report.headline == (
        "3 records in, 3 archived as ORC, the handler of book never ran: No module named 'jsn', "
        "the handler of watch never ran: No module named 'jsn'"
    )
    assert faults(report) == (
        "book: the handler never ran: No module named 'jsn'",
        "watch: the handler never ran: No module named 'jsn'",
    )


@pytest.mark.parametrize(
    ("returned", "handled", "fault"),
    [
        (
            '{"batchItemFailures": [{"itemIdentifier": "nonsense"}]}',
            0,
            "returned an itemIdentifier that is not in the batch: the whole batch counts as failed",
        ),
        (
            '{"BatchItemFailures": [{"itemIdentifier": event["Records"][0]["kinesis"]["sequenceNumber"]}]}',
            5,
            "returned `BatchItemFailures`, which Lambda does not read",
        ),
    ],
    ids=["unknown", "misspelt"],
)
def test_a_response_that_lambda_cannot_read_is_called_that(
    rehearsal: Rehearsal, assemble: Assemble, returned: str, handled: int, fault: str
) -> None:
    report = rehearsed(rehearsal, assemble(book=f"def handler(event, context): return {returned}"), orders(5))
    book = consumer(report)
    (failure,) = book.failures
    assert (book.handled, failure.origin, failure.message.startswith(fault)) == (handled, "response", True)
    assert any(fault in one for one in faults(report))


def test_bytes_that_are_no_json_are_failures_of_their_batches_alone(rehearsal: Rehearsal, assemble: Assemble) -> None:
    report = rehearsed(
        rehearsal,
        assemble(
            book="def handler(event, context): return b'[' * 200_000",
            transform="def handler(event, context): return b'no json'",
        ),
        orders(20),
    )
    assert (consumer(report).isolated, consumer(report).handled, consumer(report).waiting) == (20, 0, 0)
    assert [(failure.type, failure.origin) for failure in consumer(report).failures] == [
        ("Runtime.MarshalError", "runtime")
    ]
    rehearsal.put(orders(5), rehearsal.target("late"))
    assert rehearsal.drain(60)
    late = delivery(rehearsal.report(), "late")
    assert (late.failed, late.delivered, rehearsal.report().stopped) == ({"processing-failed": 5}, 0, {})


def test_a_disk_that_is_full_stops_a_delivery_once_and_the_rest_goes_on(
    rehearsal: Rehearsal, assemble: Assemble, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    rehearsal.deploy(assemble())
    asked = []

    def full(*_: Any, **__: Any) -> None:
        asked.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("moto.s3.models.S3Backend.put_object", full)
    rehearsal.put(orders(20), rehearsal.target("orders"))
    assert not rehearsal.drain(60)
    report = rehearsal.report()
    lake = delivery(report, "lake")
    assert (lake.records, lake.waiting, lake.delivered, report.lost) == (20, 20, 0, 0)
    assert consumer(report).handled == 20
    assert "No space left on device" in report.stopped["lake"]
    assert report.headline.endswith("lake STOPPED")
    assert len(asked) == 1
    assert "Traceback" not in "".join(capfd.readouterr())


def test_what_is_put_into_a_delivery_that_stopped_is_not_taken(
    rehearsal: Rehearsal, assemble: Assemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal.deploy(assemble(transform="def handler(event, context): return {}"))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("moto.s3.models.S3Backend.put_object", full)
    rehearsal.put(orders(3), rehearsal.target("late"))
    assert not rehearsal.drain(60)
    done = rehearsal.put(orders(7), rehearsal.target("late"))
    assert (done.records, done.refused) == (0, 0)
    assert "has stopped" in done.stopped
    report = rehearsal.report()
    assert (report.put, delivery(report, "late").records) == (3, 3)
    assert set(report.stopped) == {"late", "put"}


def test_failures_that_are_returned_are_isolated(rehearsal: Rehearsal, assemble: Assemble) -> None:
    handler = BY_RECORD.format(
        on_poison='return {{"batchItemFailures": [{{"itemIdentifier": record["kinesis"]["sequenceNumber"]}}]}}'.replace(
            "{{", "{"
        ).replace("}}", "}")
    )
    book = consumer(rehearsed(rehearsal, assemble(book=handler), orders(60, [3, 40])))
    assert (book.handled, book.isolated, book.failures) == (58, 2, ())
    assert faults(rehearsal.report()) == ()


def test_ten_thousand_records_with_one_percent_poison_are_all_accounted_for(
    rehearsal: Rehearsal, assemble: Assemble
) -> None:
    poison = range(7, 10_000, 100)
    report = rehearsed(rehearsal, assemble(book=BY_RECORD.format(on_poison="raise")), orders(10_000, poison))
    book, lake = consumer(report), delivery(report, "lake")
    assert (book.records, book.handled, book.isolated, book.waiting) == (10_000, 9_900, 100, 0)
    assert (lake.delivered, sum(lake.failed.values()), lake.waiting) == (9_900, 100, 0)
    sqs = rehearsal.embedded.aws.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="Orders")["QueueUrls"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert attributes == {"ApproximateNumberOfMessages": "100"}
    assert report.lost == 0


def test_without_its_destination_what_is_given_up_is_counted_as_lost(rehearsal: Rehearsal, assemble: Assemble) -> None:
    rehearsal.deploy(assemble(book=BY_RECORD.format(on_poison="raise")))
    sqs = rehearsal.embedded.aws.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="Orders")["QueueUrls"]
    sqs.delete_queue(QueueUrl=url)
    rehearsal.put(orders(10, [4]), rehearsal.target("orders"))
    assert rehearsal.drain(60)
    report = rehearsal.report()
    book = consumer(report)
    assert (book.handled, book.isolated, book.undelivered, report.lost) == (9, 0, 1, 1)
    assert "NonExistentQueue" in book.destination_error
    assert report.headline.endswith(", 1 LOST")


def test_without_its_bucket_what_is_archived_is_lost_when_its_time_is_over(
    rehearsal: Rehearsal, assemble: Assemble
) -> None:
    rehearsal.deploy(assemble())
    s3 = rehearsal.embedded.aws.client("s3")
    (bucket,) = (one["Name"] for one in s3.list_buckets()["Buckets"] if "lakebucket" in one["Name"])
    s3.delete_bucket(Bucket=bucket)
    rehearsal.put(orders(10), rehearsal.target("orders"))
    assert rehearsal.drain(60)
    report = rehearsal.report()
    lake = delivery(report, "lake")
    assert (lake.delivered, lake.expired, lake.waiting, lake.objects, report.lost) == (0, 10, 0, 0, 10)
    assert "NoSuchBucket" in lake.last_error


# --- runtimes


RUNTIMES = """\
name: mixed
removal_policy: destroy
streams:
  orders: {kind: kinesis, shards: 1}
consumers:
  node:
    kind: lambda
    from: orders
    code: node
    runtime: nodejs22.x
    on_failure: {retries: 0, max_record_age_seconds: 3600, bisect: true, destination: sqs}
  java:
    kind: lambda
    from: orders
    code: java
    runtime: java21
    handler: com.example.App::handle
    on_failure: {retries: 0, max_record_age_seconds: 3600, bisect: true, destination: sqs}
deliveries:
  late:
    transform: {code: java, runtime: java21, handler: com.example.App::handle}
    to: {kind: s3, format: json, prefix: late}
alarms: {notify: [{email: oncall@example.com}]}
"""
NODE = """
exports.handler = async (event) => {
    console.log(`got ${event.Records.length}`)
    const failed = event.Records.filter((one) => Buffer.from(one.kinesis.data, "base64").toString() === "poison")
    return { batchItemFailures: failed.map((one) => ({ itemIdentifier: one.kinesis.sequenceNumber })) }
}
"""


def test_node_is_rehearsed_and_what_has_no_runtime_here_is_named(rehearsal: Rehearsal, tmp_path: Path) -> None:
    for name, file, text in (("node", "index.js", NODE), ("java", "App.class", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text)
    (tmp_path / "pipeline.yaml").write_text(RUNTIMES)
    report = rehearsed(rehearsal, assembly_of(tmp_path / "pipeline.yaml", tmp_path / "out"), orders(6, [2]))
    node, java = consumer(report, "node"), consumer(report, "java")
    assert (node.handled, node.isolated, node.failures) == (5, 1, ())
    assert "\tINFO\tgot 6\n" in node.log
    assert (java.records, java.not_run) == (
        0,
        "its runtime is java21, and handlers run here in Python and Node.js alone",
    )
    rehearsal.put(orders(3), rehearsal.target("late"))
    assert rehearsal.drain(60)
    report = rehearsal.report()
    assert (delivery(report, "late").records, delivery(report, "late").delivered) == (3, 0)
    assert report.not_rehearsed == dict.fromkeys(("java", "late"), java.not_run)
    assert report.headline == (
        "9 records in, 5 handled, 1 poison record isolated, java not rehearsed, late not rehearsed"
    )
    assert faults(report) == ()


# --- where records go


def test_a_reader_with_fan_out_and_filters_gets_what_matches(rehearsal: Rehearsal, assemble: Assemble) -> None:
    events = [*orders(6), *orders(4, country="FR")]
    watch = consumer(rehearsed(rehearsal, assemble(), events), "watch")
    assert (watch.records, watch.handled, watch.filtered) == (10, 6, 4)


def test_a_bucket_gets_the_records_that_were_given_up(rehearsal: Rehearsal, assemble: Assemble) -> None:
    fails = "def handler(event, context): raise RuntimeError\n"
    report = rehearsed(rehearsal, assemble(watch=fails), [Event("one key", order.data) for order in orders(20)])
    s3 = rehearsal.embedded.aws.client("s3")
    (bucket,) = (one["Name"] for one in s3.list_buckets()["Buckets"] if "watchfailure" in one["Name"])
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    bodies = [json.load(s3.get_object(Bucket=bucket, Key=key)["Body"]) for key in keys]
    records = [record for body in bodies for record in json.loads(body["payload"])["Records"]]
    assert {key.split("/")[0:2] == ["aws", "lambda"] for key in keys} == {True}
    assert (len(records), consumer(report, "watch").isolated, len(keys)) == (20, 20, 1)


def test_a_topic_is_told_what_was_given_up(rehearsal: Rehearsal, assemble: Assemble) -> None:
    fails = "def handler(event, context): raise RuntimeError\n"
    report = rehearsed(rehearsal, assemble(sum=fails), orders(2), "totals")
    assert consumer(report, "sum").isolated == 2
    assert sum(topic.messages for topic in report.topics) == 2


def test_a_handler_writes_to_streams_deliveries_and_topics(rehearsal: Rehearsal, assemble: Assemble) -> None:
    handler = """
        import os
        import boto3
        def handler(event, context):
            entries = [{"Data": b"1", "PartitionKey": "a"}] * len(event["Records"])
            boto3.client("kinesis").put_records(StreamARN=os.environ["TOTALS_STREAM_ARN"], Records=entries)
            delivery, topic = os.environ["LATE_DELIVERY_STREAM_NAME"], os.environ["BELL_TOPIC_ARN"]
            boto3.client("firehose").put_record(DeliveryStreamName=delivery, Record={"Data": b"keep"})
            boto3.client("sns").publish(TopicArn=topic, Message="ding")
    """
    transform = """
        def handler(event, context):
            return {"records": [{**record, "result": "Ok"} for record in event["records"]]}
    """
    report = rehearsed(rehearsal, assemble(book=handler, transform=transform), orders(6))
    book = consumer(report)
    assert (book.handled, book.failures) == (6, ())
    assert {one.name: one.records for one in report.streams}["totals"] == 6
    assert consumer(report, "sum").handled == 6
    assert delivery(report, "late").delivered == book.invocations
    assert [(one.name, one.messages) for one in report.topics] == [("bell", book.invocations)]


def test_orc_is_divided_by_what_is_in_the_records(rehearsal: Rehearsal, assemble: Assemble) -> None:
    events = [*orders(6), *orders(4, country="FR"), Event("a", b"poison")]
    lake = delivery(rehearsed(rehearsal, assemble(), events), "lake")
    assert lake.format == "orc"
    assert lake.partitions == {"lake/by_country=DE/": 6, "lake/by_country=FR/": 4}
    assert (lake.delivered, sum(lake.failed.values())) == (10, 1)


def test_records_put_into_a_delivery_are_transformed(rehearsal: Rehearsal, assemble: Assemble) -> None:
    transform = """
        import base64
        def handler(event, context):
            results = {b"keep": "Ok", b"drop": "Dropped", b"fail": "ProcessingFailed"}
            return {"records": [
                {"recordId": one["recordId"], "result": results[base64.b64decode(one["data"])], "data": one["data"]}
                for one in event["records"]
            ]}
    """
    events = [Event("a", data) for data in (b"keep", b"drop", b"fail", b"keep")]
    late = delivery(rehearsed(rehearsal, assemble(transform=transform), events, "late"), "late")
    assert (late.records, late.delivered, late.dropped, late.failed) == (4, 2, 1, {"processing-failed": 1})
    (apart,) = late.kept_apart
    assert (apart.data, apart.message) == ("fail", "The function returned ProcessingFailed.")
    assert late.failures == ()


@pytest.mark.parametrize(
    ("transform", "origin", "told", "log"),
    [
        ("import jsn", "load", "Unable to import module 'index': No module named 'jsn'", ""),
        ("def handler(event, context): return print('here')", "response", "returned no list `records`: ", "here\n"),
        ("def handler(event, context): return b'no json'", "runtime", "", ""),
    ],
    ids=["never-runs", "returns-nothing", "returns-no-json"],
)
def test_a_function_that_transforms_nothing_is_a_fault(
    rehearsal: Rehearsal, assemble: Assemble, transform: str, origin: str, told: str, log: str
) -> None:
    report = rehearsed(rehearsal, assemble(transform=transform), orders(3), "late")
    late = delivery(report, "late")
    (failure,) = late.failures
    assert (late.delivered, late.failed, failure.origin) == (0, {"processing-failed": 3}, origin)
    assert failure.message.startswith(told)
    assert late.log == log
    assert "late delivered none of 3 records" in faults(report)


def test_the_api_lets_in_what_is_behind_it(rehearsal: Rehearsal, assemble: Assemble) -> None:
    rehearsal.deploy(assemble(book="def handler(event, context): return {'got': event['x']}\n"))
    resources = {one.logical_id: one for one in rehearsal.embedded.cloudformation.deployed()}
    function = next(one.physical_id for name, one in resources.items() if name.startswith("PipelinebookFunction"))
    answered = rehearsal.embedded.aws.client("lambda").invoke(FunctionName=function, Payload=b'{"x": 7}')
    assert json.load(answered["Payload"]) == {"got": 7}
    firehose = rehearsal.embedded.aws.client("firehose")
    lake = next(one.physical_id for name, one in resources.items() if name.startswith("PipelinelakeDeliveryStream"))
    with pytest.raises(ClientError, match="not permitted on KinesisStreamAsSource"):
        firehose.put_record(DeliveryStreamName=lake, Record={"Data": b"x"})
    with pytest.raises(ClientError, match="not found"):
        firehose.put_record(DeliveryStreamName="none", Record={"Data": b"x"})


def test_a_delivery_begins_with_what_is_put_after_it(rehearsal: Rehearsal, assemble: Assemble) -> None:
    assembly = assemble()
    template = assembly / "Orders.template.json"
    content: dict[str, Any] = json.loads(template.read_text())
    whole = template.read_text()
    without = {
        name: one
        for name, one in content["Resources"].items()
        if one["Type"] != "AWS::KinesisFirehose::DeliveryStream" or not name.startswith("Pipelinelake")
    }
    alarms = {name for name, one in without.items() if "PipelinelakeDeliveryStream" in json.dumps(one)}
    content["Resources"] = {name: one for name, one in without.items() if name not in alarms}
    content["Outputs"] = {
        name: one for name, one in content["Outputs"].items() if "PipelinelakeDeliveryStream" not in json.dumps(one)
    }
    template.write_text(json.dumps(content))
    rehearsed(rehearsal, assembly, orders(5))
    template.write_text(whole)
    report = rehearsed(rehearsal, assembly, orders(3))
    assert (delivery(report, "lake").delivered, consumer(report).handled) == (3, 8)


# --- what makes a stream hot


def test_a_hot_key_is_seen(rehearsal: Rehearsal, assemble: Assemble) -> None:
    # The first request alone has more for one shard than that takes in a second, however slowly requests come.
    events = [Event("one" if number % 10 else f"key-{number}", b"x" * 4000) for number in range(600)]
    report = rehearsed(rehearsal, assemble(), events)
    (stream,) = (one for one in report.streams if one.name == "orders")
    busiest = max(stream.shards, key=lambda shard: shard.records)
    assert stream.throttled_records > 0
    assert stream.records == 600
    assert (busiest.shard_id in stream.skew, "`one`" in stream.skew) == (True, True)


def test_records_without_keys_lie_where_what_the_stream_is_keyed_by_puts_them(
    rehearsal: Rehearsal, assemble: Assemble
) -> None:
    rehearsal.deploy(assemble())
    rehearsal.expect_events(["orders"], {"orders": "country"})
    line = json.dumps({"number": 1, "country": "DE"}).encode()
    rehearsal.put([Event(str(number), line, is_keyed=False) for number in range(20)])
    (stream,) = (one for one in rehearsal.report().streams if one.name == "orders")
    assert sorted(shard.records for shard in stream.shards) == [0, 20]


def test_keys_that_spread_make_no_shard_hot(rehearsal: Rehearsal, assemble: Assemble) -> None:
    report = rehearsed(rehearsal, assemble(), [Event(f"key-{number}", b"x") for number in range(500)])
    assert [stream.skew for stream in report.streams] == ["", "", ""]


# --- what changes while it runs


def test_a_mapping_that_is_deployed_again_goes_on_where_it_was(rehearsal: Rehearsal, assemble: Assemble) -> None:
    assert consumer(rehearsed(rehearsal, assemble(), orders(5))).records == 5
    changed = with_batches_of(assemble(), 7)
    rehearsed(rehearsal, changed, orders(3))
    assert {one.name: one.records for one in rehearsal.report().streams}["orders"] == 8
    assert consumer(rehearsal.report()).records == 3  # of the mapping as it is now


def with_batches_of(assembly: Path, count: int) -> Path:
    return with_property(assembly, "AWS::Lambda::EventSourceMapping", "BatchSize", count)


def with_timeout(assembly: Path, seconds: int) -> Path:
    return with_property(assembly, "AWS::Lambda::Function", "Timeout", seconds)


def with_property(assembly: Path, type_: str, name: str, value: int) -> Path:
    """The assembly with another property of the only resource of a type that belongs to `book`."""
    template = assembly / "Orders.template.json"
    content: dict[str, Any] = json.loads(template.read_text())
    (found,) = (
        resource
        for logical_id, resource in content["Resources"].items()
        if resource["Type"] == type_ and logical_id.startswith("Pipelinebook")
    )
    found["Properties"][name] = value
    template.write_text(json.dumps(content))
    return assembly


def test_what_is_under_way_when_a_mapping_changes_is_read_again(
    rehearsal: Rehearsal, assemble: Assemble, pipe: NamedPipe, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    handler = f"""
        import fcntl
        from pathlib import Path
        def handler(event, context):
            Path({str(pipe.path)!r}).write_text("begun")
            with open({str(gate)!r}) as gate:
                fcntl.flock(gate, fcntl.LOCK_SH)
    """
    with gate.open("w") as closed:
        fcntl.flock(closed, fcntl.LOCK_EX)
        rehearsal.deploy(with_timeout(assemble(book=handler), 900))
        rehearsal.put(orders(40), rehearsal.target("orders"))
        assert pipe.read().startswith(b"begun")
        rehearsal.deploy(with_batches_of(with_timeout(assemble(book=handler), 900), 7))
    assert rehearsal.drain(60)
    book = consumer(rehearsal.report())
    assert (book.records, book.handled, book.waiting) == (40, 40, 0)


def test_what_a_template_cannot_have_here_fails_the_deployment(rehearsal: Rehearsal, assemble: Assemble) -> None:
    assembly = assemble()
    template = assembly / "Orders.template.json"
    content: dict[str, Any] = json.loads(template.read_text())
    content["Resources"]["Machine"] = {"Type": "AWS::StepFunctions::StateMachine"}
    template.write_text(json.dumps(content))
    with pytest.raises(SpecError) as refused:
        rehearsal.deploy(assembly)
    assert [finding.code for finding in refused.value.findings] == ["LOC955"]


def test_what_cloudformation_takes_and_lambda_would_not_is_told(rehearsal: Rehearsal, assemble: Assemble) -> None:
    assembly = assemble()
    template = assembly / "Orders.template.json"
    content: dict[str, Any] = json.loads(template.read_text())
    for one in content["Resources"].values():
        if "FilterCriteria" in one.get("Properties", {}):
            one["Properties"]["FilterCriteria"] = {"Filters": [{"Pattern": "no JSON"}]}
    template.write_text(json.dumps(content))
    with pytest.raises(SpecError) as refused:
        rehearsal.deploy(assembly)
    (finding,) = refused.value.findings
    assert (finding.code, finding.message) == ("LOC955", "watch cannot be run here")
    assert "no JSON" in finding.note


def test_nothing_is_left_of_a_rehearsal(assemble: Assemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assembly, scratch = assemble(), tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with Rehearsal() as rehearsal:
        rehearsed(rehearsal, assembly, orders(3))
        port = int(rehearsal.embedded.aws.endpoint_url.rpartition(":")[2])
        assert list(scratch.iterdir()) != []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    assert list(scratch.iterdir()) == []


def asked(task: str, **more: str) -> dict[str, Any]:
    properties = {"ServiceToken": "arn:aws:lambda:::function:f", "Task": task, "ClusterArn": {"Ref": "Cluster"}, **more}
    return {"Type": "AWS::CloudFormation::CustomResource", "Properties": properties}


def test_what_is_asked_of_msk_is_told_by_what_it_is_and_once(tmp_path: Path) -> None:
    schema = {"Type": "AWS::Glue::Schema", "Properties": {"DataFormat": "AVRO"}}
    resources = {
        "Cluster": {"Type": "AWS::MSK::Cluster", "Properties": {"NumberOfBrokerNodes": 3}},
        "Brokers": asked("BootstrapBrokers", Authentication="iam"),
        "Connectivity1": asked("Connectivity", Last="false"),
        "Connectivity2": asked("Connectivity", Last="true"),
        "Secrets": asked("ScramSecrets"),
        **{name: {**schema, "Properties": {**schema["Properties"], "Name": name}} for name in ("order", "click")},
    }
    with Rehearsal() as rehearsal:
        names = {
            "Connectivity1": "main",
            "Connectivity2": "main",
            "Secrets": "main",
            "order": "schemas",
            "click": "schemas",
        }
        rehearsal.name("Shop", names)
        rehearsal.deploy(write_assembly(tmp_path, "Shop", resources))
        told = rehearsal.report().record_only
    assert [(one.name, one.type) for one in told] == [
        ("main: Connectivity", "AWS::CloudFormation::CustomResource"),
        ("main: ScramSecrets", "AWS::CloudFormation::CustomResource"),
        ("schemas: order", "AWS::Glue::Schema"),
        ("schemas: click", "AWS::Glue::Schema"),
    ]
