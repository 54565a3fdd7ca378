"""The graph as a whole: who may write where, and that nothing feeds itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.producers.cloudwatch_logs import CloudWatchLogsProducerSpec

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


def graph_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """What is wrong between nodes whose names all resolve."""
    yield from _direct_put_findings(spec)
    yield from _loop_findings(spec)
    yield from _account_policy_findings(spec)
    yield from _place_findings(spec)
    yield from _table_findings(spec)


def writers(spec: PipelineSpec) -> Iterator[tuple[SpecPath, str]]:
    """Every place in a spec that names a node as written to, with that node."""
    for name, consumer in spec.consumers.items():
        for position, target in enumerate(consumer.writes):
            yield ("consumers", name, "writes", position), target
    for name, producer in spec.producers.items():
        yield ("producers", name, "writes"), producer.writes


def _direct_put_findings(spec: PipelineSpec) -> Iterator[Finding]:
    for path, target in writers(spec):
        delivery = spec.deliveries.get(target)
        if delivery is not None and delivery.from_ is not None:
            yield Finding(
                "FIR711",
                "a delivery from a stream takes no records directly",
                path,
                note=f"`{target}` reads the stream `{delivery.from_}`",
                help=f"write to `{delivery.from_}`, or take `from` out of `{target}`",
            )


def _loop_findings(spec: PipelineSpec) -> Iterator[Finding]:
    written: Mapping[str, set[str]] = {name: set() for name in spec.streams}
    for consumer in spec.consumers.values():
        written[consumer.from_].update(target for target in consumer.writes if target in spec.streams)
    for name, consumer in spec.consumers.items():
        for position, target in enumerate(consumer.writes):
            if target in spec.streams and consumer.from_ in _reached(target, written):
                yield Finding(
                    "GRF306",
                    "records go round in a circle, and multiply",
                    ("consumers", name, "writes", position),
                    note=f"it reads `{consumer.from_}`, which `{target}` leads back to",
                    help="write to a stream that does not lead back",
                )


def _reached(start: str, written: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        new = written[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def _account_policy_findings(spec: PipelineSpec) -> Iterator[Finding]:
    policies = [
        name
        for name, producer in spec.producers.items()
        if isinstance(producer, CloudWatchLogsProducerSpec) and producer.account_policy is not None
    ]
    for name in policies[1:]:
        yield Finding(
            "LOG903",
            "a second policy for all log groups",
            ("producers", name, "account_policy"),
            note=f"`{policies[0]}` has one; CloudWatch Logs takes one in an account and region",
            help="read the same stream from both sides, or name `log_groups`",
        )


def _place_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Two deliveries into one folder of one bucket: neither could be read, replayed or deleted by itself."""
    taken: dict[tuple[str, str], str] = {}
    for name, delivery in spec.deliveries.items():
        for path, bucket, folder in _places(name, delivery.to):
            for (other_bucket, other_folder), owner in taken.items():
                if bucket == other_bucket and (folder.startswith(other_folder) or other_folder.startswith(folder)):
                    yield Finding(
                        "FIR707",
                        "two of them write into the same folder",
                        ("deliveries", name, "to", *path),
                        note=f"`{folder}` and `{other_folder}` of `{owner}`, in the bucket {bucket}",
                        help="give each a `prefix` of its own",
                    )
                    break
            taken[bucket, folder] = name


def _table_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Names that are two for the spec and one for the catalog."""
    taken: dict[str, str] = {}
    for name, delivery in spec.deliveries.items():
        if isinstance(delivery.to, S3Destination):
            table = name.replace("-", "_")
            if table in taken:
                yield Finding(
                    "FIR740",
                    f"`{name}` and `{taken[table]}` would be one table",
                    ("deliveries", name),
                    note=f"a table of the Glue catalog has small letters, digits and `_`: both are `{table}`",
                    help="give one of them another name",
                )
            taken.setdefault(table, name)


def _places(name: str, to: object) -> Iterator[tuple[SpecPath, str, str]]:
    """The folders of existing buckets that a delivery writes its records to."""
    if isinstance(to, S3Destination):
        if to.bucket_arn is not None:
            yield ("prefix",) if to.prefix else ("bucket_arn",), to.bucket_arn, to.folder(name)
        backup, field = to.source_backup, "source_backup"
    elif isinstance(to, RedshiftDestination):
        backup, field = to.staging, "staging"
    else:
        backup, field = getattr(to, "backup", None), "backup"
    if backup is not None and backup.bucket_arn is not None:
        yield (field, "bucket_arn"), backup.bucket_arn, backup.folder(name)
