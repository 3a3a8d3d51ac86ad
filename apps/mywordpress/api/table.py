"""All routes of the API, and what loads the things that may be embedded."""

from collections.abc import Callable, Mapping
from typing import Any

from apps.chassis.columns import now
from apps.mywordpress.api import (
    comments,
    commentwrites,
    history,
    kinds,
    media,
    mediawrites,
    postfields,
    postlists,
    posts,
    postwrites,
    programs,
    search,
    settings,
    terms,
    termwrites,
    users,
    userwrites,
)
from apps.mywordpress.api.asked import Asked, Reply
from apps.mywordpress.api.routing import BY_ID, DELETE, EDIT, FORCE, GET, ID, ONE, POST, Endpoint, Route
from apps.mywordpress.api.schema import string
from apps.mywordpress.api.shapes import Loader
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.editor import zone_of
from apps.mywordpress.terms.models import Taxonomy

NAMESPACE = "wp/v2"


def root(asked: Asked) -> Reply:
    """What the site is, and all that can be asked here."""
    options = asked.options
    offset = now().astimezone(zone_of(options)).utcoffset()
    described = {
        "name": options.title,
        "description": options.tagline,
        "url": asked.origin,
        "home": asked.origin,
        "gmt_offset": f"{offset.total_seconds() / 3600:g}" if offset else "0",
        "timezone_string": options.timezone,
        "page_for_posts": options.posts_page_id or 0,
        "page_on_front": options.front_page_id or 0,
        "show_on_front": "page" if options.front_page_id else "posts",
        "namespaces": [NAMESPACE],
        # A password for a program is made by hand, on the account's page.
        "authentication": {"application-passwords": {"endpoints": {"authorization": asked.url("/account")}}},
        "routes": {route.pattern: route.described(asked.origin) for route in ROUTES},
        "site_logo": 0,
        "site_icon": 0,
        "site_icon_url": "",
    }
    return Reply({name: value for name, value in described.items() if asked.wants(name)})


def namespace(asked: Asked) -> Reply:
    """The routes of the one namespace that there is."""
    own = {route.pattern: route.described(asked.origin) for route in ROUTES if route.namespace}
    links = {"up": [{"href": asked.url("/wp-json/")}]}
    return Reply({"namespace": NAMESPACE, "routes": own, "_links": links})


def _of_posts(kind: Kind) -> tuple[Route, ...]:
    resource, where = postfields.RESOURCES[kind], f"/wp/v2/{postfields.base(kind)}"
    of_one = {**ONE, "password": string("The password of what has one.")}

    def by(view: Callable[[Kind, Asked], Any]) -> Callable[[Asked], Any]:
        return lambda asked: view(kind, asked)

    lists = Endpoint(GET, by(postlists.index), postlists.ARGS[kind], by(postlists.allowed))
    creates = Endpoint(POST, by(postwrites.create), resource.writable(), by(postwrites.may_create))
    shows = Endpoint(GET, by(postwrites.show), of_one, by(postwrites.may_read))
    updates = Endpoint(EDIT, by(postwrites.update), resource.writable(), by(postwrites.may_update))
    deletes = Endpoint(DELETE, by(postwrites.destroy), FORCE, by(postwrites.may_delete))
    return (
        Route(where, (lists, creates), resource),
        Route(f"{where}/{BY_ID}", (shows, updates, deletes), resource, ID),
        *history.routes(kind),
    )


ROUTES: tuple[Route, ...] = (
    Route("/", (Endpoint(GET, root, ONE),), namespace=""),
    Route("/wp/v2", (Endpoint(GET, namespace, ONE),)),
    *_of_posts(Kind.POST),
    *_of_posts(Kind.PAGE),
    *mediawrites.ROUTES,
    *kinds.ROUTES,
    *termwrites.routes(Taxonomy.CATEGORY),
    *termwrites.routes(Taxonomy.TAG),
    *userwrites.ROUTES,
    *programs.ROUTES,
    *commentwrites.ROUTES,
    *search.ROUTES,
    *settings.ROUTES,
)
LOADERS: Mapping[str, Loader] = {
    "users": users.embedded,
    "posts": posts.embedded,
    "media": media.embedded,
    "terms": terms.of_posts,
    "term": terms.embedded,
    "replies": comments.of_posts,
    "comment": comments.embedded,
}
