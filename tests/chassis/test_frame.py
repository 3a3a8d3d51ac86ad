"""The frame: ids, headers, Server-Timing and the log line of every request."""

import json
import re
from pathlib import Path

import pytest

from tests.chassis.tiny import tiny_app

pytestmark = pytest.mark.unit


def test_every_answer_carries_the_protecting_headers(tmp_path: Path) -> None:
    client = tiny_app(tmp_path).test_client()
    for path in ("/", "/nowhere", "/assets/base.css", "/whoami"):
        with client.get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])
        assert "Strict-Transport-Security" not in headers


def test_https_is_promised_only_where_the_public_address_has_it(tmp_path: Path) -> None:
    app = tiny_app(tmp_path, PUBLIC_URL="https://time.example.com")
    answer = app.test_client().get("/", headers={"Host": "time.example.com"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_stricter_policy_of_a_view_stands_alone(tmp_path: Path) -> None:
    headers = tiny_app(tmp_path).test_client().get("/embedded").headers
    assert headers.getlist("Content-Security-Policy") == ["default-src 'none'; sandbox"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_server_timing_says_who_served_it_and_how(tmp_path: Path) -> None:
    app = tiny_app(tmp_path, INSTANCE_ID="web-1", AVAILABILITY_ZONE="zone-a")
    timing = app.test_client().get("/noted").headers["Server-Timing"]
    assert 'instance;desc="web-1"' in timing
    assert 'zone;desc="zone-a"' in timing
    assert 'db;desc="reader-1, 2 queries"' in timing
    assert 'cache;desc="hit"' in timing
    assert 'session;desc="redis"' in timing
    assert re.search(r"app;dur=\d", timing)


def test_the_architecture_can_be_kept_to_oneself(tmp_path: Path) -> None:
    timing = tiny_app(tmp_path, SHOW_ARCHITECTURE="0").test_client().get("/noted").headers["Server-Timing"]
    assert re.fullmatch(r"app;dur=\d+\.\d", timing)


def test_alive_is_answered_whatever_the_host_and_without_a_log_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = tiny_app(tmp_path, LOG_FORMAT="json").test_client()
    answer = client.get("/health/live", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.json) == (200, {"live": True})
    assert client.head("/health/live").status_code == 200
    assert client.post("/health/live").status_code == 405
    assert capsys.readouterr().out == ""


def test_each_request_is_one_json_line_with_its_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = tiny_app(tmp_path, LOG_FORMAT="json").test_client()
    trace = "Root=1-67891233-abcdef012345678912345678"
    answer = client.get("/noted", headers={"X-Amzn-Trace-Id": trace, "User-Agent": "probe"})
    line = json.loads(capsys.readouterr().out)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["trace"] == trace
    assert (line["method"], line["path"], line["status"]) == ("GET", "/noted", 200)
    assert (line["db"], line["queries"], line["cache"], line["agent"]) == ("reader-1", 2, "hit", "probe")


def test_a_forged_trace_is_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = tiny_app(tmp_path, LOG_FORMAT="json").test_client()
    client.get("/", headers={"X-Amzn-Trace-Id": 'Root=1"} {"level": "forged'})
    assert json.loads(capsys.readouterr().out)["trace"] is None


def test_a_readable_line_cannot_be_forged_by_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = tiny_app(tmp_path, LOG_FORMAT="text").test_client()
    client.get("/시각%0A12:00:00 200 GET /forged")
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert "404 GET /시각?12:00:00" in out
