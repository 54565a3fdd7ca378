"""Answers that people could give, for the tests of what is advised."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from streaming_constructs.facts.prices.factors import REGIONS
from streaming_constructs.planning.advice.answers import CONTEXT, NEEDS, Answers

LOADS = st.fixed_dictionaries(
    {
        "records_per_second": st.floats(0.01, 5e6).map(lambda value: float(f"{value:.3g}")),
        "record_kb": st.sampled_from([0.1, 1, 4, 25, 200, 1024, 3000]),
        "peak_factor": st.sampled_from([1, 1.5, 4, 30]),
    }
)


def _whole(said: dict[str, Any]) -> Answers:
    if said["ordering"] == "none":
        said = {name: value for name, value in said.items() if name != "busiest_key_records_per_second"}
    load = said.pop("load")
    largest = said.pop("larger") * load["record_kb"]
    return Answers(**load, **said, largest_record_kb=largest)


ANSWERS = st.fixed_dictionaries(
    {
        "load": LOADS,
        "larger": st.sampled_from([1, 1, 3, 50]),
        "purpose": st.sampled_from(["stream", "delivery", "tasks", "events"]),
        "traffic": st.sampled_from(["predictable", "unpredictable"]),
        "readers": st.sampled_from([None, 0, 1, 2, 4, 8, 30, 600]),
        "latency_ms": st.sampled_from([None, 5, 60, 100, 900, 4000, 60_000]),
        "ordering": st.sampled_from(["none", "per_key"]),
        "busiest_key_records_per_second": st.sampled_from([None, 10, 900, 2000, 50_000]),
        "retention_days": st.sampled_from([None, 1, 3, 14, 30, 365, 800, "unlimited"]),
        "replay": st.booleans(),
        "protocol": st.sampled_from(["any", "any", "kafka"]),
        "auth": st.sampled_from(["iam", "iam", "sasl_scram", "mtls"]),
        "partitions": st.sampled_from([None, 1, 12, 3000]),
        "needs": st.lists(st.sampled_from(list(NEEDS)), unique=True, max_size=2),
        "context": st.lists(st.sampled_from(list(CONTEXT)), unique=True, max_size=5),
        "region": st.sampled_from([None, *REGIONS]),
    }
).map(_whole)
"""Any answers that are no contradiction in themselves."""
