"""From a file to a spec: folders with code, shorthand words, and the same spec in Python."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from streaming_constructs.spec import (
    AlarmOverride,
    AlarmsSpec,
    AtTimestamp,
    CustomerManagedKey,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    NotifyTopic,
    OnFailure,
    PipelineSpec,
    S3OnFailure,
    SnsOnFailure,
    SpecError,
    SqsOnFailure,
    Workload,
)
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import edited, open_document, read, read_as

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
RICH = """\
name: shop
removal_policy: destroy
tags: {team: data, "cost:center": "42"}
schemas:
  click: {page: string, amount: "decimal(10, 2)", tags: array<string>}
streams:
  clicks:
    kind: kinesis
    schema: click
    workload: {records_per_second: 5000, record_kb: 1.5, peak_factor: 2}
    headroom: 1.5
    retention_hours: 168
    encryption: customer_managed
    max_record_kb: 2048
    shard_level_metrics: [IncomingBytes]
    removal_policy: retain
  on: {kind: kinesis, mode: on_demand, record_distribution: auto}
  old:
    kind: kinesis
    arn: arn:aws:kinesis:eu-west-1:123456789012:stream/old
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handlers/fraud
    handler: main.handle
    runtime: python3.12
    environment: {LIMIT: "10"}
    layers: [powertools]
    enhanced_fan_out: true
    filters: [{data: {page: [home]}}]
    starting_position: {at_timestamp: 2026-01-15T01:00:00+01:00}
    on_failure:
      retries: 5
      max_record_age_seconds: 3600
      bisect: false
      destination: {kind: s3, expire_after_days: 30}
  audit:
    kind: lambda
    from: "on"
    function_arn: arn:aws:lambda:eu-west-1:123456789012:function:audit:live
    starting_position: latest
    on_failure: {retries: 0, max_record_age_seconds: 60, destination: sns}
alarms:
  notify: [{email: oncall@example.com}, {topic_arn: "arn:aws:sns:eu-west-1:123456789012:oncall"}]
  override: {fraud.errors: {threshold: 5}}
  silence: {clicks.write_throttling: producers retry for long}
dashboard: true
acknowledge: {fraud.LAM512: batches are small on purpose}
"""


def written_in_python() -> PipelineSpec:
    on_failure = OnFailure(retries=0, max_record_age_seconds=60, destination=SnsOnFailure())
    return PipelineSpec(
        name="shop",
        removal_policy="destroy",
        tags={"team": "data", "cost:center": "42"},
        schemas={"click": {"page": "string", "amount": "decimal(10,2)", "tags": "array<string>"}},
        streams={
            "clicks": KinesisStreamSpec(
                record_schema="click",
                workload=Workload(records_per_second=5000, record_kb=1.5, peak_factor=2),
                headroom=1.5,
                retention_hours=168,
                encryption=CustomerManagedKey(),
                max_record_kb=2048,
                shard_level_metrics=("IncomingBytes",),
                removal_policy="retain",
            ),
            "on": KinesisStreamSpec(mode="on_demand", record_distribution="auto"),
            "old": KinesisStreamSpec(arn="arn:aws:kinesis:eu-west-1:123456789012:stream/old"),
        },
        consumers={
            "fraud": LambdaConsumerSpec(
                from_="clicks",
                code="handlers/fraud",
                handler="main.handle",
                runtime="python3.12",
                environment={"LIMIT": "10"},
                layers=("powertools",),
                enhanced_fan_out=True,
                filters=({"data": {"page": ["home"]}},),
                starting_position=AtTimestamp(at_timestamp=datetime(2026, 1, 15, tzinfo=UTC)),
                on_failure=OnFailure(
                    retries=5,
                    max_record_age_seconds=3600,
                    bisect=False,
                    destination=S3OnFailure(expire_after_days=30),
                ),
            ),
            "audit": LambdaConsumerSpec(
                from_="on",
                function_arn="arn:aws:lambda:eu-west-1:123456789012:function:audit:live",
                starting_position="latest",
                on_failure=on_failure,
            ),
        },
        alarms=AlarmsSpec(
            notify=(
                NotifyEmail(email="oncall@example.com"),
                NotifyTopic(topic_arn="arn:aws:sns:eu-west-1:123456789012:oncall"),
            ),
            override={"fraud.errors": AlarmOverride(threshold=5)},
            silence={"clicks.write_throttling": "producers retry for long"},
        ),
        dashboard=True,
        acknowledge={"fraud.LAM512": "batches are small on purpose"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the code of the rich spec."""
    code = tmp_path / "handlers" / "fraud"
    code.mkdir(parents=True)
    (code / "main.py").touch()
    return tmp_path


def saved(folder: Path, text: str, name: str = "pipeline.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def errors(path: Path, environment: Any = None) -> list[tuple[str, str, int]]:
    reading = read(path, environment)
    assert not reading.is_whole
    return [(finding.code, finding.dotted_path, finding.line) for finding in reading.findings]


def test_a_file_says_the_same_as_python(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH)) == written_in_python()


def test_any_difference_makes_two_specs_unequal(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH.replace("retries: 5", "retries: 6"))) != written_in_python()


def test_json_is_read_like_yaml(folder: Path) -> None:
    data = yaml.safe_load(RICH.replace("2026-01-15T01:00:00+01:00", "'2026-01-15T01:00:00+01:00'"))
    data["streams"]["on"] = data["streams"].pop(True)  # what YAML 1.1 makes of `on`
    for indent in (None, 2, "\t"):
        text = json.dumps(data, indent=indent)
        assert PipelineSpec.load(saved(folder, text, "pipeline.json")) == written_in_python()


def test_paths_are_relative_to_the_file_and_to_the_working_directory_in_python(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH)).directory == folder
    assert written_in_python().directory == Path()
    assert written_in_python().read_from("there").directory == Path("there")


def test_load_raises_with_every_finding(folder: Path) -> None:
    path = saved(folder, RICH.replace("retries: 5", "retries: -1").replace("name: shop", "name: Shop"))
    with pytest.raises(SpecError) as raised:
        PipelineSpec.load(path)
    assert [(finding.code, finding.line) for finding in raised.value.findings] == [("LNG206", 1), ("LNG204", 34)]
    assert str(raised.value) == "\n\n".join(["", *map(str, raised.value.findings)])


def test_a_spec_is_frozen() -> None:
    spec = written_in_python()
    with pytest.raises(ValidationError, match="frozen"):
        spec.name = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        spec.consumers["fraud"].on_failure.retries = 0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("shorthand", "written_out"),
    [
        ("encryption: customer_managed", "encryption: {kind: customer_managed}"),
        ("encryption: aws_managed", "encryption: {kind: aws_managed}"),
        (f"encryption: {{kms_key_arn: {KEY}}}", f"encryption: {{kind: customer_managed, kms_key_arn: {KEY}}}"),
    ],
)
def test_a_word_stands_for_a_mapping_that_names_its_kind(folder: Path, shorthand: str, written_out: str) -> None:
    stream = "name: shop\nstreams: {a: {kind: kinesis, workload: {records_per_second: 1, record_kb: 1}, %s}}"
    assert PipelineSpec.load(saved(folder, stream % shorthand)) == PipelineSpec.load(
        saved(folder, stream % written_out)
    )


@pytest.mark.parametrize(("word", "model"), [("s3", S3OnFailure()), ("sqs", SqsOnFailure()), ("sns", SnsOnFailure())])
def test_destination_is_one_word(folder: Path, word: str, model: Any) -> None:
    spec = PipelineSpec.load(saved(folder, RICH.replace("destination: sns", f"destination: {word}")))
    assert spec.consumers["audit"].on_failure.destination == model


@pytest.mark.parametrize(
    ("code", "handler", "expected"),
    [
        ("handlers/fruad", "main.handle", ("LAM502", "consumers.fraud.code", 25)),
        ("handlers/fraud/main.py", "main.handle", ("LAM502", "consumers.fraud.code", 25)),
        ("h" * 5000, "main.handle", ("LAM502", "consumers.fraud.code", 25)),
        ("handlers/fraud", "index.handle", ("LAM502", "consumers.fraud.handler", 26)),
        ("handlers", "fraud/main.handle", None),
    ],
    ids=["no folder", "a file", "a name no folder has", "no module", "module in a folder"],
)
def test_the_code_has_to_be_there(folder: Path, code: str, handler: str, expected: Any) -> None:
    path = saved(folder, RICH.replace("handlers/fraud", code).replace("main.handle", handler))
    if expected:
        assert errors(path) == [expected]
    else:
        assert PipelineSpec.load(path).consumers["fraud"].code == code


@pytest.mark.parametrize(
    ("given", "files", "expected"),
    [
        ("code: fn/main.py", ["main.py"], {"code": "fn", "handler": "main.handler"}),
        ("code: ./fn/index.py", ["index.py"], {"code": "fn"}),
        ("code: fn/main.py, handler: index.run", ["main.py"], {"code": "fn", "handler": "main.run"}),
        ("code: fn, handler: handler", ["index.py", "other.py"], {"handler": "index.handler"}),
        ("code: fn, handler: main", ["index.py", "main.py"], {"handler": "main.handler"}),
        ("code: fn, handler: main", ["app.py"], {"handler": "app.main"}),
        ("code: fn, handler: run", [], {"handler": "run.handler"}),
        ("code: fn", ["index.js"], {"runtime": "nodejs24.x"}),
        ("code: fn", ["index.mjs"], {"runtime": "nodejs24.x"}),
        ("code: fn, runtime: nodejs22.x", ["index.py"], {"runtime": "python3.14"}),
        ("code: fn", ["app.py"], {"handler": "app.handler"}),
        ("code: fn, handler: index.run", ["app.py", "notes.txt"], {"handler": "app.run"}),
        ("code: fn", ["app.py", "main.py"], {}),
        ("code: fn", [], {}),
    ],
)
def test_what_is_in_the_folder_is_what_was_meant(
    tmp_path: Path, given: str, files: list[str], expected: dict[str, str]
) -> None:
    (tmp_path / "fn").mkdir()
    for file in files:
        (tmp_path / "fn" / file).touch()
    function = f"{{kind: lambda, from: clicks, {given}, on_failure: s3}}"
    text = f"name: shop\nstreams: {{clicks: {{kind: kinesis, shards: 1}}}}\nconsumers:\n  a: {function}\n"
    document = open_document(saved(tmp_path, text))
    (finding,) = read_as(document).findings
    assert finding.code == "LAM502"
    assert {edit.path[-1]: edit.value for edit in finding.edits} == expected
    assert all(f"{value}`" in finding.help for value in expected.values())
    document.data = edited(document.data, finding.edits)
    assert (read_as(document).findings == ()) is bool(files and expected)


@pytest.mark.parametrize(
    ("runtime", "handler", "file"),
    [
        ("python3.13", "app.main.handle", "app/main.py"),
        ("nodejs22.x", "index.handler", "index.js"),
        ("nodejs22.x", "src/index.handler", "src/index.mjs"),
        ("nodejs24.x", "index.handler", "index.cjs"),
        ("ruby3.4", "app.Handler.run", "app.Handler.rb"),
    ],
)
def test_a_runtime_looks_for_its_own_kind_of_file(tmp_path: Path, runtime: str, handler: str, file: str) -> None:
    function = f"{{kind: lambda, from: clicks, code: fn, runtime: {runtime}, handler: {handler}, on_failure: s3}}"
    text = f"name: shop\nstreams: {{clicks: {{kind: kinesis, shards: 1}}}}\nconsumers:\n  a: {function}\n"
    (tmp_path / "fn" / file).parent.mkdir(parents=True)
    wrong = (tmp_path / "fn" / file).with_suffix(".txt")
    wrong.touch()
    assert errors(saved(tmp_path, text)) == [("LAM502", "consumers.a.handler", 4)]
    wrong.rename(tmp_path / "fn" / file)
    assert PipelineSpec.load(saved(tmp_path, text)).consumers["a"].runtime == runtime


@pytest.mark.parametrize(
    ("runtime", "handler"),
    [("java21", "com.example.App::handle"), ("dotnet8", "App::App.Function::Handle"), ("provided.al2023", "bootstrap")],
)
def test_what_is_compiled_has_no_file_of_its_own(tmp_path: Path, runtime: str, handler: str) -> None:
    function = {"kind": "lambda", "from": "a", "code": ".", "runtime": runtime, "handler": handler, "on_failure": "s3"}
    spec = {"name": "shop", "streams": {"a": {"kind": "kinesis", "shards": 1}}, "consumers": {"b": function}}
    assert PipelineSpec.load(saved(tmp_path, json.dumps(spec))).consumers["b"].handler == handler


def test_missing_code_is_said_beside_what_else_is_wrong(folder: Path) -> None:
    text = "name: shop\nstreams: {clicks: {kind: kinesis, shards: 8}}\ndashbord: true\nconsumers:\n"
    text += "  fraud: {kind: lambda, from: clicks, code: nowhere, on_failure: s3}\n"
    assert errors(saved(folder, text)) == [("LNG201", "dashbord", 3), ("LAM502", "consumers.fraud.code", 5)]


@pytest.mark.parametrize("variable", ["AWS_REGION", "LAMBDA_TASK_ROOT"])
def test_variables_that_lambda_sets_are_refused_for_every_function(variable: str) -> None:
    text = f"""\
name: shop
streams: {{clicks: {{kind: kinesis, shards: 1}}}}
consumers: {{a: {{kind: lambda, from: clicks, code: fn, environment: {{{variable}: x}}, on_failure: s3}}}}
deliveries: {{lake: {{from: clicks, transform: {{code: fn, environment: {{{variable}: x}}}}, to: {{kind: s3}}}}}}
"""
    found = read_as(read_document(text, "pipeline.yaml"), None).findings
    assert [(finding.code, finding.dotted_path) for finding in found if finding.code != "LAM502"] == [
        ("LAM519", f"consumers.a.environment.{variable}"),
        ("LAM519", f"deliveries.lake.transform.environment.{variable}"),
    ]


@pytest.mark.parametrize(
    ("field", "help_"),
    [
        ("from: [clicks]", "write `clicks`, without brackets"),
        ("from: [clicks, orders]", "write one name, without brackets"),
        ("from: clicks, layers: powertools", "write `[powertools]`"),
    ],
)
def test_a_list_for_a_name_and_a_name_for_a_list_are_told_what_to_write(field: str, help_: str) -> None:
    text = "name: shop\nstreams: {clicks: {kind: kinesis, shards: 1}}\n"
    text += f"consumers: {{a: {{kind: lambda, {field}, code: fn}}}}\n"
    found = read_as(read_document(text, "pipeline.yaml"), None).findings
    assert [finding.help for finding in found if finding.code == "LNG203"] == [help_]


def test_a_type_that_yaml_cut_at_its_comma_is_told_to_be_quoted() -> None:
    text = "name: shop\nschemas: {click: {amount: decimal(10,2)}}\n"
    found = read_as(read_document(text, "pipeline.yaml"), None).findings
    helps = [finding.help for finding in found if finding.code == "SCH207"]
    assert helps == ['write it in quotes, such as `"decimal(10,2)"`: YAML takes the comma for the next field']
