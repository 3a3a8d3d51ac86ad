"""The API as programs use it; what its fields say is tested beside recorded answers."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import clock, zones
from apps.whatisthetime.api.worldtime import answer

FIELDS = [
    "abbreviation",
    "datetime",
    "day_of_week",
    "day_of_year",
    "dst",
    "dst_from",
    "dst_offset",
    "dst_until",
    "raw_offset",
    "timezone",
    "unixtime",
    "utc_datetime",
    "utc_offset",
    "week_number",
    "client_ip",
]


def test_the_time_in_a_zone_is_told_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/timezone/Asia/Seoul")
    fields = answer.get_json()
    assert sorted(fields) == sorted(FIELDS)
    assert (fields["timezone"], fields["utc_offset"], fields["client_ip"]) == ("Asia/Seoul", "+09:00", "127.0.0.1")
    assert datetime.fromisoformat(fields["datetime"]) == datetime.fromisoformat(fields["utc_datetime"])


def test_the_same_is_told_as_text(client: FlaskClient) -> None:
    told = client.get("/api/timezone/America/Argentina/Buenos_Aires.txt")
    lines = dict(line.split(": ") for line in told.text.splitlines())
    assert list(lines) == FIELDS
    assert told.mimetype == "text/plain"
    assert (lines["dst"], lines["dst_from"], lines["utc_offset"]) == ("false", "", "-03:00")


def test_zones_are_listed_and_so_are_those_of_an_area(client: FlaskClient) -> None:
    assert client.get("/api/timezone").get_json() == list(zones.names())
    assert client.get("/api/timezone.txt").text.splitlines() == list(zones.names())
    assert client.get("/api/timezone/Arctic").get_json() == ["Arctic/Longyearbyen"]
    assert client.get("/api/timezone/Arctic.txt").text == "Arctic/Longyearbyen\n"
    assert "America/Argentina/Salta" in client.get("/api/timezone/America/Argentina").get_json()


def test_every_listed_zone_is_told(client: FlaskClient) -> None:
    for name in zones.names():
        assert client.get(f"/api/timezone/{name}").get_json()["timezone"] == name


@pytest.mark.parametrize("path", ["/api/timezone/Nowhere", "/api/timezone/Asia/Nowhere", "/api/ip?timezone=Nowhere"])
def test_an_unknown_place_is_404_in_the_apis_own_shape(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.get_json() == {"error": f"unknown location {path.removeprefix('/api/timezone/').split('=')[-1]}"}


def test_an_error_is_text_where_text_was_asked_for(client: FlaskClient) -> None:
    answer = client.get("/api/timezone/Asia/Nowhere.txt")
    assert (answer.status_code, answer.mimetype, answer.text) == (404, "text/plain", "unknown location Asia/Nowhere\n")
    assert client.get("/api/elsewhere").get_json() == {"error": "not found"}


def test_a_caller_is_told_the_time_of_the_zone_they_name(client: FlaskClient) -> None:
    fields = client.get("/api/ip?timezone=Asia/Seoul").get_json()
    assert fields["timezone"] == "Asia/Seoul"
    assert "note" not in fields


def test_a_callers_zone_is_never_guessed(client: FlaskClient) -> None:
    fields = client.get("/api/ip").get_json()
    assert fields["timezone"] == "UTC"
    assert "no geography database" in fields["note"]
    assert "note: no geography database" in client.get("/api/ip.txt").text


def test_two_zones_are_no_answer_to_where_the_caller_is(client: FlaskClient) -> None:
    answer = client.get("/api/ip?timezone=Asia/Seoul&timezone=UTC")
    assert (answer.status_code, "more than once" in answer.get_json()["error"]) == (400, True)


def test_lord_howe_islands_period_alone_is_left_to_the_transitions(client: FlaskClient) -> None:
    moment = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    readings = [clock.read(zones.load(name), moment) for name in zones.names()]
    untold = {each.zone.name for each in readings if each.dst_from and not answer(each, "")["dst_from"]}
    assert untold == {"Australia/Lord_Howe", "Australia/LHI"}
    changes = client.get("/api/transitions/Australia/Lord_Howe?from=2026").get_json()["transitions"]
    assert [(each["at"], each["shift"]) for each in changes] == [
        ("2026-04-04T15:00:00+00:00", -1800),
        ("2026-10-03T15:30:00+00:00", 1800),
    ]


def test_a_lists_lifetime_is_that_of_its_edition(client: FlaskClient) -> None:
    for path in ("/api/timezone", "/api/timezone.txt", "/api/timezone/Arctic"):
        answer = client.get(path)
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])


def test_a_given_address_is_read_and_tells_no_zone_either(client: FlaskClient) -> None:
    assert client.get("/api/ip/2606:4700:4700::1111").get_json()["timezone"] == "UTC"
    assert "note: no geography database" in client.get("/api/ip/1.1.1.1.txt").text
    assert client.get("/api/ip/1.1.1.1?timezone=Asia/Seoul").get_json()["timezone"] == "Asia/Seoul"
    malformed = client.get("/api/ip/1.1.1.300")
    assert (malformed.status_code, malformed.get_json()["error"][:12]) == (400, "malformed ip")


@pytest.mark.parametrize("path", ["/api/geo", "/api/geo/1.1.1.1"])
def test_no_place_is_told_of_an_address(client: FlaskClient, path: str) -> None:
    assert client.get(path).get_json() == {"error": "no geography database"}
    text = client.get(f"{path}.txt")
    assert (text.status_code, text.text) == (404, "no geography database\n")


@pytest.mark.parametrize("path", ["/api/timezone/UTC", "/api/ip", "/api/nothing", "/api/timezone/X"])
def test_answers_are_not_kept_and_keep_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Tz-Edition"] == zones.edition()
    assert "Set-Cookie" not in answer.headers


def test_sunday_is_the_first_day_of_the_week() -> None:
    sunday = clock.read(zones.load("UTC"), datetime.fromisoformat("2026-11-22T00:00:00+00:00"))
    assert answer(sunday, "")["day_of_week"] == 0


def test_a_moment_on_the_full_second_keeps_its_six_digits() -> None:
    reading = clock.read(zones.load("UTC"), datetime.fromisoformat("2026-11-22T00:00:00+00:00"))
    assert answer(reading, "")["datetime"] == "2026-11-22T00:00:00.000000+00:00"
