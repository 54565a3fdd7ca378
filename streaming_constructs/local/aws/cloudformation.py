"""CloudFormation of the embedded AWS: moto's engine, with our types in it, and nothing that it passes over in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import (
    CloudFormationError,
    UnformattedGetAttTemplateException,
    ValidationError,
)
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack, cloudformation_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.dynamic_references import resolved
from streaming_constructs.local.aws.moto_hooks import replaced
from streaming_constructs.local.aws.resources import RESOURCE_TYPES, Created, ResourceType
from streaming_constructs.local.aws.supported_resources import MOTO_CREATES, unsupported_reason

Result = TypeVar("Result")

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}

MOTO_HOOKS = (
    "moto.cloudformation.parsing.resource_class_from_type",
    "moto.cloudformation.parsing.resource_name_property_from_type",
    "moto.cloudformation.parsing.parse_resource_and_generate_name",
    "moto.cloudformation.parsing.ResourceMap.build_resource_diff",
    "moto.cloudformation.parsing.ResourceMap.delete",
    "moto.cloudformation.parsing.ResourceMap._delete_resource",
    "moto.cloudformation.parsing.ResourceMap._parsed_resources",
    "moto.cloudformation.parsing.ResourceMap.resolved_parameters",
    "moto.cloudformation.parsing.ResourceMap._resource_json_map",
    "moto.cloudformation.models.ChangeSet._parse_template",
    "moto.cloudformation.models.ChangeSet.apply",
    "moto.cloudformation.models.CloudFormationBackend.change_sets",
    "moto.cloudformation.models.CloudFormationBackend.delete_change_set",
    "moto.cloudformation.models.CloudFormationBackend.describe_change_set",
    "moto.cloudformation.models.Stack._parse_template",
    "moto.cloudformation.models.Stack.create_resources",
    "moto.cloudformation.models.Stack._add_stack_event",
    "moto.cloudformation.models.cloudformation_backends",
)
"""What of moto's inside this module replaces or looks into."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A resource of a stack that is there.

    Attributes:
        stack: The stack's name.
        logical_id: Its name in the template.
        type: CloudFormation's name of its type.
        physical_id: What `Ref` gives.
        properties: Its properties, with everything that the template referred to filled in.
        attributes: What `Fn::GetAtt` gives, of the types that are ours.
        record_only: Why nothing stands behind it here, if nothing does.
        part: What it is called among several of its owner; empty: there is one.
    """

    stack: str
    logical_id: str
    type: str
    physical_id: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    record_only: str = ""
    part: str = ""


class CloudFormation:
    """Our types inside moto's CloudFormation; one in a process, as moto's backends are.

    Use as a context manager: what it replaces in moto is put back at its end.
    """

    def __init__(self, aws: Aws) -> None:
        """Replaces nothing yet.

        Args:
            aws: The API that resources are created with.
        """
        self._aws = aws
        self._resolved: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._models = {name: _model(type_, aws) for name, type_ in RESOURCE_TYPES.items()}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        replacing = replaced(
            parsing,
            resource_class_from_type=self._class_of,
            resource_name_property_from_type=self._name_of,
            parse_resource_and_generate_name=self._parse,
        )
        self._before = self._open.enter_context(replacing)
        delete = _unless_kept(parsing.ResourceMap._delete_resource)  # noqa: SLF001
        diff = _with_dependents(parsing.ResourceMap.build_resource_diff)
        self._open.enter_context(
            replaced(parsing.ResourceMap, build_resource_diff=diff, delete=_delete_in_order, _delete_resource=delete)
        )
        self._open.enter_context(
            replaced(
                Stack,
                create_resources=_or_rolled_back(Stack.create_resources),
                _parse_template=_parse_as_json(Stack._parse_template),  # noqa: SLF001
            )
        )
        self._open.enter_context(
            replaced(ChangeSet, apply=_apply, _parse_template=_parse_as_json(ChangeSet._parse_template))  # noqa: SLF001
        )
        self._open.enter_context(
            replaced(
                CloudFormationBackend,
                delete_change_set=_delete_change_set,
                describe_change_set=_or_not_found(CloudFormationBackend.describe_change_set),
            )
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def deployed(self) -> list[Deployed]:
        """All resources of all stacks that are complete, in the order of their templates."""
        found = []
        for stack in cloudformation_backends[ACCOUNT_ID][self._aws.region].stacks.values():
            if stack.status not in _COMPLETE:
                continue
            parsed = stack.resource_map._parsed_resources  # noqa: SLF001 - reading it creates nothing, unlike the mapping
            for logical_id in stack.resource_map.resources:
                resource, json = parsed.get(logical_id), self._resolved.get((stack.stack_id, logical_id))
                if resource is None or json is None:
                    continue  # its condition is false
                type_, properties = RESOURCE_TYPES.get(json["Type"]), json.get("Properties", {})
                found.append(
                    Deployed(
                        stack.name,
                        logical_id,
                        json["Type"],
                        # What moto makes no more of than a part of something else has no id of its own.
                        getattr(resource, "physical_resource_id", logical_id),
                        properties,
                        getattr(resource, "attributes", {}),
                        _why_record_only(type_, properties) if type_ else "",
                        type_.part(properties) if type_ else "",
                    )
                )
        return found

    def _class_of(self, type_: str) -> type[Any] | None:
        if type_ in self._models:
            return self._models[type_]
        if type_ in MOTO_CREATES or type_ in parsing.NULL_MODELS:
            known: type[Any] | None = self._before["resource_class_from_type"](type_)
            return known
        # moto would warn, go on, and fail at the first reference to it, if there is one.
        raise ValidationError(message=f"{type_} is not among the types that can be created on this machine")

    def _name_of(self, type_: str) -> str | None:
        if type_ in RESOURCE_TYPES:
            return RESOURCE_TYPES[type_].name or None
        name: str | None = self._before["resource_name_property_from_type"](type_)
        return name

    def _parse(self, logical_id: str, resource_json: dict[str, Any], resources_map: Any) -> Any:
        parsed = self._before["parse_resource_and_generate_name"](logical_id, resource_json, resources_map)
        if not parsed:
            return parsed
        class_, json, name = parsed
        json = {**json, "Properties": resolved(json.get("Properties", {}), self._aws)}
        self._resolved[resources_map.stack_id, logical_id] = json
        return class_, json, name


class _Resource:
    """A resource of one of our types, as moto's engine handles it: by what it can do, not by what it inherits."""

    handles: ResourceType
    aws: Aws

    def __init__(self, created: Created, resource_json: Mapping[str, Any]) -> None:
        self.physical_resource_id = created.physical_id
        self.attributes = created.attributes
        self._properties = resource_json["Properties"]

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:  # noqa: ARG003 - moto asks so
        return True  # which there are is known once one is created

    def is_created(self) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        if attribute_name not in self.attributes:
            raise UnformattedGetAttTemplateException
        return self.attributes[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,  # noqa: ARG003 - the API knows it
        region_name: str,  # noqa: ARG003
        **kwargs: Any,
    ) -> _Resource:
        where = kwargs.get("LogicalId", resource_name)
        type_, properties = cls.handles, cloudformation_json["Properties"]
        why = unsupported_reason(where, cloudformation_json)
        if why:
            raise ValidationError(where, why)
        name = properties.get(type_.name) or _shortened(resource_name, type_.name_characters)
        return cls(_as_validation_error(where, lambda: type_.create(cls.aws, name, properties)), cloudformation_json)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: _Resource,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> _Resource:
        type_, before, after = cls.handles, original_resource._properties, cloudformation_json["Properties"]
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        update = type_.update
        if not changed:  # what it refers to has changed, and not what it gets from there
            return cls(
                Created(original_resource.physical_resource_id, original_resource.attributes), cloudformation_json
            )
        if update is None or changed & type_.create_only:
            if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
                original_resource.delete(account_id, region_name)  # first, because both may have the same name
            return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        physical_id = original_resource.physical_resource_id
        _as_validation_error(physical_id, lambda: update(cls.aws, physical_id, after))
        return cls(Created(physical_id, original_resource.attributes), cloudformation_json)

    def delete(self, account_id: str, region_name: str) -> None:
        type_ = self.handles
        _as_validation_error(
            self.physical_resource_id, lambda: type_.delete(self.aws, self.physical_resource_id, self._properties)
        )


def _why_record_only(type_: ResourceType, properties: Mapping[str, Any]) -> str:
    return type_.why_record_only(properties) if type_.why_record_only else type_.record_only


def _with_dependents(diff: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """What an update changes, and then those of ours that refer to it: an attribute of it may be another one then.

    moto changes what differs between the templates alone.
    """

    def build_resource_diff(
        resource_map: Any, other_template: dict[str, Any], parameters: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        actions, resources = diff(resource_map, other_template, parameters), other_template["Resources"]
        modified: list[str] = actions["Modify"]
        for name in modified:  # which grows meanwhile
            modified += [
                other
                for other, resource in resources.items()
                if other not in {*modified, *actions["Add"]}
                and resource["Type"] in RESOURCE_TYPES
                and _asks_of(resource.get("Properties"), name)
            ]
        return actions

    return build_resource_diff


def _asks_of(value: Any, name: str) -> bool:
    """Whether an attribute of a resource is asked for anywhere in a value."""
    if isinstance(value, dict):
        asked = value.get("Fn::GetAtt")
        return (asked is not None and name in (asked[0], str(asked).partition(".")[0])) or any(
            _asks_of(one, name) for one in value.values()
        )
    return isinstance(value, list) and any(_asks_of(one, name) for one in value)


def _delete_in_order(resource_map: Any) -> None:
    """Deletes the resources of a stack, the last that was created first; moto tries any order until one works."""
    parsed = resource_map._parsed_resources  # noqa: SLF001 - in the order in which they were created
    for logical_id in reversed(list(parsed)):
        json = resource_map._resource_json_map.get(logical_id)  # noqa: SLF001
        if json is not None:
            resource_map._delete_resource(parsed.pop(logical_id), json)  # noqa: SLF001


def _unless_kept(delete: Callable[[Any, Any, Any], None]) -> Callable[[Any, Any, Any], None]:
    """Deletion that leaves what is to be kept; moto asks for that when a stack goes, and not when a resource leaves one."""

    def delete_resource(resource_map: Any, parsed_resource: Any, resource_json: Mapping[str, Any]) -> None:
        if resource_json.get("DeletionPolicy") != "Retain":
            delete(resource_map, parsed_resource, resource_json)

    return delete_resource


def _parse_as_json(otherwise: Callable[[Any], None]) -> Callable[[Any], None]:
    """JSON is YAML too, and moto reads it as that, which takes a quarter of a deployment."""

    def parse(stack: Any) -> None:
        try:
            stack.template_dict = json.loads(stack.template)
        except ValueError:
            otherwise(stack)

    return parse


def _or_rolled_back(create: Callable[[Stack], None]) -> Callable[[Stack], None]:
    """Creation of a stack that leaves nothing behind when it fails; moto's leaves it in progress for ever."""

    def create_resources(stack: Stack) -> None:
        try:
            create(stack)
        except Exception as error:
            stack.resource_map.delete()
            stack.status = "ROLLBACK_COMPLETE"
            stack._add_stack_event("ROLLBACK_COMPLETE", resource_status_reason=str(error))  # noqa: SLF001
            raise

    return create_resources


def _apply(change_set: ChangeSet) -> None:
    """Carries a change set out as an update of the stack: moto's own way leaves the stack without outputs."""
    stack = change_set.stack
    # moto takes the value that a parameter has for the name that it would have to be looked up by.
    known = stack.resource_map.resolved_parameters
    parameters = {name: value for name, value in (change_set.parameters or {}).items() if known.get(name) != value}
    stack.update(change_set.template, change_set.role_arn, parameters, change_set.tags)


def _delete_change_set(backend: CloudFormationBackend, change_set_name: str) -> None:
    """Deletes a change set; the CDK CLI asks for that before there is one."""
    named = [
        key for key, change_set in backend.change_sets.items() if change_set_name in {key, change_set.change_set_name}
    ]
    for key in named:
        del backend.change_sets[key]


class _ChangeSetNotFoundError(CloudFormationError):
    """What the CDK CLI waits for, once it has asked for a change set to be deleted."""

    code = "ChangeSetNotFound"


def _or_not_found(describe: Callable[..., ChangeSet | None]) -> Callable[..., ChangeSet | None]:
    def describe_change_set(backend: CloudFormationBackend, change_set_name: str) -> ChangeSet | None:
        try:
            return describe(backend, change_set_name)
        except ValidationError:
            raise _ChangeSetNotFoundError(f"ChangeSet [{change_set_name}] does not exist") from None

    return describe_change_set


def _model(type_: ResourceType, aws: Aws) -> type[_Resource]:
    return type(type_.type.rpartition(":")[2], (_Resource,), {"handles": type_, "aws": aws})


def _shortened(name: str, characters: int) -> str:
    """A generated name within a limit; what makes it unique is at its end."""
    return name if len(name) <= characters else f"{name[: characters - 13]}-{name[-12:]}"


def _as_validation_error(where: str, call: Callable[[], Result]) -> Result:
    """What a call gives; what the API refuses becomes an answer of CloudFormation, where moto would answer with a page."""
    try:
        return call()
    except (BotoCoreError, ClientError, KeyError, ValueError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValidationError(where, f"{where}: {why}") from error
