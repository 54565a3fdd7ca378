"""The resource types whose records are moved here, by CloudFormation's names: a new kind is a module and a row."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.local.aws.type_names import DELIVERY_STREAM, EVENT_SOURCE_MAPPING, FLINK_APPLICATION
from streaming_constructs.local.event_source.event_source_worker import build_event_source_worker
from streaming_constructs.local.firehose.delivery_stream_worker import build_delivery_stream_worker
from streaming_constructs.local.managed_flink.application_worker import build_application_worker
from streaming_constructs.local.worker import BuildWorker

WORKERS: Mapping[str, BuildWorker] = {
    DELIVERY_STREAM: build_delivery_stream_worker,
    EVENT_SOURCE_MAPPING: build_event_source_worker,
    FLINK_APPLICATION: build_application_worker,
}
