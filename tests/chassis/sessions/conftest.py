"""An empty store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.sessions import SessionStore, open_store
from tests.chassis.sessions import KEYS
from tests.services.ministack import Ministack, session_table
from tests.services.redis_server import RedisServer


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of the kind that the test is run with."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.command("FLUSHALL")
        return server.url(1)
    if request.param == "dynamodb":
        ministack: Ministack = request.getfixturevalue("ministack")
        request.getfixturevalue("monkeypatch").setenv("AWS_ENDPOINT_URL", ministack.url)
        return session_table(ministack)
    return {"sqlite": f"sqlite:///{tmp_path}/sessions.sqlite3", "memory": "memory:", "cookie": "cookie:"}[request.param]


@pytest.fixture
def store(url: str) -> Iterator[SessionStore]:
    store = open_store(url, KEYS)
    yield store
    store.close()
