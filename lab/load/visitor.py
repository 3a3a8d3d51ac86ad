"""One visitor: cookies, a way to connect, and a note of each answer."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from lab.load.answers import REFUSED, RESET, TIMEOUT, UNNAMED, UNREACHABLE, Answer, Deed
from lab.load.exchange import Connection, Response, Unanswered
from lab.load.names import Fixed, Names, NoAddress

SERVED_BY = re.compile(r'\b(instance|zone|db|cache);desc="([^",]*)')
REPEATABLE = ("GET", "HEAD")
FORM = "application/x-www-form-urlencoded"
NOTHING = Response(0)


@dataclass(frozen=True, slots=True)
class Site:
    """What a visitor types, how its host is found, and how long one is ready to wait, in seconds."""

    host: str
    port: int = 8080
    # Called once by each visitor: what one of them has looked up, the others have not.
    names: Callable[[], Names] = Fixed
    # Where that is found by another name and port than the site knows itself by.
    record: str = ""
    record_port: int = 0
    timeout: float = 5.0
    # One connection for all requests of a visitor, or a new one for each.
    keeps: bool = True


@dataclass
class Visitor:
    """Asks for one thing after another; `at` is when the next request was due, in seconds of time.monotonic()."""

    number: int
    site: Site
    answers: MutableSequence[Answer]
    deeds: MutableSequence[Deed]
    at: float = 0.0
    cookies: dict[str, str] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    names: Names = field(init=False)
    _last: Answer | None = None
    _connection: Connection | None = None
    _address: str = ""

    def __post_init__(self) -> None:
        self.names = self.site.names()

    async def get(self, path: str, asked: str = "", headers: Mapping[str, str] | None = None) -> Response:
        """The answer, or an empty one with the status 0; either way it is noted as `asked`."""
        return await self._noted(asked or path, "GET", path, b"", headers or {})

    async def post(
        self,
        path: str,
        form: Mapping[str, object] | bytes,
        asked: str = "",
        kind: str = FORM,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The same with a form, or with a body of this type; as a page of our own would send it."""
        body = form if isinstance(form, bytes) else urlencode({k: str(v) for k, v in form.items()}).encode()
        sent = {"Content-Type": kind, "Content-Length": str(len(body)), "Sec-Fetch-Site": "same-origin"}
        return await self._noted(asked or path, "POST", path, body, {**sent, **(headers or {})})

    def confirm(self, kind: str, what: str) -> None:
        """Note that this was acknowledged, and must not be lost."""
        self.deeds.append(Deed(kind, what, time.monotonic(), self.number))

    def complain(self, outcome: str) -> None:
        """The last answer was well-formed and yet wrong: this is its outcome."""
        assert self._last, "nothing was asked yet"
        self._last.outcome = outcome

    def leave(self) -> None:
        """Close the connection, if one is kept."""
        if self._connection:
            self._connection.close()
            self._connection = None

    async def _noted(self, asked: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        answer, response = Answer(asked, self.at or time.monotonic(), visitor=self.number), NOTHING
        # A further request of the same visit is due when the one before it has been answered.
        self.at = 0.0
        try:
            async with asyncio.timeout(self.site.timeout):
                response = await self._asked(method, self._request(method, path, body, headers))
            answer.outcome = str(response.status)
            answer.instance, answer.zone, answer.database, answer.cache = served_by(response)
            self._keep_cookies(response)
        except (OSError, TimeoutError) as error:
            self.leave()
            answer.outcome = failure(error)
        answer.latency = time.monotonic() - answer.due
        self.answers.append(answer)
        self._last = answer
        return response

    async def _asked(self, method: str, request: bytes) -> Response:
        """As a browser does, ask again by a new connection where a kept one was closed before a byte came back."""
        reused = self._connection is not None
        address = (await self.names.addresses(self.site.record or self.site.host))[0]
        if address != self._address:
            self.leave()
            reused = False
        try:
            return await self._exchanged(address, method, request)
        except (Unanswered, ConnectionResetError, BrokenPipeError):
            self.leave()
            if not reused or method not in REPEATABLE:
                raise
            return await self._exchanged(address, method, request)

    async def _exchanged(self, address: str, method: str, request: bytes) -> Response:
        connection = self._connection or await Connection.opened(address, self.site.record_port or self.site.port)
        self._connection, self._address = connection, address
        response = await connection.exchange(request, head_only=method == "HEAD")
        if not self.site.keeps or not connection.reusable:
            self.leave()
        return response

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.site.host}:{self.site.port}", "Accept-Encoding: identity"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        lines += [] if self.site.keeps else ["Connection: close"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _keep_cookies(self, response: Response) -> None:
        for cookie in response.headers.get("set-cookie", ()):
            pair, _, attributes = cookie.partition(";")
            name, _, value = pair.partition("=")
            if "max-age=0" in attributes.lower().replace(" ", ""):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def served_by(response: Response) -> tuple[str, str, str, str]:
    """Instance, zone, database and cache, as the answer itself tells; empty where it does not."""
    found = dict(SERVED_BY.findall(response.header("server-timing")))
    return found.get("instance", ""), found.get("zone", ""), found.get("db", ""), found.get("cache", "")


def failure(error: Exception) -> str:
    """In a word, how a request came to nothing."""
    match error:
        case NoAddress():
            return UNNAMED
        case TimeoutError():
            return TIMEOUT
        case ConnectionRefusedError():
            return REFUSED
        case ConnectionError():
            return RESET
    return UNREACHABLE
