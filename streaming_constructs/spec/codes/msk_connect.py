"""Connectors on MSK Connect, and replicators; part of the topic `MSK`."""

from __future__ import annotations

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.codes.code import Code

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_VPC = "vpc: {subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], security_group_ids: [sg-0123456789abcdef0]}"
_ARN = "arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1'"
_MAIN = f"kind: msk, {_ARN}, {_VPC}"
_PLUGIN = "plugin: {bucket: my-plugins, key: connector.zip}"
_KEPT = "secret_arn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf'"
_SINK = "connector.class: com.example.MySink"
_POSTGRES = (
    "connector.class: io.debezium.connector.postgresql.PostgresConnector, database.hostname: db.example.com, "
    "database.dbname: shop, topic.prefix: shop"
)
_S3 = (
    "connector.class: io.confluent.connect.s3.S3SinkConnector, s3.bucket.name: my-lake, s3.region: eu-west-1, "
    "flush.size: 10000"
)

_MINE = f"kind: source, to: orders, {_PLUGIN}, config: {{connector.class: com.example.MySource}}"
_REGISTRY = "schema_registry: glue\n"


def _system(connector: str, *, cluster: str = _MAIN, topic: str = "topic: shop.public.orders", more: str = "") -> str:
    return (
        f"clusters:\n  main: {{{cluster}}}\n"
        f"streams:\n  orders: {{kind: kafka, cluster: main, partitions: 6, {topic}}}\n"
        f"connectors:\n  changes: {{cluster: main, {connector}}}\n{more}"
    )


def _source(config: str, fields: str = _PLUGIN) -> str:
    return _system(f"kind: source, to: orders, {fields}, config: {{{config}}}")


def _sink(config: str = _SINK, fields: str = _PLUGIN, *, cluster: str = _MAIN, more: str = "") -> str:
    return _system(f"kind: sink, from: orders, {fields}, config: {{{config}}}", cluster=cluster, more=more)


def _replicator(fields: str, *, backup: str = _MAIN) -> str:
    other = backup.replace("cluster/main/1234", "cluster/backup/4321")
    return (
        f"clusters:\n  main: {{{_MAIN}}}\n  backup: {{{other}}}\n"
        f"replicators:\n  dr: {{kind: msk, from: main, {fields}}}\n"
    )


CONNECT_CODES = (
    Code(
        "MSK420",
        "what a connector's class needs is missing",
        "A connector that lacks a setting fails while it is created, after ten minutes or so, and the deployment with it. "
        "Known are the S3 sink of Confluent, and Debezium for PostgreSQL and MySQL; other classes are taken as they are.",
        _sink(_S3),
        _sink(f"{_S3}, format.class: io.confluent.connect.s3.format.json.JsonFormat"),
        source=f"{_GUIDE}/msk-connect-connectors.html",
    ),
    Code(
        "MSK421",
        "tables and topics of a connector do not go together",
        "Debezium writes the changes of a table to the topic PREFIX.SCHEMA.TABLE. Topics are not made by the way, and a "
        "connector may write to those of `to` alone: for any other table its task fails, and with it all others.",
        _source(f"{_POSTGRES}, table.include.list: 'public.orders,public.customers'", f"{_PLUGIN}, {_KEPT}"),
        _source(f"{_POSTGRES}, table.include.list: public.orders", f"{_PLUGIN}, {_KEPT}"),
    ),
    Code(
        "MSK422",
        "a secret stands in the configuration of a connector",
        "The configuration of a connector is text: in the spec, in the template and in the console whoever may read them "
        "reads it. A reference to Secrets Manager is resolved by the workers.",
        _sink(f"{_SINK}, connection.password: hunter2hunter2"),
        _sink(f"{_SINK}, connection.password: '${{secretsManager:warehouse:password}}'", f"{_PLUGIN}, {_KEPT}"),
        source=f"{_GUIDE}/msk-connect-config-provider.html",
    ),
    Code(
        "MSK423",
        "nothing says where a connector stands",
        "The workers of a connector stand in subnets from which the cluster is reached. Those of a cluster that exists are "
        "not known unless the spec says them.",
        _sink(cluster=f"kind: msk, {_ARN}"),
        _sink(),
        source=f"{_GUIDE}/msk-connect-capacity.html",
    ),
    Code(
        "MSK424",
        "a capacity that MSK Connect refuses",
        "The number of workers stays, or it follows the load between a least and a greatest number, with a task for each "
        "worker at least.",
        _sink(fields=f"{_PLUGIN}, capacity: {{min_workers: 4, max_workers: 2}}"),
        _sink(fields=f"{_PLUGIN}, capacity: {{min_workers: 2, max_workers: 4}}"),
        source=f"{_GUIDE}/msk-connect-max-autoscaling-task-count.html",
    ),
    Code(
        "MSK425",
        "a key that is not for the configuration of a connector",
        "Topics, name and group of a connector follow from the spec: permissions are for these alone, and the group stays "
        "the same when the connector is replaced.",
        _sink(f"{_SINK}, topics: orders"),
        _sink(),
        source=kafka_connect.ROLE_SOURCE,
    ),
    Code(
        "MSK426",
        "workers are not told this",
        "MSK Connect keeps many properties of workers to itself, and refuses a worker configuration that names one. What the "
        "language has a field for is said there.",
        _sink(fields=f"{_PLUGIN}, worker_config: {{group.id: mine}}"),
        _sink(fields=f"{_PLUGIN}, worker_config: {{consumer.max.poll.records: 100}}"),
        source=kafka_connect.WORKER_SOURCE,
    ),
    Code(
        "MSK427",
        "the cluster of a connector does not take IAM",
        "A connector connects with its role. Users of SASL/SCRAM and certificates are not for it, so the cluster has to take "
        "IAM as well.",
        _sink(cluster=f"{_MAIN}, auth: sasl_scram"),
        _sink(cluster=f"{_MAIN}, auth: [iam, sasl_scram]"),
        source=f"{_GUIDE}/msk-connect-connectors.html",
    ),
    Code(
        "MSK428",
        "a plugin that is no plugin",
        "The code of a connector is one zip or one jar: beside the spec, in a bucket, or as a custom plugin that exists.",
        _sink(fields="plugin: plugins/sink.zip"),
        _sink(),
        source=f"{_GUIDE}/msk-connect-plugins.html",
    ),
    Code(
        "MSK429",
        "values come without the schema that is asked for",
        "Parquet and Avro files need a schema. It comes with the values where who writes them and who reads them use one "
        "schema registry; JSON and texts have none.",
        _sink(f"{_S3}, format.class: io.confluent.connect.s3.format.parquet.ParquetFormat"),
        _sink(
            f"{_S3}, format.class: io.confluent.connect.s3.format.parquet.ParquetFormat", more="schema_registry: glue\n"
        ),
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry-integrations.html",
    ),
    Code(
        "MSK430",
        "`tasks.max` is set by MSK Connect where workers follow the load",
        "MSK Connect overrides the number of tasks in proportion to workers and their units; `max_tasks` is the most of them.",
        _sink(f"{_SINK}, tasks.max: 8", f"{_PLUGIN}, capacity: {{max_workers: 4}}"),
        _sink(fields=f"{_PLUGIN}, capacity: {{max_workers: 4, max_tasks: 8}}"),
        source=f"{_GUIDE}/msk-connect-max-autoscaling-task-count.html",
    ),
    Code(
        "MSK431",
        "a plugin lacks the provider of secrets",
        "References to secrets are resolved by a class of AWS's msk-config-providers, which workers load from the plugin. "
        "Without it none of them starts. Only plugins beside the spec can be looked into.",
        _sink(fields=f"plugin: handlers, {_KEPT}"),
        _sink(fields="plugin: handlers"),
        source=f"{_GUIDE}/msk-connect-config-provider.html",
    ),
    Code(
        "MSK432",
        "a topic of another cluster",
        "A connector knows one cluster; a topic of another one is not found there, and it has no permission on it.",
        _sink()
        .replace("clusters:\n", "clusters:\n  other: {kind: msk}\n")
        .replace("cluster: main, partitions", "cluster: other, partitions"),
        _sink(),
    ),
    Code(
        "MSK433",
        "nothing says which secret may be read",
        "A reference to a secret is resolved with the connector's role, by a provider that the workers are told of; both "
        "follow from `secret_arn`.",
        _sink(f"{_SINK}, connection.password: '${{secretsManager:warehouse:password}}'"),
        _sink(f"{_SINK}, connection.password: '${{secretsManager:warehouse:password}}'", f"{_PLUGIN}, {_KEPT}"),
        source=f"{_GUIDE}/msk-connect-config-provider.html",
    ),
    Code(
        "MSK434",
        "a cluster is not replicated to itself",
        "A replicator reads one cluster and writes to another; MSK refuses one that would do both with the same.",
        _replicator("to: main"),
        _replicator("to: backup"),
        source=f"{_GUIDE}/msk-replicator.html",
    ),
    Code(
        "MSK435",
        "a cluster that MSK Replicator does not take",
        "A replicator stands in the region of the cluster that it writes to, and authenticates by IAM. It reads a cluster of "
        "three brokers or more; one of another region over multi-VPC private connections.",
        _replicator("to: backup", backup=f"{_MAIN}, auth: sasl_scram"),
        _replicator("to: backup"),
        source=f"{_GUIDE}/msk-replicator-prepare-clusters.html",
    ),
    Code(
        "MSK436",
        "nothing says where a replicated cluster stands",
        "A replicator reaches each cluster from its subnets. Those of a cluster that exists are not known unless the spec says "
        "them.",
        _replicator("to: backup", backup=f"kind: msk, {_ARN}"),
        _replicator("to: backup"),
        source=f"{_GUIDE}/msk-replicator-network-reqs.html",
    ),
    Code(
        "MSK437",
        "a sink begins anew when it is replaced",
        "Most of a connector is create-only, and a connector that is replaced has another name. The group of a sink is named "
        "after it, unless Kafka Connect lets it be named: from 3.0 on. A sink with a new group reads topics from the start.",
        _sink(fields=f"{_PLUGIN}, kafka_connect_version: 2.7.1"),
        _sink(fields=f"{_PLUGIN}, kafka_connect_version: 3.7.x"),
        source="https://kafka.apache.org/documentation/#connectconfigs_connector.client.config.override.policy",
    ),
    Code(
        "MSK438",
        "a connector has no way out of the cluster's VPC",
        "A VPC that is created for a cluster has private subnets alone, without a NAT gateway. What a connector uses of AWS by "
        "its class, its secret, the schema registry and its `permissions` is reached by VPC endpoints; a database elsewhere, "
        "or what else its class asks for, is not.",
        _sink(cluster="kind: msk"),
        _sink(
            cluster="kind: msk, vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, "
            "subnet-0123456789abcdef1]}"
        ),
        source=f"{_GUIDE}/msk-connect-internet-access.html",
    ),
    Code(
        "MSK439",
        "no regular expression",
        "Topics and groups are chosen by regular expressions of whole names; MSK refuses what is none.",
        _replicator("to: backup, topics: 'shop[.*'"),
        _replicator("to: backup, topics: 'shop[.].*'"),
        source=f"{_GUIDE}/msk-replicator-how-it-works.html",
    ),
    Code(
        "MSK440",
        "the values of a topic are encoded with a registry that is not there",
        "Values that are encoded with a schema registry name a schema in it. Readers, Lambda and connectors look there.",
        _system(_MINE, topic="encoding: registry"),
        _system(_MINE, topic="encoding: registry", more=_REGISTRY),
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html",
    ),
    Code(
        "MSK442",
        "a connector and its topics do not write values in one way",
        "A connector has one converter of values. One that reads what another writes fails on the first record, and a consumer "
        "that decodes with a schema registry gives up what was written without.",
        _sink(fields=f"{_PLUGIN}, value_converter: json", more=_REGISTRY),
        _sink(more=_REGISTRY),
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry-integrations.html",
    ),
    Code(
        "MSK443",
        "a class that runs one task does not follow the load",
        "Debezium reads the log of a database in order, by one task. MSK Connect sets the number of tasks where workers follow "
        "the load, so AWS says to give it one worker that stays.",
        _source(_POSTGRES, f"{_PLUGIN}, {_KEPT}, capacity: {{max_workers: 2}}"),
        _source(_POSTGRES, f"{_PLUGIN}, {_KEPT}, capacity: {{mcu: 2}}"),
        source=f"{_GUIDE}/mkc-debeziumsource-connector-example.html",
    ),
)
