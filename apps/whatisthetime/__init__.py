"""WhatIsTheTime: the time in any zone, from any instance, with no state at all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apps.chassis.sites import Site

if TYPE_CHECKING:
    from flask import Blueprint

    from apps.chassis.jobs import Jobs


def _blueprints() -> "Sequence[Blueprint]":
    from apps.whatisthetime import api, views

    return [views.blueprint, api.blueprint]


def _jobs() -> "Jobs":
    from apps.whatisthetime.jobs import jobs

    return jobs


SITE = Site(
    name="whatisthetime",
    title="WhatIsTheTime",
    package="apps.whatisthetime",
    blueprints=_blueprints,
    jobs=_jobs,
    sessions=False,
)
