"""Files are fetched from public addresses only, whatever an export or a server says, and within limits."""

import http.server
import socket
import time
from collections.abc import Sequence

import pytest

from apps.mywordpress.wxr import fetching
from apps.mywordpress.wxr.fetching import Fetcher, NotFetched, is_public
from tests.mywordpress.wxr.oldsite import PUBLIC, OldSite, leading, sending

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.0.192", "nonsense"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::10.0.0.1"),
    *("64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:807f:fffe"),
    *("::ffff:192.0.0.192", "0:0:0:0:0:ffff:a00:1", ""),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_machines_and_networks_of_our_own_are_no_public_ones(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_others_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["169.254.169.254"], [PUBLIC, "127.0.0.1"], ["::ffff:10.0.0.1"], ["fd00:ec2::254"], [], ["::1"]],
)
def test_nothing_is_asked_where_one_address_is_private(old: OldSite, addresses: Sequence[str]) -> None:
    fetcher = Fetcher(lambda host, port: addresses, old.connect)
    with pytest.raises(NotFetched, match="not a public one"):
        fetcher.fetch("http://old.example/a.png")
    assert old.connected == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "http://[::1]/x", "http://2130706433/", "http://0x7f.1/", "http://localhost/"]
)
def test_the_real_resolver_tells_what_is_meant(url: str) -> None:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        raise AssertionError(f"connected to {address}")

    with pytest.raises(NotFetched):
        Fetcher(connector=connect).fetch(url)


def test_the_connection_goes_to_the_address_that_was_judged(old: OldSite) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        # A name that means something else the next time it is asked for.
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    old.answers["/a.png?size=1"] = sending(b"bytes")
    with Fetcher(resolver, old.connect).fetch("http://old.example/a.png?size=1") as found:
        assert found.read() == b"bytes"
    assert old.connected == [PUBLIC]


def test_a_redirect_is_judged_like_the_first_address(old: OldSite) -> None:
    where = {"old.example": PUBLIC, "inside.example": "10.0.0.7", "new.example": "8.8.8.8"}
    fetcher = Fetcher(lambda host, port: [where[host]], old.connect)
    old.answers |= {
        "/inside": leading("http://inside.example/secret"),
        "/metadata": leading("http://169.254.169.254/latest/meta-data/"),
        "/file": leading("file:///etc/passwd"),
        "/moved": leading("//new.example/there"),
        "/there": sending(b"bytes"),
        "/round": leading("/round"),
    }
    for path in ("inside", "file"):
        with pytest.raises(NotFetched, match=r"no address of the web|not a public one"):
            fetcher.fetch(f"http://old.example/{path}")
    with pytest.raises(NotFetched, match=r"Nobody knows|not a public one"):
        Fetcher(lambda host, port: [where.get(host, host)], old.connect).fetch("http://old.example/metadata")
    assert old.connected == [PUBLIC] * 3
    with fetcher.fetch("http://old.example/moved") as found:
        assert found.read() == b"bytes"
    assert old.asked[-1] == ("new.example", "/there")
    with pytest.raises(NotFetched, match="moved from address to address"):
        fetcher.fetch("http://old.example/round")


STRANGE = [
    *(
        "ftp://old.example/a",
        "file:///etc/passwd",
        "http://old.example:22/",
        "http://old.example:8080/",
        "//old.example/",
    ),
    *("http://user:word@old.example/", "http:///x", "http://[bad/", "", "gopher://x"),
]


@pytest.mark.parametrize("url", STRANGE)
def test_only_the_web_is_asked_by_its_own_ports(old: OldSite, url: str) -> None:
    with pytest.raises(NotFetched, match="no address of the web"):
        old.fetcher().fetch(url)
    assert old.connected == []


def test_what_an_address_holds_cannot_add_to_a_request(old: OldSite) -> None:
    with pytest.raises(NotFetched):
        old.fetcher().fetch("http://old.example/a b\r\nX-Evil: 1?q=é\r\n")
    (_, path), *more = old.asked
    assert more == []
    assert path.startswith("/a%20b")
    assert "\n" not in path


def test_a_file_has_limits_of_size_and_time(old: OldSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST_BYTES", 1000)
    monkeypatch.setattr(fetching, "LONGEST_SECONDS", 0.5)
    old.answers |= {
        "/large": sending(bytes(2000)),
        "/short": sending(b"cut", 2000),
        "/slow": trickling,
        "/silent": lambda handler: time.sleep(0.8),
    }
    for path, why in {
        "large": "larger than",
        "short": "not answer",
        "slow": "longer than",
        "silent": "longer than",
    }.items():
        with pytest.raises(NotFetched, match=why):
            old.fetcher().fetch(f"http://old.example/{path}")


def trickling(handler: http.server.BaseHTTPRequestHandler) -> None:
    try:
        for _ in range(40):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" if _ == 0 else b"X: y\r\n")
            time.sleep(0.05)
    except OSError:
        pass


def test_a_server_that_is_away_or_unknown_is_told(old: OldSite) -> None:
    def refuse(address: str, port: int, seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(NotFetched, match="does not answer"):
        Fetcher(lambda host, port: [PUBLIC], refuse).fetch("http://old.example/")
    with pytest.raises(NotFetched, match="Nobody knows"):
        Fetcher(unknown, old.connect).fetch("http://old.example/")
    with pytest.raises(NotFetched, match="answered 404"):
        old.fetcher().fetch("http://old.example/nothing")
    with pytest.raises(NotFetched, match="does not answer"):
        old.fetcher().fetch("https://old.example/no-certificate")
