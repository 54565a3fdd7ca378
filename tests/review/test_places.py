"""Files and lines of what is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.review.reading.json_parts import json_parts
from streaming_constructs.review.reading.places import Places
from streaming_constructs.review.reading.read_template import as_source, read_template
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.writing.placed import told_of
from tests.review.told import ALARM, BISECT, RETENTION, TAGS, report

YAML = """\
# a comment
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    DeletionPolicy: Retain
    Properties:
      Name: !Sub "${AWS::StackName}-clicks"
      RetentionPeriodHours: 24
      Tags:
        - Key: team
          Value: web
        - {Key: cost, Value: !GetAtt Other.Name}
      Policy:
        aws:SourceArn: "*"
        aws: {SourceArn: "-"}
  "Other":
    Type: AWS::SNS::Topic
Outputs:
  Arn:
    Value: !GetAtt Clicks.Arn
"""
JSON = """\
{
  "Resources": {
    "Clicks": {
      "Type": "AWS::Kinesis::Stream", "DeletionPolicy": "Retain",
      "Properties": {
        "Na\\u006de": "clicks",
        "Numbers": [1, -2.5e3, true, null, []], "Empty": {},
        "Tags": [
          {"Key": "team", "Value": "web"},
          {"Key": "cost",
           "Value": "stream"}
        ]
      }
    }
  }
}
"""


def line(text: str, path: str, logical_id: str = "Clicks") -> int:
    remark = Remark("REV199", "caution", "none", "", logical_id=logical_id, path=path)
    return Places(read_template(text, "t")).of(remark).line


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Properties", 3),
        ("", 3),
        ("DeletionPolicy", 5),
        ("UpdateReplacePolicy", 3),
        ("Properties.Name", 7),
        ("Properties.Name.Fn::Sub", 7),
        ("Properties.RetentionPeriodHours", 8),
        ("Properties.StreamModeDetails.StreamMode", 6),
        ("Properties.Tags", 9),
        ("Properties.Tags[team].Value", 11),
        ("Properties.Tags[cost].Value", 12),
        ("Properties.Tags[1]", 12),
        ("Properties.Tags[nobody].Value", 9),
        ("Properties.Tags[99999999999999999999]", 9),
        ("Properties.Policy.aws:SourceArn", 14),
        ("Properties.Policy.aws.SourceArn", 15),
        ("Properties.Nam", 6),
    ],
)
def test_the_line_of_a_property_in_yaml(path: str, expected: int) -> None:
    assert line(YAML, path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Properties", 3),
        ("DeletionPolicy", 4),
        ("Properties.Name", 6),
        ("Properties.Numbers[1]", 7),
        ("Properties.Tags[team].Value", 9),
        ("Properties.Tags[cost].Value", 11),
    ],
)
def test_the_line_of_a_property_in_json(path: str, expected: int) -> None:
    assert line(JSON, path) == expected


def test_json_in_one_line_has_one() -> None:
    assert line(json.dumps(json.loads(JSON)), "Properties.Tags[cost].Value") == 1


def test_what_begins_like_json_may_be_yaml() -> None:
    assert line("{Resources:\n  {Clicks:\n    {Type: A}}}", "Type") == 3


def test_what_is_in_no_resource_has_its_line() -> None:
    assert line(YAML, "Outputs.Arn", "") == 19


def test_what_is_not_there_has_no_line() -> None:
    assert line(YAML, "Properties", "Nobody") == 0
    assert line(YAML, "", "") == 0


def test_a_template_without_a_text_has_no_lines() -> None:
    remark = Remark("REV199", "caution", "none", "", logical_id="Clicks", path="Properties")
    place = Places(as_source({"Resources": {"Clicks": {"Type": "AWS::Kinesis::Stream"}}}, "payments")).of(remark)
    assert (str(place), place.line) == ("payments", 0)


def test_what_is_gone_is_in_the_old_template() -> None:
    gone = replace(RETENTION, logical_id="", resource_type="", path="Outputs.Arn")
    places = {
        placed.remark: str(placed.place) for placed in told_of(report(TAGS, BISECT, RETENTION, ALARM, gone)).remarks
    }
    assert places == {
        RETENTION: "new.yaml:7",
        ALARM: "old.yaml:20",
        gone: "old.yaml:25",
        BISECT: "new.yaml:19",
        TAGS: "new.yaml:10",
    }


def test_the_gravest_is_told_first() -> None:
    assert [placed.remark for placed in told_of(report(TAGS, BISECT, RETENTION)).remarks] == [RETENTION, BISECT, TAGS]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_every_json_is_gone_through(value: object) -> None:
    text = json.dumps(value, indent=1)
    part = json_parts(text)
    assert part is not None
    if isinstance(value, dict):
        assert list(part.members) == list(value)
        for name, (number, _) in part.members.items():
            assert text.splitlines()[number - 1].startswith(f" {json.dumps(name)}:")
    if isinstance(value, str):
        assert part.text == value


@given(st.text(st.sampled_from('{}[]",:\\1ax \n'), max_size=30))
def test_what_is_no_json_is_none(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        return
    assert json_parts(text) is not None


@given(st.text(), st.text())
def test_a_path_may_be_anything(path: str, logical_id: str) -> None:
    assert 0 <= line(YAML, path, logical_id) <= 20
