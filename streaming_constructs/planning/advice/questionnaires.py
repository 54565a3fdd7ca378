"""The lists of questions that options are scored by: how many of its list are answered with yes.

The lists of Kinesis, MSK Serverless and brokers ask what guides to these services ask. What no longer tells them apart is left
out: retention on MSK (it has no end on either kind), and Serverless for development, as its price has a floor. Those of
Firehose, SQS and EventBridge are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.options import Questionnaire

SMALL_MIB_PER_SECOND, MEDIUM_MIB_PER_SECOND = 10, 40
"""Ours: where guides draw lines between little, much and very much that is written to one stream, in MiB/s on average."""


class Question(NamedTuple):
    """A question.

    Attributes:
        id: Its id, such as `K4`.
        text: What it asks.
        is_so: Whether answers say yes.
    """

    id: str
    text: str
    is_so: Callable[[Answers], bool]


QUESTIONS: dict[Questionnaire, tuple[Question, ...]] = {
    "K": (
        Question("K1", "the first streaming system", lambda said: "first_project" in said.context),
        Question("K2", "services of AWS around it", lambda said: "aws_services" in said.context),
        Question("K3", "little to operate", lambda said: "simplicity" in said.context),
        Question("K4", "less than 10 MiB/s", lambda said: said.mib < SMALL_MIB_PER_SECOND),
        Question("K5", "nobody who runs Kafka", lambda said: "kafka_expertise" not in said.context),
        Question("K6", "analytics in real time", lambda said: "analytics" in said.context),
        Question("K7", "functions of Lambda", lambda said: "lambda" in said.context),
        Question("K8", "a bill that is known", lambda said: "predictable_price" in said.context),
        Question("K9", "a year at most", lambda said: said.hours <= kinesis.RETENTION_HOURS.maximum),
    ),
    "S": (
        Question("S1", "Kafka without operations", lambda said: said.speaks_kafka and not said.wants_control),
        Question(
            "S2",
            "an unknown peak, below 40 MiB/s on average",
            lambda said: said.traffic == "unpredictable" and said.mib < MEDIUM_MIB_PER_SECOND,
        ),
        Question(
            "S3",
            "from Kafka to something simpler",
            lambda said: {"migrating_from_kafka", "simplicity"} <= set(said.context),
        ),
        Question("S4", "pay per use", lambda said: "pay_per_use" in said.context),
        Question(
            "S6", "Kafka Connect or Kafka Streams", lambda said: not {"connect", "kafka_streams"}.isdisjoint(said.needs)
        ),
        Question("S8", "follows its load", lambda said: "automatic_scaling" in said.context),
    ),
    "P": (
        Question("P1", "comes from Kafka", lambda said: "migrating_from_kafka" in said.context),
        Question("P2", "40 MiB/s or more at all times", lambda said: said.mib >= MEDIUM_MIB_PER_SECOND),
        Question("P4", "somebody who runs Kafka", lambda said: "kafka_expertise" in said.context),
        Question("P5", "microservices", lambda said: "microservices" in said.context),
        Question("P6", "transactions", lambda said: "transactions" in said.needs),
        Question("P7", "settings of brokers", lambda said: said.wants_control),
        Question("P8", "other clouds", lambda said: "multi_cloud" in said.context),
        Question("P9", "tiered storage", lambda said: "tiered_storage" in said.needs),
    ),
    "D": (
        Question("D1", "records only land in a store", lambda said: said.delivers),
        Question("D2", "no code reads them", lambda said: said.applications == 0),
        Question("D3", "nothing is read again", lambda said: not said.replay),
        Question("D4", "little to operate", lambda said: "simplicity" in said.context),
    ),
    "Q": (
        Question("Q1", "each record is a piece of work", lambda said: said.purpose == "tasks"),
        Question("Q2", "one application reads", lambda said: said.applications == 1),
        Question("Q3", "nothing is read again", lambda said: not said.replay),
        Question("Q4", "pay per use", lambda said: "pay_per_use" in said.context),
    ),
    "E": (
        Question("E1", "services react to each other", lambda said: said.purpose == "events"),
        Question("E2", "microservices", lambda said: "microservices" in said.context),
        Question("E3", "no order counts", lambda said: said.ordering == "none"),
        Question("E4", "services of AWS around it", lambda said: "aws_services" in said.context),
    ),
}
"""Each list, by its letter."""


class Score(NamedTuple):
    """How many questions of a list are answered with yes.

    Attributes:
        yes: Their ids.
        of: How many there are.
    """

    yes: tuple[str, ...]
    of: int

    @property
    def share(self) -> float:
        """The share of them."""
        return len(self.yes) / self.of

    def __str__(self) -> str:
        return f"{len(self.yes)}/{self.of}"


def score(questionnaire: Questionnaire, answers: Answers) -> Score:
    """What the answers give by a list of questions.

    Args:
        questionnaire: The letter of the list.
        answers: The answers.
    """
    questions = QUESTIONS[questionnaire]
    return Score(tuple(question.id for question in questions if question.is_so(answers)), len(questions))
