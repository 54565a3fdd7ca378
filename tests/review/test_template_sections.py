"""Transforms and conditions that come, go or change; entries that are no resources."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import as_source, read_template
from streaming_constructs.review.templates_review import review

STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}}
INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}
PLAIN: dict[str, Any] = {"Resources": {"S": STREAM}}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(remark.code, remark.grade) for remark in review(as_source(old, "old"), as_source(new, "new")).remarks]


@pytest.mark.parametrize(
    "with_it",
    [
        {**PLAIN, "Transform": ["Macro"]},
        {**PLAIN, "Transform": INCLUDE},
        {"Resources": {"S": STREAM, "Fn::Transform": INCLUDE}},
        {"Resources": {"S": {**STREAM, "Fn::Transform": INCLUDE}}},
    ],
)
def test_a_transform_that_comes_or_goes_is_told(with_it: dict[str, Any]) -> None:
    assert told(PLAIN, with_it) == told(with_it, PLAIN) == [("REV122", "caution")]
    assert told(with_it, with_it) == []


def test_a_transform_that_is_carried_out_is_not_told() -> None:
    assert told(PLAIN, {**PLAIN, "Transform": ["AWS::LanguageExtensions"]}) == []


PARAMETERS = {"A": {"Type": "String", "Default": "dev"}, "B": {"Type": "String", "Default": "us"}}
IS_PROD, IS_EU = {"Fn::Equals": [{"Ref": "A"}, "prod"]}, {"Fn::Equals": [{"Ref": "B"}, "eu"]}


def where(condition: dict[str, Any]) -> dict[str, Any]:
    resources = {"S": {**STREAM, "Condition": "C"}}
    return {"Parameters": PARAMETERS, "Conditions": {"C": condition}, "Resources": resources}


@pytest.mark.parametrize(
    "condition",
    [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}]},
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, "111122223333"]}]},
        {"Fn::Not": [{"Fn::And": [IS_PROD, IS_EU]}]},
        {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["-", ["x", {"Ref": "A"}]]}, "x-prod"]}]},
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, {"Ref": "B"}]}]},
    ],
)
def test_a_condition_that_no_parameter_decides_alone_is_told_of_what_holds_something(condition: dict[str, Any]) -> None:
    assert ("REV123", "caution") in told(PLAIN, where(condition))
    assert told(where(condition), where(condition)) == []


def test_what_one_parameter_decides_is_told_as_deleted_there() -> None:
    assert told(PLAIN, where({"Fn::Not": [IS_PROD]})) == [("REV103", "danger")]


@pytest.mark.parametrize("entry", [None, [1], 5, {}, {"Type": ["x"]}, {"Properties": {}}])
def test_an_entry_that_is_no_resource_is_refused(entry: Any) -> None:
    with pytest.raises(ReviewError) as refused:
        as_source({"Resources": {"S": STREAM, "A": entry}}, "template")
    assert refused.value.findings[0].code == "REV904"


def test_names_are_as_they_were_written() -> None:
    text = "Parameters: {On: {Type: String}, 1: {Type: Number}}\nResources: {Yes: {Type: AWS::SNS::Topic}}\n"
    source = read_template(text, "template.yaml")
    assert (list(source.data["Parameters"]), list(source.data["Resources"])) == (["On", "1"], ["Yes"])


def test_a_parameter_with_a_name_that_yaml_takes_for_a_truth_value_decides() -> None:
    text = """
        Parameters: {On: {Type: String, Default: "%s"}}
        Resources:
          M:
            Type: AWS::Lambda::EventSourceMapping
            Properties: {Enabled: !Ref On, FunctionName: f, EventSourceArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/c"}
    """
    old, new = (read_template(text % value, value) for value in ("true", "false"))
    assert [(remark.code, remark.grade) for remark in review(old, new).remarks] == [("REV217", "danger")]
