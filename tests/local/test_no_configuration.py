"""The AWS configuration of the shell: it breaks nothing, and nothing of it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from streaming_constructs.local.aws.no_configuration import no_aws_configuration

REHEARSED = """
from streaming_constructs.local.rehearsal import Rehearsal
with Rehearsal() as rehearsal:
    clients = [rehearsal.embedded.aws.client(name) for name in ("s3", "sts", "ec2", "kinesis")]
    print(len(clients[2].describe_regions()["Regions"]) > 0, clients[3].meta.region_name, clients[3].meta.config.retries)
"""


def test_variables_are_set_aside_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/their/config")
    before = dict(os.environ)
    with no_aws_configuration():
        with no_aws_configuration():
            pass
        ours = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
            "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "true",
        }
        assert dict(os.environ) == {**{k: v for k, v in before.items() if not k.startswith("AWS_")}, **ours}
    assert dict(os.environ) == before


def test_no_setting_breaks_a_rehearsal_or_changes_it(tmp_path: Path) -> None:
    """All at once: each of them ended a rehearsal with an error of the SDK, or would show in what is printed."""
    (tmp_path / "config").write_bytes(b"\x00[no config")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_PROFILE": "nonexistent",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_RETRY_MODE": "bogus",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_DEFAULTS_MODE": "bogus",
        "AWS_STS_REGIONAL_ENDPOINTS": "bogus",
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "bogus",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "bogus",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "bogus",
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_DEFAULT_REGION": "mars-north-1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "INITIAL_NO_AUTH_ACTION_COUNT": "none",
        "MOTO_ACCOUNT_ID": "111122223333",
        "MOTO_MAX_FORM_MEMORY_SIZE": "little",
    }
    done = subprocess.run(
        [sys.executable, "-c", REHEARSED], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split(" ", 2)[:2]) == (0, ["True", "us-east-1"]), done.stderr
    assert "'total_max_attempts': 1" in done.stdout
