"""The world clock."""

import re
from itertools import product

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import search, zones
from apps.whatisthetime.pages import chosen, world

THREE = "Asia/Seoul,Europe/Paris,America/Lima"


def cities(page: str) -> list[str]:
    return re.findall(r'data-zone="([^"]+)"', page)


def test_a_choice_from_all_over_the_world_is_shown_first(client: FlaskClient) -> None:
    assert len(cities(client.get("/world").text)) == 8


def test_the_cities_stand_in_the_order_of_the_address(client: FlaskClient) -> None:
    assert cities(client.get(f"/world?zones={THREE}").text) == THREE.split(",")


def test_a_city_is_added_at_the_end_and_once(client: FlaskClient) -> None:
    for typed, leads in (("tokyo", f"{THREE},Asia/Tokyo#Asia/Tokyo"), ("paris", f"{THREE}#Europe/Paris")):
        assert client.get(f"/world?zones={THREE}&add={typed}").headers["Location"] == f"/world?zones={leads}"


def test_cities_move_and_leave_by_links(client: FlaskClient) -> None:
    page = client.get(f"/world?zones={THREE}").text
    assert "/world?zones=Europe/Paris,Asia/Seoul,America/Lima" in page
    assert "/world?zones=Asia/Seoul,America/Lima,Europe/Paris" in page
    assert "/world?zones=Asia/Seoul,America/Lima" in page


def test_who_moved_a_city_is_led_to_it_again(client: FlaskClient) -> None:
    page = client.get(f"/world?zones={THREE}").text
    moved = re.findall(r'href="/world\?zones=[^"#]+#([^"]+)"', page)
    assert set(moved) == set(THREE.split(","))
    assert all(f'id="{name}"' in page for name in moved)


def test_who_removed_a_city_goes_on_at_the_next(client: FlaskClient) -> None:
    page = client.get(f"/world?zones={THREE}").text
    assert "/world?zones=Europe/Paris,America/Lima#Europe/Paris" in page
    assert "/world?zones=Asia/Seoul,Europe/Paris#Europe/Paris" in page
    alone = client.get("/world?zones=Asia/Seoul").text
    assert 'href="/world?zones=#add"' in alone
    assert 'id="add"' in alone


def test_an_empty_world_is_not_filled_again(client: FlaskClient) -> None:
    page = client.get("/world?zones=").text
    assert cities(page) == []
    assert "No city is chosen" in page


def test_another_spelling_is_put_right_in_the_address(client: FlaskClient) -> None:
    assert client.get("/world?zones=seoul,Asia/Seoul").headers["Location"] == "/world?zones=Asia/Seoul"


def test_an_unknown_city_is_told_and_the_others_stay(client: FlaskClient) -> None:
    answer = client.get(f"/world?zones={THREE}&add=xyzzy")
    assert answer.status_code == 404
    assert "No city, country or zone is called “xyzzy”" in answer.text
    assert cities(answer.text) == THREE.split(",")


def test_what_may_mean_several_places_is_asked_about(client: FlaskClient) -> None:
    page = client.get(f"/world?zones={THREE}&add=IST").text
    assert f'<a class="tag" href="/world?zones={THREE},Asia/Kolkata#Asia/Kolkata">India Standard Time</a>' in page


def test_a_chosen_language_stays_in_every_link(client: FlaskClient) -> None:
    page = client.get(f"/world?zones={THREE}&lang=ko").text
    links = re.findall(r'class="(?:tool|city__)[^"]*" href="([^"]+)"', page)
    assert links
    assert all(link.partition("#")[0].endswith("lang=ko") for link in links)
    assert '<input type="hidden" name="lang" value="ko">' in page


def test_more_cities_than_fit_are_refused(client: FlaskClient) -> None:
    many = (
        ",".join(f"Etc/GMT+{hours}" for hours in range(1, 13))
        + ",UTC,"
        + ",".join(f"Etc/GMT-{hours}" for hours in range(1, 13))
    )
    assert len(many.split(",")) == world.MOST_CITIES + 1
    assert client.get("/world", query_string={"zones": many}).status_code == 400
    endless = (world.MOST_CITIES * (zones.LONGEST_NAME + 1) + 1) * ","
    assert client.get("/world", query_string={"zones": endless}).status_code == 400


def test_hundreds_of_spellings_are_refused_before_any_is_looked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for: list[str] = []

    def noting(name: str) -> str | None:
        looked_for.append(name)
        return search.resolve(name)

    monkeypatch.setattr(chosen, "resolve", noting)
    spellings = ["".join(letters) for letters in product(*zip("rome", "ROME", strict=True))]
    both = [*spellings, *(f"Europe/{name}" for name in spellings)]
    assert client.get("/world", query_string={"zones": ",".join(both)}).status_code == 400
    assert client.get("/world", query_string={"zones": 100 * "rome,"}).status_code == 302
    assert [name for name in looked_for if name] == ["rome"]
