"""Feeds of the journal and its parts, for feed readers, which ask often and mostly get 304."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.mywordpress.feeds import channels
from apps.mywordpress.feeds.channels import Channel, Item, address
from apps.mywordpress.feeds.documents import atom, json_feed, rss
from apps.mywordpress.freshness.shared import shared
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front import finding
from apps.mywordpress.front.answers import blog, missing, origin
from apps.mywordpress.front.listings import of_author, of_terms
from apps.mywordpress.options.models import Options
from apps.mywordpress.terms.models import Taxonomy, Term
from apps.mywordpress.terms.trees import Tree, path_of

feeds = Blueprint("feeds", __name__)

V = TypeVar("V", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True, slots=True)
class Format:
    """A language of feeds."""

    content_type: str
    write: Callable[[Channel, str], bytes]


FORMATS = {
    "rss": Format("application/rss+xml", rss),
    "rss2": Format("application/rss+xml", rss),
    "atom": Format("application/atom+xml", atom),
    "json": Format("application/feed+json", json_feed),
}


def feed(base: str) -> Callable[[V], V]:
    """Register a view for a feed below this address, in each format; RSS without a name."""

    def register(view: V) -> V:
        view = kept(view)
        feeds.add_url_rule(f"{base}feed/", view_func=view, defaults={"kind": "rss"})
        feeds.add_url_rule(f"{base}feed/<any({','.join(FORMATS)}):kind>/", view_func=view)
        return view

    return register


@feed("/")
def index(kind: str) -> ResponseReturnValue:
    decided = blog()
    items = channels.posts(db(), origin(), decided)
    return answer(kind, decided, "", decided.tagline, "/", items)


@feed("/category/<path:path>/")
def category(path: str, kind: str) -> ResponseReturnValue:
    tree = shared(db(), Tree.load)
    node = tree.named(path.rpartition("/")[2])
    if node is None:
        missing()
    decided, where = blog(), of_terms(tree.within(node.id))
    return answer(kind, decided, node.name, "", node.path, channels.posts(db(), origin(), decided, where))


@feed("/tag/<slug>/")
def tag(slug: str, kind: str) -> ResponseReturnValue:
    term = Term.with_slug(db(), Taxonomy.TAG, slug)
    if term is None:
        missing()
    decided, where = blog(), of_terms([term.id])
    items = channels.posts(db(), origin(), decided, where)
    return answer(kind, decided, term.name, term.description, path_of(term), items)


@feed("/author/<nicename>/")
def author(nicename: str, kind: str) -> ResponseReturnValue:
    user, decided = finding.author(db(), nicename), blog()
    items = channels.posts(db(), origin(), decided, of_author(user)) if user else []
    if user is None or not items:
        missing()
    return answer(kind, decided, user.name, user.biography or "", f"/author/{user.nicename}/", items)


@feed("/comments/")
def comments(kind: str) -> ResponseReturnValue:
    decided = blog()
    items = channels.comments(db(), origin(), decided)
    return answer(kind, decided, _("Comments"), "", "/", items, base="/comments/")


@feed("/<path:path>/")
def comments_on(path: str, kind: str) -> ResponseReturnValue:
    """The comments on one post or page, if everybody may read it at this very address."""
    post = finding.at(db(), path)
    if post is None or not post.published or post.password:
        missing()
    decided = blog()
    items = channels.comments(db(), origin(), decided, post)
    return answer(kind, decided, _("Comments on “%(title)s”", title=post.title), "", post.path, items)


def answer(
    kind: str, decided: Options, name: str, description: str, path: str, items: Sequence[Item], *, base: str = ""
) -> Response:
    """The feed in that format, or 304 for whoever has this state of it."""
    title = f"{name} · {decided.title}" if name else decided.title
    where, itself = address(origin(), path), address(origin(), f"{base or path}feed/")
    channel = Channel(title, description, where, itself, items)
    document = FORMATS[kind].write(channel, language())
    response = Response(document, content_type=f"{FORMATS[kind].content_type}; charset=utf-8")
    response.set_etag(hashlib.sha256(document).hexdigest()[:32])
    response.last_modified = channel.updated if items else None
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
