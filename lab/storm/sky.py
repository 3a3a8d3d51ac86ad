"""What a random day is spent on: the whole architecture, of which nothing is left, and how it is broken and watched."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from compose.backing import CACHES
from compose.control import DockerFailed, running
from compose.switches import Switches
from lab.running.architecture import Stage
from lab.storm.plan import Blow, Deed

# Beside the architectures that a person, the tests and the other experiments may have running.
OWN = Switches(project="storm", subnet="10.213", port=8280, statistics_port=8604, names_port=8253)
IN_STEP = {"in_step": True, "unusable": []}


class Sky:
    """The ground of a random day, which its minutes and its seed tell apart from others."""

    def __init__(self, minutes: float, seed: int) -> None:
        self.described = {"MINUTES": f"{minutes:g}", "SEED": str(seed)}

    @contextmanager
    def standing(self) -> Iterator[Stage]:
        with running(OWN) as control:
            yield Stage(control)


def broken(stage: Stage, blow: Blow) -> AbstractContextManager[None]:
    """Within it the blow has fallen; afterwards all runs again."""
    match blow.deed:
        case Deed.KILL:
            return stage.killed(blow.target)
        case Deed.PAUSE:
            return stage.hanging(blow.target)
        case Deed.LOSE:
            return stage.zone_lost(blow.target)
    return restarted(stage, blow.target)


@contextmanager
def restarted(stage: Stage, service: str) -> Iterator[None]:
    """Stop it and start it at once."""
    try:
        stage.control.restart(service)
        yield
    finally:
        stage.control.heal()


def is_well(stage: Stage) -> bool:
    """Whether all is healthy, and whatever is lost next was copied before: databases and caches."""
    try:
        stage.control.wait(seconds=0)
        state = json.loads(stage.control.execute("promoter", "cat", "/var/lib/promoter/state.json"))
        followed = [name for name in CACHES if "state=online" in replication(stage, name)]
    except (TimeoutError, DockerFailed, ValueError):
        return False
    return IN_STEP.items() <= state.items() and len(followed) == 1


def replication(stage: Stage, cache: str) -> str:
    """What a Redis server tells of who follows it."""
    return stage.control.execute(cache, "sh", "-c", 'exec /opt/cache/ask "$LISTEN" 6379 INFO replication')
