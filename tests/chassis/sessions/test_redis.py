"""Sessions over a Redis that fails, moves or is far away, and what they leave in it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.sessions import SessionStore, SessionUnavailable, open_store
from apps.chassis.sessions.operations import Change, Put
from tests.chassis.sessions import KEYS, LIFETIME, at_once, begin, own, visit
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer
from tests.support.waiting import wait_until


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A server of the test's own, to be broken."""
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def standby(server: RedisServer) -> Iterator[RedisServer]:
    """A second server that follows the first."""
    standby = RedisServer()
    standby.start()
    standby.follow(server)
    yield standby
    standby.stop()


@pytest.fixture
def endpoint(server: RedisServer) -> Iterator[Endpoint]:
    endpoint = Endpoint(server.port)
    yield endpoint
    endpoint.stop()


def url_of(server: RedisServer, endpoint: Endpoint) -> str:
    return server.url(1, port=endpoint.port)


def is_away(store: SessionStore, token: str) -> bool:
    try:
        visit(store, token).fields()
    except SessionUnavailable:
        return True
    return False


def seconds_until_refused(store: SessionStore, token: str) -> float:
    began = time.monotonic()
    assert is_away(store, token)
    return time.monotonic() - began


def test_a_dead_server_is_told_at_once_and_found_again_when_it_is_back(server: RedisServer) -> None:
    store = open_store(server.url(1), KEYS)
    token = begin(store, x=1)
    server.kill()
    assert seconds_until_refused(store, token) < 0.5
    session = visit(store, token)
    session["x"] = 2
    with pytest.raises(SessionUnavailable):
        session.save()
    assert not store.ready()["ok"]
    server.start()
    wait_until(lambda: not is_away(store, token))
    assert visit(store, begin(store, x=3))["x"] == 3


def test_a_server_that_hangs_costs_one_timeout_and_then_nothing(server: RedisServer) -> None:
    store = open_store(server.url(1), KEYS)
    token = begin(store, x=1)
    server.pause()
    assert 0.9 < seconds_until_refused(store, token) < 1.5
    assert sum(seconds_until_refused(store, token) for _ in range(50)) < 0.2
    server.unpause()
    wait_until(lambda: not is_away(store, token))
    assert visit(store, token)["x"] == 1


def test_while_a_server_hangs_one_thread_at_a_time_tries_again(server: RedisServer) -> None:
    store = open_store(server.url(1), KEYS)
    token = begin(store, x=1)
    server.pause()
    assert is_away(store, token)
    time.sleep(1.05)
    spent: list[float] = []
    at_once(8, lambda: spent.append(seconds_until_refused(store, token)))
    assert len([seconds for seconds in spent if seconds > 0.5]) == 1
    server.unpause()


def test_sessions_follow_the_endpoint_to_the_server_that_was_promoted(
    server: RedisServer, standby: RedisServer, endpoint: Endpoint
) -> None:
    store = open_store(url_of(server, endpoint), KEYS)
    token = begin(store, x=1)
    wait_until(lambda: standby.command("-n", 1, "DBSIZE") == "1")
    standby.promote()
    endpoint.point_at(standby.port)
    server.follow(standby)
    # The old connection still stands, to a server that no longer takes writes.
    session = visit(store, token)
    session.add("x", 1)
    session.save()
    assert standby.command("-n", 1, "--raw", "KEYS", "*").startswith("session:")
    assert visit(store, token)["x"] == 2


def test_a_write_that_was_acknowledged_survives_the_death_of_the_primary(
    server: RedisServer, standby: RedisServer, endpoint: Endpoint
) -> None:
    store = open_store(url_of(server, endpoint) + "?wait_replicas=1", KEYS)
    token = begin(store, x=1)
    session = visit(store, token)
    session.add("x", 1)
    before = endpoint.requests
    session.save()
    assert endpoint.requests - before == 1
    # Only what a replica has confirmed is acknowledged, and a busy machine may confirm too late.
    same = Change((Put("x", "2"),), rotate=False, loaded=True, lifetime=LIFETIME)
    wait_until(lambda: store.save(token, same).confirmed)
    server.kill()
    standby.promote()
    endpoint.point_at(standby.port)
    endpoint.cut()
    wait_until(lambda: not is_away(store, token))
    assert visit(store, token)["x"] == 2


def test_waiting_for_replicas_that_are_not_there_ends(server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    begin(open_store(server.url(1), KEYS), x="the server learns the script")
    store = open_store(server.url(1) + "?wait_replicas=1", KEYS)
    began = time.monotonic()
    token = begin(store, x=1)
    assert 0.4 < time.monotonic() - began < 0.9
    assert "0 of 1 replicas" in caplog.text
    assert visit(store, token)["x"] == 1
    # Once in vain, the next ones do not keep everybody waiting as long.
    began = time.monotonic()
    begin(store, x=1)
    assert time.monotonic() - began < 0.3


def test_a_change_tells_whether_a_replica_has_it(server: RedisServer, standby: RedisServer) -> None:
    store = open_store(server.url(1) + "?wait_replicas=1", KEYS)
    change = Change((Put("x", "1"),), rotate=False, loaded=False, lifetime=LIFETIME)
    wait_until(lambda: store.save(None, change).confirmed)
    standby.promote()
    assert not store.save(None, change).confirmed
    standby.follow(server)
    wait_until(lambda: store.save(None, change).confirmed)


def test_a_server_that_has_forgotten_the_scripts_is_taught_them_again(server: RedisServer) -> None:
    store = open_store(server.url(1), KEYS)
    token = begin(store, x=1)
    server.command("SCRIPT", "FLUSH")
    assert visit(store, token)["x"] == 1


def test_tls_is_checked_and_the_password_sent(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    server = RedisServer(password="s3cret/word", certificate=tmp_path)
    server.start()
    try:
        store = open_store(server.url(1), KEYS)
        assert visit(store, begin(store, x=1))["x"] == 1
        # Without our own authority the certificate is a stranger's.
        assert not open_store(server.url(2).partition("?")[0], KEYS).ready()["ok"]
    finally:
        server.stop()


def test_a_stolen_database_opens_no_session(server: RedisServer) -> None:
    token = begin(open_store(server.url(1), KEYS), x=1)
    (name,) = server.command("-n", 1, "KEYS", "*").split()
    assert token not in name + server.command("-n", 1, "HGETALL", name)


def test_nothing_is_left_behind_in_the_index_of_an_owner(server: RedisServer) -> None:
    store = open_store(server.url(1), KEYS)
    token, other = begin(store, x=1), begin(store, x=1)
    for each in (token, other):
        own(store, each, "customer:7")
    session = visit(store, token)
    session.rotate()
    session.save()
    index = 'sessions-of:"customer:7"'
    assert server.command("-n", 1, "ZCARD", index) == "2"
    visit_to_sign_out(store, other)
    assert server.command("-n", 1, "ZCARD", index) == "1"
    assert 900 < int(server.command("-n", 1, "TTL", index)) <= 1000
    own(store, str(session.cookie), "customer:8")
    assert server.command("-n", 1, "EXISTS", index) == "0"
    names = server.command("-n", 1, "KEYS", "*").split()
    assert all(int(server.command("-n", 1, "TTL", name)) > 0 for name in names)


def visit_to_sign_out(store: SessionStore, token: str) -> None:
    session = visit(store, token)
    session.clear()
    session.save()


@pytest.mark.parametrize("damage", [("x", "{"), ("x", r"\xff"), ("@owner", "7")])
def test_a_damaged_session_is_a_new_one_and_a_line_in_the_log(
    server: RedisServer, damage: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(server.url(1), KEYS)
    token = begin(store, x=1)
    (name,) = server.command("-n", 1, "KEYS", "*").split()
    server.command("-n", 1, "HSET", name, *damage)
    session = visit(store, token)
    assert (session.fields(), "cannot be read" in caplog.text) == ({}, True)
    session["x"] = 2
    session.save()
    assert visit(store, session.cookie)["x"] == 2


def test_redis_is_not_imported_where_no_redis_is_used(tmp_path: Path) -> None:
    program = (
        "import sys; from apps.chassis.sessions import open_store; from apps.chassis.cache import open_cache;"
        f"open_store('sqlite:///{tmp_path}/s', ['k']); open_cache('sqlite:///{tmp_path}/c', database=None, prefix='x');"
        "sys.exit('redis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def make_certificate(folder: Path) -> None:
    """A certificate for 127.0.0.1 that is its own authority."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
