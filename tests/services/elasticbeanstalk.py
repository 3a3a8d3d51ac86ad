"""Elastic Beanstalk's API on a loopback port, as much of it as the real `eb` asks for; S3 and IAM are ministack's."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.services import query_protocol
from tests.services.elasticbeanstalk_environment import Refusal
from tests.services.elasticbeanstalk_region import Region


@dataclass(frozen=True)
class Call:
    """One request: what was asked for, and with what."""

    action: str
    parameters: Mapping[str, Any]


class ElasticBeanstalk:
    """Holds one region, and every call in the order in which they came."""

    def __init__(self, s3: Any) -> None:
        import botocore.session

        self.region = Region(s3)
        self.calls: list[Call] = []
        self.outward: list[str] = []
        self._model = botocore.session.get_session().get_service_model("elasticbeanstalk")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked(self, action: str) -> list[Mapping[str, Any]]:
        """The parameters of all calls of this action."""
        return [call.parameters for call in self.calls if call.action == action]

    def answer(self, given: Mapping[str, str]) -> tuple[int, bytes]:
        """The status and body for the fields of one request."""
        operation = self._model.operation_model(given["Action"])
        parameters = query_protocol.request(operation.input_shape, given)
        self.calls.append(Call(operation.name, parameters))
        namespace = self._model.metadata["xmlNamespace"]
        identifier = str(uuid.uuid4())
        try:
            result = self.region.perform(operation.name, parameters, identifier)
        except Refusal as refusal:
            return 400, query_protocol.failure(namespace, refusal.code, str(refusal), identifier)
        return 200, query_protocol.response(operation, namespace, result, identifier)


def _handler(service: ElasticBeanstalk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*service.answer(dict(parse_qsl(body, keep_blank_values=True))))

        def do_CONNECT(self) -> None:
            """Refuse who takes this for the way out: `eb` asks the package index for its own newest version."""
            service.outward.append(self.path)
            self._send(403, b"")

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *words: object) -> None:
            """Say nothing: a test looks at the calls."""

    return Handler
