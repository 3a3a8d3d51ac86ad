"""A server of this machine that a fetcher takes for public ones."""

import http.server
import socket
import threading
from collections.abc import Callable

from apps.mywordpress.wxr.fetching import Fetcher

PUBLIC = "93.184.215.14"
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class OldSite:
    """A server on this machine that the fetcher takes for public ones; it answers each path in its own manner."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.connected: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.headers["Host"], self.path))
                site.answers.get(self.path, missing)(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def fetcher(self, *addresses: str) -> Fetcher:
        """One for which every host has these addresses, and every connection leads here."""
        return Fetcher(lambda host, port: list(addresses) or [PUBLIC], self.connect)

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.server.server_address[1]), seconds)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def missing(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def sending(data: bytes, length: int | None = None) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data) if length is None else length))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def leading(where: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", where)
        handler.end_headers()

    return answer
