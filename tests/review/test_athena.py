"""What changes of a work group of Athena mean."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.templates_review import review


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    sources = (
        as_source(
            {"Resources": {"Group": {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": "a", **each}}}}, "t"
        )
        for each in (old, new)
    )
    return [(remark.code, remark.grade) for remark in review(*sources).remarks]


def results(**configuration: Any) -> dict[str, Any]:
    return {"WorkGroupConfiguration": {"ResultConfiguration": configuration}}


ENCRYPTED = results(EncryptionConfiguration={"EncryptionOption": "SSE_KMS", "KmsKey": "a"})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (results(OutputLocation="s3://a/"), results(OutputLocation="s3://b/"), [("REV391", "caution")]),
        ({}, ENCRYPTED, [("REV392", "fine")]),
        (ENCRYPTED, {}, [("REV391", "caution")]),
        ({}, {"WorkGroupConfiguration": {"EnforceWorkGroupConfiguration": False}}, [("REV391", "caution")]),
        ({}, {"WorkGroupConfiguration": {"EnforceWorkGroupConfiguration": True}}, []),
        ({"Description": "a"}, {"Description": "b"}, [("REV392", "fine")]),
    ],
)
def test_a_change_of_a_work_group(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(old, new) == expected
