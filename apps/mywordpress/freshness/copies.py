"""The answers that one process keeps for itself: those of one epoch, the least used go first."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

from apps.mywordpress.freshness.answers import Answer

MOST_BYTES = 32 * 1024 * 1024
MOST_ANSWERS = 5_000
# What no commit tells of, such as another release of the app, is not shown for longer.
LIFETIME_SECONDS = 60.0


class Copies:
    """Bounded by bytes and by number. Safe over threads; empty until a process serves."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_answers: int = MOST_ANSWERS) -> None:
        self.most_bytes = most_bytes
        self.most_answers = most_answers
        self._token = ""
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, token: str, key: Hashable) -> Answer | None:
        """The answer that was made under this token."""
        with self._lock:
            if token != self._token:
                return None
            found = self._kept.get(key)
            if found is None or time.monotonic() > found.made_at + LIFETIME_SECONDS:
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, token: str, key: Hashable, answer: Answer) -> None:
        """Keep it as made under this token, and none of any other token's."""
        with self._lock:
            if token != self._token:
                self._token, self._kept, self._bytes = token, OrderedDict(), 0
            replaced = self._kept.pop(key, None)
            self._kept[key] = answer
            self._bytes += len(answer) - (len(replaced) if replaced else 0)
            while self._bytes > self.most_bytes or len(self._kept) > self.most_answers:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
