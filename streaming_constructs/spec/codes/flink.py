"""Applications of Apache Flink: the topic `FLK`."""

from __future__ import annotations

from streaming_constructs.spec.codes.flink_jars import JAR_CODES

CODES = JAR_CODES
