"""Amazon API Gateway as a producer: a REST API whose requests become records, without a function between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Bool, Int, Number, OneNodeName, SpecModel, form
from streaming_constructs.spec.node import NodeSpec, RecordForm, Reference, StackShare
from streaming_constructs.spec.schemas import FieldName

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

BATCH = "batch"
"""The last part of the path that takes several records."""
# Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html
ApiPath = Annotated[
    str,
    form(
        r"^(/[A-Za-z0-9_.:-]+){1,8}$",
        "a path of letters, digits and _.:- such as /requests, without a / at its end",
        max_length=256,
    ),
]


class Throttle(SpecModel):
    """How many requests are let through."""

    example: ClassVar = {"rate": 200, "burst": 400}

    rate: Number = Field(gt=0, le=1e6, description="Requests per second, on average. A batch is one request.")
    burst: Annotated[Int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None,
        description="Requests that are let through at once, after a pause. Left out: those of one second.",
    )


class ApiGatewayProducerSpec(NodeSpec):
    """A REST API of Amazon API Gateway that puts what it is sent into a stream or a delivery, without a function between.

    A request to `path` is one record, a JSON object. One to `path` with `/batch` behind it has up to 500 of them, as
    `{"records": [{…}, {…}]}`. Requests are validated before they are put: by the schema of the stream, whose fields may be
    left out or null but for the partition key, and by its types; fields that it does not know are refused.
    """

    references: ClassVar = (
        Reference(("to",), "to", ("streams", "deliveries"), "stream or delivery", kinds=("kinesis", "")),
    )
    example: ClassVar = {"kind": "api_gateway", "to": "requests", "path": "/requests"}

    kind: Literal["api_gateway"] = Field(
        default="api_gateway", description="A REST API of Amazon API Gateway, without a function between."
    )
    to: OneNodeName = Field(description="The stream, or the delivery, that it writes to.")
    path: ApiPath = Field(description="The path of one record, such as /requests; several are sent to /requests/batch.")
    method: Literal["POST", "PUT"] = Field(default="POST", description="POST or PUT. Left out: POST.")
    partition_key: FieldName | None = Field(
        default=None,
        description="The field of a record that is its partition key; every request has to have it. Without a schema it is a "
        "text. Left out: that of the stream; where it has none, each record has a key of its own.",
    )
    auth: Literal["iam", "api_key", "none"] = Field(
        default="iam",
        description="Who may call it: iam (requests signed by who has `execute-api:Invoke`), api_key (who sends the key that "
        "is created, as `x-api-key`) or none (everybody on the internet). Left out: iam.",
    )
    throttle: Throttle | None = Field(
        default=None,
        description="How many requests are let through; others are answered with 429. Each of the two paths has this of its "
        "own; with an API key both share it. Left out: as many as the stream takes records, within the account's quota.",
    )
    access_logs: Bool = Field(
        default=False,
        description="Whether each request is written to a log group, without its body. Needs a role that the account has once "
        "in a region. Left out: false.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.path.rpartition("/")[2] == BATCH:
            yield Finding(
                "API884",
                "`/batch` is where several records are sent",
                ("path",),
                note=f"`{self.path}` would take one record, and `{self.path}/{BATCH}` several",
                help=f"name the path of one record: `path: {self.path.removesuffix(f'/{BATCH}') or '/records'}`",
                edits=(Edit(("path",), self.path.removesuffix(f"/{BATCH}") or "/records"),),
            )

    def record_form(self) -> RecordForm:
        return "json"

    def stack_share(self) -> StackShare:
        # API, two models, validator, two methods, three answers, deployment, stage, role and policy; a resource for each part.
        keyed = self.auth == "api_key"
        shared = 13 + self.path.count("/") + 1
        return StackShare(shared + (3 if keyed else 0) + self.access_logs, outputs=2 if keyed else 1)

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        if self.to in spec.deliveries and "partition_key" in self.model_fields_set and self.partition_key is not None:
            yield Finding(
                "LNG404",
                "`partition_key` has no effect here",
                ("partition_key",),
                note="a delivery has no shards",
                help="take it out",
                edits=(Edit(("partition_key",)),),
            )
