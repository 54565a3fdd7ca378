"""What is kept of what a function wrote and how it failed: enough to find the mistake, and no more than a bound."""

from __future__ import annotations

from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.lambda_function.function_journal import FunctionJournal
from streaming_constructs.local.lambda_function.function_process import LOG_BYTES, FunctionError, InvocationResult


def invocation(log: str = "", error: FunctionError | None = None) -> InvocationResult:
    return InvocationResult("1", b"null", error, log, 0.1)


def error(type_: str, message: str) -> FunctionError:
    return FunctionError(type_, message, (), "handler", ("index.py:1 in handler",))


def test_a_log_has_what_all_invocations_wrote() -> None:
    journal = FunctionJournal()
    for log in ("one\n", "", "two", "three\n"):
        journal.record(invocation(log))
    assert journal.log == "one\ntwo\nthree\n"


def test_a_log_keeps_its_end_and_says_what_is_gone() -> None:
    journal = FunctionJournal()
    for number in range(40):
        journal.record(invocation(f"{number:4}\n" * 1000))
    first, *lines = journal.log.splitlines()
    assert first == f"… {40 * 5000 - len(lines) * 5:,} characters before this were let go"
    assert len(lines) * 5 <= LOG_BYTES < (len(lines) + 1000) * 5
    assert lines[-1].strip() == "39"


def test_a_failure_is_counted_by_its_kind_and_told_as_it_was_last() -> None:
    journal = FunctionJournal()
    journal.record(invocation("before\n", error("ValueError", "first")))
    journal.record(invocation("", error("KeyError", "key")))
    journal.record(invocation("again\n", error("ValueError", "last")))
    places = ("index.py:1 in handler",)
    assert journal.failures == (
        FunctionFailure("ValueError", "handler", "last", 2, places, ("again",)),
        FunctionFailure("KeyError", "handler", "key", 1, places, ()),
    )


def test_each_fault_of_responses_is_one_of_its_own_with_the_last_that_had_it() -> None:
    journal = FunctionJournal()
    for fault, response in (("no list", [1]), ("no object", 2), ("no list", "x" * 500)):
        journal.record_response(fault, response)
    assert [(one.message, one.count, one.origin) for one in journal.failures] == [
        ("no list", 2, "response"),
        ("no object", 1, "response"),
    ]
    assert journal.failures[0].log == (f'returned "{"x" * 159}…',)
