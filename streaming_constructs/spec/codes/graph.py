"""The graph of a system: names, circles and environments."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece

CODES = (
    Code(
        "GRF301",
        "a name refers to nothing",
        "Nodes are joined by name, and permissions follow the joints. A consumer of a stream that does not exist reads "
        "nothing.",
        piece("""
            consumers:
              fraud: {from: payment}
        """),
        piece("""
            consumers:
              fraud: {from: payments}
        """),
    ),
    Code(
        "GRF302",
        "a name is taken",
        "Streams, consumers and all other nodes share one space of names, so that `payments.iterator_age` means one "
        "alarm and a construct id one construct.",
        piece("""
            consumers:
              payments:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}
        """),
        piece("""
            consumers:
              ledger:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}
        """),
    ),
    Code(
        "GRF303",
        "a name refers to a node of another kind",
        "A consumer reads a stream, and a stream names a schema; a node of another kind has nothing to read there.",
        piece("""
            consumers:
              fraud: {from: fraud}
        """),
        piece("""
            consumers:
              fraud: {from: payments}
        """),
    ),
    Code(
        "GRF304",
        "the system is empty",
        "A stack without resources cannot be deployed. Perhaps a section lost its indentation, or the file is only "
        "begun.",
        piece("""
            streams: null
            consumers: null
        """),
        piece("""
            consumers: null
        """),
    ),
    Code(
        "GRF305",
        "it is not clear which environment is meant",
        "A file with `environments` describes a system for each of them, whatever they are called, and none without: what is "
        "kept and what is destroyed, how large it is and in which account it stands may differ. So it is never read without "
        "one. Differences merge by name, lists are replaced, `null` takes a node or a field out, and each environment is a "
        "stack of its own. `validate` checks all of them.",
        "streaming-constructs plan pipeline.yaml\n",
        "streaming-constructs plan pipeline.yaml --environment dev\n",
        form="command",
        beside=piece("""
            environments:
              dev: {removal_policy: destroy, streams: {payments: {shards: 1}}}
              prod: {account: "111122223333", region: eu-west-1}
        """),
    ),
    Code(
        "GRF306",
        "records go round in a circle",
        "A function that writes to the stream it reads is called again for what it wrote, and writes again. The flow, and "
        "the bill, grow until a limit stops them. The same goes for a circle of several functions and streams.",
        piece("""
            consumers:
              fraud: {to: [payments]}
        """),
        piece("""
            streams:
              suspicions: {kind: kinesis, mode: on_demand}
            consumers:
              fraud: {to: [suspicions]}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    ),
    Code(
        "GRF307",
        "it is not known which permissions an edge takes",
        "What reads or writes on behalf of a node gets its permissions from the edges of the graph. An edge between services "
        "of which nothing is written down would permit nothing: the stack deploys, and the first record fails. Only a new kind "
        "of node can have such an edge.",
        "# a kind of node that reads Kinesis as `emr`, with no row for it in facts/permissions.py\n",
        '# facts/permissions.py\nREADS = {("emr", "kinesis"): EMR_READS_KINESIS, ...}\n',
        form="elsewhere",
    ),
    Code(
        "GRF309",
        "a resource of another region",
        "A stack stands in one region. Streams, functions, layers, keys, secrets and the topics of alarms have to be in it: "
        "with one of another region the stack fails while it is being deployed. What may be elsewhere, such as a queue, is "
        "told as a warning, because most often it is a slip.",
        piece("""
            region: eu-west-1
            alarms: {notify: ["arn:aws:sns:us-east-1:123456789012:oncall"]}
        """),
        piece("""
            region: eu-west-1
            alarms: {notify: ["arn:aws:sns:eu-west-1:123456789012:oncall"]}
        """),
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    ),
    Code(
        "GRF310",
        "a resource of another account",
        "What is of another account needs a policy there that lets this one in. Some is refused even so: a function of another "
        "account cannot be mapped to a stream, and CloudWatch Logs writes to no stream of another account. The metrics of a "
        "foreign stream are in its own account, so alarms on it are silent for ever.",
        piece("""
            account: "123456789012"
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:999999999999:stream/payments", shards: 2}
        """),
        piece("""
            account: "123456789012"
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments", shards: 2}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html",
    ),
    Code(
        "GRF311",
        "a resource of another partition",
        "AWS has partitions that do not see each other: `aws`, `aws-cn` for China, `aws-us-gov` for GovCloud, and more. The "
        "region says which one an ARN begins with; with another one nothing is found.",
        piece("""
            streams:
              payments: {encryption: {kms_key_arn: "arn:aws:kms:cn-north-1:123456789012:key/11111111-2222-3333"}}
        """),
        piece("""
            streams:
              payments: {encryption: {kms_key_arn: "arn:aws-cn:kms:cn-north-1:123456789012:key/11111111-2222-3333"}}
        """),
        source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html",
    ),
    Code(
        "GRF312",
        "two names for one resource",
        "Two nodes with the ARN of one stream, or of one topic, are one: its readers share its throughput under both names, a "
        "function that reads one and writes to the other feeds itself, and alarms and graphs are there twice. Most often one "
        "ARN was copied and not changed.",
        piece("""
            streams:
              clicks: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}
              visits: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}
        """),
        piece("""
            streams:
              clicks: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}
              visits: {kind: kinesis, arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/visits"}
        """),
    ),
    Code(
        "GRF313",
        "a topic without subscribers",
        "What is published to a topic goes to its subscribers, and is kept nowhere. A topic that the system creates has those "
        "that the spec names; whoever subscribes elsewhere can acknowledge this.",
        piece("""
            sns_topics:
              suspicions: {kind: sns}
        """),
        piece("""
            sns_topics:
              suspicions: {kind: sns, subscribers: [fraud-team@example.com]}
        """),
        source="https://docs.aws.amazon.com/sns/latest/dg/welcome.html",
    ),
    Code(
        "GRF314",
        "two environments share what exists",
        "An environment is a system of its own. Where two of them write to one stream, folder or table, what one tries out is "
        "among the records of the other; where they read one stream, they share what it gives its readers.",
        piece("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments", workload: null, shards: 4}
            environments: {dev: {}, prod: {}}
        """),
        piece("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments", workload: null, shards: 4}
            environments:
              dev: {streams: {payments: {arn: "arn:aws:kinesis:eu-west-1:210987654321:stream/payments"}}}
              prod: {}
        """),
    ),
    Code(
        "GRF315",
        "nothing on AWS carries records from one to the other",
        "Which service reads and writes what is AWS's to say: CloudWatch Logs and Kinesis Agent, for example, know no Kafka.",
        piece("""
            clusters:
              main: {kind: msk}
            streams:
              app_logs: {kind: kafka, cluster: main, partitions: 2}
            producers:
              app: {kind: cloudwatch_logs, log_groups: [/app/web], to: app_logs}
        """),
        piece("""
            streams:
              app_logs: {kind: kinesis, shards: 1}
            producers:
              app: {kind: cloudwatch_logs, log_groups: [/app/web], to: app_logs}
        """),
    ),
)
