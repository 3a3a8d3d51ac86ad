"""What nginx keeps of MyWordPress's pages, with the bundle's configuration before an app that counts its answers."""

import gzip
import http.client
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from threading import Thread
from typing import Any

import pytest

from tests.conftest import _need
from tests.services.nginx import Nginx
from tests.support.waiting import wait_until

TIMING = 'instance;desc="i-1", zone;desc="here", db;desc="reader-1, 3 queries", cache;desc="miss", app;dur=1.0'


class App(ThreadingMixIn, UnixStreamServer):
    """Answers with the number of the answer; the address says what else it says of itself."""

    daemon_threads = True

    def __init__(self, socket: Path) -> None:
        super().__init__(str(socket), Handler)
        self.answers = 0

    def get_request(self) -> tuple[Any, Any]:
        connection, _ = super().get_request()
        return connection, ("local", 0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: App

    def do_GET(self) -> None:
        self.server.answers += 1
        zipped = self.headers.get("Accept-Encoding", "") == "gzip"
        body = b"%d" % self.server.answers
        body = gzip.compress(body) if zipped else body
        self.send_response(200)
        for name, value in self.said(zipped).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def said(self, zipped: bool) -> dict[str, str]:
        later = {"/kept": 60, "/cookie": 60, "/now": 0, "/past": -1}.get(self.path.partition("?")[0])
        said = {"Server-Timing": TIMING, "Vary": "Cookie, Accept-Encoding", "Cache-Control": "no-cache"}
        if later is None:
            said["Cache-Control"] = "public, max-age=60"
        else:
            said["X-Accel-Expires"] = f"@{int(time.time()) + later}"
        return (
            said
            | ({"Set-Cookie": "a=b"} if self.path == "/cookie" else {})
            | ({"Content-Encoding": "gzip"} if zipped else {})
        )

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def nginx(unpacked: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    _need("nginx-light")
    folder = tmp_path_factory.mktemp("n")
    app = App(folder / "web.sock")
    Thread(target=app.serve_forever, daemon=True).start()
    nginx = Nginx(unpacked["mywordpress-web"], folder, {"/run/classic": folder})
    nginx.start()
    yield nginx
    nginx.stop()
    app.shutdown()
    app.server_close()


def ask(nginx: Nginx, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def number(nginx: Nginx, path: str, **headers: str) -> int:
    answer = ask(nginx, path, **headers)
    body: bytes = answer.body  # type: ignore[attr-defined]
    return int(gzip.decompress(body) if answer.headers["Content-Encoding"] else body)


def test_what_the_app_lets_it_keep_is_kept(nginx: Nginx) -> None:
    assert number(nginx, "/kept") == number(nginx, "/kept") == number(nginx, "/kept", Cookie="_ga=1")
    assert number(nginx, "/kept") != number(nginx, "/kept?x=1")


@pytest.mark.parametrize("path", ["/plain", "/cookie", "/past"])
def test_nothing_else_is(nginx: Nginx, path: str) -> None:
    assert number(nginx, path) != number(nginx, path)


def test_it_is_kept_until_the_end_of_that_second_and_never_longer(nginx: Nginx) -> None:
    seen: dict[int, set[int]] = {}

    def look() -> bool:
        before = int(time.time())
        found = number(nginx, "/now")
        # One that was asked for on both sides of a second's end may have come from either.
        if before == int(time.time()):
            seen.setdefault(before, set()).add(found)
        return len(seen) > 3

    wait_until(look, 10)
    assert sum(map(len, seen.values())) == len(set().union(*seen.values()))


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "mywordpress-pin=x"},
        {"Cookie": "a=b; __Host-mywordpress-session=x"},
        {"Authorization": "Basic eDp5"},
    ],
)
def test_who_is_somebody_is_given_nothing_kept_and_leaves_nothing(nginx: Nginx, headers: dict[str, str]) -> None:
    kept = number(nginx, "/kept")
    assert len({number(nginx, "/kept", **headers), number(nginx, "/kept", **headers), kept}) == 3
    assert number(nginx, "/kept") == kept


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip", True), ("gzip, deflate, br, zstd", True), ("br;q=1.0, gzip;q=0.8", True), ("GZIP", True),
        ("", False), ("gzip;q=0", False), ("gzip;q=0.0, br", False), ("br", False), ("x-gzip2", False),
    ],
)  # fmt: skip
def test_each_client_gets_what_it_takes_and_all_who_take_the_same_share_it(
    nginx: Nginx, accepted: str, zipped: bool
) -> None:
    answer = ask(nginx, "/kept", Accept_Encoding=accepted)
    assert (answer.headers["Content-Encoding"] == "gzip") is zipped
    same = {"Accept_Encoding": "gzip"} if zipped else {}
    assert number(nginx, "/kept", Accept_Encoding=accepted) == number(nginx, "/kept", **same)


def test_each_language_is_kept_apart(nginx: Nginx) -> None:
    korean = number(nginx, "/kept", Accept_Language="ko")
    assert korean == number(nginx, "/kept", Accept_Language="ko")
    assert korean != number(nginx, "/kept", Accept_Language="en")


def test_a_page_says_that_nginx_had_it(nginx: Nginx) -> None:
    first, second = (ask(nginx, "/kept?timing").headers["Server-Timing"] for _ in range(2))
    assert first == TIMING
    assert second == 'instance;desc="i-1", zone;desc="here", cache;desc="hit in nginx"'
