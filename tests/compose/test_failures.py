"""What dies under load, and that nothing is lost which was acknowledged: carts, orders, uploads, sessions."""

import json
import time

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
        died_at = time.monotonic()
        healed.kill("myclothes-1", "mywordpress-2")
        business.goes_on(PATIENCE_SECONDS)
    business.check_nothing_is_lost()
    check_readers_are_served(business, died_at)


@pytest.mark.parametrize("zone", ["a", "b"])
def test_a_zone_dies_and_the_other_goes_on(healed: Control, zone: str) -> None:
    with in_use(healed) as business:
        healed.kill_zone(zone)
        died_at = time.monotonic()
        business.goes_on(PATIENCE_SECONDS)
    business.check_nothing_is_lost()
    check_readers_are_served(business, died_at)
    check_writes_are_refused_at_worst(business, died_at)
    assert business.silence(died_at) < BACK_SECONDS


def test_the_primary_of_the_databases_dies_and_its_standby_is_promoted(healed: Control) -> None:
    writer = writer_of(healed)
    with in_use(healed) as business:
        healed.kill(writer)
        died_at = time.monotonic()
        business.goes_on(PATIENCE_SECONDS)
        # The keeper starts the lost one again, which then has to follow.
        business.goes_on(PATIENCE_SECONDS, more=15)
    business.check_nothing_is_lost()
    assert writer_of(healed) != writer
    check_readers_are_served(business, died_at)
    check_writes_are_refused_at_worst(business, died_at)
    assert business.silence(died_at) < BACK_SECONDS


def test_the_primary_of_the_caches_dies_and_sentinels_appoint_the_other(healed: Control) -> None:
    with in_use(healed) as business:
        healed.kill(primary_of_caches(healed))
        died_at = time.monotonic()
        business.goes_on(PATIENCE_SECONDS)
        business.goes_on(PATIENCE_SECONDS, more=15)
    business.check_nothing_is_lost()
    check_readers_are_served(business, died_at)
    check_writes_are_refused_at_worst(business, died_at)


def writer_of(control: Control) -> str:
    """The database that takes writes, as the promoter knows."""
    state = json.loads(control.execute("promoter", "cat", "/var/lib/promoter/state.json"))
    return str(state["writer"]).partition(":")[0]


def primary_of_caches(control: Control) -> str:
    """The cache that says so of itself."""
    role = 'exec /opt/cache/ask "$LISTEN" 6379 ROLE'
    return next(name for name in CACHES if control.execute(name, "sh", "-c", role).startswith("master"))


def check_readers_are_served(business: Business, died_at: float) -> None:
    """Nobody who came afterwards was turned away or waited long; before, at most those who were being served."""
    after = business.reads().between(died_at, died_at + 600)
    assert told(after.failed, died_at) == []
    assert max(answer.latency for answer in after) < READ_SECONDS
    assert len(business.reads().failed) <= 2


def check_writes_are_refused_at_worst(business: Business, died_at: float) -> None:
    """Whoever wrote afterwards was either heard, or told to come back."""
    after = business.writes().between(died_at, died_at + 600)
    assert told(after.failed.where(lambda answer: answer.outcome != "503"), died_at) == []


def told(answers: Answers, died_at: float) -> list[str]:
    """What was answered when and by whom, for people."""
    return [f"{a.due - died_at:+.2f} s: {a.outcome} after {a.latency:.2f} s by {a.instance or '-'}" for a in answers]
