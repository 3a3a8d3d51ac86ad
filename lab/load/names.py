"""Who has which address: always the same, or as a DNS server tells, kept for as long as it allows."""

import asyncio
import secrets
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

HEADER = struct.Struct("!6H")
RECORD = struct.Struct("!HHIH")
A, IN, WANTS_RECURSION, CODE, IS_ANSWER = 1, 1, 0x0100, 0x000F, 0x8000
POINTER = 0xC0
TRIES, TRY_SECONDS = 2, 1.0


# What a host's addresses are, and for how many seconds they hold.
LookUp = Callable[[str], Awaitable[tuple[list[str], int]]]


class NoAddress(OSError):
    """The name has no address, or nobody tells it."""


class Names(Protocol):
    """How a visitor finds a host."""

    async def addresses(self, host: str) -> list[str]:
        """Its addresses, the one to try first before the others; raises NoAddress."""


@dataclass(frozen=True)
class Fixed:
    """Every host is at this address."""

    address: str = "127.0.0.1"

    async def addresses(self, host: str) -> list[str]:
        return [self.address]


class Resolver:
    """Looks a host up, and again only when the time to live of the answer is over. Failures are not kept.

    What it keeps is its own: two resolvers that asked at different times forget at different times, as people's do.
    """

    def __init__(self, look_up: LookUp | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._look_up, self._clock = look_up or by_dns(), clock
        self._kept: dict[str, tuple[float, list[str]]] = {}

    async def addresses(self, host: str) -> list[str]:
        until, found = self._kept.get(host, (0.0, []))
        if self._clock() < until:
            return found
        found, ttl = await self._look_up(host)
        self._kept[host] = (self._clock() + ttl, found)
        return found


def by_dns(server: str = "127.0.0.1", port: int = 8053) -> LookUp:
    """Asks this DNS server."""
    return lambda host: ask((server, port), host)


async def ask(server: tuple[str, int], host: str) -> tuple[list[str], int]:
    """The addresses of a host in the order of the answer, and the seconds for which they hold; raises NoAddress."""
    number = secrets.randbelow(1 << 16)
    for _ in range(TRIES):
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda answer=answer: _Ear(number, answer),  # type: ignore[misc]
            remote_addr=server,
        )
        try:
            transport.sendto(question(number, host))
            return read(await asyncio.wait_for(answer, TRY_SECONDS))
        except (TimeoutError, ConnectionError):
            continue
        except (struct.error, IndexError):
            raise NoAddress(f"{host}: the answer makes no sense") from None
        finally:
            transport.close()
    raise NoAddress(f"{host}: no answer from {server[0]}:{server[1]}")


class _Ear(asyncio.DatagramProtocol):
    """Hears the answer to one question; what answers another is passed over."""

    def __init__(self, number: int, answer: "asyncio.Future[bytes]") -> None:
        self.number, self.answer = number, answer

    def datagram_received(self, data: bytes, addr: object) -> None:
        if len(data) >= HEADER.size and data[:2] == self.number.to_bytes(2) and not self.answer.done():
            self.answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(exc)


def question(number: int, host: str) -> bytes:
    """A DNS message that asks for the addresses of a host."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in host.rstrip(".").split("."))
    return HEADER.pack(number, WANTS_RECURSION, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", A, IN)


def read(message: bytes) -> tuple[list[str], int]:
    """The addresses in an answer and the shortest of their times to live; raises NoAddress if there is none."""
    _, flags, questions, answers, _, _ = HEADER.unpack_from(message)
    at = HEADER.size
    for _ in range(questions):
        at = _behind_name(message, at) + 4
    found, ttls = [], []
    for _ in range(answers):
        at = _behind_name(message, at)
        kind, _, ttl, length = RECORD.unpack_from(message, at)
        at += RECORD.size
        if kind == A:
            found.append(".".join(map(str, message[at : at + length])))
            ttls.append(ttl)
        at += length
    if flags & CODE or not flags & IS_ANSWER or not found:
        raise NoAddress(f"the server answers with code {flags & CODE} and {len(found)} addresses")
    return found, min(ttls)


def _behind_name(message: bytes, at: int) -> int:
    """Where a name ends: with an empty label, or with a pointer to where the rest of it stands."""
    while length := message[at]:
        if length >= POINTER:
            return at + 2
        at += 1 + length
    return at + 1
