"""AWS Lambda event source mappings of a Kafka topic on MSK: what differs from those of a Kinesis stream."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_READ = "2026-11-28"
_PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/msk-esm-parameters.html"
_SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html"
_CONFIGURE = "https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html"
RETRIES_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html"
POSITIONS_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-starting-positions.html"
GROUPS_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-consumer-group-id.html"
AUTHENTICATION_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html"
NETWORK_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html"
TOPIC_DESTINATION_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html"
FILTERING_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html"
SCALING_SOURCE = _SCALING
REGISTRY_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html"
"""Of mappings whose records are read with a schema registry, which needs provisioned pollers. A record whose schema is not
found, or that is not written with it, goes to the destination of given-up records, and nowhere without one. Read 2026-11-28."""
EVENT_RECORD_FORMATS = ("json", "source")
"""What a function gets of such a record: JSON, or what was written, without what names the schema."""
DESERIALIZATION_ERROR = "DESERIALIZATION_ERROR"
"""The reason that the destination is told of a record that is not written with its schema."""
GROUP_PATTERN = r"^[a-zA-Z0-9/*:_+=.@-]{1,200}$"
"""The id of a consumer group, as Lambda takes it.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html, read 2026-11-28
"""
FUNCTION_TIMEOUT_SECONDS = Range(1, 840, "seconds", _CONFIGURE, _READ)
"""Of functions in general it is a minute more."""
POLLERS_MINIMUM = Range(1, 200, "pollers", _SCALING, _READ)
POLLERS_MAXIMUM = Range(1, 2000, "pollers", _SCALING, _READ)
POLLERS_MAXIMUM_DEFAULT = Fact(200, "pollers", _SCALING, _READ)
"""There are never more than the topic has partitions, whatever is asked for."""
POLLER_MB_PER_SECOND = Fact(5, "MB/s per poller", _SCALING, _READ)
POLLER_INVOCATIONS = Fact(5, "concurrent invocations per poller", _SCALING, _READ)
"""A provisioned poller keeps up with one of the two: bytes, or invocations."""
RETRIES_WITH_A_DESTINATION = Fact(10, "retries", RETRIES_SOURCE, _READ)
"""Where retries have no end, and there is a destination of given-up records all the same."""
BATCHING_WINDOW_MILLISECONDS = Fact(500, "milliseconds", _PARAMETERS, _READ)
"""Where no window is set; once one is set there is no way back to it."""
