"""Deploys a cloud assembly: its assets into the bucket, its template into a stack, as the CDK CLI does it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.supported_resources import unsupported_resources
from streaming_constructs.spec.finding import Finding, SpecError

BOOTSTRAP_VERSION = ("/cdk-bootstrap/hnb659fds/version", "28")
"""The parameter that a template asks for, and a version that is new enough for any."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack of an assembly.

    Attributes:
        name: Its name.
        template: The path of its template.
        assets: The path of the list of its assets.
        metadata: The path of what CDK says of its constructs.
    """

    name: str
    template: Path
    assets: Path
    metadata: Path


def stacks_of(assembly: Path) -> list[Stack]:
    """The stacks of a cloud assembly.

    Args:
        assembly: Its folder.
    """
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    return [
        Stack(
            artifact["properties"].get("stackName", name),
            assembly / artifact["properties"]["templateFile"],
            assembly / f"{name}.assets.json",
            assembly / f"{name}.metadata.json",
        )
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    ]


def deploy(aws: Aws, stack: Stack) -> None:
    """Creates a stack, or updates it where it is there already.

    Args:
        aws: The API.
        stack: The stack.

    Raises:
        SpecError: If something in it cannot be created here, or CloudFormation refuses.
    """
    template = json.loads(stack.template.read_text(encoding="utf-8"))
    found = [_refused(stack, why) for why in unsupported_resources(template)]
    if found:
        raise SpecError(found)
    _bootstrap(aws)
    url = _publish(aws, stack)
    cloudformation = aws.client("cloudformation")
    there = {
        description["StackName"]: description["StackStatus"]
        for description in cloudformation.describe_stacks()["Stacks"]
    }
    if there.get(stack.name) == "ROLLBACK_COMPLETE":
        cloudformation.delete_stack(StackName=stack.name)
        del there[stack.name]
    if stack.name in there and _is_deployed(aws, stack.name, template):
        return
    change = cloudformation.update_stack if stack.name in there else cloudformation.create_stack
    try:
        change(StackName=stack.name, TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"])
    except ClientError as error:
        raise SpecError([_refused(stack, error.response["Error"].get("Message", str(error)))]) from None


def _refused(stack: Stack, why: str) -> Finding:
    return Finding(
        "LOC955",
        f"the stack {stack.name} cannot be deployed here",
        note=why,
        help="mend the template, or leave out what cannot be created on this machine",
    )


def _is_deployed(aws: Aws, stack: str, template: Mapping[str, Any]) -> bool:
    """Whether the stack has this template already; CloudFormation would refuse such an update, and moto carries it out."""
    return bool(dict(aws.client("cloudformation").get_template(StackName=stack)["TemplateBody"]) == template)


def _bootstrap(aws: Aws) -> None:
    """What `cdk bootstrap` would have left, where nobody ran it."""
    name, version = BOOTSTRAP_VERSION
    try:
        aws.client("ssm").get_parameter(Name=name)
    except ClientError:
        aws.client("ssm").put_parameter(Name=name, Value=version, Type="String")
        aws.client("s3").create_bucket(Bucket=_named("cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}", aws))


def _publish(aws: Aws, stack: Stack) -> str:
    """Uploads what is not there yet; returns where the template is."""
    s3, template = aws.client("s3"), ""
    for asset in json.loads(stack.assets.read_text(encoding="utf-8"))["files"].values():
        source = stack.assets.parent / asset["source"]["path"]
        for destination in asset["destinations"].values():
            bucket, key = _named(destination["bucketName"], aws), destination["objectKey"]
            if source == stack.template:
                template = f"{aws.endpoint_url}/{bucket}/{key}"
            s3.put_object(Bucket=bucket, Key=key, Body=_content(source, asset["source"]["packaging"]))
    return template


def _content(source: Path, packaging: str) -> bytes:
    if packaging == "file":
        return source.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(source).as_posix())
    return packed.getvalue()


def _named(text: str, aws: Aws) -> str:
    values: dict[str, Any] = {"AccountId": ACCOUNT_ID, "Region": aws.region, "Partition": "aws"}
    for name, value in values.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    return text
