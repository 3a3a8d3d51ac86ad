"""A small site that stalls on command, breaks what it is told to, and remembers what it was asked."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

SERVED_BY = 'instance;desc="web-1", zone;desc="lab-1a", db;desc="reader, 3 queries", cache;desc="hit", app;dur=0.1'


class StallingSite:
    """A context manager. It names its instance and zone as our sites do."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.cookies: list[str] = []
        self.ports: list[int] = []
        self._open = threading.Event()
        self._open.set()
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def stall(self) -> None:
        """Let requests in and answer none, until `go_on`."""
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def wait(self) -> None:
        self._open.wait()

    def __enter__(self) -> "StallingSite":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: StallingSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append(self.path)
        site.cookies.append(self.headers.get("Cookie", ""))
        site.ports.append(self.client_address[1])
        site.wait()
        if self.path == "/reset":
            self.close_connection = True
            return
        self.answer(503 if self.path == "/broken" else 200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.site.asked.append(f"POST {self.path}")
        if self.path == "/reset":
            self.close_connection = True
            return
        self.answer(303)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Server-Timing", SERVED_BY)
        self.send_header("Set-Cookie", f"count={len(self.server.site.asked)}; Path=/; HttpOnly")
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")
            return
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""
