"""HTTP/1.1 as far as load needs it: one request and its whole answer over one connection."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_HEADER_BYTES = 65536
BODILESS = (204, 304)


class Broken(ConnectionError):
    """The connection ended, or made no sense, before the answer was whole."""


class Unanswered(Broken):
    """It ended before a byte of the answer came: what a kept connection does that had been closed meanwhile."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; the names of its headers are in lower case, and each may have come several times."""

    status: int
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first of these headers; empty if there is none."""
        return self.headers.get(name, [""])[0]

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Connection:
    """A connection that may serve several requests, one after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.reusable = True

    @classmethod
    async def opened(cls, address: str, port: int) -> "Connection":
        """Connect, or raise OSError."""
        return cls(*await asyncio.open_connection(address, port, limit=MOST_HEADER_BYTES))

    async def exchange(self, request: bytes, *, head_only: bool = False) -> Response:
        """Send a whole request and wait for its whole answer; raises Broken, Unanswered or another OSError."""
        try:
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
            response = _parsed(head)
            body = b"" if head_only or response.status in BODILESS else await self._body(response)
        except asyncio.IncompleteReadError as error:
            raise (Broken if error.partial else Unanswered)("closed before the answer was whole") from None
        except (ValueError, IndexError, asyncio.LimitOverrunError) as error:
            raise Broken(f"no answer of HTTP: {error}") from None
        self.reusable = self.reusable and response.header("connection").lower() != "close"
        return Response(response.status, response.headers, body)

    def close(self) -> None:
        """Close at once, without waiting for anybody."""
        self._writer.transport.abort()

    async def _body(self, response: Response) -> bytes:
        if "chunked" in response.header("transfer-encoding").lower():
            return await self._chunks()
        if length := response.header("content-length"):
            return await self._reader.readexactly(int(length))
        self.reusable = False
        return await self._reader.read()

    async def _chunks(self) -> bytes:
        whole = bytearray()
        while size := int((await self._reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            whole += (await self._reader.readexactly(size + 2))[:-2]
        while await self._reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return bytes(whole)


def _parsed(head: bytes) -> Response:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines[:-2]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Response(int(first.split(" ", 2)[1]), headers)
