"""The peers that the chassis is measured against, and the same emptiness inside the chassis."""

from collections.abc import Sequence

from flask import Blueprint, Flask, Response


def bare() -> Flask:
    """The least app that has the same libraries: Flask, SQLAlchemy, redis and PyMySQL, imported and unused."""
    import pymysql  # noqa: F401
    import redis  # noqa: F401
    import sqlalchemy.orm  # noqa: F401

    app = Flask("bare")
    app.add_url_rule("/", "index", empty)
    return app


def empty() -> Response:
    """Next to nothing."""
    return Response("ok", mimetype="text/plain")


def framed() -> Flask:
    """The same view inside the whole chassis, with all that a site has: database, sessions, cache, logs, headers."""
    from sqlalchemy import MetaData

    from apps.chassis.app import create_app
    from apps.chassis.settings import of_this_process
    from apps.chassis.sites import Site

    def views() -> Sequence[Blueprint]:
        blueprint = Blueprint("empty", __name__)
        blueprint.add_url_rule("/", "index", empty)
        return [blueprint]

    site = Site(name="myclothes", title="Empty", package="apps.myclothes", blueprints=views, metadata=MetaData)
    return create_app(of_this_process(), site)
