"""A site of three sentences, for tests of the chassis alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from flask import Blueprint, abort, request

from apps.chassis.app import Application, create_app
from apps.chassis.frame import current_record
from apps.chassis.settings import Settings
from apps.chassis.sites import Site


def views() -> Sequence[Blueprint]:
    blueprint = Blueprint("tiny", __name__)

    @blueprint.route("/", methods=["GET", "POST"])
    def index() -> dict[str, object]:
        return {"method": request.method, "peer": request.remote_addr, "root": request.root_url}

    @blueprint.get("/teapot")
    def teapot() -> NoReturn:
        abort(418, "This is <b>short</b> and stout.")

    @blueprint.get("/broken")
    def broken() -> NoReturn:
        raise RuntimeError("a secret detail")

    @blueprint.get("/embedded")
    def embedded() -> tuple[str, dict[str, str]]:
        return "", {"Content-Security-Policy": "default-src 'none'; sandbox"}

    @blueprint.get("/noted")
    def noted() -> str:
        record = current_record()
        record.db, record.cache, record.session, record.queries = "reader-1", "hit", "redis", 2
        return "noted"

    return [blueprint]


SITE = Site(name="whatisthetime", title="Tiny", package="apps.whatisthetime", blueprints=views, sessions=False)


def tiny_app(
    folder: Path, site: Site = SITE, make: Callable[..., Application] = create_app, /, **environ: str
) -> Application:
    """The tiny site with its data in `folder` and whatever else `environ` says."""
    return make(Settings.from_environ({"APP": site.name, "VAR_DIR": str(folder), **environ}), site)
