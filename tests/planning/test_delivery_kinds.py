"""A kind of destination is loaded where a spec names it, and is planned and built by its row in `kinds.py`."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from streaming_constructs.cdk.deliveries.firehose import Delivery
from streaming_constructs.kinds import Kind, built_as, kinds_of
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.section import model_of

DESTINATIONS = kinds_of("destinations")
SPLUNK = """
from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.spec.deliveries.firehose import DeliverySpec

secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hec-AbCdEf"
to = {"kind": "splunk", "endpoint": "https://hec.example.com:8088", "secret_arn": secret}
planned = plan_delivery("out", DeliverySpec.model_validate({"from": "clicks", "to": to}))
assert list(planned.alarms()) and planned.graphs() and planned.heading() and planned.summary().title == "to Splunk"
assert list(planned.findings()) == []
"""


def loaded(script: str) -> set[str]:
    """The kinds of destinations that a script loads in spec or planning."""
    names = "import sys; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", f"{script}\n{names}"], capture_output=True, text=True, check=True
    ).stdout
    own = {name.removeprefix("streaming_constructs.") for name in out.split()}
    return {kind for kind, row in DESTINATIONS.items() if {f"spec.{row.module}", f"planning.{row.module}"} & own}


def test_only_the_kind_that_is_named_is_loaded() -> None:
    assert loaded(SPLUNK) == {"splunk"}


@pytest.mark.parametrize("row", DESTINATIONS.values(), ids=DESTINATIONS)
def test_row_leads_to_the_plan_and_the_construct_of_its_kind(row: Kind) -> None:
    model = model_of(row)
    assert issubclass(model, DestinationSpec)
    built = built_as("destinations", row.kind)
    construct = getattr(importlib.import_module(f"streaming_constructs.cdk.{built.module}"), built.construct)
    assert issubclass(construct, Delivery)
    assert issubclass(model, construct._destination_spec)
    if built.plan:
        plan = getattr(importlib.import_module(f"streaming_constructs.planning.{built.module}"), built.plan)
        assert issubclass(plan, DeliveryPlan)
