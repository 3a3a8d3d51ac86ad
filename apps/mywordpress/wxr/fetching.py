"""Files of other sites, fetched from public addresses only.

A file that somebody handed in decides what is asked for, so it must not reach what only this machine can: the address
is looked up once, every answer is judged, and the connection goes to the very address that was judged. A redirect is
judged like the first address.
"""

import http.client
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from apps.chassis.languages import later
from apps.mywordpress.media.kinds import MOST_BYTES

MOST_REDIRECTS = 4
LONGEST_SECONDS = 30.0
SILENT_SECONDS = 10.0
# What kind of file it is, and how large one of that kind may be, is known once it is here.
LARGEST_BYTES = max(MOST_BYTES.values())
CHUNK_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}
AGENT = "MyWordPress import"

NOT_AN_ADDRESS = later("It is no address of the web.")
NOT_PUBLIC = later("Its address is not a public one.")
UNKNOWN_HOST = later("Nobody knows its host.")
NO_ANSWER = later("Its server does not answer.")
WRONG_ANSWER = later("Its server answered %(what)s.")
TOO_MANY_REDIRECTS = later("It is moved from address to address.")
TOO_LARGE = later("It is larger than what the library takes.")
TOO_SLOW = later("It took longer than 30 seconds.")

Resolver = Callable[[str, int], Sequence[str]]
Connector = Callable[[str, int, float], socket.socket]


class NotFetched(Exception):
    """There is no file; `text` says why, in English and with a place for `what`."""

    def __init__(self, text: str, what: str = "") -> None:
        super().__init__(text % {"what": what})
        self.text = text
        self.what = what


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host; raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an address; raises OSError."""
    return socket.create_connection((address, port), seconds)


def is_public(address: str) -> bool:
    """Whether anybody in the world would reach the same machine there."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _within(found)
        if inner is not None or found in LOCAL_NAT64:
            return inner is not None and is_public(str(inner))
    if found in PROTOCOLS:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, compatible, by 6to4, Teredo or NAT64."""
    if address in NAT64 or address in COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


# Where some clouds tell a machine's secrets.
PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")
# What a network translates for itself may be anything of its own.
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches files. How hosts are looked up and connected to can be given, for tests; what is judged cannot."""

    resolver: Resolver = resolve
    connector: Connector = connect

    def fetch(self, url: str) -> BinaryIO:
        """The file at this address, in a temporary one of at most LARGEST_BYTES; raises NotFetched."""
        ends_at = time.monotonic() + LONGEST_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            found = self._ask(_checked(url), ends_at)
            if not isinstance(found, str):
                return found
            url = urljoin(url, found)
        raise NotFetched(TOO_MANY_REDIRECTS)

    def _ask(self, url: SplitResult, ends_at: float) -> BinaryIO | str:
        """The file, or where it is instead."""
        try:
            with self._connect(url, ends_at) as connection, _ending(connection, ends_at):
                if isinstance(connection, ssl.SSLSocket):
                    # Only now, so that a server which is slow at this is broken off, too.
                    connection.do_handshake()
                found = _taken(_response(connection, url))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NotFetched(TOO_SLOW if time.monotonic() > ends_at else NO_ANSWER) from error
        if time.monotonic() > ends_at:
            # What was broken off may look complete.
            _drop(found)
            raise NotFetched(TOO_SLOW)
        return found

    def _connect(self, url: SplitResult, ends_at: float) -> socket.socket:
        host, port = cast("str", url.hostname), PORTS[url.scheme]
        address = self._address_of(host, port)
        seconds = min(SILENT_SECONDS, max(ends_at - time.monotonic(), 0.1))
        connection = self.connector(address, port, seconds)
        if url.scheme == "http":
            return connection
        return _encrypted(connection, host)

    def _address_of(self, host: str, port: int) -> str:
        try:
            addresses = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise NotFetched(UNKNOWN_HOST) from error
        # One private address among public ones is a trap as well.
        if not addresses or not all(map(is_public, addresses)):
            raise NotFetched(NOT_PUBLIC)
        return addresses[0]


def _encrypted(connection: socket.socket, host: str) -> socket.socket:
    """The certificate must be the host's, though the connection went to an address."""
    try:
        context = ssl.create_default_context()
        return context.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
    except (OSError, ValueError):
        connection.close()
        raise


def _drop(found: BinaryIO | str) -> None:
    if not isinstance(found, str):
        found.close()


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in PORTS and parts.hostname and parts.username is None
        port = parts.port
    except ValueError as error:
        raise NotFetched(NOT_AN_ADDRESS) from error
    if not fine or port not in (None, PORTS[parts.scheme]):
        raise NotFetched(NOT_AN_ADDRESS)
    return parts


def _response(connection: socket.socket, url: SplitResult) -> http.client.HTTPResponse:
    target = quote(url.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{quote(url.query, safe=QUERY)}" if url.query else "")
    host = url.netloc.encode("idna").decode("ascii")
    request = (
        f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(request.encode("ascii"))
    response = http.client.HTTPResponse(connection, method="GET")
    response.begin()
    return response


QUERY = "/?%:@!$&'()*+,;=~"


def _taken(response: http.client.HTTPResponse) -> BinaryIO | str:
    if response.status in REDIRECTS:
        return response.getheader("Location") or ""
    if response.status != 200:
        raise NotFetched(WRONG_ANSWER, str(response.status))
    with ExitStack() as closing:
        file = cast("BinaryIO", closing.enter_context(tempfile.TemporaryFile()))
        while chunk := response.read1(CHUNK_BYTES):
            file.write(chunk)
            if file.tell() > LARGEST_BYTES:
                raise NotFetched(TOO_LARGE)
        if response.length:
            raise NotFetched(NO_ANSWER)
        file.seek(0)
        closing.pop_all()
        return file


@contextmanager
def _ending(connection: socket.socket, ends_at: float) -> Iterator[None]:
    """Break the connection off at this moment: a server that sends a letter at a time is never silent for long."""
    timer = threading.Timer(max(ends_at - time.monotonic(), 0.1), _break_off, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _break_off(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
