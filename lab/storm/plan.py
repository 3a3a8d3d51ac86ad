"""Which fault comes when: a pure function of the seed, so that a day that failed comes again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from lab.texts import Text


class Deed(StrEnum):
    """What is done to a target."""

    KILL = "kill"
    PAUSE = "pause"
    RESTART = "restart"
    LOSE = "lose"


SAID = {
    Deed.KILL: ("{} is killed", "{}: 강제 종료"),
    Deed.PAUSE: ("{} hangs", "{}: 멈춤"),
    Deed.RESTART: ("{} starts again", "{}: 다시 시작"),
    Deed.LOSE: ("zone {} is lost", "가용 영역 {}를 잃는다"),
}
APPS = ("whatisthetime", "myclothes", "mywordpress")
# Each group is as likely as any other, however many there are of it.
GROUPS: Sequence[tuple[Sequence[Deed], Sequence[str]]] = (
    ((Deed.KILL, Deed.PAUSE), tuple(f"{app}-{number}" for app in APPS for number in (1, 2))),
    ((Deed.KILL, Deed.PAUSE), tuple(f"{app}-worker-1" for app in APPS)),
    ((Deed.KILL, Deed.PAUSE), ("database-a", "database-b", "database-reader")),
    ((Deed.KILL, Deed.PAUSE), ("cache-a", "cache-b")),
    ((Deed.KILL, Deed.PAUSE), ("relay-a", "relay-b", "cache-endpoint-a", "cache-endpoint-b")),
    ((Deed.KILL, Deed.PAUSE), ("promoter", "sentinel-a", "sentinel-b", "sentinel-c")),
    # It keeps what it was told in memory until it is stopped, which Amazon's does not: so it is never killed.
    ((Deed.RESTART,), ("cloud",)),
    ((Deed.LOSE,), ("a", "b", "c")),
)
SHORTEST_SECONDS, LONGEST_SECONDS = 4.0, 10.0
# What is reckoned for coming back: after a single container, and after a whole zone. It may take longer.
BACK_SECONDS, ZONE_BACK_SECONDS = 4.0, 10.0
CALM_SECONDS = 3.0


@dataclass(frozen=True)
class Blow:
    """One fault. It comes so many seconds after all is well again after the one before, and heals after `lasts`."""

    deed: Deed
    target: str
    after: float
    lasts: float

    @property
    def text(self) -> Text:
        en, ko = SAID[self.deed]
        return Text(en.format(self.target), ko.format(self.target))

    @property
    def reckoned(self) -> float:
        """The seconds that it is reckoned to take, until all is well again."""
        return self.after + self.lasts + (ZONE_BACK_SECONDS if self.deed is Deed.LOSE else BACK_SECONDS)


def plan(seed: int, minutes: float) -> Sequence[Blow]:
    """As many as are reckoned to fit, one at least; a longer day of the same seed begins like a shorter one."""
    draw, blows = Random(seed), list[Blow]()
    left = minutes * 60
    while (blow := _drawn(draw)).reckoned <= left or not blows:
        blows.append(blow)
        left -= blow.reckoned
    return blows


def _drawn(draw: Random) -> Blow:
    deeds, targets = draw.choice(GROUPS)
    lasts = draw.uniform(SHORTEST_SECONDS, LONGEST_SECONDS)
    return Blow(draw.choice(deeds), draw.choice(targets), round(draw.uniform(1, CALM_SECONDS), 1), round(lasts, 1))
