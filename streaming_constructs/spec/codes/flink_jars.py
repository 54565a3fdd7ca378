"""Jars of Flink's connectors; part of the topic `FLK`."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code

_CONNECTORS = "https://docs.aws.amazon.com/managed-flink/latest/java/how-flink-connectors.html"
_JARS = "streaming-constructs jars"
_SHADED = "lib/flink-sql-connector-aws-kinesis-streams"

JAR_CODES = (
    Code(
        "FLK128",
        "a connector of the SQL is in no jar",
        "Managed Flink has Flink and its formats, and no connectors: they are in the jar of the application, or its tables "
        "have no factory and it does not start. Jars come from Maven, never with this package. It is "
        "a note where a template is made all the same, as `synth` does, and an error where it would be deployed, and of a jar "
        "in `connectors` that lacks it.",
        "streaming-constructs synth pipeline.yaml\n",
        f"{_JARS} --flink FLINK-2_3 --connectors kafka\nstreaming-constructs synth pipeline.yaml\n",
        form="elsewhere",
        source=_CONNECTORS,
    ),
    Code(
        "FLK129",
        "a connector's jar is not the one of its lock",
        "What is deployed runs with the permissions of the application. Each jar is compared with its sha256 whenever a "
        "template is built: the one that comes with this package, or the one that `connectors.lock.json` took down when the "
        "jar was first seen.",
        "printf x >> ~/.cache/streaming-constructs/flink-connectors/2.0/0123456789ab/kafka-clients-3.9.1.jar\n",
        f"rm -r ~/.cache/streaming-constructs/flink-connectors\n{_JARS} --flink FLINK-2_3 --connectors kafka\n",
        form="elsewhere",
    ),
    Code(
        "FLK130",
        "a lock file of connectors cannot be read",
        "`connectors.lock.json` has the coordinate, the bytes and the sha256 of each jar. Where it cannot be read nothing says "
        "whether a jar is still the one that was reviewed.",
        "echo '{}' > connectors.lock.json\n",
        f"git checkout connectors.lock.json\n{_JARS} pipeline.yaml --flink FLINK-2_3 --connectors kinesis\n",
        form="elsewhere",
    ),
    Code(
        "FLK131",
        "a connector is built for another Flink",
        "Versions of connectors end with the Flink that they are built for. One for Flink 1 calls classes that Flink 2 no "
        "longer has, and the other way round; it may be planned, and fail at the first record.",
        "connectors: [lib/flink-connector-kafka-3.4.0-1.20.jar]\n",
        "connectors: [lib/flink-connector-kafka-4.0.1-2.0.jar]\n",
        form="elsewhere",
        source=_CONNECTORS,
    ),
    Code(
        "FLK132",
        "the shaded connector of Kafka stands beside the authentication of MSK",
        "`flink-sql-connector-kafka` has Kafka's client under another name, and `aws-msk-iam-auth` extends the one of the "
        "usual name. The SQL is planned without complaint; at run the job dies with a ClassCastException.",
        "connectors: [lib/flink-sql-connector-kafka-4.0.1-2.0.jar, lib/aws-msk-iam-auth-2.3.2-all.jar]\n",
        f"{_JARS} --flink FLINK-2_3 --connectors kafka\n",
        form="elsewhere",
    ),
    Code(
        "FLK133",
        "two jars have the same class with other bytes",
        "A class is loaded once: which of the two is left to chance, and what was built with the other fails with a "
        "NoSuchMethodError. The shaded connectors of AWS are such a pair: each has `org.apache.flink.connector.aws` with "
        "references to an AWS SDK of its own.",
        f"connectors: [{_SHADED}-6.0.1-2.0.jar, lib/flink-sql-connector-dynamodb-6.0.1-2.0.jar]\n",
        f"{_JARS} pipeline.yaml --flink FLINK-2_3 --connectors dynamodb,kinesis\n",
        form="elsewhere",
    ),
    Code(
        "FLK134",
        "two connectors of Kinesis stand beside one another",
        "`flink-connector-kinesis` has the legacy connector and, from 5.0 on, the new one as well. Beside "
        "`flink-connector-aws-kinesis-streams` Flink finds two factories for `kinesis`.",
        f"connectors: [{_SHADED}-5.1.0-1.20.jar, lib/flink-sql-connector-kinesis-5.1.0-1.20.jar]\n",
        f"connectors: [{_SHADED}-5.1.0-1.20.jar]\n",
        form="elsewhere",
        source=_CONNECTORS,
    ),
    Code(
        "FLK135",
        "a connector's file is no jar",
        "It is a folder, is empty, was cut off on its way, or is a page that somebody's server sent instead.",
        "connectors: [lib]\n",
        "connectors: [lib/flink-connector-kafka-4.0.1-2.0.jar]\n",
        form="elsewhere",
    ),
    Code(
        "FLK136",
        "a jar is larger than is read",
        "The code of an application is 512 MiB at most. A file that unpacks to several times of that is a mistake, or made to "
        "fill a disk.",
        "connectors: [lib/bomb.jar]\n",
        "connectors: [lib/flink-connector-kafka-4.0.1-2.0.jar]\n",
        form="elsewhere",
        source="https://docs.aws.amazon.com/managed-flink/latest/java/limits.html",
    ),
    Code(
        "FLK137",
        "a jar has an entry that leaves its folder",
        "An entry such as `../../etc/cron.d/job` is written elsewhere by whoever unpacks the jar. No build tool makes one.",
        "connectors: [lib/slip.jar]\n",
        "connectors: [lib/flink-connector-kafka-4.0.1-2.0.jar]\n",
        form="elsewhere",
    ),
    Code(
        "FLK138",
        "a connector is not one that there are jars for",
        "Jars are known for the connectors of Kafka and of AWS, per runtime, with versions that go together. Others may be "
        "brought as jars of one's own.",
        f"{_JARS} --flink FLINK-2_3 --connectors kinesys\n",
        f"{_JARS} --flink FLINK-2_3 --connectors kinesis\n",
        form="elsewhere",
        source=_CONNECTORS,
    ),
)
