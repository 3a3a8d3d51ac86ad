"""The endpoint of a promoter whose relays live elsewhere, so that they outlive it: it only says where they are to lead.

A line names the writer, `HOST:PORT`, and an empty one says that there is none.
"""

import socket
import threading
from urllib.parse import urlsplit

from failover.settings import Address, WrongSetting

BEAT_SECONDS = 1.0
SEND_SECONDS = 3.0


class Announcer:
    """An endpoint that tells whoever connects where it leads, at once, at each change, and once a second."""

    def __init__(self, host: str, port: int) -> None:
        """Listen from now on; raises OSError. Port 0 takes a free one, which `port` tells."""
        self._listener = socket.create_server((host, port))
        self.port = int(self._listener.getsockname()[1])
        self._news = threading.Condition()
        self._line: bytes | None = None
        self._closed = False
        threading.Thread(target=self._welcome, name="announcer", daemon=True).start()

    @classmethod
    def from_url(cls, url: str) -> "Announcer":
        """Listen where announce://host:port says; raises WrongSetting if that is impossible."""
        parts = urlsplit(url)
        try:
            return cls(parts.hostname or "127.0.0.1", parts.port or 0)
        except (OSError, ValueError) as error:
            raise WrongSetting(f"FAILOVER_ENDPOINT={url}: {error}") from error

    def point_at(self, server: Address | None) -> None:
        """Tell everybody, now and from now on, that this is the writer, or that there is none."""
        with self._news:
            self._line = f"{server.name if server else ''}\n".encode()
            self._news.notify_all()

    def close(self) -> None:
        """Tell nobody anything any more. Done again it changes nothing."""
        if self._closed:
            return
        with self._news:
            self._closed = True
            self._news.notify_all()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _welcome(self) -> None:
        while not self._closed:
            try:
                listener, _ = self._listener.accept()
            except OSError:
                continue
            threading.Thread(target=self._tell, args=(listener,), name="announcing", daemon=True).start()

    def _tell(self, listener: socket.socket) -> None:
        listener.settimeout(SEND_SECONDS)
        told: bytes | None = None
        with listener:
            while not self._closed:
                told = self._wait_for_other_than(told)
                try:
                    listener.sendall(told or b"")
                except OSError:
                    return

    def _wait_for_other_than(self, line: bytes | None) -> bytes | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or self._line != line, BEAT_SECONDS)
            return self._line
