"""What is wrong with connectors on MSK Connect: secrets in plain text, records that are dropped, logs, and how they sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts import kafka_connect
from streaming_constructs.review.access.secrets_in_text import is_plain_secret
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_true
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.kafka_connect import CONNECTOR
from streaming_constructs.review.settings.kafka_properties import properties_of

_LOGS = ("CloudWatchLogs", "Firehose", "S3")


@audits(CONNECTOR)
def settings(template: Template, connector: Resource) -> Iterator[Meaning]:
    """What stands in the settings of a connector."""
    found = connector.at("ConnectorConfiguration")
    if not isinstance(found, Mapping):
        return
    yield from _secrets(found, "Properties.ConnectorConfiguration")
    if found.get("errors.tolerance") == "all" and not found.get(kafka_connect.DEAD_LETTER_TOPIC):
        yield Meaning(
            "AUD431",
            "errors.tolerance=all without a topic for what fails: such records are dropped without a trace",
            f"name a topic: `{kafka_connect.DEAD_LETTER_TOPIC}`, or leave errors.tolerance at none",
            path="Properties.ConnectorConfiguration",
        )


@audits("AWS::KafkaConnect::WorkerConfiguration")
def workers(template: Template, found: Resource) -> Iterator[Meaning]:
    """What stands in the properties of workers."""
    yield from _secrets(properties_of(found.at("PropertiesFileContent")) or {}, "Properties.PropertiesFileContent")


def _secrets(found: Mapping[str, object], path: str) -> Iterator[Meaning]:
    for name, value in found.items():
        if is_plain_secret(str(name), value):
            yield Meaning(
                "AUD430",
                f"`{name}` stands there in plain text: whoever may read the stack or the connector reads it",
                "name a secret by a configuration provider: `${secretsmanager:NAME:KEY}`",
                path=path,
            )


@audits(CONNECTOR)
def connection(template: Template, connector: Resource) -> Iterator[Meaning]:
    """How a connector comes to its cluster, and whether its logs are seen."""
    if connector.at("KafkaClusterEncryptionInTransit", "EncryptionType") == "PLAINTEXT":
        yield Meaning(
            "AUD432",
            "records travel between the connector and the brokers in plain text",
            "EncryptionType: TLS, and the port of that",
            path="Properties.KafkaClusterEncryptionInTransit",
        )
    if connector.at("KafkaClusterClientAuthentication", "AuthenticationType") == "NONE":
        yield Meaning(
            "AUD433",
            "the connector does not say who it is: its cluster lets anybody in",
            "AuthenticationType: IAM, and the port of that",
            path="Properties.KafkaClusterClientAuthentication",
        )
    logs = connector.at("LogDelivery", "WorkerLogDelivery")
    if logs is None or (
        isinstance(logs, Mapping)
        and "Ref" not in logs
        and not any(_may_be_on(value_at(logs, (where, "Enabled"))) for where in _LOGS)
    ):
        yield Meaning(
            "AUD434", "its workers write no logs: why a task fails is seen nowhere", "log to CloudWatch, S3 or Firehose"
        )


def _may_be_on(value: object) -> bool:
    return is_true(value) or isinstance(value, Mapping)
