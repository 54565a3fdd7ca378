"""AWS Lambda functions: created from a folder of code, or existing ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from streaming_constructs.facts import event_source
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, SpecModel, arn, form, listed_once, not_on_existing, within
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.permission import Permission
    from streaming_constructs.spec.vpc import VpcPlacement
else:
    Permission = Annotated[Any, Section("permission", "Permission")]
    VpcPlacement = Annotated[Any, Section("vpc", "VpcPlacement")]

FunctionArn = Annotated[
    str,
    arn(
        "lambda",
        "function:[a-zA-Z0-9_-]{1,64}(:[a-zA-Z0-9$_-]{1,128})?",
        "the ARN of a function, arn:aws:lambda:REGION:ACCOUNT:function:NAME",
    ),
]
LayerArn = Annotated[
    str,
    form(
        r"^(powertools|arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[a-zA-Z0-9_-]{1,140}:[0-9]+)$",
        "the word powertools, or the ARN of a layer's version, arn:aws:lambda:REGION:ACCOUNT:layer:NAME:1",
    ),
]
POWERTOOLS = "powertools"
"""The word for the public layer of Powertools for AWS Lambda (Python).

Source: https://docs.aws.amazon.com/powertools/python/latest/
"""
Runtime = Literal[event_source.RUNTIMES]  # type: ignore[valid-type]


def _whole(value: Any) -> Any:
    # To Python, true is 1; to the language it is no number of days.
    if type(value) is not int:
        raise PydanticCustomError("literal_error", "not a number of days")
    return value


LogRetentionDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(_whole),
]
"""Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""
VariableName = Annotated[
    str,
    form(
        r"^[a-zA-Z][a-zA-Z0-9_]+$", "a variable name of two or more letters, digits and `_` that starts with a letter"
    ),
]
HandlerName = Annotated[
    str,
    form(
        r"^[A-Za-z_][\w./:$-]*$",
        "what the runtime calls: a file and a function such as index.handler, or a class such as com.example.App::handle",
        max_length=128,
    ),
]
CREATED_FUNCTION_FIELDS = (
    "handler",
    "runtime",
    "architecture",
    "memory_mb",
    "timeout_seconds",
    "environment",
    "log_retention_days",
    "layers",
    "reserved_concurrency",
    "vpc",
)
"""Fields that only a function that is created can have; an existing one is adopted as it is."""


def environment_bytes(environment: Mapping[str, str]) -> int:
    """The size of a function's environment variables as Lambda measures it: as JSON.

    Args:
        environment: The variables.
    """
    text = json.dumps(dict(environment), ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


class FunctionSpec(SpecModel):
    """A Lambda function, created from `code` or existing."""

    code: str | None = Field(
        default=None,
        min_length=1,
        description="Folder with the function's code, relative to this file; of Python, a requirements.txt in it is installed. "
        "Keys, credentials, history and folders of tools in it are not shipped. Left out: give `function_arn`.",
    )
    function_arn: FunctionArn | None = Field(
        default=None, description="ARN of an existing function, or of its version or alias. Left out: give `code`."
    )
    handler: HandlerName = Field(
        default="index.handler",
        description="What the runtime calls, such as file.function. Left out: index.handler.",
    )
    runtime: Runtime = Field(
        default="python3.13",
        description="The identifier of the Lambda runtime, such as nodejs22.x. Left out: python3.13.",
    )
    architecture: Literal["arm64", "x86_64"] = Field(default="arm64", description="The processor. Left out: arm64.")
    memory_mb: Annotated[Int, within(event_source.FUNCTION_MEMORY_MIB)] = Field(
        default=256, description="Memory, in MB, 128 to 10240; processor power follows it. Left out: 256."
    )
    timeout_seconds: Annotated[Int, within(event_source.FUNCTION_TIMEOUT_SECONDS)] = Field(
        default=60, description="Longest time for one batch, in seconds, 1 to 900. Left out: 60."
    )
    environment: Mapping[VariableName, str] = Field(
        default_factory=dict, description="Environment variables of the function. Left out: none of your own."
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="Days that the function's log is kept. Left out: 30."
    )
    layers: tuple[LayerArn, ...] = Field(
        default=(),
        max_length=event_source.FUNCTION_LAYERS.maximum,
        description="Layers: ARNs of layer versions, or the word powertools for AWS's public Powertools layer. "
        "Left out: none.",
    )
    reserved_concurrency: Annotated[Int, within(event_source.RESERVED_CONCURRENCY)] | None = Field(
        default=None,
        description="Concurrent executions kept for this function, and its upper limit. Left out: it shares the account's.",
    )

    vpc: VpcPlacement | None = Field(
        default=None,
        description="Where in a VPC the function stands; needed to reach what is in it, not to read. Left out: in none.",
    )
    permissions: tuple[Permission, ...] = Field(
        default=(),
        description="What it may do beyond what follows from the system, as {actions: […], resources: […]}. Left out: nothing.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.code is not None and self.function_arn is not None:
            yield CODE_OR_FUNCTION.below("function_arn")
        if self.function_arn is not None:
            yield from self._findings_of_existing()
        yield from listed_once(self, "layers")
        yield from self._layer_findings()
        for variable in self.environment:
            if variable in event_source.RESERVED_VARIABLES:
                yield Finding(
                    "LAM519",
                    f"`{variable}` is a variable that Lambda sets itself",
                    ("environment", variable),
                    note="Lambda refuses a function that brings it; its code can read what Lambda says there",
                    help="take it out, or give it another name",
                    edits=(Edit(("environment", variable)),),
                )
        size = environment_bytes(self.environment)
        if size > event_source.FUNCTION_ENVIRONMENT_BYTES.value:
            yield Finding(
                "LAM503",
                "the environment variables are larger than a function takes",
                ("environment",),
                note=f"they are {size} bytes as JSON; Lambda takes 4096",
                help="keep large values in SSM Parameter Store and name the parameter",
            )

    def _layer_findings(self) -> Iterator[Finding]:
        if POWERTOOLS in self.layers and not str(self.runtime).startswith("python"):
            yield Finding(
                "LNG404",
                f"`{POWERTOOLS}` has no effect here",
                ("layers", self.layers.index(POWERTOOLS)),
                note=f"the word is short for the layer of Powertools for Python; the runtime is `{self.runtime}`",
                help="take it out, or name the ARN of a layer for the runtime",
                edits=(Edit(("layers", self.layers.index(POWERTOOLS))),),
            )

    def _findings_of_existing(self) -> Iterator[Finding]:
        for field in CREATED_FUNCTION_FIELDS:
            if field in self.model_fields_set and getattr(self, field, None) is not None:
                yield not_on_existing(
                    field, "function", "function_arn", "take it out, or give `code` to create the function"
                )

    def incomplete(self) -> Iterator[Finding]:
        """What is wrong with a function that is neither created nor named; a construct may get a live one instead."""
        if self.code is None and self.function_arn is None:
            yield CODE_OR_FUNCTION


CODE_OR_FUNCTION = Finding(
    "LAM501",
    "a function is either `code` or an existing one",
    help="give exactly one of `code: handlers/NAME` and `function_arn: arn:aws:lambda:REGION:ACCOUNT:function:NAME`",
)
