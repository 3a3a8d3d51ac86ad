"""What is answered before Flask is what Flask would answer."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import request, request_started
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from apps.chassis.app import Application, create_app
from apps.chassis.settings import Settings
from apps.whatisthetime import answers, clock, zones
from apps.whatisthetime.api import worldtime
from apps.whatisthetime.fast import Time

SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
# What differs from one request to the next, whoever answers it.
FLEETING = ("X-Request-Id", "Server-Timing", "Content-Length")
MOMENT = re.compile(r"\d\d:\d\d:\d\d\.\d+|\b\d{10}(\.\d+)?")
BY_FLASK = {"Accept": "application/json;q=0.9"}


def settled(headers: Headers) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in headers.items() if name not in FLEETING)


def both(client: FlaskClient, path: str) -> Iterator[tuple[int, list[tuple[str, str]], str]]:
    """The answers of the fast path and of Flask, but for the moment that each tells."""
    unusual: dict[str, Any] = {"query_string": "by=flask"} if path.endswith(".txt") else {"headers": BY_FLASK}
    for answer in (client.get(path), client.get(path, **unusual)):
        yield answer.status_code, settled(answer.headers), MOMENT.sub("", answer.text)


@pytest.mark.parametrize("suffix", ["", ".txt"])
def test_every_zones_answer_is_that_of_flask_with_all_its_headers(client: FlaskClient, suffix: str) -> None:
    for name in zones.names():
        fast, slow = both(client, f"/api/timezone/{name}{suffix}")
        assert fast == slow


def test_the_moments_answer_is_that_of_flask_too(client: FlaskClient) -> None:
    fast, slow = both(client, "/api/sync")
    assert fast == slow


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("name", ["Asia/Seoul", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
def test_a_prepared_answer_follows_the_calendar_and_the_changes_of_the_clock(name: str, text: bool) -> None:
    lane, zone = Time(name, text=text), zones.load(name)
    write = answers.as_text if text else answers.as_json
    days = [datetime(2026, 12, 30, tzinfo=UTC) + n * timedelta(hours=1) for n in range(96)]
    changes = [change.at for year in (2026, 2027) for change in clock.transitions(zone, year)]
    # Backwards at last, as when somebody sets the clock.
    moments = [at + n * SECOND / 3 for at in [*days, *changes] for n in (-1, 0, 1)] + days[::-7]
    for now in moments:
        assert lane.at((now - clock.EPOCH) // MICROSECOND, "192.0.2.7") == write(
            worldtime.answer(clock.read(zone, now), "192.0.2.7")
        )


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/api/timezone/UTC", {"headers": {"Accept": "text/plain"}}, 200),
        ("/api/timezone/UTC", {"query_string": "a=b"}, 200),
        ("/api/timezone/UTC", {"method": "HEAD"}, 200),
        ("/api/timezone/UTC", {"method": "OPTIONS"}, 204),
        ("/api/timezone/UTC", {"method": "POST"}, 405),
        ("/api/timezone/UTC", {"headers": {"Host": "elsewhere.example"}}, 400),
        ("/api/timezone/UTC", {"environ_overrides": {"REMOTE_ADDR": '"}'}}, 200),
        ("/api/timezone/Nowhere", {}, 404),
        ("/api/sync", {"query_string": "a=b"}, 400),
    ],
)
def test_whatever_is_unusual_is_left_to_flask(
    client: FlaskClient, path: str, options: dict[str, Any], status: int
) -> None:
    with seen_by_flask(client) as seen:
        answer = client.open(path, **options)
    assert (seen, answer.status_code) == ([path], status)


@pytest.mark.parametrize("path", ["/api/timezone/Asia/Seoul", "/api/timezone/Asia/Seoul.txt", "/api/sync"])
def test_what_is_usual_reaches_no_flask_and_is_noted_as_if_it_had(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    client = create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(tmp_path)})).test_client()
    with seen_by_flask(client) as seen:
        answer = client.get(path, headers={"Accept": "*/*"})
    assert (seen, answer.status_code) == ([], 200)
    assert f"200 GET {path}" in capsys.readouterr().out
    metrics = cast(Application, client.application).metrics.text()
    endpoint = "sync.show" if path == "/api/sync" else "api.show"
    assert f'http_requests_total{{endpoint="{endpoint}",status="2xx"}} 1' in metrics


def test_the_socket_for_metrics_tells_no_time(tmp_path: Path) -> None:
    variables = {"APP": "whatisthetime", "VAR_DIR": str(tmp_path)}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        name, port = listener.getsockname()
        app = create_app(Settings.from_environ(variables | {"METRICS_BIND": f"{name}:{port}"}))
        answer = app.test_client().get("/api/timezone/UTC", environ_overrides={"gunicorn.socket": listener})
    assert answer.status_code == 404


@contextmanager
def seen_by_flask(client: FlaskClient) -> Iterator[list[str]]:
    seen: list[str] = []

    def see(app: Application) -> None:
        seen.append(request.path)

    with request_started.connected_to(see, client.application):
        yield seen
