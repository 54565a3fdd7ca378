"""Systems of Kafka that tests build: clusters, topics, connectors, a registry and a replicator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import build

VPC = "{vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf"
SYSTEM = f"""
name: shop
schemas:
  order: {{id: bigint, total: "decimal(12,2)", at: timestamp}}
schema_registry: {{kind: glue, name: shop}}
clusters:
  main: {{kind: msk, vpc: {VPC}}}
  backup: {{kind: msk_serverless, vpc: {VPC}}}
streams:
  orders: {{kind: kafka, cluster: main, topic: shop.public.orders, partitions: 6}}
connectors:
  changes:
    kind: source
    cluster: main
    plugin: {{bucket: my-plugins, key: debezium.zip}}
    to: orders
    secret_arn: "{SECRET}"
    config:
      connector.class: io.debezium.connector.postgresql.PostgresConnector
      database.hostname: db.example.com
      database.port: 5432
      database.dbname: shop
      topic.prefix: shop
      table.include.list: public.orders
  lake:
    kind: sink
    cluster: main
    plugin: {{bucket: my-plugins, key: s3.zip}}
    from: orders
    capacity: {{mcu: 2, workers: 2}}
    config:
      connector.class: io.confluent.connect.s3.S3SinkConnector
      s3.bucket.name: my-lake
      s3.region: eu-west-1
      s3.part.retries: 5
      format.class: io.confluent.connect.s3.format.parquet.ParquetFormat
      flush.size: 10000
      tasks.max: 4
replicators:
  dr: {{kind: msk, from: main, to: backup, topics: "shop[.].*"}}
alarms: {{notify: [oncall@example.com]}}
acknowledge: {{main.MSK458: its subnets have a NAT gateway}}
"""


def system(changes: Mapping[str, Any] | None = None, folder: Path | None = None) -> PipelineSpec:
    """The system, with other values at dotted paths, where `~` is a dot in a key; None takes one out."""
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    for path, value in (changes or {}).items():
        *way, last = [step.replace("~", ".") for step in path.split(".")]
        place: Any = data
        for step in way:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    spec, findings, _ = build(data, folder or Path())
    assert spec is not None
    assert [str(finding) for finding in findings] == []
    return spec
