"""Where the real connector of Kinesis is in the cache, Flink plans and runs with it what it does with our stand-in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from streaming_constructs.facts.flink_connector_jars import CONNECTOR_JARS, DEFAULT_RUNTIME
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.flink.local_flink import LocalFlink, own_jars
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.local.flink.stand_ins import STAND_INS, beside_real_connectors
from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK
from streaming_constructs.planning.flink_connector_jars import find_connector_jars
from streaming_constructs.planning.jar_contents import FACTORIES, read_jar
from streaming_constructs.spec.finding import SpecError
from tests.local.flink_clickstream import TUMBLING, VIEWED, source
from tests.local.test_flink_kinesis import BACKLOG, Streams, until

pytestmark = pytest.mark.xdist_group("flink")
(_, OWN) = own_jars(DEFAULT_RUNTIME)
LOCKED_IN = Path(CONNECTORS_LOCK)
"""The lock that `streaming-constructs jars --connectors kinesis` writes into the working directory."""


@pytest.fixture(scope="module")
def kinesis() -> tuple[Path, ...]:
    try:
        return find_connector_jars(DEFAULT_RUNTIME, ["kinesis"], LOCKED_IN)
    except SpecError as error:
        pytest.skip(f"no connector of Kinesis, or no {CONNECTORS_LOCK} here: {error.findings[0].message}")


@pytest.fixture
def real(embedded: EmbeddedAws, flink_at_hand: None, kinesis: tuple[Path, ...]) -> Iterator[LocalFlink]:
    # The real connector asks AWS's SDK for credentials, which looks at the properties of the virtual machine.
    names = {
        "AWS_ACCESS_KEY_ID": "accessKeyId",
        "AWS_SECRET_ACCESS_KEY": "secretAccessKey",
        "AWS_SESSION_TOKEN": "sessionToken",
    }
    flags = [f"-Daws.{name}={embedded.environment[variable]}" for variable, name in names.items()]
    with LocalFlink(connectors=kinesis, jvm_flags=flags) as running:
        yield running


def statements(endpoint: str) -> list[str]:
    """The clickstream, with the address of the embedded AWS: the one option that the deployed tables do not have."""
    at = f", 'aws.endpoint' = '{endpoint}'"
    view, insert = TUMBLING
    return [source("TRIM_HORIZON", 1, at), VIEWED, f"{view.rstrip().removesuffix(')')}{at})", insert]


def test_the_tables_are_planned_with_the_real_connector(real: LocalFlink, embedded: EmbeddedAws) -> None:
    arn = "arn:aws:kinesis:us-east-1:123456789012:stream/any"
    variables = {"clicks": arn, "results": arn, "region": "us-east-1"}
    assert real.validate(SqlDocument(tuple(statements(embedded.aws.endpoint_url))), variables) == ()


def test_the_real_connector_counts_what_the_stand_in_counts(
    real: LocalFlink, embedded: EmbeddedAws, tmp_path: Path
) -> None:
    streams = Streams(embedded, "real", 2)
    streams.put(BACKLOG)
    jar = tmp_path / "application.jar"
    with zipfile.ZipFile(jar, "w") as opened:
        document = {"config": {}, "statements": statements(embedded.aws.endpoint_url)}
        opened.writestr("statements.json", json.dumps(document))
    job = real.start_job(jar, streams.variables, parallelism=2, checkpoint_seconds=0.5)
    until(streams.results)
    counted = streams.results()
    job.cancel()
    assert [(row["page"], row["views"], row["users"]) for row in counted] == [("/home", 96, 8)]


@pytest.mark.parametrize("name", sorted(STAND_INS))
def test_a_stand_in_steps_aside_for_the_real_connector_alone(name: str, tmp_path: Path) -> None:
    (factory,) = next(one.factories for one in CONNECTOR_JARS if one.name == name)
    given = tmp_path / "connector.jar"
    with zipfile.ZipFile(given, "w") as jar:
        jar.writestr(FACTORIES, f"{factory}\n")
    copy = read_jar(beside_real_connectors(OWN, [given], tmp_path))
    assert read_jar(OWN).factories - copy.factories == {STAND_INS[name]}
    assert copy.names == read_jar(OWN).names


def test_our_jar_is_taken_as_it_is_beside_other_connectors(tmp_path: Path) -> None:
    assert beside_real_connectors(OWN, [], tmp_path) == OWN
