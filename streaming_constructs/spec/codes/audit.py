"""What is wrong with a template that anybody wrote."""

from __future__ import annotations

from streaming_constructs.spec.codes import (
    audit_access,
    audit_alarms_and_logs,
    audit_any_resource,
    audit_kafka_and_flink,
    audit_storage,
    audit_streams,
    audit_tables_and_queues,
)
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (
    *audit_any_resource.CODES,
    *audit_streams.CODES,
    *audit_tables_and_queues.CODES,
    *audit_storage.CODES,
    *audit_kafka_and_flink.CODES,
    *audit_alarms_and_logs.CODES,
    *audit_access.CODES,
)
