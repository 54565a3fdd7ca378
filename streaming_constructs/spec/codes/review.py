"""What a change of a template means, and why one cannot be reviewed."""

from __future__ import annotations

from streaming_constructs.spec.codes import (
    review_access,
    review_alarms_and_logs,
    review_any_resource,
    review_databases_and_containers,
    review_kafka_and_flink,
    review_reading,
    review_storage,
    review_streams,
    review_tables_and_queues,
)
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (
    *review_any_resource.CODES,
    *review_streams.CODES,
    *review_tables_and_queues.CODES,
    *review_storage.CODES,
    *review_kafka_and_flink.CODES,
    *review_alarms_and_logs.CODES,
    *review_access.CODES,
    *review_databases_and_containers.CODES,
    *review_reading.CODES,
)
