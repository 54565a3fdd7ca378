"""Fixtures of pytest for the SQL of Flink applications, on a real Flink.

They are there by `pytest_plugins = ["streaming_constructs.testing.flink"]`. One process of Java runs for all tests of a
process; each test has an environment of its own. For another runtime, define a fixture `flink_runtime` of scope `session`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from streaming_constructs.local.flink.local_flink import DEFAULT_RUNTIME, LocalFlink
from streaming_constructs.testing.flink_scenario import FlinkScenario

__all__ = ["FlinkScenario", "flink", "flink_jvm", "flink_runtime"]


@pytest.fixture(scope="session")
def flink_runtime() -> str:
    """The runtime whose Flink runs, as AWS names it; define your own for another."""
    return DEFAULT_RUNTIME


@pytest.fixture(scope="session")
def flink_jvm(flink_runtime: str) -> Iterator[LocalFlink]:
    """A Flink for all tests; it takes seconds to start, and each scenario afterwards one or two."""
    with LocalFlink(flink_runtime) as running:
        yield running


@pytest.fixture
def flink(flink_jvm: LocalFlink) -> FlinkScenario:
    """A scenario of the test's own: `flink.load(...)`, `flink.given(table, events)`, `flink.run()`."""
    return FlinkScenario(flink_jvm)
