"""An AWS inside this process: moto's server on loopback, with our CloudFormation types and our data plane."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self
from xml.sax.saxutils import escape

from streaming_constructs.local.aws import import_moto  # noqa: F401 - first, so that moto is imported as it has to be

# isort: split
from botocore.exceptions import ClientError
from flask import Response, request
from moto.awslambda.models import LambdaBackend, LayerVersion
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sts import models as sts
from werkzeug.serving import make_server

from streaming_constructs.local.api_gateway.api_entry import api_entries
from streaming_constructs.local.api_gateway.execute_api import PREFIX, ExecuteApi
from streaming_constructs.local.api_gateway.page_server import PageServers
from streaming_constructs.local.api_gateway.rest_api import RestApi, rest_apis
from streaming_constructs.local.aws.access import WsgiApp, new_token, only_own_callers
from streaming_constructs.local.aws.api import ACCOUNT_ID, INTERNAL_FAILURE, REGION, Aws
from streaming_constructs.local.aws.client_environment import client_environment
from streaming_constructs.local.aws.cloudformation import CloudFormation, Deployed
from streaming_constructs.local.aws.dynamodb_hooks import install_dynamodb_hooks
from streaming_constructs.local.aws.guard import check_environment
from streaming_constructs.local.aws.moto_hooks import replaced
from streaming_constructs.local.aws.no_configuration import no_aws_configuration
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_targets import ApiEntry
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.topic_keeper import MemoryKeeper, TopicKeeper
from streaming_constructs.local.kinesis.kinesis_hooks import install_kinesis_hooks
from streaming_constructs.local.managed_flink.embedded_flink import EmbeddedFlink
from streaming_constructs.local.managed_flink.flink_hooks import install_flink_hooks
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from streaming_constructs.local.managed_flink.job_runner import JobRunner
from streaming_constructs.local.sqs.sqs_hooks import install_sqs_hooks

HOST = "localhost"
"""By this name and not by its address: moto takes the first part of `127.0.0.1` for a bucket."""

MOTO_HOOKS = (
    "moto.awslambda.models.LambdaBackend.layers_versions_by_arn",
    "moto.moto_api._internal.models.moto_api_backend",
    "moto.moto_server.werkzeug_app.DomainDispatcherApplication",
    "moto.moto_server.werkzeug_app.MotoRequestHandler",
    "moto.moto_server.werkzeug_app.create_backend_app",
    "moto.sts.models.random_session_token",
)
"""What of moto's inside this module replaces or uses."""

_POLL_SECONDS = 0.02
"""How often the server looks whether it is to end."""


class _Quiet(MotoRequestHandler):
    """Speaks HTTP/1.1, as SDKs do, and says nothing about each request."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    """Seconds that it waits for the rest of a request: whoever sends none holds no connection for longer."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug calls it so
        pass


class EmbeddedAws:
    """An AWS that lives as long as a `with` block; one in a process, because moto's backends are the process's.

    Attributes:
        aws: Its API.
        clock: Its time.
        cloudformation: Its stacks.
        execute_api: What answers requests to APIs of API Gateway.
        name_of: What people call a resource; whoever knows it says so.
    """

    aws: Aws
    clock: Clock
    cloudformation: CloudFormation
    execute_api: ExecuteApi
    name_of: Callable[[Deployed], str] = staticmethod(lambda resource: resource.logical_id)

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        region: str = REGION,
        routes: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
        topic_keeper: Callable[[], TopicKeeper] = MemoryKeeper,
        job_runner: Callable[[Aws], JobRunner] = FlinkRunner,
    ) -> None:
        """Starts nothing yet.

        Args:
            port: The port that it listens on, on loopback alone. 0: any that is free.
            speed: How many seconds pass here in one of the wall's.
            region: The region that it is.
            routes: What is answered beside AWS's API: by path, what takes JSON and gives JSON. Left out: nothing.
            topic_keeper: Gives who keeps topics of Kafka; asked when there is a first cluster. Left out: this process.
            job_runner: Gives what runs the jobs of Flink; asked when the first application is started. Left out: a Flink on
                this machine, if there is one.
        """
        self._job_runner = job_runner
        self._port, self._region, self._routes = port, region, routes or {}
        self.clock = Clock(speed)
        self._msk = EmbeddedMsk(topic_keeper, self.clock.now)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Starts the server.

        Raises:
            SpecError: If an endpoint in the environment is another machine's, or credentials in it look real.
            OSError: If the port is taken.
        """
        check_environment(os.environ)
        with ExitStack() as opening:
            # moto asks boto3 for regions when a service is first used, whoever asks.
            opening.enter_context(no_aws_configuration())
            opening.callback(moto_api_backend.reset)
            install_kinesis_hooks(self.clock)
            opening.enter_context(install_dynamodb_hooks())
            opening.enter_context(install_sqs_hooks(self.clock.now))
            opening.enter_context(replaced(LambdaBackend, layers_versions_by_arn=_any_layer))
            token = new_token()
            # Whoever takes a role, as the CDK CLI does, goes on with the token that it has.
            opening.enter_context(replaced(sts, random_session_token=lambda: token))
            services = DomainDispatcherApplication(_backend_app)
            self.execute_api = ExecuteApi(
                services, self._rest_apis, self._api_key, self.clock.now, self._invoke, self._region
            )
            self._pages = PageServers(self.execute_api, PREFIX)
            application = _with_routes(_with_apis(services, self.execute_api), self._routes)
            server = make_server("127.0.0.1", self._port, application, threaded=True, request_handler=_Quiet)
            opening.callback(server.server_close)
            server.app = only_own_callers(application, port=server.server_port, token=token)
            self.aws = Aws(f"http://{HOST}:{server.server_port}", self._region, token, application)
            self.aws.msk = self._msk
            opening.callback(self._msk.close)
            flink = EmbeddedFlink(lambda: self._job_runner(self.aws), self._object, self.clock.now)
            self.aws.flink = flink
            opening.enter_context(install_flink_hooks(flink, self._region, self.clock.now))
            self.cloudformation = opening.enter_context(CloudFormation(self.aws))
            thread = threading.Thread(
                target=server.serve_forever, args=(_POLL_SECONDS,), name="embedded-aws", daemon=True
            )
            thread.start()
            opening.callback(thread.join)
            opening.callback(server.shutdown)
            opening.callback(self._pages.close)
            opening.callback(flink.close)  # first: its jobs call this AWS until they end
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def api_entries(self) -> dict[str, ApiEntry]:
        """The APIs in front of streams and deliveries, by the names of these in AWS."""
        return dict(api_entries(self._rest_apis(), self._api_key))

    def api_urls(self) -> dict[str, str]:
        """Where APIs take one record, or answer who asks, by their names."""
        apis = self._rest_apis()
        self._pages.keep(api.id for api in apis)
        return {api.name: self._url(api, stage) for api in apis for stage in api.stages if api.methods}

    def _url(self, api: RestApi, stage: str) -> str:
        if api.asks_by_itself:
            return self._pages.url(api, stage)
        path = min((path for _, path in api.methods), key=len) or "/"
        return f"{self.aws.endpoint_url}{PREFIX}{api.id}/{stage}{path}"

    def _invoke(self, function: str, event: bytes) -> bytes:
        """Invokes a function, as API Gateway does.

        Raises:
            RuntimeError: If it fails, with what it said.
        """
        try:
            answer = self.aws.client("lambda").invoke(FunctionName=function, Payload=event)
        except ClientError as error:
            raise RuntimeError(str(error)) from error
        payload: bytes = answer["Payload"].read()
        if "FunctionError" in answer:
            raise RuntimeError(_error_message(payload))
        return payload

    def _rest_apis(self) -> list[RestApi]:
        return rest_apis(self.cloudformation.deployed(), self.name_of)

    def _api_key(self, key_id: str) -> str:
        key = self.aws.client("apigateway").get_api_key(apiKey=key_id, includeValue=True)
        return str(key["value"]) if key.get("enabled", True) else ""

    def _object(self, bucket: str, key: str, version: str) -> bytes:
        """An object of S3."""
        of = {"VersionId": version} if version else {}
        body: bytes = self.aws.client("s3").get_object(Bucket=bucket, Key=key, **of)["Body"].read()
        return body

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which SDKs, the AWS CLI and the CDK CLI talk to it."""
        return client_environment(self.aws.endpoint_url, self.aws.token, self._region)


def _error_message(payload: bytes) -> str:
    try:
        return str(json.loads(payload)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return "the function failed"


def _with_apis(application: WsgiApp, execute_api: ExecuteApi) -> WsgiApp:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_api = environ["PATH_INFO"].startswith(PREFIX)
        return (execute_api if is_api else application)(environ, start_response)

    return answer


def _backend_app(service: Any) -> Any:
    """The application of a service. Where this machine fails it answers as AWS does then, and prints no traceback."""
    application = create_backend_app(service)
    application.register_error_handler(OSError, _failed)
    return application


def _failed(error: OSError) -> Response:
    message = f"this machine failed: {error}"
    if "X-Amz-Target" in request.headers:
        body, form = json.dumps({"__type": INTERNAL_FAILURE, "message": message}), "application/x-amz-json-1.1"
    else:
        body = f"<Error><Code>{INTERNAL_FAILURE}</Code><Message>{escape(message)}</Message></Error>"
        form = "application/xml"
    return Response(body, status=500, content_type=form)


def _with_routes(application: WsgiApp, routes: Mapping[str, Callable[[dict[str, Any]], Any]]) -> WsgiApp:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        route = routes.get(environ["PATH_INFO"])
        if route is None:
            return application(environ, start_response)
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = json.dumps(route(json.loads(asked or b"{}")), default=str).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


@dataclass(frozen=True, slots=True)
class _PublicLayer:
    """A layer of another account: named, and not looked into. What is in it comes from this installation."""

    arn: str
    code_size: int = 0


def _any_layer(backend: LambdaBackend, layer_version_arn: str) -> LayerVersion | _PublicLayer | None:
    known = backend._layers.get_layer_version_by_arn(layer_version_arn)  # noqa: SLF001 - what the replaced method does
    if known is None and f":{ACCOUNT_ID}:" not in layer_version_arn:
        return _PublicLayer(layer_version_arn)
    return known
