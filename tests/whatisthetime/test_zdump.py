"""Every zone beside libc's own reader of the same files: around each change since 1970, and at the present.

What is told otherwise than by zdump is told so on purpose: periods of saving time by less than an hour are none.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import fast, tzif, zones
from apps.whatisthetime.rules import LocalType
from tests.whatisthetime import zdumped
from tests.whatisthetime.zdumped import Shown

FIRST, LAST = 1970, 2037
HOUR = 3600
SAMPLE = 30


def files() -> list[list[str]]:
    """Names by what their files hold: half of all names are links."""
    grouped: dict[bytes, list[str]] = {}
    for name in zones.names():
        grouped.setdefault(zones.data(name), []).append(name)
    return list(grouped.values())


def test_a_sample_of_zones_shows_what_libc_shows(zdump: str, client: FlaskClient) -> None:
    sample = files()[::SAMPLE]
    assert list(sweep(zdump, client, [*sample, ["Europe/Tallinn"], ["Europe/Dublin"], ["Pacific/Norfolk"]])) == []


@pytest.mark.long
def test_every_zone_shows_what_libc_shows(zdump: str, client: FlaskClient) -> None:
    assert list(sweep(zdump, client, files())) == []


def test_rules_lead_as_far_as_libc_follows_them(zdump: str, client: FlaskClient) -> None:
    ruled = {
        zones.load(name).compiled.footer: [name] for name in zones.names() if zones.load(name).compiled.rule.saving
    }
    assert list(sweep(zdump, client, ruled.values(), 2398, 2401)) == []


def sweep(
    program: str, client: FlaskClient, groups: Iterable[Sequence[str]], first: int = FIRST, last: int = LAST
) -> Iterator[str]:
    """Whatever is told otherwise than by libc."""
    by_first = {names[0]: names for names in groups}
    for name, lines in zdumped.around_changes(program, by_first, first, last).items():
        yield from unlike_glances(name, lines)
        for each in by_first[name]:
            yield from unlike_changes(client, f"/api/transitions/{each}?from={first}&until={last}", lines)
            yield from unlike_answers(each, lines)


def unlike_changes(client: FlaskClient, path: str, lines: Sequence[Shown]) -> Iterator[str]:
    theirs = {(after.unix, kind(before), kind(after)) for before, after in changes(lines)}
    found = json.loads(client.get(path).text)["transitions"]
    ours = {(each["unix"], shown(each["before"]), shown(each["after"])) for each in found}
    yield from (f"{path}: {each}" for each in ours ^ theirs)


def unlike_glances(name: str, lines: Sequence[Shown]) -> Iterator[str]:
    """The quick look at a file must see the same, and must not promise it beyond the next change."""
    data = zones.data(name)
    for line, following in pairwise([*lines, None]):
        assert line
        seen = tzif.glance(data, line.unix, zdumped.at(line.unix).year)
        if seen.shows != kind(line) or (following and kind(following) != kind(line) and seen.until > following.unix):
            yield f"{name}: glance {line} {seen}"


def unlike_answers(name: str, lines: Sequence[Shown]) -> Iterator[str]:
    route = fast.Time(name, text=False)
    flips = [after for before, after in changes(lines) if before.dst != after.dst]
    for line in lines:
        told: dict[str, Any] = json.loads(route.at(line.unix * 1_000_000, "192.0.2.1"))
        expected = expectation(name, line, told)
        yield from (f"{name} {line}: {key} {told[key]}" for key, value in expected.items() if told[key] != value)
        if not is_sound(told, line) or not is_period(told, line, flips):
            yield f"{name} {line}: {told}"


def expectation(name: str, line: Shown, told: dict[str, Any]) -> dict[str, object]:
    """What zdump's line says of an answer's fields."""
    offset = zdumped.written(line.offset)
    return {
        "abbreviation": line.abbreviation,
        "datetime": line.local.isoformat(timespec="microseconds") + offset,
        "day_of_week": line.local.isoweekday() % 7,
        "day_of_year": line.local.timetuple().tm_yday,
        "dst": line.dst,
        "raw_offset": line.offset - told["dst_offset"],
        "timezone": name,
        "unixtime": line.unix,
        "utc_datetime": zdumped.at(line.unix).isoformat(timespec="microseconds") + "+00:00",
        "utc_offset": offset,
        "week_number": line.local.isocalendar().week,
    }


def is_sound(told: dict[str, Any], line: Shown) -> bool:
    """Saving time saves something, at most two hours, and standard time nothing."""
    saved: int = abs(told["dst_offset"])
    return 0 < saved <= 2 * HOUR if line.dst else saved == 0


def is_period(told: dict[str, Any], line: Shown, flips: Sequence[Shown]) -> bool:
    """Whether the period that is told lies between the changes that zdump knows, or is rightly not told."""
    last = next((each for each in reversed(flips) if each.unix <= line.unix), None)
    following = next((each for each in flips if each.unix > line.unix), None)
    since, until = (last, following) if line.dst else (following, last)
    if told["dst_from"] is None and told["dst_until"] is None:
        # Where saving time begins, and its hour is none, zdump's two lines lie less than an hour apart.
        return not (since and until) or abs(told["dst_offset"] if line.dst else jump(since, flips)) < HOUR
    known = ((told["dst_from"], since), (told["dst_until"], until))
    return all(each is None or text == moment(each) for text, each in known)


def jump(start: Shown, flips: Sequence[Shown]) -> int:
    """Seconds between a period's offset and the one that follows it."""
    following = next((each for each in flips if each.unix > start.unix), None)
    return start.offset - following.offset if following else 0


def changes(lines: Sequence[Shown]) -> list[tuple[Shown, Shown]]:
    found = list(zip(lines[::2], lines[1::2], strict=True))
    assert all(before.unix + 1 == after.unix for before, after in found)
    return found


def kind(line: Shown) -> LocalType:
    return LocalType(line.offset, line.dst, line.abbreviation)


def shown(fields: dict[str, Any]) -> LocalType:
    return LocalType(fields["offset"], fields["dst"], fields["abbreviation"])


def moment(line: Shown) -> str:
    return zdumped.at(line.unix).isoformat() + "+00:00"
