"""What an app gives to the chassis."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint
    from sqlalchemy import MetaData
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from apps.chassis.app import Application
    from apps.chassis.jobs import Jobs
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage


def _no_jobs() -> "Jobs":
    from apps.chassis.jobs import Jobs

    return Jobs()


def _no_commands() -> Mapping[str, "Command"]:
    return {}


def _no_watches(app: "Application") -> Mapping[str, "Watch"]:
    return {}


def _no_shortcut(flask: "WSGIApplication", app: "Application") -> "WSGIApplication":
    return flask


class Watch(Protocol):
    """What each web process keeps an eye on in the background, such as its clock; a part of its readiness."""

    def start(self) -> None:
        """Begin, in a thread of its own; called once in each process, after the fork."""

    def stop(self) -> None:
        """Ask the thread to end; it is not waited for."""

    def ready(self) -> Mapping[str, Any]:
        """`ok`, `detail` and whatever else is worth telling; answers at once from what was found last."""

    def gauges(self) -> Mapping[str, float]:
        """Figures for /metrics; none as long as nothing was found."""


@dataclass(frozen=True, slots=True)
class Command:
    """One verb of `python -m apps.NAME`; `run` gets the remaining arguments and answers the exit code."""

    summary: str
    run: "Callable[[Sequence[str], Settings], int]"


@dataclass(frozen=True, slots=True)
class Site:
    """An app as the chassis sees it. The callables are called late, so naming a site imports nothing of it."""

    name: str
    title: str
    package: str
    blueprints: "Callable[[], Sequence[Blueprint]]"
    metadata: "Callable[[], MetaData] | None" = None
    jobs: "Callable[[], Jobs]" = field(default=_no_jobs)
    seed: "Callable[[Session, Settings, Storage], None] | None" = None
    # The columns that hold the keys of stored files; None where no row names any.
    files: "Callable[[], Sequence[InstrumentedAttribute[str]]] | None" = None
    sessions: bool = True
    # The first is what a visitor gets who reads none of them.
    languages: tuple[str, ...] = ("en",)
    # Addresses that begin so are asked by programs, whose language no header decides.
    programs: tuple[str, ...] = ()
    # Addresses that end so are feeds: asked by programs as well, and nothing that robots should keep away from.
    feeds: tuple[str, ...] = ()
    # Where the list of pages for search engines is; empty without one.
    sitemap: str = ""
    commands: "Callable[[], Mapping[str, Command]]" = field(default=_no_commands)
    # Called once the backends of the app are there.
    watches: "Callable[[Application], Mapping[str, Watch]]" = field(default=_no_watches)
    # A layer before Flask, for what is asked so often that Flask would cost more than the answer.
    shortcut: "Callable[[WSGIApplication, Application], WSGIApplication]" = field(default=_no_shortcut)
    # How old what that layer gives out may be. Who wrote is told by a cookie for longer than that: the pin.
    kept_seconds: float = 0.0
