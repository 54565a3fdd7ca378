"""What can be imported of the room, and what that loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from streaming_constructs import local


def test_all_names_are_there() -> None:
    assert sorted(local.__all__) == local.__all__
    assert [getattr(local, name).__name__ for name in local.__all__] == local.__all__


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Rehearsel'"):
        _ = local.Rehearsel


def test_a_simulation_needs_nothing_of_the_extra() -> None:
    code = (
        "from streaming_constructs.local import simulate_event_source; import sys; "
        "print([name for name in ('moto', 'boto3', 'duckdb', 'pyarrow', 'jq', 'aws_cdk') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
