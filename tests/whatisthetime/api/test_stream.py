"""A zone's time as a stream of events; what a server under load makes of it is tested with a real one."""

import json
import time
from itertools import islice
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from apps.chassis.app import create_app
from apps.chassis.settings import Settings
from apps.whatisthetime import zones
from apps.whatisthetime.api.stream import events, ticks


def test_each_event_is_a_second_as_the_api_tells_it() -> None:
    told = list(events(zones.load("Asia/Seoul"), "192.0.2.7", iter([1_790_000_000, 1_790_000_001])))
    assert told[0] == b"retry: 2000\n\n"
    for second, event in enumerate(told[1:], 1_790_000_000):
        name, data = event.decode().removesuffix("\n\n").split("\n")
        fields = json.loads(data.removeprefix("data: "))
        assert (name, fields["unixtime"], fields["timezone"]) == (f"id: {second}", second, "Asia/Seoul")
        assert fields["datetime"].endswith(".000000+09:00")


def test_a_tick_comes_when_its_second_begins() -> None:
    for second in islice(ticks(lambda: True), 2):
        assert 0 <= time.time() - second < 0.5


def test_it_ends_when_its_time_is_over_and_when_its_process_is_to_end() -> None:
    assert len(list(ticks(lambda: True, lasts=1.2))) in (1, 2)
    assert list(ticks(lambda: False)) == []


@pytest.fixture
def listener(tmp_path: Path) -> FlaskClient:
    """Somebody who asks a process of four threads, of which two may be held."""
    environ = {"APP": "whatisthetime", "VAR_DIR": str(tmp_path), "THREADS": "4"}
    return create_app(Settings.from_environ(environ)).test_client()


def test_half_the_threads_may_be_held_and_are_given_back(listener: FlaskClient) -> None:
    held = [listener.get("/api/stream/UTC") for _ in range(2)]
    refused = listener.get("/api/stream/UTC")
    assert [answer.status_code for answer in held] == [200, 200]
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "15")
    assert refused.get_json() == {"error": "as many listen as may: try again later"}
    for answer in held:
        answer.close()
    assert listener.get("/api/stream/UTC").status_code == 200


def test_asking_in_vain_holds_nothing(listener: FlaskClient) -> None:
    for _ in range(4):
        assert listener.head("/api/stream/UTC").status_code == 200
        assert listener.get("/api/stream/Nowhere").status_code == 404
        assert listener.get("/api/stream/UTC?zone=UTC").status_code == 400
    assert listener.get("/api/stream/UTC").status_code == 200


def test_no_proxy_gathers_a_stream_and_any_sites_page_may_listen(listener: FlaskClient) -> None:
    headers = listener.get("/api/stream/UTC").headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["X-Accel-Buffering"] == "no"
    assert (headers["Cache-Control"], headers["Access-Control-Allow-Origin"]) == ("no-store", "*")


def test_one_thread_alone_is_never_held(tmp_path: Path) -> None:
    environ = {"APP": "whatisthetime", "VAR_DIR": str(tmp_path), "THREADS": "1"}
    assert create_app(Settings.from_environ(environ)).test_client().get("/api/stream/UTC").status_code == 503
