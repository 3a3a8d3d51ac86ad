"""What is asked with a time, asked around each change since 1970 of every zone, beside what libc's zdump shows there.

The routes that tell the present and those that list changes are compared in `test_zdump.py`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.whatisthetime import zdumped
from tests.whatisthetime.test_zdump import FIRST, LAST, changes, files
from tests.whatisthetime.zdumped import Shown

# Each takes half a minute, and they may run side by side.
PARTS = 4


def test_a_sample_of_zones_is_told_around_each_change(zdump: str, client: FlaskClient) -> None:
    sample = ["Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia"]
    assert list(sweep(zdump, client, [[name] for name in sample])) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_zone_is_told_around_each_change(zdump: str, client: FlaskClient, part: int) -> None:
    assert list(sweep(zdump, client, files()[part::PARTS])) == []


def sweep(program: str, client: FlaskClient, groups: Iterable[Sequence[str]]) -> Iterator[str]:
    """Whatever is told otherwise than by libc. Names whose files are the same take turns."""
    by_first = {names[0]: names for names in groups}
    for first, lines in zdumped.around_changes(program, by_first, FIRST, LAST).items():
        names = by_first[first]
        for turn, (before, after) in enumerate(changes(lines)):
            yield from unlike(client, names[turn % len(names)], before, after)


def unlike(client: FlaskClient, name: str, before: Shown, after: Shown) -> Iterator[str]:
    """Routes that tell otherwise than zdump's two lines about a change, which lie a second apart."""
    zone = quote(name)
    spans = (
        f"/api/sum?zone={zone}&time={wall(before)}&add=PT1S",
        f"/api/difference?zone={zone}&from={wall(before)}&until={wall(after)}",
    )
    for path in spans:
        if not any(tells(each["from"], before) and tells(each["until"], after) for each in told(client, path)):
            yield path
    # A wall time may mean the other of two moments as well.
    path = f"/api/convert?from={zone}&to=UTC&time={wall(after)}"
    if not any(tells(each["from"], after) and each["unix"] == after.unix for each in told(client, path)):
        yield path
    path = f"/api/moment?zone={zone}&time={wall(before)}"
    if not any(tells(each, before) and each["unix"] == before.unix for each in told(client, path)):
        yield path
    path = f"/api/moment?zone={zone}&unix={after.unix}"
    if [tells(each, after) for each in told(client, path)] != [True]:
        yield path
    path = f"/api/convert?from=UTC&to={zone}&time={zdumped.at(before.unix).isoformat()}"
    if [tells(each["to"][0], before) for each in told(client, path)] != [True]:
        yield path


def told(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """The answers, of which there is at least one."""
    found: list[dict[str, Any]] = json.loads(client.get(path).text)["answers"]
    assert found, path
    return found


def tells(fields: dict[str, Any], line: Shown) -> bool:
    """Whether a moment in a zone is shown as in zdump's line."""
    shown = (wall(line) + zdumped.written(line.offset), line.offset, line.dst, line.abbreviation)
    return shown == (fields["datetime"], fields["offset"], fields["dst"], fields["abbreviation"])


def wall(line: Shown) -> str:
    return line.local.isoformat()
