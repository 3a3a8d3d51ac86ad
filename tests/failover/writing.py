"""Clients who write one row after another by way of the endpoint, and know which were acknowledged."""

import itertools
import threading
import time
from types import TracebackType
from typing import Any

import pymysql

from tests.services.cluster import Cluster
from tests.services.mariadb import MariaDb
from tests.support.waiting import wait_until

CLIENTS = 8


class Writing:
    """A context manager, within which they write; `acknowledged` are the numbers that nobody may lose."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.acknowledged: list[int] = []
        self.times: list[float] = []
        self._numbers = itertools.count(1)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(CLIENTS)]

    def __enter__(self) -> "Writing":
        self.cluster.writer.execute("CREATE TABLE shop.`rows` (n INT PRIMARY KEY)")
        for thread in self._threads:
            thread.start()
        self.wait_for(100)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(30)

    def wait_for(self, more: int, seconds: float = 40) -> None:
        """Wait until so many more were acknowledged; AssertionError with the promoter's log."""
        before = len(self.acknowledged)
        try:
            wait_until(lambda: len(self.acknowledged) >= before + more, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.cluster.log}") from None

    def longest_silence(self) -> float:
        """The longest time in which nobody was told of a commit."""
        times = sorted(self.times)
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def missing_on(self, server: MariaDb) -> set[int]:
        """What was acknowledged and is not there."""
        return set(self.acknowledged) - {row["n"] for row in server.execute("SELECT n FROM shop.`rows`")}

    def _write(self) -> None:
        connection: pymysql.connections.Connection[Any] | None = None
        while not self._stopping.is_set():
            try:
                connection = connection or self.cluster.connect("shop")
                self._insert(connection, next(self._numbers))
            except pymysql.Error:
                connection = None
            # As visitors do, and so that there is something left of the machine for the followers.
            self._stopping.wait(0.01)
        if connection:
            connection.close()

    def _insert(self, connection: "pymysql.connections.Connection[Any]", number: int) -> None:
        try:
            connection.cursor().execute("INSERT INTO `rows` VALUES (%s)", (number,))
        except pymysql.Error:
            if connection.open:
                connection.close()
            raise
        self.times.append(time.monotonic())
        self.acknowledged.append(number)
