"""Names of zones, and what people type instead."""

import re

import pytest

from apps.whatisthetime import rules, tzif, zones
from apps.whatisthetime.zones import UnknownZone


def test_zones_come_from_the_pinned_package() -> None:
    assert re.fullmatch(r"20\d\d[a-z]", zones.edition())
    assert zones.load("Asia/Seoul").compiled.footer == "KST-9"


@pytest.mark.parametrize(
    "name", ["../zones", "Asia/../Asia/Seoul", "/etc/passwd", "Asia", "", "asia/seoul", "tzdata.zi"]
)
def test_only_a_listed_name_is_read(name: str) -> None:
    with pytest.raises(UnknownZone):
        zones.load(name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Asia/Seoul", "Asia/Seoul"),
        ("asia/seoul", "Asia/Seoul"),
        (" seoul ", "Asia/Seoul"),
        ("new york", "America/New_York"),
        ("america/argentina/buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_as_people_write_it(typed: str, meant: str) -> None:
    assert zones.find(typed).name == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("Seul", "Asia/Seoul"), ("Asia/Soul", "Asia/Seoul"), ("Kiev", "Europe/Kyiv")]
)
def test_a_misspelt_zone_names_what_may_be_meant(typed: str, meant: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zones.find(typed)
    assert caught.value.candidates[0] == meant
    assert len(caught.value.candidates) <= zones.CANDIDATES


def test_a_zone_knows_its_place() -> None:
    zone = zones.load("America/Argentina/Buenos_Aires")
    assert (zone.city, zone.area, zone.country_code) == ("Buenos Aires", "America", "AR")
    assert zone.place is not None
    assert (round(zone.place.latitude, 2), round(zone.place.longitude, 2)) == (-34.6, -58.45)


def test_every_name_belongs_to_one_area() -> None:
    assert sorted(name for members in zones.areas().values() for name in members) == list(zones.names())


def test_what_is_no_zone_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not a TZif file"):
        tzif.read(b"PNG" + bytes(60))


@pytest.mark.parametrize("rule", ["", "EST", "EST5EDT,J60,J300", "EST5EDT,M3.2.0,M11.1.0 and more"])
def test_a_rule_that_the_database_does_not_write_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        rules.parse(rule)


def test_a_rule_may_change_clocks_before_midnight_or_days_later() -> None:
    greenland = rules.parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0").changes(2026)
    jerusalem = rules.parse("IST-2IDT,M3.4.4/26,M10.5.0").changes(2026)
    assert [change.at for change in greenland] == [1774746000, 1792890000]
    assert [change.at for change in jerusalem] == [1774569600, 1792882800]
