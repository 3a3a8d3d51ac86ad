"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request, send_from_directory, url_for

if TYPE_CHECKING:
    from apps.chassis.app import Application

OWN = Path(__file__).parent
YEAR_SECONDS = 365 * 24 * 3600


def register(app: "Application") -> None:
    """Serve the site's files under /static and the chassis's under /assets; give templates `static()`, `asset()`."""
    app.register_blueprint(Blueprint("assets", __name__, template_folder=str(OWN / "templates")))
    own, shared = Path(app.root_path) / "static", OWN / "static"
    app.add_url_rule("/static/<path:filename>", "static", _files_of(own))
    app.add_url_rule("/assets/<path:filename>", "assets", _files_of(shared))

    def static(filename: str) -> str:
        return url_for("static", filename=filename, v=fingerprint(own / filename))

    def asset(filename: str) -> str:
        return url_for("assets", filename=filename, v=fingerprint(shared / filename))

    app.jinja_env.globals.update(static=static, asset=asset)


@cache
def fingerprint(path: Path) -> str:
    """The first 12 hex digits of the file's SHA-256; a name that does not exist raises: the page would be broken."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _files_of(folder: Path) -> Callable[[str], Response]:
    def show(filename: str) -> Response:
        response = send_from_directory(folder, filename, max_age=0)
        # An instance of the last release, asked for the next one's file, must not have its own kept in that one's name.
        if request.args.get("v") == fingerprint(folder / filename):
            response.cache_control.max_age = YEAR_SECONDS
            response.cache_control.no_cache = None
            response.cache_control.public = response.cache_control.immutable = True
        return response

    return show
