"""IAM and KMS: roles, policies, instance profiles and keys."""

from __future__ import annotations

from moto.iam.models import AWSManagedPolicy, iam_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    arn,
    document,
    given,
)

_OF_AWS = "arn:aws:iam::aws:policy"
_SOME_POLICY = {
    "CreateDate": "2015-02-06T18:40:00+00:00",
    "UpdateDate": "2015-02-06T18:40:00+00:00",
    "DefaultVersionId": "v1",
    "Document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
}


def _create_role(aws: Aws, name: str, properties: Properties) -> Created:
    values = given(properties, ("Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "Tags"))
    trust = document(properties["AssumeRolePolicyDocument"])
    role = aws.call("iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": trust, **values})["Role"]
    _attach(aws, name, properties)
    return Created(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _update_role(aws: Aws, name: str, properties: Properties) -> None:
    trust = document(properties["AssumeRolePolicyDocument"])
    aws.call("iam", "UpdateAssumeRolePolicy", {"RoleName": name, "PolicyDocument": trust})
    values = given(properties, ("Description", "MaxSessionDuration"))
    aws.call("iam", "UpdateRole", {"RoleName": name, **values})
    _detach(aws, name, keep=set(properties.get("ManagedPolicyArns", ())))
    _attach(aws, name, properties)


def _attach(aws: Aws, name: str, properties: Properties) -> None:
    for policy in properties.get("ManagedPolicyArns", ()):
        _make_known(policy)
        aws.call("iam", "AttachRolePolicy", {"RoleName": name, "PolicyArn": policy})
    for policy in properties.get("Policies", ()):
        text = document(policy["PolicyDocument"])
        aws.call("iam", "PutRolePolicy", {"RoleName": name, "PolicyName": policy["PolicyName"], "PolicyDocument": text})


def _make_known(policy: str) -> None:
    """Makes one of AWS's own policies known by its name: moto would load all 1,500 of them, and nothing here enforces any."""
    path, _, name = policy.removeprefix(_OF_AWS).rpartition("/")
    known = iam_backends[ACCOUNT_ID]["aws"].managed_policies
    if policy.startswith(_OF_AWS) and policy not in known:
        known[policy] = AWSManagedPolicy.from_data(name, ACCOUNT_ID, "aws", {"Path": f"{path}/", **_SOME_POLICY})


def _detach(aws: Aws, name: str, keep: set[str]) -> None:
    iam = aws.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        # The stack's managed policies attach themselves; those of AWS are the role's own business.
        if policy["PolicyArn"].startswith(_OF_AWS) and policy["PolicyArn"] not in keep:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)


def _delete_role(aws: Aws, name: str, properties: Properties) -> None:
    _detach(aws, name, keep=set())
    aws.call("iam", "DeleteRole", {"RoleName": name})


def _create_policy(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"PolicyName": name, "PolicyDocument": document(properties["PolicyDocument"])}
    values |= given(properties, ("Description", "Path"))
    policy = aws.call("iam", "CreatePolicy", values)["Policy"]
    for role in properties.get("Roles", ()):
        aws.call("iam", "AttachRolePolicy", {"RoleName": role, "PolicyArn": policy["Arn"]})
    return Created(policy["Arn"], {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]})


def _update_policy(aws: Aws, policy: str, properties: Properties) -> None:
    iam = aws.client("iam")
    for version in iam.list_policy_versions(PolicyArn=policy)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=policy, VersionId=version["VersionId"])
    text = document(properties["PolicyDocument"])
    aws.call("iam", "CreatePolicyVersion", {"PolicyArn": policy, "PolicyDocument": text, "SetAsDefault": True})
    wanted = set(properties.get("Roles", ()))
    attached = {role["RoleName"] for role in iam.list_entities_for_policy(PolicyArn=policy)["PolicyRoles"]}
    for role in attached - wanted:
        iam.detach_role_policy(RoleName=role, PolicyArn=policy)
    for role in wanted - attached:
        iam.attach_role_policy(RoleName=role, PolicyArn=policy)


def _delete_policy(aws: Aws, policy: str, properties: Properties) -> None:
    iam = aws.client("iam")
    for role in iam.list_entities_for_policy(PolicyArn=policy)["PolicyRoles"]:
        iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=policy)
    for version in iam.list_policy_versions(PolicyArn=policy)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=policy, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=policy)


def _create_profile(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"InstanceProfileName": name, **given(properties, ("Path",))}
    profile = aws.call("iam", "CreateInstanceProfile", values)["InstanceProfile"]
    for role in properties["Roles"]:
        aws.call("iam", "AddRoleToInstanceProfile", {"InstanceProfileName": name, "RoleName": role})
    return Created(name, {"Arn": profile["Arn"]})


def _delete_profile(aws: Aws, name: str, properties: Properties) -> None:
    for role in properties["Roles"]:
        aws.call("iam", "RemoveRoleFromInstanceProfile", {"InstanceProfileName": name, "RoleName": role})
    aws.call("iam", "DeleteInstanceProfile", {"InstanceProfileName": name})


def _create_key(aws: Aws, name: str, properties: Properties) -> Created:
    tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", ())] or None
    values = given(properties, ("Description", "KeySpec", "KeyUsage", "MultiRegion"))
    key_id = aws.call("kms", "CreateKey", {"Policy": document(properties["KeyPolicy"]), "Tags": tags, **values})[
        "KeyMetadata"
    ]["KeyId"]
    _rotate(aws, key_id, properties)
    return Created(key_id, {"Arn": arn(aws, "kms", f"key/{key_id}", ACCOUNT_ID), "KeyId": key_id})


def _update_key(aws: Aws, key_id: str, properties: Properties) -> None:
    policy = {"KeyId": key_id, "PolicyName": "default", "Policy": document(properties["KeyPolicy"])}
    aws.call("kms", "PutKeyPolicy", policy)
    aws.call("kms", "UpdateKeyDescription", {"KeyId": key_id, "Description": properties.get("Description", "")})
    _rotate(aws, key_id, properties)


def _rotate(aws: Aws, key_id: str, properties: Properties) -> None:
    rotates = str(properties.get("EnableKeyRotation", False)).lower() == "true"
    aws.call("kms", "EnableKeyRotation" if rotates else "DisableKeyRotation", {"KeyId": key_id})


def _delete_key(aws: Aws, key_id: str, properties: Properties) -> None:
    days = properties.get("PendingWindowInDays", 30)
    aws.call("kms", "ScheduleKeyDeletion", {"KeyId": key_id, "PendingWindowInDays": days})


IAM_KMS = (
    ResourceType(
        "AWS::IAM::Role",
        takes=frozenset(
            {
                "AssumeRolePolicyDocument",
                "Description",
                "ManagedPolicyArns",
                "MaxSessionDuration",
                "Path",
                "PermissionsBoundary",
                "Policies",
                "RoleName",
                "Tags",
            }
        ),
        create=_create_role,
        update=_update_role,
        delete=_delete_role,
        name="RoleName",
        name_characters=64,
        create_only=frozenset({"Path", "RoleName"}),
    ),
    ResourceType(
        "AWS::IAM::ManagedPolicy",
        takes=frozenset({"Description", "ManagedPolicyName", "Path", "PolicyDocument", "Roles"}),
        create=_create_policy,
        update=_update_policy,
        delete=_delete_policy,
        name="ManagedPolicyName",
        name_characters=128,
        create_only=frozenset({"Description", "ManagedPolicyName", "Path"}),
    ),
    ResourceType(
        "AWS::IAM::InstanceProfile",
        takes=frozenset({"InstanceProfileName", "Path", "Roles"}),
        create=_create_profile,
        delete=_delete_profile,
        name="InstanceProfileName",
        name_characters=128,
    ),
    ResourceType(
        "AWS::KMS::Key",
        takes=frozenset(
            {
                "Description",
                "EnableKeyRotation",
                "KeyPolicy",
                "KeySpec",
                "KeyUsage",
                "MultiRegion",
                "PendingWindowInDays",
                "Tags",
            }
        ),
        create=_create_key,
        update=_update_key,
        delete=_delete_key,
    ),
)
