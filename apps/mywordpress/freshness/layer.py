"""Answers readers before Flask, from copies that this process keeps, then from the cache that all instances share."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import unquote_plus

from apps.chassis.frame import current_record
from apps.chassis.health import came_in_by
from apps.chassis.languages import read_best
from apps.mywordpress.freshness import OWN_COOKIES
from apps.mywordpress.freshness.answers import Answer, Headers, Made, is_for_all
from apps.mywordpress.freshness.copies import Copies
from apps.mywordpress.freshness.views import Making
from apps.mywordpress.freshness.watch import FreshnessWatch, Known

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from apps.chassis.app import Application

# Nobody asks for what was made under a token that stands no more; this is for how long it takes up memory.
LIFETIME_SECONDS = 60
LONGEST_ADDRESS = 600
# All that kept pages ask their addresses for; whatever else stands there, it is the same page.
ASKED = frozenset({"lang", "s", "p", "page_id", "q", "page", "cpage", "reply", "done"})
# What a kept answer must not have been asked with: it is made for all.
PERSONAL = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_REFERER", "HTTP_USER_AGENT")


class Key(NamedTuple):
    """All that a page may depend on, but for the database."""

    origin: str
    path: str
    query: str
    language: str


class NotKept(Exception):
    """This answer is for who has asked for it alone."""

    def __init__(self, made: Made) -> None:
        self.made = made


class Layer:
    """A WSGI layer before Flask, inside the frame that all requests go through."""

    def __init__(self, flask: "WSGIApplication", app: "Application", watch: FreshnessWatch) -> None:
        self.flask = flask
        self.app = app
        self.watch = watch
        self.copies = Copies()
        self.has_readers = bool(app.settings.database_replica_urls)
        self.metrics_bind = app.settings.metrics_bind
        marked = (name for name, view in app.view_functions.items() if hasattr(view, "kept"))
        self.kept = frozenset(marked if app.cache.stores else ())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        known = self.watch.known()
        if known is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.flask(environ, start_response)
        if not self.kept or not self.is_usual(environ):
            return self.unkept(known, environ, start_response)
        key = self.key(environ)
        copy = self.copies.get(known.token, key)
        if copy is None:
            return self.fetched(known, key, environ, start_response)
        record = current_record()
        record.endpoint, record.cache = copy.endpoint, "hit"
        return copy.give(environ, start_response, proxied(known))

    def is_usual(self, environ: "WSGIEnvironment") -> bool:
        """Whether nothing about who asks could ask for another answer than everybody's."""
        return (
            OWN_COOKIES not in environ.get("HTTP_COOKIE", "")
            and "HTTP_AUTHORIZATION" not in environ
            and "HTTP_RANGE" not in environ
            and len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) < LONGEST_ADDRESS
            and not (self.metrics_bind and came_in_by(self.metrics_bind, environ))
            and self.app.hosts.knows(environ)
        )

    def key(self, environ: "WSGIEnvironment") -> Key:
        origin = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        query, site = asked_for(environ.get("QUERY_STRING", "")), self.app.site
        several = len(site.languages) > 1
        language = read_best(environ.get("HTTP_ACCEPT_LANGUAGE", ""), site.languages) if several else ""
        return Key(origin, environ["PATH_INFO"], query, language)

    def unkept(self, known: Known, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """By Flask, for this visitor alone; from a reader only if that has not fallen behind."""
        if self.has_readers:
            environ[Making.KEY] = Making(known)
        return self.flask(environ, start_response)

    def fetched(
        self, known: Known, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """From the cache, or made now by whoever asked first."""
        if not self.is_kept(environ):
            return self.flask(environ, start_response)
        # A tuple as Python writes it: nothing that an address may hold can make two of them alike.
        name, making = f"{known.token} {tuple(key)!r}", Making(known)
        try:
            packed = self.app.cache.share(name, LIFETIME_SECONDS, lambda: self.make(making, key, environ))
        except NotKept as alone:
            return tell(alone.made, environ, start_response)
        answer = Answer.unpacked(packed)
        self.copies.put(known.token, key, answer)
        current_record().endpoint = answer.endpoint
        return answer.give(environ, start_response, proxied(known))

    def is_kept(self, environ: "WSGIEnvironment") -> bool:
        """Whether the view that answers this address lets its answers be kept."""
        adapter = self.app.url_map.bind_to_environ(environ)
        try:
            endpoint, _ = adapter.match(method="GET")
        except Exception:
            # Whatever is wrong with the address, Flask says it.
            return False
        return endpoint in self.kept

    def make(self, making: Making, key: Key, environ: "WSGIEnvironment") -> bytes:
        """Flask's answer for everybody; raises NotKept with an answer that is not."""
        asked = {name: value for name, value in environ.items() if name not in PERSONAL}
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query, Making.KEY: making}
        if key.language:
            asked["HTTP_ACCEPT_LANGUAGE"] = key.language
        made = answered(self.flask, asked)
        if making.made_under is not None:
            self.watch.hear(making.made_under)
        if making.made_under != making.known or not is_for_all(made):
            raise NotKept(made)
        return Answer.made(current_record().endpoint, made).packed()


def answered(flask: "WSGIApplication", environ: "WSGIEnvironment") -> Made:
    """All that Flask answers."""
    said: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, exc_info: object = None) -> object:
        said.append((status, headers))
        return None

    parts = flask(environ, cast("StartResponse", start))
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return Made(*said[-1], body)


def tell(made: Made, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The answer as Flask gave it."""
    start_response(made.status, made.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [made.body]


def proxied(known: Known) -> Headers:
    """For how long nginx may give this answer to others: until a moment, so that no way of it adds to its age."""
    return [("X-Accel-Expires", f"@{known.until}")] if known.until >= int(time.time()) else []


def asked_for(query: str) -> str:
    """The query without what no page asks for, such as names by which senders of links recognise their readers."""
    if not query:
        return query
    return "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) in ASKED)
