"""The session stores that the shop's carts are tried over."""

import pytest

from tests.services.ministack import Ministack, session_table
from tests.services.redis_server import RedisServer


def session_url(kind: str, request: pytest.FixtureRequest) -> str:
    """An empty store of that kind; `sqlite` is the shop's own."""
    if kind == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.command("FLUSHALL")
        return server.url(5)
    if kind == "dynamodb":
        ministack: Ministack = request.getfixturevalue("ministack")
        request.getfixturevalue("monkeypatch").setenv("AWS_ENDPOINT_URL", ministack.url)
        return session_table(ministack)
    return "sqlite:"
