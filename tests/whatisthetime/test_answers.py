"""What all answers have in common: their form, how long they may be kept, and who may read them."""

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from apps.whatisthetime import zones
from apps.whatisthetime.answers import as_text, wants_text

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "text"),
    [
        ("/", BROWSER, False),
        ("/", "*/*", True),
        ("/", "text/plain", True),
        ("/", None, False),
        ("/api/timezone/UTC", BROWSER, False),
        ("/api/timezone/UTC", "*/*", False),
        ("/api/timezone/UTC", "text/plain", True),
        ("/api/timezone/UTC", "application/json, text/plain, */*", False),
        ("/api/timezone/UTC.txt", "application/json", True),
        ("/api/timezone/UTC", None, False),
    ],
)
def test_text_is_for_whom_it_is_meant(path: str, accept: str | None, text: bool) -> None:
    headers = Headers({"Accept": accept} if accept else {})
    assert wants_text(Request(EnvironBuilder(path, headers=headers).get_environ())) is text


def test_what_lies_within_is_told_with_the_names_of_both() -> None:
    fields = {"before": {"offset": 3600, "dst": False}, "zones": ["UTC", "Asia/Seoul"], "note": "a\nb", "at": None}
    lines = ["before.offset: 3600", "before.dst: false", "zones.0: UTC", "zones.1: Asia/Seoul", "note: a b", "at: "]
    assert as_text(fields).decode().split("\n") == [*lines, ""]


@pytest.mark.parametrize("path", ["/", "/zones/Asia/Seoul", "/nothing", "/api/timezone/UTC", "/api/nothing"])
def test_every_answer_names_its_edition(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["X-Tz-Edition"] == zones.edition()


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/meet/", "/meet"),
        ("/convert/?from=UTC&to=Asia/Seoul", "/convert?from=UTC&to=Asia/Seoul"),
        ("/world/?zones=UTC&lang=ko", "/world?zones=UTC&lang=ko"),
        ("/search/?q=%EC%84%9C%EC%9A%B8", "/search?q=%EC%84%9C%EC%9A%B8"),
        ("/zones/", "/zones"),
        ("/api/", "/api"),
        ("/whoami/", "/whoami"),
    ],
)
def test_a_slash_behind_a_page_leads_to_the_page(client: FlaskClient, typed: str, page: str) -> None:
    answer = client.get(typed, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["Location"]) == (308, page)


@pytest.mark.parametrize("path", ["/%2Felsewhere.example/", "/nothing/", "/api/timezone/", "/zones/Nowhere/"])
def test_a_slash_behind_nothing_leads_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept": BROWSER}).status_code == 404


@pytest.mark.parametrize("path", ["/api/timezone", "/api/timezone/UTC", "/api/nothing", "/api/ip"])
def test_any_sites_page_may_read_the_api(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://elsewhere.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == headers["Timing-Allow-Origin"] == "*"
    assert "X-Tz-Edition" in headers["Access-Control-Expose-Headers"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in client.get("/zones/Asia/Seoul").headers


def test_a_browser_that_asks_whether_it_may_is_told_so(client: FlaskClient) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/api/timezone/UTC", headers=asks)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Max-Age"] == "86400"


def test_no_other_method_is_taken_and_the_error_has_the_apis_shape(client: FlaskClient) -> None:
    answer = client.post("/api/timezone/UTC")
    assert (answer.status_code, set(answer.get_json())) == (405, {"error"})
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.post("/zones").mimetype == "text/html"


@pytest.mark.parametrize("accept", ["*/*", "text/plain"])
@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/meet?day=x", 400), ("/zones/UTC?year=1", 400)])
def test_a_terminal_is_told_in_a_line_what_is_wrong_with_a_page(
    client: FlaskClient, path: str, status: int, accept: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert (answer.text.count("\n"), answer.headers["Cache-Control"]) == (1, "no-store")
    assert client.get(path, headers={"Accept": f"text/html,{accept};q=0.8"}).mimetype == "text/html"


def test_a_terminal_is_told_in_its_language(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "*/*", "Accept-Language": "ko"})
    assert "주소" in answer.text
    assert answer.headers["Content-Language"] == "ko"


def test_an_answer_as_text_and_one_as_json_are_two_for_a_cache(client: FlaskClient) -> None:
    json = client.get("/api/timezone/Arctic")
    text = client.get("/api/timezone/Arctic", headers={"Accept": "text/plain"})
    assert (json.headers["Vary"], text.headers["Vary"]) == ("Accept", "Accept")
    assert json.headers["ETag"] != text.headers["ETag"]
    assert "Vary" not in client.get("/api/timezone/Arctic.txt").headers


@pytest.mark.parametrize("path", ["/api/timezone", "/api/edition", "/meet?day=2026-11-23"])
def test_no_cache_keeps_what_is_answered_to_a_condition_that_fails(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"If-Match": '"another"'})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (412, "no-store")
    for met in (client.get(path).headers["ETag"], "*"):
        assert client.get(path, headers={"If-Match": met}).status_code == 200
