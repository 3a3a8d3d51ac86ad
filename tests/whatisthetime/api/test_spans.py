"""Differences and sums across changes of clocks, as programs ask for them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

NEW_YORK = "America/New_York"


def ask(client: FlaskClient, verb: str, **query: str) -> Any:
    answer = client.get(f"/api/{verb}", query_string={name.removesuffix("_"): value for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    return answer.get_json()


def test_a_day_with_25_hours_is_one_day_on_the_wall(client: FlaskClient) -> None:
    told = ask(client, "difference", zone=NEW_YORK, from_="2026-11-01", until="2026-11-02")
    assert told["wall"] == {"duration": "P1D", "seconds": 86400}
    assert [answer["elapsed"] for answer in told["answers"]] == [{"duration": "PT25H", "seconds": 90000}]


def test_a_flight_takes_longer_than_the_walls_say(client: FlaskClient) -> None:
    until = {"until": "2026-07-01T08:00", "until_zone": "America/Los_Angeles"}
    told = ask(client, "difference", zone="Asia/Seoul", from_="2026-07-01T13:00", **until)
    assert told["wall"] == {"duration": "-PT5H", "seconds": -18000}
    assert told["answers"][0]["elapsed"] == {"duration": "PT11H", "seconds": 39600}


def test_each_way_to_read_the_two_times_has_its_answer(client: FlaskClient) -> None:
    told = ask(client, "difference", zone=NEW_YORK, from_="2026-03-08T02:30", until="2026-11-01T01:30:00.5")
    assert (told["from"]["kind"], told["until"]["kind"]) == ("nonexistent", "ambiguous")
    assert [(answer["from_read_with"], answer["until_read_with"]) for answer in told["answers"]] == [
        ("-04:00", "-04:00"),
        ("-04:00", "-05:00"),
        ("-05:00", "-04:00"),
        ("-05:00", "-05:00"),
    ]
    assert told["answers"][0]["elapsed"]["duration"] == "PT5711H0.5S"


def test_a_day_added_keeps_the_time_on_the_wall_and_24_hours_do_not(client: FlaskClient) -> None:
    day, hours = (ask(client, "sum", zone=NEW_YORK, time="2026-03-07T12:00", add=add) for add in ("P1D", "PT24H"))
    assert day["answers"][0]["until"]["datetime"] == "2026-03-08T12:00:00-04:00"
    assert day["answers"][0]["elapsed"]["duration"] == "PT23H"
    assert (hours["answers"][0]["until"]["datetime"], hours["calendar"]) == ("2026-03-08T13:00:00-04:00", None)


def test_a_sum_that_lands_in_a_gap_says_so(client: FlaskClient) -> None:
    told = ask(client, "sum", zone=NEW_YORK, time="2026-02-08T02:30", add="P1M")
    assert (told["calendar"]["kind"], told["calendar"]["local"]) == ("nonexistent", "2026-03-08T02:30:00")
    assert [(each["calendar_read_with"], each["until"]["datetime"]) for each in told["answers"]] == [
        ("-04:00", "2026-03-08T01:30:00-05:00"),
        ("-05:00", "2026-03-08T03:30:00-04:00"),
    ]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("sum?zone=UTC&time=2026-01-01&add=1D", "add: takes a duration in ISO 8601 such as P1M, P1DT2H or -PT90M"),
        ("sum?zone=UTC&time=2026-01-01&add=P9000Y", "add: leads beyond the years 1000 to 8999"),
        ("sum?zone=UTC&time=2026-01-01", "add: is needed"),
        ("difference?zone=UTC&from=2026-01-01", "until: is needed"),
        (
            "difference?zone=UTC&from=2026-01-01&until=2026-01-02&until_zone=X",
            "until_zone: unknown location X, takes a zone such as Europe/London",
        ),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, address: str, words: str) -> None:
    answer = client.get(f"/api/{address}")
    assert (answer.status_code, answer.get_json()) == (400, {"error": words})
