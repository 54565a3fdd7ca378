"""The services, and the ways to buy them, among which one is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Service = Literal["kinesis", "msk", "firehose", "sqs", "eventbridge"]
Questionnaire = Literal["K", "S", "P", "D", "Q", "E"]


@dataclass(frozen=True, slots=True)
class Option:
    """One of them.

    Attributes:
        name: Its name, as `--option` takes it.
        title: What people call it.
        service: The service that it is of.
        questions: The list of questions that it is scored by.
        has_spec: Whether the language has a kind for it, so that a spec can be written.
    """

    name: str
    title: str
    service: Service
    questions: Questionnaire
    has_spec: bool = True


OPTIONS = {
    option.name: option
    for option in (
        Option("kinesis_provisioned", "Kinesis provisioned", "kinesis", "K"),
        Option("kinesis_on_demand", "Kinesis on demand", "kinesis", "K"),
        Option("kinesis_advantage", "Kinesis On-demand Advantage", "kinesis", "K"),
        Option("msk_serverless", "MSK Serverless", "msk", "S"),
        Option("msk_express", "MSK Express brokers", "msk", "P"),
        Option("msk", "MSK Standard brokers", "msk", "P"),
        Option("firehose", "Firehose alone", "firehose", "D"),
        Option("sqs", "SQS", "sqs", "Q"),
        Option("eventbridge", "EventBridge", "eventbridge", "E", has_spec=False),
    )
}
"""All of them, by name."""


def option_of(word: str) -> Option | None:
    """The option of a name or of a title, however its words are written and joined.

    Args:
        word: What was said.
    """
    meant = _plain(word)
    return next((option for option in OPTIONS.values() if meant in {_plain(option.name), _plain(option.title)}), None)


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


KINESIS = ("kinesis_provisioned", "kinesis_on_demand", "kinesis_advantage")
MSK = ("msk_serverless", "msk_express", "msk")
BROKERS = ("msk_express", "msk")
WITHOUT_KAFKA = tuple(name for name in OPTIONS if name not in MSK)
