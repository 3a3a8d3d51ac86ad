"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, url_for

if TYPE_CHECKING:
    from apps.chassis.app import Application

OWN = Path(__file__).parent


def register(app: "Application") -> None:
    """Serve the chassis's files under /assets, find its templates, and give templates `asset()` and `static()`."""
    shared = Blueprint(
        "assets",
        __name__,
        static_folder=str(OWN / "static"),
        static_url_path="/assets",
        template_folder=str(OWN / "templates"),
    )
    app.register_blueprint(shared)
    folder = Path(app.static_folder or "")

    def asset(filename: str) -> str:
        return url_for("assets.static", filename=filename, v=fingerprint(OWN / "static" / filename))

    def static(filename: str) -> str:
        return url_for("static", filename=filename, v=fingerprint(folder / filename))

    app.jinja_env.globals.update(asset=asset, static=static)


@cache
def fingerprint(path: Path) -> str:
    """The first 12 hex digits of the file's SHA-256; a name that does not exist raises: the page would be broken."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
