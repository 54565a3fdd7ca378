"""What has to be known of an option that is left: what AWS says of it, each with its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from streaming_constructs.facts import kinesis
from streaming_constructs.facts.prices.kinesis import ADVANTAGE_LEAST_MIB_PER_SECOND
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.constraints import region_of
from streaming_constructs.planning.advice.options import BROKERS, KINESIS
from streaming_constructs.planning.deliveries.direct_put_quota import direct_put_quota
from streaming_constructs.planning.numbers import number

_MSK = "https://docs.aws.amazon.com/msk/latest/developerguide"


class Remark(NamedTuple):
    """Something to know.

    Attributes:
        text: What.
        source: AWS's page.
    """

    text: str
    source: str


def remarks(option: str, answers: Answers) -> tuple[Remark, ...]:
    """What has to be known of an option.

    Args:
        option: Its name.
        answers: The answers.
    """
    return tuple(_remarks(option, answers))


def _remarks(option: str, said: Answers) -> Iterator[Remark]:
    if option == "kinesis_advantage":
        least = number(ADVANTAGE_LEAST_MIB_PER_SECOND.value)
        yield Remark(
            f"it is a setting of the account in the region: all streams on demand move with it, and {least} MiB/s in and out "
            "are paid together, used or not",
            ADVANTAGE_LEAST_MIB_PER_SECOND.source,
        )
    if option in KINESIS and said.largest_kib > kinesis.MAX_RECORD_KIB.minimum:
        share = number(kinesis.LARGE_RECORD_SHARE.value * 100)
        yield Remark(
            f"no more than {share} % of the records may have more than 1 MiB", kinesis.LARGE_RECORD_SHARE.source
        )
    if option in {"msk_serverless", "msk_express"} and "kafka_streams" in said.needs:
        yield Remark(
            "Kafka Streams cannot create its topics for state there: they are created beforehand",
            f"{_MSK}/use-kafka-streams-express-brokers-msk-serverless.html",
        )
    if option == "msk_express" and "broker_settings" in said.needs:
        yield Remark(
            "it takes some of the server properties alone", f"{_MSK}/msk-configuration-express-read-write.html"
        )
    if option in BROKERS and "multi_vpc" in said.needs:
        yield Remark(
            "clients of other VPCs stand in as many zones as the brokers, and in the same ones",
            f"{_MSK}/aws-access-mult-vpc.html",
        )
    if option == "firehose":
        begins, _ = direct_put_quota(region_of(said))
        if said.peak.mib > begins.value:
            yield Remark(
                f"it begins with {number(begins.value)} MiB/s, and refuses records until it has grown: producers try again, or "
                "AWS raises the quota",
                begins.source,
            )
