"""The front door: every public name is there, documented, and loads no more than it needs."""

from __future__ import annotations

import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest

import streaming_constructs
from streaming_constructs import cdk, planning, spec
from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.model import SpecModel


def test_all_names_can_be_imported_and_are_listed() -> None:
    assert sorted(streaming_constructs.__all__) == streaming_constructs.__all__ == dir(streaming_constructs)
    for name in streaming_constructs.__all__:
        assert getattr(streaming_constructs, name).__name__ == name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'KinesisStreem'"):
        _ = streaming_constructs.KinesisStreem  # type: ignore[attr-defined]


def test_public_names_have_a_docstring_that_is_their_own() -> None:
    said = {name: inspect.getdoc(getattr(streaming_constructs, name)) or "" for name in streaming_constructs.__all__}
    assert [name for name, text in said.items() if len(text.split()) < 5] == []
    assert [name for name, text in said.items() if list(said.values()).count(text) > 1] == []


def test_no_module_of_a_package_is_called_as_one_of_its_public_names() -> None:
    """Once it is loaded, Python would give the module to who asks for the name."""
    for package in (streaming_constructs, cdk, spec, planning):
        modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
        assert modules & set(package.__all__) == set(), package.__name__


def test_a_public_name_is_the_same_whatever_was_loaded_before() -> None:
    code = (
        "import streaming_constructs.planning.plan_file, streaming_constructs.planning.pipeline; "
        "from streaming_constructs import plan; from streaming_constructs.planning import plan as again; "
        "print(callable(plan), plan is again)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


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


def test_every_part_of_a_public_model_is_at_the_front_door() -> None:
    """Who writes a spec in Python needs the models of its fields too."""
    public = [getattr(spec, name) for name in spec.__all__]
    todo = [one for one in public if isinstance(one, type) and issubclass(one, SpecModel)]
    parts: set[type[SpecModel]] = set()
    while todo:
        model = todo.pop()
        if model not in parts:
            parts.add(model)
            todo += [part for field in model.model_fields.values() for part in _models(field.annotation)]
    assert sorted({part.__name__ for part in parts} - set(streaming_constructs.__all__)) == []


def _models(annotation: Any) -> Iterator[type[SpecModel]]:
    if isinstance(annotation, type) and issubclass(annotation, SpecModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def test_constructs_document_what_is_stateful() -> None:
    said = {name: " ".join((inspect.getdoc(getattr(cdk, name)) or "").lower().split()) for name in cdk.__all__}
    told = ("**stateful**", "nothing in it is stateful")
    assert [name for name, text in said.items() if not any(words in text for words in told)] == []


def test_constructs_document_their_attributes_and_arguments() -> None:
    """What all deliveries have or take is told by the class that they share."""
    untold = []
    for name in cdk.__all__:
        construct: Any = getattr(cdk, name)
        own = [base for base in construct.__mro__ if base.__module__.startswith("streaming_constructs.")]
        attributes = "".join((inspect.getdoc(base) or "").partition("Attributes:")[2] for base in own)
        public = [field for base in own for field in vars(base).get("__annotations__", {}) if not field.startswith("_")]
        untold += [f"{name}.{field}" for field in public if f"    {field}: " not in attributes]
        initializers = [base.__init__ for base in own if "__init__" in vars(base)]
        arguments = "".join(inspect.getdoc(initializer) or "" for initializer in initializers)
        for initializer in initializers:
            asked = inspect.signature(initializer).parameters.values()
            named = [str(parameter).partition(":")[0] for parameter in asked if parameter.name != "self"]
            untold += [f"{name}({argument}=)" for argument in named if f"    {argument}: " not in arguments]
    assert untold == []


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
