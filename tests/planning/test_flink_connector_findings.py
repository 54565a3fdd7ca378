"""What is wrong with jars that somebody brought for connectors of Flink SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS
from streaming_constructs.planning.flink_connector_findings import connector_jar_findings
from streaming_constructs.spec.finding import Finding
from tests.jars import SERVICES, make_jar

FACTORIES = {connector.name: "\n".join(connector.factories) for connector in CONNECTOR_JARS}
KINESIS = "org/apache/flink/connector/kinesis/table/KinesisDynamicTableFactory.class"
SHADED_SDK = "org/apache/flink/connector/{}/shaded/software/amazon/awssdk/core/SdkClient.class"
POM = "META-INF/maven/org.apache.flink/flink-connector-kafka/pom.properties"


def kafka(folder: Path, version: str = "4.0.1-2.0") -> Path:
    return make_jar(folder / f"flink-connector-kafka-{version}.jar", {SERVICES: FACTORIES["kafka"]})


def findings(paths: list[Path], *identifiers: str, runtime: str = "FLINK-2_3") -> list[Finding]:
    return connector_jar_findings(runtime, identifiers, paths)


def codes(paths: list[Path], *identifiers: str, runtime: str = "FLINK-2_3") -> list[str]:
    return [finding.code for finding in findings(paths, *identifiers, runtime=runtime)]


def test_jars_that_have_all_are_fine(tmp_path: Path) -> None:
    kinesis = make_jar(tmp_path / "fat.jar", {SERVICES: FACTORIES["kinesis"], KINESIS: "x"})
    assert findings([kafka(tmp_path), kinesis], "kafka", "upsert-kafka", "kinesis", "print") == []


def test_a_connector_that_no_jar_has_is_told_with_its_coordinates_and_the_command(tmp_path: Path) -> None:
    (finding,) = findings([kafka(tmp_path, "3.4.0-1.20")], "kafka", "kinesis", runtime="FLINK-1_20")
    assert finding.code == "FLK128"
    assert "org.apache.flink:flink-connector-aws-kinesis-streams:5.1.0-1.20" in finding.help
    assert "streaming-constructs jars --flink FLINK-1_20 --connectors kinesis" in finding.help


def test_a_connector_of_somebody_else_is_not_said_to_be_missing(tmp_path: Path) -> None:
    mine = make_jar(tmp_path / "mine.jar", {SERVICES: "com.example.MyFactory"})
    assert findings([mine], "my-connector") == []


@pytest.mark.parametrize(
    ("runtime", "version", "level"),
    [
        ("FLINK-2_3", "3.4.0-1.20", "error"),
        ("FLINK-1_20", "4.0.1-2.0", "error"),
        ("FLINK-2_2", "9.0.0-2.3", "warning"),
        ("FLINK-2_2", "5.0.0-2.2", None),
        ("FLINK-2_3", "4.0.1-2.0", None),
        ("FLINK-1_20", "3.3.0-1.19", None),
    ],
)
def test_the_version_goes_with_the_runtime(tmp_path: Path, runtime: str, version: str, level: str | None) -> None:
    told = findings([kafka(tmp_path, version)], runtime=runtime)
    assert [(finding.code, finding.level) for finding in told] == ([("FLK131", level)] if level else [])


def test_the_version_of_a_connector_inside_of_another_jar_counts(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / "all.jar", {POM: "version=3.4.0-1.20\n"})
    (finding,) = findings([jar])
    assert (finding.code, "flink-connector-kafka 3.4.0-1.20" in finding.message) == ("FLK131", True)


def test_shaded_kafka_beside_iam_is_refused_and_each_alone_is_not(tmp_path: Path) -> None:
    shaded = make_jar(tmp_path / "sql.jar", {"org/apache/flink/kafka/shaded/org/apache/kafka/A.class": "x"})
    iam = make_jar(tmp_path / "iam.jar", {"software/amazon/msk/auth/iam/IAMLoginModule.class": "x"})
    assert codes([shaded, iam]) == ["FLK132"]
    assert codes([shaded]) == codes([iam]) == codes([kafka(tmp_path), iam]) == []


def test_both_connectors_of_kinesis_are_refused_and_each_alone_is_not(tmp_path: Path) -> None:
    new = make_jar(tmp_path / "new.jar", {KINESIS: "x"})
    both = make_jar(
        tmp_path / "legacy.jar", {KINESIS: "x", "org/apache/flink/streaming/connectors/kinesis/A.class": "x"}
    )
    assert codes([new, both]) == ["FLK134"]
    assert codes([new]) == codes([both]) == []


def test_two_shaded_connectors_of_aws_are_refused_and_each_alone_is_not(tmp_path: Path) -> None:
    kinesis = make_jar(tmp_path / "kinesis.jar", {SHADED_SDK.format("kinesis/sink"): "x"})
    dynamodb = make_jar(tmp_path / "dynamodb.jar", {SHADED_SDK.format("dynamodb"): "x"})
    assert codes([kinesis, dynamodb]) == ["FLK133"]
    assert codes([kinesis]) == codes([dynamodb]) == []


def test_of_what_cannot_be_read_nothing_else_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.jar").write_text("<html>")
    assert codes([tmp_path / "no.jar"], "kafka") == ["FLK135"]
