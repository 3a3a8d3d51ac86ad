"""The ways to replace a version, each with its way back from one that turns out to be buggy."""

from collections.abc import Callable

from lab.experiments.beanstalk.fleet import SIZE, TTL_SECONDS, Environment, Fleet
from lab.running.run import Run

# After so many seconds of errors somebody, or an alarm, calls the version back.
NOTICE_SECONDS = 4.0
Trial = Run[tuple[Fleet, Environment]]
# Puts a version in the place of the present one.
Policy = Callable[[Trial, int], None]


def all_at_once(its: Trial, version: int) -> None:
    """Every instance at the same time."""
    fleet, environment = its.ground
    fleet.deploy(environment.members, version)


def all_at_once_and_back(its: Trial, version: int, good: int) -> None:
    """Until it is noticed everybody has it, and the way back is another deployment."""
    all_at_once(its, version)
    its.wait(NOTICE_SECONDS)
    all_at_once(its, good)


def rolling(its: Trial, version: int) -> None:
    """One instance after the other, each without visitors meanwhile."""
    for place in range(SIZE):
        _roll(its, place, version)


def rolling_and_back(its: Trial, version: int, good: int) -> None:
    """Noticed with the first instance; the other was never touched."""
    _roll(its, 0, version)
    its.wait(NOTICE_SECONDS)
    _roll(its, 0, good)


def _roll(its: Trial, place: int, version: int) -> None:
    fleet, environment = its.ground
    member = environment.members[place]
    environment.serve_by([other for other in environment.members if other is not member])
    fleet.deploy([member], version)
    environment.serve_by(environment.members)


def immutable(its: Trial, version: int) -> None:
    """New instances beside the old ones, first a single one; the old ones go when all new ones serve."""
    fleet, environment = its.ground
    first = fleet.launch(version, 1)
    environment.serve_by([*environment.members, *first])
    new = [*first, *fleet.launch(version, SIZE - 1)]
    old, environment.members = environment.members, new
    environment.serve_by(new)
    its.wait(1)
    for member in old:
        member.terminate()


def immutable_and_back(its: Trial, version: int, good: int) -> None:
    """Noticed with the first new instance; to end it is the whole way back."""
    fleet, environment = its.ground
    first = fleet.launch(version, 1)
    environment.serve_by([*environment.members, *first])
    its.wait(NOTICE_SECONDS)
    environment.serve_by(environment.members)
    for member in first:
        member.terminate()


def blue_green(its: Trial, version: int) -> None:
    """A whole new environment, tried before the name is turned to it; the old one waits until nobody knows it."""
    fleet, blue = its.ground
    green = fleet.environment(version)
    if not green.works():
        green.terminate()
        return
    fleet.address = green.balancer.address
    its.wait(TTL_SECONDS + 1)
    blue.terminate()
    its.ground = (fleet, green)


def blue_green_and_back(its: Trial, version: int, good: int) -> None:
    """Noticed before anybody is sent there."""
    blue_green(its, version)
