"""Which node of a pipeline a resource belongs to: by its construct path where it has one, else by what it refers to.

A node has the name of its construct, or of the resource that people think of: a stream, a function, a delivery. What serves
it, such as an alarm, a role or a mapping, stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from streaming_constructs.review.comparing.template import Resource, Template, references

MAIN_TYPES = (
    "AWS::Lambda::Function",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::KinesisAnalyticsV2::Application",
    "AWS::KafkaConnect::Connector",
    "AWS::MSK::Replicator",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::Kinesis::Stream",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::OpenSearchService::Domain",
    "AWS::Glue::Table",
    "AWS::Glue::Database",
    "AWS::SQS::Queue",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::KMS::Key",
)
"""What people think of as a node. What refers to several of them belongs to the first in this order: a mapping to its
function and not to its stream, an alarm to what it watches and not to the topic that it tells."""
_ROLES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_ENDINGS = ("Resource", "Default")


class Nodes:
    """The nodes of a template."""

    def __init__(self, template: Template) -> None:
        """Looks at nothing yet.

        Args:
            template: The template.
        """
        self._template = template

    def of(self, logical_id: str) -> str:
        """The name of the node that a resource belongs to; empty where the template has no such resource.

        Args:
            logical_id: Its logical id.
        """
        resource = self._template.resources.get(logical_id)
        if resource is None:
            return ""
        if resource.construct_path:
            return self._construct(resource.construct_path)
        return self._by_references.get(logical_id, logical_id)

    def _construct(self, path: str) -> str:
        """The construct below what all resources stand in."""
        steps = _steps(path)
        depth = min(len(self._common), len(steps) - 1)
        return steps[depth]

    @cached_property
    def _common(self) -> list[str]:
        """What all construct paths begin with: the stages, the stack, and the pipeline within it."""
        paths = [_steps(each.construct_path) for each in self._template.resources.values() if each.construct_path]
        first, *others = paths
        length = 0
        while length < len(first) and all(path[: length + 1] == first[: length + 1] for path in others):
            length += 1
        return first[:length]

    @cached_property
    def _by_references(self) -> Mapping[str, str]:
        """The main resource that each other one belongs to, by what it refers to, else by what refers to it."""
        found: dict[str, str] = {}
        others = []
        for resource in self._template.resources.values():
            if resource.type in MAIN_TYPES:
                found[resource.logical_id] = resource.logical_id
            else:
                others.append(resource)
        users = self._users
        # What is between two others finds its node once they have theirs.
        for _ in range(3):
            for resource in others:
                if resource.logical_id not in found:
                    near = [*_targets(resource), *users.get(resource.logical_id, ())]
                    if resource.type in _ROLES:
                        near = list(_named(resource.at("Roles"))) or near
                    main = self._first(near, found)
                    if main:
                        found[resource.logical_id] = main
        return found

    def _first(self, near: Iterable[str], found: Mapping[str, str]) -> str:
        """Of the nodes that resources belong to the first in the order of types; of equals the one that is named first."""
        nodes = [found[name] for name in near if name in found]
        resources = self._template.resources
        return min(nodes, key=lambda node: MAIN_TYPES.index(resources[node].type), default="")

    @cached_property
    def _users(self) -> Mapping[str, list[str]]:
        """By logical id those that refer to it."""
        users: dict[str, list[str]] = {}
        for resource in self._template.resources.values():
            for name in _targets(resource):
                users.setdefault(name, []).append(resource.logical_id)
        return users


def _steps(path: str) -> list[str]:
    """The names in a construct path, without those that CDK gives to the resource itself."""
    steps = [step for step in path.split("/") if step] or [path]
    return steps[:-1] if len(steps) > 1 and steps[-1] in _ENDINGS else steps


def _targets(resource: Resource) -> Iterator[str]:
    return _named(resource.properties)


def _named(value: object) -> Iterator[str]:
    return (name for name, _ in references(value))
