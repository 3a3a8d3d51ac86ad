"""Every zone through every route that takes one, at the present, beside what libc's zdump shows now."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import clock, zones
from apps.whatisthetime.api import stream
from tests.whatisthetime import zdumped

ROUTES = (
    "/api/timezone/{zone}",
    "/api/timezone/{zone}.txt",
    "/api/timezone/{zone}?unusual",
    "/api/ip?timezone={zone}",
    "/api/ip.txt?timezone={zone}",
    "/api/moment?zone={zone}",
    "/api/moment?zone={zone}&time={now}",
    "/api/convert?from=UTC&to={zone}&time={now}",
    "/api/difference?from={now}&until={now}&zone={zone}",
    "/api/sum?time={now}&add=PT0S&zone={zone}",
    "/zones/{zone}",
)
# These tell the offset, and no abbreviation.
SHORT = ("/world?zones={zone}", "/convert?from=UTC&to={zone}&time={now}")
PAGES = ("/?zone={zone}", "/zones/{zone}", "/zones/{zone}?lang=ko", "/meet?zones={zone}")
SAMPLE = 100


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def test_a_sample_of_zones_is_told_by_every_route(zdump: str, client: FlaskClient, now: datetime) -> None:
    names = [*zones.names()[::SAMPLE], "America/Argentina/Buenos_Aires", "Africa/Casablanca"]
    assert list(unlike(zdump, client, names, now)) == []


@pytest.mark.long
def test_every_zone_is_told_by_every_route(zdump: str, client: FlaskClient, now: datetime) -> None:
    assert list(unlike(zdump, client, zones.names(), now)) == []


def unlike(program: str, client: FlaskClient, names: Sequence[str], now: datetime) -> Iterator[str]:
    """Routes that tell another offset or abbreviation than zdump does, or fail."""
    for name, (offset, abbreviation) in zdumped.at_present(program, names).items():
        for route in (*ROUTES, *SHORT):
            # A wall time is given in the zone's own, or in UTC where that is what it is read in.
            wall = now if "from=UTC" in route else clock.read(zones.load(name), now.replace(tzinfo=UTC)).local
            path = route.format(zone=quote(name), now=wall.strftime("%Y-%m-%dT%H:%M:%S"))
            answer = client.get(path, headers={"Accept": "text/plain"}, follow_redirects=True)
            wanted = [offset] if route in SHORT else [offset, abbreviation]
            if answer.status_code != 200 or not all(each in answer.text for each in wanted):
                yield f"{path}: {answer.status_code}, and not {wanted} in {answer.text[:200]}"
        yield from (f"{path}: fails" for path in broken_pages(client, name))
        event = list(stream.events(zones.load(name), "", iter([int(time.time())])))[1]
        fields = json.loads(event.partition(b"data: ")[2])
        if (fields["utc_offset"], fields["abbreviation"]) != (offset, abbreviation):
            yield f"stream of {name}: {fields}"


def broken_pages(client: FlaskClient, name: str) -> list[str]:
    """Pages that do not come whole; one may lead to another, as from `Japan` to the zone of that country."""
    paths = [page.format(zone=quote(name)) for page in PAGES]
    answers = {path: client.get(path, headers={"Accept": "text/html"}, follow_redirects=True) for path in paths}
    return [path for path, answer in answers.items() if answer.status_code != 200 or "</html>" not in answer.text]
