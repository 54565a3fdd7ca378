"""What hosts are told: agent.json and Fluent Bit's file, read back as the programs would read them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from streaming_constructs.planning.producers import kinesis_agent as agent
from streaming_constructs.spec.producers.kinesis_agent import AgentFile, DataProcessing, KinesisAgentProducerSpec

NAME, REGION = "logs-1", "eu-west-1"
AGENT_SETTINGS = (
    "assumeRoleARN",
    "assumeRoleExternalId",
    "awsAccessKeyId",
    "awsSecretAccessKey",
    "cloudwatch.emitMetrics",
    "cloudwatch.endpoint",
    "firehose.endpoint",
    "flows",
    "kinesis.endpoint",
    "sts.endpoint",
    "userDefinedCredentialsProvider.classname",
    "userDefinedCredentialsProvider.location",
)
"""Endpoints left out are those of us-east-1, and metrics are emitted.

Source: https://docs.aws.amazon.com/firehose/latest/dev/agent-config-settings.html and
https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
"""
AGENT_FLOW_SETTINGS = (
    "aggregatedRecordSizeBytes",
    "dataProcessingOptions",
    "deliveryStream",
    "filePattern",
    "initialPosition",
    "kinesisStream",
    "maxBufferAgeMillis",
    "maxBufferSizeBytes",
    "maxBufferSizeRecords",
    "minTimeBetweenFilePollsMillis",
    "multiLineStartPattern",
    "partitionKeyOption",
    "skipHeaderLines",
    "truncatedRecordTerminator",
)
"""A flow has `filePattern` and one of `kinesisStream` and `deliveryStream`.

Only streams know `partitionKeyOption`, only deliveries `aggregatedRecordSizeBytes`.
Source: https://docs.aws.amazon.com/firehose/latest/dev/agent-config-settings.html and
https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
"""
AGENT_PROCESSING = ("SINGLELINE", "CSVTOJSON", "LOGTOJSON")
"""Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"""
AGENT_LOG_FORMATS = ("COMMONAPACHELOG", "COMBINEDAPACHELOG", "APACHEERRORLOG", "SYSLOG", "RFC3339SYSLOG")
"""Formats that LOGTOJSON reads; the last is in the agent's source, not on its pages.

Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html and
https://github.com/awslabs/amazon-kinesis-agent
"""

# Fluent Bit, the plugins written in C, which come with it.
FLUENT_BIT_STREAM_KEYS = (
    "auto_retry_requests",
    "endpoint",
    "external_id",
    "log_key",
    "port",
    "profile",
    "region",
    "role_arn",
    "simple_aggregation",
    "stream",
    "sts_endpoint",
    "time_key",
    "time_key_format",
    "workers",
)
"""Of `kinesis_streams`, whose partition keys are random.

Source: https://docs.fluentbit.io/manual/pipeline/outputs/kinesis
"""
FLUENT_BIT_DELIVERY_KEYS = (
    "auto_retry_requests",
    "compression",
    "delivery_stream",
    "endpoint",
    "external_id",
    "log_key",
    "region",
    "role_arn",
    "sts_endpoint",
    "time_key",
    "time_key_format",
    "workers",
)
"""Of `kinesis_firehose`.

Source: https://docs.fluentbit.io/manual/pipeline/outputs/firehose
"""


def hosts(*files: AgentFile, **more: Any) -> KinesisAgentProducerSpec:
    return KinesisAgentProducerSpec(to="logs", files=files or (AgentFile(path="/var/log/app/*.json"),), **more)


def read_by(*steps: DataProcessing, **more: Any) -> KinesisAgentProducerSpec:
    return hosts(AgentFile(path="/var/log/app.log", processing=steps, **more))


def agent_json(spec: KinesisAgentProducerSpec, kind: agent.Kind = "stream") -> dict[str, Any]:
    return agent.agent_configuration(spec, kind, name=NAME, region=REGION, dns_suffix="amazonaws.com")


def fluent_bit(spec: KinesisAgentProducerSpec, kind: agent.Kind = "stream") -> dict[str, Any]:
    text = agent.fluent_bit_configuration(spec, kind, name=NAME, region=REGION)
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def notes(spec: KinesisAgentProducerSpec, kind: agent.Kind = "stream") -> list[str]:
    text = agent.fluent_bit_configuration(spec, kind, name=NAME, region=REGION)
    return [line.removeprefix("# Not carried over") for line in text.splitlines() if line.startswith("# Not")]


def parsed(spec: KinesisAgentProducerSpec, line: str) -> dict[str, Any] | None:
    """A line through the parser of the first file; Ruby and Python differ in how a named group begins."""
    (parser,) = fluent_bit(spec)["parsers"]
    found = re.match(re.sub(r"\(\?<(?![=!])", "(?P<", parser["regex"]), line)
    return found and found.groupdict()


def test_agent_sends_lines_to_a_stream_at_its_own_regions_endpoint() -> None:
    assert agent_json(hosts()) == {
        "cloudwatch.emitMetrics": False,
        "kinesis.endpoint": "kinesis.eu-west-1.amazonaws.com",
        "flows": [
            {
                "filePattern": "/var/log/app/*.json",
                "kinesisStream": "logs-1",
                "initialPosition": "END_OF_FILE",
                "maxBufferAgeMillis": 60000,
                "partitionKeyOption": "RANDOM",
            }
        ],
    }


def test_agent_sends_lines_to_a_delivery_without_a_partition_key_and_tells_its_metrics() -> None:
    file = AgentFile(path="/var/log/a.log", initial_position="start_of_file", multi_line_start=r"\d{4}-")
    assert agent_json(hosts(file, emit_metrics=True, buffer_seconds=5), "delivery") == {
        "cloudwatch.emitMetrics": True,
        "cloudwatch.endpoint": "monitoring.eu-west-1.amazonaws.com",
        "firehose.endpoint": "firehose.eu-west-1.amazonaws.com",
        "flows": [
            {
                "filePattern": "/var/log/a.log",
                "deliveryStream": "logs-1",
                "initialPosition": "START_OF_FILE",
                "maxBufferAgeMillis": 5000,
                "multiLineStartPattern": r"\d{4}-",
            }
        ],
    }


@pytest.mark.parametrize(
    ("step", "option"),
    [
        (DataProcessing(option="single_line"), {"optionName": "SINGLELINE"}),
        (
            DataProcessing(option="csv_to_json", field_names=("a", "b"), delimiter="|"),
            {"optionName": "CSVTOJSON", "customFieldNames": ["a", "b"], "delimiter": r"\|"},
        ),
        (
            DataProcessing(option="csv_to_json", field_names=("a",), delimiter=r"\t"),
            {"optionName": "CSVTOJSON", "customFieldNames": ["a"], "delimiter": "\\\t"},
        ),
        (
            DataProcessing(option="log_to_json", log_format="apache_error_log"),
            {"optionName": "LOGTOJSON", "logFormat": "APACHEERRORLOG"},
        ),
        (
            DataProcessing(option="log_to_json", match_pattern=r"(\S+) (.*)", field_names=("a", "b")),
            {
                "optionName": "LOGTOJSON",
                "logFormat": "COMMONAPACHELOG",
                "matchPattern": r"(\S+) (.*)",
                "customFieldNames": ["a", "b"],
            },
        ),
        (
            # A pattern without names is refused by the agent.
            DataProcessing(option="log_to_json", match_pattern="(.)(.)(.)(.)(.)", log_format="syslog"),
            {
                "optionName": "LOGTOJSON",
                "logFormat": "SYSLOG",
                "matchPattern": "(.)(.)(.)(.)(.)",
                "customFieldNames": ["timestamp", "hostname", "program", "processid", "message"],
            },
        ),
    ],
)
def test_agent_is_told_how_a_line_becomes_json(step: DataProcessing, option: dict[str, Any]) -> None:
    assert agent_json(read_by(step))["flows"][0]["dataProcessingOptions"] == [option]


@pytest.mark.parametrize("kind", ["stream", "delivery"])
def test_every_setting_is_one_that_the_agent_documents(kind: agent.Kind) -> None:
    file = AgentFile(
        path="/a", multi_line_start="x", processing=(DataProcessing(option="log_to_json", log_format="syslog"),)
    )
    found = agent_json(hosts(file, emit_metrics=True), kind)
    assert set(found) <= set(AGENT_SETTINGS)
    assert set(found["flows"][0]) <= set(AGENT_FLOW_SETTINGS)
    (option,) = found["flows"][0]["dataProcessingOptions"]
    assert option["optionName"] in AGENT_PROCESSING
    assert option["logFormat"] in AGENT_LOG_FORMATS


def test_fluent_bit_follows_the_same_files_to_the_same_stream() -> None:
    spec = hosts(AgentFile(path="/a/*.json"), AgentFile(path="/b", initial_position="start_of_file"), buffer_seconds=9)
    found = fluent_bit(spec)
    tail = {"name": "tail", "buffer_max_size": "1M", "skip_long_lines": True, "key": "message"}
    assert found["service"] == {"flush": 9}
    assert found["pipeline"]["inputs"] == [
        tail | {"tag": "file.0", "path": "/a/*.json", "read_from_head": False, "db": "/var/lib/fluent-bit-0.db"},
        tail | {"tag": "file.1", "path": "/b", "read_from_head": True, "db": "/var/lib/fluent-bit-1.db"},
    ]
    assert found["pipeline"]["outputs"] == [
        {"name": "kinesis_streams", "stream": NAME, "match": "*", "region": REGION, "retry_limit": "no_limits"}
    ]


def test_fluent_bit_writes_to_a_delivery_by_the_plugin_for_it() -> None:
    assert fluent_bit(hosts(), "delivery")["pipeline"]["outputs"] == [
        {
            "name": "kinesis_firehose",
            "delivery_stream": NAME,
            "match": "*",
            "region": REGION,
            "retry_limit": "no_limits",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "known"),
    [("stream", FLUENT_BIT_STREAM_KEYS), ("delivery", FLUENT_BIT_DELIVERY_KEYS)],
)
def test_every_option_of_an_output_is_one_that_fluent_bit_documents(kind: agent.Kind, known: tuple[str, ...]) -> None:
    (output,) = fluent_bit(hosts(), kind)["pipeline"]["outputs"]
    assert set(output) - {"name", "match", "retry_limit"} <= set(known)


def test_fluent_bit_sends_a_line_of_json_as_it_is_and_another_as_its_message() -> None:
    found = fluent_bit(hosts())
    assert found["parsers"] == [{"name": "record_0", "format": "json"}]
    assert found["pipeline"]["filters"] == [
        {"name": "parser", "match": "file.0", "key_name": "message", "parser": "record_0"}
    ]
    assert notes(hosts()) == []


def test_fluent_bit_puts_lines_together_where_the_agent_does() -> None:
    found = fluent_bit(hosts(AgentFile(path="/a", multi_line_start=r"\d{4}-|Start")))
    (parser,) = found["multiline_parsers"]
    first, more = (re.compile(rule["regex"].strip("/")) for rule in parser["rules"])
    assert [rule["state"] for rule in parser["rules"]] == ["start_state", "more"]
    assert [bool(first.search(line)) for line in ("2026-01", "Start", "  at 2026-01", "")] == [True, True, False, False]
    assert [bool(more.search(line)) for line in ("2026-01", "Start", "  at 2026-01", "")] == [False, False, True, True]
    assert found["pipeline"]["inputs"][0]["multiline.parser"] == parser["name"]
    # What was put together is under `log`, and has to be called `message` before it is parsed.
    assert [one["name"] for one in found["pipeline"]["filters"]] == ["modify", "parser"]
    assert found["pipeline"]["filters"][0]["rename"] == "log message"


@pytest.mark.parametrize(
    ("delimiter", "line"), [(None, "7,de,late,lost"), ("|", "7|de|late"), (";", "7;de;late"), (r"\t", "7\tde\tlate")]
)
def test_fluent_bit_reads_columns(delimiter: str | None, line: str) -> None:
    spec = read_by(DataProcessing(option="csv_to_json", field_names=("id", "country", "state"), delimiter=delimiter))
    assert parsed(spec, line) == {"id": "7", "country": "de", "state": "late"}
    assert parsed(spec, line[0]) == {"id": "7", "country": None, "state": None}


LINES = {
    "common_apache_log": (
        '192.0.2.7 - ann [21/Nov/2026:06:00:00 +0000] "GET / HTTP/1.1" 200 512',
        {"host": "192.0.2.7", "authuser": "ann", "request": "GET / HTTP/1.1", "response": "200", "bytes": "512"},
    ),
    "combined_apache_log": (
        '192.0.2.7 - - [21/Nov/2026:06:00:00 +0000] "GET / HTTP/1.1" 200 512 "http://example.com/" "curl/8"',
        {"datetime": "21/Nov/2026:06:00:00 +0000", "referer": "http://example.com/", "agent": "curl/8"},
    ),
    "apache_error_log": (
        "[Sat Nov 21 06:00:00.1 2026] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.7] File does not exist",
        {"module": "core", "severity": "error", "threadid": "4328636416", "message": "File does not exist"},
    ),
    "syslog": (
        "Nov 21 06:00:00 web-1 sshd[42]: Accepted publickey for ann",
        {"timestamp": "Nov 21 06:00:00", "hostname": "web-1", "program": "sshd", "processid": "42"},
    ),
    "rfc3339_syslog": (
        "2026-11-21T06:00:00.1+00:00 <3.6> web-1 cron: done",
        {"timestamp": "2026-11-21T06:00:00.1+00:00", "processid": None, "message": "done"},
    ),
}


@pytest.mark.parametrize("log_format", sorted(LINES))
def test_fluent_bit_reads_the_formats_that_the_agent_knows_under_the_same_names(log_format: Any) -> None:
    line, expected = LINES[log_format]
    found = parsed(read_by(DataProcessing(option="log_to_json", log_format=log_format)), line)
    assert found is not None
    assert tuple(found) == agent.LOG_FIELDS[log_format]
    assert expected.items() <= found.items()


def test_fluent_bit_gets_a_pattern_with_the_names_in_its_groups() -> None:
    pattern = r"\[(\d+)\] ([(\]]+) (?:x|(y)) (?<old>.*)"
    spec = read_by(
        DataProcessing(option="log_to_json", match_pattern=pattern, field_names=("at", "braces", "letter", "rest"))
    )
    assert parsed(spec, "[7] (] y and on") == {"at": "7", "braces": "(]", "letter": "y", "rest": "and on"}
    assert parsed(spec, "before [7] (] y and on") is None


def test_fluent_bit_file_says_what_it_does_not_carry_over() -> None:
    file = AgentFile(
        path="/a",
        partition_key="deterministic",
        processing=(
            DataProcessing(option="single_line"),
            DataProcessing(option="csv_to_json", field_names=("a",), delimiter="||"),
        ),
    )
    apache = DataProcessing(option="log_to_json", log_format="common_apache_log")
    assert notes(read_by(apache)) == [
        ", /var/log/app.log: a line that does not match is sent as `message`; the agent drops it.",
        ", /var/log/app.log: a field that is `-` stays `-`; the agent makes it null.",
    ]
    spec = hosts(file, AgentFile(path="/b", processing=LINE), emit_metrics=True)
    assert notes(spec) == [
        ": metrics in CloudWatch.",
        ", /a: partition keys by content; here they are random.",
        ", /a: lines are put together with their line breaks, escaped in JSON.",
        ", /a: a delimiter of several characters; the line is sent as `message`.",
        ", /b: a line that does not match is sent as `message`; the agent drops it.",
    ]
    assert fluent_bit(spec)["parsers"][0] == {"name": "record_0", "format": "json"}


LINE = (DataProcessing(option="log_to_json", log_format="syslog"),)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("", 0), ("(a)(b)", 2), (r"\(a\)", 0), ("[(]", 0), ("[^](]", 0), ("(?:a)(?=b)(?<!c)", 0), ("((?<a>b))", 2)],
)
def test_groups_are_counted_as_java_counts_them(pattern: str, count: int) -> None:
    assert agent.groups(pattern) == count


def findings(spec: KinesisAgentProducerSpec, kind: agent.Kind = "stream") -> list[tuple[str, str, str]]:
    return [(one.code, one.dotted_path, one.message) for one in agent.agent_findings(spec, kind)]


def test_what_is_right_has_no_finding() -> None:
    step = DataProcessing(option="log_to_json", match_pattern=r"(\S+) (.*)", field_names=("a", "b"))
    assert findings(read_by(step, partition_key="deterministic")) == []
    assert findings(read_by(step), "delivery") == []


def test_parts_of_a_line_need_a_name_each() -> None:
    step = DataProcessing(option="log_to_json", match_pattern=r"(\S+) (.*)", field_names=("a", "b", "c"))
    assert findings(read_by(step)) == [
        ("AGT906", "files[0].processing[0].field_names", "a line has not as many names as parts")
    ]
    step = DataProcessing(option="log_to_json", match_pattern="(.*)", log_format="syslog")
    assert findings(read_by(step)) == [
        ("AGT906", "files[0].processing[0].match_pattern", "a line has not as many names as parts")
    ]


def test_a_delivery_has_no_use_for_a_partition_key() -> None:
    found = findings(hosts(AgentFile(path="/a", partition_key="random")), "delivery")
    assert found == [("LNG404", "files[0].partition_key", "`partition_key` has no effect here")]


def test_a_configuration_fits_in_a_parameter_whatever_the_stream_is_called() -> None:
    def spec(files: int) -> KinesisAgentProducerSpec:
        return hosts(*(AgentFile(path=f"/var/log/app-{number}/*.log") for number in range(files)))

    fits = next(files for files in range(20, 0, -1) if not findings(spec(files)))
    longest = agent.agent_configuration(
        spec(fits), "stream", name="n" * 128, region="ap-northeast-1", dns_suffix="amazonaws.com"
    )
    assert len(json.dumps(longest, indent=2)) <= 4096
    assert len(agent.fluent_bit_configuration(spec(fits), "stream", name="n" * 128, region="ap-northeast-1")) <= 4096
    assert findings(spec(fits + 1))[0][:2] == ("AGT907", "files")
    assert fits == 12


def test_text_has_no_braces_that_systems_manager_would_take_for_a_reference() -> None:
    spec = read_by(DataProcessing(option="csv_to_json", field_names=("a",)))
    assert "{{" not in json.dumps(agent_json(spec), indent=2)
    assert "{{" not in agent.fluent_bit_configuration(spec, "stream", name=NAME, region=REGION)
