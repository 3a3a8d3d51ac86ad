"""Static files under addresses that change with their content, so that browsers may keep them for a year.

Two more are asked for by addresses that nobody can change: the site's icon, and what robots should leave alone.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from flask import Blueprint, Response, redirect, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

if TYPE_CHECKING:
    from apps.chassis.app import Application

OWN = Path(__file__).parent
YEAR_SECONDS = 365 * 24 * 3600
DAY_SECONDS = 24 * 3600
# What tells the moment and the instance alone is of no use to whoever finds it later.
NOT_FOR_ROBOTS = ("/health/", "/whoami")


def register(app: "Application") -> None:
    """Serve the site's files under /static and the chassis's under /assets; give templates `static()`, `asset()`."""
    app.register_blueprint(Blueprint("assets", __name__, template_folder=str(OWN / "templates")))
    own, shared = Path(app.root_path) / "static", OWN / "static"
    app.add_url_rule("/static/<path:filename>", "static", _files_of(own))
    app.add_url_rule("/assets/<path:filename>", "assets", _files_of(shared))

    # Made once: a page has a dozen of them, and `url_for` takes longer than to fill in many a paragraph.
    @cache
    def static(filename: str) -> str:
        return f"/static/{quote(filename)}?v={fingerprint(own / filename)}"

    @cache
    def asset(filename: str) -> str:
        return f"/assets/{quote(filename)}?v={fingerprint(shared / filename)}"

    def favicon() -> BaseResponse:
        return _kept_for_a_day(redirect(static("icon.svg")))

    def robots() -> BaseResponse:
        paths = (*NOT_FOR_ROBOTS, *app.site.programs)
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths)]
        if app.site.sitemap:
            lines.append(f"Sitemap: {urljoin(request.host_url, app.site.sitemap)}")
        return _kept_for_a_day(Response("\n".join(lines) + "\n", mimetype="text/plain"))

    app.add_url_rule("/favicon.ico", "favicon", favicon)
    app.add_url_rule("/robots.txt", "robots", robots)
    app.jinja_env.globals.update(static=static, asset=asset)


@cache
def fingerprint(path: Path) -> str:
    """The first 12 hex digits of the file's SHA-256; a name that does not exist raises: the page would be broken."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _kept_for_a_day(response: BaseResponse) -> BaseResponse:
    response.cache_control.public = True
    response.cache_control.max_age = DAY_SECONDS
    return response


def _files_of(folder: Path) -> Callable[[str], Response]:
    def show(filename: str) -> Response:
        response = send_from_directory(folder, filename, max_age=0)
        # An instance of the last release, asked for the next one's file, must not have its own kept in that one's name.
        # Nor must a refusal be kept, which a condition gets that fails.
        if response.status_code < 400 and request.args.get("v") == fingerprint(folder / filename):
            response.cache_control.max_age = YEAR_SECONDS
            response.cache_control.no_cache = None
            response.cache_control.public = response.cache_control.immutable = True
        return response

    return show
