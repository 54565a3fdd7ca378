"""What a handler returned that Lambda cannot read, or does not, in words; and nothing of what it can."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.local import EventSourceMapping, kinesis_records, simulate_event_source
from streaming_constructs.local.event_source.response_fault import response_fault

REPORTS = EventSourceMapping(report_batch_item_failures=True, maximum_retry_attempts=0)
WHOLE = ": the whole batch counts as failed"


def told(response: Any, mapping: EventSourceMapping = REPORTS) -> tuple[str, int]:
    """What is said of a response to a batch of two records, the first of which is number 1; and how many were handled."""
    simulation = simulate_event_source(lambda *_: response, kinesis_records(["a", "b"]), mapping)
    return response_fault(simulation.invocations[0], mapping), len(simulation.handled)


@pytest.mark.parametrize(
    ("response", "handled"),
    [
        (None, 2),
        ({}, 2),
        ({"batchItemFailures": []}, 2),
        ({"batchItemFailures": None}, 2),
        ({"batchItemFailures": [{"itemIdentifier": "2"}]}, 1),
        ({"batchItemFailures": [{"itemIdentifier": "1"}]}, 0),
        ({"statusCode": 200}, 2),
        ({"batch_item_failures": []}, 2),
    ],
)
def test_a_response_that_lambda_reads_is_none(response: Any, handled: int) -> None:
    assert told(response) == ("", handled)


@pytest.mark.parametrize(
    ("response", "fault"),
    [
        ("done", "returned what is no object"),
        ({"batchItemFailures": "1"}, "returned `batchItemFailures` that is no list"),
        ({"batchItemFailures": [7]}, "returned `batchItemFailures` with an entry that has no `itemIdentifier`"),
        (
            {"batchItemFailures": ["itemIdentifier"]},
            "returned `batchItemFailures` with an entry that has no `itemIdentifier`",
        ),
        ({"batchItemFailures": ["1"]}, "returned `batchItemFailures` with an entry that has no `itemIdentifier`"),
        (
            {"batchItemFailures": [{"ItemIdentifier": "1"}]},
            "returned `batchItemFailures` with an entry that has no `itemIdentifier`",
        ),
        (
            {"batchItemFailures": [{"itemIdentifier": 1}]},
            "returned an itemIdentifier that is not the text of a sequence number",
        ),
        (
            {"batchItemFailures": [{"itemIdentifier": ""}]},
            "returned an itemIdentifier that is not the text of a sequence number",
        ),
        (
            {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "7"}]},
            "returned an itemIdentifier that is not in the batch",
        ),
    ],
)
def test_what_fails_a_whole_batch_is_told(response: Any, fault: str) -> None:
    assert told(response) == (fault + WHOLE, 0)


@pytest.mark.parametrize("key", ["BatchItemFailures", "batchitemfailures", "batch_item_failures", "batchItemFailure"])
def test_a_misspelt_key_is_a_success_that_hides_failures(key: str) -> None:
    fault, handled = told({key: [{"itemIdentifier": "1"}]})
    assert handled == 2
    assert fault.startswith(f"returned `{key}`, which Lambda does not read")
    assert fault.endswith("write `batchItemFailures`")


def test_failures_that_the_mapping_does_not_read_are_told() -> None:
    fault, handled = told({"batchItemFailures": [{"itemIdentifier": "1"}]}, EventSourceMapping())
    assert (fault.startswith("returned `batchItemFailures`, which its mapping does not read"), handled) == (True, 2)
    assert told("done", EventSourceMapping()) == ("", 2)


def test_a_window_needs_its_state() -> None:
    mapping = EventSourceMapping(tumbling_window_in_seconds=60, maximum_retry_attempts=0)
    assert told({"sum": 1}, mapping) == (f"returned no `state`, which a tumbling window needs{WHOLE}", 0)
    assert told({"state": {}}, mapping) == ("", 2)
    for response in (None, 1, "state", ["state"]):
        assert told(response, mapping) == (f"returned no `state`, which a tumbling window needs{WHOLE}", 0)


def test_what_raised_is_no_response() -> None:
    def handler(event: Any, context: Any) -> None:
        raise ValueError

    simulation = simulate_event_source(handler, kinesis_records(["a"]), REPORTS)
    assert response_fault(simulation.invocations[0], REPORTS) == ""
