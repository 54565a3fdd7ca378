"""The parts of a spec that say what an option is, as plain data: an option is sized by them, and its skeleton says them."""

from __future__ import annotations

import math
from typing import Any

from streaming_constructs.facts import kinesis, sqs
from streaming_constructs.planning.advice.answers import FOR_EVER, Answers

STREAM, CLUSTER, DELIVERY = "records", "main", "archive"
"""What nodes are called."""
KEY = "id"
"""What stands for the field that producers key by."""
LOCAL_RETENTION_HOURS = 24
"""How long records of a tiered topic stay on the brokers."""
USUAL_RECORD_KIB = 1024
"""Larger records have to be asked for, of Kinesis and of Kafka."""
Part = dict[str, Any]


def workload(answers: Answers) -> Part:
    """What flows.

    Args:
        answers: The answers.
    """
    part = {"records_per_second": answers.records}
    part |= {"record_bytes": answers.record_bytes} if answers.record_bytes is not None else {"record_kb": answers.kib}
    if answers.peak_factor != 1:
        part["peak_factor"] = answers.peak_factor
    return {name: int(value) if value == int(value) else value for name, value in part.items()}


def stream(option: str, answers: Answers) -> Part:
    """A stream of Kinesis.

    Args:
        option: One of those of Kinesis.
        answers: The answers.
    """
    part: Part = {"kind": "kinesis"}
    if option != "kinesis_provisioned":
        part["mode"] = "on_demand"
    part |= {**_key(answers), "workload": workload(answers)}
    hours = max(answers.hours, kinesis.RETENTION_HOURS.minimum)
    if hours > kinesis.RETENTION_HOURS.minimum:
        part |= {"retention_days": hours // 24} if hours % 24 == 0 else {"retention_hours": hours}
    if answers.largest_kib > USUAL_RECORD_KIB:
        part["max_record_kb"] = math.ceil(answers.largest_kib)
    return part


def _key(answers: Answers) -> Part:
    """What producers key by, where that counts."""
    return {"partition_key": KEY} if answers.ordering == "per_key" or "compaction" in answers.needs else {}


def queue(answers: Answers) -> Part:
    """A queue of SQS.

    Args:
        answers: The answers.
    """
    part: Part = {"kind": "sqs"}
    if answers.ordering == "per_key":
        part |= {"fifo": True, "content_based_deduplication": True}
        if answers.peak.records > sqs.FIFO_MESSAGES_PER_SECOND.value:
            part |= {"deduplication_scope": "message_group", "fifo_throughput_limit": "per_message_group_id"}
    part["workload"] = workload(answers)
    if answers.hours * 3600 > sqs.RETENTION_SECONDS_BY_DEFAULT.value:
        part["retention_days"] = math.ceil(answers.hours / 24)
    return part


def topic(option: str, answers: Answers) -> Part:
    """A topic of Kafka, with as many partitions as its load needs.

    Args:
        option: One of those of MSK.
        answers: The answers.
    """
    part: Part = {"kind": "kafka", "cluster": CLUSTER, **_key(answers), "workload": workload(answers)}
    if "compaction" in answers.needs:
        part["cleanup_policy"] = ("compact",) if answers.keeps_for_ever else ("compact", "delete")
    if answers.keeps_for_ever:
        part |= {} if "compaction" in answers.needs else {"retention_days": FOR_EVER}
    else:
        whole = answers.hours % 24 == 0
        part |= {"retention_days": answers.hours // 24} if whole else {"retention_hours": answers.hours}
    if option == "msk" and is_tiered(answers):
        part["local_retention_hours"] = LOCAL_RETENTION_HOURS
    if answers.largest_kib > USUAL_RECORD_KIB:
        part["max_message_kb"] = math.ceil(answers.largest_kib)
    return part


def cluster(option: str, answers: Answers) -> Part:
    """A cluster of Kafka.

    Args:
        option: One of those of MSK.
        answers: The answers.
    """
    part: Part = {"kind": option}
    if option == "msk_serverless":
        return part
    if option == "msk" and is_tiered(answers):
        part["storage_mode"] = "tiered"
    if answers.auth != "iam":
        part["auth"] = (answers.auth,)
    if "prometheus" in answers.needs:
        part["open_monitoring"] = True
    if "multi_vpc" in answers.needs:
        part["multi_vpc"] = True
    return part


def is_tiered(answers: Answers) -> bool:
    """Whether standard brokers move old records away: as is asked for, or as they are kept without end, which no volume holds.

    Args:
        answers: The answers.
    """
    return "tiered_storage" in answers.needs or (answers.keeps_for_ever and "compaction" not in answers.needs)
