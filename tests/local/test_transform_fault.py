"""What a function that transforms records returned that Firehose cannot read, in words; and nothing of what it can."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.local.firehose.transform_fault import transform_fault

EVENT = {"records": [{"recordId": "1", "data": "YQ=="}, {"recordId": "2", "data": "Yg=="}]}


def record(number: int, result: Any = "Ok", **more: Any) -> dict[str, Any]:
    return {"recordId": str(number), "result": result, "data": "YQ==", **more}


@pytest.mark.parametrize("result", ["Ok", "Dropped", "ProcessingFailed"])
def test_a_response_that_firehose_reads_is_none(result: str) -> None:
    assert transform_fault(EVENT, {"records": [record(2, result), record(1)]}) == ""
    assert transform_fault(EVENT, {"records": [record(1), {"recordId": "2", "result": "Dropped"}]}) == ""


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (None, "returned no list `records`"),
        ({"Records": [record(1), record(2)]}, "returned no list `records`"),
        ({"records": [record(1), {"result": "Ok"}]}, "returned a record without a `recordId`"),
        ({"records": [record(1)]}, "returned not every record of the batch"),
        ({"records": [record(1), record(2), record(3)]}, "returned a recordId that is not in the batch"),
        ({"records": [record(1), record(2), record(2)]}, "returned a record more than once"),
        (
            {"records": [record(1), record(2, "OK")]},
            "returned a `result` that is none of Ok, Dropped, ProcessingFailed",
        ),
        ({"records": [record(1), record(2, data="{}")]}, "returned `data` that is not in base64"),
        ({"records": [record(1), record(2, data=None)]}, "returned `data` that is not in base64"),
    ],
)
def test_what_firehose_cannot_read_is_told(answer: Any, fault: str) -> None:
    assert transform_fault(EVENT, answer).startswith(f"{fault}: ")
