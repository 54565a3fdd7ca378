"""What well-known classes of connectors ask for in their configuration; of any other it is only asked that there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding, nearest
from streaming_constructs.spec.kafka_configs import config_text

if TYPE_CHECKING:
    from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec


def class_findings(spec: KafkaConnectorSpec) -> Iterator[Finding]:
    """What is wrong with the configuration of a connector, by its class; paths are relative to the connector.

    Args:
        spec: The connector.
    """
    if not spec.class_name:
        yield _missing("connector.class", _usual_class(spec.connects), "MSK Connect does not know what to run")
        return
    known = spec.known
    if known is None:
        close = nearest(spec.class_name, kafka_connect.CLASSES)
        if close and close.rpartition(".")[2] == spec.class_name.rpartition(".")[2]:
            yield Finding(
                "MSK420",
                f"{kafka_connect.CLASSES[close].name} has another class",
                ("config", "connector.class"),
                note=f"`{spec.class_name}` is given",
                help=f"write `connector.class: {close}`",
                edits=(Edit(("config", "connector.class"), close),),
            )
        return
    if known.kind != spec.connects:
        yield Finding(
            "MSK420",
            f"{known.name} is a {known.kind}",
            ("config", "connector.class"),
            note=f"the connector is of kind {spec.connects}",
            help=f"set `kind: {known.kind}`, or name the class of a {spec.connects}",
        )
        return
    if spec.class_name in kafka_connect.ONE_TASK and spec.capacity.scales:
        yield Finding(
            "MSK443",
            f"{known.name} runs one task, whatever the load",
            ("capacity", "max_workers"),
            note="AWS says that it does not work with workers that follow the load: MSK Connect would set tasks.max itself",
            help="take out `max_workers`; a larger worker is `capacity: {mcu: 2}`",
            edits=(Edit(("capacity",), {"mcu": spec.capacity.mcu}),),
        )
    filled = set(kafka_connect.FILLED_IN.get(spec.class_name, {}))
    if spec.creates_bucket:
        filled |= {kafka_connect.S3_BUCKET, kafka_connect.S3_REGION}
    for key, value in known.required.items():
        if not _given(spec, key) and key not in filled:
            yield _missing(key, value, f"{known.name} does not start without it")
    yield from _secret_findings(spec, known)


def _secret_findings(spec: KafkaConnectorSpec, known: kafka_connect.ConnectorClass) -> Iterator[Finding]:
    """What a secret would fill in, where none is named."""
    for key in known.from_secret:
        if not _given(spec, key) and spec.secret_arn is None:
            yield Finding(
                "MSK420",
                f"`{key}` is missing",
                ("config",),
                note=f"{known.name} does not start without it; a secret of Amazon RDS has a username and a password",
                help='add `secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf"`, and both '
                "are filled in",
                edits=(
                    Edit(
                        ("secret_arn",),
                        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf",
                        invented=True,
                    ),
                ),
            )
            break


def _given(spec: KafkaConnectorSpec, key: str) -> bool:
    return key in spec.config and config_text(spec.config[key]) != ""


def _usual_class(kind: str) -> str:
    return next(name for name, known in kafka_connect.CLASSES.items() if known.kind == kind)


def _missing(key: str, value: str, why: str) -> Finding:
    return Finding(
        "MSK420",
        f"`{key}` is missing",
        ("config",),
        note=why,
        help=f"add `config: {in_yaml({key: value})}`",
        edits=(Edit(("config", key), value, invented=True),),
    )
