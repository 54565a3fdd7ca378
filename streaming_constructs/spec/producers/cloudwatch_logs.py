"""Subscriptions of CloudWatch Logs as producers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from streaming_constructs.facts import logs
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import (
    AccountId,
    NodeName,
    SpecModel,
    form,
    listed_once,
)

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
                help="name `account_ids` or `organization_ids`, or take it out",
            )


class CloudWatchLogsProducerSpec(SpecModel):
    """A subscription of CloudWatch Logs: log events, gzipped in batches, as they are written."""

    kind: Literal["cloudwatch_logs"] = Field(
        default="cloudwatch_logs", description="A subscription of CloudWatch Logs."
    )
    writes: NodeName = Field(description="The stream, or the delivery, that it writes to.")
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
                )


def subscribed_findings(producer: CloudWatchLogsProducerSpec) -> Iterator[Finding]:
    """Whether anything is subscribed; log groups can be brought to a construct instead."""
    if not producer.log_groups and producer.account_policy is None and producer.accept_from is None:
        yield Finding(
            "LOG901",
            "nothing is subscribed",
            (),
            help="give `log_groups`, `account_policy` or `accept_from`",
        )
