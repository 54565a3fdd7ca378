"""Glue and Athena: databases, tables, workgroups and queries."""

from __future__ import annotations

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType


def _create_database(aws: Aws, name: str, properties: Properties) -> Created:
    wanted = {"Name": name.lower(), **properties["DatabaseInput"]}
    aws.call("glue", "CreateDatabase", {"DatabaseInput": wanted})
    return Created(wanted["Name"])


def _update_database(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("glue", "UpdateDatabase", {"Name": name, "DatabaseInput": {"Name": name, **properties["DatabaseInput"]}})


def _delete_database(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("glue", "DeleteDatabase", {"Name": name})


def _create_table(aws: Aws, name: str, properties: Properties) -> Created:
    wanted = {"Name": name.lower(), **properties["TableInput"]}
    aws.call("glue", "CreateTable", {"DatabaseName": properties["DatabaseName"], "TableInput": wanted})
    return Created(wanted["Name"])


def _update_table(aws: Aws, name: str, properties: Properties) -> None:
    wanted = {"Name": name, **properties["TableInput"]}
    aws.call("glue", "UpdateTable", {"DatabaseName": properties["DatabaseName"], "TableInput": wanted})


def _delete_table(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("glue", "DeleteTable", {"DatabaseName": properties["DatabaseName"], "Name": name})


def _create_workgroup(aws: Aws, name: str, properties: Properties) -> Created:
    values = {
        "Name": name,
        "Description": properties.get("Description"),
        "Configuration": properties.get("WorkGroupConfiguration"),
        "Tags": properties.get("Tags"),
    }
    aws.call("athena", "CreateWorkGroup", values)
    return Created(name)


def _delete_workgroup(aws: Aws, name: str, properties: Properties) -> None:
    recursive = properties.get("RecursiveDeleteOption")
    aws.call("athena", "DeleteWorkGroup", {"WorkGroup": name, "RecursiveDeleteOption": recursive})


def _create_query(aws: Aws, name: str, properties: Properties) -> Created:
    values = {member: properties.get(member) for member in ("Database", "Description", "QueryString", "WorkGroup")}
    created = aws.call("athena", "CreateNamedQuery", {"Name": properties.get("Name", name), **values})
    return Created(created["NamedQueryId"], {"NamedQueryId": created["NamedQueryId"]})


def _delete_query(aws: Aws, physical_id: str, properties: Properties) -> None:
    from moto.athena.models import athena_backends

    from streaming_constructs.local.aws.api import ACCOUNT_ID

    # moto has no DeleteNamedQuery.
    athena_backends[ACCOUNT_ID][aws.region].named_queries.pop(physical_id, None)


GLUE_ATHENA = (
    ResourceType(
        "AWS::Glue::Database",
        takes=frozenset({"CatalogId", "DatabaseInput"}),
        create=_create_database,
        update=_update_database,
        delete=_delete_database,
    ),
    ResourceType(
        "AWS::Glue::Table",
        takes=frozenset({"CatalogId", "DatabaseName", "TableInput"}),
        create=_create_table,
        update=_update_table,
        delete=_delete_table,
        create_only=frozenset({"CatalogId", "DatabaseName"}),
    ),
    ResourceType(
        "AWS::Athena::WorkGroup",
        takes=frozenset({"Description", "Name", "RecursiveDeleteOption", "Tags", "WorkGroupConfiguration"}),
        create=_create_workgroup,
        delete=_delete_workgroup,
        name="Name",
        name_characters=128,
    ),
    ResourceType(
        "AWS::Athena::NamedQuery",
        takes=frozenset({"Database", "Description", "Name", "QueryString", "WorkGroup"}),
        create=_create_query,
        delete=_delete_query,
    ),
)
