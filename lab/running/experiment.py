"""An experiment: what is believed, on what it is tried, and how."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from lab.texts import Text

if TYPE_CHECKING:
    from lab.running.run import Run

T_co = TypeVar("T_co", covariant=True)


class Ground(Protocol[T_co]):
    """What an experiment is tried on."""

    @property
    def described(self) -> Mapping[str, str]:
        """The variables that make it this one and no other."""

    def standing(self) -> AbstractContextManager[T_co]:
        """Brings it up, healthy, and hands out what an experiment may do to it."""


@dataclass(frozen=True)
class Experiment:
    """One stage of the course. `body` loads, breaks and measures, claims what it found, and answers the verdict."""

    # Its site and its file: `whatisthetime/one-instance`.
    name: str
    title: Text
    hypothesis: Text
    ground: Ground[Any]
    body: "Callable[[Run[Any]], Text]"
    # Whether the course says that this architecture fails here.
    fails: bool = False
    # The names of the experiments whose failure this one is the answer to.
    cures: tuple[str, ...] = ()
    # What its load may take, or it is given up.
    most_seconds: float = 120.0

    @property
    def site(self) -> str:
        """The part of the course that it belongs to."""
        return self.name.partition("/")[0]
