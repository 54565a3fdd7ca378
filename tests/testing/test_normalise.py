"""The normaliser: a template changes only when the system does."""

from __future__ import annotations

import yaml

from streaming_constructs.testing import normalised

HASH = "ab12" * 16


def test_what_means_nothing_is_taken_out() -> None:
    template = {
        "Resources": {"Function": {"Properties": {"Code": {"S3Key": f"{HASH}.zip"}, "Note": f"built {HASH}"}}},
        "Parameters": {"BootstrapVersion": {"Type": "String"}, "Mine": {"Type": "Number"}},
        "Rules": {"CheckBootstrapVersion": {}},
    }
    assert yaml.safe_load(normalised(template)) == {
        "Resources": {
            "Function": {"Properties": {"Code": {"S3Key": "<asset-hash>.zip"}, "Note": "built <asset-hash>"}}
        },
        "Parameters": {"Mine": {"Type": "Number"}},
    }


def test_dashboard_is_unfolded() -> None:
    parts = ['{"widgets":[{"region":"', {"Ref": "AWS::Region"}, '","of":"', {"Fn::GetAtt": ["Q", "Name"]}, '"}]}']
    template = {"Resources": {"D": {"Properties": {"DashboardBody": {"Fn::Join": ["", parts]}}}}}
    body = yaml.safe_load(normalised(template))["Resources"]["D"]["Properties"]["DashboardBody"]
    assert body == {"widgets": [{"region": "${AWS::Region}", "of": "${Q.Name}"}]}


def test_same_value_twice_is_written_twice() -> None:
    tags = [{"Key": "team", "Value": "growth"}]
    text = normalised({"Resources": {"A": {"Tags": tags}, "B": {"Tags": tags}}})
    assert "&" not in text
    assert text.count("growth") == 2


def test_order_of_the_template_is_kept() -> None:
    assert list(yaml.safe_load(normalised({"Resources": {"Z": {}, "A": {}}}))["Resources"]) == ["Z", "A"]


def test_what_an_alarm_says_in_words_is_left_out() -> None:
    alarm = {"Properties": {"AlarmDescription": "It is late. What to do: add shards.", "Threshold": 5}}
    assert yaml.safe_load(normalised({"Resources": {"Late": alarm}}))["Resources"]["Late"]["Properties"] == {
        "AlarmDescription": "<description>",
        "Threshold": 5,
    }
