"""SQL of Flink; part of the topic `FLK`."""

from __future__ import annotations

from streaming_constructs.facts import flink
from streaming_constructs.spec.codes.code import Code

_FLINK = "https://nightlies.apache.org/flink/flink-docs-stable/docs"
_GUIDE = "https://docs.aws.amazon.com/managed-flink/latest/java"
PER_PAGE = """SELECT page, COUNT(*) AS clicks, window_start
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY page, window_start, window_end"""
_TOTALS = (
    "INSERT INTO counts SELECT page, COUNT(*) AS clicks, MAX(event_time) AS window_start FROM clicks\n"
    "WHERE page IS NOT NULL GROUP BY page"
)
_TTL = "config: {table.exec.state.ttl: 1 d}"
_OWN = """CREATE TABLE clicks (page STRING, event_time TIMESTAMP_LTZ(3), {more}WATERMARK FOR event_time AS event_time) WITH (
  'connector' = 'kinesis', 'stream.arn' = '{arn}', 'aws.region' = '${{AWS_REGION}}', 'format' = 'json'{option});
INSERT INTO counts
"""


def application(
    fields: str = "parallelism: 2",
    sql: str = PER_PAGE,
    *,
    clicks: str = "shards: 2",
    click: str = "page: string, event_time: timestamp",
    counts: str = "kind: kinesis, shards: 1, schema: count",
    count: str = "page: string, clicks: bigint, window_start: timestamp",
    watermark: str = "{field: event_time, delay_seconds: 5}",
    edges: str = "from: clicks, to: counts",
    more: str = "",
) -> str:
    """An example with one application of SQL that reads one stream and writes to another.

    Args:
        fields: Fields of the application.
        sql: Its SQL.
        clicks: Fields of the stream that it reads.
        click: The fields of its records.
        counts: The fields of the stream that it writes to.
        count: The fields of what it writes.
        watermark: The watermark of the stream that it reads; empty for none.
        edges: What it reads and writes.
        more: Further sections.
    """
    time = f", watermark: {watermark}" if watermark else ""
    statements = "\n".join(f"      {line}" for line in sql.splitlines())
    said = "".join(f"    {line}\n" for line in _lines(f"{edges}, {fields}"))
    return (
        f"schemas:\n  click: {{{click}}}\n  count: {{{count}}}\n"
        f"streams:\n  clicks: {{kind: kinesis, schema: click, {clicks}{time}}}\n  counts: {{{counts}}}\n"
        f"analytics:\n  per_page:\n    kind: flink_sql\n{said}    sql: |\n{statements}\n{more}"
    )


def _lines(fields: str) -> list[str]:
    """Fields of a mapping on lines of their own."""
    lines, depth, start = list[str](), 0, 0
    for place, letter in enumerate(fields):
        depth += (letter in "{[") - (letter in "}]")
        if letter == "," and depth == 0:
            lines.append(fields[start:place].strip())
            start = place + 1
    return [line for line in (*lines, fields[start:].strip()) if line]


def _own(option: str = "", *, arn: str = "${CLICKS_STREAM_ARN}", more: str = "") -> str:
    return application(sql=_OWN.format(option=option, arn=arn, more=more) + PER_PAGE, watermark="")


_CLUSTER = """clusters:
  main:
    kind: msk
    vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}
    client_security_group_ids: [sg-0123456789abcdef0]
acknowledge: {main.MSK458: its subnets reach them}
"""
_LONG = "payments_of_all_shops_in_germany_austria_and_switzerland"
_TOPIC = "kind: kafka, cluster: main, partitions: 3, schema: count"

SQL_CODES = (
    Code(
        "FLK222",
        "a text, a name or a comment in SQL is not closed",
        "All behind an open quote is taken for text, and what begins there is no statement. Flink would refuse it when the "
        "application starts, minutes after a deployment began.",
        application(sql="SELECT page, 1 AS clicks, event_time AS window_start FROM clicks WHERE page <> 'home"),
        application(sql="SELECT page, 1 AS clicks, event_time AS window_start FROM clicks WHERE page <> 'home'"),
    ),
    Code(
        "FLK223",
        "a file with SQL cannot be read",
        "An item of `sql` that ends in .sql is the path of a file beside the spec, a text in UTF-8 of up to 500,000 bytes. "
        "Without it the application has no statements.",
        application("parallelism: 2", sql="queries.sql"),
        application("parallelism: 2"),
    ),
    Code(
        "FLK224",
        "a statement that no application runs",
        "An application runs its queries as one job, without anybody who reads answers: it creates tables, views and "
        "functions, and writes with INSERT INTO. Anything else fails at its start, or does nothing.",
        application(sql=f"SHOW TABLES;\nINSERT INTO counts\n{PER_PAGE}"),
        application(sql=f"INSERT INTO counts\n{PER_PAGE}"),
        source=f"{_FLINK}/dev/table/sql/overview/",
    ),
    Code(
        "FLK225",
        "nothing says where a SELECT writes to",
        "A SELECT alone writes to the one node that `to` names. With several, or none, Flink would show its rows to nobody. "
        "One SELECT may stand alone, and not two.",
        application(sql=PER_PAGE, edges="from: clicks, to: [counts, payments]"),
        application(sql=PER_PAGE),
    ),
    Code(
        "FLK226",
        "nothing says what a variable of the SQL is",
        "A statement has `${name}` for what `variables` say, for the region (`${AWS_REGION}`), and for what the nodes of "
        "`from` and `to` are called on AWS. With any other the application does not start.",
        application(sql=PER_PAGE.replace("'1' MINUTE", "'${minutes}' MINUTE")),
        application("variables: {minutes: '1'}", sql=PER_PAGE.replace("'1' MINUTE", "'${minutes}' MINUTE")),
    ),
    Code(
        "FLK227",
        "a variable that no statement has",
        "A variable that nothing uses is mostly one that is spelt otherwise in the SQL; a change of it changes nothing.",
        application("variables: {minutes: '1'}"),
        application("variables: {minutes: '1'}", sql=PER_PAGE.replace("'1' MINUTE", "'${minutes}' MINUTE")),
    ),
    Code(
        "FLK228",
        "the SQL writes to what `to` does not name",
        "What an application writes to is a node of the system, named by `to`: so it may, and the table is there. Flink finds "
        "no table of any other name.",
        application(sql=f"INSERT INTO countss\n{PER_PAGE}"),
        application(sql=f"INSERT INTO counts\n{PER_PAGE}"),
    ),
    Code(
        "FLK229",
        "no statement writes to what `to` names",
        "An edge without a statement grants a permission that nothing needs, and mostly a query was forgotten. Without any "
        "INSERT INTO Flink has no job to run, and does not start.",
        application(sql="CREATE VIEW seen AS SELECT page FROM clicks"),
        application(sql=f"INSERT INTO counts\n{PER_PAGE}"),
    ),
    Code(
        "FLK230",
        "the SQL reads a stream that `from` does not name",
        "A stream that `from` names may be read, and has a table. Of any other Flink says that there is no such table, when "
        "the application starts.",
        application(sql=PER_PAGE.replace("GROUP BY", "JOIN payments ON page = country GROUP BY"), fields=_TTL),
        application(),
    ),
    Code(
        "FLK231",
        "the SQL does not read a stream that `from` names",
        "An edge without a query grants a permission that nothing needs, and sizes the application for records that it does "
        "not read; mostly a query was forgotten.",
        application(edges="from: [clicks, payments], to: counts"),
        application(edges="from: clicks, to: counts"),
    ),
    Code(
        "FLK232",
        "a table of a connector that the application does not have",
        "Connectors come with the application, as jars. Those of Kinesis, Firehose, DynamoDB and Kafka are brought by the "
        "library; datagen, print, blackhole and filesystem Flink has itself, with json, csv and raw; others are yours to "
        "bring, in `connectors`.",
        _own().replace("'kinesis'", "'kinesis-legacy'"),
        _own(),
        source=f"{_GUIDE}/how-flink-connectors.html",
    ),
    Code(
        "FLK233",
        "a connector has no such option, or lacks one",
        "Flink refuses a table with an option that its connector does not know, or without one that it needs. What was "
        "`stream` and `scan.stream.initpos` until version 4 of the connector for Kinesis, is `stream.arn` and "
        "`source.init.position` since.",
        _own(",\n  'scan.stream.initpos' = 'LATEST'"),
        _own(",\n  'source.init.position' = 'LATEST'"),
        source=f"{_GUIDE}/how-flink-connectors.html",
    ),
    Code(
        "FLK234",
        "metadata columns of a table of Kinesis",
        "Since version 5 of its connector the source of Kinesis reads no metadata columns (FLINK-36671): the application fails "
        "as soon as it reads, and not before.",
        _own(more="arrived TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, "),
        _own(),
        source=f"{_GUIDE}/how-flink-connectors.html",
    ),
    Code(
        "FLK235",
        "an ARN, or a region, stands in the SQL",
        "What is written in the SQL is the same in every environment: that of a test would read what another one's streams "
        "have, or would not be let. A variable is what each environment has.",
        _own(arn="arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"),
        _own(),
    ),
    Code(
        "FLK236",
        "a query that changes what it wrote, into what takes no changes",
        "A GROUP BY without a window writes each group again with every record. Streams of Kinesis, Firehose and topics that "
        "are not compacted only take new records, and Flink refuses the query. Tables of DynamoDB and compacted topics take "
        "changes.",
        application(_TTL, sql=_TOTALS),
        application(
            _TTL,
            sql=_TOTALS,
            counts=f"{_TOPIC}, partition_key: page, cleanup_policy: compact",
            more=_CLUSTER,
        ),
        source=f"{_FLINK}/dev/table/concepts/dynamic_tables/",
    ),
    Code(
        "FLK237",
        "a window over a stream that has no watermark",
        "A window over the time of records ends when a watermark is past its end: it says which field the time is, and how "
        "late records may be. Without one Flink refuses the query.",
        application(watermark=""),
        application(),
        source=f"{_FLINK}/concepts/time/",
    ),
    Code(
        "FLK238",
        "a watermark on what is no time of the records",
        "A watermark stands on a field of the schema that is a `timestamp`: as ISO 8601, in seconds or milliseconds since "
        "1970, or in a pattern. Flink has no time in anything else.",
        application(watermark="{field: page, delay_seconds: 5}"),
        application(watermark="{field: event_time, delay_seconds: 5}"),
        source=f"{_FLINK}/concepts/time/",
    ),
    Code(
        "FLK239",
        "the state of a query grows for ever",
        "A GROUP BY without a window keeps every group that ever was, SELECT DISTINCT and UNION without ALL every row, and a "
        "join without bounds of time all records of both sides; MATCH_RECOGNIZE keeps what began a pattern, if no WITHIN "
        "ends it. Checkpoints take longer and longer, until they fail, and the application with them.",
        application(
            sql=_TOTALS,
            counts=f"{_TOPIC}, partition_key: page, cleanup_policy: compact",
            more=_CLUSTER,
        ),
        application(
            _TTL,
            sql=_TOTALS,
            counts=f"{_TOPIC}, partition_key: page, cleanup_policy: compact",
            more=_CLUSTER,
        ),
        source=f"{_FLINK}/dev/table/config/",
    ),
    Code(
        "FLK240",
        "a key of Flink's configuration that code does not set",
        "From Flink 2.2 on Managed Flink lets code set 123 keys, most of them of `table.*`, and an application that sets any "
        "other does not start. Parallelism and checkpoints are the service's, and fields of the application here.",
        application("config: {table.exec.state.tl: 1 d}"),
        application(_TTL),
        source=f"{_GUIDE}/programmatic-configuration.html",
    ),
    Code(
        "FLK241",
        "nothing says what the records are that are read or written",
        "The tables of what an application reads and writes have the fields of a schema. Without one there is no table, unless "
        "the SQL creates it.",
        application(counts="kind: kinesis, shards: 1"),
        application(),
    ),
    Code(
        "FLK242",
        "times in a pattern that Flink does not read",
        "Flink reads times by Java's patterns. Of Joda-Time's letters some mean something else there, or nothing, such as `Z` "
        "for an offset: times would be wrong by hours, or none.",
        application(click="page: string, event_time: {type: timestamp, timestamp_format: 'dd/MM/yyyy HH:mm:ss Z'}"),
        application(click="page: string, event_time: {type: timestamp, timestamp_format: 'dd/MM/yyyy HH:mm:ss'}"),
        source=f"{_FLINK}/dev/table/functions/systemfunctions/",
    ),
    Code(
        "FLK243",
        "values of a topic are encoded with a schema registry",
        "Values that the Glue Schema Registry encodes begin with the id of their schema, which Flink's formats do not know: "
        "each record would be taken for broken JSON.",
        application(
            counts=f"{_TOPIC}, partition_key: page, encoding: registry", more=f"{_CLUSTER}schema_registry: glue\n"
        ),
        application(
            counts=f"{_TOPIC}, partition_key: page, encoding: plain", more=f"{_CLUSTER}schema_registry: glue\n"
        ),
    ),
    Code(
        "FLK244",
        "what is written lacks the key of what it is written to",
        "A compacted topic keeps the last record of each key, and DynamoDB one item of each key. What is written without one "
        "is refused, and the application fails.",
        application(counts=f"{_TOPIC}, partition_key: user_id, cleanup_policy: compact", more=_CLUSTER),
        application(
            counts=f"{_TOPIC}, partition_key: page, cleanup_policy: compact",
            sql=PER_PAGE.replace("GROUP BY", "WHERE page IS NOT NULL\nGROUP BY"),
            more=_CLUSTER,
        ),
        source=f"{_FLINK}/connectors/table/upsert-kafka/",
    ),
    Code(
        "FLK245",
        "columns are filled by their place, and the SELECT has another order",
        "INSERT INTO without the names of columns fills them one after the other, whatever the SELECT calls them. Where types "
        "allow it, values end in the wrong column, and nobody hears of it.",
        application(
            sql=f"INSERT INTO counts\n{PER_PAGE}", count="window_start: timestamp, clicks: bigint, page: string"
        ),
        application(
            sql=f"INSERT INTO counts (page, clicks, window_start)\n{PER_PAGE}",
            count="window_start: timestamp, clicks: bigint, page: string",
        ),
        source=f"{_FLINK}/dev/table/sql/insert/",
    ),
    Code(
        "FLK247",
        "windows go by the clock of the machine",
        "PROCTIME() is the time at which a record is read. After an outage or a restart what came meanwhile is counted in the "
        "windows of when it is read, and a repeated run has other results.",
        application(
            sql=_OWN.format(option="", arn="${CLICKS_STREAM_ARN}", more="at AS PROCTIME(), ").replace(
                ", WATERMARK FOR event_time AS event_time", ""
            )
            + PER_PAGE.replace("DESCRIPTOR(event_time)", "DESCRIPTOR(at)"),
            watermark="",
        ),
        _own(),
        source=f"{_FLINK}/concepts/time/",
    ),
    Code(
        "FLK248",
        "a time is written as a number, or as a text",
        "Flink writes times as ISO 8601. Where the schema of what is written says otherwise, the column is the number or the "
        "text itself, which the query has to make.",
        application(
            count="page: string, clicks: bigint, window_start: {type: timestamp, timestamp_format: epoch_millis}"
        ),
        application(),
    ),
    Code(
        "FLK249",
        "nothing says where the code of an application is",
        "An application of your own is a jar, or a zip of Python, in one place: beside the spec, or in a bucket.",
        "analytics:\n  scores: {kind: flink_app, from: payments}\n",
        "analytics:\n  scores: {kind: flink_app, from: payments, bucket: my-code, key: app.jar}\n",
        source=f"{_GUIDE}/how-python-creating.html",
    ),
    Code(
        "FLK250",
        "the code of an application does not exist, has nothing that is run, or is too large",
        "The file lies beside the spec and is uploaded with the stack; without it there is nothing to deploy, and the "
        "synthesis fails. Of a jar Flink runs the class that its manifest names as `Main-Class`; of a zip of Python "
        "`main.py`, or the file that `python` names. Without that the application does not start, nor does one whose code is "
        f"larger than {flink.CODE_MB.value:g} MB.",
        "analytics:\n  scores: {kind: flink_app, from: payments, code: build/app.jar}\n",
        "analytics:\n  scores: {kind: flink_app, from: payments, bucket: my-code, key: app.jar}\n",
    ),
    Code(
        "FLK251",
        "groups of properties that Managed Flink does not take",
        "An application is told what it reads and writes by groups of properties, each named as its node; the variables of "
        "SQL are one group. It takes 50 groups, of 50 properties each, and a group has a name of up to 50 characters.",
        f"streams:\n  {_LONG}: {{kind: kinesis, shards: 1}}\n"
        f"analytics:\n  scores: {{kind: flink_app, from: {_LONG}, bucket: my-code, key: app.jar}}\n",
        "streams:\n  payments_of_germany: {kind: kinesis, shards: 1}\n"
        "analytics:\n  scores: {kind: flink_app, from: payments_of_germany, bucket: my-code, key: app.jar}\n",
        source="https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_PropertyGroup.html",
    ),
    Code(
        "FLK252",
        "the SQL reads what there is no table of",
        "There are tables of what `from` names, under its names, and what the SQL creates. Of any other name, and of one in "
        "other letters, large or small, Flink says that there is no such table, when the application starts. A name with a "
        "`-` stands in backticks.",
        application(sql=PER_PAGE.replace("TABLE clicks", "TABLE click")),
        application(),
        source=f"{_FLINK}/dev/table/sql/queries/overview/",
    ),
    Code(
        "FLK253",
        "double quotes in SQL",
        "In Flink names stand in backticks, and texts in single quotes. Double quotes mean nothing there, and the statement is "
        "refused when the application starts.",
        application(sql=PER_PAGE.replace("SELECT page", 'SELECT "page"')),
        application(sql=PER_PAGE.replace("SELECT page", "SELECT `page`")),
        source=f"{_FLINK}/dev/table/sql/queries/overview/",
    ),
    Code(
        "FLK254",
        "the SQL is refused by Flink",
        "A Flink of the application's runtime was asked on this machine: with `--sql parse` for the grammar, with `--sql plan` "
        "for all that it would look at when the application starts. What it refuses here it "
        "refuses on AWS, after the deployment.",
        "sql: SELECT page, at FROM clicks\n",
        "sql: SELECT page, `at` FROM clicks\n",
        form="elsewhere",
        source=f"{_FLINK}/dev/table/sql/overview/",
    ),
)
