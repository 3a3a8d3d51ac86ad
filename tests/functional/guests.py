"""Guests who go through a running MyClothes over HTTP, and keep asking where the shop says: come back later."""

import re
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from urllib.parse import urlsplit

from tests.functional.browsers import ADDRESS, Browser, Hidden

TIMED = re.compile(r'\bdb;desc="?([\w-]+)')


class Guest(Browser):
    """Without an account. `statuses` counts what it was answered, `roles` which database did."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.statuses: Counter[int] = Counter()
        self.roles: Counter[str] = Counter()
        self.role = ""

    def ask_until(self, stop: threading.Event, ask: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        """The first answer that is not "come back later"; the last one, when told to stop."""
        while (answer := ask())[0] == 503 and not stop.is_set():
            stop.wait(0.1)
        return answer

    def order(self, name: str, variants: list[int], stop: threading.Event) -> str | None:
        """Order one piece of each to this name; the number of the order, or None if told to stop before the answer."""
        for variant in variants:
            # Put in twice, it would still be one order; what counts here is that there is something to order.
            self.ask_until(stop, lambda variant=variant: self.post("/cart", {"variant": str(variant), "quantity": "1"}))  # type: ignore[misc]
        form = ADDRESS | {"email": "guest@example.org", "name": name}
        form |= Hidden(self.ask_until(stop, lambda: self.get("/checkout"))[1]).fields
        # The total is told once the address is.
        form |= Hidden(self.ask_until(stop, lambda: self.post("/checkout/quotation", form))[1]).fields
        status, _ = self.ask_until(stop, lambda: self.post("/checkout", form))
        found = re.match(r"/orders/([^/?]+)", urlsplit(self.location).path) if status == 303 else None
        return found[1] if found else None

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        status, page = super()._send(request)
        timed = TIMED.search(self.timing)
        self.role = timed[1] if timed else ""
        self.statuses[status] += 1
        self.roles[self.role] += 1
        return status, page


class Persistent(threading.Thread):
    """Does one thing again and again until `stop`; what breaks the connection is noted."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.guest, self.stop = Guest(url), stop
        self.broken: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.act()
            except (OSError, HTTPException) as error:
                self.broken.append(str(error))
                self.stop.wait(0.1)

    def act(self) -> None:
        raise NotImplementedError


class Ordering(Persistent):
    """A guest who orders, each time to another name."""

    def __init__(self, url: str, name: str, variants: list[int], stop: threading.Event) -> None:
        super().__init__(url, stop)
        self.called, self.variants = name, variants
        self.acknowledged: dict[str, str] = {}
        self.times: list[float] = []
        self.tried = 0

    def act(self) -> None:
        self.tried += 1
        name = f"{self.called} {self.tried}"
        number = self.guest.order(name, self.variants, self.stop)
        if number:
            self.acknowledged[number] = name
            self.times.append(time.monotonic())


class Browsing(Persistent):
    """A guest who only looks."""

    def __init__(self, url: str, paths: list[str], stop: threading.Event) -> None:
        super().__init__(url, stop)
        self.paths = paths

    def act(self) -> None:
        for path in self.paths:
            self.guest.get(path)
        self.stop.wait(0.05)


@contextmanager
def busy(threads: Sequence[Persistent], stop: threading.Event) -> Iterator[None]:
    """Let them act for as long as this lasts."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
