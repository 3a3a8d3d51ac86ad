"""A small worker that notes what it is sent and answers what it is told."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Heard"], int]


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str


class Listener:
    """Serves on a free loopback port in threads; `answer` decides the status of each request."""

    def __init__(self, answer: Answer = lambda heard: 200, port: int = 0) -> None:
        self.heard: list[Heard] = []
        self.at_once = 0
        self.most_at_once = 0
        self.answer = answer
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self._handler())
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def bodies(self) -> list[str]:
        return [heard.body for heard in self.heard]

    def _respond(self, heard: Heard) -> int:
        with self._lock:
            self.heard.append(heard)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.answer(heard)
        finally:
            with self._lock:
                self.at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                heard = Heard(self.path, dict(self.headers), self.rfile.read(length).decode())
                status = listener._respond(heard)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """The daemon cuts connections; that is no error here."""


def closed_port() -> int:
    """A loopback port that refuses connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
