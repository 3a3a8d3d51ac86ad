"""An endpoint made of TCP connections that are handed on, for servers that have no address of their own to move."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

from failover.settings import Address, WrongSetting

CONNECT_SECONDS = 3.0


class Relay:
    """Listens at one address; each new connection is handed on to the server of that moment, or closed at once."""

    def __init__(self, host: str, port: int) -> None:
        """Listen from now on; raises OSError. Port 0 takes a free one, which `port` tells."""
        self._target: Address | None = None
        self._ends: set[_End] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        try:
            listening = self._loop.create_server(self._welcome, host, port)
            self._server = self._loop.run_until_complete(listening)
        except OSError:
            self._loop.close()
            raise
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self._thread.start()

    @classmethod
    def from_url(cls, url: str) -> "Relay":
        """Listen where relay://host:port says; raises WrongSetting if that is impossible."""
        parts = urlsplit(url)
        try:
            return cls(parts.hostname or "127.0.0.1", parts.port or 0)
        except (OSError, ValueError) as error:
            raise WrongSetting(f"FAILOVER_ENDPOINT={url}: {error}") from error

    def point_at(self, server: Address | None) -> None:
        """Lead to this server from now on, or to none; whoever is connected to another one is cut off."""
        if server != self._target:
            self._do(self._move(server))

    def close(self) -> None:
        """Stop listening and cut everybody off."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _move(self, server: Address | None) -> None:
        self._target = server
        for dialling in self._dialling:
            dialling.cancel()
        for end in list(self._ends):
            end.abort()

    async def _end(self) -> None:
        self._server.close()
        await self._move(None)
        # What was aborted closes its socket in the next round only.
        await asyncio.gather(*self._dialling, return_exceptions=True)
        await asyncio.sleep(0)

    def _welcome(self) -> "_End":
        return _Client(self._ends, self._dial)

    def _dial(self, client: "_End") -> None:
        task = self._loop.create_task(self._join(client))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)

    async def _join(self, client: "_End") -> None:
        target = self._target
        try:
            if target is None:
                raise ConnectionRefusedError
            async with asyncio.timeout(CONNECT_SECONDS):
                _, server = await self._loop.create_connection(lambda: _End(self._ends), target.host, target.port)
        except (OSError, asyncio.CancelledError):
            client.abort()
            return
        server.join(client)


class _End(asyncio.Protocol):
    """One end of a connection: what it receives, the other end sends; where one ends, the other one does."""

    transport: asyncio.Transport

    def __init__(self, ends: "set[_End]") -> None:
        self._ends = ends
        self._other: _End | None = None

    def join(self, other: "_End") -> None:
        """Belong together from now on."""
        self._other, other._other = other, self
        for end in (self, other):
            # Either may have gone while the other one was being reached.
            if end.transport.is_closing():
                self.abort()
                other.abort()
                return
        other.transport.resume_reading()

    def abort(self) -> None:
        """Break the connection, whatever was still to be sent."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ends.add(self)

    def data_received(self, data: bytes) -> None:
        if self._other:
            self._other.transport.write(data)

    def pause_writing(self) -> None:
        if self._other:
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self._other:
            self._other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ends.discard(self)
        if self._other:
            self._other.transport.close()


class _Client(_End):
    """The end of somebody who has just come, and is not listened to until a server is there to listen."""

    def __init__(self, ends: "set[_End]", dial: Any) -> None:
        super().__init__(ends)
        self._dial = dial

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.pause_reading()
        self._dial(self)
