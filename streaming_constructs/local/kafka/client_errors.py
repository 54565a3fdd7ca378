"""Errors of the client of Kafka, librdkafka, as those of a topic's log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from streaming_constructs.local.kafka.topic_log import OFFSET_OUT_OF_RANGE, TopicLogError

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

TIMED_OUT, _INVALID_ARG = -185, -186
"""Codes of librdkafka for what no broker has refused."""


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the client as ours."""
    from confluent_kafka import KafkaException

    try:
        yield
    except KafkaException as error:
        raise refusal(error.args[0]) from error
    except TimeoutError as error:
        raise TopicLogError(TIMED_OUT, "the broker did not answer", "_TIMED_OUT") from error
    except (ValueError, TypeError) as error:  # what the client finds impossible, and sends nobody
        raise TopicLogError(_INVALID_ARG, str(error), "_INVALID_ARG") from error


def refusal(error: KafkaError) -> TopicLogError:
    """An error of the client as ours.

    Args:
        error: The error.
    """
    from confluent_kafka import KafkaError as Kafka

    if error.code() == Kafka._AUTO_OFFSET_RESET:  # noqa: SLF001 - names of codes of the client begin so
        return TopicLogError(OFFSET_OUT_OF_RANGE, error.str())
    return TopicLogError(error.code(), error.str(), error.name())
