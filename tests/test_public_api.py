"""The front door: every public name is there, documented, and loads no more than it needs."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import streaming_constructs
from streaming_constructs import cdk, spec
from streaming_constructs.kinds import NODE_SECTIONS


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


def test_constructs_and_models_are_all_at_the_front_door() -> None:
    assert set(cdk.__all__) | set(spec.__all__) <= set(streaming_constructs.__all__)


@pytest.mark.parametrize("name", cdk.__all__)
def test_construct_documents_what_is_stateful(name: str) -> None:
    said = " ".join((inspect.getdoc(getattr(streaming_constructs, name)) or "").split())
    assert "**stateful**" in said.lower() or "nothing in it is stateful" in said.lower()


@pytest.mark.parametrize("name", cdk.__all__)
def test_construct_documents_its_attributes_and_arguments(name: str) -> None:
    construct = getattr(streaming_constructs, name)
    said = (inspect.getdoc(construct) or "").partition("Attributes:")[2]
    public = [one for one in vars(construct).get("__annotations__", {}) if not one.startswith("_")]
    assert [one for one in public if f"    {one}: " not in said] == []
    arguments = inspect.getdoc(construct.__init__) or ""
    asked = [str(one).partition(":")[0] for one in inspect.signature(construct.__init__).parameters.values()]
    assert [one for one in asked if one != "self" and f"    {one}: " not in arguments] == []


def test_services_that_a_system_does_not_have_are_not_loaded() -> None:
    code = "import sys; from streaming_constructs import StreamingPipeline; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "aws_cdk.aws_kinesis" in loaded
    services = ("athena", "glue", "kinesisfirehose", "opensearchservice", "s3", "ssm")
    assert loaded.isdisjoint(f"aws_cdk.aws_{service}" for service in services)


def test_error_carries_every_finding() -> None:
    one = streaming_constructs.Finding("LNG204", "too small", ("streams", "a"))
    error = streaming_constructs.SpecError([one, one])
    assert error.findings == (one, one)
    assert str(error).count("error[LNG204]: too small\n  --> streams.a") == 2


def test_planning_loads_what_a_system_has() -> None:
    code = (
        "import sys; from streaming_constructs import KinesisStreamSpec, PipelineSpec, plan; "
        "plan(PipelineSpec(name='shop', streams={'clicks': KinesisStreamSpec(mode='on_demand')})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms = [f"streaming_constructs.{room}.{section}." for room in ("spec", "planning") for section in NODE_SECTIONS]
    loaded = {room for room in rooms if any(module.startswith(room) for module in done.stdout.split())}
    assert loaded == {"streaming_constructs.spec.streams.", "streaming_constructs.planning.streams."}
