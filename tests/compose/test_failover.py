"""Writer, promoter, relay and Redis die or hang, and all comes back with nobody at the keyboard, losing nothing."""

import json

import pytest

from compose.backing import CACHES
from compose.control import Control, until
from tests.compose.acknowledging import (
    DATABASE,
    SESSIONS,
    Acknowledging,
    ask_cache,
    ask_database,
    back_by_itself,
    members,
    rows,
)

pytestmark = pytest.mark.compose

BACK_SECONDS = 10.0
# That a server hangs is known by nothing but time that passes, so a busy machine takes longer to be sure of it.
HANGING_SECONDS = 20.0


def writer(control: Control) -> str:
    """Who takes writes, as the promoter knows."""
    state = json.loads(control.execute("promoter", "cat", "/var/lib/promoter/state.json"))
    return str(state["writer"]).partition(":")[0]


def primary(control: Control) -> str:
    """The Redis server whom the endpoints lead to, once all agree that there is one."""
    until(lambda: len(primaries(control)) == 1, 30, "one primary")
    return primaries(control)[0]


def primaries(control: Control) -> list[str]:
    """Those that take themselves for the primary, and have a replica."""
    return [name for name in CACHES if {"master", "online"} <= words(ask_cache(control, name, "INFO replication"))]


def words(text: str) -> set[str]:
    return set(text.replace(":", " ").replace("=", " ").replace(",", " ").split())


def check_writer_was_replaced(control: Control, lost: str, acknowledged: set[int]) -> None:
    """The lost one has come back as a follower, and both have everything."""
    back_by_itself(control)
    assert writer(control) != lost
    assert ask_database(control, lost, "SELECT @@global.read_only").strip() == "1"
    assert acknowledged <= rows(control, writer(control))
    until(lambda: acknowledged <= rows(control, lost), 10, f"{lost} has everything")
    until(lambda: acknowledged <= rows(control, "database-reader"), 10, "the reader has everything")


def test_a_killed_writer_is_replaced_and_comes_back(healed: Control) -> None:
    lost = writer(healed)
    back_by_itself(healed)
    with Acknowledging(healed, DATABASE) as writing:
        healed.kill(lost)
        writing.wait_for_more(50)
    check_writer_was_replaced(healed, lost, set(writing.acknowledged))
    assert writing.silence() < BACK_SECONDS


def test_a_writer_that_hangs_is_replaced_and_acknowledges_nothing_when_it_wakes_up(healed: Control) -> None:
    lost = writer(healed)
    back_by_itself(healed)
    with Acknowledging(healed, DATABASE) as writing:
        healed.pause(lost)
        writing.wait_for_more(50)
        healed.unpause(lost)
        writing.wait_for_more(50)
    check_writer_was_replaced(healed, lost, set(writing.acknowledged))
    assert writing.silence() < HANGING_SECONDS


def test_without_the_promoter_the_sites_go_on_and_it_promotes_when_it_is_back(healed: Control) -> None:
    lost = writer(healed)
    back_by_itself(healed)
    with Acknowledging(healed, DATABASE) as writing:
        healed.kill("promoter")
        writing.wait_for_more(100)
        until(lambda: healed.containers()["promoter"].runs, 20, "the promoter is started again")
        healed.kill(lost)
        writing.wait_for_more(50)
    check_writer_was_replaced(healed, lost, set(writing.acknowledged))


def test_a_killed_relay_comes_back_and_knows_the_writer_without_the_promoter(healed: Control) -> None:
    back_by_itself(healed)
    with Acknowledging(healed, DATABASE) as writing:
        healed.pause("promoter")
        healed.kill("relay-a")
        writing.wait_for_more(50)
        healed.unpause("promoter")
    assert set(writing.acknowledged) <= rows(healed, writer(healed))
    assert writing.silence() < BACK_SECONDS


def test_a_killed_primary_of_redis_is_replaced_and_comes_back(healed: Control) -> None:
    lost = primary(healed)
    with Acknowledging(healed, SESSIONS) as writing:
        healed.kill(lost)
        # All of these are confirmed by a replica, so the lost one has come back as that.
        writing.wait_for_more(50)
    assert primary(healed) != lost
    assert set(writing.acknowledged) <= members(healed, primary(healed))
    until(lambda: set(writing.acknowledged) <= members(healed, lost), 10, f"{lost} has everything")


def test_a_primary_of_redis_that_hangs_gets_nobody_back_when_it_wakes_up(healed: Control) -> None:
    lost = primary(healed)
    with Acknowledging(healed, SESSIONS) as writing:
        healed.pause(lost)
        until(lambda: "master" in ask_cache(healed, other(lost), "ROLE"), 20, "the Sentinels have chosen")
        before = writing.acknowledged_by_now()
        until(lambda: len(writing.acknowledged_by_now() - before) > 20, 20, "the endpoint has found the new primary")
        healed.unpause(lost)
        # Until the Sentinels have told the lost one, for some seconds, it takes itself for the primary.
        until(lambda: "slave" in ask_cache(healed, lost, "ROLE"), 40, f"{lost} follows")
        writing.wait_for_more(50)
        after = writing.acknowledged_by_now() - before
    assert primary(healed) != lost
    assert set(writing.acknowledged) | after <= members(healed, primary(healed))


def test_all_of_it_may_be_stopped_and_goes_on_from_there(healed: Control) -> None:
    with Acknowledging(healed, DATABASE) as writing, Acknowledging(healed, SESSIONS) as changing:
        writing.wait_for_more(20)
        changing.wait_for_more(20)
    healed.stop()
    healed.up()
    back_by_itself(healed)
    assert set(writing.acknowledged) <= rows(healed, writer(healed))
    assert set(changing.acknowledged) <= members(healed, primary(healed))


def other(cache: str) -> str:
    """The one of the two that this is not."""
    return next(name for name in CACHES if name != cache)
