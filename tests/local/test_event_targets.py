"""Where events go, of all the places where they could."""

from __future__ import annotations

import pytest

from streaming_constructs.local.event_targets import EventTarget, choose_target
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec

LOGS, RAW = EventTarget("stream", "logs", "Stack-logs-1"), EventTarget("stream", "raw", "Stack-raw-2")
DIRECT = EventTarget("delivery", "lake", "Stack-lake-3")
SPEC = PipelineSpec.model_validate(
    {
        "name": "logs",
        "schemas": {"line": {"text": "string"}},
        "streams": {
            "logs": {"kind": "kinesis", "schema": "line", "mode": "on_demand"},
            "raw": {"kind": "kinesis", "mode": "on_demand"},
        },
    }
)


@pytest.mark.parametrize(
    ("targets", "name", "spec", "chosen"),
    [
        ([LOGS], None, None, LOGS),
        ([DIRECT], None, None, DIRECT),
        ([LOGS, RAW], "raw", None, RAW),
        ([LOGS, RAW], "Stack-raw-2", None, RAW),
        ([LOGS, RAW, DIRECT], "lake", SPEC, DIRECT),
        ([RAW, LOGS, DIRECT], None, SPEC, LOGS),
    ],
)
def test_what_is_chosen(
    targets: list[EventTarget], name: str | None, spec: PipelineSpec | None, chosen: EventTarget
) -> None:
    assert choose_target(targets, name, spec) == chosen


@pytest.mark.parametrize(
    ("targets", "name", "message", "help_"),
    [
        ([LOGS, RAW], None, "it is not clear where events go", "name it with `--into`: logs, raw"),
        (
            [LOGS, RAW],
            "log",
            "there is no stream or delivery `log` that records are put into",
            "did you mean `logs`?",
        ),
        ([], None, "there is nothing that records could be put into", ""),
    ],
)
def test_what_is_not_clear_is_asked(targets: list[EventTarget], name: str | None, message: str, help_: str) -> None:
    with pytest.raises(SpecError) as refused:
        choose_target(targets, name)
    (finding,) = refused.value.findings
    assert (finding.code, finding.message, finding.help) == ("LOC958", message, help_)
