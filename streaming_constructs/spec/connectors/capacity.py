"""The capacity of a connector: a number of workers that stays, or one that follows the load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, SpecModel, within

Workers = Annotated[Int, within(kafka_connect.WORKERS)]
Percent = Annotated[Int, within(kafka_connect.CPU_PERCENT)]
SCALING = ("min_workers", "max_workers", "max_tasks", "scale_in_cpu_percent", "scale_out_cpu_percent")
"""Fields of a number of workers that follows the load."""


class ConnectorCapacity(SpecModel):
    """How many workers run a connector, and how large each is."""

    example: ClassVar = {"mcu": 1, "workers": 1}

    mcu: Literal[kafka_connect.MCU_COUNTS] = Field(  # type: ignore[valid-type]
        default=1, description="Units of each worker, 1, 2, 4 or 8, of 1 vCPU and 4 GiB each. Left out: 1."
    )
    workers: Workers | None = Field(
        default=None,
        description="Number of workers, 1 to 10. Left out: 1, or as many as the load needs with `max_workers`.",
    )
    min_workers: Workers | None = Field(
        default=None,
        description="Least number of workers that follow the load, 1 to 10. Left out: 1, with `max_workers`.",
    )
    max_workers: Workers | None = Field(
        default=None, description="Greatest number of them, 1 to 10. Left out: the number of workers stays what it is."
    )
    max_tasks: Annotated[Int, Field(ge=1)] | None = Field(
        default=None,
        description="Most tasks that MSK Connect makes where workers follow the load; it sets tasks.max itself then. Left "
        "out: as many as it computes of workers and units.",
    )
    scale_in_cpu_percent: Percent = Field(
        default=int(kafka_connect.SCALE_IN_PERCENT.value),
        description="Use of the processors below which a worker is taken away, in percent. Left out: 20.",
    )
    scale_out_cpu_percent: Percent = Field(
        default=int(kafka_connect.SCALE_OUT_PERCENT.value),
        description="Use of the processors above which a worker is added, in percent. Left out: 80.",
    )

    def findings(self) -> Iterator[Finding]:
        if not self.scales:
            for field in SCALING:
                if field in self.model_fields_set and getattr(self, field) is not None:
                    yield Finding(
                        "LNG404",
                        f"`{field}` has no effect here",
                        (field,),
                        note="it is about workers whose number follows the load",
                        help="give `max_workers`, or take it out",
                        edits=(Edit((field,)),),
                    )
            return
        if self.workers is not None:
            yield Finding(
                "MSK424",
                "the number of workers stays, or follows the load",
                ("workers",),
                note="`workers` and `max_workers` are both given; MSK Connect takes one of them",
                help="take out `workers`, or `max_workers`",
                edits=(Edit(("workers",)),),
            )
        if self.least > self.most:
            yield Finding(
                "MSK424",
                "there are more workers at least than at most",
                ("min_workers",),
                note=f"{self.least} at least, and {self.most} at most",
                help=f"set `min_workers: {self.most}` or less",
                edits=(Edit(("min_workers",), self.most),),
            )
        if self.max_tasks is not None and self.max_tasks < self.most:
            yield Finding(
                "MSK424",
                "there are fewer tasks than workers",
                ("max_tasks",),
                note=f"{self.max_tasks} tasks at most for up to {self.most} workers; MSK Connect wants one for each",
                help=f"set `max_tasks: {self.most}` or more",
                edits=(Edit(("max_tasks",), self.most),),
            )
        if self.scale_in_cpu_percent >= self.scale_out_cpu_percent:
            yield Finding(
                "MSK424",
                "workers would be added and taken away at the same load",
                ("scale_in_cpu_percent",),
                note=f"taken away below {self.scale_in_cpu_percent} %, added above {self.scale_out_cpu_percent} %",
                help=f"set it below {self.scale_out_cpu_percent}",
                edits=(Edit(("scale_in_cpu_percent",)), Edit(("scale_out_cpu_percent",))),
            )

    @property
    def scales(self) -> bool:
        """Whether the number of workers follows the load."""
        return self.max_workers is not None

    @property
    def least(self) -> int:
        """The least number of workers."""
        return (self.min_workers or 1) if self.scales else (self.workers or 1)

    @property
    def most(self) -> int:
        """The greatest number of workers."""
        return self.max_workers or self.workers or 1
