"""What changes of templates mean for Kafka on MSK, MSK Connect, and Flink."""

from __future__ import annotations

from streaming_constructs.spec.codes import review_flink, review_kafka_connect, review_msk, review_msk_topics
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (
    *review_msk.CODES,
    *review_msk_topics.CODES,
    *review_kafka_connect.CODES,
    *review_flink.CODES,
)
