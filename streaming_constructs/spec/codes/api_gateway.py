"""Amazon API Gateway in front of streams and deliveries."""

from __future__ import annotations

from streaming_constructs.facts import api_gateway
from streaming_constructs.spec.codes.code import Code, piece

_TEMPLATES = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html"

CODES = (
    Code(
        "API881",
        "no record has the partition key",
        "The partition key of a record is a field of the request. Requests may have the fields of the stream's schema, and no "
        "others: with a key that is none of them every request would be refused.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, partition_key: payment}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, partition_key: payment_id}
        """),
        source=_TEMPLATES,
    ),
    Code(
        "API882",
        "a field cannot be a partition key",
        "A partition key is a text of up to 256 characters. API Gateway writes a number as one; of a list or an object it "
        "makes something else than what was sent, and a field whose key has quotes or a `$` it does not find.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            schemas:
              payment: {tags: array<string>}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, partition_key: tags}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            schemas:
              payment: {tags: array<string>}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, partition_key: payment_id}
        """),
        source=_TEMPLATES,
    ),
    Code(
        "API883",
        "everybody may write",
        "An API without authorization takes records of everybody who finds its address. They are paid for, and readers take "
        "them for real.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, auth: none}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, auth: api_key}
        """),
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
    ),
    Code(
        "API884",
        "the path ends as that of several records does",
        "Single records are sent to `path`, several of them to `path` with `/batch` behind it. With `/batch` in `path` itself "
        "callers would send lists to where one record is taken.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments/batch}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
    ),
    Code(
        "API885",
        "fewer requests get through than there are records",
        "A throttle counts requests. Where the workload has more records than requests get through, callers have to send "
        "several in a request, or the others are answered with 429. It is a warning where full requests do not carry them "
        "either.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, throttle: {rate: 5}}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, throttle: {rate: 20}}
        """),
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    ),
    Code(
        "API886",
        "a throttle is above the account's quota",
        "All APIs of an account share a rate and a burst in a region: 10,000 and 5,000 in a new account, a quarter of that in "
        "some regions. A throttle above them lets no more through.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, throttle: {rate: 1000, burst: 20000}}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, throttle: {rate: 1000, burst: 2000}}
        """),
        source=api_gateway.ACCOUNT_RATE.source,
    ),
    Code(
        "API887",
        "larger records than come through an API",
        "A request to API Gateway has 10 MB at most. Kinesis gets a record in base64, a third larger than it was sent, so the "
        "largest records that a stream can take come by other ways alone.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}, max_record_kb: 10240}
            consumers: null
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}, max_record_kb: 4096}
            consumers: null
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
        source=api_gateway.PAYLOAD_MIB.source,
    ),
    Code(
        "API888",
        "access logs take a role of the account",
        "API Gateway writes logs with a role that is named once for all APIs of an account and region. A system that named one "
        "would take the place of what others named, and take logs away from all of them when it goes. So none does.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments, access_logs: true}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
        source=api_gateway.LOGS_ROLE_SOURCE,
    ),
    Code(
        "API889",
        "a request for each record costs much",
        "Requests to a REST API are paid for one by one, and cost a multiple of what Kinesis asks for the records in them. A "
        "batch of 500 is one request.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 1000, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: payment, workload: {records_per_second: 10, record_kb: 1}}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
    ),
    Code(
        "API890",
        "a field that no model of a request can have",
        "API Gateway checks requests by a model, whose fields are those of the schema. CDK runs in JavaScript, where "
        "`__proto__` names something that every object has: a model with a field of that name cannot be handed to it.",
        piece("""
            streams:
              requests: {kind: kinesis, schema: request, workload: {records_per_second: 10, record_kb: 1}}
            schemas:
              request: {user_id: string, __proto__: string}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
        piece("""
            streams:
              requests: {kind: kinesis, schema: request, workload: {records_per_second: 10, record_kb: 1}}
            schemas:
              request: {user_id: string, proto: string}
            producers:
              api: {kind: api_gateway, to: requests, path: /payments}
        """),
    ),
)
