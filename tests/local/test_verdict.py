"""Whether a rehearsal is green, and what it says where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure, Origin
from streaming_constructs.local.refusal import Refusal
from streaming_constructs.local.rehearsal_report import RecordOnly, Report
from streaming_constructs.local.verdict import MaxPoison, faults


def failed(origin: Origin, type_: str = "Runtime.ImportModuleError", message: str = "none", count: int = 2) -> Report:
    """A consumer of 10 records that handled 8, and whose function failed."""
    return of(handled=8, isolated=2, failures=(FunctionFailure(type_, origin, message, count),))


def of(**done: object) -> Report:
    return Report(10, consumers=(ConsumerReport("fraud", "payments", records=10, **done),))  # type: ignore[arg-type]


def delivered(**done: object) -> Report:
    given = {"records": 10, **done}
    return Report(10, deliveries=(DeliveryReport("lake", "payments", "parquet", **given),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "report",
    [
        of(handled=10),
        of(handled=8, isolated=2),
        failed("handler", "ValueError"),
        of(handled=1, filtered=9),
        of(waiting=10),
        delivered(delivered=8, rows=8, failed={"format-conversion-failed": 2}),
        delivered(dropped=10),
        delivered(delivered=5, dropped=5),
        delivered(delivered=10, not_run="opensearch does not run here"),
        replace(of(handled=10), deliveries=(DeliveryReport("b", "direct put", "json", 3, function_not_run="no Java"),)),
        replace(
            of(handled=10), consumers=(*of(handled=10).consumers, ConsumerReport("b", "c", not_run="no Java here"))
        ),
        Report(
            10, record_only=(RecordOnly("s3", "AWS::KafkaConnect::Connector", "no worker of MSK Connect runs here"),)
        ),
        Report(),
    ],
    ids=[
        "all",
        "named",
        "raised",
        "filtered",
        "waiting",
        "apart",
        "dropped",
        "half-dropped",
        "elsewhere",
        "delivery-not-run",
        "one-not-run",
        "connectors-alone",
        "nothing",
    ],
)
def test_what_is_green(report: Report) -> None:
    assert faults(report) == ()


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (
            failed("load", message="Unable to import module 'index': No module named 'x'"),
            ["fraud: 2 invocations ended by Runtime.ImportModuleError: No module named 'x'"],
        ),
        (
            failed("runtime", "Sandbox.Timedout", "RequestId: 1-2 Error: Task timed out after 3.00 seconds", 1),
            ["fraud: 1 invocation ended by Sandbox.Timedout: Task timed out after 3.00 seconds"],
        ),
        (failed("response", "invalid response", "returned no list"), ["fraud: returned no list (2 times)"]),
        (
            of(isolated=10, failures=(FunctionFailure("Runtime.ImportModuleError", "load", "Error: no"),)),
            ["fraud: the handler never ran: no"],
        ),
        (
            of(isolated=10, failures=(FunctionFailure("KeyError", "load", "'TABLE'"),)),
            ["fraud: the handler never ran: KeyError: 'TABLE'"],
        ),
        (
            of(isolated=10, failures=(FunctionFailure("Runtime.ExitError", "runtime", "RequestId: 7 Error: killed"),)),
            ["fraud: the handler never answered: killed"],
        ),
        (
            of(isolated=10, failures=(FunctionFailure("invalid response", "response", "returned nonsense"),)),
            ["fraud: the handler returned nonsense"],
        ),
        (
            of(isolated=10, failures=(FunctionFailure("ValueError", "handler", "boom"),)),
            ["fraud handled none of 10 records"],
        ),
        (of(filtered=9, isolated=1), ["fraud handled none of 1 record"]),
        (of(filtered=10), ["no record was handled, and none delivered"]),
        (of(not_run="its runtime is java21"), ["no record was handled, and none delivered"]),
        (of(handled=9, expired=1), ["1 record lost: given up, and known nowhere"]),
        (of(handled=10, lost_windows=1), ["fraud: 1 window without the last state"]),
        (
            replace(of(handled=10), refused=2, refusals=(Refusal("orders", "too large", 2, [7, 9]),)),
            ["2 records will never be taken by orders (lines 7, 9): too large"],
        ),
        (delivered(failed={"format-conversion-failed": 10}), ["lake delivered none of 10 records"]),
        (
            delivered(delivered=9, failures=(FunctionFailure("Sandbox.Timedout", "runtime", "too slow"),)),
            ["lake: 1 invocation ended by Sandbox.Timedout: too slow"],
        ),
        (
            replace(of(handled=10), stopped={"payments": "its queue is full"}),
            ["payments has stopped: its queue is full"],
        ),
        (delivered(delivered=9, expired=1), ["1 record lost: given up, and known nowhere"]),
    ],
)
def test_what_is_red(report: Report, told: list[str]) -> None:
    assert list(faults(report)) == told


def test_other_readers_of_a_stream_do_not_hide_one_that_handles_nothing() -> None:
    both = replace(of(isolated=10), deliveries=delivered(delivered=10).deliveries)
    assert faults(both) == ("fraud handled none of 10 records",)


@pytest.mark.parametrize(
    ("allowed", "is_green"),
    [("0", False), ("1", False), ("2", True), ("19.9%", False), ("20%", True), ("0%", False), ("100%", True)],
)
def test_poison_can_be_limited(allowed: str, is_green: bool) -> None:
    told = faults(of(handled=8, isolated=2), MaxPoison.parse(allowed))
    assert told == (() if is_green else (f"2 poison records of 10, where {allowed} may be",))


def test_an_allowance_may_be_large_and_stand_between_spaces() -> None:
    assert MaxPoison.parse(" 1000 ") == MaxPoison(1000, is_percent=False)
    assert MaxPoison.parse("100%") == MaxPoison(100, is_percent=True)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "101%", "many", "1 %%", "%", "1e3"])
def test_an_allowance_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a count of records"):
        MaxPoison.parse(text)


def test_what_others_put_is_counted_where_it_came_in() -> None:
    report = replace(of(handled=8, isolated=2), put=0)
    assert faults(report, MaxPoison.parse("2")) == ()
