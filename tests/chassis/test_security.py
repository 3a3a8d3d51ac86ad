"""Who may ask: hosts, origins, proxies, and the pin that holds a writer's visitor to the writer."""

import time
from pathlib import Path

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from apps.chassis.security import Pin
from apps.chassis.settings import Settings
from tests.chassis.tiny import tiny_app

pytestmark = pytest.mark.unit

PUBLIC = {"PUBLIC_URL": "https://time.example.com"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8001", "time.localhost", "[::1]:8001"])
def test_a_laptop_answers_to_its_own_names(tmp_path: Path, host: str) -> None:
    assert tiny_app(tmp_path).test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "",
        "localhost@evil.example",
        "127.0.0.1.nip.io",
        "[",
        "localhost/x",
        "localhost?x",
        "localhost#.evil.example",
        "localhost:port",
        "localhost:1:2",
        "localhost:",
        "localhost\\x",
        "a" * 64,
        "a..b",
        ".",
    ],
)
def test_no_site_answers_to_a_foreign_name(tmp_path: Path, host: str) -> None:
    answer = tiny_app(tmp_path).test_client().get("/", headers={"Host": host})
    assert (answer.status_code, "does not answer to that host name" in answer.text) == (400, True)


def test_production_answers_to_its_public_name_only_but_tells_its_health_to_anyone(tmp_path: Path) -> None:
    app = tiny_app(tmp_path, ENVIRONMENT="production", SECRET_KEY="k" * 32, TRUSTED_PROXY_HOPS="2", **PUBLIC)
    client = app.test_client()
    assert client.get("/", headers={"Host": "time.example.com"}).status_code == 200
    assert client.get("/", headers={"Host": "localhost"}).status_code == 400
    assert client.get("/health/ready", headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_a_form_is_accepted_from_our_own_pages_only(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    assert tiny_app(tmp_path).test_client().post("/", headers=headers).status_code == status


def test_behind_a_public_address_its_origin_is_the_only_one(tmp_path: Path) -> None:
    client = tiny_app(tmp_path, **PUBLIC).test_client()
    host = {"Host": "time.example.com"}
    assert client.post("/", headers={**host, "Origin": "https://time.example.com"}).status_code == 200
    assert client.post("/", headers={**host, "Origin": "http://time.example.com"}).status_code == 403


def test_reading_is_open_to_links_from_everywhere(tmp_path: Path) -> None:
    assert tiny_app(tmp_path).test_client().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_only_as_many_proxies_are_believed_as_there_are(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 10.0.0.5", "X-Forwarded-Proto": "https"}

    def peer(**environ: str) -> dict[str, str]:
        answer = tiny_app(tmp_path, **environ).test_client().get("/", headers=forwarded).json
        assert answer is not None
        return dict(answer)

    assert peer()["peer"] == "127.0.0.1"
    assert peer()["root"] == "http://localhost/"
    assert peer(TRUSTED_PROXY_HOPS="2")["peer"] == "198.51.100.7"
    assert peer(TRUSTED_PROXY_HOPS="2")["root"].startswith("https://")


@pytest.mark.parametrize("hops", ["0", "1", "2"])
@pytest.mark.parametrize("told", ["http", "javascript", None])
def test_in_production_links_have_the_scheme_of_the_public_address(tmp_path: Path, hops: str, told: str | None) -> None:
    app = tiny_app(tmp_path, ENVIRONMENT="production", SECRET_KEY="n" * 32, TRUSTED_PROXY_HOPS=hops, **PUBLIC)
    headers = {"Host": "time.example.com", **({"X-Forwarded-Proto": told} if told else {})}
    answer = app.test_client().get("/", headers=headers).json
    assert answer is not None
    assert answer["root"].startswith("https://")


@pytest.mark.parametrize("host", ["time.example.com:6666", "TIME.example.com:443"])
def test_in_production_links_have_the_port_of_the_public_address(tmp_path: Path, host: str) -> None:
    app = tiny_app(tmp_path, ENVIRONMENT="production", SECRET_KEY="n" * 32, TRUSTED_PROXY_HOPS="2", **PUBLIC)
    answer = app.test_client().get("/", headers={"Host": host}).json
    assert answer is not None
    assert answer["root"] == "https://time.example.com/"


def request_with(cookie: str | None = None, **headers: str) -> Request:
    if cookie:
        headers["Cookie"] = f"whatisthetime-pin={cookie}"
    return Request(EnvironBuilder(headers=Headers(headers)).get_environ())


def test_a_pin_holds_until_its_time_is_over_and_cannot_be_made_by_others() -> None:
    settings = Settings.from_environ({"SECRET_KEY": "n" * 32})
    pin = Pin(settings, 5.0)
    assert pin.holds(request_with(pin.value()))
    assert not pin.holds(request_with())
    assert not pin.holds(request_with(Pin(Settings.from_environ({"SECRET_KEY": "o" * 32}), 5.0).value()))
    assert not pin.holds(request_with("w.forged.value"))


def test_a_pin_signed_before_the_key_was_changed_still_holds() -> None:
    old = Pin(Settings.from_environ({"SECRET_KEY": "o" * 32}), 5.0)
    new = Pin(Settings.from_environ({"SECRET_KEY": "n" * 32, "SECRET_KEY_FALLBACKS": "o" * 32}), 5.0)
    assert new.holds(request_with(old.value()))


def test_a_pin_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    pin = Pin(Settings.from_environ({}), 5.0)
    value = pin.value()
    later = time.time() + 12
    monkeypatch.setattr("apps.chassis.security.time.time", lambda: later)
    assert not pin.holds(request_with(value))


def test_a_pin_stamped_by_a_clock_that_is_ahead_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    pin = Pin(Settings.from_environ({}), 5.0)
    value = pin.value()
    earlier = time.time() - 3
    monkeypatch.setattr("apps.chassis.security.time.time", lambda: earlier)
    assert pin.holds(request_with(value))


def test_whoever_brings_a_password_or_token_reads_the_writer() -> None:
    assert Pin(Settings.from_environ({}), 5.0).holds(request_with(Authorization="Basic x"))
