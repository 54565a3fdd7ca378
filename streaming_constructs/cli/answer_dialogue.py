"""The answers of `advise` as a dialogue in a terminal: a few questions, of which most may be answered with Enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import click

from streaming_constructs.cli.answer_options import type_of
from streaming_constructs.planning.advice.answers import CONTEXT, NEEDS


class _Question(NamedTuple):
    """A question of the dialogue.

    Attributes:
        name: The answer that it gives.
        text: What is asked.
        default: What Enter says.
        is_asked: Whether it is asked, by what was said before. None: always.
    """

    name: str
    text: str
    default: Any
    is_asked: Callable[[dict[str, Any]], bool] | None = None


def _reads(said: dict[str, Any]) -> bool:
    purpose: str = said["purpose"]
    return purpose != "delivery"


def _is_kafka(said: dict[str, Any]) -> bool:
    protocol: str = said["protocol"]
    return protocol == "kafka"


_QUESTIONS = (
    _Question("purpose", "What are records for?", "stream"),
    _Question("records_per_second", "How many records are written per second, on average?", 1000.0),
    _Question("record_kb", "How many KB does one have?", 1.0),
    _Question("peak_factor", "How many times the average is the busiest minute?", 2.0),
    _Question("traffic", "Is the peak known beforehand?", "predictable"),
    _Question("readers", "How many applications read all of them?", 1, _reads),
    _Question("latency_ms", "After how many milliseconds does a reader need a record?", 1000, _reads),
    _Question("ordering", "Do the records of a key have to stay in order?", "none", _reads),
    _Question("retention_days", "For how many days are records kept?", 1),
    _Question("protocol", "What do producers and readers speak?", "any"),
    _Question("auth", "How do clients authenticate?", "iam", _is_kafka),
)
_LISTS = (
    ("needs", "What of Kafka is needed?", NEEDS, _is_kafka),
    ("context", "What else is so?", CONTEXT, None),
)


def asked() -> dict[str, Any]:
    """Asks in the terminal, on stderr, and gives what was answered.

    Raises:
        click.Abort: If nobody answers any more.
    """
    said: dict[str, Any] = {}
    for question in _QUESTIONS:
        if question.is_asked is None or question.is_asked(said):
            said[question.name] = click.prompt(
                question.text, default=question.default, type=type_of(question.name), err=True
            )
    for name, text, words, is_asked in _LISTS:
        if is_asked is None or is_asked(said):
            click.echo("".join(f"\n  {word:<22}{told}" for word, told in words.items()) + "\n", err=True)
            said[name] = click.prompt(f"{text} (words with commas)", default="", type=_Words(words), err=True)
    return said


class _Words(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click alone
    """Words with commas between them, each of a list."""

    name = "words"

    def __init__(self, words: Any) -> None:
        self._words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        said = tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))
        wrong = [word for word in said if word not in self._words]
        if wrong:
            from streaming_constructs.spec.finding import did_you_mean
            from streaming_constructs.spec.printable import printable

            self.fail(
                "; ".join(f"`{printable(word)}`: {did_you_mean(word, self._words)}" for word in wrong), param, ctx
            )
        return said
