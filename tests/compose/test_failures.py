"""What dies under load, and that nothing is lost which was acknowledged: carts, orders, uploads, sessions."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from compose.backing import CACHES
from compose.control import Control
from lab.load.answers import Answers
from tests.compose.business import Business, in_use

pytestmark = pytest.mark.compose

READ_SECONDS, BACK_SECONDS = 3.0, 10.0
PATIENCE_SECONDS = 60.0


def test_an_instance_dies_and_no_reader_notices(healed: Control) -> None:
    with in_use(healed) as business:
        deaths = die(lambda: healed.kill("myclothes-1", "mywordpress-2"))
        business.goes_on(PATIENCE_SECONDS)
    business.check_nothing_is_lost()
    check_readers_are_served(business, deaths)


@pytest.mark.parametrize("zone", ["a", "b"])
def test_a_zone_dies_and_the_other_goes_on(healed: Control, zone: str) -> None:
    with in_use(healed) as business:
        deaths = die(lambda: healed.kill_zone(zone))
        business.goes_on(PATIENCE_SECONDS)
    business.check_nothing_is_lost()
    check_readers_are_served(business, deaths)
    check_writes_are_refused_at_worst(business, deaths)
    assert business.silence(deaths.last) < BACK_SECONDS


def test_the_primary_of_the_databases_dies_and_its_standby_is_promoted(healed: Control) -> None:
    writer = writer_of(healed)
    with in_use(healed) as business:
        deaths = die(lambda: healed.kill(writer))
        business.goes_on(PATIENCE_SECONDS)
        # The keeper starts the lost one again, which then has to follow.
        business.goes_on(PATIENCE_SECONDS, more=15)
    business.check_nothing_is_lost()
    assert writer_of(healed) != writer
    check_readers_are_served(business, deaths)
    check_writes_are_refused_at_worst(business, deaths)
    assert business.silence(deaths.last) < BACK_SECONDS


def test_the_primary_of_the_caches_dies_and_sentinels_appoint_the_other(healed: Control) -> None:
    with in_use(healed) as business:
        primary = primary_of_caches(healed)
        deaths = die(lambda: healed.kill(primary))
        business.goes_on(PATIENCE_SECONDS)
        business.goes_on(PATIENCE_SECONDS, more=15)
    business.check_nothing_is_lost()
    check_readers_are_served(business, deaths)
    check_writes_are_refused_at_worst(business, deaths)


def writer_of(control: Control) -> str:
    """The database that takes writes, as the promoter knows."""
    state = json.loads(control.execute("promoter", "cat", "/var/lib/promoter/state.json"))
    return str(state["writer"]).partition(":")[0]


def primary_of_caches(control: Control) -> str:
    """The cache that says so of itself."""
    role = 'exec /opt/cache/ask "$LISTEN" 6379 ROLE'
    return next(name for name in CACHES if control.execute(name, "sh", "-c", role).startswith("master"))


@dataclass(frozen=True)
class Deaths:
    """When the first and the last died: Docker kills one after the other, which takes a second for a whole zone."""

    first: float
    last: float


def die(kill: Callable[[], None]) -> Deaths:
    """When it happened."""
    first = time.monotonic()
    kill()
    return Deaths(first, time.monotonic())


def check_readers_are_served(business: Business, deaths: Deaths) -> None:
    """Nobody who came afterwards was turned away or waited long, nor before, but for those who came just then."""
    reads = business.reads()
    after = reads.between(deaths.last, deaths.last + 600)
    assert told(after.failed, deaths) == []
    assert max(answer.latency for answer in after) < READ_SECONDS
    assert told(reads.between(0, deaths.first - READ_SECONDS).failed, deaths) == []
    assert len(reads.failed) <= len(reads.between(deaths.first, deaths.last)) + 1


def check_writes_are_refused_at_worst(business: Business, deaths: Deaths) -> None:
    """Whoever wrote afterwards was either heard, or told to come back."""
    after = business.writes().between(deaths.last, deaths.last + 600)
    assert told(after.failed.where(lambda answer: answer.outcome != "503"), deaths) == []


def told(answers: Answers, deaths: Deaths) -> list[str]:
    """What was answered when and by whom, for people."""
    return [
        f"{answer.due - deaths.last:+.2f} s: {answer.outcome} after {answer.latency:.2f} s by {answer.instance or '-'}"
        for answer in answers
    ]
