"""What is deployed, as a graph that can be drawn: for systems that no spec was told of, such as those of the CDK CLI."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DIRECT_PUT, DeliveryReport
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.planning.drawing.graph import SERVICES, Arrow, Box, Graph

_TITLE = "what is deployed"
_FAILURES = {"sqs": "SQS queue", "sns": "SNS topic", "s3": "S3 bucket"}


def deployed_graph(report: Report) -> Graph:
    """The boxes and arrows of what is deployed; who writes into what by its own code is not known, and has no arrow.

    Args:
        report: What came out where.
    """
    boxes = {box.path: box for box in _boxes(report)}
    places = {path: place for place, path in enumerate(boxes)}
    streams = {boxes[path].name: place for path, place in places.items() if path.startswith("streams.")}
    arrows = [
        Arrow(streams[one.source], places[f"{section}.{one.name}"])
        for section, readers in (("consumers", report.consumers), ("deliveries", report.deliveries))
        for one in readers
        if one.source in streams
    ]
    for application in report.applications:
        place = places[f"analytics.{application.name}"]
        arrows += [Arrow(streams[one.name], place) for one in application.sources if one.name in streams]
        into = {box.name: at for at, box in enumerate(boxes.values()) if box.group in {"stream", "store", "delivery"}}
        arrows += [Arrow(place, into[one.name]) for one in application.sinks if one.name in into]
    for path, place in places.items():
        before = path.removesuffix(".to").removesuffix(".on_failure")
        if before != path:
            is_dead = path.endswith(".on_failure")
            arrows.append(Arrow(places[before], place, "dead letters" if is_dead else "", is_dead))
    return Graph(_TITLE, tuple(boxes.values()), tuple(dict.fromkeys(arrows)))


def _boxes(report: Report) -> Iterator[Box]:
    yield from (_box("streams", "streams.kinesis", stream.name) for stream in report.streams)
    yield from (_box("streams", "streams.kafka", topic.name) for topic in report.kafka_topics)
    for consumer in report.consumers:
        yield _box("consumers", "consumers.lambda_function", consumer.name)
        yield from _failures(consumer)
    for delivery in report.deliveries:
        yield _box("deliveries", "deliveries.firehose", delivery.name)
        yield _destination(delivery)
    yield from (_box("analytics", "analytics.flink_sql", one.name) for one in report.applications)
    yield from (_box("stores", "stores.dynamodb", table.name) for table in report.tables)
    yield from (_box("sns_topics", "sns_topics.sns", topic.name) for topic in report.topics)
    yield from (_box("producers", "producers.api_gateway", api.name) for api in report.apis)


def _box(section: str, module: str, name: str) -> Box:
    service, group = SERVICES[module]
    return Box(name, service, group, path=f"{section}.{name}")


def _failures(consumer: ConsumerReport) -> Iterator[Box]:
    if consumer.destination:
        service = _FAILURES.get(consumer.destination.removeprefix("arn:aws:").partition(":")[0], "destination")
        yield Box(f"{consumer.name} failures", service, "store", path=f"consumers.{consumer.name}.on_failure")


def _destination(delivery: DeliveryReport) -> Box:
    service = "destination" if delivery.not_run else "S3 bucket"
    told = ("direct put",) if delivery.source == DIRECT_PUT else ()
    return Box(delivery.name, service, "store", (delivery.format, *told), f"deliveries.{delivery.name}.to")
