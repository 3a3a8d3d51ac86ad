"""What an app gives to the chassis."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy import MetaData
    from sqlalchemy.orm import Session

    from apps.chassis.jobs import Jobs
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage


def _no_jobs() -> "Jobs":
    from apps.chassis.jobs import Jobs

    return Jobs()


def _no_commands() -> Mapping[str, "Command"]:
    return {}


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
    sessions: bool = True
    commands: "Callable[[], Mapping[str, Command]]" = field(default=_no_commands)
