"""The pages."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import zones
from apps.whatisthetime.pages import zones as pages

PAGES = [
    "/",
    "/?zone=Asia/Seoul",
    "/zones",
    "/zones/Europe/London",
    "/zones/Europe/London?lang=ko",
    "/world",
    "/world?zones=Asia/Seoul,Europe/Paris",
    "/api",
    "/zones/Nowhere",
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


@pytest.mark.parametrize("own", ["Asia/Seoul", "America/Sao_Paulo", "Pacific/Auckland", "Europe/Vienna"])
def test_eight_other_cities_are_shown_whichever_is_ones_own(client: FlaskClient, own: str) -> None:
    page = client.get(f"/?zone={own}").text
    elsewhere = re.findall(r'class="world__city">\s*<a href="/\?zone=([^"]+)"', page)
    assert len(set(elsewhere)) == 8
    assert own not in elsewhere


@pytest.mark.parametrize(
    "path",
    [
        "/?zone=America/Sao_Paulo",
        "/world?zones=America/Sao_Paulo",
        "/zones",
        "/zones/America/Sao_Paulo?year=2018",
        "/zones/Etc/GMT+3",
        "/search?q=CST",
        "/convert?from=America/New_York&to=America/Sao_Paulo&time=2026-01-01T12:00",
        "/meet?zones=America/New_York&day=2026-11-01",
    ],
)
def test_offsets_west_of_greenwich_have_a_minus_and_no_hyphen(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert re.search(r"\N{MINUS SIGN}\d\d:00", page)
    assert not re.search(r"(?:UTC|>|, )-\d\d", page)


@pytest.mark.parametrize("typed", ["seoul", "ASIA/SEOUL", "asia/seoul"])
def test_another_spelling_leads_to_the_zone(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/?zone={typed}").headers["Location"] == "/?zone=Asia/Seoul"
    assert client.get(f"/zones/{typed}").headers["Location"] == "/zones/Asia/Seoul"


def test_an_unknown_zone_is_404_and_names_what_may_be_meant(client: FlaskClient) -> None:
    answer = client.get("/zones/Seul")
    assert answer.status_code == 404
    assert "/zones/Asia/Seoul" in answer.text


def test_what_may_mean_many_zones_is_searched_for(client: FlaskClient) -> None:
    assert client.get("/?zone=IST&lang=ko").headers["Location"] == "/search?q=IST&lang=ko"
    assert client.get("/?zone=IST", headers={"Accept": "text/plain"}).status_code == 404


def test_an_unknown_zone_is_shown_as_text_and_not_as_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/zones/<script>alert(1)</script>").text


@pytest.mark.parametrize("path", ["/?zone=", "/zones/", "/world?add=", "/zones/UTC?year="])
def test_what_is_longer_than_any_name_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path + 65 * "x").status_code == 400


def test_all_zones_are_listed_with_their_time(client: FlaskClient) -> None:
    page = client.get("/zones").text
    assert page.count('data-clock="minutes"') == len(zones.names())
    assert re.search(r'href="/zones/Asia/Kathmandu">Kathmandu</a><time [^>]*data-offset="20700">', page)


def test_the_list_reads_no_zone_whole(client: FlaskClient) -> None:
    before = zones.load.cache_info().misses
    client.get("/zones")
    assert zones.load.cache_info().misses == before


def test_the_list_keeps_a_chosen_language_in_its_links(client: FlaskClient) -> None:
    assert 'href="/zones/Asia/Seoul?lang=ko">서울</a>' in client.get("/zones?lang=ko").text


def test_a_zones_page_draws_and_lists_its_changes(client: FlaskClient) -> None:
    page = client.get("/zones/Europe/London?year=2026").text
    assert page.count('class="year__mark"') == 2
    assert "01:00 to 02:00, 1 hour forward" in page
    assert "Sunday 25 October 2026" in page
    assert "GMT0BST,M3.5.0/1,M10.5.0" in page


def test_a_year_without_changes_says_so(client: FlaskClient) -> None:
    page = client.get("/zones/Asia/Seoul?year=2026").text
    assert "stay as they are, +09:00 from UTC, all through 2026" in page
    assert "year__mark" not in page


def test_years_lead_to_each_other_within_bounds(client: FlaskClient) -> None:
    assert "year=1899" not in client.get("/zones/Asia/Seoul?year=1900").text
    assert "year=2099#year" in client.get("/zones/Asia/Seoul?year=2100").text
    assert client.get("/zones/Asia/Seoul?year=2101").status_code == 400
    assert client.get("/zones/Asia/Seoul?year=²").status_code == 400


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/", "zone: UTC"),
        ("/?zone=Asia/Seoul", "offset: +09:00 KST"),
        ("/zones/Asia/Kathmandu", "offset: +05:45 +0545"),
        ("/world?zones=Asia/Seoul", "+09:00 Asia/Seoul"),
        ("/zones", "+09:00 Asia/Seoul"),
    ],
)
def test_terminals_are_told_the_time_as_text(client: FlaskClient, path: str, line: str) -> None:
    answer = client.get(path, headers={"Accept": "*/*"})
    assert answer.mimetype == "text/plain"
    assert line in answer.text
    assert "Accept" in answer.headers["Vary"]


def test_the_front_page_is_light(client: FlaskClient) -> None:
    assert len(client.get("/?zone=Asia/Seoul").data) < 15_000


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_leaves_anything_with_the_visitor(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Cookie": "session=forged"})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_an_inline_style_or_script(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Calcutta"])
def test_elsewhere_is_not_here(client: FlaskClient, name: str) -> None:
    listed = client.get(f"/?zone={name}").text.partition('id="world-title"')[2]
    assert "Nairobi" in listed
    assert "Kolkata" not in listed


def test_the_heading_parts_city_and_country(client: FlaskClient) -> None:
    heading = re.search(r"<h1.*?</h1>", client.get("/?zone=Europe/London").text, re.DOTALL)
    assert heading
    assert re.sub("<[^>]+>", "", heading[0]) == "The time in London, United Kingdom"


def test_a_slash_too_many_leads_to_the_zone(client: FlaskClient) -> None:
    assert client.get("/zones/Asia/Seoul/").headers["Location"] == "/zones/Asia/Seoul"


def test_the_cities_of_the_world_clock_exist() -> None:
    assert all(zones.known(name) for name in pages.CITIES)
