"""A wall time of one zone in others, as programs ask for it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

WALL = "takes a time on the wall such as 2026-03-29T02:30, without an offset, of the years 1000 to 8999"


def convert(client: FlaskClient, **query: str) -> Any:
    return client.get("/api/convert", query_string={name.removesuffix("_"): value for name, value in query.items()})


def test_an_ordinary_time_has_one_answer(client: FlaskClient) -> None:
    told = convert(client, from_="Asia/Seoul", to="Europe/London,UTC", time="2026-07-01T09:00").get_json()
    assert (told["kind"], told["transition"], len(told["answers"])) == ("ordinary", None, 1)
    (answer,) = told["answers"]
    assert (answer["unix"], answer["utc"]) == (1782864000, "2026-07-01T00:00:00+00:00")
    assert [each["datetime"] for each in answer["to"]] == ["2026-07-01T01:00:00+01:00", "2026-07-01T00:00:00+00:00"]
    assert answer["to"][0]["abbreviation"] == "BST"


def test_a_repeated_time_has_both_answers_and_the_change_that_repeats_it(client: FlaskClient) -> None:
    told = convert(client, from_="America/New_York", to="Asia/Seoul", time="2026-11-01T01:30").get_json()
    assert (told["kind"], told["transition"]["kind"]) == ("ambiguous", "overlap")
    assert [answer["read_with"] for answer in told["answers"]] == ["-04:00", "-05:00"]
    assert [answer["to"][0]["datetime"] for answer in told["answers"]] == [
        "2026-11-01T14:30:00+09:00",
        "2026-11-01T15:30:00+09:00",
    ]


def test_a_skipped_time_is_said_to_be_none_and_read_both_ways(client: FlaskClient) -> None:
    told = convert(client, from_="Europe/London", to="UTC", time="2026-03-29T01:30").get_json()
    assert (told["kind"], told["local"]) == ("nonexistent", "2026-03-29T01:30:00")
    assert [(answer["read_with"], answer["from"]["datetime"]) for answer in told["answers"]] == [
        ("+01:00", "2026-03-29T00:30:00+00:00"),
        ("+00:00", "2026-03-29T02:30:00+01:00"),
    ]


def test_the_same_is_told_as_text(client: FlaskClient) -> None:
    query = {"from": "America/New_York", "to": "Asia/Seoul", "time": "2026-11-01T01:30"}
    lines = client.get("/api/convert", query_string=query, headers={"Accept": "text/plain"}).text.splitlines()
    assert "kind: ambiguous" in lines
    assert "transition.before.offset: -14400" in lines
    assert "answers.1.to.0.datetime: 2026-11-01T15:30:00+09:00" in lines


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"from_": ""}, "from: is needed"),
        ({"to": "UTC,Nowhere"}, "to: unknown location Nowhere, takes a zone such as Europe/London"),
        ({"to": ",".join(["UTC"] * 21)}, "to: takes at most 20 zones"),
        ({"to": "U" * 2001}, "to: takes at most 2000 characters"),
        ({"time": "now"}, f"time: {WALL}"),
        ({"time": "2026-01-01T00:00Z"}, f"time: {WALL}"),
        ({"time": "9999-12-31"}, f"time: {WALL}"),
        ({"time": "2026-02-30"}, "time: takes a day that its month or year has"),
        ({"zone": "UTC"}, "unknown parameter zone: it takes from, to, time"),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, changed: dict[str, str], words: str) -> None:
    answer = convert(client, **({"from_": "UTC", "to": "UTC", "time": "2026-01-01"} | changed))
    assert (answer.status_code, answer.get_json()) == (400, {"error": words})
