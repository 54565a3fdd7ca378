"""What of moto's inside is relied on: a version that has it otherwise is found here, and not in somebody's rehearsal."""

from __future__ import annotations

import importlib
import inspect
from importlib.metadata import version
from typing import Any

import pytest
from moto.cloudformation.models import CloudFormationBackend
from moto.firehose.models import FirehoseBackend
from moto.kinesis.models import KinesisBackend
from packaging.specifiers import SpecifierSet

from streaming_constructs.local import service_hooks
from streaming_constructs.local.aws import cloudformation, dynamodb_hooks, embedded_aws, own_mapping, resources
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.aws.moto_hooks import replaced
from streaming_constructs.local.kinesis import kinesis_hooks as kinesis
from streaming_constructs.local.live_page import stored
from streaming_constructs.local.managed_flink import flink_hooks
from streaming_constructs.local.sqs import embedded_queue, sqs_hooks

HOOKS = sorted(
    {
        *cloudformation.MOTO_HOOKS,
        *dynamodb_hooks.MOTO_HOOKS,
        *embedded_queue.MOTO_HOOKS,
        *service_hooks.MOTO_HOOKS,
        *sqs_hooks.MOTO_HOOKS,
        *embedded_aws.MOTO_HOOKS,
        *flink_hooks.MOTO_HOOKS,
        *own_mapping.MOTO_HOOKS,
        *kinesis.MOTO_HOOKS,
        *stored.MOTO_HOOKS,
        *resources.MOTO_HOOKS,
    }
)
BACKENDS = {
    "CloudFormationBackend": CloudFormationBackend("us-east-1", "1"),
    "FirehoseBackend": FirehoseBackend("us-east-1", "1"),
    "KinesisBackend": KinesisBackend("us-east-1", "1"),
}
ON_INSTANCES = {"_parsed_resources", "_resource_json_map", "resolved_parameters"}
"""Members of a `ResourceMap`; see below."""


def looked_up(path: str) -> Any:
    """What a dotted path names: modules as far as they go, and then members."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(BACKENDS.get(getattr(found, "__name__", ""), found), name)
        return found
    raise AssertionError(path)


@pytest.mark.parametrize("path", [path for path in HOOKS if path.rpartition(".")[2] not in ON_INSTANCES])
def test_moto_has_what_is_relied_on(path: str) -> None:
    assert looked_up(path) is not None


def test_a_resource_map_has_the_members_that_are_looked_into() -> None:
    from moto.cloudformation.parsing import ResourceMap

    made = ResourceMap("id", "name", {}, {}, "us-east-1", "1", {"Resources": {}}, None)
    assert {name for name in ON_INSTANCES if hasattr(made, name)} == ON_INSTANCES


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        (
            "moto.cloudformation.parsing.parse_resource_and_generate_name",
            ["logical_id", "resource_json", "resources_map"],
        ),
        ("moto.cloudformation.parsing.resource_class_from_type", ["resource_type"]),
        ("moto.cloudformation.parsing.resource_name_property_from_type", ["resource_type"]),
        ("moto.cloudformation.parsing.ResourceMap.delete", ["self"]),
        ("moto.cloudformation.parsing.ResourceMap._delete_resource", ["self", "parsed_resource", "resource_json"]),
        ("moto.cloudformation.models.ChangeSet.apply", ["self"]),
        ("moto.cloudformation.models.Stack.create_resources", ["self"]),
        ("moto.awslambda.models.LambdaFunction._invoke_lambda", ["self", "event"]),
        ("moto.awslambda.models.LambdaBackend.layers_versions_by_arn", ["self", "layer_version_arn"]),
    ],
)
def test_what_is_replaced_is_called_as_before(path: str, parameters: list[str]) -> None:
    assert list(inspect.signature(looked_up(path)).parameters) == parameters


def test_all_that_is_replaced_is_put_back() -> None:
    from moto.awslambda.models import LambdaBackend
    from moto.cloudformation import parsing

    before = (parsing.resource_class_from_type, parsing.ResourceMap.delete, LambdaBackend.layers_versions_by_arn)
    with EmbeddedAws():
        assert parsing.resource_class_from_type is not before[0]
    after = (parsing.resource_class_from_type, parsing.ResourceMap.delete, LambdaBackend.layers_versions_by_arn)
    assert after == before


def test_a_member_that_is_gone_is_not_replaced_in_silence() -> None:
    class Theirs: ...

    with pytest.raises(AttributeError, match="method"), replaced(Theirs, method=lambda: None):
        pass


def test_moto_is_of_the_versions_that_this_was_written_for() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    (pinned,) = (one for one in project["optional-dependencies"]["local"] if one.startswith("moto"))
    allowed = SpecifierSet(pinned.partition("]")[2])
    assert "5.3.0" not in allowed
    assert version("moto") in allowed
