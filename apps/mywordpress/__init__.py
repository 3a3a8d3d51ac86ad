"""MyWordPress: a journal whose pictures live in a shared folder, so that any number of instances can serve it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apps.chassis.sites import Command, Site

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy import MetaData
    from sqlalchemy.orm import Session

    from apps.chassis.jobs import Jobs
    from apps.chassis.people import Person
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage


def _blueprints() -> "Sequence[Blueprint]":
    from apps.mywordpress.accounts.authors import authors
    from apps.mywordpress.accounts.views import accounts
    from apps.mywordpress.comments.views import comments
    from apps.mywordpress.feeds.views import feeds
    from apps.mywordpress.front.views import front
    from apps.mywordpress.media.views import media
    from apps.mywordpress.posts.views import posts

    return (accounts, authors, media, posts, comments, front, feeds)


def _metadata() -> "MetaData":
    # The last noun of the chain imports all others, so every table is known once it is imported.
    from apps.mywordpress.comments.models import Comment

    return Comment.metadata


def _jobs() -> "Jobs":
    from apps.chassis.jobs import Jobs
    from apps.mywordpress.media.jobs import jobs as media
    from apps.mywordpress.posts.jobs import jobs as posts

    jobs = Jobs()
    jobs.include(media)
    jobs.include(posts)
    return jobs


def _seed(db: "Session", settings: "Settings", storage: "Storage") -> None:
    from apps.mywordpress.seed import seed

    seed(db, storage)


def _user() -> "type[Person]":
    from apps.mywordpress.accounts.models import User

    return User


def _commands() -> Mapping[str, Command]:
    from apps.chassis import administrators

    return {"administrator": administrators.command(_user)}


SITE = Site(
    name="mywordpress",
    title="MyWordPress",
    package=__name__,
    blueprints=_blueprints,
    metadata=_metadata,
    jobs=_jobs,
    seed=_seed,
    commands=_commands,
)
