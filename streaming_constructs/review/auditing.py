"""What is wrong with a template that anybody wrote: the registry of rules, each beside its service in `audits`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from streaming_constructs.review.comparing.branches import assumed, branches
from streaming_constructs.review.comparing.generated import as_written
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.template_meaning import template_meaning
from streaming_constructs.review.grade import RANKS
from streaming_constructs.review.judgement import told
from streaming_constructs.review.meaning import Meanings
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.remark import Remark

MODULES = (
    "kinesis",
    "event_source_mapping",
    "lambda_function",
    "lambda_permissions",
    "time_of_functions",
    "dynamodb",
    "queues_and_topics",
    "pipes",
    "api_gateway",
    "firehose",
    "glue",
    "s3",
    "opensearch",
    "msk",
    "kafka_connect",
    "flink",
    "alarms",
    "alarm_data",
    "logs",
    "iam",
    "kms",
    "network",
    "public_access",
    "secrets",
)
"""The modules of `audits`, one for each service."""

ResourceAudit = Callable[[Template, Resource], Meanings]
WholeAudit = Callable[[Template], Meanings]


@dataclass(frozen=True, slots=True)
class Audits:
    """All rules.

    Attributes:
        resources: Of resources, by type.
        whole: Of a template.
    """

    resources: dict[str, list[ResourceAudit]]
    whole: list[WholeAudit]


_AUDITS = Audits({}, [])


def audits(*resource_types: str) -> Callable[[ResourceAudit], ResourceAudit]:
    """Registers a rule about each resource of some types.

    Args:
        resource_types: The types.
    """

    def register(rule: ResourceAudit) -> ResourceAudit:
        for resource_type in resource_types:
            _AUDITS.resources.setdefault(resource_type, []).append(rule)
        return rule

    return register


def audits_the_whole(rule: WholeAudit) -> WholeAudit:
    """Registers a rule that looks at the template as a whole; each of its meanings names its resource."""
    _AUDITS.whole.append(rule)
    return rule


@cache
def _audits() -> Audits:
    for name in MODULES:
        importlib.import_module(f"streaming_constructs.review.audits.{name}")
    return _AUDITS


def audit(source: Source) -> list[Remark]:
    """What is wrong with a template, the gravest first.

    Args:
        source: The template.
    """
    remarks = list(_remarks(template_meaning(source, assumed(source))))
    said = {(remark.code, remark.logical_id, remark.path) for remark in remarks}
    for values in branches(source):
        for remark in _remarks(template_meaning(source, values)):
            if (remark.code, remark.logical_id, remark.path) not in said:
                said.add((remark.code, remark.logical_id, remark.path))
                remarks.append(remark)
    told_of = dict.fromkeys(as_written(remark, source.written) for remark in remarks)
    return sorted(told_of, key=lambda remark: -RANKS[remark.grade])


def _remarks(template: Template) -> Iterator[Remark]:
    every = _audits()
    for resource in template.resources.values():
        for rule in every.resources.get(resource.type, ()):
            yield from told(rule(template, resource), resource, "Properties")
    for whole in every.whole:
        yield from told(whole(template), None, "")
