"""A spec to begin with, for an option: what is sized here, what reads it, and nothing that has to be taken out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.msk import ACLS_REQUIRED
from streaming_constructs.planning.advice import parts
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import region_of
from streaming_constructs.planning.advice.options import KINESIS, MSK, OPTIONS
from streaming_constructs.planning.advice.reading import fans_out
from streaming_constructs.spec.examples import in_yaml

CODE = "handlers/reader"
"""The folder with the code of what reads, beside the file."""
MOST_READERS = 10
"""How many applications that read are written down: more would be more than a stack of CloudFormation takes."""
_NAME = "advised"

_OF_REGION = {
    "scram_secret_arns": "arn:aws:secretsmanager:{}:111122223333:secret:AmazonMSK_clients-a1B2c3",
    "certificate_authority_arns": "arn:aws:acm-pca:{}:111122223333:certificate-authority/"
    "12345678-1234-1234-1234-123456789012",
    "secret_arn": "arn:aws:secretsmanager:{}:111122223333:secret:AmazonMSK_reader-a1B2c3",
    "secret_kms_key_arn": "arn:aws:kms:{}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}
"""What stands for secrets, authorities and keys of which nobody told."""

_HANDLER = '''"""Reads the records of `records`, a batch at a time."""

import base64


def handler(event, context):
    """Hands each record of a batch on; what fails is tried again, and then kept as `on_failure` says."""
    for record in {records}:
        handle(base64.b64decode({data}))


def handle(record):
    """What is to be done with a record goes here."""
'''


_QUEUE_HANDLER = '''"""Does the tasks of `records`, a batch at a time."""


def handler(event, context):
    """Does each task of a batch; where one fails the batch is handed out again, and then goes to the dead-letter queue."""
    for record in event["Records"]:
        handle(record["body"])


def handle(task):
    """What is to be done with a task goes here."""
'''


def skeleton(option: str, answers: Answers) -> dict[str, str]:
    """The files of a spec to begin with, by their names beside the spec; the spec itself has the empty name.

    Args:
        option: An option that has a spec.
        answers: The answers.
    """
    files = {"": _spec(option, answers)}
    if answers.applications and option != "firehose":
        files[f"{CODE}/index.py"] = _handler(option)
    return files


def _handler(option: str) -> str:
    if option in MSK:
        records = '(record for records in event["records"].values() for record in records)'
        return _HANDLER.format(records=records, data='record["value"]')
    if option == "sqs":
        return _QUEUE_HANDLER
    return _HANDLER.format(records='event["Records"]', data='record["kinesis"]["data"]')


def _spec(option: str, answers: Answers) -> str:
    lines = [f"# {OPTIONS[option].title}, as `streaming-constructs advise` sized it; `plan` shows how that came about."]
    lines += [f"# {line}" for line in spec_notes(option, answers)]
    lines.append(f"name: {_NAME}")
    # Its numbers are by the quotas and the prices of a region: also where nobody named one.
    lines.append(f"region: {region_of(answers)}{'' if answers.region is not None else '   # yours'}")
    for section, nodes in _sections(option, answers):
        lines += ["", f"{section}:"]
        for name, fields in nodes.items():
            lines.append(f"  {name}:")
            lines += [f"    {field}: {in_yaml(_plain(value))}{_yours(field)}" for field, value in fields.items()]
    lines += ["", "alarms:", "  notify: [oncall@example.com]   # yours"]
    return "\n".join(lines) + "\n"


def spec_notes(option: str, answers: Answers) -> Iterator[str]:
    """What of an option its spec does not carry, line by line.

    Args:
        option: An option that has a spec.
        answers: The answers.
    """
    if answers.applications > MOST_READERS:
        yield f"{answers.applications:,} applications read it; {MOST_READERS} are written down here, and it is sized for these."
    if option == "kinesis_advantage":
        yield "On-demand Advantage is a setting of the account in its region, and no part of a stack;"
        yield "`plan` reckons without it. It is switched on by"
        yield "aws kinesis update-account-settings --minimum-throughput-billing-commitment Status=ENABLED"


def _yours(field: str) -> str:
    return "   # yours" if field in {*_OF_REGION, "partition_key"} else ""


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


Nodes = Mapping[str, Mapping[str, Any]]


def _sections(option: str, answers: Answers) -> Iterator[tuple[str, Nodes]]:
    if option in MSK:
        yield "clusters", {parts.CLUSTER: {**parts.cluster(option, answers), **_login(answers)}}
        from streaming_constructs.planning.advice.clusters import topic_part

        yield "streams", {parts.STREAM: topic_part(option, answers)}
    elif option in KINESIS:
        yield "streams", {parts.STREAM: parts.stream(option, answers)}
    elif option == "sqs":
        yield "queues", {parts.STREAM: parts.queue(answers)}
    if option == "firehose":
        yield "deliveries", {parts.DELIVERY: {"from": "direct_put", "to": {"kind": "s3"}}}
        return
    count = min(answers.applications, MOST_READERS)
    if count:
        names = ["reader"] if count == 1 else [f"reader_{number}" for number in range(1, count + 1)]
        yield "consumers", {name: _reader(option, answers) for name in names}
    if answers.delivers:
        yield "deliveries", {parts.DELIVERY: {"from": parts.STREAM, "to": {"kind": "s3"}}}


def _login(answers: Answers) -> parts.Part:
    """Who gets into a cluster other than with IAM."""
    if answers.auth == "iam":
        return {}
    field = "scram_secret_arns" if answers.auth == "sasl_scram" else "certificate_authority_arns"
    part: parts.Part = {field: [_example(field, answers)]}
    if "multi_vpc" in answers.needs:
        # MSK lets nobody in from other VPCs by these where access lists do not say who.
        part["server_properties"] = {ACLS_REQUIRED: False}
    return part


def _example(field: str, answers: Answers) -> str:
    return _OF_REGION[field].format(region_of(answers))


def _reader(option: str, answers: Answers) -> parts.Part:
    part: parts.Part = {"kind": "lambda", "from": parts.STREAM, "code": CODE}
    if option == "sqs":  # what fails goes to the dead-letter queue that its queue has
        return part
    part["on_failure"] = "s3"
    if option in KINESIS and fans_out(answers, on_demand=option != "kinesis_provisioned"):
        part["enhanced_fan_out"] = True
    if option in MSK and answers.auth != "iam":
        part["secret_arn"] = _example("secret_arn", answers)
        if answers.auth == "sasl_scram":
            part["secret_kms_key_arn"] = _example("secret_kms_key_arn", answers)
    return part
