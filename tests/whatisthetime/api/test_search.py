"""The search as programs use it; what it finds is tested beside the search itself."""

import pytest
from flask.testing import FlaskClient


def test_a_place_is_told_with_its_names_and_its_zone(client: FlaskClient) -> None:
    found = client.get("/api/search?q=부산").json
    assert found
    busan = found["places"][0]
    assert busan.pop("population") > 3_000_000
    assert busan == {"name": "Busan", "country": "South Korea", "country_code": "KR", "timezone": "Asia/Seoul"}
    assert not found["guessed"]


def test_names_are_korean_for_who_asks_for_that(client: FlaskClient) -> None:
    found = client.get("/api/search?q=Busan&lang=ko").json
    assert found
    assert (found["places"][0]["name"], found["places"][0]["country"]) == ("부산", "대한민국")
    assert client.get("/api/search?q=Busan", headers={"Accept-Language": "ko"}).json != found


def test_a_name_of_the_tz_database_alone_has_no_country(client: FlaskClient) -> None:
    found = client.get("/api/search?q=Saigon").json
    assert found
    assert (found["places"][0]["timezone"], found["places"][0]["country"]) == ("Asia/Saigon", None)


def test_an_abbreviation_is_told_with_all_that_it_stands_for(client: FlaskClient) -> None:
    found = client.get("/api/search?q=IST").json
    assert found
    assert [(each["utc_offset"], each["timezones"][0]) for each in found["abbreviations"]] == [
        ("+05:30", "Asia/Kolkata"),
        ("+01:00", "Europe/Dublin"),
        ("+02:00", "Asia/Jerusalem"),
    ]


def test_an_answer_may_be_kept_as_long_as_the_edition_holds(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=seoul&limit=3")
    assert "max-age=86400" in answer.headers["Cache-Control"]
    again = client.get("/api/search?q=seoul&limit=3", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_text_is_told_in_lines(client: FlaskClient) -> None:
    text = client.get("/api/search?q=Seoul", headers={"Accept": "text/plain"}).text
    assert "places.0.timezone: Asia/Seoul\n" in text


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", "q: takes"),
        ("q=", "q: takes"),
        ("q=" + 65 * "x", "q: takes"),
        ("q=a&limit=0", "limit: takes"),
        ("q=a&limit=51", "limit: takes"),
        ("q=a&limit=-1", "limit: takes"),
        ("q=a&limit=99999999999999999999", "limit: takes"),
        ("q=a&limit=٣", "limit: takes"),
        ("q=a&lang=fr", "lang: takes en or ko"),
        ("q=a&page=2", "unknown parameter page"),
        ("q=a&q=b", "parameter q is given 2 times"),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, query: str, named: str) -> None:
    answer = client.get(f"/api/search?{query}")
    assert answer.status_code == 400
    assert answer.json
    assert named in answer.json["error"]
