"""The environment variables that name to a function what it writes to: `LOGS_STREAM_ARN` for the stream `logs`."""

from __future__ import annotations

ENDINGS = {
    "streams": "STREAM_ARN",
    "queues": "QUEUE_URL",
    "deliveries": "DELIVERY_STREAM_NAME",
    "sns_topics": "TOPIC_ARN",
    "stores": "TABLE_NAME",
}
"""How they end, by the section of the node."""
TABLE_ARN = "TABLE_ARN"
"""How the second of a table ends: by it a client names a table of another account, too."""
TOPIC_NAME, BOOTSTRAP_SERVERS = "TOPIC_NAME", "BOOTSTRAP_SERVERS"
"""How they end for a topic of Kafka: its name, and the brokers of its cluster, where these are known."""


def endings(section: str, kind: str) -> tuple[str, ...]:
    """How the variables of a node end.

    Args:
        section: Its section.
        kind: Its kind.
    """
    if kind == "kafka":
        return TOPIC_NAME, BOOTSTRAP_SERVERS
    return (ENDINGS[section], TABLE_ARN) if kind == "dynamodb" else (ENDINGS[section],)


def target_variable(name: str, ending: str) -> str:
    """The variable of a node that a function writes to.

    Args:
        name: The name of the node; `-` becomes `_`.
        ending: How it ends, as its section has it.
    """
    return f"{name.upper().replace('-', '_')}_{ending}"
