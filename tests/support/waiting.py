"""Waiting for an event with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(predicate: Callable[[], T], seconds: float = 5.0) -> T:
    """Call `predicate` until its answer is true and return that; after `seconds` raise AssertionError."""
    deadline = time.monotonic() + seconds
    while not (answer := predicate()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {getattr(predicate, '__name__', predicate)}"
        time.sleep(0.01)
    return answer
