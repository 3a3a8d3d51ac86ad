"""Load whose arrivals the clock alone decides, so that what stalls is seen to stall."""

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType

from lab.load.answers import Answer, Answers, Deed
from lab.load.visitor import Site, Visitor

# Made once for each visitor, and called for each arrival that falls to them.
Script = Callable[[Visitor], Callable[[], Awaitable[object]]]
LOOK_SECONDS = 0.1


class Load:
    """A context manager: `rate` arrivals a second, each by the next of the visitors in turn, until it is left.

    Whoever is still busy with the arrival before takes the next one afterwards; its latency counts from when it was
    due. By default there are as many visitors as can be waiting, so nobody ever is.
    """

    def __init__(self, site: Site, rate: float, script: Script, visitors: int = 0) -> None:
        self.site, self.rate, self.script = site, rate, script
        self.visitors = visitors or math.ceil(rate * site.timeout) + 1
        self.began = 0.0
        # How late the generator itself was at worst, in seconds: what it adds to no server's account but its own.
        self.late = 0.0
        self._answers: list[Answer] = []
        self._deeds: list[Deed] = []
        self._trouble: list[BaseException] = []
        self._ending, self._leaving = threading.Event(), threading.Event()
        self._running = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="load")

    @property
    def answers(self) -> Answers:
        """All so far."""
        return Answers(list(self._answers))

    @property
    def deeds(self) -> list[Deed]:
        """All that was acknowledged so far."""
        return list(self._deeds)

    def __enter__(self) -> "Load":
        self._thread.start()
        self._running.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is under way, unless it ends by an error; raises what a script has raised."""
        self._ending.set()
        if error:
            self._leaving.set()
        self._thread.join()
        if self._trouble and not error:
            raise self._trouble[0]

    async def _run(self) -> None:
        visitors = [Visitor(number, self.site, self._answers, self._deeds) for number in range(self.visitors)]
        acts = [self.script(visitor) for visitor in visitors]
        self.began = time.monotonic()
        self._running.set()
        under_way: set[asyncio.Task[None]] = set()
        number = 0
        while await self._reached(due := self.began + number / self.rate):
            place = number % len(visitors)
            task = asyncio.create_task(self._arrive(visitors[place], acts[place], due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            number += 1
        while under_way and not self._leaving.is_set():
            await asyncio.wait(under_way, timeout=LOOK_SECONDS)
        for visitor in visitors:
            visitor.leave()

    async def _reached(self, due: float) -> bool:
        """Wait until then; false if the load is to end before."""
        while (left := due - time.monotonic()) > 0 and not self._ending.is_set():
            await asyncio.sleep(min(left, LOOK_SECONDS))
        self.late = max(self.late, time.monotonic() - due)
        return not self._ending.is_set()

    async def _arrive(self, visitor: Visitor, act: Callable[[], Awaitable[object]], due: float) -> None:
        async with visitor.turn:
            visitor.at = due
            try:
                await act()
            except Exception as error:
                self._trouble.append(error)
                self._ending.set()


def asking(path: str, asked: str = "") -> Script:
    """The script of visitors who want one page, again and again."""
    return lambda visitor: lambda: visitor.get(path, asked)
