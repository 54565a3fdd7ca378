"""Athena: the workgroup in which the tables of a system are queried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from streaming_constructs.facts import athena
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import Int, SpecModel, form, within

WorkgroupName = Annotated[str, form(r"^[A-Za-z0-9._-]{1,128}$", "a workgroup of up to 128 letters, digits and ._-")]


class AthenaSpec(SpecModel):
    """The workgroup for queries, with a limit on what one query may read, and so cost."""

    workgroup: WorkgroupName | None = Field(
        default=None, description="Name of an existing workgroup. Left out: one is created."
    )
    scan_limit_mb: Annotated[Int, within(athena.SCAN_LIMIT_MIB)] = Field(
        default=102_400,
        description="Most that one query may read, in MiB, 10 or more; it is cancelled at that. Left out: 102400 (100 GiB).",
    )
    expire_results_after_days: Annotated[Int, Field(ge=1, le=36_500)] = Field(
        default=30, description="Days that results of queries are kept. Left out: 30."
    )

    def findings(self) -> Iterator[Finding]:
        for field in ("scan_limit_mb", "expire_results_after_days"):
            if self.workgroup is not None and field in self.model_fields_set:
                yield Finding(
                    "LNG403",
                    f"`{field}` cannot be set on an existing workgroup",
                    (field,),
                    note="`workgroup` names one that is used as it is",
                    help="take it out, and set it on the workgroup itself",
                )
