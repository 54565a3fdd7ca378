"""Checkpoints: how often an application keeps its state, from which it goes on after a failure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from streaming_constructs.spec.model import Number, SpecModel


class Checkpointing(SpecModel):
    """How often state is kept."""

    example: ClassVar = {"interval_seconds": 60}

    interval_seconds: Annotated[Number, Field(ge=1, le=86_400)] = Field(
        default=60.0, description="Time from one checkpoint to the next, in seconds. Left out: 60."
    )
    min_pause_seconds: Annotated[Number, Field(ge=0, le=86_400)] = Field(
        default=5.0, description="Time that lies between two checkpoints at least, in seconds. Left out: 5."
    )
