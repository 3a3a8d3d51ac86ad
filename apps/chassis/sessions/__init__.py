"""The visitor's session: a flat map of fields, loaded at first access, saved as operations on single fields.

A page that never touches it makes no round trip and sets no cookie. The operations are applied atomically to what is
stored, so two tabs that change the session at once both count (in every store but `cookie:`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from apps.chassis.sessions.session import Session
from apps.chassis.sessions.stores import (
    CannotRevoke,
    SessionEnded,
    SessionStore,
    SessionTooLarge,
    SessionUnavailable,
)

__all__ = [
    "CannotRevoke",
    "Session",
    "SessionEnded",
    "SessionStore",
    "SessionTooLarge",
    "SessionUnavailable",
    "Sessions",
    "open_store",
]


class Sessions(SessionInterface):
    """Gives each request its session and each answer its cookie; ids come from the store alone, never from a client.

    The cookie lives for `lifetime` seconds since the last visit, give or take an hour. Save the session before the
    answer is final (`Session.save`) to be able to answer for its errors; what is left to save is saved here. Unless
    the view says otherwise, an answer that may depend on the session is kept by no cache but the visitor's browser,
    and not even there once signed in.
    """

    def __init__(self, store: SessionStore, *, cookie_name: str, secure: bool, lifetime: float) -> None:
        self._store = store
        self._cookie_name = cookie_name
        self._secure = secure
        self._lifetime = lifetime

    def open_session(self, app: Flask, request: Request) -> Session:
        return Session(self._store, self._lifetime, partial(self._token_of, request))

    def is_null_session(self, obj: object) -> bool:
        return False

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not session.accessed:
            return
        found = cast(Session, session)
        found.save()
        response.vary.add("Cookie")
        if found.cookie is not None:
            self._set_cookie(response, found.cookie)
        # Whatever the view said: no cache may give this cookie to anybody else.
        if found.cookie is not None or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if found.owned else "private, no-cache"

    def _token_of(self, request: Request) -> str | None:
        return request.cookies.get(self._cookie_name)

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(
            self._cookie_name,
            token,
            max_age=int(self._lifetime) if token else 0,
            expires=None if token else 0,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )


def open_store(url: str, secret_keys: Sequence[str]) -> SessionStore:
    """The store that the URL names; the first key signs, the others still verify. Raises ValueError for other URLs."""
    scheme = url.partition(":")[0]
    if scheme not in STORES:
        raise ValueError(f"takes a URL that begins with one of: {', '.join(f'{name}:' for name in STORES)}")
    return STORES[scheme](url, secret_keys)


def _sqlite(url: str, _: Sequence[str]) -> SessionStore:
    from apps.chassis.sessions.sqlite import SqliteStore
    from apps.chassis.sqlite import path_of

    return SqliteStore(path_of(url))


def _cookie(_: str, secret_keys: Sequence[str]) -> SessionStore:
    from apps.chassis.sessions.cookie import CookieStore

    return CookieStore(secret_keys)


def _memory(_: str, __: Sequence[str]) -> SessionStore:
    from apps.chassis.sessions.memory import MemoryStore

    return MemoryStore()


def _redis(url: str, _: Sequence[str]) -> SessionStore:
    from apps.chassis.redis import server_at
    from apps.chassis.sessions.redis import RedisStore

    return RedisStore(server_at(url))


def _dynamodb(url: str, _: Sequence[str]) -> SessionStore:
    from apps.chassis.sessions.dynamodb import DynamoDbStore
    from apps.chassis.sessions.tables import Table

    return DynamoDbStore(Table(url))


STORES: Mapping[str, Callable[[str, Sequence[str]], SessionStore]] = {
    "sqlite": _sqlite,
    "cookie": _cookie,
    "memory": _memory,
    "redis": _redis,
    "rediss": _redis,
    "dynamodb": _dynamodb,
}
