"""A complete piece of a spec to paste, for any part of the language."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel

from streaming_constructs.spec.section import Section

_BY_FIELD: Mapping[str, Any] = {
    "name": "clickstream",
    "from": "clicks",
    "code": "handlers/fraud",
    "email": "oncall@example.com",
    "table": "orders",
    "database": "sales",
    "schema": "public",
    "records_per_second": 1000,
    "endpoint": "https://example.com/records",
    "path": "/var/log/app/*.log",
    "files": ["/var/log/app/*.log"],
    "type": "string",
    "destination": "s3",
    "at_timestamp": "2026-01-15T00:00:00Z",
    "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:NAME-AbCdEf",
    "account_url": "https://ACCOUNT.snowflakecomputing.com",
    "collection_arn": "arn:aws:aoss:eu-west-1:111122223333:collection/abcdef123456",
    "collection_endpoint": "https://abcdef123456.eu-west-1.aoss.amazonaws.com",
    "subnet_ids": ["subnet-0123456789abcdef0"],
    "notify": ["oncall@example.com"],
    "silence": {"fraud.throttles": "retried, and nobody waits"},
    "acknowledge": {"fraud.LAM507": "read again within the hour"},
    "override": {"fraud.errors": {"threshold": 5}},
    "tags": {"team": "growth"},
    "environment": {"LIMIT": "5"},
    "subscribers": ["oncall@example.com"],
    "transitions": [{"after_days": 90, "storage_class": "glacier_ir"}],
    "processing": [{"option": "single_line"}],
    "schemas": {"click": {"user_id": "string", "event_time": "timestamp"}},
}
"""What could stand in a field, where its type alone does not say."""


def example_of(annotation: Any, field: str = "") -> Any:
    """What a file could say in a place.

    Args:
        annotation: The type of the place.
        field: The name of the field, if it is one.
    """
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    annotation = _bare(annotation)
    if isinstance(annotation, Section):
        return example_of(annotation.model(next(iter(annotation.kinds))))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        given = getattr(annotation, "example", None)
        return given if given is not None else _required(annotation)
    return _of_values(annotation)


def _of_values(annotation: Any) -> Any:
    """What could stand where there is no part of the language: a choice, a list, a mapping, a number, a text."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return example_of(next(member for member in arguments if member is not type(None)))
    if origin is tuple:
        return [example_of(arguments[0])]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {str(example_of(arguments[0])): example_of(arguments[1])}
    return {int: 1, float: 1, bool: True}.get(annotation, "NAME")


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        section = next((extra for extra in annotation.__metadata__ if isinstance(extra, Section)), None)
        annotation = get_args(annotation)[0] if section is None else section
    return annotation


def _required(model: type[BaseModel]) -> dict[str, Any]:
    return {
        str(field.validation_alias or name): field.default if name == "kind" else example_of(field.annotation, name)
        for name, field in model.model_fields.items()
        if field.is_required() or name == "kind"
    }


def in_yaml(value: Any) -> str:
    """A piece as it is written in a file, on one line.

    Args:
        value: The piece, as plain data.
    """
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=100_000)
    return text.removesuffix("...\n").strip()
