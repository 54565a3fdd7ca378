"""What came out where, drawn for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.console import plain, show
from streaming_constructs.cli.local.amounts import many, size
from streaming_constructs.cli.local.render_flink import add_application, applications_beside
from streaming_constructs.cli.local.render_kafka import kafka_topic
from streaming_constructs.cli.local.render_table import table_tree
from streaming_constructs.cli.rows import Rows
from streaming_constructs.local.delivery_report import DIRECT_PUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streaming_constructs.local.api_report import ApiReport
    from streaming_constructs.local.athena.duckdb_query import QueryResult
    from streaming_constructs.local.consumer_report import ConsumerReport, PoisonRecord
    from streaming_constructs.local.delivery_report import DeliveryReport, KeptApart
    from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
    from streaming_constructs.local.rehearsal_report import Report
    from streaming_constructs.local.stream_report import StreamReport

MOST_POISON = 5
MOST_PARTITIONS = 8
MOST_ROWS = 50
_KAFKA = "kafka://"
_KINDS = {"sqs": "queue", "sns": "topic", "s3": "bucket"}


def show_report(report: Report, *, skew: bool = False) -> None:
    """Prints what came out where.

    Args:
        report: What came out.
        skew: Whether to show each shard.
    """
    for api in report.apis:
        show(_api(api))
    for stream in report.streams:
        show(_stream(stream, report, skew=skew))
    if report.kafka:
        why = f": {report.no_kafka}" if report.no_kafka else ""
        show("", Text.assemble("topics of Kafka are kept in ", plain(report.kafka, "bold"), plain(why)))
    for topic in report.kafka_topics:
        tree = kafka_topic(topic, skew=skew)
        add_readers(tree, topic.name, report)
        show(tree)
    for beside in _beside(report):
        show(beside)
    if report.record_only:
        show("", _record_only(report))


def _beside(report: Report) -> Iterator[Tree | Text]:
    """What reads no stream that the report shows, and what records ended in."""
    known = {stream.name for stream in report.streams} | {topic.name for topic in report.kafka_topics}
    for queue in dict.fromkeys(one.source for one in report.consumers if one.source not in known):
        tree = Tree(plain(queue, "bold"))
        add_readers(tree, queue, report)
        yield tree
    for delivery in report.deliveries:
        if delivery.source not in known:
            yield _delivery(delivery, Tree(plain(delivery.source, "bold")))
    yield from applications_beside(report, known)
    for published in report.topics:
        yield Text.assemble(plain(published.name, "bold"), f"  {many(published.messages, 'message')} published")
    yield from map(table_tree, report.tables)


def _api(api: ApiReport) -> Tree:
    answers = ", ".join(f"{count:,} with {status}" for status, count in api.answers.items())
    told = f"{many(api.requests, 'request')} answered: {answers}" if api.requests else "no request yet"
    tree = Tree(Text.assemble(plain(api.name, "bold"), f"  {told}"))
    tree.add(plain(api.url))
    return tree


def _stream(stream: StreamReport, report: Report, *, skew: bool) -> Tree:
    throttled = f", {stream.throttled_records:,} throttled and put again" if stream.throttled_records else ""
    head = f"  {many(stream.records, 'record')}, {size(stream.bytes)}, {many(len(stream.shards), 'shard')}{throttled}"
    tree = Tree(Text.assemble(plain(stream.name, "bold"), head))
    if skew:
        tree.add(_shards(stream))
        tree.add(plain(stream.skew or "no shard is hot", "yellow" if stream.skew else "green"))
    elif stream.skew:
        tree.add(plain(stream.skew, "yellow"))
    add_readers(tree, stream.name, report)
    return tree


def add_readers(tree: Tree, source: str, report: Report) -> None:
    """Adds who reads a stream or a topic.

    Args:
        tree: What they are added to.
        source: What the stream or the topic is called.
        report: What came out where.
    """
    for consumer in report.consumers:
        if consumer.source == source:
            _consumer(consumer, tree)
    for delivery in report.deliveries:
        if delivery.source == source:
            _delivery(delivery, tree)
    for application in report.applications:
        if any(one.name == source for one in application.sources):
            add_application(application, tree)


def _shards(stream: StreamReport) -> Rows:
    rows = []
    for shard in stream.shards:
        share = shard.records / stream.records if stream.records else 0.0
        cells = (f"{shard.records:,}", f"{share:.0%}", size(shard.bytes), f"{shard.throttled_records:,}")
        rows.append((shard.shard_id, *cells))
    return Rows(("shard", "records", "share", "bytes", "throttled"), rows, right=4, is_named=True)


def _consumer(consumer: ConsumerReport, parent: Tree) -> None:
    node = parent.add(Text.assemble(plain(consumer.name, "bold"), f"  {consumer.handled:,} handled"))
    if consumer.not_run:
        node.add(plain(f"not rehearsed: {consumer.not_run}", "yellow"))
        return
    parts = [many(consumer.batches, "batch", "batches"), many(consumer.invocations, "invocation")]
    parts += [
        told
        for count, told in (
            (consumer.failed_invocations, f"{consumer.failed_invocations:,} of them with failures"),
            (consumer.retries, many(consumer.retries, "retry", "retries")),
            (consumer.bisections, many(consumer.bisections, "bisection")),
            (consumer.filtered, f"{consumer.filtered:,} filtered out"),
            (consumer.lost_windows, f"{many(consumer.lost_windows, 'window')} without the last state"),
            (consumer.waiting, f"{consumer.waiting:,} waiting"),
        )
        if count
    ]
    node.add(", ".join(parts))
    _add_failures(node, consumer.failures)
    if consumer.isolated:
        what = many(consumer.isolated, "record" if consumer.never_handled else "poison record")
        isolated = node.add(f"{what} isolated in {_destination(consumer)}")
        for poison in consumer.poison[:MOST_POISON]:
            _add_record(isolated, poison, poison.condition)
        if consumer.isolated > MOST_POISON:
            isolated.add(f"and {consumer.isolated - MOST_POISON:,} more")
    if consumer.destination_error:
        node.add(_lines(consumer.destination_error))
    for count, what in (
        (consumer.expired, "given up without a destination: lost"),
        (consumer.undelivered, f"given up, and not taken by {_destination(consumer)}: lost"),
    ):
        if count:
            node.add(plain(f"{many(count, 'record')} {what}", "red"))


def _add_failures(node: Tree, failures: Sequence[FunctionFailure]) -> None:
    """How a function failed: each way with its reason, its place in the code, and what was written before it."""
    for failure in failures:
        of_type = node.add(plain(f"{failure.type}: {many(failure.count, 'time')}", "yellow"))
        of_type.add(_lines(failure.message))
        for place in failure.places:
            of_type.add(_one_line(place))
        for line in failure.log:
            of_type.add(_one_line(line, "dim"))


def _add_record(node: Tree, record: PoisonRecord | KeptApart, why: str) -> None:
    """A record that came no further: where it is in its stream, why it did not, and its data."""
    shown = node.add(plain("  ".join(filter(None, (record.shard_id, record.partition_key))) or DIRECT_PUT))
    if record.sequence_number:
        shown.add(plain(record.sequence_number))
    shown.add(plain(why))
    shown.add(_one_line(record.data))


def _destination(consumer: ConsumerReport) -> str:
    """The destination as people call it: `the queue NAME`."""
    if not consumer.destination:
        return "a destination"
    if consumer.destination.startswith(_KAFKA):
        return f"the topic {consumer.destination.removeprefix(_KAFKA)}"
    _, _, service, _, _, name = consumer.destination.split(":", 5)
    return f"the {_KINDS.get(service, service)} {name}"


def _delivery(delivery: DeliveryReport, parent: Tree) -> Tree:
    node = parent.add(Text.assemble(plain(delivery.name, "bold"), plain(f"  {_delivered(delivery)}")))
    for why in filter(
        None, (delivery.not_run, delivery.function_not_run and f"not rehearsed: {delivery.function_not_run}")
    ):
        node.add(plain(why, "yellow"))
    for folder, rows in list(delivery.partitions.items())[:MOST_PARTITIONS]:
        node.add(plain(f"{folder}  {many(rows, 'row')}"))
    if len(delivery.partitions) > MOST_PARTITIONS:
        node.add(f"and {len(delivery.partitions) - MOST_PARTITIONS:,} more folders")
    _add_kept_apart(node, delivery)
    _add_failures(node, delivery.failures)
    for count, what in ((delivery.dropped, "dropped by its function"), (delivery.waiting, "waiting")):
        if count:
            node.add(f"{many(count, 'record')} {what}")
    if delivery.expired:
        node.add(Text(f"{many(delivery.expired, 'record')} not taken by their bucket: lost", style="red"))
    if delivery.last_error:
        node.add(_lines(delivery.last_error))
    return parent


def _add_kept_apart(node: Tree, delivery: DeliveryReport) -> None:
    for error, count in delivery.failed.items():
        apart = node.add(plain(f"{many(count, 'record')} kept apart: {error}", "yellow"))
        shown = [record for record in delivery.kept_apart if record.error == error][:MOST_POISON]
        for record in shown:
            _add_record(apart, record, f"{record.code}: {record.message}")
        if count > len(shown):
            apart.add(f"and {count - len(shown):,} more")


def _delivered(delivery: DeliveryReport) -> str:
    if delivery.not_run:
        return f"{many(delivery.delivered, 'record')} would have gone there"
    rows = f"{many(delivery.rows, 'row')} as {delivery.format}"
    if delivery.rows != delivery.delivered:
        rows = f"{many(delivery.delivered, 'record')} in {rows}"
    if delivery.split:
        rows = f"{many(delivery.records, 'record')} taken apart into {delivery.records + delivery.split:,}, {rows}"
    return f"{rows} in {many(delivery.objects, 'object')}, {size(delivery.bytes)}"


def _record_only(report: Report) -> Rows:
    rows = [(resource.name, resource.type, resource.why) for resource in report.record_only]
    return Rows(("written down alone", "type", "why"), rows, is_named=True)


def show_faults(faults: Iterable[str]) -> None:
    """Prints why a rehearsal is red.

    Args:
        faults: The reasons.
    """
    for fault in faults:
        show(plain(f"red: {fault}", "red"))


def show_query_result(sql: str, result: QueryResult) -> None:
    """Prints a query and its rows.

    Args:
        sql: The query.
        result: Its rows.
    """
    rows = [["" if value is None else str(value) for value in row] for row in result.rows[:MOST_ROWS]]
    show("", plain(sql, "dim"), Rows(result.columns, rows))
    if len(result.rows) > MOST_ROWS:
        show(f"and {len(result.rows) - MOST_ROWS:,} more rows")


def query_result_object(sql: str, result: QueryResult) -> dict[str, Any]:
    """A query and its rows for programs."""
    return {"sql": sql, "columns": list(result.columns), "rows": [list(row) for row in result.rows]}


def _lines(text: str) -> Text:
    """What somebody's code said, on as many lines as it has."""
    return Text("\n").join(plain(line, "yellow") for line in text.strip().splitlines())


def _one_line(text: str, style: str = "") -> Text:
    """A text that is never broken; where the terminal has no room for it, it ends with …."""
    line = plain(text.replace("\t", "  "), style)
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
