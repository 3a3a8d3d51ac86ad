"""The pages."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import views, zones

PAGES = [
    "/",
    "/?zone=Asia/Seoul",
    "/zones",
    "/zones?q=brazil",
    "/zones/Europe/London",
    "/api",
    "/?zone=Nowhere",
    "/whoami",
]


def test_the_front_page_tells_utc_and_lets_the_browser_choose(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "own-zone.js" in page
    assert "Time in UTC" in page


def test_a_chosen_zone_is_shown_without_any_script(client: FlaskClient) -> None:
    page = client.get("/?zone=Asia/Seoul").text
    hour = (datetime.now(UTC).hour + 9) % 24
    assert f'<span data-part="hours">{hour:02}</span>' in page
    assert "own-zone.js" not in page
    assert "+09:00" in page


def test_the_page_carries_the_servers_time(client: FlaskClient) -> None:
    before = datetime.now(UTC).timestamp()
    found = re.search(r'data-now="([\d.]+)"', client.get("/?zone=UTC").text)
    assert found
    assert before - 0.001 <= float(found[1]) <= datetime.now(UTC).timestamp()


def test_the_clock_knows_what_comes_after_the_next_change(client: FlaskClient) -> None:
    page = client.get("/?zone=Europe/London").text
    change = re.search(r'data-clock="dial" data-offset="(\d+)" data-change-at="(\d+)" data-change-offset="(\d+)"', page)
    assert change
    assert {change[1], change[3]} == {"0", "3600"}
    assert int(change[2]) > datetime.now(UTC).timestamp()


@pytest.mark.parametrize("typed", ["seoul", "ASIA/SEOUL", "asia/seoul"])
def test_another_spelling_leads_to_the_zone(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/?zone={typed}").headers["Location"] == "/?zone=Asia/Seoul"
    assert client.get(f"/zones/{typed}").headers["Location"] == "/zones/Asia/Seoul"


def test_an_unknown_zone_is_404_and_names_what_may_be_meant(client: FlaskClient) -> None:
    answer = client.get("/?zone=Seul")
    assert answer.status_code == 404
    assert "?zone=Asia/Seoul" in answer.text
    assert client.get("/zones/Asia/Soul").status_code == 404


def test_an_unknown_zone_is_shown_as_text_and_not_as_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/?zone=<script>alert(1)</script>").text


@pytest.mark.parametrize("path", ["/?zone=", "/zones?q=", "/zones/"])
def test_what_is_longer_than_any_name_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path + 65 * "x").status_code == 400


def test_all_zones_are_listed_with_their_time(client: FlaskClient) -> None:
    page = client.get("/zones").text
    assert page.count('class="row__time"') == len(zones.names())


def test_a_search_without_a_result_says_so(client: FlaskClient) -> None:
    assert "No zones for “atlantis”" in client.get("/zones?q=atlantis").text


def test_a_zones_page_lists_its_changes(client: FlaskClient) -> None:
    page = client.get("/zones/Europe/London").text
    assert page.count("1 hour forward") >= 2
    assert "GMT0BST,M3.5.0/1,M10.5.0" in page
    assert "stay as they are" in client.get("/zones/Asia/Seoul").text


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_leaves_anything_with_the_visitor(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Cookie": "session=forged"})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_an_inline_style_or_script(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_the_cities_of_the_world_clock_exist() -> None:
    assert all(zones.known(name) for name in views.CITIES)
