"""Imports moto before anybody else does: it reads its settings while it is imported, and asks the SDK for regions."""

from __future__ import annotations

from streaming_constructs.local.aws.no_configuration import no_aws_configuration

with no_aws_configuration():
    import moto.cloudformation.models  # noqa: F401 - here and not in a module of ours
