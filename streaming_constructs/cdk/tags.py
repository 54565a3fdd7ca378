"""Tags of what CloudFormation would replace for them."""

from __future__ import annotations

from aws_cdk import CfnResource


def without_tags(resource: CfnResource) -> None:
    """Keeps tags off a resource of a type of `facts.replacement.REPLACED_BY_TAGS`, whoever gives them.

    Tags come down from the system, the stack and the app by aspects, which run after all code; what is deleted at the resource
    stays deleted.

    Args:
        resource: The resource.
    """
    resource.add_property_deletion_override("Tags")
