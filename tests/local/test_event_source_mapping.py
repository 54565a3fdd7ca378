"""The settings of a mapping, as a spec and as a template say them: both are those that AWS gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_lambda_event_sources import KinesisEventSource

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.local import EventSourceMapping, kinesis_records, simulate_event_source
from streaming_constructs.spec import LambdaConsumerSpec, PipelineSpec

PIPELINE = """
name: shop
streams:
  clicks: {kind: kinesis, shards: 1}
consumers:
  plain: {kind: lambda, from: clicks, code: handlers, on_failure: sqs}
  tuned:
    kind: lambda
    from: clicks
    code: handlers
    enhanced_fan_out: true
    batch_size: 200
    batch_window_seconds: 5
    parallelization_factor: 4
    partial_batch_responses: false
    filters: [{data: {amount: [{numeric: [">", 1.5]}]}}, {partitionKey: [{prefix: eu-}]}]
    on_failure: {retries: 7, max_record_age_seconds: 900, bisect: false, destination: s3}
  told: {kind: lambda, from: clicks, code: handlers, filter: {type: [signup, login]}, on_failure: dead}
sns_topics:
  dead: {kind: sns}
"""
CONSUMERS = ["plain", "tuned", "told"]


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> PipelineSpec:
    folder = tmp_path_factory.mktemp("mapping")
    (folder / "handlers").mkdir()
    (folder / "handlers" / "index.py").write_text("def handler(event, context): ...\n")
    (folder / "pipeline.yaml").write_text(PIPELINE)
    return PipelineSpec.load(folder / "pipeline.yaml")


@pytest.fixture(scope="module")
def template(spec: PipelineSpec, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("out")))
    StreamingPipeline(cdk.Stack(app, "Test"), "Pipeline", spec=spec)
    found: dict[str, Any] = app.synth().get_stack_by_name("Test").template
    return found


def logical_id(template: dict[str, Any], consumer: str) -> str:
    (found,) = [
        key
        for key, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::EventSourceMapping" and key.startswith(f"Pipeline{consumer}")
    ]
    return found


def test_a_spec_has_every_setting() -> None:
    tuned = LambdaConsumerSpec.model_validate(
        {
            "from": "clicks",
            "code": "handlers/fraud",
            "batch_size": 200,
            "batch_window_seconds": 5,
            "parallelization_factor": 4,
            "tumbling_window_seconds": 60,
            "partial_batch_responses": False,
            "filter": {"type": ["signup"]},
            "on_failure": {"retries": 7, "max_record_age_seconds": 900, "bisect": False, "destination": "s3"},
        }
    )
    assert EventSourceMapping.from_spec(tuned) == EventSourceMapping(
        batch_size=200,
        maximum_batching_window_in_seconds=5,
        parallelization_factor=4,
        tumbling_window_in_seconds=60,
        bisect_batch_on_function_error=False,
        maximum_retry_attempts=7,
        maximum_record_age_in_seconds=900,
        report_batch_item_failures=False,
        filters=({"data": {"type": ["signup"]}},),
        on_failure="arn:aws:s3:::failures",
    )


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_spec_and_template_are_the_same_mapping(spec: PipelineSpec, template: dict[str, Any], consumer: str) -> None:
    from_spec = EventSourceMapping.from_spec(spec.consumers[consumer])
    assert EventSourceMapping.from_template(template, logical_id(template, consumer)) == from_spec


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:failures"),
        ("sns", "arn:aws:sns:us-east-1:123456789012:failures"),
        ("dead", "arn:aws:sns:us-east-1:123456789012:failures"),
        ("s3", "arn:aws:s3:::failures"),
        ("arn:aws:sqs:eu-west-1:111122223333:dead", "arn:aws:sqs:eu-west-1:111122223333:dead"),
        ("arn:aws:sns:eu-west-1:111122223333:dead", "arn:aws:sns:eu-west-1:111122223333:dead"),
        ("arn:aws:s3:::company-dead", "arn:aws:s3:::company-dead"),
    ],
)
def test_what_is_given_up_goes_where_the_spec_says(destination: str, expected: str) -> None:
    spec = LambdaConsumerSpec.model_validate({"from": "clicks", "code": "a", "on_failure": destination})
    assert EventSourceMapping.from_spec(spec).on_failure == expected


def test_an_existing_function_is_named() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:fraud:live"
    spec = LambdaConsumerSpec.model_validate({"from": "clicks", "function_arn": arn, "on_failure": "s3"})
    assert EventSourceMapping.from_spec(spec).function_arn == arn


def test_a_template_of_anyone_is_read(tmp_path: Path) -> None:
    stack = cdk.Stack(app := cdk.App(outdir=str(tmp_path)), "Test")
    inline = lambda_.Code.from_inline("def handler(event, context): pass")
    function = lambda_.Function(stack, "Own", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline)
    function.add_event_source(
        KinesisEventSource(
            kinesis.Stream(stack, "Stream"),
            starting_position=lambda_.StartingPosition.LATEST,
            batch_size=7,
            retry_attempts=3,
            report_batch_item_failures=True,
        )
    )
    template = app.synth().get_stack_by_name("Test").template
    found = EventSourceMapping.from_template(template)
    assert (found.batch_size, found.maximum_retry_attempts, found.report_batch_item_failures) == (7, 3, True)
    assert (found.on_failure, found.maximum_record_age_in_seconds) == ("", -1)


@pytest.mark.parametrize(("named", "words"), [("", "tuned"), ("Gone", "tuned")])
def test_which_mapping_has_to_be_clear(template: dict[str, Any], named: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"name one of the mappings as `logical_id`: .*{words}"):
        EventSourceMapping.from_template(template, named)


def test_a_template_without_a_mapping_says_so() -> None:
    with pytest.raises(ValueError, match="there is none"):
        EventSourceMapping.from_template({"Resources": {}})


def test_a_handler_is_tested_with_what_its_spec_says(spec: PipelineSpec) -> None:
    def handler(event: Any, _context: Any) -> None:
        if any(record["kinesis"]["sequenceNumber"] == "2" for record in event["Records"]):
            raise ValueError

    told = spec.consumers["told"]
    records = kinesis_records([{"type": "signup"}, {"type": "login"}, {"type": "logout"}])
    simulation = simulate_event_source(handler, records, EventSourceMapping.from_spec(told))
    assert [record.sequence_number for record in simulation.filtered] == [3]
    assert [record.sequence_number for record in simulation.handled] == [1]
    assert [failure.condition for failure in simulation.failures] == ["RetryAttemptsExhausted"]
