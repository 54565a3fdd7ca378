"""A stack to build in, and its template as plain data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest


class Workbench:
    """One stack in one app."""

    def __init__(self, outdir: Path, **stack_options: Any) -> None:
        self.app = cdk.App(outdir=str(outdir))
        self.stack = cdk.Stack(self.app, "Test", **stack_options)
        self._template: dict[str, Any] | None = None

    @property
    def template(self) -> dict[str, Any]:
        if self._template is None:
            self._template = self.app.synth().get_stack_by_name("Test").template
        return self._template

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        return {key: one for key, one in self.template["Resources"].items() if one["Type"] == resource_type}

    def only(self, resource_type: str) -> dict[str, Any]:
        """The properties of the one resource of a type."""
        (resource,) = self.of_type(resource_type).values()
        return resource.get("Properties", {})

    def only_id(self, resource_type: str) -> str:
        (logical_id,) = self.of_type(resource_type)
        return logical_id

    def statements(self) -> list[dict[str, Any]]:
        """All statements of all managed policies."""
        policies = self.of_type("AWS::IAM::ManagedPolicy").values()
        return [one for policy in policies for one in policy["Properties"]["PolicyDocument"]["Statement"]]

    def allowed_on(self, resource: Any) -> set[str]:
        """The actions that managed policies allow on exactly this resource."""
        actions: set[str] = set()
        for one in self.statements():
            if one["Resource"] == resource:
                actions |= set(one["Action"] if isinstance(one["Action"], list) else [one["Action"]])
        return actions

    def alarm(self, suffix: str) -> dict[str, Any]:
        """The one alarm whose logical id contains the text."""
        (found,) = [one for key, one in self.of_type("AWS::CloudWatch::Alarm").items() if suffix in key]
        return found["Properties"]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(tmp_path / "out")


@pytest.fixture
def benches(tmp_path: Path) -> Callable[..., Workbench]:
    """Makes as many workbenches as a test needs."""
    count = 0

    def make(**options: Any) -> Workbench:
        nonlocal count
        count += 1
        return Workbench(tmp_path / f"out{count}", **options)

    return make


@pytest.fixture
def code(tmp_path: Path) -> str:
    """A folder with a handler."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "index.py").write_text("def handler(event, context):\n    return {}\n")
    return str(folder)
