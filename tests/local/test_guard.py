"""What a rehearsal refuses to start with."""

from __future__ import annotations

from pathlib import Path

import pytest

from streaming_constructs.local.aws.guard import check_endpoint, check_environment
from streaming_constructs.local.aws.profile import active_profile
from streaming_constructs.spec.finding import SpecError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with profiles of all sorts."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[default]\naws_access_key_id = A\n[work]\naws_access_key_id = B\n")
    (tmp_path / ".aws" / "config").write_text(
        "[profile work]\nregion = eu-west-1\n[profile of-sso]\nsso_session = company\n"
        "[profile settings-alone]\nregion = eu-west-1\n[profile passing-by]\nignore_configured_endpoint_urls = true\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    "url", ["http://localhost:4566", "http://127.0.0.1:5000", "http://127.8.9.1", "http://[::1]:4566/path"]
)
def test_loopback_is_fine(url: str) -> None:
    check_endpoint(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://kinesis.eu-west-1.amazonaws.com",
        "http://10.0.0.7:4566",
        "http://0.0.0.0:4566",
        "http://localhost.example.com",
        "http://[2001:db8::1]",
        "localhost:4566",
        "http://[",
        "http://[localhost]",
        "http://[::1",
        "",
    ],
)
def test_another_machine_is_refused(url: str) -> None:
    with pytest.raises(SpecError) as refused:
        check_endpoint(url)
    (finding,) = refused.value.findings
    assert finding.code == "LOC951"
    assert f"`{url}`" in finding.message


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KINESIS"])
def test_an_endpoint_of_the_environment_is_on_this_machine_or_empty(variable: str, tmp_path: Path) -> None:
    for value in ("", "http://localhost:4566"):
        check_environment({"HOME": str(tmp_path), variable: value})
    with pytest.raises(SpecError, match="LOC951"):
        check_environment({"HOME": str(tmp_path), variable: "http://10.0.0.7:4566"})


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"},
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
        {"AWS_PROFILE": "of-another-machine", "AWS_REGION": "eu-west-1"},
        {"AWS_PROFILE": "settings-alone"},
        {"AWS_ACCESS_KEY_ID": "test"},
        {"AWS_ACCESS_KEY_ID": "placeholder_of_a_test.key"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"},
    ],
)
def test_what_is_no_credential_is_fine(environment: dict[str, str], home: Path) -> None:
    check_environment({"HOME": str(home), **environment})


@pytest.mark.parametrize(
    ("environment", "named", "away"),
    [
        (
            {"AWS_ACCESS_KEY_ID": "AKIAZ2345671234ABCDE".replace("1", "2")},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "ASIAQ234567ABCDEFGHI", "AWS_SESSION_TOKEN": "x"},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token"},
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "env -u AWS_WEB_IDENTITY_TOKEN_FILE streaming-constructs local …",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "akiaq234567abcdefghi"},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "Z" * 16},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        ({"AWS_PROFILE": "work"}, "AWS_PROFILE", "env -u AWS_PROFILE streaming-constructs local …"),
        ({"AWS_PROFILE": "of-sso"}, "AWS_PROFILE", "env -u AWS_PROFILE streaming-constructs local …"),
        (
            {"AWS_DEFAULT_PROFILE": "work"},
            "AWS_DEFAULT_PROFILE",
            "env -u AWS_DEFAULT_PROFILE streaming-constructs local …",
        ),
    ],
)
def test_what_looks_real_is_refused_and_the_way_out_is_told(
    environment: dict[str, str], named: str, away: str, home: Path
) -> None:
    with pytest.raises(SpecError) as refused:
        check_environment({"HOME": str(home), **environment})
    (finding,) = refused.value.findings
    assert (finding.code, finding.message.rpartition(": ")[2], finding.help) == ("LOC952", named, f"run `{away}`")


def test_the_value_of_a_credential_is_not_repeated() -> None:
    with pytest.raises(SpecError) as refused:
        check_environment({"AWS_ACCESS_KEY_ID": "AKIAQ234567ABCDEFGHI"})
    assert "AKIAQ234567ABCDEFGHI" not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "where"),
    [
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"}, "`AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is true"),
        ({"AWS_PROFILE": "passing-by"}, "the profile `passing-by` has `ignore_configured_endpoint_urls`"),
    ],
)
def test_endpoints_that_would_be_ignored_are_refused(environment: dict[str, str], where: str, home: Path) -> None:
    with pytest.raises(SpecError) as refused:
        check_environment({"HOME": str(home), **environment})
    (finding,) = refused.value.findings
    assert (finding.code, finding.message) == ("LOC951", f"endpoints that are set would be ignored: {where}")


@pytest.mark.parametrize("head", ["profile a b", 'profile "my work"', "profile\tmine", "profile 'mine'"])
def test_heads_of_profiles_are_read_as_sdks_read_them(head: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(f"[{head}]\nsso_session = x\n")
    environment = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    found = [
        name for name in ("my work", "mine", "a b") if active_profile(environment | {"AWS_PROFILE": name}).settings
    ]
    assert found == {'"my work"': ["my work"], "mine": ["mine"], "'mine'": ["mine"]}.get(head[8:], [])


def test_a_file_in_nobodys_home_or_without_an_end_leads_nowhere() -> None:
    for path in ("~nobody-of-that-name/config", "/dev/zero"):
        check_environment({"AWS_PROFILE": "work", "AWS_CONFIG_FILE": path})


@pytest.mark.parametrize(
    "setting",
    [
        *(
            "aws_access_key_id",
            "credential_process",
            "credential_source",
            "login_session",
            "role_arn",
            "source_profile",
        ),
        *("sso_account_id", "sso_session", "sso_start_url", "web_identity_token_file"),
    ],
)
@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_what_leads_to_credentials_is_found_in_either_file(variable: str, setting: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    head = "profile work" if variable == "AWS_CONFIG_FILE" else "work"
    file.write_text(f"[{head}]\n{setting} = x\n")
    with pytest.raises(SpecError, match="LOC952"):
        check_environment({"HOME": str(tmp_path), "AWS_PROFILE": "work", variable: str(file)})


@pytest.mark.parametrize("head", ["default", "profile default"])
def test_the_default_profile_has_two_names(head: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(f"[{head}]\nignore_configured_endpoint_urls = true\n")
    with pytest.raises(SpecError, match="the profile `default` has"):
        check_environment({"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(file)})


def test_another_profile_is_called_profile_in_the_configuration(home: Path) -> None:
    (home / ".aws" / "config").write_text("[other]\nignore_configured_endpoint_urls = true\n")
    check_environment({"HOME": str(home), "AWS_PROFILE": "other"})


def test_a_setting_without_a_value_is_empty(home: Path) -> None:
    config = home / ".aws" / "config"
    config.write_text("[default]\nignore_configured_endpoint_urls\n")
    check_environment({"HOME": str(home)})
    config.write_text("[default]\nregion\nignore_configured_endpoint_urls = true\n")
    with pytest.raises(SpecError, match="LOC951"):
        check_environment({"HOME": str(home)})


def test_a_profile_may_stand_in_a_file_twice(home: Path) -> None:
    (home / ".aws" / "config").write_text("[profile two]\nrole_arn = x\n[profile two]\nregion = eu-west-1\n")
    with pytest.raises(SpecError, match="LOC952"):
        check_environment({"HOME": str(home), "AWS_PROFILE": "two"})


def test_without_a_home_in_the_environment_it_is_that_of_the_user(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(SpecError, match="LOC952"):
        check_environment({"AWS_PROFILE": "work"})


@pytest.mark.parametrize("path", ["~nobody-by-this-name/config", "x" * 300, "a\0b", "."])
@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_path_that_names_no_file_leads_nowhere(variable: str, path: str, tmp_path: Path) -> None:
    check_environment({"HOME": str(tmp_path), variable: path})


@pytest.mark.parametrize("content", [b"\x00\xff", b"no section\n", b"[profile work\nsso_session = x\n"])
def test_a_file_that_no_sdk_can_read_leads_nowhere(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(content)
    check_environment({"HOME": str(tmp_path), "AWS_PROFILE": "work", "AWS_CONFIG_FILE": str(tmp_path / "config")})
