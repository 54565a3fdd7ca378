"""APIs in front of a stream or a delivery, as who sends it records needs to know them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from streaming_constructs.local.api_gateway.execute_api import PREFIX
from streaming_constructs.local.event_targets import ApiEntry

if TYPE_CHECKING:
    from streaming_constructs.local.api_gateway.rest_api import RestApi

_SEVERAL = ("PutRecords", "PutRecordBatch")
_NAMED = re.compile(r'"(?:StreamARN|DeliveryStreamName)": ("[^"]+")')


def api_entries(apis: Iterable[RestApi], key_value: Callable[[str], str]) -> Iterator[tuple[str, ApiEntry]]:
    """The methods that take several records, each with the name of what it writes to.

    Args:
        apis: The APIs that are deployed.
        key_value: Gives the value of an API key by its id.
    """
    for api in apis:
        for (http_method, path), method in api.methods.items():
            if method.integration["Type"] != "AWS":
                continue
            named = _NAMED.search(method.integration["RequestTemplates"]["application/json"])
            if named and api.stages and method.integration["Uri"].rpartition("/")[2] in _SEVERAL:
                key = key_value(min(api.keys)) if method.needs_key and api.keys else ""
                entry = ApiEntry(
                    api.name,
                    http_method,
                    f"{PREFIX}{api.id}/{next(iter(api.stages))}{path}",
                    signs=method.authorization == "AWS_IAM",
                    key=key,
                )
                yield json.loads(named[1]).rpartition("/")[2], entry
