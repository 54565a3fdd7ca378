"""From a file to a spec: environments, folders with code, shorthand words, and the same spec in Python."""

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
    AwsManagedKey,
    CustomerManagedKey,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    NotifyTopic,
    OnDemandCapacity,
    OnFailure,
    PipelineSpec,
    ProvisionedCapacity,
    S3OnFailure,
    SnsOnFailure,
    SpecError,
    SqsOnFailure,
    Workload,
)
from streaming_constructs.spec.read import environments_of, open_document, read

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
                read="enhanced_fan_out",
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
    spec, findings, _ = read(path, environment)
    assert spec is None
    return [(finding.code, finding.dotted_path, finding.line) for finding in findings]


def test_a_file_says_the_same_as_python(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH)) == written_in_python()


def test_any_difference_makes_two_specs_unequal(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH.replace("attempts: 5", "attempts: 6"))) != written_in_python()


def test_json_is_read_like_yaml(folder: Path) -> None:
    data = yaml.safe_load(RICH.replace("2026-01-15T01:00:00+01:00", "'2026-01-15T01:00:00+01:00'"))
    data["streams"]["on"] = data["streams"].pop(True)  # what YAML 1.1 makes of `on`
    for indent in (None, 2, "\t"):
        text = json.dumps(data, indent=indent)
        assert PipelineSpec.load(saved(folder, text, "pipeline.json")) == written_in_python()


def test_paths_are_relative_to_the_file_and_to_the_working_directory_in_python(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, RICH)).directory == folder
    assert written_in_python().directory == Path()
    assert written_in_python().in_directory("there").directory == Path("there")


def test_load_raises_with_every_finding(folder: Path) -> None:
    path = saved(folder, RICH.replace("attempts: 5", "attempts: -1").replace("name: shop", "name: Shop"))
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
        ("mode: on_demand", "capacity: {mode: on_demand}"),
        ("mode: provisioned", "mode: provisioned"),
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


# --- environments

BASE = """\
name: shop
streams:
  clicks:
    kind: kinesis
    shards: 8
    retention_hours: 72
  orders: {kind: kinesis, mode: on_demand}
alarms:
  notify: [{email: oncall@example.com}, {email: boss@example.com}]
environments:
  dev:
    tags: {cheap: "yes"}
    streams:
      clicks:
        capacity: {shards: 1}
      orders: {mode: provisioned, workload: {records_per_second: 1, record_kb: 1}}
    alarms: {notify: []}
  prod: {}
"""


def test_differences_are_merged_by_name_and_lists_replaced(folder: Path) -> None:
    spec = PipelineSpec.load(saved(folder, BASE), removal_policy="destroy")
    assert spec.environment == "dev"
    assert spec.tags == {"cheap": "yes"}
    clicks = spec.streams["clicks"]
    assert (clicks.capacity, clicks.retention_hours) == (ProvisionedCapacity(shards=1), 72)
    assert spec.streams["orders"].capacity == ProvisionedCapacity()
    assert spec.alarms.notify == ()


@pytest.mark.parametrize("environment", [None, "prod"])
def test_other_environments_leave_the_file_as_it_is(folder: Path, environment: Any) -> None:
    spec = PipelineSpec.load(saved(folder, BASE), environment=environment)
    assert spec == PipelineSpec.load(saved(folder, BASE.partition("environments:")[0]))
    assert spec.environment == "prod"


def test_a_file_without_environments_serves_any(folder: Path) -> None:
    path = saved(folder, BASE.partition("environments:")[0])
    assert PipelineSpec.load(path, removal_policy="destroy").environment == "dev"
    assert environments_of(open_document(path)) == []
    assert environments_of(open_document(saved(folder, BASE))) == ["dev", "prod"]


@pytest.mark.parametrize(
    ("old", "new", "environment", "expected"),
    [
        ("capacity: {shards: 1}", "capacity: {shards: 0}", "dev", ("LNG204", "streams.clicks.shards", 15)),
        ("capacity: {shards: 1}", "capcity: {shards: 1}", "dev", ("LNG201", "streams.clicks.capcity", 15)),
        ("capacity: {shards: 1}", "schema: click", "dev", ("GRF301", "streams.clicks.schema", 15)),
        ("shards: 8", "shards: 0", "prod", ("LNG204", "streams.clicks.shards", 5)),
        ("      orders: {", "      order: {", "dev", ("LNG202", "streams.order", 16)),
        ("  prod: {}", "  staging: {}", "dev", ("GRF305", "environments.staging", 18)),
        ("  prod: {}", "  prod: 5", "dev", ("LNG203", "environments.prod", 18)),
        ("  prod: {}", "  prod: {environment: dev}", "dev", ("GRF305", "environments.prod.environment", 18)),
        ("  prod: {}", "  prod: {environments: {}}", "dev", ("GRF305", "environments.prod.environments", 18)),
        ("  prod: {}\n", "", "prod", ("GRF305", "environments", 10)),
        (BASE[BASE.index("environments:") :], "environments: [dev]", None, ("LNG203", "environments", 10)),
    ],
)
def test_what_is_wrong_in_an_environment_stands_where_it_was_written(
    folder: Path, old: str, new: str, environment: Any, expected: tuple[str, str, int]
) -> None:
    assert old in BASE
    assert errors(saved(folder, BASE.replace(old, new)), environment) == [expected]


def test_an_unknown_environment_is_refused_when_the_file_has_none(folder: Path) -> None:
    path = saved(folder, BASE.partition("environments:")[0])
    assert [code for code, _, _ in errors(path, "staging")] == ["LNG205"]


def test_missing_code_is_said_beside_what_else_is_wrong(folder: Path) -> None:
    consumer = "{kind: lambda, from: clicks, code: nowhere, on_failure: "
    consumer += "{retries: 1, max_record_age_seconds: 60, destination: s3}}"
    text = BASE.partition("environments:")[0] + f"dashbord: true\nconsumers:\n  fraud: {consumer}\n"
    _, findings, _ = read(saved(folder, text))
    assert [(finding.code, finding.dotted_path) for finding in findings] == [
        ("LNG201", "dashbord"),
        ("LAM502", "consumers.fraud.code"),
    ]


KINDS = """\
name: shop
tags: {kind: retail, mode: live, team: growth}
streams:
  clicks:
    kind: kinesis
    shards: 8
    encryption: {kind: customer_managed, kms_key_arn: "arn:aws:kms:eu-west-1:123456789012:key/1"}
environments:
  dev:
    tags: {kind: trial}
    streams:
      clicks: {capacity: {mode: on_demand}, encryption: {kind: aws_managed}}
  prod:
"""


def test_part_of_another_kind_takes_the_place_of_the_base(folder: Path) -> None:
    path = saved(folder, KINDS)
    dev = PipelineSpec.load(path, "dev").streams["clicks"]
    assert dev.capacity == OnDemandCapacity()
    assert dev.encryption == AwsManagedKey()
    assert PipelineSpec.load(path, "prod").streams["clicks"].capacity == ProvisionedCapacity(shards=8)


def test_names_of_your_own_are_no_kinds(folder: Path) -> None:
    assert PipelineSpec.load(saved(folder, KINDS), "dev").tags == {"kind": "trial", "mode": "live", "team": "growth"}


def test_environment_without_differences_is_the_base(folder: Path) -> None:
    base, prod = (PipelineSpec.load(saved(folder, KINDS), one) for one in (None, "prod"))
    assert base == prod
