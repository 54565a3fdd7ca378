"""AWS Lambda consumers: event source mappings, their failures and filters."""

from __future__ import annotations

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.spec.codes.code import Code, piece
from streaming_constructs.spec.codes.lambda_on_kafka import KAFKA_CODES
from streaming_constructs.spec.codes.lambda_on_queue import QUEUE_CODES

_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_KINESIS_FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html"

CODES = (
    Code(
        "LAM501",
        "a consumer is either code or an existing function",
        "With both, one of them would be passed over in silence; with neither there is nothing to call.",
        piece("""
            consumers:
              fraud: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
        """),
        piece("""
            consumers:
              fraud: {code: null, function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
        """),
    ),
    Code(
        "LAM502",
        "the function's code is not where the spec says",
        "Paths are relative to the spec's own file. Without the folder nothing can be packed. Without the handler in "
        "it the function deploys well, fails on every batch, and gives all of them up.",
        piece("""
            consumers:
              fraud: {code: handlers/fruad}
        """),
        piece("""
            consumers:
              fraud: {code: handlers/fraud}
        """),
    ),
    Code(
        "LAM503",
        "the environment variables are larger than a function takes",
        "Lambda takes 4 KiB of environment variables, names and values together, and refuses to create the function "
        "above.",
        f'consumers:\n  fraud:\n    environment:\n      WATCH_LIST: "{"DE89370400440532013000," * 190}"\n',
        piece("""
            consumers:
              fraud:
                environment:
                  WATCH_LIST_PARAMETER: /payments/watch-list
        """),
        source=event_source.FUNCTION_ENVIRONMENT_BYTES.source,
    ),
    Code(
        "LAM504",
        "a filter that Lambda refuses, or that drops everything",
        "A record that matches no filter counts as processed: it is dropped without a trace. Patterns name `data` for "
        "the record's own JSON, or one of Kinesis' own fields, and hold values in lists; an operator takes what it can "
        "compare. With another pattern the stack fails while it is being deployed.",
        piece("""
            consumers:
              fraud:
                filters: [{country: [DE]}]
        """),
        piece("""
            consumers:
              fraud:
                filters: [{data: {country: [DE]}}]
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM505",
        "a filter pattern is too long",
        "Lambda takes 4,096 characters of JSON in one pattern. With a longer one the stack fails while it is being "
        "deployed.",
        "consumers:\n  fraud:\n    filters:\n      - data: {payment_id: ["
        + ", ".join(f"payment-{number}" for number in range(1000, 1300))
        + "]}\n",
        piece("""
            consumers:
              fraud:
                filters:
                  - data: {payment_id: [{prefix: payment-1}]}
        """),
        source=event_source.FILTER_PATTERN_CHARACTERS.source,
    ),
    Code(
        "LAM506",
        "records expire before they are given up",
        "A failing batch is retried until it is given up, and only then sent to `destination`. A record that leaves the "
        "stream before is skipped by Lambda and kept nowhere: it is lost. The same goes for every record of the shard "
        "that waits behind it.",
        piece("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 86400}
        """),
        piece("""
            streams:
              payments: {retention_hours: 72}
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 86400}
        """),
        source=_FAILURES,
    ),
    Code(
        "LAM507",
        "little time is left to read given-up records again",
        "SQS and SNS get the position of a given-up batch, not its records: these have to be read from the stream "
        "again, and they leave it when the retention ends. S3 gets the records too.",
        piece("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: sqs}
        """),
        piece("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: s3}
        """),
        source=_FAILURES,
    ),
    Code(
        "LAM508",
        "a FIFO destination cannot keep failed batches",
        "Lambda sends the failed batches of a stream to standard queues, standard topics and buckets. With a FIFO one "
        "the stack fails.",
        piece("""
            consumers:
              fraud:
                on_failure:
                  destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments.fifo"}
        """),
        piece("""
            consumers:
              fraud:
                on_failure:
                  destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments"}
        """),
        source=_FAILURES,
    ),
    Code(
        "LAM509",
        "age, not retries, decides when a slow batch is given up",
        "A batch is given up after its retries or at its age, whichever comes first. When every attempt runs into the "
        "timeout, the age comes first, and the batch gets fewer retries than the spec says.",
        piece("""
            consumers:
              fraud: {timeout_seconds: 900}
        """),
        piece("""
            consumers:
              fraud:
                timeout_seconds: 900
                on_failure: {retries: 3}
        """),
        source=event_source.RECORD_AGE_SECONDS.source,
    ),
    Code(
        "LAM510",
        "less concurrency than the shards ask for",
        "Each shard keeps as many executions busy as its parallelization factor says. With fewer reserved, Lambda "
        "throttles the function, some shards wait, and their records grow old.",
        piece("""
            consumers:
              fraud: {reserved_concurrency: 1}
        """),
        piece("""
            consumers:
              fraud: {reserved_concurrency: 2}
        """),
        source=event_source.PARALLELIZATION_FACTOR.source,
    ),
    Code(
        "LAM511",
        "windows break when an on-demand stream splits a shard",
        "The state of a tumbling window belongs to a shard. When the shard is split or merged in the middle of a "
        "window, the window ends with part of its records, and its sum is wrong. On demand, AWS splits and merges when "
        "it likes.",
        piece("""
            streams:
              payments: {mode: on_demand}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        piece("""
            streams:
              payments: {mode: provisioned}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        source=event_source.TUMBLING_WINDOW_SECONDS.source,
    ),
    Code(
        "LAM512",
        "batches stay smaller than `batch_size`",
        "An invocation takes 6 MiB, and records are a third larger there than in the stream. A batch goes as soon as "
        "that is full, so the rest of `batch_size` never happens.",
        piece("""
            consumers:
              fraud: {batch_size: 10000}
        """),
        piece("""
            consumers:
              fraud: {batch_size: 4000}
        """),
        source=event_source.PAYLOAD_MIB.source,
    ),
    Code(
        "LAM513",
        "more filters than the default quota",
        "An account starts with 5 filters for each mapping. With more the stack fails, until AWS has raised the quota, "
        "to 10 at most.",
        piece("""
            consumers:
              fraud:
                filters:
                  - data: {country: [AT]}
                  - data: {country: [BE]}
                  - data: {country: [CH]}
                  - data: {country: [DE]}
                  - data: {country: [FR]}
                  - data: {country: [NL]}
        """),
        piece("""
            consumers:
              fraud:
                filters:
                  - data: {country: [AT, BE, CH, DE, FR, NL]}
        """),
        source=event_source.FILTERS_DEFAULT_QUOTA.source,
    ),
    Code(
        "LAM514",
        "a filter names a field that records do not have",
        "The stream's schema has no such field, so no record matches; Lambda drops every one of them as if it were "
        "processed.",
        piece("""
            consumers:
              fraud:
                filters: [{data: {contry: [DE]}}]
        """),
        piece("""
            consumers:
              fraud:
                filters: [{data: {country: [DE]}}]
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM515",
        "the largest records never reach the function",
        "An invocation takes 6 MiB, and records travel in base64, a third larger. A record above 4.5 MiB is sent to "
        "`destination` without the function having seen it.",
        piece("""
            streams:
              payments: {max_record_kb: 10240}
        """),
        piece("""
            streams:
              payments: {max_record_kb: 4608}
        """),
        source=kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "LAM516",
        "more concurrency than an account starts with",
        "All functions of an account share 1,000 concurrent executions in a region until AWS raises the limit. Consumers and "
        "transformations that ask for more, by themselves or together, are throttled, and so are all other functions.",
        piece("""
            streams:
              payments: {shards: 200, workload: {records_per_second: 150000}}
            consumers:
              fraud: {parallelization_factor: 10}
        """),
        piece("""
            streams:
              payments: {shards: 200, workload: {records_per_second: 150000}}
            consumers:
              fraud: {parallelization_factor: 5}
        """),
        source=event_source.ACCOUNT_CONCURRENCY.source,
    ),
    Code(
        "LAM517",
        "the function's requirements cannot be installed",
        "A handler's `requirements.txt` is installed into the function's package when the template is built, from wheels "
        "for the runtime and the architecture of the function. A package without such a wheel would have to be "
        "compiled, and the result would be for this machine and not for Lambda.",
        "# handlers/fraud/requirements.txt\nno-such-package==1.0\n",
        "# handlers/fraud/requirements.txt\nrequests==2.32.5\n",
        form="elsewhere",
    ),
    Code(
        "LAM518",
        "windows and parallel batches exclude each other",
        "The state of a tumbling window belongs to a whole shard, and parallel batches divide a shard. Users report that "
        "Lambda refuses a mapping with both, so that the stack fails; AWS's pages say nothing of it.",
        piece("""
            consumers:
              fraud: {tumbling_window_seconds: 60, parallelization_factor: 4}
        """),
        piece("""
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
    ),
    Code(
        "LAM519",
        "an environment variable that Lambda sets itself",
        "Lambda tells a function its region, its name, its credentials and more in variables, and refuses a function whose "
        "configuration has one of these names.",
        piece("""
            consumers:
              fraud: {environment: {AWS_REGION: eu-west-1}}
        """),
        piece("""
            consumers:
              fraud: {environment: {RATES_REGION: eu-west-1}}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    Code(
        "LAM520",
        "two targets of a function have one environment variable",
        "A function is told what it writes to by variables with the names of the nodes, in which `-` is `_`. Of two names that "
        "differ in that alone it would be told one, and never write to the other.",
        piece("""
            streams:
              all-clicks: {kind: kinesis, shards: 1}
              all_clicks: {kind: kinesis, shards: 1}
            consumers:
              fraud: {to: [all-clicks, all_clicks]}
        """),
        piece("""
            streams:
              all-clicks: {kind: kinesis, shards: 1}
              copied-clicks: {kind: kinesis, shards: 1}
            consumers:
              fraud: {to: [all-clicks, copied-clicks]}
        """),
    ),
    Code(
        "LAM521",
        "a filter compares a number by equality",
        "JSON has many spellings of one number: 300, 300.0, 3.0e2. Lambda's guide says that they are not equal, AWS's own "
        "matcher says that they are. `numeric` compares their values, whichever is right.",
        piece("""
            consumers:
              fraud:
                filters: [{data: {amount: [300]}}]
        """),
        piece("""
            consumers:
              fraud:
                filters: [{data: {amount: [{numeric: ["=", 300]}]}}]
        """),
        source=event_source.FILTERS.source,
    ),
    Code(
        "LAM522",
        "a filter asks for what its field never is",
        "The schema says what a field holds. A text is never equal to a number, `prefix` and `suffix` look at texts, `numeric` "
        "at numbers, and nothing is inside of a value without parts: such a filter matches no record, or with "
        "`anything-but` every one.",
        piece("""
            consumers:
              fraud:
                filters: [{data: {amount: ["100"]}}]
        """),
        piece("""
            consumers:
              fraud:
                filters: [{data: {amount: [{numeric: [">=", 100]}]}}]
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM523",
        "a filter says two things of one field",
        "To a pattern, `card.country` is `country` in `card`, however it is written. Said twice, the last one counts and the "
        "first is lost, without a word.",
        piece("""
            schemas:
              payment: {card: "struct<country:string>"}
            consumers:
              fraud:
                filters: [{data: {card: {country: [DE]}, card.country: [AT]}}]
        """),
        piece("""
            schemas:
              payment: {card: "struct<country:string>"}
            consumers:
              fraud:
                filters: [{data: {card: {country: [DE, AT]}}}]
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM524",
        "a filter on `data` of records that are no JSON",
        "A filter on `data` looks into JSON, and Lambda drops every record that is none, as if it were processed. CloudWatch "
        "Logs sends gzipped batches, and agents send lines as they are unless they are told to make JSON of them.",
        piece("""
            streams:
              logs: {kind: kinesis, shards: 1}
            producers:
              functions: {kind: cloudwatch_logs, log_groups: [/aws/lambda/checkout], to: logs}
            consumers:
              errors:
                kind: lambda
                from: logs
                code: handlers/fraud
                filters: [{data: {logEvents: {message: [{prefix: ERROR}]}}}]
                on_failure: {destination: s3}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, shards: 1}
            producers:
              functions: {kind: cloudwatch_logs, log_groups: [/aws/lambda/checkout], to: logs, filter_pattern: ERROR}
            consumers:
              errors:
                kind: lambda
                from: logs
                code: handlers/fraud
                on_failure: {destination: s3}
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM525",
        "records are given up before the function sees them",
        "A batch that does not fill waits for `batch_window_seconds`, and a record is given up at its age, however often it "
        "was tried. With a window that is as long, the first record of each such batch is given up without an attempt.",
        piece("""
            consumers:
              fraud:
                timeout_seconds: 10
                batch_window_seconds: 300
                on_failure: {retries: 2, max_record_age_seconds: 60}
        """),
        piece("""
            consumers:
              fraud:
                timeout_seconds: 10
                batch_window_seconds: 300
                on_failure: {retries: 2, max_record_age_seconds: 3600}
        """),
        source=event_source.RECORD_AGE_SECONDS.source,
    ),
    Code(
        "LAM526",
        "records behind a slow batch are given up untried",
        "A shard's records wait while a batch of it is being processed. Where one attempt may take longer than the age at "
        "which records are given up, one slow batch is enough, and the records behind it are never seen by the function.",
        piece("""
            consumers:
              fraud:
                timeout_seconds: 900
                on_failure: {retries: 0, max_record_age_seconds: 600}
        """),
        piece("""
            consumers:
              fraud:
                timeout_seconds: 300
                on_failure: {retries: 0, max_record_age_seconds: 600}
        """),
        source=event_source.RECORD_AGE_SECONDS.source,
    ),
    Code(
        "LAM527",
        "a function reads a stream twice",
        "Lambda keeps one event source mapping for a stream and a function, or a version or alias of it. It refuses a second "
        "one, and the stack fails. With enhanced fan-out the source is the registered consumer, and each reader has its "
        "own.",
        piece("""
            consumers:
              fraud: {code: null, function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
              again:
                kind: lambda
                from: payments
                function_arn: arn:aws:lambda:eu-west-1:123456789012:function:fraud
                on_failure: {destination: s3}
        """),
        piece("""
            consumers:
              fraud: {code: null, function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
              again:
                kind: lambda
                from: payments
                function_arn: arn:aws:lambda:eu-west-1:123456789012:function:fraud:live
                on_failure: {destination: s3}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
    ),
    Code(
        "LAM528",
        "more reserved concurrency than an account starts with",
        "What is reserved for one function is taken from the 1,000 concurrent executions of the account, of which 100 have to "
        "stay for functions without a reservation. Lambda refuses to reserve more, and the stack fails until AWS has raised "
        "the limit.",
        piece("""
            consumers:
              fraud: {reserved_concurrency: 901}
        """),
        piece("""
            consumers:
              fraud: {reserved_concurrency: 900}
        """),
        source=event_source.UNRESERVED_CONCURRENCY.source,
    ),
    Code(
        "LAM529",
        "a variable that names a target is set by hand",
        "A function is told what it writes to by variables with the names of the nodes, such as CLICKS_STREAM_ARN. One of your "
        "own with that name would be overwritten, and the function would read another value than the spec says.",
        piece("""
            streams:
              suspicions: {kind: kinesis, mode: on_demand}
            consumers:
              fraud:
                to: suspicions
                environment: {SUSPICIONS_STREAM_ARN: mine}
        """),
        piece("""
            streams:
              suspicions: {kind: kinesis, mode: on_demand}
            consumers:
              fraud:
                to: suspicions
                environment: {OTHER_STREAM_ARN: mine}
        """),
    ),
    Code(
        "LAM530",
        "a secret in plain text",
        "Environment variables stand in the spec, in the template and in the Lambda console, for all who may read these. A "
        "password, a token or a key of an API belongs into Secrets Manager or SSM Parameter Store, and the variable says "
        "where.",
        piece("""
            consumers:
              fraud: {environment: {DB_PASSWORD: correct-horse}}
        """),
        piece("""
            consumers:
              fraud:
                environment:
                  DB_PASSWORD_ARN: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf
        """),
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    Code(
        "LAM531",
        "reading begins in the future",
        "An event source mapping begins with records of a moment that has passed, with the oldest or with those that come. "
        "Lambda refuses a moment in the future, and the stack fails.",
        piece("""
            consumers:
              fraud: {starting_position: {at_timestamp: 2999-01-01T00:00:00Z}}
        """),
        piece("""
            consumers:
              fraud: {starting_position: latest}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
    ),
    Code(
        "LAM541",
        "the function's code is the whole folder of the spec",
        "All that is beside the spec would be shipped to Lambda: tests, sample records, documents, other functions, and the "
        "spec itself, so that every change of any of them is a new version of the function.",
        piece("""
            consumers:
              fraud: {code: ., handler: handlers/fraud/index.handler}
        """),
        piece("""
            consumers:
              fraud: {code: handlers/fraud, handler: index.handler}
        """),
    ),
    Code(
        "LAM542",
        "some files in the folder of code are not shipped",
        "Whoever may read a function may read its code. So what holds keys and credentials, such as `.env`, `.aws`, "
        "`credentials.json` and files with a private key in them, is left out of it, and so are history, virtual environments "
        "and folders of tools, such as `.git`, `.venv` and `cdk.out`. Public certificates are shipped. None of what is left "
        "out changes the hash of the code. A function that needs such a file fails without it.",
        "# handlers/fraud/.env\nTOKEN=s3cr3t\n",
        piece("""
            consumers:
              fraud:
                environment: {TOKEN_SECRET: payments/token}
        """),
        form="elsewhere",
    ),
    *KAFKA_CODES,
    Code(
        "LAM567",
        "enhanced fan-out that brings nothing",
        "A shard gives all readers that share it 2 MiB/s, twice what it takes, so that two of them never slow each other down. "
        "Enhanced fan-out is paid for by the shard, by the hour and by the GB; what it also brings, records within 70 ms, is "
        "lost where a batch is gathered for a second or longer.",
        piece("""
            consumers:
              fraud: {enhanced_fan_out: true, batch_window_seconds: 5}
        """),
        piece("""
            consumers:
              fraud: {batch_window_seconds: 5}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html",
    ),
    Code(
        "LAM568",
        "records are handed over one by one, as tasks of a queue are",
        "A stream is read in order: what comes behind a slow or a failing record waits for it, and each record is an "
        "invocation. Tasks that have nothing to do with each other, such as mails or pictures, are better in a queue of "
        "Amazon SQS, which hands each to whoever is free, and hides it while it is being worked on.",
        piece("""
            consumers:
              fraud: {batch_size: 1}
        """),
        piece("""
            consumers:
              fraud: {batch_size: 100}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html",
    ),
    Code(
        "LAM569",
        "a function names records that failed, and nobody listens",
        "A function that answers with `batchItemFailures` says that it succeeded, but for some records. Lambda reads that "
        "where `partial_batch_responses` is on. Else the whole batch counts as processed, and the records that failed are "
        "never tried again, nor kept anywhere.",
        '# handlers/fraud/index.py\nreturn {"batchItemFailures": failed}\n',
        piece("""
            consumers:
              fraud: {partial_batch_responses: true}
        """),
        form="elsewhere",
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html",
    ),
    *QUEUE_CODES,
)
