"""Streams on a real server: they starve nobody, leave when their listener does, and never delay a stop."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

PATH = "/api/stream/Asia/Seoul"


@pytest.fixture
def site(run_site: Callable[..., RunningSite]) -> RunningSite:
    """One process of four threads, of which two may be held."""
    return run_site("whatisthetime", {"WEB_CONCURRENCY": "1", "THREADS": "4"})


def test_streams_starve_nobody_and_never_delay_a_stop(site: RunningSite) -> None:
    with ExitStack() as held:
        first = held.enter_context(listening(site))
        second = held.enter_context(listening(site))
        assert (first[0], second[0]) == (200, 200)
        with listening(site) as (refused, _):
            assert refused == 503
        for _ in range(20):
            assert status(f"{site.url}/api/timezone/UTC") == status(f"{site.url}/zones/Asia/Seoul") == 200
        first[1].close()
        wait_until(lambda: is_heard(site), 8)
        began = time.monotonic()
        site.stop()
        assert time.monotonic() - began < 2
        assert b"data: " in rest(second[1])


def is_heard(site: RunningSite) -> bool:
    with listening(site) as (found, _):
        return found == 200


@contextmanager
def listening(site: RunningSite) -> Iterator[tuple[int, socket.socket]]:
    """A listener's status and the socket on which events come."""
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        yield int(connection.recv(12)[9:12]), connection


def rest(connection: socket.socket) -> bytes:
    """All that came until the server closed the connection."""
    found = b""
    while part := connection.recv(65536):
        found += part
    return found


def status(url: str) -> int:
    try:
        with urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
