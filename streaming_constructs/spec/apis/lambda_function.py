"""A Lambda function behind an API of Amazon API Gateway: it answers from what stores hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import api_gateway
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.function import FunctionSpec
from streaming_constructs.spec.function_variables import variable_findings
from streaming_constructs.spec.model import Int, NodeNames, not_on_existing
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.producers.api_gateway import Throttle

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


class LambdaApiSpec(FunctionSpec, NodeSpec):
    """A Lambda function behind a REST API of Amazon API Gateway, which answers GET requests from what stores hold.

    The function gets each request to any path of the API, as Lambda proxy integrations send it, and says what is answered:
    a page, or the numbers that are on it. It may read the tables of `from`.
    """

    references: ClassVar = (Reference(("from",), "from", ("stores",), "table", kinds=("dynamodb",)),)
    example: ClassVar = {"kind": "lambda", "from": "page_views", "code": "handlers/fraud", "auth": "basic"}

    kind: Literal["lambda"] = Field(default="lambda", description="A Lambda function.")
    from_: NodeNames = Field(
        default=(),
        validation_alias="from",
        serialization_alias="from",
        description="Tables that the function reads, one name or a list; it may, and its environment variables name them: "
        "PAGE_VIEWS_TABLE_NAME. Left out: none.",
    )
    auth: Literal["iam", "basic"] = Field(
        default="iam",
        description="Who may call it: iam (requests signed by who has `execute-api:Invoke`) or basic (who has the user name "
        "and the password that the stack keeps in a secret, which browsers ask for). Left out: iam.",
    )
    throttle: Throttle | None = Field(
        default=None,
        description="How many requests are let through; others are answered with 429. Left out: 50 a second, and 100 at once.",
    )
    timeout_seconds: Annotated[Int, Field(ge=1, le=int(api_gateway.INTEGRATION_SECONDS.value))] = Field(
        default=10, description="Longest time for one answer, in seconds, 1 to 29. Left out: 10."
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        for place, name in enumerate(self.from_):
            if name in self.from_[:place]:
                yield Finding(
                    "LNG406",
                    "an item of `from` is listed twice",
                    ("from", place),
                    note=f"`{name}` is item {self.from_.index(name)} as well, counted from 0",
                    help="take one out",
                    edits=(Edit(("from", place)),),
                )
        if self.function_arn is not None and self.from_:
            yield not_on_existing(
                "from", "function", "function_arn", "take it out, or give `code` to create the function"
            )

    def system_findings(self) -> Iterator[Finding]:
        yield from self.incomplete()

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        yield from variable_findings(self, "from", self.from_, "reads", spec)

    def functions(self) -> Iterator[tuple[SpecPath, FunctionSpec]]:
        yield (), self

    def stack_share(self) -> StackShare:
        function = 4 if self.function_arn is None else 0  # with its role, the role's policy and its log
        # API, a resource, two methods, deployment, stage and the permission to invoke.
        basic = 9 if self.auth == "basic" else 0  # secret, authorizer with its function, two answers
        return StackShare(7 + function + basic, outputs=2 if self.auth == "basic" else 1)
