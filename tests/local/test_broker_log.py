"""The log of a broker that ended: what it said first, and which property it is about."""

from __future__ import annotations

import pytest

from streaming_constructs.local.kafka.broker_log import first_failure

REFUSING = """[main] ERROR kafka.Kafka$ - Exiting Kafka due to fatal exception
org.apache.kafka.common.config.ConfigException: Invalid value 0 for configuration num.partitions: too low
\tat org.apache.kafka.common.config.ConfigDef.parse(ConfigDef.java:524)
java.lang.NullPointerException: what comes with the end
"""
STARTING = "[main] WARN kafka.server.KafkaRaftServer - something to know\n"


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (
            REFUSING,
            "ConfigException: Invalid value 0 for configuration num.partitions: too low",
        ),
        (
            "java.lang.ClassNotFoundException: no.such.Selector\n",
            "ClassNotFoundException: no.such.Selector (`replica.selector.class`)",
        ),
        (
            "java.lang.IllegalArgumentException: requirement failed: log.roll.ms must be greater than or equal to 1\n",
            "IllegalArgumentException: requirement failed: log.roll.ms must be greater than or equal to 1",
        ),
        ("Unrecognized VM option 'Nothing'\nError: Could not create\n", "Unrecognized VM option 'Nothing'"),
        ("java.lang.OutOfMemoryError: Java heap space\n", "OutOfMemoryError: Java heap space"),
        ("killed\n", "killed"),
    ],
)
def test_the_first_failure_is_the_reason(said: str, failure: str) -> None:
    properties = {"num.partitions": "0", "replica.selector.class": "no.such.Selector", "log.roll.ms": "0"}
    assert first_failure(STARTING + said, properties) == failure


def test_a_log_without_words_has_no_reason() -> None:
    assert first_failure("\n", {}) == ""
