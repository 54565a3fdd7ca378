"""The front door: every public name is there, documented, and loads no more than it needs."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import streaming_constructs


def test_all_names_can_be_imported_and_are_listed() -> None:
    assert sorted(streaming_constructs.__all__) == streaming_constructs.__all__ == dir(streaming_constructs)
    for name in streaming_constructs.__all__:
        assert getattr(streaming_constructs, name).__name__ == name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'KinesisStreem'"):
        _ = streaming_constructs.KinesisStreem  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", streaming_constructs.__all__)
def test_public_name_has_a_docstring_that_is_its_own(name: str) -> None:
    assert len((inspect.getdoc(getattr(streaming_constructs, name)) or "").split()) >= 5


@pytest.mark.parametrize(
    "statement",
    [
        "import streaming_constructs",
        "from streaming_constructs import PipelineSpec, plan",
        "from streaming_constructs.review import TemplateValidator",
    ],
)
def test_spec_and_planning_need_neither_node_nor_cdk(statement: str) -> None:
    code = (
        f"{statement}; import sys; print([name for name in ('aws_cdk', 'jsii', 'constructs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_constructs_document_what_is_stateful() -> None:
    for name in ("KinesisStream", "LambdaConsumer", "StreamAlarms", "StreamingPipeline"):
        assert "**stateful**" in (inspect.getdoc(getattr(streaming_constructs, name)) or "").lower()


def test_error_carries_every_finding() -> None:
    one = streaming_constructs.Finding("SC204", "too small", ("streams", "a"))
    error = streaming_constructs.SpecError([one, one])
    assert error.findings == (one, one)
    assert str(error).count("error[SC204]: too small\n  --> streams.a") == 2
