"""RSS and Atom for feed readers, which ask often and mostly get 304."""

import hashlib
import json
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from apps.chassis.context import application, cache
from apps.mywordpress.feeds.documents import atom, rss
from apps.mywordpress.posts.pages import FEED_KEY, Entry, entries

feeds = Blueprint("feeds", __name__, url_prefix="/feed")

LIFETIME_SECONDS = 60


@feeds.get("/")
def index() -> Response:
    return feed(rss, "application/rss+xml")


@feeds.get("/atom/")
def show() -> Response:
    return feed(atom, "application/atom+xml")


def feed(build: Callable[[str, str, Sequence[Entry]], bytes], content_type: str) -> Response:
    """The feed, or 304 without building it for whoever has this state of it."""
    found: list[Entry] = cache().fetch(FEED_KEY, LIFETIME_SECONDS, entries)
    app = application()
    origin = app.settings.public_url or request.host_url.rstrip("/")
    response = Response(content_type=f"{content_type}; charset=utf-8")
    response.set_etag(hashlib.sha256(json.dumps([origin, found]).encode()).hexdigest()[:32])
    response.cache_control.max_age = 0
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(build(app.site.title, origin, found))
    return response
