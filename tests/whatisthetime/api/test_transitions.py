"""Changes of clocks over years, as programs ask for them."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import zones


def test_a_years_changes_are_told_with_gap_and_overlap(client: FlaskClient) -> None:
    told = client.get("/api/transitions/America/New_York?from=2026").get_json()
    assert (told["posix_tz"], told["edition"]) == ("EST5EDT,M3.2.0,M11.1.0", zones.edition())
    assert told["transitions"][0] == {
        "at": "2026-03-08T07:00:00+00:00",
        "unix": 1772953200,
        "kind": "gap",
        "shift": 3600,
        "local_before": "2026-03-08T02:00:00-05:00",
        "local_after": "2026-03-08T03:00:00-04:00",
        "before": {"offset": -18000, "utc_offset": "-05:00", "dst": False, "abbreviation": "EST"},
        "after": {"offset": -14400, "utc_offset": "-04:00", "dst": True, "abbreviation": "EDT"},
    }
    assert [change["kind"] for change in told["transitions"]] == ["gap", "overlap"]


def test_local_mean_time_and_a_change_of_name_only_are_told(client: FlaskClient) -> None:
    first = client.get("/api/transitions/Asia/Seoul?from=1900&until=1910").get_json()["transitions"][0]
    assert first["before"] == {"offset": 30472, "utc_offset": "+08:27:52", "dst": False, "abbreviation": "LMT"}
    renamed = client.get("/api/transitions/Europe/Lisbon?from=1992").get_json()["transitions"][-1]
    assert (renamed["kind"], renamed["shift"], renamed["after"]["abbreviation"]) == ("none", 0, "CET")


def test_two_hundred_years_are_told_at_once_and_far_ones_too(client: FlaskClient) -> None:
    far = client.get("/api/transitions/Europe/London?from=8800&until=8999").get_json()
    assert len(far["transitions"]) == 400
    assert client.get("/api/transitions/UTC?from=1000&until=1199").get_json()["transitions"] == []


def test_without_years_those_of_the_present_one_are_told_and_not_kept(client: FlaskClient) -> None:
    answer = client.get("/api/transitions/Europe/London")
    assert answer.get_json()["from"] in {datetime.now(UTC).year, datetime.now(UTC).year - 1}
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_edition_decides_is_kept_until_there_is_another(client: FlaskClient) -> None:
    first = client.get("/api/transitions/Europe/London?from=2026")
    again = client.get("/api/transitions/Europe/London?from=2026", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status_code) == ("public, max-age=86400", 304)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=26", "from: takes a year from 1000 to 8999"),
        ("from=0999", "from: takes a year from 1000 to 8999"),
        ("from=2026&until=2025", "until: takes a year from 2026 to 2225, as from is 2026"),
        ("from=8900&until=9000", "until: takes a year from 1000 to 8999"),
        ("from=1500&until=1700", "until: takes a year from 1500 to 1699, as from is 1500"),
        ("from=2026&from=2027", "parameter from is given 2 times: it takes one value"),
        ("since=2026", "unknown parameter since: it takes from, until"),
    ],
)
def test_a_wrong_year_is_named(client: FlaskClient, query: str, words: str) -> None:
    answer = client.get(f"/api/transitions/UTC?{query}")
    assert (answer.status_code, answer.get_json()) == (400, {"error": words})
    assert client.get(f"/api/transitions/UTC?{query}", headers={"Accept": "text/plain"}).text == f"{words}\n"


def test_an_unknown_zone_is_404(client: FlaskClient) -> None:
    assert client.get("/api/transitions/Nowhere").status_code == 404
