"""Ctrl-C that interrupts an experiment, and never its healing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self


class Signals:
    """A context manager for the main thread: SIGINT and SIGTERM raise KeyboardInterrupt, once.

    While it is held they wait; after the first one, all others are ignored, since somebody is healing.
    """

    def __init__(self) -> None:
        self._held = 0
        self._waiting = self._told = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._hear) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing interrupt this; what came meanwhile is raised at its end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if self._waiting and not self._held:
                self._waiting = False
                raise KeyboardInterrupt

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._told:
            return
        self._told = True
        if self._held:
            self._waiting = True
        else:
            raise KeyboardInterrupt
