"""What is wrong with the log groups of a template: events that are kept for ever."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.meaning import Meaning


@audits("AWS::Logs::LogGroup")
def retention(template: Template, group: Resource) -> Iterator[Meaning]:
    """Whether log events expire; those of the class DELIVERY do after a day, whatever is said."""
    if group.at("RetentionInDays") is None and group.at("LogGroupClass") != "DELIVERY":
        yield Meaning(
            "AUD510",
            "its log events are kept for ever, and each gigabyte is paid for by the month",
            "set RetentionInDays to what the logs are needed for",
            path="Properties.RetentionInDays",
        )
