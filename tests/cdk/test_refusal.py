"""What CDK refuses is an error of the spec, at the node that it is about, and no traceback."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_lambda as lambda_

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.cdk.refusal import refusals
from streaming_constructs.spec import KinesisStreamSpec, LambdaConsumerSpec, OnFailure, PipelineSpec, SpecError

RESERVED = {"AWS_REGION": "eu-west-1"}


def function(scope: Any, name: str) -> None:
    lambda_.Function(
        scope,
        name,
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("x"),
        environment=RESERVED,
    )


def test_what_cdk_says_is_the_note_and_its_construct_the_place(bench: Any) -> None:
    with pytest.raises(SpecError) as caught, refusals(nodes={"fraud": "consumers", "other": "consumers"}):
        function(bench.stack, "fraud")
    (finding,) = caught.value.findings
    assert (finding.code, finding.level, finding.path) == ("CMD110", "error", ("consumers", "fraud"))
    assert finding.note.startswith("AWS_REGION environment variable is reserved")
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_of_a_construct_that_is_no_node_no_place_is_said(bench: Any) -> None:
    with pytest.raises(SpecError) as caught, refusals(nodes={"other": "consumers"}):
        function(bench.stack, "fraud")
    assert caught.value.findings[0].path == ()


@pytest.mark.parametrize("error", [KeyError("a"), RuntimeError("of Python"), SpecError([])])
def test_errors_of_python_stay_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, refusals():
        raise error
    assert caught.value is error


def test_a_node_that_cannot_be_built_is_named(bench: Any, code: str) -> None:
    on_failure = OnFailure(retries=1, max_record_age_seconds=600, destination="s3")
    spec = PipelineSpec(
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1)},
        consumers={"fraud": LambdaConsumerSpec(from_="clicks", code=code, on_failure=on_failure)},
    )
    # What the model refuses: CDK has the last word all the same.
    object.__setattr__(spec.consumers["fraud"], "environment", RESERVED)
    with pytest.raises(SpecError) as caught:
        StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert [(finding.code, finding.dotted_path) for finding in caught.value.findings] == [("CMD110", "consumers.fraud")]
