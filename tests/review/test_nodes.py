"""Which node of a pipeline a resource belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.reading.read_template import as_source, read_template
from streaming_constructs.review.writing.nodes import Nodes

BY_REFERENCES = """\
Resources:
  Oncall: {Type: AWS::SNS::Topic}
  Key: {Type: AWS::KMS::Key}
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {StreamEncryption: {KeyId: !Ref Key}}}
  ClicksAge:
    Type: AWS::CloudWatch::Alarm
    Properties: {Dimensions: [{Name: StreamName, Value: !Ref Clicks}], AlarmActions: [!Ref Oncall]}
  Role: {Type: AWS::IAM::Role}
  Policy:
    Type: AWS::IAM::Policy
    Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: [{Resource: !GetAtt Clicks.Arn}]}}
  Fraud: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Fraud}
  Alone: {Type: AWS::Events::Rule}
"""


def by_paths(**paths: str) -> Nodes:
    resources = {name: {"Type": "AWS::SNS::Topic", "Metadata": {"aws:cdk:path": path}} for name, path in paths.items()}
    return Nodes(template_meaning(as_source({"Resources": resources}, "t")))


@pytest.mark.parametrize(
    ("logical_id", "node"),
    [
        ("Clicks", "Clicks"),
        ("ClicksAge", "Clicks"),
        ("Fraud", "Fraud"),
        ("Mapping", "Fraud"),
        ("Role", "Fraud"),
        ("Policy", "Fraud"),
        ("Key", "Key"),
        ("Alone", "Alone"),
        ("Nobody", ""),
    ],
)
def test_without_construct_paths_references_tell(logical_id: str, node: str) -> None:
    assert Nodes(template_meaning(read_template(BY_REFERENCES, "t"))).of(logical_id) == node


def test_a_construct_path_tells_the_construct_below_what_all_have() -> None:
    nodes = by_paths(
        A="prod/payments/pipeline/clicks/Stream/Resource",
        B="prod/payments/pipeline/clicks/Alarm/Resource",
        C="prod/payments/pipeline/fraud/Resource",
        D="prod/payments/pipeline/Default",
    )
    assert [nodes.of(name) for name in "ABCD"] == ["clicks", "clicks", "fraud", "pipeline"]


def test_a_resource_of_the_stack_itself_is_a_node() -> None:
    nodes = by_paths(A="payments/Topic", B="payments/clicks/Stream/Resource")
    assert [nodes.of(name) for name in "AB"] == ["Topic", "clicks"]


def test_a_single_resource_has_its_own_name() -> None:
    assert by_paths(A="payments/clicks/Resource").of("A") == "clicks"
    assert by_paths(A="Resource").of("A") == "Resource"


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.text(st.sampled_from("a/RD"), max_size=8), max_size=4))
def test_a_path_may_be_anything(paths: dict[str, str]) -> None:
    resources = {name: {"Type": "T", "Metadata": {"aws:cdk:path": path}} for name, path in paths.items()}
    nodes = Nodes(template_meaning(as_source({"Resources": resources}, "t")))
    assert all(nodes.of(name) for name in paths)
