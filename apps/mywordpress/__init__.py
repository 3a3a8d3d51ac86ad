"""MyWordPress: a journal whose pictures live in a shared folder, so that any number of instances can serve it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apps.chassis.sites import Command, Site, Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint
    from sqlalchemy import MetaData
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from apps.chassis.app import Application
    from apps.chassis.database import Database
    from apps.chassis.jobs import Jobs
    from apps.chassis.people import Person
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage


# No page is older, on any instance, by whatever way it came: a copy of the process, the cache, nginx in front of it.
KEPT_SECONDS = 1.0
TABLES = (
    "options.models",
    "letters.models",
    "accounts.models",
    "accounts.programs",
    "media.models",
    "terms.models",
    "posts.models",
    "posts.filing",
    "posts.history",
    "posts.words",
    "comments.models",
    "menus.models",
    "wxr.models",
)


def _blueprints() -> "Sequence[Blueprint]":
    from apps.mywordpress.accounts import views as accounts
    from apps.mywordpress.api.views import api
    from apps.mywordpress.comments import views as comments
    from apps.mywordpress.feeds.embeds import embeds
    from apps.mywordpress.feeds.maps import maps
    from apps.mywordpress.feeds.views import feeds
    from apps.mywordpress.front.entries import entries
    from apps.mywordpress.front.standing import standing
    from apps.mywordpress.front.views import front
    from apps.mywordpress.media.views import media
    from apps.mywordpress.menus.views import menus
    from apps.mywordpress.options.views import options
    from apps.mywordpress.posts.moves import moves
    from apps.mywordpress.posts.revisions import revisions
    from apps.mywordpress.posts.views import pages, posts
    from apps.mywordpress.posts.writing import writing
    from apps.mywordpress.rpc.views import rpc
    from apps.mywordpress.terms.views import terms
    from apps.mywordpress.wxr.views import exports, imports

    desk = posts, pages, moves, writing, revisions, terms, menus, options, imports, exports
    readers = front, entries, feeds, embeds, maps, standing
    return (*accounts.BLUEPRINTS, media, *desk, *comments.BLUEPRINTS, *readers, api, rpc)


def _metadata() -> "MetaData":
    from importlib import import_module

    from apps.mywordpress.models import Base

    # A table is known once its module is imported.
    for module in TABLES:
        import_module(f"{__name__}.{module}")
    return Base.metadata


def _jobs() -> "Jobs":
    from apps.chassis.letters.jobs import jobs_of
    from apps.mywordpress.accounts.jobs import jobs as accounts
    from apps.mywordpress.comments.jobs import jobs as comments
    from apps.mywordpress.front.jobs import jobs as front
    from apps.mywordpress.letters.models import Letter
    from apps.mywordpress.letters.writing import write
    from apps.mywordpress.media.jobs import jobs as media
    from apps.mywordpress.posts.jobs import jobs as posts
    from apps.mywordpress.wxr.jobs import jobs as wxr

    jobs = jobs_of(Letter, write)
    jobs.include(accounts)
    jobs.include(comments)
    jobs.include(media)
    jobs.include(posts)
    jobs.include(front)
    jobs.include(wxr)
    return jobs


def _seed(db: "Session", settings: "Settings", storage: "Storage") -> None:
    from apps.mywordpress.seed import seed

    seed(db, storage)


def _files() -> "Sequence[InstrumentedAttribute[str]]":
    from apps.mywordpress.media.models import KEYS

    return KEYS


def _user() -> "type[Person]":
    from apps.mywordpress.accounts.models import User

    return User


def _watches(app: "Application") -> Mapping[str, Watch]:
    from apps.mywordpress.freshness.watch import FreshnessWatch

    assert app.database is not None
    return {"freshness": FreshnessWatch(app.database), **_watches_of_files(app, app.database)}


def _watches_of_files(app: "Application", database: "Database") -> Mapping[str, Watch]:
    if app.settings.storage_shared:
        return {}
    from apps.mywordpress.media.watch import RenditionsWatch
    from apps.mywordpress.posts.jobs import render_late

    return {"renditions": RenditionsWatch(database, app.storage, app.settings.data_dir, render_late)}


def _shortcut(flask: "WSGIApplication", app: "Application") -> "WSGIApplication":
    from apps.mywordpress.api.addresses import by_query
    from apps.mywordpress.freshness.layer import Layer
    from apps.mywordpress.freshness.watch import FreshnessWatch

    watch = app.watches.get("freshness")
    return by_query(Layer(flask, app, watch) if isinstance(watch, FreshnessWatch) else flask)


def _commands() -> Mapping[str, Command]:
    from apps.chassis import administrators

    return {
        "administrator": administrators.command(_user),
        "export": Command("[--type TYPE] FILE: write all in WordPress's format (WXR)", _export),
    }


def _export(argv: Sequence[str], settings: "Settings") -> int:
    from apps.mywordpress.wxr.command import export_command

    return export_command(argv, settings)


SITE = Site(
    name="mywordpress",
    title="MyWordPress",
    package=__name__,
    blueprints=_blueprints,
    metadata=_metadata,
    jobs=_jobs,
    seed=_seed,
    files=_files,
    sitemap="/wp-sitemap.xml",
    commands=_commands,
    watches=_watches,
    shortcut=_shortcut,
    kept_seconds=KEPT_SECONDS,
    languages=("en", "ko"),
    programs=("/wp-json/", "/xmlrpc.php", "/oembed"),
    feeds=("/feed/", "/feed/rss/", "/feed/rss2/", "/feed/atom/", "/feed/json/"),
)
