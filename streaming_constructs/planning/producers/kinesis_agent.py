"""What runs on hosts: the configuration of the Kinesis Agent, and of Fluent Bit as the alternative to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import yaml

from streaming_constructs.facts.fact import Fact
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.producers.kinesis_agent import AgentFile, DataProcessing, HostProducerSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.pipeline import PipelineSpec

Kind = Literal["stream", "delivery"]
"""What is written to: a Kinesis data stream, or a Firehose stream."""

PARAMETER_CHARACTERS = Fact(
    4096,
    "characters",
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
)
"""How much a standard parameter of Systems Manager holds; it is free, and an advanced one is not."""
NAME_CHARACTERS = {"stream": 128, "delivery": 64}
"""How long the name of what is written to can be; CloudFormation chooses it when the stack is created.

Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html and
https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
"""
REGION_CHARACTERS = 16
"""Room for the name of any region."""
LONGEST_RECORD = "1M"
"""The longest line that Fluent Bit takes: what a stream takes as one record, where nothing greater was asked for."""

LOG_FIELDS = {
    "common_apache_log": ("host", "ident", "authuser", "datetime", "request", "response", "bytes"),
    "combined_apache_log": (
        *("host", "ident", "authuser", "datetime", "request", "response", "bytes"),
        *("referer", "agent"),
    ),
    "apache_error_log": ("timestamp", "module", "severity", "processid", "threadid", "client", "message"),
    "syslog": ("timestamp", "hostname", "program", "processid", "message"),
    "rfc3339_syslog": ("timestamp", "hostname", "program", "processid", "message"),
}
"""What the agent calls the parts of a line, in order.

Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
"""
_COMMON = r'(\S+) (\S+) (\S+) \[([^\]]+)\] "([^"]+)" (\S+) (\S+)'
_PROGRAM = r"(?:<\d+\.\d+> )?(\S+) ([\w._/%-]+)(?:\[(\d+)\])?: (.*)"
LOG_PATTERNS = {
    "common_apache_log": rf"{_COMMON}.*",
    "combined_apache_log": rf'{_COMMON} "([^"]+)" "([^"]+)".*',
    "apache_error_log": r"\[([^\]]+)\] \[(?:(\w+):)?(\w+)\] \[pid (\d+)(?::tid (\d+))?\] \[client ([^\]]+)\] (.*)",
    "syslog": rf"(\w{{3}} +\d+ [\d:]+) {_PROGRAM}",
    "rfc3339_syslog": rf"(\S+) {_PROGRAM}",
}
"""The same formats for Fluent Bit, with a group for each part."""

_GROUP = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<group>\((?:\?<(?![=!])[^>]*>|(?!\?)))", re.DOTALL)
"""What to look at in a regular expression: escapes and character classes, to pass them by, and groups that capture."""


def agent_configuration(
    spec: HostProducerSpec, kind: Kind, *, name: str, region: str, dns_suffix: str
) -> dict[str, Any]:
    """The configuration of the Kinesis Agent, `/etc/aws-kinesis/agent.json`, as plain data.

    Endpoints that are left out are those of us-east-1, and metrics are published unless they are switched off; so both are
    always written.
    Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html and
    https://docs.aws.amazon.com/firehose/latest/dev/agent-config-settings.html

    Args:
        spec: What is asked for.
        kind: What is written to.
        name: Its name.
        region: Its region.
        dns_suffix: What the names of the region's endpoints end with, such as `amazonaws.com`.
    """
    service = "kinesis" if kind == "stream" else "firehose"
    metrics = {"cloudwatch.endpoint": f"monitoring.{region}.{dns_suffix}"} if spec.emit_metrics else {}
    return {
        "cloudwatch.emitMetrics": spec.emit_metrics,
        **metrics,
        f"{service}.endpoint": f"{service}.{region}.{dns_suffix}",
        "flows": [_flow(file, kind, name, spec.buffer_seconds) for file in spec.files],
    }


def _flow(file: AgentFile, kind: Kind, name: str, buffer_seconds: int) -> dict[str, Any]:
    flow: dict[str, Any] = {
        "filePattern": file.path,
        "kinesisStream" if kind == "stream" else "deliveryStream": name,
        "initialPosition": file.initial_position.upper(),
        "maxBufferAgeMillis": buffer_seconds * 1000,
    }
    if kind == "stream":
        flow["partitionKeyOption"] = file.partition_key.upper()
    if file.multi_line_start is not None:
        flow["multiLineStartPattern"] = file.multi_line_start
    if file.processing:
        flow["dataProcessingOptions"] = [_processing(processing) for processing in file.processing]
    return flow


def _processing(processing: DataProcessing) -> dict[str, Any]:
    option: dict[str, Any] = {"optionName": processing.option.upper().replace("_", "")}
    if processing.option == "log_to_json":
        # The agent wants a format even when a pattern and names take its place; AWS's own example writes this one.
        option["logFormat"] = (processing.log_format or "common_apache_log").upper().replace("_", "")
    if processing.match_pattern is not None:
        option["matchPattern"] = processing.match_pattern
    if processing.field_names or processing.match_pattern is not None:
        # A pattern without names is refused, even where the names are those of the format.
        option["customFieldNames"] = list(field_names(processing))
    if processing.delimiter is not None:
        # The agent splits by a regular expression.
        option["delimiter"] = re.escape(_delimiter(processing))
    return option


def _delimiter(processing: DataProcessing) -> str:
    """The text between fields; a tab may be written as the two characters that the pages of AWS write."""
    return (processing.delimiter or ",").replace(r"\t", "\t")


def fluent_bit_configuration(spec: HostProducerSpec, kind: Kind, *, name: str, region: str) -> str:
    """The configuration of Fluent Bit that sends what the Kinesis Agent would send, as a YAML file.

    A line of JSON is sent as it is, another line as the `message` of a JSON object: records are JSON either way. YAML, because
    the older format keeps parsers in a file of their own. Where each file was read to is kept in `/var/lib`.
    Source: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/yaml/configuration-file,
    https://docs.fluentbit.io/manual/pipeline/inputs/tail, https://docs.fluentbit.io/manual/pipeline/outputs/kinesis and
    https://docs.fluentbit.io/manual/pipeline/outputs/firehose

    Args:
        spec: What is asked for.
        kind: What is written to.
        name: Its name.
        region: Its region.
    """
    inputs: list[dict[str, Any]] = []
    filters: list[dict[str, Any]] = []
    parsers: list[dict[str, Any]] = []
    multiline: list[dict[str, Any]] = []
    for position, file in enumerate(spec.files):
        tag = f"file.{position}"
        inputs.append(_input(file, position))
        if file.multi_line_start is not None:
            multiline.append(_multiline_parser(file.multi_line_start, position))
            # Lines that were put together are under another key.
            filters.append({"name": "modify", "match": tag, "rename": "log message"})
        parsers.append(_parser(file, position))
        filters.append({"name": "parser", "match": tag, "key_name": "message", "parser": f"record_{position}"})
    plugin = {"name": "kinesis_streams", "stream": name} if kind == "stream" else {}
    plugin = plugin or {"name": "kinesis_firehose", "delivery_stream": name}
    configuration = {
        "service": {"flush": spec.buffer_seconds},
        "parsers": parsers,
        **({"multiline_parsers": multiline} if multiline else {}),
        "pipeline": {
            "inputs": inputs,
            "filters": filters,
            # Left out, it gives records up after one retry; the agent never does.
            "outputs": [{**plugin, "match": "*", "region": region, "retry_limit": "no_limits"}],
        },
    }
    notes = ["Fluent Bit in place of the Kinesis Agent: the same files to the same place.", *_not_carried(spec, kind)]
    comments = "".join(f"# {note}\n" for note in notes)
    return comments + yaml.safe_dump(configuration, sort_keys=False, width=1_000_000)


def _input(file: AgentFile, position: int) -> dict[str, Any]:
    several = file.multi_line_start is not None
    return {
        "name": "tail",
        "tag": f"file.{position}",
        "path": file.path,
        "read_from_head": file.initial_position == "start_of_file",
        "db": f"/var/lib/fluent-bit-{position}.db",
        # Left out, it stops following a file at a line that is longer than 32 KB.
        "buffer_max_size": LONGEST_RECORD,
        "skip_long_lines": True,
        **({"multiline.parser": f"lines_{position}"} if several else {"key": "message"}),
    }


def _multiline_parser(start: str, position: int) -> dict[str, Any]:
    # The agent looks for the pattern at the start of a line.
    rules = [
        {"state": "start_state", "regex": f"/^(?:{start})/", "next_state": "more"},
        {"state": "more", "regex": f"/^(?!{start})/", "next_state": "more"},
    ]
    return {"name": f"lines_{position}", "type": "regex", "rules": rules}


def _parser(file: AgentFile, position: int) -> dict[str, Any]:
    pattern = next((_pattern(processing) for processing in file.processing if processing.option != "single_line"), "")
    if not pattern:
        return {"name": f"record_{position}", "format": "json"}
    return {"name": f"record_{position}", "format": "regex", "regex": pattern, "skip_empty_values": False}


def _pattern(processing: DataProcessing) -> str:
    """The regular expression that reads a line as the agent would; empty where there is none."""
    if processing.option == "csv_to_json":
        delimiter = _delimiter(processing)
        if len(delimiter) > 1:
            return ""
        between = re.escape(delimiter)
        first, *more = (f"(?<{name}>[^{between}]*)" for name in processing.field_names)
        return f"^{first}{''.join(f'(?:{between}{field})?' for field in more)}.*$"
    names = field_names(processing)
    pattern = processing.match_pattern or LOG_PATTERNS[processing.log_format or "common_apache_log"]
    if groups(pattern) != len(names):
        return ""
    left = iter(names)
    # The agent wants all of the line to match.
    return f"^(?:{_GROUP.sub(lambda found: f'(?<{next(left)}>' if found['group'] else found[0], pattern)})$"


def field_names(processing: DataProcessing) -> Sequence[str]:
    """The fields of the JSON that the agent makes of a line, in the order of the line.

    Args:
        processing: How a line becomes JSON.
    """
    return processing.field_names or LOG_FIELDS[processing.log_format or "common_apache_log"]


def groups(pattern: str) -> int:
    """How many groups of a regular expression capture.

    Args:
        pattern: The regular expression, as Java reads it.
    """
    return sum(found["group"] is not None for found in _GROUP.finditer(pattern))


def _not_carried(spec: HostProducerSpec, kind: Kind) -> Iterator[str]:
    """What the agent does and Fluent Bit does not, in its file."""
    if spec.emit_metrics:
        yield "Not carried over: metrics in CloudWatch."
    for file in spec.files:
        if kind == "stream" and file.partition_key == "deterministic":
            yield f"Not carried over, {file.path}: partition keys by content; here they are random."
        for processing in file.processing:
            if processing.option == "single_line":
                yield f"Not carried over, {file.path}: lines are put together with their line breaks, escaped in JSON."
            elif not _pattern(processing):
                yield f"Not carried over, {file.path}: a delimiter of several characters; the line is sent as `message`."
            elif processing.option == "log_to_json":
                yield f"Not carried over, {file.path}: a line that does not match is sent as `message`; the agent drops it."
                if "syslog" not in (processing.log_format or ""):
                    yield f"Not carried over, {file.path}: a field that is `-` stays `-`; the agent makes it null."


def agent_findings(spec: HostProducerSpec, kind: Kind) -> Iterator[Finding]:
    """What is wrong with what is asked of the agent; paths are relative to the producer.

    Args:
        spec: What is asked for.
        kind: What is written to.
    """
    for position, file in enumerate(spec.files):
        path: SpecPath = ("files", position)
        if kind == "delivery" and "partition_key" in file.model_fields_set:
            yield Finding(
                "LNG404",
                "`partition_key` has no effect here",
                (*path, "partition_key"),
                note="a delivery has no shards",
                help="take it out",
            )
        for step, processing in enumerate(file.processing):
            if processing.option == "log_to_json" and (processing.match_pattern or processing.log_format):
                yield from _group_findings(processing, (*path, "processing", step))
    yield from _size_findings(spec, kind)


def _group_findings(processing: DataProcessing, path: SpecPath) -> Iterator[Finding]:
    pattern = processing.match_pattern or LOG_PATTERNS[processing.log_format or "common_apache_log"]
    names, parts = field_names(processing), groups(pattern)
    if parts != len(names):
        yield Finding(
            "AGT906",
            "a line has not as many names as parts",
            (*path, "field_names" if processing.field_names else "match_pattern"),
            note=f"names: {len(names)}, groups that capture: {parts}; the agent drops every line then, and says nothing",
            help="give each group that captures a name in `field_names`; (?:…) captures nothing",
        )


def _size_findings(spec: HostProducerSpec, kind: Kind) -> Iterator[Finding]:
    name, region = "n" * NAME_CHARACTERS[kind], "r" * REGION_CHARACTERS
    agent = agent_configuration(spec, kind, name=name, region=region, dns_suffix="amazonaws.com.cn")
    texts = {
        "agent.json": json.dumps(agent, indent=2),
        "fluent-bit.yaml": fluent_bit_configuration(spec, kind, name=name, region=region),
    }
    for file, text in texts.items():
        if len(text) > PARAMETER_CHARACTERS.value:
            yield Finding(
                "AGT907",
                f"{file} does not fit in a parameter",
                ("files",),
                note=f"it has up to {len(text):,} characters, and a parameter of Systems Manager holds "
                f"{PARAMETER_CHARACTERS.value:,.0f}",
                help="follow several files with one pattern, or make two producers of it",
            )
            return


@dataclass(frozen=True, slots=True)
class HostProducerPlan:
    """Hosts that send their log files to a system.

    Attributes:
        name: The producer's name.
        spec: What was asked for.
        target: What is written to.
        system: The system; None where it stands alone.
        working: Nothing: nothing of it is computed.
    """

    name: str
    spec: HostProducerSpec
    target: Kind
    system: PipelineSpec | None = None
    working: tuple[str, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        # What a host does not send has no metric; what it sends too fast is the stream's to tell.
        yield from ()

    def findings(self) -> Iterator[Finding]:
        for finding in agent_findings(self.spec, self.target):
            yield finding.below("producers", self.name)
        if self.system is not None:
            from streaming_constructs.planning.producers.host_findings import doubled_findings, line_findings

            yield from line_findings(self.name, self.spec, self.system)
            hosts = [name for name, node in self.system.producers.items() if isinstance(node, HostProducerSpec)]
            # What several of them have in common is told once, by the last.
            if hosts[-1] == self.name:
                yield from doubled_findings(self.system)

    def state(self) -> State | None:
        return None  # hosts remember themselves how far they have sent a file

    def costs(self) -> Iterator[Charge]:
        yield from ()  # hosts are not of the system, and what they write is charged where it goes

    def graphs(self) -> tuple[Graph, ...]:
        return ()

    def heading(self) -> str:
        return ""

    def summary(self) -> Summary:
        return Summary(
            noun="producer",
            title=f"{self.spec.title}, writes to {self.spec.to}",
            values={"kind": self.spec.kind, "to": self.spec.to},
        )


def plan_node(name: str, spec: HostProducerSpec, neighbours: Neighbours) -> HostProducerPlan:
    """Hosts that send their log files to a system.

    Args:
        name: The producer's name.
        spec: What was asked for.
        neighbours: The system around it.
    """
    system = neighbours.system
    target: Kind = "delivery" if system is not None and spec.to in system.deliveries else "stream"
    return HostProducerPlan(name, spec, target, system)
