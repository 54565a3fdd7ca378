"""What a rehearsal refuses to start with: an endpoint that is not this machine, and credentials that look real."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from streaming_constructs.local.aws.profile import PROFILE_VARIABLES, Profile, active_profile
from streaming_constructs.spec.finding import Finding, SpecError

_KEY_ID = re.compile(r"\w{16,128}")
"""What AWS takes for one. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html"""
_EXAMPLE = "EXAMPLE"
"""Where the key ids of AWS's documentation end."""
_SOURCES = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
"""Variables that lead to credentials. Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"""


def check_environment(environment: Mapping[str, str]) -> None:
    """Refuses what would lead from a rehearsal to an account.

    Args:
        environment: The variables of the process.

    Raises:
        SpecError: If an endpoint is another machine's, endpoints are to be ignored, or there are credentials that look real.
    """
    for name, value in environment.items():
        if name.startswith("AWS_ENDPOINT_URL") and value:
            check_endpoint(value)
    profile = active_profile(environment)
    check_ignored_endpoints(environment, profile)
    check_credentials(environment, profile)


def check_endpoint(url: str) -> None:
    """Refuses an endpoint that is not on this machine.

    Args:
        url: The endpoint.

    Raises:
        SpecError: If it is another machine's.
    """
    if _is_here(url):
        return
    raise SpecError(
        [
            Finding(
                "LOC951",
                f"the endpoint `{url}` is not on this machine",
                note="a rehearsal creates, overwrites and deletes as it likes, so it stays on loopback",
                help="use `http://localhost:PORT`, or 127.0.0.1",
            )
        ]
    )


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # no address, or no URL
        return False


def check_ignored_endpoints(environment: Mapping[str, str], profile: Profile) -> None:
    """Refuses what has SDKs beside a rehearsal pass its endpoint by, and call AWS.

    Args:
        environment: The variables of the process.
        profile: The profile that SDKs take.

    Raises:
        SpecError: If there is such a variable, or such a line in the profile.
    """
    name = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    if environment.get(name, "").lower() == "true":
        where, help_ = f"`{name}` is true", f"run `env -u {name} streaming-constructs local …`"
    elif profile.settings.get("ignore_configured_endpoint_urls", "").lower() == "true":
        where = f"the profile `{profile.name}` has `ignore_configured_endpoint_urls`"
        help_ = "take the line out of it, or run `env AWS_CONFIG_FILE=/dev/null streaming-constructs local …`"
    else:
        return
    note = "what is typed beside a rehearsal would pass by the endpoint that is set for it, and reach AWS"
    raise SpecError([Finding("LOC951", f"endpoints that are set would be ignored: {where}", note=note, help=help_)])


def check_credentials(environment: Mapping[str, str], profile: Profile) -> None:
    """Refuses credentials that look real. Handlers get none of them; but a slip in the same shell would go to AWS.

    Args:
        environment: The variables of the process.
        profile: The profile that SDKs take.

    Raises:
        SpecError: If there are any.
    """
    key_id = environment.get("AWS_ACCESS_KEY_ID", "")
    found = [name for name in _SOURCES if environment.get(name)]
    if _KEY_ID.fullmatch(key_id) and not key_id.endswith(_EXAMPLE):
        found.append("AWS_ACCESS_KEY_ID")
    found += [name for name in PROFILE_VARIABLES if environment.get(name) and profile.leads_to_credentials]
    if not found:
        return
    taken = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    away = dict.fromkeys([*(taken if "AWS_ACCESS_KEY_ID" in found else ()), *found])
    raise SpecError(
        [
            Finding(
                "LOC952",
                f"there are credentials in the environment that look real: {', '.join(sorted(found))}",
                note="a rehearsal needs none, and what is typed beside it must not reach an account by mistake",
                help=f"run `env {' '.join(f'-u {name}' for name in away)} streaming-constructs local …`",
            )
        ]
    )
