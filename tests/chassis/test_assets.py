"""Static files: kept for a year under the address of their content, and asked for again under any other."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chassis.tiny import SITE, tiny_app

pytestmark = pytest.mark.unit


def cache_control(folder: Path, url: str) -> str:
    with tiny_app(folder).test_client().get(url) as answer:
        assert answer.status_code == 200
        return answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["asset('base.css')", "static('site.css')"])
def test_a_file_is_kept_for_a_year_under_the_address_of_its_content(tmp_path: Path, name: str) -> None:
    app = tiny_app(tmp_path)
    with app.test_request_context():
        url = app.jinja_env.from_string("{{ " + name + " }}").render()
    assert "?v=" in url
    kept = cache_control(tmp_path, url)
    assert "max-age=31536000" in kept
    assert "immutable" in kept


@pytest.mark.parametrize("url", ["/assets/base.css", "/assets/base.css?v=000000000000", "/static/site.css?v=next"])
def test_no_cache_keeps_a_file_under_the_address_of_another_content(tmp_path: Path, url: str) -> None:
    kept = cache_control(tmp_path, url)
    assert "no-cache" in kept
    assert "31536000" not in kept


def test_a_condition_that_fails_spoils_no_cache(tmp_path: Path) -> None:
    app = tiny_app(tmp_path)
    with app.test_request_context():
        url = app.jinja_env.from_string("{{ asset('base.css') }}").render()
    with app.test_client().get(url, headers={"If-Match": '"another"'}) as answer:
        assert answer.status_code == 412
        assert "no-cache" in answer.headers["Cache-Control"]
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("url", ["/assets/../app.py", "/static/%2e%2e/views.py", "/assets/none.css?v=1", "/static/"])
def test_nothing_but_the_folder_is_served(tmp_path: Path, url: str) -> None:
    assert tiny_app(tmp_path).test_client().get(url).status_code == 404


def test_the_icon_is_found_where_every_browser_looks(tmp_path: Path) -> None:
    client = tiny_app(tmp_path).test_client()
    moved = client.get("/favicon.ico")
    assert moved.status_code == 302
    assert "max-age=86400" in moved.headers["Cache-Control"]
    with client.get(moved.headers["Location"]) as icon:
        assert icon.mimetype == "image/svg+xml"


def test_robots_are_told_what_tells_the_moment_alone(tmp_path: Path) -> None:
    answer = tiny_app(tmp_path, replace(SITE, programs=("/api/",))).test_client().get("/robots.txt")
    assert answer.mimetype == "text/plain"
    refused = ["/health/", "/whoami", "/api/"]
    assert answer.text.splitlines() == ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
