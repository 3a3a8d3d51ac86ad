"""The converter."""

import re

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import walls

HTML = {"Accept": "text/html"}
TERMINAL = {"Accept": "*/*"}


def test_a_time_is_told_for_each_zone_with_the_day_it_falls_on(client: FlaskClient) -> None:
    text = client.get("/convert?from=Asia/Seoul&to=America/New_York,UTC&time=2026-11-23T09:00", headers=TERMINAL).text
    assert text.splitlines() == [
        "Mon 2026-11-23 09:00 +09:00 Asia/Seoul",
        "Sun 2026-11-22 19:00 -05:00 America/New_York",
        "Mon 2026-11-23 00:00 +00:00 UTC",
    ]


def test_a_time_that_comes_twice_is_converted_twice_and_said_to(client: FlaskClient) -> None:
    address = "/convert?from=Europe/London&to=Asia/Seoul&time=2026-10-25T01:30"
    page = client.get(address, headers=HTML).text
    assert "01:30 comes twice in London on Sunday 25 October 2026." in page
    assert "Clocks go back from 02:00 to 01:00." in page
    assert re.findall(r'datetime="(2026-10-25T\d\d:30:00[+]09:00)"', page) == [
        "2026-10-25T09:30:00+09:00",
        "2026-10-25T10:30:00+09:00",
    ]


def test_a_time_that_does_not_exist_is_said_not_to_and_read_both_ways(client: FlaskClient) -> None:
    page = client.get("/convert?from=Europe/London&to=UTC&time=2026-03-29T01:30", headers=HTML).text
    assert "01:30 does not exist in London on Sunday 29 March 2026." in page
    assert "2026-03-29T00:30:00+00:00" in page
    assert "2026-03-29T02:30:00+01:00" in page


def test_a_day_that_a_calendar_left_out_is_said_to_be(client: FlaskClient) -> None:
    page = client.get("/convert?from=Pacific/Apia&to=UTC&time=2011-12-30T16:00", headers=HTML).text
    assert "16:00 does not exist in Apia on Friday 30 December 2011." in page
    assert "Clocks jump from Fri 30 Dec 00:00 to Sat 31 Dec 00:00." in page


def test_no_second_is_lost_on_the_way(client: FlaskClient) -> None:
    # Seoul's clocks showed the sun's time, 8:27:52 ahead.
    address = "/convert?from=Asia/Seoul&to=UTC&time=1900-01-01T12:00:30"
    page = client.get(address, headers=HTML).text
    assert 'value="1900-01-01T12:00:30" step="1"' in page
    assert 'href="/convert?from=UTC&amp;to=Asia/Seoul&amp;time=1900-01-01T03:32:38#UTC"' in page
    assert 'href="/api/convert?from=Asia/Seoul&amp;to=UTC&amp;time=1900-01-01T12:00:30"' in page
    assert client.get(address, headers=TERMINAL).text.splitlines() == [
        "Mon 1900-01-01 12:00:30 +08:27:52 Asia/Seoul",
        "Mon 1900-01-01 03:32:38 +00:00 UTC",
    ]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("from=busan&time=2026-01-01T12:00", "from=Asia/Seoul&to=America/New_York,Europe/London&time=2026-01-01T12:00"),
        ("from=UTC&to=서울,tokyo", "from=UTC&to=Asia/Seoul,Asia/Tokyo"),
        ("from=UTC&to=Asia/Seoul&add=lisbon", "from=UTC&to=Asia/Seoul,Europe/Lisbon"),
        ("from=UTC&to=Asia/Seoul&add=lisbon&lang=ko", "from=UTC&to=Asia/Seoul,Europe/Lisbon&lang=ko"),
        ("from=UTC&to=UTC,Asia/Seoul,Asia/Seoul", "from=UTC&to=Asia/Seoul"),
    ],
)
def test_what_people_type_becomes_zones_in_the_address(client: FlaskClient, typed: str, address: str) -> None:
    answer = client.get(f"/convert?{typed}", headers=HTML)
    assert answer.status_code == 302
    assert sorted(answer.headers["Location"].partition("#")[0].split("?")[1].split("&")) == sorted(address.split("&"))
    assert client.get(answer.headers["Location"], headers=HTML).status_code == 200


def test_who_changes_the_zones_goes_on_where_they_changed(client: FlaskClient) -> None:
    # The time comes twice, and so does each zone: the first has the id.
    address = "/convert?from=Europe/London&to=Asia/Seoul,UTC&time=2026-10-25T01:30"
    page = client.get(address, headers=HTML).text
    places = re.findall(r'<li class="line[^"]*" id="([^"]+)"', page)
    assert places == ["Europe/London", "Asia/Seoul", "UTC"]
    assert re.findall(r'href="/convert[^"#]*#([^"]+)"', page)[:4] == ["Asia/Seoul", "UTC", "UTC", "Asia/Seoul"]
    alone = client.get("/convert?from=UTC&to=Asia/Seoul", headers=HTML).text
    assert 'tool--remove" href="/convert?from=UTC&amp;to=#add"' in alone
    assert client.get(f"{address}&add=paris", headers=HTML).headers["Location"].endswith("#Europe/Paris")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=brazil", "may mean several places"),
        ("from=UTC&add=xyzzyq", "No city, country or zone is called"),
        ("from=UTC&time=yesterday", "is no time of the years 1000 to"),
        ("from=UTC&time=0999-01-01T00:00", "is no time of the years 1000 to"),
        ("from=&time=2026-01-01T12:00", "Say where it is that time"),
    ],
)
def test_what_is_not_understood_is_asked_about(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/convert?{query}", headers=HTML)
    assert answer.status_code == 400
    assert said in answer.text
    assert client.get(f"/convert?{query}", headers=TERMINAL).status_code == 400


def test_each_choice_that_is_offered_leads_on(client: FlaskClient) -> None:
    page = client.get("/convert?from=brazil&to=Asia/Seoul&time=2026-01-01T12:00", headers=HTML).text
    address = re.findall(r'class="tag" href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert "from=America/Sao_Paulo" in address
    assert client.get(address, headers=HTML).status_code == 200


def test_letters_of_several_times_offer_each_of_them(client: FlaskClient) -> None:
    page = client.get("/convert?from=IST&to=&time=2026-01-01T12:00", headers=HTML).text
    offered = re.findall(r'class="tag" href="[^"]*from=([^&"]+)[^"]*">([^<]+)<', page)[:3]
    assert offered == [
        ("Asia/Kolkata", "India Standard Time"),
        ("Europe/Dublin", "Irish Standard Time"),
        ("Asia/Jerusalem", "Israel Standard Time"),
    ]


def test_a_time_that_the_address_names_may_be_kept_and_the_present_one_not(client: FlaskClient) -> None:
    named = client.get("/convert?from=UTC&to=Asia/Seoul&time=2026-01-01T12:00", headers=HTML)
    assert "max-age" in named.headers["Cache-Control"]
    assert {"Accept", "Accept-Language"} <= set(named.vary)
    again = {**HTML, "If-None-Match": named.headers["ETag"]}
    assert client.get("/convert?from=UTC&to=Asia/Seoul&time=2026-01-01T12:00", headers=again).status_code == 304
    assert client.get("/convert?from=UTC", headers=HTML).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "to=" + ",".join(f"Etc/GMT-{hours}" for hours in range(1, 14)),
        "from=" + 65 * "x",
        "time=" + 41 * "1",
        "to=" + 999 * "x",
    ],
)
def test_more_than_fits_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/convert?{query}", headers=HTML).status_code == 400


def test_a_time_at_the_edge_of_what_is_read_is_converted(client: FlaskClient) -> None:
    for time in ("1000-01-01T00:00", f"{walls.LAST_YEAR}-12-31T23:59"):
        answer = client.get(f"/convert?from=Asia/Seoul&to=Pacific/Apia&time={time}", headers=HTML)
        assert answer.status_code == 200
