"""boto3 clients of the embedded AWS, which can reach nothing else."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from streaming_constructs.local.aws.access import WsgiApp
from streaming_constructs.local.aws.no_configuration import no_aws_configuration

if TYPE_CHECKING:
    from botocore.model import Shape

    from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
    from streaming_constructs.local.managed_flink.embedded_flink import EmbeddedFlink

ACCOUNT_ID = "123456789012"
"""The account that the embedded AWS takes every caller for."""
REGION = "us-east-1"
"""The region that it is, unless somebody says otherwise."""
CREDENTIAL = "testing"
"""The key and the secret of everyone who calls it: a word that no real account has."""
"""The key, the secret and the token of everyone who calls it: a word that no real account has."""

INTERNAL_FAILURE = "InternalFailure"
"""What AWS says when it fails itself; here, that this machine does: its disk is full, or a file cannot be written."""


class MachineFailureError(Exception):
    """This machine cannot write what a worker has to: its disk is full, say. Trying again would help nobody."""


def is_machine_failure(error: ClientError) -> bool:
    """Whether a call failed because this machine did, and not because AWS would have refused it: it will fail again.

    Args:
        error: What the call raised.
    """
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return bool(status >= _SERVER_ERRORS and error.response["Error"]["Code"] not in _THROTTLING)


_SERVER_ERRORS = 500
_ANSWER_SECONDS = 3_600
"""CloudFormation answers here when all of a stack is there, which may take two waits for an application of Flink."""
_THROTTLING = ("ServiceUnavailableException", "SlowDown")
"""Of status 503, which AWS means for the moment only."""
_ONE_AT_A_TIME = threading.Lock()
"""Sessions of boto3 may be used by one thread at a time; clients by many."""


@cache
def _session() -> boto3.session.Session:
    """The one session: it keeps the descriptions of services, which take longer to read than all else."""
    return boto3.session.Session()


class Aws:
    """Clients of one endpoint, one for each service, made when they are first asked for.

    Attributes:
        endpoint_url: Where the API answers.
        region: The region that it is taken for.
        token: What it asks of its callers.
        msk: The clusters of Kafka, which nobody is asked for over the API; None outside of the process that has them.
        flink: The applications of Flink; None outside of the process that has them.
    """

    msk: EmbeddedMsk | None = None
    flink: EmbeddedFlink | None = None

    def __init__(self, endpoint_url: str, region: str, token: str, application: WsgiApp | None = None) -> None:
        """Opens no connection yet.

        Args:
            endpoint_url: Where the API answers, such as `http://localhost:4566`.
            region: The region that it is taken for.
            token: What it asks of its callers.
            application: What answers there, if it is in this process: then nothing goes over a socket, of which the server
                would make a new one for each call. Left out: it is called over the network.
        """
        self.endpoint_url = endpoint_url
        self.region = region
        self.token = token
        self._application = application
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of a service.

        Args:
            service: Its name in boto3, such as `kinesis`.
        """
        with _ONE_AT_A_TIME:
            if service not in self._clients:
                config = Config(
                    retries={"total_max_attempts": 1},
                    max_pool_connections=50,
                    proxies={},
                    read_timeout=_ANSWER_SECONDS,
                    s3={"addressing_style": "path"},
                )
                with no_aws_configuration():
                    client = _session().client(
                        service,
                        self.region,
                        endpoint_url=self.endpoint_url,
                        aws_access_key_id=CREDENTIAL,
                        aws_secret_access_key=CREDENTIAL,
                        aws_session_token=self.token,
                        config=config,
                    )
                if self._application is not None:
                    client.meta.events.register("before-send", _in_this_process(self._application))
                self._clients[service] = client
            return self._clients[service]

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Sends a request that is none of a client's, such as one to an API of API Gateway.

        Args:
            request: The request.
        """
        if self._application is not None:
            return _in_this_process(self._application)(request)
        answer: AWSResponse = URLLib3Session(proxies={}).send(request)
        return answer

    def call(self, service: str, operation: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Calls an operation with values as a template has them: numbers as text, text as numbers, and nothing unknown.

        Args:
            service: The service's name in boto3.
            operation: The operation's name in AWS's documentation, such as `CreateStream`.
            values: Its members; those that are None are left out.

        Raises:
            ValueError: If it has no such member.
            ClientError: If the service refuses.
        """
        client = self.client(service)
        shape = client.meta.service_model.operation_model(operation).input_shape
        given = {name: value for name, value in values.items() if value is not None}
        answer: dict[str, Any] = client._make_api_call(operation, shaped(given, shape, operation))  # noqa: SLF001
        return answer


class _Body(io.BytesIO):
    """The body of an answer, as botocore reads it of a connection."""

    def stream(self, amt: int = 65_536, decode_content: bool | None = None) -> Iterator[bytes]:  # noqa: FBT001 - urllib3's
        """The body in parts."""
        del decode_content
        while part := self.read(amt):
            yield part


def _in_this_process(application: WsgiApp) -> Callable[..., AWSResponse]:
    """What answers the requests of a client, before they are sent, by calling an application."""
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body
        # botocore's values are bytes where it signed them.
        headers = [("Host", urlsplit(request.url).netloc)]
        headers += [(name, _as_text(value)) for name, value in request.headers.items()]
        environ = EnvironBuilder(request.url, method=request.method, headers=headers, data=body).get_environ()
        try:
            parts, status, answered = run_wsgi_app(application, environ, buffered=True)
        except Exception as error:  # noqa: BLE001 - of a server it would be heard as a 500, too
            return AWSResponse(request.url, 500, {}, _Body(str(error).encode()))
        return AWSResponse(request.url, int(status.split()[0]), answered, _Body(b"".join(parts)))

    return answer


def _as_text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def shaped(value: Any, shape: Shape | None, path: str) -> Any:
    """A value of a template as an operation takes it: CloudFormation is lenient about text, numbers and truth.

    Args:
        value: The value.
        shape: What the operation takes.
        path: Where the value is, for the error.

    Raises:
        ValueError: If there is a member that the operation does not know.
    """
    kind = getattr(shape, "type_name", None)
    if kind == "structure":
        return _members(value, shape, path)
    if kind == "list":
        inner = shape.member  # type: ignore[union-attr]
        return [shaped(element, inner, f"{path}[{position}]") for position, element in enumerate(value)]
    if kind == "map":
        inner = shape.value  # type: ignore[union-attr]
        return {str(name): shaped(entry, inner, f"{path}.{name}") for name, entry in value.items()}
    return _SCALARS[kind](value) if kind in _SCALARS else value


def _truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_SCALARS: dict[str | None, Callable[[Any], Any]] = {
    "boolean": _truth,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "string": _text,
}


def _members(value: Any, shape: Any, path: str) -> dict[str, Any]:
    # CloudFormation and the API now and then disagree about capitals: KMSKeyId, KmsKeyId.
    known = {name.lower(): name for name in shape.members}
    taken = {}
    for name, property_ in value.items():
        if name.lower() not in known:
            raise ValueError(f"{path} knows no `{name}`")
        member = known[name.lower()]
        taken[member] = shaped(property_, shape.members[member], f"{path}.{name}")
    return taken
