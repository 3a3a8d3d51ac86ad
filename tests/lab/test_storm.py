"""A random day: the seed alone decides, nothing is drawn that could not be broken, and what is wrong is seen."""

import re

import pytest

from compose.switches import Switches
from compose.topology import topology
from lab.load.answers import Answer, Answers
from lab.load.visitor import Site, Visitor
from lab.running.record import Mark
from lab.storm.crowd import Cart
from lab.storm.day import storm
from lab.storm.invariants import unexplained
from lab.storm.plan import GROUPS, Deed, plan


def test_a_seed_always_draws_the_same_day() -> None:
    assert plan(7, 30) == plan(7, 30)


def test_another_seed_draws_another_day() -> None:
    assert len({tuple(plan(seed, 10)) for seed in range(20)}) == 20


def test_the_plan_of_a_seed_stays_as_it_was_when_it_was_noted() -> None:
    assert [(blow.deed.value, blow.target, blow.after, blow.lasts) for blow in plan(1, 1)] == [
        ("kill", "database-b", 1.2, 7.4),
        ("lose", "a", 1.2, 6.8),
        ("pause", "myclothes-2", 2.2, 9.4),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_longer_day_begins_like_a_shorter_one(seed: int) -> None:
    short, long = plan(seed, 3), plan(seed, 30)
    assert len(long) > len(short)
    assert list(long[: len(short)]) == list(short)


@pytest.mark.parametrize("seed", range(5))
def test_the_day_is_as_long_as_was_asked_for(seed: int) -> None:
    assert 540 < sum(blow.reckoned for blow in plan(seed, 10)) <= 600


def test_each_group_has_its_turn_within_an_hour() -> None:
    hit = {blow.target for blow in plan(3, 60)}
    assert all(hit & set(targets) for _, targets in GROUPS)


def test_whatever_is_drawn_exists() -> None:
    services = topology(Switches()).services
    zones = {service.zone for service in services.values()}
    for deeds, targets in GROUPS:
        assert set(targets) <= (zones if Deed.LOSE in deeds else set(services))


def test_each_blow_is_told_in_both_languages() -> None:
    for blow in plan(5, 60):
        assert blow.target in blow.text.en
        assert blow.target in blow.text.ko
        assert re.search("[가-힣]", blow.text.ko)


@pytest.mark.parametrize(
    ("due", "latency", "is_explained"),
    [(9, 0.5, False), (9, 1.5, True), (15, 0, True), (24.9, 0, True), (25.1, 0, False)],
    ids=["over before", "under way", "within", "until well again", "after"],
)
def test_a_failure_is_explained_while_a_fault_lasts_and_shortly_after(
    due: float, latency: float, is_explained: bool
) -> None:
    answers = Answers([Answer("page", due, latency, "503"), Answer("page", 100, 0.1, "200")])
    marks = [Mark(plan(1, 1)[0].text, 10, 20)]
    assert (len(unexplained(answers, marks, 5)) == 0) == is_explained


@pytest.mark.parametrize(("pieces", "is_fine"), [(1, False), (2, True), (3, True), (4, False)])
def test_a_cart_holds_what_was_confirmed_and_no_more_than_was_tried(pieces: int, is_fine: bool) -> None:
    cart = Cart(Visitor(0, Site("shop.test"), [], []), [7], tried=3, confirmed=2)
    assert cart.holds(f'<span class="badge">{pieces}</span>') == is_fine


def test_a_day_is_told_by_its_minutes_and_its_seed() -> None:
    day = storm(minutes=2.5, seed=9)
    assert day.name == "storm/seed-9"
    assert day.ground.described == {"MINUTES": "2.5", "SEED": "9"}
