"""The profile that SDKs of this shell take: read to see where it leads, and never used."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from configparser import Error, RawConfigParser
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.spec.regular_file import read_regular_file

PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
"""What names it. Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"""
_LEADING = {
    "aws_access_key_id",
    "credential_process",
    "credential_source",
    "login_session",
    "role_arn",
    "source_profile",
    "sso_account_id",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
}
"""Settings that lead to credentials. Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile.

    Attributes:
        name: Its name.
        settings: What stands in it, in either of the two files.
    """

    name: str
    settings: Mapping[str, str]

    @property
    def leads_to_credentials(self) -> bool:
        """Whether an SDK could get credentials by it."""
        return not _LEADING.isdisjoint(self.settings)


def active_profile(environment: Mapping[str, str]) -> Profile:
    """The profile that SDKs take; one that is in no file has no settings.

    Args:
        environment: The variables of the process.
    """
    name = next((environment[name] for name in PROFILE_VARIABLES if environment.get(name)), "default")
    home = Path(environment.get("HOME") or os.path.expanduser("~")) / ".aws"  # noqa: PTH111 - leaves what is nobody's home
    config = _sections(Path(environment.get("AWS_CONFIG_FILE") or home / "config"))
    credentials = _sections(Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or home / "credentials"))
    of_config = _profiles(config).get(name, config.get(name, {}) if name == "default" else {})
    return Profile(name, {**of_config, **credentials.get(name, {})})


def _profiles(config: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The profiles of a configuration file, by name: SDKs read the heads of sections as a shell reads words."""
    found = {}
    for head, settings in config.items():
        with suppress(ValueError):
            match shlex.split(head):
                case ["profile", name]:
                    found[name] = settings
    return found


def _sections(path: Path) -> dict[str, dict[str, str]]:
    """What is in a file; nothing if it cannot be read, since an SDK could not either."""
    try:
        text = read_regular_file(os.path.expanduser(path), _MOST_BYTES).decode()  # noqa: PTH111 - the same
        parser = RawConfigParser(default_section="", strict=False, allow_no_value=True)
        parser.read_string(text)
    except (OSError, ValueError, Error):
        return {}
    return {name: {key: value or "" for key, value in parser[name].items()} for name in parser.sections()}
