"""Sessions as browsers and caches see them: cookies and headers."""

from collections.abc import Iterator

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from apps.chassis.sessions import Sessions, SessionStore, open_store
from apps.chassis.sessions.stores import new_token
from tests.chassis.sessions import KEYS, LIFETIME, every_store, server_side
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer
from tests.support.waiting import wait_until

DAY = 24 * 3600


def app_over(store: SessionStore, *, secure: bool = False, lifetime: float = LIFETIME) -> Flask:
    """An app with a view for each thing that can be done to a session."""
    app = Flask(__name__)
    name = "__Host-session" if secure else "session"
    app.session_interface = Sessions(store, cookie_name=name, secure=secure, lifetime=lifetime)

    @app.get("/untouched")
    def untouched() -> str:
        return "nothing"

    @app.get("/looked-at")
    def looked_at() -> str:
        return str(session.get("count"))

    @app.get("/public")
    def public() -> tuple[str, dict[str, str]]:
        return str(session.get("count")), {"Cache-Control": "public, max-age=60"}

    @app.post("/count")
    def count() -> str:
        session.add("count", 1)  # type: ignore[attr-defined]
        return "counted"

    @app.post("/sign-in")
    def sign_in() -> str:
        session.rotate()  # type: ignore[attr-defined]
        session.owner = "customer:7"  # type: ignore[attr-defined]
        return "in"

    @app.post("/sign-out")
    def sign_out() -> str:
        session.clear()
        return "out"

    return app


@pytest.fixture
def client(store: SessionStore) -> FlaskClient:
    return app_over(store).test_client()


@every_store
def test_a_page_that_does_not_touch_the_session_sets_no_cookie_and_no_header(client: FlaskClient) -> None:
    for _ in range(2):
        response = client.get("/untouched")
        assert not {"Set-Cookie", "Vary", "Cache-Control"} & set(response.headers.keys())
        client.post("/count")


@every_store
def test_a_page_that_looks_into_no_session_varies_but_sets_no_cookie(client: FlaskClient) -> None:
    response = client.get("/looked-at")
    assert (response.headers["Vary"], response.headers["Cache-Control"]) == ("Cookie", "private, no-cache")
    assert "Set-Cookie" not in response.headers


@every_store
def test_what_the_view_says_about_caches_stands_unless_a_cookie_is_set(client: FlaskClient) -> None:
    assert client.get("/public").headers["Cache-Control"] == "public, max-age=60"
    assert client.post("/count").headers["Cache-Control"] == "private, no-cache"


@every_store
def test_pages_of_those_signed_in_are_not_kept(client: FlaskClient) -> None:
    assert client.post("/sign-in").headers["Cache-Control"] == "no-store"
    assert client.get("/looked-at").headers["Cache-Control"] == "no-store"
    client.post("/sign-out")
    assert client.get("/looked-at").headers["Cache-Control"] == "private, no-cache"


@every_store
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    header = client.post("/count").headers["Set-Cookie"]
    assert set(header.split("; ")[1:]) == {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={int(LIFETIME)}"} | {
        part for part in header.split("; ") if part.startswith("Expires=")
    }


@every_store
def test_over_tls_the_cookie_is_secure_and_bound_to_its_host(store: SessionStore) -> None:
    header = app_over(store, secure=True).test_client().post("/count", base_url="https://shop.example")
    name, *attributes = header.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert "Secure" in attributes
    assert not any(attribute.startswith("Domain") for attribute in attributes)


@server_side
def test_signing_in_changes_the_cookie_and_signing_out_removes_it(client: FlaskClient) -> None:
    anonymous = token_in(client.post("/count").headers["Set-Cookie"])
    signed_in = token_in(client.post("/sign-in").headers["Set-Cookie"])
    assert anonymous != signed_in
    assert client.get("/looked-at").text == "1"
    header = client.post("/sign-out").headers["Set-Cookie"]
    assert token_in(header) == ""
    assert "Max-Age=0" in header
    for dead in (anonymous, signed_in):
        client.set_cookie("session", dead)
        assert client.get("/looked-at").text == "None"


@every_store
def test_an_unknown_cookie_is_neither_adopted_nor_removed(client: FlaskClient) -> None:
    planted = new_token()
    client.set_cookie("session", planted)
    # Removing it could remove the cookie that another tab's sign-in has just set.
    assert "Set-Cookie" not in client.get("/looked-at").headers
    assert token_in(client.post("/count").headers["Set-Cookie"]) != planted


@server_side
def test_the_cookie_is_sent_again_when_half_of_a_short_life_is_over_and_not_before(store: SessionStore) -> None:
    client = app_over(store, lifetime=3).test_client()
    first = token_in(client.post("/count").headers["Set-Cookie"])
    assert "Set-Cookie" not in client.get("/looked-at").headers
    assert "Set-Cookie" not in client.post("/count").headers
    header = wait_until(lambda: client.get("/looked-at").headers.get("Set-Cookie", ""))
    assert (token_in(header), "Max-Age=3" in header) == (first, True)
    assert "Set-Cookie" not in client.get("/looked-at").headers


@pytest.fixture
def endpoint(redis_server: RedisServer) -> Iterator[Endpoint]:
    redis_server.command("FLUSHALL")
    endpoint = Endpoint(redis_server.port)
    yield endpoint
    endpoint.stop()


def test_redis_is_asked_once_to_load_once_to_save_and_not_at_all_otherwise(
    redis_server: RedisServer, endpoint: Endpoint
) -> None:
    client = app_over(open_store(redis_server.url(1, port=endpoint.port), KEYS), lifetime=DAY).test_client()
    for path in ("/sign-in", "/count", "/sign-out"):
        client.post(path)
        client.get("/looked-at")

    def trips(method: str, path: str) -> int:
        before = endpoint.requests
        client.open(path, method=method)
        return endpoint.requests - before

    assert (trips("GET", "/looked-at"), trips("GET", "/untouched")) == (0, 0)
    assert (trips("POST", "/count"), trips("POST", "/count"), trips("GET", "/looked-at")) == (1, 1, 1)
    assert (trips("GET", "/untouched"), trips("POST", "/sign-in"), trips("POST", "/sign-out")) == (0, 1, 1)


def token_in(header: str) -> str:
    """The value of the session cookie in a Set-Cookie header."""
    return parse_cookie(header.partition(";")[0])["session"]
