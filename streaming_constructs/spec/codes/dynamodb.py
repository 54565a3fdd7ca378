"""Amazon DynamoDB tables."""

from __future__ import annotations

from streaming_constructs.facts import dynamodb
from streaming_constructs.spec.codes.code import Code, piece

CODES = (
    Code(
        "DDB841",
        "both keys are one attribute",
        "The partition key says where items are, the sort key tells those apart that are there together. DynamoDB refuses a "
        "table whose two keys are one attribute.",
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, sort_key: payment_id}
        """),
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: country, sort_key: payment_id}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
    ),
    Code(
        "DDB842",
        "a key that items do not have",
        "Every item has the attributes of the key. DynamoDB refuses one without them, so with such a schema nothing is ever "
        "written.",
        piece("""
            stores:
              scores: {kind: dynamodb, schema: payment, partition_key: payment}
        """),
        piece("""
            stores:
              scores: {kind: dynamodb, schema: payment, partition_key: payment_id}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html",
    ),
    Code(
        "DDB843",
        "a key of another type than items have it",
        "A key is a string, a number or binary, and says which when the table is made. DynamoDB refuses an item whose key is "
        "of another type, and no map, list or boolean can be one. A time is a string, unless it is written as seconds or "
        "milliseconds.",
        piece("""
            stores:
              scores: {kind: dynamodb, schema: payment, partition_key: country, sort_key: amount}
        """),
        piece("""
            stores:
              scores: {kind: dynamodb, schema: payment, partition_key: country, sort_key: {name: amount, type: number}}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeDefinition.html",
    ),
    Code(
        "DDB844",
        "items that never expire",
        "DynamoDB deletes an item once the number of seconds since 1970 in its attribute has passed. It passes over items that "
        "lack the attribute, or have a text in it, and milliseconds are a time in tens of thousands of years. Nothing says so: "
        "the table grows.",
        piece("""
            schemas:
              score: {payment_id: string, expires_at: timestamp}
            stores:
              scores: {kind: dynamodb, schema: score, partition_key: payment_id, ttl: expires_at}
        """),
        piece("""
            schemas:
              score: {payment_id: string, expires_at: {type: timestamp, timestamp_format: epoch_seconds}}
            stores:
              scores: {kind: dynamodb, schema: score, partition_key: payment_id, ttl: expires_at}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html",
    ),
    Code(
        "DDB845",
        "a provisioned table without a capacity",
        "A provisioned table has a number of units a second for reads, and one for writes. That for writes follows from a "
        "workload; how much is read, nothing tells.",
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, billing: provisioned, write_capacity: 100}
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                billing: provisioned
                write_capacity: 100
                read_capacity: {minimum: 5, maximum: 100}
        """),
        source=dynamodb.CAPACITY_UNITS.source,
    ),
    Code(
        "DDB846",
        "there is always more capacity than there may be",
        "Application Auto Scaling moves a capacity between two bounds. It refuses a least one that is above the greatest.",
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                billing: provisioned
                write_capacity: {minimum: 100, maximum: 10}
                read_capacity: 5
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                billing: provisioned
                write_capacity: {minimum: 10, maximum: 100}
                read_capacity: 5
        """),
        source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    ),
    Code(
        "DDB847",
        "an item is larger than DynamoDB takes",
        "An item has 400 KB at most, the names of its attributes with it. A larger one is refused, however often it is tried.",
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, workload: {records_per_second: 1, record_kb: 500}}
        """),
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, workload: {records_per_second: 1, record_kb: 5}}
        """),
        source=dynamodb.ITEM_KIB.source,
    ),
    Code(
        "DDB848",
        "all that is written in a while goes to one partition key",
        "Items of one partition key are in one partition, which takes 1,000 write units a second. With the time as the key, "
        "all that is written now has the same one: it is throttled, whatever capacity the table has. Where the load is that of "
        "what its writers read, it is a note.",
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: day
                sort_key: payment_id
                workload: {records_per_second: 1000, record_kb: 1, peak_factor: 3}
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                sort_key: day
                workload: {records_per_second: 1000, record_kb: 1, peak_factor: 3}
        """),
        source=dynamodb.PARTITION_WRITE_UNITS_PER_SECOND.source,
    ),
    Code(
        "DDB849",
        "more than a table takes at once",
        "A table on demand takes 4,000 write units a second while it is new, and twice its last peak once it has one: a leap "
        "beyond is throttled until DynamoDB has made room, within half an hour. `warm_write_units` makes room before. "
        "Beyond 40,000 a second the quota of the account has to be raised first. Where the load is that of what its "
        "writers read, it is a note.",
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                workload: {records_per_second: 2000, record_kb: 1, peak_factor: 4}
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                workload: {records_per_second: 2000, record_kb: 1, peak_factor: 4}
                warm_write_units: 8000
        """),
        source=dynamodb.NEW_ON_DEMAND_WRITE_UNITS_PER_SECOND.source,
    ),
    Code(
        "DDB850",
        "a table that is to be destroyed is protected from being deleted",
        "DynamoDB deletes no table that is protected, and the stack that would delete it fails. A table that stays when it "
        "leaves the stack is protected without being told.",
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, deletion_protection: true, removal_policy: destroy}
        """),
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, removal_policy: destroy}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
    ),
    Code(
        "DDB851",
        "less write capacity than the workload needs",
        "What is written beyond the capacity is throttled. Clients try again for a while, and then fail.",
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                workload: {records_per_second: 500, record_kb: 2}
                billing: provisioned
                write_capacity: 500
                read_capacity: 5
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                workload: {records_per_second: 500, record_kb: 2}
                billing: provisioned
                write_capacity: 1500
                read_capacity: 5
        """),
        source=dynamodb.WRITE_UNIT_KIB.source,
    ),
    Code(
        "DDB852",
        "a steady load costs far more on demand",
        "On demand each request has its price, and capacity that nobody uses has none. A load that stays near its peak costs "
        "less with provisioned capacity. Prices are those of the list in us-east-1, without reserved capacity.",
        piece("""
            stores:
              scores: {kind: dynamodb, partition_key: payment_id, workload: {records_per_second: 3000, record_kb: 1}}
        """),
        piece("""
            stores:
              scores:
                kind: dynamodb
                partition_key: payment_id
                workload: {records_per_second: 3000, record_kb: 1}
                billing: provisioned
                read_capacity: {minimum: 5, maximum: 100}
        """),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html",
    ),
)
