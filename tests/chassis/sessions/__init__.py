"""What the tests of sessions share: which stores to try, and what a request does with one."""

import threading
from collections.abc import Callable

import pytest

from apps.chassis.sessions import Session, SessionStore

KEYS = ("a-key-of-today", "a-key-of-yesterday")
LIFETIME = 1000.0

every_store = pytest.mark.parametrize("url", ["sqlite", "memory", "redis", "dynamodb", "cookie"], indirect=True)
server_side = pytest.mark.parametrize("url", ["sqlite", "memory", "redis", "dynamodb"], indirect=True)
shared = pytest.mark.parametrize(
    "url", ["sqlite", "redis", pytest.param("dynamodb", marks=pytest.mark.long)], indirect=True
)


def visit(store: SessionStore, token: str | None = None, lifetime: float = LIFETIME) -> Session:
    """The session as the next request with this cookie sees it."""
    return Session(store, lifetime, lambda: token)


def begin(store: SessionStore, **fields: object) -> str:
    """The cookie of a new session."""
    session = visit(store)
    session.update(fields)
    session.save()
    assert session.cookie
    return session.cookie


def own(store: SessionStore, token: str, owner: str | None) -> None:
    """Sign the session in, or out of its owner's list."""
    session = visit(store, token)
    session.owner = owner
    session.save()


def at_once(count: int, work: Callable[[], object]) -> None:
    """Run the work in so many threads that begin together; the first error fails the test."""
    barrier = threading.Barrier(count)
    errors: list[BaseException] = []

    def run() -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
