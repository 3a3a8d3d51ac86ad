"""How often somebody may do something; counted in the cache that all instances share."""

import time
from typing import TYPE_CHECKING

from werkzeug.exceptions import TooManyRequests

from apps.chassis.context import cache
from apps.chassis.languages import later

if TYPE_CHECKING:
    from apps.chassis.cache import Cache

TOO_MANY = later("Too many attempts. Please wait a little and try again.")


def limit(name: str, key: str, count: int, window_seconds: int) -> None:
    """Count one `name` ("sign-in") by `key` (an address, an account); beyond `count` per window TooManyRequests.

    Windows are fixed, so up to twice the count may pass around the border of two. A broken cache lets all through.
    """
    check(cache(), name, key, count, window_seconds)


def check(counters: "Cache", name: str, key: str, count: int, window_seconds: int) -> None:
    """As `limit`, outside of a request."""
    number = counters.count(f"limit/{name}/{key}", window_seconds)
    if number is not None and number > count:
        # Rounded up, so that who waits so long is in the next window.
        wait = window_seconds - int(time.time() % window_seconds)
        raise TooManyRequests(TOO_MANY, retry_after=wait)
