"""How many alarms the systems of these tests have: more come with every release, so no test writes their number down."""

from __future__ import annotations

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.patterns import find_pattern

ALARMS = len(plan(PipelineSpec.load(find_pattern("lambda-consumer").spec_path)).alarms)
"""Those of one stream whose size is known, and of one function that reads it."""
