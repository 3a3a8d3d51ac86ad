"""The search page."""

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


def test_every_time_that_letters_stand_for_is_shown_with_its_offset(client: FlaskClient) -> None:
    page = client.get("/search?q=ist", headers=HTML).text
    assert "IST stands for 3 different times" in page
    for name, offset in (("India Standard Time", "+05:30"), ("Irish", "+01:00"), ("Israel", "+02:00")):
        assert name in page
        assert f"UTC{offset}" in page


def test_a_city_leads_to_its_zone_and_shows_its_time(client: FlaskClient) -> None:
    page = client.get("/search?q=Busan", headers=HTML).text
    assert 'href="/zones/Asia/Seoul">Busan</a>' in page
    assert 'data-clock="minutes" data-offset="32400"' in page


def test_names_are_korean_on_the_korean_page(client: FlaskClient) -> None:
    page = client.get("/search?q=Busan", headers={**HTML, "Accept-Language": "ko"}).text
    assert ">부산</a>" in page
    assert "대한민국" in page


def test_a_guess_is_said_to_be_one(client: FlaskClient) -> None:
    assert "Did you mean one of these?" in client.get("/search?q=kathmndu", headers=HTML).text
    assert "Did you mean" not in client.get("/search?q=xyzzyq", headers=HTML).text


def test_what_is_searched_for_is_shown_as_text_and_not_as_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/search?q=<script>alert(1)</script>", headers=HTML).text


def test_a_terminal_gets_lines(client: FlaskClient) -> None:
    text = client.get("/search?q=Busan", headers={"Accept": "*/*"}).text
    assert text.endswith("+09:00 Asia/Seoul, Busan, South Korea\n")


@pytest.mark.parametrize(
    ("query", "line"), [("", "/search?q=Seoul"), ("q=xyzzyq", "“xyzzyq”"), ("q=kathmndu", "“kathmndu”")]
)
def test_a_terminal_is_told_why_nothing_is_found(client: FlaskClient, query: str, line: str) -> None:
    text = client.get(f"/search?{query}", headers={"Accept": "*/*"}).text
    assert line in text.splitlines()[0]
    assert ("Asia/Kathmandu" in text) == ("kathmndu" in query)


@pytest.mark.parametrize(("query", "status"), [("", 200), ("q=", 200), ("q=" + 64 * "x", 200), ("q=" + 65 * "x", 400)])
def test_what_is_longer_than_any_name_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/search?{query}", headers=HTML).status_code == status
