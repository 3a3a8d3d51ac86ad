"""Finding a zone by what people call it."""

from collections.abc import Collection
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import pytest

from apps.whatisthetime import clock, zones
from apps.whatisthetime import search as search_module
from apps.whatisthetime.cities import abbreviations, cities, countries
from apps.whatisthetime.search import ALIKE, CANDIDATES, MOST_FOUND, fold, resolve, search


def first(text: str) -> tuple[str, str]:
    place = search(text).places[0]
    return place.name, place.zone


@pytest.mark.parametrize(
    ("typed", "name", "zone"),
    [
        ("Seoul", "Seoul", "Asia/Seoul"),
        ("서울", "Seoul", "Asia/Seoul"),
        ("서우", "Seoul", "Asia/Seoul"),
        ("부산", "Busan", "Asia/Seoul"),
        ("sao paulo", "São Paulo", "America/Sao_Paulo"),
        ("SÃO PAULO", "São Paulo", "America/Sao_Paulo"),
        ("los ang", "Los Angeles", "America/Los_Angeles"),
        ("Bombay", "Mumbai", "Asia/Kolkata"),
        ("St. Petersburg", "Saint Petersburg", "Europe/Moscow"),
        ("saint john's", "St. John's", "America/St_Johns"),
        ("한국", "Seoul", "Asia/Seoul"),
        ("Japan", "Tokyo", "Asia/Tokyo"),
        ("Europe/Par", "Paris", "Europe/Paris"),
        ("saigon", "Asia/Saigon", "Asia/Saigon"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(typed: str, name: str, zone: str) -> None:
    assert first(typed) == (name, zone)


@pytest.mark.parametrize(
    ("letters", "offsets"),
    [
        ("IST", {19_800, 3600, 7200}),
        ("ist", {19_800, 3600, 7200}),
        ("CST", {28_800, -21_600, -18_000, 34_200}),
        ("BST", {3600, 21_600, 39_600}),
        ("EST", {-18_000, 36_000}),
        ("chst", {36_000}),
    ],
)
def test_letters_that_stand_for_several_times_give_all_of_them(letters: str, offsets: set[int]) -> None:
    assert {meaning.offset for meaning in search(letters).meanings} == offsets


def test_a_country_gives_all_its_zones_the_largest_city_first() -> None:
    found = search("Brazil", MOST_FOUND).places
    assert found[0].zone == "America/Sao_Paulo"
    assert len({place.zone for place in found if place.country == "BR"}) == 16
    # What else bears the country's name are former names of its zones.
    assert all(place.zone.startswith("Brazil/") for place in found if place.country != "BR")
    assert {place.zone for place in search("브라질", MOST_FOUND).places} == {
        place.zone for place in found if place.country == "BR"
    }


def test_the_larger_of_two_cities_of_one_name_stands_first() -> None:
    assert [place.country for place in search("London").places[:2]] == ["GB", "CA"]


def test_what_is_misspelt_is_guessed_and_said_to_be() -> None:
    found = search("kathmndu")
    assert found.guessed
    assert found.places[0].zone == "Asia/Kathmandu"
    assert not search("kathmandu").guessed


@pytest.mark.parametrize("typed", ["sanantania", "marbagux", "londonq", "tokio", "서울울", "쾰론"])
def test_guessing_compares_few_names_and_misses_none(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(word: str, names: Collection[str], *rest: Any) -> list[str]:
        compared.append(len(names))
        return get_close_matches(word, names, *rest)

    monkeypatch.setattr(search_module, "get_close_matches", counted)
    wanted, every = fold(typed), {key.text: key.place for key in reversed(search_module._keys())}
    near = [text for text in every if abs(len(text) - len(wanted)) <= 2]
    best = get_close_matches(wanted, near, CANDIDATES, ALIKE)
    assert search(typed).places == tuple(dict.fromkeys(every[text] for text in best))
    assert compared[0] < len(near) / 3


@pytest.mark.parametrize("text", ["", "  ", "''", "xyzzyq", 9 * "한글"])
def test_nothing_is_found_where_nothing_is_called_so(text: str) -> None:
    assert search(text).places == ()
    assert search(text).meanings == ()


def test_never_more_is_found_than_asked_for() -> None:
    assert len(search("a", 7).places) == 7


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("seoul", "Asia/Seoul"),
        ("asia/SEOUL", "Asia/Seoul"),
        ("Busan", "Asia/Seoul"),
        ("london", "Europe/London"),
        ("europe/kiev", "Europe/Kiev"),
        ("germany", "Europe/Berlin"),
        ("UTC", "UTC"),
        # Another Samoa's clocks show the same time a day before.
        ("Samoa", "Pacific/Apia"),
        ("brazil", None),
        ("nowhere", None),
        ("", None),
    ],
)
def test_a_text_names_a_zone_only_where_one_is_meant(text: str, zone: str | None) -> None:
    assert resolve(text) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("GMT+9", "Etc/GMT-9"),
        ("GMT-5", "Etc/GMT+5"),
        ("gmt\N{MINUS SIGN}5", "Etc/GMT+5"),
        ("GMT 9", "Etc/GMT-9"),
        ("GMT+09:00", "Etc/GMT-9"),
        ("UTC+9", "Etc/GMT-9"),
        ("utc 9", "Etc/GMT-9"),
        ("UTC\N{MINUS SIGN}03:00", "Etc/GMT+3"),
        ("UTC+14", "Etc/GMT-14"),
        ("etc/gmt+9", "Etc/GMT+9"),
        ("Etc/GMT 9", "Etc/GMT+9"),
        ("Etc/GMT-9", "Etc/GMT-9"),
    ],
)
def test_an_offset_keeps_its_sign_and_counts_east_unless_a_zone_is_named(text: str, zone: str) -> None:
    assert resolve(text) == zone
    assert search(text).places[0].zone == zone


def test_a_zone_is_named_without_a_look_at_every_name(monkeypatch: pytest.MonkeyPatch) -> None:
    known = resolve("busan")
    monkeypatch.setattr(search_module, "_keys", tuple)
    assert [resolve(typed) for typed in ("busan", "b", "nowhere")] == [known, None, None]


def test_every_zone_of_the_tz_database_is_found_by_its_own_name() -> None:
    assert [name for name in zones.names() if (resolve(name) or "") != name and fold(name).count(" ") > 0] == []


def test_the_tables_agree_with_the_tz_database() -> None:
    assert all(zones.known(city.zone) and city.country in countries() for city in cities())
    assert {city.zone for city in cities()} >= set(zones.located())
    assert all(zones.known(name) for meaning in abbreviations() for name in meaning.zones)


def test_all_letters_that_clocks_show_in_this_edition_are_explained() -> None:
    told = {(meaning.letters, meaning.offset, name) for meaning in abbreviations() for name in meaning.zones}
    year = datetime(2026, 1, 1, tzinfo=UTC)
    shown = {
        (reading.local_type.abbreviation, reading.offset, name)
        for name in zones.located()
        for reading in (clock.read(zones.load(name), year.replace(month=month)) for month in (1, 7))
    }
    assert {each for each in shown if each[0].isalpha()} <= told
