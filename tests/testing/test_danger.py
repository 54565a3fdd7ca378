"""`assert_no_danger`, and what a snapshot that differs says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.testing import TemplateSnapshotExtension, assert_no_danger
from streaming_constructs.testing.normalise import normalised


def stream(**properties: Any) -> dict[str, Any]:
    return {"Resources": {"Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1, **properties}}}}


def test_a_danger_fails_with_what_happens() -> None:
    with pytest.raises(AssertionError) as told:
        assert_no_danger(stream(Name="clicks"), stream(Name="clicks-v2"))
    assert str(told.value).startswith("this is dangerous to deploy\n\ndanger[REV101]: it is replaced by an empty one")
    assert "--> Clicks.Properties.Name" in str(told.value)


def test_what_is_no_danger_passes() -> None:
    assert_no_danger(stream(), {"Resources": {**stream()["Resources"], "Topic": {"Type": "AWS::SNS::Topic"}}})


def test_a_danger_that_is_meant_passes_for_that_resource_alone() -> None:
    old, new = stream(Name="clicks"), stream(Name="clicks-v2")
    assert_no_danger(old, new, accept={"REV101": "Clicks"})
    with pytest.raises(AssertionError):
        assert_no_danger(old, new, accept={"REV101": "Other"})


def test_templates_are_data_texts_or_files(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps(stream(Name="clicks")))
    for old in (file, file.read_text()):
        with pytest.raises(AssertionError):
            assert_no_danger(old, stream(Name="clicks-v2"))
    with pytest.raises(ReviewError):
        assert_no_danger(tmp_path / "nowhere.json", stream())


def test_a_snapshot_that_differs_says_what_that_means_before_its_lines() -> None:
    old, new = normalised(stream(Name="clicks")), normalised(stream(Name="clicks-v2"))
    lines = list(TemplateSnapshotExtension().diff_lines(new, old))
    assert lines[0] == "review: danger"
    assert lines[1].startswith("danger[REV101]: it is replaced by an empty one")
    shown = [re.sub(r"\x1b\[[\d;]*m", "", line).strip() for line in lines[lines.index("") + 1 :]]
    assert [line for line in shown if line.startswith(("-", "+"))] == [
        "-       Name: clicks",
        "+       Name: clicks-v2",
    ]
