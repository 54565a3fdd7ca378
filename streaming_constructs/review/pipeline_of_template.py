"""The spec that builds what a template builds, as far as the template's shape allows, and what of it could not be read.

Streams of Kinesis, functions of Lambda that read them, deliveries of Firehose to S3 and tables of DynamoDB have words in the
language; whatever else a template has is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from streaming_constructs.review.comparing.intrinsics import as_text
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_true, listed, number, shown

_HASH = re.compile(r"[0-9A-F]{8}$")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FOLLOWS = (
    "AWS::ApplicationAutoScaling",
    "AWS::CDK",
    "AWS::CloudWatch",
    "AWS::IAM",
    "AWS::KMS",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::Logs::LogStream",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "Custom::",
)
"""Types that follow from a spec: alarms, roles, policies, keys, logs."""
_ENDLESS_RETRIES = 5
"""What the language has where nothing is said: it takes no endless retries."""
_DESTINATIONS = {"AWS::S3::Bucket": "s3", "AWS::SQS::Queue": "sqs", "AWS::SNS::Topic": "sns"}
_FORMATS = {"ParquetSerDe": "parquet", "OrcSerDe": "orc"}
_COMPRESSION = {
    "UNCOMPRESSED": "none",
    "GZIP": "gzip",
    "ZIP": "zip",
    "Snappy": "snappy",
    "HADOOP_SNAPPY": "hadoop_snappy",
}
_POSITIONS = {"LATEST": "latest", "TRIM_HORIZON": "trim_horizon"}


@dataclass
class TemplatePipeline:
    """What of a template has words in the language.

    Attributes:
        spec: The spec, as plain data.
        unread: What could not be read, and what has to be looked at, each a line.
    """

    spec: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The spec as a file, with what could not be read as comments before it."""
        notes = "".join(f"# - {line}\n" for line in self.unread)
        heading = f"# What of the template could not be read, or has to be looked at:\n{notes}" if notes else ""
        return heading + yaml.safe_dump(self.spec, sort_keys=False, allow_unicode=True, width=110)


def pipeline_of_template(template: Template) -> TemplatePipeline:
    """The spec that builds what a template builds.

    Args:
        template: The template.
    """
    return _Reader(template).pipeline()


class _Reader:
    def __init__(self, template: Template) -> None:
        self._template = template
        self._found = TemplatePipeline({"name": "pipeline"})
        self._names: dict[str, str] = {}
        self._read: set[str] = set()
        self._sections: Mapping[str, tuple[str, Callable[[Resource], dict[str, Any] | None]]] = {
            "AWS::Kinesis::Stream": ("streams", self._stream),
            "AWS::Lambda::EventSourceMapping": ("consumers", self._consumer),
            "AWS::KinesisFirehose::DeliveryStream": ("deliveries", self._delivery),
            "AWS::DynamoDB::Table": ("stores", self._table),
        }

    def pipeline(self) -> TemplatePipeline:
        for resource_type, (section, read) in self._sections.items():
            for resource in self._template.of_type(resource_type):
                node = read(resource)
                if node is not None:
                    self._read.add(resource.logical_id)
                    owner = self._function(resource) if section == "consumers" else None
                    self._found.spec.setdefault(section, {})[self._name(owner or resource)] = node
        self._found.unread += self._left()
        return self._found

    def _left(self) -> Iterator[str]:
        for resource in self._template.resources.values():
            if resource.logical_id not in self._read and not resource.type.startswith(_FOLLOWS):
                yield f"{resource.logical_id} ({resource.type}): the template's own, not in the spec"

    def _name(self, resource: Resource) -> str:
        """The name of a node: that of its logical id, in small letters."""
        if resource.logical_id not in self._names:
            words = _WORDS.findall(_HASH.sub("", resource.logical_id)) or ["node"]
            name = "-".join(map(str.lower, words))[:60]
            name = name if name[0].isalpha() else f"n{name}"
            taken = set(self._names.values())
            self._names[resource.logical_id] = next(
                each for each in (name, *(f"{name}-{count}" for count in range(2, 1000))) if each not in taken
            )
        return self._names[resource.logical_id]

    def _note(self, resource: Resource, text: str) -> None:
        self._found.unread.append(f"{resource.logical_id}: {text}")

    def _number(self, resource: Resource, *path: str) -> int | None:
        """A whole number of a property; what is known at deployment only is told of."""
        value = resource.at(*path)
        found = number(value)
        if value is not None and found is None:
            self._note(resource, f"{'.'.join(path)} is {shown(value)}")
        return int(found) if found is not None else None

    def _stream(self, stream: Resource) -> dict[str, Any]:
        node: dict[str, Any] = {"kind": "kinesis"}
        if stream.at("StreamModeDetails", "StreamMode") == "ON_DEMAND":
            node["mode"] = "on_demand"
        else:
            node["shards"] = self._number(stream, "ShardCount") or 1
        hours = self._number(stream, "RetentionPeriodHours")
        node |= {"retention_hours": hours} if hours else {}
        key = stream.at("StreamEncryption", "KeyId")
        if stream.at("StreamEncryption") is None:
            self._note(stream, "it is not encrypted; the spec encrypts it with the key of AWS")
        elif key is not None and key != "alias/aws/kinesis":
            node["encryption"] = self._key(key)
        if stream.at("Name") is not None:
            self._note(
                stream,
                f"its name {shown(stream.at('Name'))} is fixed; a stream of the spec has one from CloudFormation",
            )
        return node

    def _key(self, key: Any) -> Any:
        return {"kms_key_arn": key} if isinstance(key, str) and key.startswith("arn:") else "customer_managed"

    def _function(self, mapping: Resource) -> Resource | None:
        target = self._template.target(mapping.at("FunctionName"))
        return target if target is not None and target.type == "AWS::Lambda::Function" else None

    def _consumer(self, mapping: Resource) -> dict[str, Any] | None:
        source, function = self._template.target(mapping.at("EventSourceArn")), self._function(mapping)
        if source is not None and source.type == "AWS::Kinesis::StreamConsumer":
            self._read.add(source.logical_id)
            fan_out, source = True, self._template.target(source.at("StreamARN"))
        else:
            fan_out = False
        if source is None or source.type != "AWS::Kinesis::Stream" or function is None:
            self._note(mapping, "reads what is no stream of this template, or calls what is no function of it")
            return None
        if function.logical_id in self._read:
            self._note(mapping, f"a second source of {function.logical_id}: a consumer of the spec has one")
            return None
        self._read.add(function.logical_id)
        name = self._name(function)
        node: dict[str, Any] = {"kind": "lambda", "from": self._name(source), "code": f"handlers/{name}"}
        self._note(function, f"put its code into handlers/{name}")
        node |= self._of_function(function)
        node |= {"enhanced_fan_out": True} if fan_out else {}
        for field_name, key in _MAPPING.items():
            value = self._number(mapping, key)
            node |= {field_name: value} if value else {}
        position = mapping.at("StartingPosition")
        node |= {"starting_position": _POSITIONS[position]} if position in _POSITIONS else {}
        if "ReportBatchItemFailures" not in listed(mapping.at("FunctionResponseTypes")):
            node["partial_batch_responses"] = False
        patterns = [
            each.get("Pattern") for each in listed(mapping.at("FilterCriteria", "Filters")) if isinstance(each, Mapping)
        ]
        filters = [yaml.safe_load(pattern) for pattern in patterns if isinstance(pattern, str)]
        node |= {"filters": filters} if filters else {}
        node["on_failure"] = self._on_failure(mapping)
        return node

    def _of_function(self, function: Resource) -> dict[str, Any]:
        node: dict[str, Any] = {}
        for field_name, key in {"handler": "Handler", "runtime": "Runtime"}.items():
            node |= {field_name: function.at(key)} if isinstance(function.at(key), str) else {}
        for field_name, key in _FUNCTION.items():
            value = self._number(function, key)
            node |= {field_name: value} if value else {}
        architectures = listed(function.at("Architectures"))
        node["architecture"] = "arm64" if architectures == ["arm64"] else "x86_64"
        variables = function.at("Environment", "Variables")
        plain = {}
        for variable, value in variables.items() if isinstance(variables, Mapping) else ():
            if isinstance(value, (str, int, float)):
                plain[str(variable)] = as_text(value)
            else:
                self._note(function, f"its variable {variable} is {shown(value)}")
        node |= {"environment": plain} if plain else {}
        if function.at("VpcConfig"):
            self._note(function, "it stands in a VPC: give `vpc`")
        return node

    def _on_failure(self, mapping: Resource) -> dict[str, Any]:
        retries = self._number(mapping, "MaximumRetryAttempts")
        age = self._number(mapping, "MaximumRecordAgeInSeconds")
        if retries is None or retries < 0:
            self._note(mapping, f"retries for ever; the spec gives up after {_ENDLESS_RETRIES}")
        target = mapping.at("DestinationConfig", "OnFailure", "Destination")
        owner = self._template.target(target)
        destination: Any = target if isinstance(target, str) else _DESTINATIONS.get(owner.type if owner else "")
        if owner is not None and destination:
            self._read.add(owner.logical_id)
        if not destination:
            self._note(mapping, "has no destination for what fails; the spec keeps it in a bucket")
        return {
            "retries": retries if retries is not None and retries >= 0 else _ENDLESS_RETRIES,
            **({"max_record_age_seconds": age} if age is not None and age > 0 else {}),
            "bisect": is_true(mapping.at("BisectBatchOnFunctionError")),
            "destination": destination or "s3",
        }

    def _delivery(self, delivery: Resource) -> dict[str, Any] | None:
        s3 = delivery.at("ExtendedS3DestinationConfiguration") or delivery.at("S3DestinationConfiguration")
        if not isinstance(s3, Mapping):
            self._note(delivery, "its destination has no words here yet; only S3 is read")
            return None
        node: dict[str, Any] = {}
        source = self._template.target(delivery.at("KinesisStreamSourceConfiguration", "KinesisStreamARN"))
        if source is not None and source.type == "AWS::Kinesis::Stream":
            node["from"] = self._name(source)
        elif delivery.at("KinesisStreamSourceConfiguration") or delivery.at("MSKSourceConfiguration"):
            self._note(delivery, "reads what is no stream of this template")
            return None
        else:
            node["from"] = "direct_put"
        node["to"] = self._objects(delivery, s3)
        return node

    def _objects(self, delivery: Resource, s3: Mapping[str, Any]) -> dict[str, Any]:
        part = Resource(delivery.logical_id, delivery.type, s3)
        to: dict[str, Any] = {"kind": "s3"}
        serializer = part.at("DataFormatConversionConfiguration", "OutputFormatConfiguration", "Serializer")
        written = next(
            (word for key, word in _FORMATS.items() if isinstance(serializer, Mapping) and key in serializer), "json"
        )
        if written != "json":
            self._note(delivery, f"writes {written}: give its stream a `schema`, and write `format: {written}`")
        compression = _COMPRESSION.get(as_text(part.at("CompressionFormat") or "UNCOMPRESSED"))
        to |= {"format": "json", "compression": compression or "gzip"} if written == "json" else {"format": "json"}
        bucket = self._template.target(part.at("BucketARN"))
        if bucket is not None:
            self._read.add(bucket.logical_id)
        elif isinstance(part.at("BucketARN"), str):
            to["bucket"] = part.at("BucketARN")
        for field_name, path in {"buffer_mb": "SizeInMBs", "buffer_seconds": "IntervalInSeconds"}.items():
            value = self._number(part, "BufferingHints", path)
            to |= {field_name: value} if value is not None else {}
        if part.at("Prefix") is not None:
            self._note(delivery, f"its prefix {shown(part.at('Prefix'))}: say it by `prefix` and `partition_by`")
        return to

    def _table(self, table: Resource) -> dict[str, Any] | None:
        types = {
            each.get("AttributeName"): each.get("AttributeType")
            for each in listed(table.at("AttributeDefinitions"))
            if isinstance(each, Mapping)
        }
        node: dict[str, Any] = {"kind": "dynamodb"}
        for key in listed(table.at("KeySchema")):
            name = key.get("AttributeName") if isinstance(key, Mapping) else None
            if not isinstance(name, str):
                self._note(table, "its keys are known at deployment only")
                return None
            word = "partition_key" if key.get("KeyType") == "HASH" else "sort_key"
            kind = {"N": "number", "B": "binary"}.get(as_text(types.get(name) or "S"))
            node[word] = {"name": name, "type": kind} if kind else name
        if table.at("BillingMode") != "PAY_PER_REQUEST":
            node["billing"] = "provisioned"
            for word, unit in {"read_capacity": "ReadCapacityUnits", "write_capacity": "WriteCapacityUnits"}.items():
                node[word] = self._number(table, "ProvisionedThroughput", unit) or 5
        if isinstance(table.at("TimeToLiveSpecification", "AttributeName"), str):
            node["ttl"] = table.at("TimeToLiveSpecification", "AttributeName")
        if table.at("GlobalSecondaryIndexes") or table.at("LocalSecondaryIndexes"):
            self._note(table, "its indices have no words in the spec")
        return node if "partition_key" in node else None


_MAPPING = {
    "batch_size": "BatchSize",
    "batch_window_seconds": "MaximumBatchingWindowInSeconds",
    "parallelization_factor": "ParallelizationFactor",
    "tumbling_window_seconds": "TumblingWindowInSeconds",
}
_FUNCTION = {
    "memory_mb": "MemorySize",
    "timeout_seconds": "Timeout",
    "reserved_concurrency": "ReservedConcurrentExecutions",
}
