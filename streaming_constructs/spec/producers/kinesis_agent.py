"""The Kinesis Agent, or Fluent Bit, on hosts as a producer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import logs
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import (
    Bool,
    Int,
    OneNodeName,
    RoleArn,
    Short,
    SpecModel,
    form,
    listed_once,
    within,
)
from streaming_constructs.spec.node import NodeSpec, RecordForm, Reference
from streaming_constructs.spec.producers.java_regex import refused
from streaming_constructs.spec.schemas import FieldName

FilePattern = Annotated[str, form(r"^/\S.*$", "an absolute path, with wildcards in its last part", max_length=1024)]


class DataProcessing(SpecModel):
    """How the agent turns a line into a JSON record."""

    option: Literal["csv_to_json", "log_to_json", "single_line"] = Field(
        description="csv_to_json, log_to_json (by a known format or a pattern), or single_line (joins the lines of a record)."
    )
    log_format: (
        Literal["common_apache_log", "combined_apache_log", "apache_error_log", "syslog", "rfc3339_syslog"] | None
    ) = Field(default=None, description="The format of the log, for log_to_json. Left out: give `match_pattern`.")
    match_pattern: str | None = Field(
        default=None,
        min_length=1,
        max_length=2048,
        description="A regular expression with a group for each field, for log_to_json. Left out: that of `log_format`.",
    )
    field_names: tuple[FieldName, ...] = Field(
        default=(),
        description="The fields in order, for csv_to_json, or to rename those of a log. Left out: those of the format.",
    )
    delimiter: Annotated[str, Field(min_length=1, max_length=4)] | None = Field(
        default=None, description="What stands between fields, for csv_to_json. Left out: a comma."
    )

    def findings(self) -> Iterator[Finding]:
        allowed = {
            "csv_to_json": {"field_names", "delimiter"},
            "log_to_json": {"log_format", "match_pattern", "field_names"},
            "single_line": set[str](),
        }[self.option]
        for field in ("log_format", "match_pattern", "field_names", "delimiter"):
            if field in self.model_fields_set and getattr(self, field) and field not in allowed:
                yield Finding(
                    "LNG404",
                    f"`{field}` has no effect here",
                    (field,),
                    note=f"`{self.option}` does not use it",
                    help="take it out",
                    edits=(Edit((field,)),),
                )
        if self.option == "csv_to_json" and not self.field_names:
            yield Finding("AGT906", "columns without names", (), help="give `field_names`, in the order of the columns")
        if (
            self.option == "log_to_json"
            and self.log_format is None
            and (not self.match_pattern or not self.field_names)
        ):
            yield Finding(
                "AGT906",
                "a log of no known format",
                (),
                note="the agent needs to know what the parts of a line are",
                help="give `log_format`, or `match_pattern` with the `field_names` of its groups",
            )


class AgentFile(SpecModel):
    """Files that the agent follows."""

    path: FilePattern = Field(
        description="Absolute path; `*` in its last part follows all that match, rotated ones too."
    )
    partition_key: Literal["random", "deterministic"] = Field(
        default="random",
        description="random (spreads evenly) or deterministic (by the record's content: equal records share a shard). "
        "Left out: random.",
    )
    initial_position: Literal["start_of_file", "end_of_file"] = Field(
        default="end_of_file",
        description="Where reading begins when the agent first sees a file. Left out: end_of_file.",
    )
    multi_line_start: str | None = Field(
        default=None,
        min_length=1,
        max_length=512,
        description="A regular expression for the first line of a record. Left out: a line is a record.",
    )
    processing: tuple[DataProcessing, ...] = Field(
        default=(), max_length=2, description="How a line becomes JSON. Left out: the line is sent as it is."
    )

    def patterns(self) -> Iterator[tuple[SpecPath, str]]:
        """Its regular expressions, each with where the spec says it."""
        if self.multi_line_start is not None:
            yield ("multi_line_start",), self.multi_line_start
        for step, processing in enumerate(self.processing):
            if processing.match_pattern is not None:
                yield ("processing", step, "match_pattern"), processing.match_pattern

    @property
    def makes_json(self) -> bool:
        """Whether the agent makes JSON of a line; else the line is sent as it is."""
        return any(processing.option != "single_line" for processing in self.processing)


def _path(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class HostProducerSpec(NodeSpec):
    """Hosts that send their log files by an agent."""

    references: ClassVar = (
        Reference(("to",), "to", ("streams", "deliveries"), "stream or delivery", kinds=("kinesis", "")),
    )
    title: ClassVar[str]
    """What people call the agent."""
    # The agent sends a line with its end, and writes one behind what it made of it; so does Fluent Bit, in both its plugins.
    # Sources: https://github.com/awslabs/amazon-kinesis-agent (its `processing/processors`) and
    # https://github.com/fluent/fluent-bit (plugins/out_kinesis_streams/kinesis_api.c), read 2026-11-28
    ends_in_newline: ClassVar[bool] = True

    kind: str
    to: OneNodeName = Field(description="The stream, or the delivery, that it writes to.")
    files: tuple[Annotated[AgentFile, Short(_path, FilePattern)], ...] = Field(
        min_length=1,
        max_length=100,
        description="The files that are followed: a path each, or {path: …} with more about it.",
    )
    runs_on: Literal["ec2", "ecs_tasks", "elsewhere"] = Field(
        default="ec2",
        description="Who the created role is for: ec2 (with an instance profile), ecs_tasks, or elsewhere: then only the "
        "policy is created. Left out: ec2.",
    )
    role_arn: RoleArn | None = Field(
        default=None, description="ARN of an existing role to attach the policy to. Left out: as `runs_on` says."
    )
    buffer_seconds: Annotated[Int, within(logs.AGENT_BUFFER_SECONDS)] = Field(
        default=60,
        description="How long the agent gathers records for one request, in seconds, 1 to 900. Left out: 60.",
    )
    emit_metrics: Bool = Field(
        default=False,
        description="Whether the agent publishes metrics of its own, for which its role may put metrics into its namespace. "
        "Left out: false.",
    )

    def record_form(self) -> RecordForm:
        # A line may be JSON by itself; only of what is processed it is known.
        processed = [any(step.option != "single_line" for step in file.processing) for file in self.files]
        return "json" if any(processed) else "lines"

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "files")
        for position, file in enumerate(self.files):
            for path, pattern in file.patterns():
                why = refused(pattern, is_java=self.kind == "kinesis_agent")
                if why:
                    yield Finding(
                        "AGT912",
                        f"{self.title} cannot read the regular expression",
                        ("files", position, *path),
                        note=why,
                        help="mend it; what stands for itself has a backslash before it, such as `\\[` or `\\(`",
                    )
        if self.role_arn is not None and "runs_on" in self.model_fields_set:
            yield Finding(
                "LNG404",
                "`runs_on` has no effect here",
                ("runs_on",),
                note="`role_arn` names the role that gets the policy",
                help="take one of them out",
                edits=(Edit(("runs_on",)),),
            )


class KinesisAgentProducerSpec(HostProducerSpec):
    """Hosts that send their log files by the Kinesis Agent; Fluent Bit's configuration is made beside its own."""

    example: ClassVar = {"kind": "kinesis_agent", "to": "logs", "files": ["/var/log/app/*.log"]}

    title: ClassVar[str] = "Kinesis Agent"

    kind: Literal["kinesis_agent"] = Field(default="kinesis_agent", description="The Kinesis Agent on your hosts.")
