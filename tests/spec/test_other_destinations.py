"""What of Redshift, Splunk, HTTP endpoints, Snowflake and Iceberg tables the language takes, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.spec.read import build

ACCOUNT = "eu-west-1:111122223333"
SECRET = f"arn:aws:secretsmanager:{ACCOUNT}:secret:out-AbCdEf"
KEY = f"arn:aws:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROUTE = f"arn:aws:lambda:{ACCOUNT}:function:route"
CATALOG = f"arn:aws:glue:{ACCOUNT}:catalog"
IN_S3_TABLES = f"{CATALOG}/s3tablescatalog/lake"
JDBC = "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop"
CLICKS, VIEWS = {"database": "shop", "table": "clicks"}, {"database": "shop", "table": "views"}
LEAST: dict[str, dict[str, Any]] = {
    "redshift": {"jdbc_url": JDBC, "secret_arn": SECRET, "table": "clicks"},
    "splunk": {"endpoint": "https://splunk.example.com:8088", "secret_arn": SECRET},
    "http": {"endpoint": "https://example.com/clicks"},
    "snowflake": {
        "account_url": "https://shop.snowflakecomputing.com",
        "secret_arn": SECRET,
        "database": "SHOP",
        "schema": "PUBLIC",
        "table": "CLICKS",
    },
    "iceberg": {"table_bucket": "tables", "tables": [CLICKS]},
}
Found = list[tuple[str, str]]


def found(kind: str, options: dict[str, Any], delivery: dict[str, Any] | None = None) -> Found:
    """What is said of a delivery: codes, and paths below it."""
    document = {**(delivery or {}), "to": {"kind": kind, **LEAST[kind], **options}}
    _, findings, _ = build({"name": "shop", "deliveries": {"out": document}}, Path())
    return [(one.code, ".".join(map(str, one.path[2:]))) for one in findings]


FORM, SIZE = "LNG206", "LNG204"
REFUSED: dict[str, tuple[str, dict[str, Any], Found]] = {
    "a database has no parameters": ("redshift", {"jdbc_url": f"{JDBC}?ssl=true"}, [(FORM, "to.jdbc_url")]),
    "a database is one of Redshift": (
        "redshift",
        {"jdbc_url": "jdbc:redshift://db.example.com:5439/shop"},
        [(FORM, "to.jdbc_url")],
    ),
    "a part of the host does not end in a hyphen": (
        "redshift",
        {"jdbc_url": JDBC.replace("shop.", "shop-.", 1)},
        [(FORM, "to.jdbc_url")],
    ),
    "an address of a database has 512 characters": (
        "redshift",
        {"jdbc_url": JDBC + "p" * (513 - len(JDBC))},
        [(SIZE, "to.jdbc_url")],
    ),
    "a column is loaded once": ("redshift", {"columns": ["a", "b", "a"]}, [("LNG406", "to.columns.2")]),
    "COPY is told that objects are gzipped": (
        "redshift",
        {"copy_options": "json 'auto'"},
        [("FIR729", "to.copy_options")],
    ),
    "a path that says gzip is no option": (
        "redshift",
        {"copy_options": "json 's3://paths/gzip.json'"},
        [("FIR729", "to.copy_options")],
    ),
    "a collector speaks TLS": ("splunk", {"endpoint": "http://splunk.example.com"}, [(FORM, "to.endpoint")]),
    "an address of a collector has 2048 characters": (
        "splunk",
        {"endpoint": "https://example.com/" + "p" * 2029},
        [(SIZE, "to.endpoint")],
    ),
    "a secret is named with its six characters": (
        "splunk",
        {"secret_arn": SECRET.removesuffix("-AbCdEf")},
        [(FORM, "to.secret_arn")],
    ),
    "an endpoint is on port 443": ("http", {"endpoint": "https://example.com:8443/in"}, [(FORM, "to.endpoint")]),
    "an endpoint speaks TLS": ("http", {"endpoint": "http://example.com"}, [(FORM, "to.endpoint")]),
    "an address of an endpoint has 1000 characters": (
        "http",
        {"endpoint": "https://example.com/" + "p" * 981},
        [(SIZE, "to.endpoint")],
    ),
    "an attribute has a name": ("http", {"attributes": {" ": "a"}}, [(FORM, "to.attributes. ")]),
    "an attribute's value has 1024 characters": (
        "http",
        {"attributes": {"a": "v" * 1025}},
        [(SIZE, "to.attributes.a")],
    ),
    "a key without a secret decrypts nothing": (
        "http",
        {"secret_kms_key_arn": KEY},
        [("LNG404", "to.secret_kms_key_arn")],
    ),
    "an endpoint service has an id of 17 characters": (
        "snowflake",
        {"private_link_service": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef"},
        [(FORM, "to.private_link_service")],
    ),
    "a table is listed once": ("iceberg", {"tables": [CLICKS, CLICKS]}, [("LNG406", "to.tables.1")]),
    "a key is listed once": (
        "iceberg",
        {"tables": [{**CLICKS, "unique_keys": ["id", "id"]}]},
        [("LNG406", "to.tables.0.unique_keys.1")],
    ),
    "only failed records are backed up": ("iceberg", {"backup": {"records": "all"}}, [("FIR734", "to.backup.records")]),
    "tables have a bucket": ("iceberg", {"table_bucket": None}, [("FIR735", "to.table_bucket")]),
    "S3 Tables keeps the data itself": (
        "iceberg",
        {"catalog_arn": IN_S3_TABLES, "table_bucket_kms_key_arn": KEY},
        [("LNG404", "to.table_bucket"), ("LNG404", "to.table_bucket_kms_key_arn")],
    ),
    "another catalog in the account's is none of S3 Tables": (
        "iceberg",
        {"catalog_arn": f"{CATALOG}/other/lake"},
        [(FORM, "to.catalog_arn")],
    ),
    "several tables take a function": ("iceberg", {"tables": [CLICKS, VIEWS]}, [("FIR728", "to.tables")]),
    "rows that are only added need no keys": (
        "iceberg",
        {"append_only": True, "tables": [{**CLICKS, "unique_keys": ["id"]}]},
        [("LNG404", "to.tables.0.unique_keys")],
    ),
    "rows that are updated need keys": ("iceberg", {"append_only": False}, [("FIR725", "to.tables.0")]),
    "a table stands beside the others or among them": (
        "iceberg",
        {**CLICKS, "unique_keys": ["id"]},
        [("LNG404", "to.database"), ("LNG404", "to.table"), ("LNG404", "to.unique_keys")],
    ),
    "there is a table": ("iceberg", {"tables": []}, [("LNG202", "to.database"), ("LNG202", "to.table")]),
    "a key of the one table is listed once": (
        "iceberg",
        {"tables": [], **CLICKS, "unique_keys": ["id", "id"]},
        [("LNG406", "to.unique_keys.1")],
    ),
    "a cluster's address does not follow from its name": (
        "redshift",
        {"jdbc_url": None, "cluster": "shop", "database": "shop"},
        [(FORM, "to.cluster")],
    ),
    "a cluster is one of Redshift": (
        "redshift",
        {"jdbc_url": None, "cluster": "shop.abc123.eu-west-1.rds.amazonaws.com", "database": "shop"},
        [(FORM, "to.cluster")],
    ),
    "a workgroup's address ends where AWS ends it": (
        "redshift",
        {"jdbc_url": None, "workgroup": "shop.111122223333.eu-west-1.redshift.amazonaws.com", "database": "shop"},
        [(FORM, "to.workgroup")],
    ),
    "something says where the database is": ("redshift", {"jdbc_url": None}, [("LNG202", "to")]),
    "one thing says where the database is": (
        "redshift",
        {"workgroup": "shop", "database": "shop"},
        [("LNG404", "to.jdbc_url")],
    ),
    "an address ends in its database": ("redshift", {"database": "shop"}, [("LNG404", "to.database")]),
    "a workgroup has several databases": (
        "redshift",
        {"jdbc_url": None, "workgroup": "shop"},
        [("LNG202", "to.database")],
    ),
}
TAKEN: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"the least that {kind} takes": (kind, {}) for kind in LEAST},
    "a workgroup of Redshift Serverless": (
        "redshift",
        {"jdbc_url": "jdbc:redshift://shop.111122223333.eu-west-1.redshift-serverless.amazonaws.com:5439/shop"},
    ),
    "an address of 512 characters": ("redshift", {"jdbc_url": JDBC + "p" * (512 - len(JDBC))}),
    "a secret that Redshift manages": (
        "redshift",
        {"secret_arn": f"arn:aws:secretsmanager:{ACCOUNT}:secret:redshift!shop-admin-AbCdEf"},
    ),
    "options of COPY in other letters": ("redshift", {"copy_options": "CSV GZIP"}),
    "options of COPY with a semicolon at their end": ("redshift", {"copy_options": "json 'auto' gzip;"}),
    "a collector on any port": ("splunk", {"endpoint": "https://splunk.example.com:8443/in"}),
    "the port of an endpoint": ("http", {"endpoint": "https://example.com:443/in?to=clicks"}),
    "a key of a secret": ("http", {"secret_arn": SECRET, "secret_kms_key_arn": KEY}),
    "an attribute of the greatest size": ("http", {"attributes": {"a" * 256: "v" * 1024, "b": ""}}),
    "an account with its port": ("snowflake", {"account_url": "shop.snowflakecomputing.com:443"}),
    "an endpoint service in China": (
        "snowflake",
        {"private_link_service": "cn.com.amazonaws.vpce.cn-north-1.vpce-svc-0123456789abcdef0"},
    ),
    "a catalog of S3 Tables": ("iceberg", {"catalog_arn": IN_S3_TABLES, "table_bucket": None}),
    "the catalog of another account": ("iceberg", {"catalog_arn": CATALOG}),
    "one table with keys": ("iceberg", {"tables": [], **CLICKS, "unique_keys": ["id"]}),
    "a bucket by its ARN": ("iceberg", {"table_bucket": "arn:aws-cn:s3:::tables"}),
    "a workgroup by its name": ("redshift", {"jdbc_url": None, "workgroup": "shop-1", "database": "shop"}),
    "a workgroup by its endpoint": (
        "redshift",
        {
            "jdbc_url": None,
            "workgroup": "shop.111122223333.cn-north-1.redshift-serverless.amazonaws.com.cn:5440",
            "database": "shop",
        },
    ),
    "a cluster by its endpoint": (
        "redshift",
        {"jdbc_url": None, "cluster": "shop.abc123.cn-north-1.redshift.amazonaws.com.cn", "database": "shop"},
    ),
    "a backup of all by one word": ("splunk", {"backup": "all"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_destination_does_not_take_is_refused(name: str) -> None:
    kind, options, expected = REFUSED[name]
    assert found(kind, options) == expected


@pytest.mark.parametrize("name", TAKEN)
def test_what_the_destination_takes_is_fine(name: str) -> None:
    kind, options = TAKEN[name]
    assert found(kind, options) == []


def test_a_function_says_where_rows_go_and_what_becomes_of_them() -> None:
    options = {"tables": [{**CLICKS, "unique_keys": ["id"]}, VIEWS]}
    assert found("iceberg", options, {"transform": {"function_arn": ROUTE}}) == []
    assert found("iceberg", options) == [("FIR728", "to.tables")]
