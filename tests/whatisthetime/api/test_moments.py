"""A moment in all the ways to count time, and the edition that decides them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import zones


def ask(client: FlaskClient, query: str) -> Any:
    return client.get(f"/api/moment?{query}").get_json()["answers"]


def test_a_moment_is_counted_in_all_ways(client: FlaskClient) -> None:
    (told,) = ask(client, "unix=1735484400&zone=Asia/Seoul")
    assert told == {
        "read_with": None,
        "timezone": "Asia/Seoul",
        "datetime": "2024-12-30T00:00:00+09:00",
        "offset": 32400,
        "utc_offset": "+09:00",
        "dst": False,
        "abbreviation": "KST",
        "iso_week_date": "2025-W01-1",
        "iso_year": 2025,
        "iso_week": 1,
        "iso_weekday": 1,
        "ordinal_date": "2024-365",
        "day_of_year": 365,
        "utc": "2024-12-29T15:00:00+00:00",
        "unix": 1735484400,
        "julian_date": 2460674.125,
        "modified_julian_date": 60673.625,
        "tai": "2024-12-29T15:00:37",
        "tai_minus_utc": 37,
        "tai_is_certain": True,
    }


def test_atomic_time_is_not_told_where_nobody_knows_it(client: FlaskClient) -> None:
    (before,) = ask(client, "unix=0")
    assert (before["tai"], before["tai_minus_utc"], before["tai_is_certain"]) == (None, None, False)
    (far,) = ask(client, "time=2100-01-01")
    assert (far["tai"], far["tai_is_certain"]) == ("2100-01-01T00:00:37", False)


@pytest.mark.parametrize("time", ["2026-11-01T01:30-05:00", "2026-11-01T06:30Z", "2026-11-01T15:30+09:00"])
def test_a_time_with_an_offset_is_one_moment_quoted_or_not(client: FlaskClient, time: str) -> None:
    told = [ask(client, f"zone=America/New_York&time={each}") for each in (time, time.replace("+", "%2B"))]
    assert [answer["unix"] for answers in told for answer in answers] == [1793514600, 1793514600]


def test_a_repeated_time_is_two_moments(client: FlaskClient) -> None:
    told = client.get("/api/moment?zone=America/New_York&time=2026-11-01T01:30").get_json()
    assert told["kind"] == "ambiguous"
    assert [answer["read_with"] for answer in told["answers"]] == ["-04:00", "-05:00"]


def test_a_week_date_and_a_fraction_are_read(client: FlaskClient) -> None:
    assert ask(client, "time=2026-W47-7")[0]["datetime"] == "2026-11-22T00:00:00+00:00"
    assert ask(client, "unix=-0.25")[0]["unix"] == -0.25


def test_the_present_moment_is_told_and_not_kept(client: FlaskClient) -> None:
    assert client.get("/api/moment").headers["Cache-Control"] == "no-store"
    assert client.get("/api/moment?unix=0").headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("unix", ["now", "1e9", "999999999999", "0.1234567", "", "١"])
def test_what_is_no_moment_is_refused(client: FlaskClient, unix: str) -> None:
    answer = client.get("/api/moment", query_string={"unix": unix})
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("unix: ")


def test_two_moments_at_once_are_refused(client: FlaskClient) -> None:
    assert "give one of them" in client.get("/api/moment?unix=0&time=2026-01-01").get_json()["error"]


def test_the_edition_is_told_with_that_of_the_leap_seconds(client: FlaskClient) -> None:
    answer = client.get("/api/edition")
    told = answer.get_json()
    assert (told["edition"], told["zones"]) == (zones.edition(), len(zones.names()))
    assert answer.headers["X-Tz-Edition"] == told["leap_seconds"]["edition"] == zones.edition()
    assert told["leap_seconds"]["last"] == "2017-01-01T00:00:00+00:00"
    assert client.get("/api/edition?x=1").get_json() == {"error": "unknown parameter x: it takes none"}
