"""Visitors who ask without a pause, and count every answer."""

import http.client
import threading
import time
from collections import Counter
from types import TracebackType


class Visitors:
    """A context manager: half of them keep their connection, half come by a new one for each request.

    As a browser does, one asks again by a new connection where a kept one was closed before a byte of the answer came.
    """

    def __init__(self, port: int, path: str, visitors: int = 4, pause: float = 0.01) -> None:
        self.port, self.path, self.pause = port, path, pause
        self.answers: Counter[str] = Counter()
        self.trouble: list[str] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(bool(n % 2),)) for n in range(visitors)]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def have_seen(self, answer: str) -> bool:
        """Whether this answer came often enough for each of them to have had it."""
        return self.answers[answer] > 5 * len(self._threads)

    def _visit(self, keeps: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._ended.is_set():
            reused, connection = connection is not None, connection or self._connection()
            try:
                self._note(self._asked(connection))
            except (http.client.HTTPException, OSError) as error:
                if not (reused and isinstance(error, ConnectionResetError | BrokenPipeError)):
                    self.trouble.append(f"{type(error).__name__}: {error}")
                connection.close()
                connection = None
            if connection and not keeps:
                connection.close()
                connection = None
            time.sleep(self.pause)
        if connection:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def _asked(self, connection: http.client.HTTPConnection) -> str:
        connection.request("GET", self.path)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        if response.status != 200:
            self.trouble.append(f"{response.status}: {body[:200]}")
        return body if len(body) < 40 else str(response.status)

    def _note(self, answer: str) -> None:
        with self._lock:
            self.answers[answer] += 1
