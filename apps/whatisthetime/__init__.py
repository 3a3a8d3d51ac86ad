"""WhatIsTheTime: the time in any zone, from any instance, with no state at all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apps.chassis.sites import Site, Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint

    from apps.chassis.app import Application
    from apps.chassis.jobs import Jobs


def _blueprints() -> "Sequence[Blueprint]":
    from apps.whatisthetime import answers
    from apps.whatisthetime.api import (
        conversions,
        docs,
        moments,
        openapi,
        search,
        spans,
        stream,
        sync,
        transitions,
        worldtime,
    )
    from apps.whatisthetime.pages import converter, meeting, world, zones
    from apps.whatisthetime.pages import search as search_page

    ours = (
        docs,
        openapi,
        sync,
        stream,
        transitions,
        conversions,
        spans,
        moments,
        search,
        search_page,
        converter,
        meeting,
    )
    return [
        answers.blueprint,
        zones.blueprint,
        world.blueprint,
        worldtime.blueprint,
        *(each.blueprint for each in ours),
    ]


def _jobs() -> "Jobs":
    from apps.whatisthetime.jobs import jobs

    return jobs


def _watches(app: "Application") -> Mapping[str, Watch]:
    from apps.whatisthetime.accuracy import ClockWatch
    from apps.whatisthetime.warmth import Warmth

    settings = app.settings
    clock = ClockWatch(settings.ntp_server, settings.clock_max_offset_seconds)
    return {"clock": clock, "warmth": Warmth(app)}


def _shortcut(flask: "WSGIApplication", app: "Application") -> "WSGIApplication":
    from apps.whatisthetime.fast import Fast

    return flask if app.settings.worker else Fast(flask, app)


SITE = Site(
    name="whatisthetime",
    title="WhatIsTheTime",
    package="apps.whatisthetime",
    blueprints=_blueprints,
    jobs=_jobs,
    sessions=False,
    watches=_watches,
    shortcut=_shortcut,
    languages=("en", "ko"),
    programs=("/api/",),
)
