"""A Lambda function behind an API: how many requests it lets through, and who may send them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.facts import api_gateway
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.apis.lambda_function import LambdaApiSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.pipeline import PipelineSpec

DEFAULT_RATE, DEFAULT_BURST = 50.0, 100
"""Requests per second, and at once: of a hundred pages that ask every two seconds, which may be loaded together."""
USER_NAME = "viewer"
"""The user name in the secret of an API with `auth: basic`."""
PASSWORD_CHARACTERS = 32
AUTHORIZER_MEMORY_MIB, AUTHORIZER_SECONDS = 256, 10
AUTHORIZER_LOG_RETENTION_DAYS = 30
AUTHORIZED_SECONDS = 60
"""How long API Gateway keeps what the authorizer said of a header: so long a password is right that was changed."""


@dataclass(frozen=True, slots=True)
class LambdaApiPlan:
    """An API with its numbers.

    Attributes:
        name: The API's name.
        spec: What was asked for.
        rate: Requests per second that it lets through.
        burst: Requests that it lets through at once.
        working: How these came about.
        system: The system; None where it stands alone.
    """

    name: str
    spec: LambdaApiSpec
    rate: float
    burst: int
    working: tuple[str, ...]
    system: PipelineSpec | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.apis.lambda_function_alarms import api_alarms

        yield from api_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.apis.lambda_function_findings import api_findings

        yield from (finding.below("apis", self.name) for finding in api_findings(self))

    def state(self) -> State | None:
        from streaming_constructs.planning.apis.lambda_function_kept import api_state

        return api_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.apis.lambda_function_costs import api_costs

        yield from api_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.apis.lambda_function_alarms import api_graphs

        return api_graphs()

    def heading(self) -> str:
        return f"GET, {_CALLED[self.spec.auth]}, {number(self.rate)} requests/s"

    def summary(self) -> Summary:
        spec = self.spec
        return Summary(
            noun="API",
            title=f"API Gateway in front of {'an existing' if spec.function_arn else 'a'} Lambda function",
            lines=(
                f"answers GET, {_CALLED[spec.auth]}, {number(self.rate)} requests/s",
                *((f"reads {', '.join(spec.from_)}",) if spec.from_ else ()),
            ),
            why=self.working,
            values={
                "kind": spec.kind,
                "from": list(spec.from_),
                "auth": spec.auth,
                "rate": self.rate,
                "burst": self.burst,
                "working": list(self.working),
            },
        )


_CALLED = {"iam": "signed requests", "basic": "with user name and password"}


def plan_node(name: str, spec: LambdaApiSpec, neighbours: Neighbours) -> LambdaApiPlan:
    """Gives an API of a system its numbers.

    Args:
        name: The API's name.
        spec: What was asked for.
        neighbours: The system around it.
    """
    return plan_api(name, spec, neighbours.system)


def plan_api(name: str, spec: LambdaApiSpec, system: PipelineSpec | None = None) -> LambdaApiPlan:
    """Gives an API its numbers.

    Args:
        name: The API's name.
        spec: What was asked for.
        system: The system. Left out: it stands alone.
    """
    given = spec.throttle
    if given is None:
        working = f"{number(DEFAULT_RATE)} requests/s: those of 100 pages that ask every 2 s"
        return LambdaApiPlan(name, spec, DEFAULT_RATE, DEFAULT_BURST, (working,), system)
    _, most_at_once = api_gateway.account_limits(system.region if system is not None else None)
    # Those of a second, and no more than an account lets through at once.
    second = min(max(1, math.ceil(given.rate)), most_at_once)
    burst = given.burst if given.burst is not None else second
    said = "" if given.burst is not None else f"; at once {burst:,}, those of a second"
    working = f"{number(given.rate)} requests/s, as `throttle` says{said}"
    return LambdaApiPlan(name, spec, given.rate, burst, (working,), system)
