"""What the tests of caches share."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

every_cache = pytest.mark.parametrize("cache_url", ["sqlite", "redis", "null"], indirect=True)
real_caches = pytest.mark.parametrize("cache_url", ["sqlite", "redis"], indirect=True)


class Loads:
    """A loader that counts how often it is asked and gives the numbers 1, 2, 3 ..."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _: Session) -> int:
        self.count += 1
        return self.count


def giving(value: object) -> Callable[[Session], object]:
    """A loader of this value."""
    return lambda _: value
