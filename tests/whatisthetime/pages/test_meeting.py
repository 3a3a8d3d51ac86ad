"""The meeting planner."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
TERMINAL = {"Accept": "*/*"}
LONDON_NEW_YORK = "/meet?zones=Europe/London,America/New_York&day=2026-01-15"


def needles(page: str) -> set[str]:
    return set(re.findall(r'class="band__needle" data-needle x1="([\d.]+)%"', page))


def test_hours_in_which_all_work_are_marked_and_told(client: FlaskClient) -> None:
    page = client.get(LONDON_NEW_YORK, headers=HTML).text
    assert "Working hours for everybody" in page
    # From 14:00 to 17:00 of 24 hours, in both rows.
    assert page.count('class="band__offer" x="58.333%" width="12.500%"') == 2
    assert needles(page) == {"58.333"}


def test_a_terminal_gets_the_hours_of_each(client: FlaskClient) -> None:
    assert client.get(LONDON_NEW_YORK, headers=TERMINAL).text.splitlines() == [
        "2026-01-15T14:00Z - 2026-01-15T17:00Z",
        "  Thu 2026-01-15 14:00 - 17:00 Europe/London",
        "  Thu 2026-01-15 09:00 - 12:00 America/New_York",
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", "23"), ("2026-10-25", "25")])
def test_a_day_on_which_clocks_change_is_drawn_as_long_as_it_is(client: FlaskClient, day: str, hours: str) -> None:
    page = client.get(f"/meet?zones=Europe/London,Asia/Seoul&day={day}", headers=HTML).text
    assert f"a day of {hours} hours" in page
    assert f'data-minutes="{int(hours) * 60}"' in page
    assert page.count('class="band__change"') == 1


def test_a_moment_is_picked_by_the_address_alone(client: FlaskClient) -> None:
    page = client.get(f"{LONDON_NEW_YORK}&at=2026-01-15T06:00Z", headers=HTML).text
    assert needles(page) == {"25.000"}
    assert '<option value="2026-01-15T06:00Z" selected>06:00</option>' in page
    # Its day in the first of the zones is shown where the address names no other.
    page = client.get("/meet?zones=Asia/Seoul&at=2026-01-15T16:00Z", headers=HTML).text
    assert '<time datetime="2026-01-16">' in page


def test_who_is_put_first_sees_the_picked_moment_on_a_day_of_their_own(client: FlaskClient) -> None:
    picked = "day=2026-12-01&at=2026-11-30T18:00Z"
    page = client.get(f"/meet?zones=Asia/Seoul,America/New_York&{picked}", headers=HTML).text
    first = unescape(re.findall(r'class="tool" href="(/meet[^"]*)" title="Put first"', page)[0])
    page = client.get(first, headers=HTML).text
    assert '<time datetime="2026-11-30">' in page
    assert '<option value="2026-11-30T18:00Z" selected>13:00</option>' in page


def test_an_hour_that_comes_twice_can_be_picked_twice(client: FlaskClient) -> None:
    page = client.get("/meet?zones=Europe/London&day=2026-10-25", headers=HTML).text
    assert '<option value="2026-10-25T00:30Z">01:30 (UTC+01:00)</option>' in page
    assert '<option value="2026-10-25T01:30Z">01:30 (UTC+00:00)</option>' in page


def test_a_day_that_a_calendar_left_out_is_said_to_be(client: FlaskClient) -> None:
    page = client.get("/meet?zones=Pacific/Apia&day=2011-12-30", headers=HTML).text
    assert "its calendar left that day out" in page
    assert "/meet?zones=Pacific/Apia&amp;day=2011-12-31" in page


def test_a_terminal_is_told_why_there_is_nothing_to_plan(client: FlaskClient) -> None:
    skipped = client.get("/meet?zones=Pacific/Apia&day=2011-12-30", headers=TERMINAL).text
    assert skipped == "Apia had no Friday 30 December 2011: its calendar left that day out.\n"
    assert client.get("/meet?zones=", headers=TERMINAL).text == "No city is chosen.\n"
    assert client.get("/world?zones=", headers=TERMINAL).text == "No city is chosen.\n"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zones=Asia/Seoul&add=london", "zones=Asia/Seoul,Europe/London"),
        ("zones=seoul,뉴욕", "zones=Asia/Seoul,America/New_York"),
        ("zones=Asia/Seoul,Asia/Seoul", "zones=Asia/Seoul"),
        ("zones=Asia/Seoul&add=paris&day=2026-01-15", "zones=Asia/Seoul,Europe/Paris&day=2026-01-15"),
        ("zones=UTC&add=paris&begin=8&end=20", "zones=UTC,Europe/Paris&begin=8&end=20"),
        ("zones=UTC&add=paris&lang=ko", "zones=UTC,Europe/Paris&lang=ko"),
    ],
)
def test_what_people_type_becomes_zones_in_the_address(client: FlaskClient, typed: str, address: str) -> None:
    answer = client.get(f"/meet?{typed}", headers=HTML)
    assert answer.status_code == 302
    assert sorted(answer.headers["Location"].partition("#")[0].split("?")[1].split("&")) == sorted(address.split("&"))


def test_a_city_that_is_not_known_is_asked_about_while_the_others_stay(client: FlaskClient) -> None:
    answer = client.get("/meet?zones=Asia/Seoul&add=brazil", headers=HTML)
    assert answer.status_code == 404
    assert 'data-person="Seoul"' in answer.text
    assert 'class="tag" href="/meet?zones=Asia/Seoul,America/Sao_Paulo#America/Sao_Paulo"' in answer.text
    assert "Did you mean" in client.get("/meet?zones=Asia/Seoul&add=springfild", headers=HTML).text
    assert client.get("/meet?zones=Asia/Seoul&add=xyzzyq", headers=TERMINAL).status_code == 404


def test_who_changes_the_plan_goes_on_where_it_changed(client: FlaskClient) -> None:
    page = client.get("/meet?zones=Europe/London,Asia/Seoul,UTC&day=2026-01-15", headers=HTML).text
    assert re.findall(r'href="/meet[?][^"#]*zones=([^"&]*)[^"#]*#([^"]+)"', page) == [
        ("Europe/London,Asia/Seoul,UTC", "before"),
        ("Europe/London,Asia/Seoul,UTC", "after"),
        ("Asia/Seoul,UTC", "Asia/Seoul"),
        ("Asia/Seoul,Europe/London,UTC", "Asia/Seoul"),
        ("Europe/London,UTC", "UTC"),
        ("UTC,Europe/London,Asia/Seoul", "UTC"),
        ("Europe/London,Asia/Seoul", "Asia/Seoul"),
    ]
    assert {"before", "after", "add", "Europe/London", "Asia/Seoul", "UTC"} <= set(re.findall(r' id="([^"]+)"', page))
    added = client.get("/meet?zones=Asia/Seoul&add=paris", headers=HTML).headers["Location"]
    assert added.endswith("#Europe/Paris")


def test_the_last_can_be_removed(client: FlaskClient) -> None:
    page = client.get("/meet?zones=Asia/Seoul", headers=HTML).text
    assert 'class="tool tool--remove" href="/meet?zones=#add"' in page
    assert "No city is chosen yet" in client.get("/meet?zones=", headers=HTML).text


def test_a_plan_for_a_day_that_the_address_names_may_be_kept(client: FlaskClient) -> None:
    assert "max-age" in client.get(LONDON_NEW_YORK, headers=HTML).headers["Cache-Control"]
    assert client.get("/meet?zones=Asia/Seoul", headers=HTML).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "day=tomorrow",
        "day=1969-12-31",
        "day=2200-01-01",
        "at=2026-01-15T06:00",
        "at=noon",
        "at=9999-12-31T23:59-23:59",
        "at=1969-12-31T12:00Z&zones=UTC",
        "at=2200-01-01T00:00Z&zones=UTC",
        "begin=17&end=9",
        "begin=9&end=25",
        "begin=x",
        "zones=" + ",".join(f"Etc/GMT-{hours}" for hours in range(1, 12)),
        "add=" + 65 * "x",
    ],
)
def test_what_is_wrong_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/meet?{query}", headers=HTML).status_code == 400


def test_work_that_ends_before_it_begins_is_told_above_the_plan(client: FlaskClient) -> None:
    page = client.get("/meet?zones=Asia/Seoul&add=london&begin=17&end=9", headers=HTML).text
    assert "Work begins at an hour" in page
    assert 'name="zones" value="Asia/Seoul,Europe/London"' in page
    told = client.get("/meet?zones=Asia/Seoul&begin=17&end=9", headers=TERMINAL)
    assert told.status_code == 400
    assert "Work begins at an hour" in told.text


@pytest.mark.parametrize(("day", "beside"), [("1970-01-01", "before"), ("1970-06-01", ""), ("2199-12-31", "after")])
@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Pago_Pago"])
def test_every_way_on_from_the_first_and_the_last_days_leads_to_a_plan(
    client: FlaskClient, zone: str, day: str, beside: str
) -> None:
    page = client.get(f"/meet?zones={zone},Asia/Seoul&day={day}", headers=HTML).text
    ways = [unescape(each) for each in re.findall(r'href="(/meet[?][^"#]*)', page)]
    ways.append(unescape(re.findall(r'value="http://[^/]*(/meet[^"]*)"', page)[0]))
    assert [way for way in ways if client.get(way, headers=HTML).status_code != 200] == []
    assert {"before", "after"} - set(re.findall(r'<a class="tool" id="([^"]+)"', page)) == (
        {beside} if beside else set()
    )
