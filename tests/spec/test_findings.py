"""Every rule of the language: what breaks it, where the finding stands, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding, did_you_mean
from streaming_constructs.spec.read import Reading, edited, read

BASE = """\
name: shop
streams:
  clicks:
    kind: kinesis
    workload: {records_per_second: 100, record_kb: 1}
    #stream
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handler
    on_failure:
      retries: 5
      destination: s3
    #consumer
#top
"""
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1-2"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:failed"
LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:shared"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf"
DOMAIN = "arn:aws:es:eu-west-1:123456789012:domain/search"
SNOWFLAKE = (
    f"kind: snowflake, account_url: shop.snowflakecomputing.com, secret_arn: '{SECRET}', "
    "database: a, schema: b, table: c"
)
ICEBERG = "kind: iceberg, catalog_arn: 'arn:aws:glue:eu-west-1:123456789012:catalog', table_bucket: tables"

Check = Callable[[str], list[Finding]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Findings of a text that is read from a file, beside the code that it names."""
    folder = tmp_path_factory.mktemp("spec")
    (folder / "handler").mkdir()
    (folder / "handler" / "index.py").touch()

    def run(text: str) -> list[Finding]:
        file = folder / "pipeline.yaml"
        file.write_text(text, encoding="utf-8")
        return found(read(file))

    return run


def found(reading: Reading) -> list[Finding]:
    """What the language says of a file, with what a node lacks in a system."""
    assert reading.is_whole == (not reading.findings)
    findings = list(reading.findings)
    for section, name, node in reading.spec.nodes() if reading.spec else ():
        for finding in (lacking.below(section, name) for lacking in node.system_findings()):
            findings += [reading.document.locate(finding)] if reading.speaks_of_the_file(finding) else []
    return sorted(findings, key=lambda finding: (finding.line, finding.column))


def stream(fields: str) -> str:
    return BASE.replace("#stream", fields)


def consumer(fields: str) -> str:
    return BASE.replace("#consumer", fields)


def top(fields: str) -> str:
    return BASE.replace("#top", fields)


def deliveries(*entries: str) -> str:
    """Deliveries, each in a line of its own, from line 17 on."""
    return top("deliveries:\n" + "\n".join(f"  {entry}" for entry in entries))


def lake(fields: str) -> str:
    """An archive in one line, the 17th."""
    return deliveries(f"lake: {{from: clicks, to: {{kind: s3, {fields}}}}}")


def stores(fields: str) -> str:
    """A domain in one line, the 17th."""
    return top(f"stores:\n  search: {{kind: opensearch, {fields}}}")


def producer(fields: str) -> str:
    """A producer in one line, the 17th."""
    return top(f"producers:\n  agents: {{{fields}, to: clicks}}")


def kept(destination: str) -> str:
    return BASE.replace("destination: s3", f"destination: {destination}")


def existing_stream(fields: str) -> str:
    return stream(f"arn: {STREAM}\n    {fields}")


def existing_function(fields: str) -> str:
    return BASE.replace("code: handler", f"function_arn: {FUNCTION}").replace("#consumer", fields)


def places(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.dotted_path, finding.line) for finding in findings]


def test_the_base_of_these_tests_is_fine(check: Check) -> None:
    assert check(BASE) == []
    assert check(existing_stream("retention_hours: 48")) == []
    assert check(existing_function("enhanced_fan_out: false")) == []


# --- limits: the last value that is taken, and the first that is not

LIMITS = [  # where, field, taken, refused
    (stream, "streams.clicks.retention_hours", ("24", "8760"), ("23", "8761")),
    (stream, "streams.clicks.max_record_kb", ("1024", "10240"), ("1023", "10241")),
    (stream, "streams.clicks.shards", ("1", "100000"), ("0", "100001")),
    (stream, "streams.clicks.headroom", ("1", "1.0", "10"), ("0.99", "10.01")),
    (stream, "streams.clicks.retention_days", ("1", "365"), ("0", "366")),
    (consumer, "consumers.fraud.batch_size", ("1", "10000"), ("0", "10001")),
    (consumer, "consumers.fraud.batch_window_seconds", ("0", "300"), ("-1", "301")),
    (consumer, "consumers.fraud.parallelization_factor", ("1", "10"), ("0", "11")),
    (consumer, "consumers.fraud.tumbling_window_seconds", ("1", "900"), ("0", "901")),
    (consumer, "consumers.fraud.timeout_seconds", ("1", "900"), ("0", "901")),
    (consumer, "consumers.fraud.memory_mb", ("128", "10240"), ("127", "10241")),
    (consumer, "consumers.fraud.max_lag_seconds", ("1", "31536000"), ("0", "31536001")),
    (consumer, "consumers.fraud.reserved_concurrency", ("1", "1000000"), ("0", "1000001")),
]


def written(path: str, value: str) -> str:
    """The field as YAML: `shards: 1`."""
    return f"{path.rpartition('.')[2]}: {value}"


@pytest.mark.parametrize(("place", "path", "value"), [(p, f, v) for p, f, taken, _ in LIMITS for v in taken])
def test_the_ends_of_a_range_are_taken(check: Check, place: Callable[[str], str], path: str, value: str) -> None:
    assert check(place(written(path, value))) == []


@pytest.mark.parametrize(("place", "path", "value"), [(p, f, v) for p, f, _, refused in LIMITS for v in refused])
def test_values_past_the_ends_are_refused(check: Check, place: Callable[[str], str], path: str, value: str) -> None:
    (finding,) = check(place(written(path, value)))
    assert (finding.code, finding.dotted_path, finding.line) == ("LNG204", path, 6 if place is stream else 15)
    assert finding.note.startswith(f"seen: {value}")


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("retries", "0", True),
        ("retries", "10000", True),
        ("retries", "-1", False),
        ("retries", "10001", False),
        ("max_record_age_seconds", "60", True),
        ("max_record_age_seconds", "604800", True),
        ("max_record_age_seconds", "59", False),
        ("max_record_age_seconds", "604801", False),
        ("max_record_age_seconds", "-1", False),
    ],
)
def test_retries_and_age(check: Check, field: str, value: str, taken: bool) -> None:
    text = BASE.replace("retries: 5", f"{field}: {value}")
    assert places(check(text)) == ([] if taken else [("LNG204", f"consumers.fraud.on_failure.{field}", 13)])


@pytest.mark.parametrize(
    ("workload", "refused"),
    [
        ("records_per_second: 0.001, record_kb: 0.001, peak_factor: 1", None),
        ("records_per_second: 1e9, record_kb: 1024, peak_factor: 1000", None),
        ("records_per_second: 0, record_kb: 1", "records_per_second"),
        ("records_per_second: 1000000001, record_kb: 1", "records_per_second"),
        ("records_per_second: 1, record_kb: 0", "record_kb"),
        ("records_per_second: 1, record_kb: 1, peak_factor: 0.9", "peak_factor"),
        ("records_per_second: 1, record_kb: 1, peak_factor: 1001", "peak_factor"),
    ],
)
def test_workloads(check: Check, workload: str, refused: str | None) -> None:
    text = BASE.replace("records_per_second: 100, record_kb: 1", workload)
    expected = [("LNG204", f"streams.clicks.workload.{refused}", 5)] if refused else []
    assert places(check(text)) == expected


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (stream("mode: on_demand\n    warm_throughput_mb_per_second: %d"), "throughput", (1, 10_240)),
        (kept("{kind: s3, expire_after_days: %d}"), "days", (1, 36_500)),
        (top("alarms: {override: {clicks.read_throttling: {minutes: %d}}}"), "minutes", (1, 1440)),
    ],
    ids=["warm throughput", "days in a bucket", "minutes of an alarm"],
)
def test_ranges_further_in(check: Check, text: str, path: str, line: tuple[int, int]) -> None:
    least, greatest = line
    for value, refused in ((least - 1, True), (least, False), (greatest, False), (greatest + 1, True)):
        findings = check(text % value)
        assert [finding.code for finding in findings] == (["LNG204"] if refused else []), value
        assert all(path in finding.dotted_path for finding in findings)


@pytest.mark.parametrize(
    ("write", "most"),
    [
        (lambda n: consumer(f"filters: [{', '.join(f'{{data: {{a: [{i}]}}}}' for i in range(n))}]"), 10),
        (lambda n: consumer(f"layers: [{', '.join(f'{LAYER}:{i}' for i in range(n))}]"), 5),
        (lambda n: top(f"alarms: {{notify: [{', '.join(f'{{topic_arn: {TOPIC}{i}}}' for i in range(n))}]}}"), 5),
        (
            lambda n: top(
                f"alarms: {{notify: [{{email: a@b.de}}, {{email: c@d.de}}, "
                f"{', '.join(f'{{topic_arn: {TOPIC}{i}}}' for i in range(n))}]}}"
            ),
            4,
        ),
        (lambda n: top("tags: {" + ", ".join(f"k{i}: v" for i in range(n)) + "}"), 50),
        (lambda n: top(f"tags: {{{'k' * n}: v}}"), 128),
        (lambda n: top(f"tags: {{k: {'v' * n}}}"), 256),
        (lambda n: BASE.replace("name: shop", f"name: {'a' * n}"), 64),
        (lambda n: consumer("filters: [{data: {a: [%s]}}]" % ("x" * (n - len('{"data":{"a":[""]}}')))), 4096),
        (lambda n: consumer("environment: {AB: %s}" % ("x" * (n - len('{"AB":""}')))), 4096),
    ],
    ids=[
        "filters",
        "layers",
        "sns_topics",
        "topics beside addresses",
        "tags",
        "tag key",
        "tag value",
        "name",
        "filter pattern",
        "variables",
    ],
)
def test_lengths(check: Check, write: Callable[[int], str], most: int) -> None:
    assert check(write(most)) == []
    assert len(check(write(most + 1))) == 1


def test_environment_variables_are_measured_in_bytes(check: Check) -> None:
    room = 4096 - len('{"AB":""}')
    assert check(consumer(f"environment: {{AB: {'ü' * (room // 2)}}}")) == []
    assert [one.code for one in check(consumer(f"environment: {{AB: {'ü' * (room // 2 + 1)}}}"))] == ["LAM503"]


# --- rules: (text, code, path, line, a part of the help)

RULES = {
    # of fields and their values
    "unknown field": (
        stream("retention: 48"),
        "LNG201",
        "streams.clicks.retention",
        6,
        "write `retention_hours: 48`",
    ),
    "unknown top field": (top("alarm: {}"), "LNG201", "alarm", 16, "did you mean `alarms`?"),
    "a name of Python": (stream("record_schema: click"), "LNG201", "streams.clicks.record_schema", 6, "`schema`"),
    "unknown field of a kind": (
        kept("{kind: sqs, bucket: x}"),
        "LNG201",
        "…on_failure.destination.bucket",
        14,
        "use one of: `kind`, `kms_key_arn`, `queue_arn`",
    ),
    "missing from": (BASE.replace("    from: clicks\n", ""), "LNG202", "consumers.fraud", 8, "add `from: clicks`"),
    "missing from, of other streams": (
        BASE.replace("    from: clicks\n", "").replace("  clicks:", "  orders:"),
        "LNG202",
        "consumers.fraud",
        8,
        "add `from: orders`",
    ),
    "missing to": (
        top("producers: {shop: {kind: cloudwatch_logs, log_groups: [/shop]}}"),
        "LNG202",
        "producers.shop",
        16,
        "add `to: clicks`",
    ),
    "missing by its name": (
        BASE.replace("    from: clicks", "    form: clicks"),
        "LNG201",
        "consumers.fraud.form",
        10,
        "did you mean `from`?",
    ),
    "missing on_failure": (
        BASE.replace(BASE[BASE.index("    on_failure") : BASE.index("    #consumer")], ""),
        "LNG202",
        "consumers.fraud",
        8,
        "add `on_failure: {retries: 5, max_record_age_seconds: 3600, bisect: true, destination: s3}`",
    ),
    "missing destination": (
        BASE.replace("      destination: s3\n", ""),
        "LNG202",
        "consumers.fraud.on_failure",
        12,
        "add `destination: s3`",
    ),
    "missing name": (BASE.replace("name: shop\n", ""), "LNG202", "", 1, "add `name: clickstream`"),
    "missing kind": (BASE.replace("    kind: kinesis\n", ""), "LNG202", "streams.clicks", 3, "`kind: kinesis`"),
    "missing kind of destination": (
        kept("{}"),
        "LNG202",
        "…on_failure.destination",
        14,
        "`kind: sqs`, `kind: sns`, `kind: s3`",
    ),
    "text for a number": (
        stream("retention_hours: '48'"),
        "LNG203",
        "streams.clicks.retention_hours",
        6,
        "write `48`, without quotes",
    ),
    "fraction": (consumer("batch_size: 1.5"), "LNG203", "consumers.fraud.batch_size", 15, "a whole number"),
    "boolean for a number": (
        consumer("batch_size: true"),
        "LNG203",
        "consumers.fraud.batch_size",
        15,
        "a whole number",
    ),
    "infinite": (
        stream("headroom: .inf"),
        "LNG203",
        "streams.clicks.headroom",
        6,
        "a number",
    ),
    "too long a number": (
        consumer(f"batch_size: {'9' * 200}"),
        "LNG203",
        "consumers.fraud.batch_size",
        15,
        "whole number",
    ),
    "yes": (top("dashboard: yes"), "LNG203", "dashboard", 16, "write `true`"),
    "on": (top("dashboard: on"), "LNG203", "dashboard", 16, "write `true`"),
    "no": (top("dashboard: no"), "LNG203", "dashboard", 16, "write `false`"),
    "number for a boolean": (top("dashboard: 1"), "LNG203", "dashboard", 16, "write true or false"),
    "true in quotes": (top("dashboard: 'true'"), "LNG203", "dashboard", 16, "write `true`, without quotes"),
    "truth for text": (top("tags: {team: true}"), "LNG203", "tags.team", 16, 'write `"true"`, in quotes'),
    "number for text": (top("tags: {team: 7}"), "LNG203", "tags.team", 16, "in quotes"),
    "mapping for a list": (
        consumer("filters: {data: {page: [home]}}"),
        "LNG203",
        "consumers.fraud.filters",
        15,
        "write `[{data: {page: [home]}}]`",
    ),
    "list for a mapping": (stream("encryption: [customer_managed]"), "LNG203", "…encryption", 6, "`aws_managed`"),
    "number for a kind": (kept("5"), "LNG203", "…on_failure.destination", 14, "`sqs`, `sns`, `s3`"),
    "null for a kind": (kept("null"), "LNG203", "…on_failure.destination", 14, "`sqs`, `sns`, `s3`"),
    "name with capitals": (BASE.replace("name: shop", "name: WebShop 2"), "LNG206", "name", 1, "write `web-shop-2`"),
    "name of digits": (BASE.replace("name: shop", "name: '22'"), "LNG206", "name", 1, "write a name of up to 64"),
    "ARN of a bucket with its region": (
        kept("arn:aws:s3:eu-west-1:123456789012:failed"),
        "LNG206",
        "…on_failure.destination",
        14,
        "write `arn:aws:s3:::failed`",
    ),
    "ARN for the name of a stream": (
        BASE.replace("from: clicks", f"from: '{STREAM}'").replace("  clicks:", "  views:"),
        "LNG206",
        "consumers.fraud.from",
        10,
        "write `from: clicks`, and `streams: {clicks: {kind: kinesis, arn: ",
    ),
    "list of nodes with names": (
        BASE[: BASE.index("consumers:")] + "stores: [{name: logs, kind: opensearch, retention_days: 5}]",
        "LNG203",
        "stores",
        7,
        "write `{logs: {kind: opensearch, retention_days: 5}}`",
    ),
    "list of whom to tell": (
        top("alarms: [me@example.com]"),
        "LNG203",
        "alarms",
        16,
        "write `{notify: [me@example.com]}`",
    ),
    "kind alone": (
        top("deliveries: {lake: {from: clicks, to: iceberg}}"),
        "LNG203",
        "deliveries.lake.to",
        16,
        "`{kind: iceberg, ",
    ),
    "null stream": (
        BASE.replace("  clicks:\n    kind: kinesis", "  clicks:\n  x:\n    kind: kinesis"),
        "LNG203",
        "streams.clicks",
        3,
        "write `{kind: kinesis, workload: {records_per_second: 1000, record_kb: 1}}`",
    ),
    "wrong kind": (BASE.replace("kind: lambda", "kind: lamda"), "LNG205", "consumers.fraud.kind", 9, "`lambda`"),
    "wrong mode": (stream("mode: on-demand"), "LNG205", "streams.clicks.mode", 6, "did you mean `on_demand`?"),
    "wrong removal policy": (top("removal_policy: delete"), "LNG205", "removal_policy", 16, "`destroy`, `retain`"),
    "wrong number of days": (
        consumer("log_retention_days: 10"),
        "LNG205",
        "…log_retention_days",
        15,
        "1, 3, 5, 7, 14, 30",
    ),
    "true is no day": (consumer("log_retention_days: true"), "LNG205", "…log_retention_days", 15, "1, 3, 5"),
    "wrong runtime": (
        consumer("runtime: pyton3.13"),
        "LNG205",
        "consumers.fraud.runtime",
        15,
        "did you mean `python3.13`?",
    ),
    "wrong position": (consumer("starting_position: lates"), "LNG205", "…starting_position", 15, "`latest`"),
    "wrong metric": (
        stream("shard_level_metrics: [OutgoingByte]"),
        "LNG205",
        "…shard_level_metrics[0]",
        6,
        "did you mean `OutgoingBytes`?",
    ),
    "capital name": (
        BASE.replace("streams:\n", "streams:\n  Other: {kind: kinesis, mode: on_demand}\n"),
        "LNG206",
        "streams.Other",
        3,
        "up to 64 small letters",
    ),
    "ARN": (stream("arn: clicks"), "LNG206", "streams.clicks.arn", 6, "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME"),
    "ARN in other digits": (
        stream(f"arn: {STREAM}").replace("1234", "\u0661234"),
        "LNG206",
        "streams.clicks.arn",
        6,
        "arn:aws",
    ),
    "alias for a key": (
        consumer("filters: [{data: {a: [1]}}]\n    filter_kms_key_arn: alias/x"),
        "LNG206",
        "…filter_kms_key_arn",
        16,
        "KMS",
    ),
    "layer": (consumer("layers: [powertool]"), "LNG206", "consumers.fraud.layers[0]", 15, "powertools"),
    "handler": (consumer("handler: -x"), "LNG206", "consumers.fraud.handler", 15, "index.handler"),
    "handler without a function": (
        consumer("handler: index"),
        "LAM502",
        "…fraud.handler",
        15,
        "such as `index.handler`",
    ),
    "variable": (
        consumer("environment: {1A: x}"),
        "LNG206",
        "…environment.1A",
        15,
        "starts with a letter",
    ),
    "e-mail": (top("alarms: {notify: [{email: oncall}]}"), "LNG206", "alarms.notify[0].email", 16, "an e-mail address"),
    "alarm name": (
        top("alarms: {silence: {Errors: too many to read}}"),
        "LNG206",
        "alarms.silence.Errors",
        16,
        "node.alarm",
    ),
    "code to acknowledge": (
        top("acknowledge: {LAM506: on purpose, yes}").replace(", yes", ""),
        "LNG206",
        "acknowledge.LAM506",
        16,
        "fraud.LAM507",
    ),
    "tag of AWS": (top("tags: {'AWS:x': y}"), "LNG206", "tags.AWS:x", 16, "another key"),
    "date": (
        consumer("starting_position: {at_timestamp: 2026-01-15}"),
        "LNG206",
        "…at_timestamp",
        15,
        "2026-01-15T00:00:00Z",
    ),
    "time without zone": (
        consumer("starting_position: {at_timestamp: 2026-01-15T00:00:00}"),
        "LNG206",
        "…at_timestamp",
        15,
        "Z",
    ),
    "number for a time": (consumer("starting_position: {at_timestamp: 20260115}"), "LNG206", "…at_timestamp", 15, "Z"),
    "reason": (
        top("alarms: {silence: {clicks.read_throttling: noise}}"),
        "LNG204",
        "…silence.clicks.read_throttling",
        16,
        "10",
    ),
    "Glue type": (top("schemas: {a: {b: number}}"), "SCH207", "schemas.a.b", 16, "write `double`"),
    "one column": (top("schemas: {a: {id: int, ID: int}}"), "SCH208", "schemas.a", 16, "rename"),
    "token of CDK": (
        stream("arn: '${Token[TOKEN.12]}'"),
        "LNG215",
        "streams.clicks.arn",
        6,
        'streams={"NAME": stream}',
    ),
    "token of a function": (
        BASE.replace("code: handler", "function_arn: '${Token[TOKEN.12]}'"),
        "LNG215",
        "consumers.fraud.function_arn",
        11,
        'functions={"NAME": function}',
    ),
    # words of AWS, Terraform, SAM and others
    "dead-letter queue": (
        consumer("dlq: true"),
        "LNG201",
        "consumers.fraud.dlq",
        15,
        "write `on_failure: {destination: sqs}`",
    ),
    "its ARN": (
        consumer(f"dead_letter_queue: {QUEUE}"),
        "LNG201",
        "consumers.fraud.dead_letter_queue",
        15,
        f"write `on_failure: {{destination: {QUEUE}}}`",
    ),
    "shard count": (stream("shard_count: 4"), "LNG201", "streams.clicks.shard_count", 6, "write `shards: 4`"),
    "capacity": (
        stream("capacity: {mode: on_demand}"),
        "LNG201",
        "streams.clicks.capacity",
        6,
        "write `mode: on_demand`",
    ),
    "fan-out by a word": (
        consumer("read: enhanced_fan_out"),
        "LNG201",
        "consumers.fraud.read",
        15,
        "write `enhanced_fan_out: true`",
    ),
    "memory size": (
        consumer("memory_size: 512"),
        "LNG201",
        "consumers.fraud.memory_size",
        15,
        "write `memory_mb: 512`",
    ),
    "order": (consumer("fifo: true"), "LNG201", "consumers.fraud.fifo", 15, "take it out"),
    "rate": (
        BASE.replace("records_per_second: 100", "rps: 100"),
        "LNG201",
        "streams.clicks.workload.rps",
        5,
        "write `records_per_second: 100`",
    ),
    "topics": (
        top("topics: {alerts: {kind: sns}}"),
        "LNG201",
        "topics",
        16,
        "write `sns_topics: {alerts: {kind: sns}}`",
    ),
    "environment as a class": (top("environment: dev"), "LNG201", "environment", 16, "take it out"),
    "address of alarms": (top("alarms: {email: a@b.de}"), "LNG201", "alarms.email", 16, "write `notify: [a@b.de]`"),
    "alarm that is off": (
        top("alarms: {read_throttling: {enabled: false, reason: a nightly export reads}}"),
        "LNG201",
        "alarms.read_throttling",
        16,
        "write `silence: {read_throttling: a nightly export reads}`",
    ),
    "threshold of an alarm": (
        top("alarms: {iterator_age: {threshold_seconds: 60}}"),
        "LNG201",
        "alarms.iterator_age",
        16,
        "write `override: {iterator_age: {threshold: 60000}}`",
    ),
    # of the graph
    "no such topic of failures": (
        kept("alerts"),
        "GRF301",
        "…on_failure.destination",
        14,
        "or add it under `sns_topics`",
    ),
    "no such stream": (BASE.replace("from: clicks", "from: click"), "GRF301", "consumers.fraud.from", 10, "`clicks`"),
    "no such schema": (
        stream("schema: click"),
        "GRF301",
        "streams.clicks.schema",
        6,
        "add it under `schemas`: there is none yet",
    ),
    "name taken": (BASE.replace("  fraud:", "  clicks:"), "GRF302", "consumers.clicks", 8, "`clicks-consumer`"),
    "from a consumer": (BASE.replace("from: clicks", "from: fraud"), "GRF303", "consumers.fraud.from", 10, "`clicks`"),
    "empty system": ("name: shop\n", "GRF304", "", 1, "add `streams: {clicks: {kind: kinesis,"),
    # of streams
    "no capacity": (
        BASE.replace("workload: {records_per_second: 100, record_kb: 1}", ""),
        "KIN401",
        "streams.clicks",
        3,
        "on_demand",
    ),
    "distribution": (
        stream("record_distribution: partition_key"),
        "KIN402",
        "…clicks.record_distribution",
        6,
        "on_demand",
    ),
    "existing stream": (
        existing_stream("removal_policy: retain"),
        "LNG403",
        "streams.clicks.removal_policy",
        7,
        "take it out",
    ),
    "existing stream's records": (
        existing_stream("max_record_kb: 2048"),
        "LNG403",
        "…max_record_kb",
        7,
        "take it out",
    ),
    "existing stream's metrics": (
        existing_stream("shard_level_metrics: [IncomingBytes]"),
        "LNG403",
        "…shard_level_metrics",
        7,
        "",
    ),
    "existing stream's key": (
        existing_stream("encryption: customer_managed"),
        "LNG403",
        "…encryption",
        7,
        "`kms_key_arn`",
    ),
    "existing stream's distribution": (
        existing_stream("record_distribution: auto\n    mode: on_demand"),
        "LNG403",
        "…record_distribution",
        7,
        "take it out",
    ),
    "existing bucket": (
        kept("{kind: s3, bucket: 'arn:aws:s3:::failed', expire_after_days: 1}"),
        "LNG403",
        "…expire_after_days",
        14,
        "lifecycle",
    ),
    "existing function": (
        existing_function("memory_mb: 512"),
        "LNG403",
        "consumers.fraud.memory_mb",
        15,
        "give `code`",
    ),
    "headroom and shards": (
        stream("shards: 2\n    headroom: 2"),
        "LNG404",
        "streams.clicks.headroom",
        7,
        "take it out",
    ),
    "headroom of existing": (
        existing_stream("headroom: 2"),
        "LNG404",
        "streams.clicks.headroom",
        7,
        "`shards`",
    ),
    "key without queue": (
        kept(f"{{kind: sqs, kms_key_arn: '{KEY}'}}"),
        "LNG404",
        "…destination.kms_key_arn",
        14,
        "give `queue_arn`",
    ),
    "key without topic": (
        kept(f"{{kind: sns, kms_key_arn: '{KEY}'}}"),
        "LNG404",
        "…destination.kms_key_arn",
        14,
        "give `topic_arn`",
    ),
    "key without bucket": (
        kept(f"{{kind: s3, kms_key_arn: '{KEY}'}}"),
        "LNG404",
        "…destination.kms_key_arn",
        14,
        "give `bucket`",
    ),
    "key without filters": (
        consumer(f"filter_kms_key_arn: '{KEY}'"),
        "LNG404",
        "consumers.fraud.filter_kms_key_arn",
        15,
        "give `filter`, or take it out",
    ),
    "record too large": (
        BASE.replace("record_kb: 1}", "record_kb: 1024.5}"),
        "KIN405",
        "…workload.record_kb",
        5,
        "set `max_record_kb: 1025` or more",
    ),
    "metric twice": (
        stream("shard_level_metrics: [IncomingBytes, IncomingBytes]"),
        "LNG406",
        "…shard_level_metrics[1]",
        6,
        "one",
    ),
    # of consumers
    "code and function": (
        consumer(f"function_arn: {FUNCTION}"),
        "LAM501",
        "consumers.fraud.function_arn",
        15,
        "exactly one",
    ),
    "neither": (BASE.replace("    code: handler\n", ""), "LAM501", "consumers.fraud", 8, "exactly one"),
    "bare filter": (consumer("filters: [{page: [home]}]"), "LAM504", "…filters[0].page", 15, "`data: {page: …}`"),
    "empty filter": (consumer("filters: [{}]"), "LAM504", "consumers.fraud.filters[0]", 15, "take it out"),
    "bare value": (
        consumer("filters: [{data: {a: {b: home}}}]"),
        "LAM504",
        "…filters[0].data.a.b",
        15,
        'write `["home"]`',
    ),
    "empty list": (consumer("filters: [{data: {a: []}}]"), "LAM504", "…filters[0].data.a", 15, "name the values"),
    "empty object": (consumer("filters: [{data: {a: {}}}]"), "LAM504", "…filters[0].data.a", 15, "name a field"),
    "or of one": (consumer("filters: [{data: {$or: [{a: [1]}]}}]"), "LAM504", "…data.$or", 15, "list the patterns"),
    "value in or": (
        consumer("filters: [{data: {$or: [{a: [1]}, {b: 2}]}}]"),
        "LAM504",
        "…data.$or[1].b",
        15,
        "write `[2]`",
    ),
    "FIFO queue": (
        kept(f"{{kind: sqs, queue_arn: '{QUEUE}.fifo'}}"),
        "LAM508",
        "…destination.queue_arn",
        14,
        "standard",
    ),
    "FIFO topic": (
        kept(f"{{kind: sns, topic_arn: '{TOPIC}.fifo'}}"),
        "LAM508",
        "…destination.topic_arn",
        14,
        "standard",
    ),
    # of alarms
    "override of nothing": (
        top("alarms: {override: {fraud.errors: {}}}"),
        "ALM602",
        "…override.fraud.errors",
        16,
        "give `threshold: 100`",
    ),
    "override and silence": (
        top("alarms: {override: {fraud.errors: {minutes: 2}}, silence: {fraud.errors: on purpose}}"),
        "ALM602",
        "…override.fraud.errors",
        16,
        "take it out",
    ),
    # of deliveries, stores, topics and producers; those of Firehose have a table of their own
    "function that feeds itself": (
        consumer("to: [clicks]"),
        "GRF306",
        "consumers.fraud.to[0]",
        15,
        "does not lead back",
    ),
    "written twice": (
        consumer("to: [alerts, alerts]") + "sns_topics: {alerts: {kind: sns}}\n",
        "LNG406",
        "consumers.fraud.to[1]",
        15,
        "take one out",
    ),
    "writes of an existing function": (
        existing_function("to: [alerts]") + "sns_topics: {alerts: {kind: sns}}\n",
        "LNG403",
        "consumers.fraud.to",
        15,
        "take it out",
    ),
    "no such target": (consumer("to: [alerts]"), "GRF301", "consumers.fraud.to[0]", 15, "add it under `streams`"),
    "no such store": (
        deliveries("find: {from: clicks, to: {kind: opensearch, domain: search}}"),
        "GRF301",
        "deliveries.find.to.domain",
        17,
        "add it under `stores`: there is none yet",
    ),
    "delivery that is written to": (
        consumer("to: [lake]") + "deliveries: {lake: {from: clicks, to: {kind: s3}}}\n",
        "FIR711",
        "deliveries.lake.from",
        17,
        "write to `clicks`",
    ),
    "one bucket, one folder": (
        deliveries(
            "raw: {from: clicks, to: {kind: s3, bucket: 'arn:aws:s3:::lake', prefix: all}}",
            "new: {from: clicks, to: {kind: s3, bucket: 'arn:aws:s3:::lake', prefix: all/new}}",
        ),
        "FIR707",
        "deliveries.new.to.prefix",
        18,
        "`prefix` of its own",
    ),
    "one bucket, backup in an archive": (
        deliveries(
            "raw: {from: clicks, to: {kind: s3, bucket: 'arn:aws:s3:::lake', prefix: all}}",
            f"new: {{from: clicks, to: {{{ICEBERG}, tables: [{{database: a, table: b}}],"
            " backup: {bucket: 'arn:aws:s3:::lake', prefix: all/new}}}",
        ),
        "FIR707",
        "deliveries.new.to.backup.bucket",
        18,
        "`prefix` of its own",
    ),
    "one table": (
        deliveries("new-lake: {from: clicks, to: {kind: s3}}", "new_lake: {from: clicks, to: {kind: s3}}"),
        "FIR740",
        "deliveries.new_lake",
        18,
        "another name",
    ),
    "existing bucket of an archive": (
        lake("bucket: 'arn:aws:s3:::lake', expire_after_days: 1"),
        "LNG403",
        "…to.expire_after_days",
        17,
        "on the bucket itself",
    ),
    "key of a created bucket": (lake(f"kms_key_arn: '{KEY}'"), "LNG404", "…to.kms_key_arn", 17, "give `bucket`"),
    "early for Standard-IA": (
        lake("transitions: [{after_days: 29, storage_class: standard_ia}]"),
        "FIR723",
        "…to.transitions[0].after_days",
        17,
        "30 or more",
    ),
    "transitions out of order": (
        lake("transitions: [{after_days: 90, storage_class: glacier}, {after_days: 90, storage_class: deep_archive}]"),
        "FIR723",
        "…to.transitions[1].after_days",
        17,
        "in the order of their days",
    ),
    "deleted before they move": (
        lake("transitions: [{after_days: 90, storage_class: glacier}], expire_after_days: 90"),
        "FIR723",
        "…to.expire_after_days",
        17,
        "above 90",
    ),
    "backup of what is unchanged": (lake("source_backup: {}"), "FIR724", "…to.source_backup", 17, "take it out"),
    "values of a time": (
        lake("partition_by: [{by: day(arrival), values: [a]}]"),
        "LNG404",
        "…partition_by[0].values",
        17,
        "`by: arrival`",
    ),
    "the folder of others": (
        lake("partition_by: [{by: page, values: [home, other]}]"),
        "LNG206",
        "…partition_by[0].values[1]",
        17,
        "take it out",
    ),
    "value twice": (
        lake("partition_by: [{by: page, values: [home, home]}]"),
        "LNG406",
        "…partition_by[0].values[1]",
        17,
        "take one out",
    ),
    "partition twice": (lake("partition_by: [page, Page]"), "LNG406", "…to.partition_by[1]", 17, "take one out"),
    "no partition": (lake("partition_by: []"), "LNG204", "…to.partition_by", 17, "at least 1"),
    "wrong partition": (lake("partition_by: [page/minute]"), "LNG206", "…to.partition_by[0]", 17, "hour(event_time)"),
    "variant without a column": (
        deliveries(f"snow: {{from: clicks, to: {{{SNOWFLAKE}, load_as: variant}}}}"),
        "FIR722",
        "…to.load_as",
        17,
        "give `content_column`",
    ),
    "column without variant": (
        deliveries(f"snow: {{from: clicks, to: {{{SNOWFLAKE}, content_column: c}}}}"),
        "LNG404",
        "…to.content_column",
        17,
        "choose another `load_as`",
    ),
    "updates without keys": (
        deliveries(
            f"ice: {{from: clicks, to: {{{ICEBERG}, tables: [{{database: a, table: b}}], append_only: false}}}}"
        ),
        "FIR725",
        "…to.tables[0]",
        17,
        "give `unique_keys`",
    ),
    "neither store nor domain": (
        deliveries("find: {from: clicks, to: {kind: opensearch}}"),
        "OSD807",
        "deliveries.find.to",
        17,
        "exactly one",
    ),
    "store and domain": (
        deliveries(f"find: {{from: clicks, to: {{kind: opensearch, domain: search, domain_arn: '{DOMAIN}'}}}}")
        + "stores: {search: {kind: opensearch}}\n",
        "OSD807",
        "deliveries.find.to.domain",
        17,
        "exactly one",
    ),
    "copies and nodes": (
        stores("instances: 2, zones: 1, replicas: 2"),
        "OSD802",
        "stores.search.replicas",
        17,
        "lower",
    ),
    "nodes and zones": (stores("instances: 4, zones: 3"), "OSD803", "stores.search.instances", 17, "a multiple"),
    "no such version": (stores("version: '2.18'"), "OSD804", "stores.search.version", 17, '"3.5"'),
    "subnets and zones": (
        stores("zones: 2, vpc: {subnet_ids: [subnet-12345678], security_group_ids: [sg-12345678]}"),
        "OSD805",
        "stores.search.vpc.subnet_ids",
        17,
        "one subnet a zone",
    ),
    "subnet twice": (
        stores("vpc: {subnet_ids: [subnet-12345678, subnet-12345678], security_group_ids: [sg-12345678]}"),
        "LNG406",
        "stores.search.vpc.subnet_ids[1]",
        17,
        "take one out",
    ),
    "wrong subnet": (
        stores("vpc: {subnet_ids: [subnet-1], security_group_ids: [sg-12345678]}"),
        "LNG206",
        "stores.search.vpc.subnet_ids[0]",
        17,
        "the id of a subnet",
    ),
    "nothing subscribed": (producer("kind: cloudwatch_logs"), "LOG901", "producers.agents", 17, "give `log_groups: ["),
    "subscribed twice": (
        producer("kind: cloudwatch_logs, log_groups: [/shop], account_policy: {}"),
        "LOG901",
        "producers.agents.log_groups",
        17,
        "take out `log_groups`",
    ),
    "nobody may send": (
        producer("kind: cloudwatch_logs, accept_from: {}"),
        "LOG902",
        "producers.agents.accept_from",
        17,
        "name `account_ids`",
    ),
    "filter of others": (
        producer("kind: cloudwatch_logs, accept_from: {account_ids: ['123456789012']}, filter_pattern: ERROR"),
        "LNG404",
        "producers.agents.filter_pattern",
        17,
        "take it out",
    ),
    "second policy": (
        producer("kind: cloudwatch_logs, account_policy: {}")
        + "  more: {kind: cloudwatch_logs, account_policy: {}, to: clicks}\n",
        "LOG903",
        "producers.more.account_policy",
        18,
        "take `more` out",
    ),
    "columns without names": (
        producer("kind: kinesis_agent, files: [{path: /log/a, processing: [{option: csv_to_json}]}]"),
        "AGT906",
        "…files[0].processing[0]",
        17,
        "give `field_names`",
    ),
    "format without names": (
        producer("kind: kinesis_agent, files: [{path: /log/a, processing: [{option: log_to_json, match_pattern: x}]}]"),
        "AGT906",
        "…files[0].processing[0]",
        17,
        "give `log_format`",
    ),
    "delimiter of one line": (
        producer("kind: kinesis_agent, files: [{path: /log/a, processing: [{option: single_line, delimiter: ';'}]}]"),
        "LNG404",
        "…files[0].processing[0].delimiter",
        17,
        "take it out",
    ),
    "relative path": (
        producer("kind: kinesis_agent, files: [{path: log/a}]"),
        "LNG206",
        "producers.agents.files[0].path",
        17,
        "an absolute path",
    ),
    "role and place": (
        producer(
            "kind: kinesis_agent, files: [{path: /log/a}], runs_on: ec2, role_arn: 'arn:aws:iam::123456789012:role/r'"
        ),
        "LNG404",
        "producers.agents.runs_on",
        17,
        "one of them",
    ),
    "existing topic": (
        top(f"sns_topics:\n  alerts: {{kind: sns, topic_arn: '{TOPIC}', subscribers: [{{email: a@b.de}}]}}"),
        "LNG403",
        "sns_topics.alerts.subscribers",
        17,
        "to the topic itself",
    ),
    "key of a created topic": (
        top(f"sns_topics:\n  alerts: {{kind: sns, kms_key_arn: '{KEY}'}}"),
        "LNG404",
        "sns_topics.alerts.kms_key_arn",
        17,
        "give `topic_arn`",
    ),
    "existing workgroup": (
        top("athena: {workgroup: people, scan_limit_mb: 100}"),
        "LNG403",
        "athena.scan_limit_mb",
        16,
        "on the workgroup itself",
    ),
}


@pytest.mark.parametrize(("text", "code", "path", "line", "help_"), list(RULES.values()), ids=list(RULES))
def test_a_broken_rule_is_one_finding_with_its_place_and_its_mend(
    check: Check, text: str, code: str, path: str, line: int, help_: str
) -> None:
    (finding,) = check(text)
    assert (finding.code, finding.line, finding.level) == (code, line, "error")
    assert finding.dotted_path.endswith(path.removeprefix("…")) if path.startswith("…") else finding.dotted_path == path
    assert help_ in finding.help


@pytest.mark.parametrize("text", [rule[0] for rule in RULES.values()], ids=list(RULES))
def test_who_does_what_a_help_says_is_told_nothing_more(check: Check, text: str) -> None:
    (finding,) = check(text)
    if finding.edits:
        data = edited(read_document(text, "pipeline.yaml").data, finding.edits)
        assert check(yaml.safe_dump(data, sort_keys=False)) == []


def test_a_circle_of_several_is_said_of_each_that_closes_it(check: Check) -> None:
    text = """\
name: shop
streams:
  clicks: &stream {kind: kinesis, mode: on_demand}
  orders: *stream
  notes: *stream
consumers:
  first:
    kind: lambda
    from: clicks
    code: handler
    on_failure: &on_failure {retries: 5, max_record_age_seconds: 3600, destination: s3}
    to: [orders]
  second: {kind: lambda, from: orders, code: handler, on_failure: *on_failure, to: [notes, clicks]}
  third: {kind: lambda, from: notes, code: handler, on_failure: *on_failure}
"""
    assert places(check(text)) == [
        ("GRF306", "consumers.first.to[0]", 12),
        ("GRF306", "consumers.second.to[1]", 13),
    ]
    assert check(text.replace("to: [notes, clicks]", "to: [notes]")) == []


def test_one_wrong_item_does_not_make_a_list_too_short(check: Check) -> None:
    assert places(check(lake("partition_by: [page/minute]"))) == [("LNG206", "deliveries.lake.to.partition_by[0]", 17)]
    assert places(check(lake("partition_by: []"))) == [("LNG204", "deliveries.lake.to.partition_by", 17)]


@pytest.mark.parametrize(
    "type_",
    ["string", "decimal(38,38)", "array<map<string,struct<a:int,b:array<date>>>>", "map< string , double >"],
)
def test_glue_types(check: Check, type_: str) -> None:
    assert check(top(f"schemas: {{a: {{b: '{type_}'}}}}")) == []


@pytest.mark.parametrize(
    ("type_", "why"),
    [
        ("String", "`String` is no type"),
        ("strin", "did you mean `string`?"),
        ("decimal", "expected `(`"),
        ("decimal(39,0)", "precision 1 to 38"),
        ("decimal(0,0)", "precision 1 to 38"),
        ("decimal(5,6)", "precision 1 to 38"),
        ("decimal(\u0661,\u0661)", "characters that no type has"),
        ("map<array<int>,int>", "the key of a map is a primitive type"),
        ("struct<a int>", "expected `:`"),
        ("struct<<:int>", "`<` is no name of a field"),
        ("struct<1:int>", "`1` is no name of a field"),
        ("array<int", "expected `>`"),
        ("array<", "it ends too early"),
        ("array<int>>", "nothing may follow, but `>` does"),
        ("int; drop", "characters that no type has"),
        ("array<" * 33 + "int" + ">" * 33, "deeper than 32 levels"),
    ],
)
def test_what_is_no_glue_type_says_why(check: Check, type_: str, why: str) -> None:
    (finding,) = check(top(f"schemas: {{a: {{b: '{type_}'}}}}"))
    assert finding.code == "SCH207"
    assert why in finding.note


def test_an_existing_stream_may_carry_records_of_any_size(check: Check) -> None:
    assert check(existing_stream("").replace("record_kb: 1}", "record_kb: 2048}")) == []


def test_every_field_of_a_created_function_is_refused_on_an_existing_one(check: Check) -> None:
    fields = {
        "handler": "a.b",
        "runtime": "python3.13",
        "architecture": "arm64",
        "memory_mb": "512",
        "timeout_seconds": "9",
        "environment": "{AB: c}",
        "log_retention_days": "30",
        "layers": "[powertools]",
        "reserved_concurrency": "5",
    }
    findings = check(existing_function("\n    ".join(f"{name}: {value}" for name, value in fields.items())))
    assert [(finding.code, finding.path[-1]) for finding in findings] == [("LNG403", name) for name in fields]


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(check: Check) -> None:
    text = """\
name: Shop
removal_policy: stage
tags: {team: 7}
schemas:
  click: {page: strng}
streams:
  clicks: {kind: kinesis, mode: on_demand, retention_hours: 12}
  orders: {kind: kinesis, capacty: on_demand, schema: click, workload: {records_per_second: 1, record_kb: 1}}
  empty: {kind: kinesis}
consumers:
  fraud:
    kind: lambda
    from: click
    code: handler
    on_failure: {retries: 5}
  audit:
    kind: lambda
    from: orders
    on_failure: {destination: {kind: sqs, queue_arn: %s.fifo}}
dashboard: yes
alarms: {notify: [{email: nobody}]}
"""
    assert places(check(text % QUEUE)) == [
        ("LNG206", "name", 1),
        ("LNG205", "removal_policy", 2),
        ("LNG203", "tags.team", 3),
        ("SCH207", "schemas.click.page", 5),
        ("LNG204", "streams.clicks.retention_hours", 7),
        ("LNG201", "streams.orders.capacty", 8),
        ("KIN401", "streams.empty", 9),
        ("GRF301", "consumers.fraud.from", 13),
        ("LNG202", "consumers.fraud.on_failure", 15),
        ("LAM508", "consumers.audit.on_failure.destination.queue_arn", 19),
        ("LNG203", "dashboard", 20),
        ("LNG206", "alarms.notify[0].email", 21),
    ]


def test_a_printed_finding(check: Check) -> None:
    (finding,) = check(stream("retention_hours: 12"))
    shown = str(finding).replace(finding.file, "pipeline.yaml")
    assert shown == (
        "error[LNG204]: `retention_hours` is too small: at least 24\n"
        "  --> pipeline.yaml:6 streams.clicks.retention_hours\n"
        "   |  6 |     retention_hours: 12\n"
        "   = note: seen: 12; How long records can be read, in hours, 24 to 8760\n"
        "   = help: set at least 24"
    )


def test_a_finding_without_a_file_is_printed_with_its_path() -> None:
    finding = Finding("LAM506", "lost", ("consumers", "fraud", "filters", 0, "data"), level="warning")
    assert str(finding) == "warning[LAM506]: lost\n  --> consumers.fraud.filters[0].data"
    assert str(Finding("LNG106", "the file is no spec")) == "error[LNG106]: the file is no spec"


@pytest.mark.parametrize(
    ("word", "choices", "help_"),
    [
        ("clcks", ["clicks", "orders"], "did you mean `clicks`?"),
        ("zzz", ["orders", "clicks"], "use one of: `clicks`, `orders`"),
        ("zzz", [], ""),
    ],
)
def test_the_nearest_name(word: str, choices: list[str], help_: str) -> None:
    assert did_you_mean(word, choices) == help_
