"""An ARN that is written out and a reference to what it names are the same."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.comparing.named_arn import name_the_same
from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.reading.read_template import as_source

TEMPLATE = template_meaning(
    as_source(
        {
            "Resources": {
                "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "clicks"}},
                "Nameless": {"Type": "AWS::Kinesis::Stream"},
            }
        },
        "template",
    )
)
REGION, ACCOUNT = {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize(
    ("text", "logical_id", "is_same"),
    [
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", "Clicks", True),
        (
            {
                "Fn::Join": [
                    "",
                    ["arn:", {"Ref": "AWS::Partition"}, ":kinesis:", REGION, ":", ACCOUNT, ":stream/clicks"],
                ]
            },
            "Clicks",
            True,
        ),
        ({"Fn::Join": ["", ["arn:aws:kinesis:", REGION, ":111122223333:stream/clicks"]]}, "Clicks", True),
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks-v2", "Clicks", False),
        ("arn:aws:sqs:eu-west-1:111122223333:clicks", "Clicks", False),
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", "Nameless", False),
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", "Nowhere", False),
        (None, "Clicks", False),
        (
            {"Fn::Join": ["", ["arn:aws:kinesis:", REGION, ":", ACCOUNT, ":stream/", {"Ref": "Nameless"}]]},
            "Nameless",
            True,
        ),
        (
            {"Fn::Join": ["", ["arn:aws:kinesis:", REGION, ":", ACCOUNT, ":stream/", {"Ref": "Clicks"}]]},
            "Nameless",
            False,
        ),
    ],
)
def test_an_arn_is_that_of_a_resource_by_its_name(text: Any, logical_id: str, *, is_same: bool) -> None:
    reference = {"Fn::GetAtt": [logical_id, "Arn"]}
    assert name_the_same(text, TEMPLATE, reference, TEMPLATE) is is_same
    assert name_the_same(reference, TEMPLATE, text, TEMPLATE) is is_same
