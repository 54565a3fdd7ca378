"""Subscriptions of CloudWatch Logs as producers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import logs
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import (
    AccountId,
    OneNodeName,
    SpecModel,
    form,
    listed_once,
)
from streaming_constructs.spec.node import NodeSpec, RecordForm, Reference
from streaming_constructs.spec.producers.filter_pattern import refused

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

LogGroupName = Annotated[str, form(r"^[.\-_/#A-Za-z0-9]{1,512}$", "a log group of up to 512 letters, digits and ._-/#")]
OrganizationId = Annotated[str, form(r"^o-[a-z0-9]{10,32}$", "the id of an organization, o-exampleorgid")]


class AccountPolicy(SpecModel):
    """All log groups of the account and region, those that come later too."""

    exclude_log_groups: tuple[LogGroupName, ...] = Field(
        default=(),
        max_length=logs.EXCLUDED_LOG_GROUPS.maximum,
        description="Log groups that are left out, beside those of this system, which are left out anyway: it would feed "
        "itself. Left out: all others are subscribed.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "exclude_log_groups")


class AcceptFrom(SpecModel):
    """Other accounts that may send their logs, by a destination that they subscribe to."""

    account_ids: tuple[AccountId, ...] = Field(default=(), description="Accounts. Left out: none by number.")
    organization_ids: tuple[OrganizationId, ...] = Field(
        default=(), description="Organizations, with all their accounts. Left out: none."
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "account_ids")
        yield from listed_once(self, "organization_ids")
        if not (self.account_ids or self.organization_ids):
            yield Finding(
                "LOG902",
                "nobody may send",
                (),
                help='name `account_ids` such as `["111122223333"]`, or `organization_ids`, or take it out',
                edits=(Edit(("account_ids",), ["111122223333"], invented=True),),
            )


class CloudWatchLogsProducerSpec(NodeSpec):
    """A subscription of CloudWatch Logs: log events, gzipped in batches, as they are written."""

    references: ClassVar = (
        Reference(("to",), "to", ("streams", "deliveries"), "stream or delivery", kinds=("kinesis", "")),
    )
    example: ClassVar = {"kind": "cloudwatch_logs", "to": "logs", "log_groups": ["/aws/lambda/checkout"]}

    kind: Literal["cloudwatch_logs"] = Field(
        default="cloudwatch_logs", description="A subscription of CloudWatch Logs."
    )
    to: OneNodeName = Field(description="The stream, or the delivery, that it writes to.")
    log_groups: tuple[LogGroupName, ...] = Field(
        default=(),
        description="Log groups of this account and region, by name. Left out: give `account_policy` or `accept_from`.",
    )
    account_policy: AccountPolicy | None = Field(
        default=None,
        description="Subscribes all log groups of the account and region; AWS allows one such policy. Left out: only those "
        "that are named.",
    )
    accept_from: AcceptFrom | None = Field(
        default=None,
        description="Other accounts that may send their logs here. Left out: none.",
    )
    filter_pattern: Annotated[str, Field(max_length=int(logs.FILTER_PATTERN_CHARACTERS.value))] = Field(
        default="",
        description="Which events are sent, as a CloudWatch Logs filter pattern such as `?ERROR ?WARN`. Left out: all.",
    )
    distribution: Literal["by_log_stream", "random"] = Field(
        default="by_log_stream",
        description="How events spread over shards: by_log_stream (in order, but a loud log stream heats one shard) or "
        "random. Left out: by_log_stream.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "log_groups")
        if self.log_groups and self.account_policy is not None:
            yield Finding(
                "LOG901",
                "the account policy has these log groups already",
                ("log_groups",),
                note="each event would be sent twice",
                help="take out `log_groups`, or `account_policy`",
                edits=(Edit(("log_groups",)),),
            )
        why = refused(self.filter_pattern)
        if why:
            yield Finding(
                "LOG911",
                "CloudWatch Logs refuses the filter pattern",
                ("filter_pattern",),
                note=why,
                help="write words such as `?ERROR ?WARN`, a phrase in double quotes inside of single ones such as "
                "`'\"Task timed out\"'`, or a condition on a field of JSON such as `'{ $.level = \"ERROR\" }'`",
                edits=(Edit(("filter_pattern",)),),
            )
        abroad = self.accept_from is not None and not self.log_groups and self.account_policy is None
        for field in ("filter_pattern", "distribution"):
            if field in self.model_fields_set and abroad:
                yield Finding(
                    "LNG404",
                    f"`{field}` has no effect here",
                    (field,),
                    note="who subscribes from another account says it there",
                    help="take it out",
                    edits=(Edit((field,)),),
                )

    def record_form(self) -> RecordForm:
        return "gzip"

    def system_findings(self) -> Iterator[Finding]:
        if not self.log_groups and self.account_policy is None and self.accept_from is None:
            yield Finding(
                "LOG901",
                "nothing is subscribed",
                (),
                help="give `log_groups: [/aws/lambda/checkout]`, `account_policy: {}` or `accept_from: {account_ids: [...]}`",
                edits=(Edit(("log_groups",), ["/aws/lambda/checkout"], invented=True),),
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        if self.account_policy is None:
            return
        for other, node in spec.producers.items():
            if other == name:
                return
            if getattr(node, "account_policy", None) is not None:
                same = getattr(node, "to", None) == self.to
                named = Edit(("log_groups",), ["/aws/lambda/checkout"], invented=True)
                yield Finding(
                    "LOG903",
                    "a second policy for all log groups",
                    ("account_policy",),
                    note=f"`{other}` has one; CloudWatch Logs takes one in an account and region",
                    help=f"take `{name}` out: `{other}` sends the same events to `{self.to}`"
                    if same
                    else "let all read what that one writes, or name `log_groups: [/aws/lambda/checkout]` in its place",
                    edits=(Edit(()),) if same else (Edit(("account_policy",)), named),
                )
                return
