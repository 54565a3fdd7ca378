"""What does not go together between agents on hosts and what reads the lines that they send."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from streaming_constructs.planning.producers.kinesis_agent import field_names
from streaming_constructs.spec.finding import Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.producers.kinesis_agent import AgentFile, HostProducerSpec
from streaming_constructs.spec.schemas import RecordSchema, column_name

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec
    from streaming_constructs.spec.pipeline import PipelineSpec

PLAIN_LOGS = frozenset(
    {
        *(
            "messages",
            "syslog",
            "secure",
            "auth.log",
            "cron",
            "cron.log",
            "maillog",
            "mail.log",
            "kern.log",
            "daemon.log",
        ),
        *("dmesg", "boot.log", "user.log", "lastlog", "yum.log", "dpkg.log"),
    }
)
"""Files of an operating system, whose lines are never JSON."""
PLAIN_ENDINGS = (".csv", ".tsv")


def line_findings(name: str, spec: HostProducerSpec, system: PipelineSpec) -> Iterator[Finding]:
    """Lines that are no JSON where JSON is read, and fields that the schema does not have; paths are relative to the system.

    Args:
        name: The producer's name.
        spec: The producer.
        system: The system around it.
    """
    schema = _schema(spec.to, system)
    reader = next(_readers_of_json(spec.to, system), None)
    for position, file in enumerate(spec.files):
        path: SpecPath = ("producers", name, "files", position)
        if file.makes_json:
            if schema is not None:
                yield from _field_findings(file, path, schema)
        elif reader is not None and spec.kind == "kinesis_agent" and "json" not in file.path.lower():
            yield _raw_finding(file, path, *reader)


def _raw_finding(file: AgentFile, path: SpecPath, reader: str, why: str) -> Finding:
    last = posixpath.basename(file.path.lower())
    is_plain = last.rstrip("*.") in PLAIN_LOGS or last.rstrip("*.").endswith(PLAIN_ENDINGS)
    csv = last.rstrip("*.").endswith(PLAIN_ENDINGS)
    option = "option: csv_to_json, field_names: [a, b]" if csv else "option: log_to_json, log_format: syslog"
    seen = (
        "lines of it are never JSON"
        if is_plain
        else "unless an application writes JSON there, all of them go to its errors"
    )
    return Finding(
        "AGT914",
        f"lines are sent as they are, and `{reader}` reads JSON",
        path,
        note=f"{why}; {seen}",
        help=f"say how a line becomes JSON: `{{path: {file.path}, processing: [{{{option}}}]}}`"
        + ("" if is_plain else "; or let the name of the file say that it is JSON, such as /var/log/app/*.json"),
        level="error" if is_plain else "warning",
    )


def _readers_of_json(target: str, system: PipelineSpec) -> Iterator[tuple[str, str]]:
    """The deliveries of a target that take nothing but JSON, each with why."""
    for name, delivery in system.deliveries.items():
        if (delivery.from_ or name) == target and delivery.transform is None:
            why = _why_json(delivery, has_schema=_schema(name, system) is not None)
            if why:
                yield name, why


def _why_json(delivery: DeliverySpec, *, has_schema: bool) -> str:
    to = delivery.to
    if to.is_converted:
        return f"{to.described()} is made of JSON"
    if to.is_dynamic:
        return "its folders are chosen by fields of JSON"
    if to.facts.is_one_row:
        return f"each record is one document or row of {to.title}"
    if to.kind == "redshift" and "json" in getattr(to, "copy_options", "").lower():
        return "its COPY command reads JSON"
    if to.kind == "s3" and has_schema:
        return "its table has columns of JSON"
    return ""


def _schema(node: str, system: PipelineSpec) -> RecordSchema | None:
    """The schema of what is written to a stream or a delivery."""
    delivery = system.deliveries.get(node)
    owner = delivery if delivery is not None else system.streams.get(node)
    named = getattr(owner, "record_schema", None)
    if named is None and delivery is not None and delivery.from_ is not None:
        return _schema(delivery.from_, system)
    return system.schemas.get(named) if named is not None else None


def _field_findings(file: AgentFile, path: SpecPath, schema: RecordSchema) -> Iterator[Finding]:
    known = {(field.json_key or column_name(name)).lower(): name for name, field in schema.items()}
    for step, processing in enumerate(file.processing):
        written = field_names(processing)
        strange = [name for name in written if name.lower() not in known]
        if strange:
            place = "field_names" if processing.field_names else "option"
            close = nearest(strange[0], known)
            yield Finding(
                "AGT915",
                "the agent writes fields that the schema does not have",
                (*path, "processing", step, place),
                note=f"not in the schema: {', '.join(f'`{name}`' for name in strange)}; no table and no index shows them",
                help=did_you_mean(strange[0], known)
                if close
                else f"give `field_names` those of the schema, in the order of the line, such as `{next(iter(known))}`, or add "
                "them to the schema",
            )


@dataclass(frozen=True, slots=True)
class _Followed:
    """A file that an agent follows, and where that is said."""

    name: str
    position: int
    path: str


def doubled_findings(system: PipelineSpec) -> Iterator[Finding]:
    """Files that are sent to one target twice, by one agent or by two; paths are relative to the system.

    Args:
        system: The system.
    """
    followed: dict[tuple[str, str], list[_Followed]] = {}
    for name, spec in system.producers.items():
        for position, file in enumerate(spec.files if isinstance(spec, HostProducerSpec) else ()):
            place = (spec.to, posixpath.dirname(file.path))
            followed.setdefault(place, []).append(_Followed(name, position, file.path))
    for (target, _), files in followed.items():
        yield from _doubled_in(target, files)


def _doubled_in(target: str, files: list[_Followed]) -> Iterator[Finding]:
    """Files of one folder that go to one target: the same path, or a path that a pattern takes too."""
    first: dict[str, _Followed] = {}
    patterns: list[_Followed] = []
    for file in files:
        other = first.get(file.path) or next((known for known in patterns if fnmatchcase(file.path, known.path)), None)
        is_pattern = any(sign in file.path for sign in "*?[")
        if other is None and is_pattern:
            other = next((known for known in first.values() if fnmatchcase(known.path, file.path)), None)
        if other is not None and (other.name, other.path) != (file.name, file.path):
            yield Finding(
                "AGT913",
                "a file is sent twice",
                ("producers", file.name, "files", file.position),
                note=f"`{other.path}` of `{other.name}` takes it too, and both write to `{target}`: on a host that has both, "
                "each record is there twice",
                help="follow it once",
            )
        first.setdefault(file.path, file)
        if is_pattern:
            patterns.append(file)
