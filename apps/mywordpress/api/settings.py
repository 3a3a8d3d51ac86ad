"""The site's decisions, for whoever may make them."""

from dataclasses import replace
from typing import Any

from apps.mywordpress.api.asked import Asked, Field, Reply, Resource
from apps.mywordpress.api.errors import forbidden, invalid_parameter
from apps.mywordpress.api.routing import EDIT, GET, Endpoint, Route
from apps.mywordpress.api.schema import boolean, choice, integer, string
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term

MOST_PER_PAGE = 100
LONGEST_LINE = 200
OPEN = {True: "open", False: "closed"}


def _kept(name: str, option: str, schema: Any, empty: Any = None) -> Field:
    """One that is an option of ours."""

    def read(asked: Asked, options: Any) -> Any:
        value = getattr(options, option)
        return empty if value is None else value

    return Field(name, schema, read, writable=True)


def _fixed(name: str, value: Any, schema: Any) -> Field:
    """One that this site has decided for good: a client may send it back as it is."""
    return Field(name, schema, lambda asked, options: value, writable=True)


SETTINGS = Resource(
    "settings",
    (
        _kept("title", "title", string("The site's title.", maxLength=LONGEST_LINE)),
        _kept("description", "tagline", string("What it is about.", maxLength=LONGEST_LINE)),
        Field("url", string("Where it is."), lambda asked, options: asked.origin, writable=True),
        _kept("timezone", "timezone", string("The zone of its clock.", maxLength=64)),
        _fixed("date_format", "j F Y", string("How it writes dates.")),
        _fixed("time_format", "H:i", string("How it writes times.")),
        _fixed("start_of_week", 1, integer("The first day of its week.")),
        _fixed("language", "en_GB", string("Its language.")),
        _fixed("use_smilies", False, boolean("Whether it draws smilies.")),
        _kept("default_category", "default_category_id", integer("What has no other category gets this."), 0),
        _fixed("default_post_format", "standard", string("What a post is.")),
        _kept("posts_per_page", "posts_per_page", integer("Posts of a page.", minimum=1, maximum=MOST_PER_PAGE)),
        Field(
            "show_on_front",
            choice(["posts", "page"], "What stands first."),
            lambda asked, options: "page" if options.front_page_id else "posts",
            writable=True,
        ),
        _kept("page_on_front", "front_page_id", integer("The page that stands first."), 0),
        _kept("page_for_posts", "posts_page_id", integer("The page that lists posts."), 0),
        _fixed("default_ping_status", "open", choice(["open", "closed"], "Whether posts take pings.")),
        Field(
            "default_comment_status",
            choice(["open", "closed"], "Whether posts take comments."),
            lambda asked, options: OPEN[options.comments_open],
            writable=True,
        ),
    ),
)
KEPT = {"title": "title", "description": "tagline", "timezone": "timezone", "posts_per_page": "posts_per_page"}
PAGES = {"page_on_front": "front_page_id", "page_for_posts": "posts_page_id"}
LATER = {*KEPT, *PAGES, "default_category", "show_on_front", "default_comment_status"}


def allowed(asked: Asked) -> None:
    if not asked.can("manage_options"):
        raise forbidden(asked.user)


def show(asked: Asked) -> Reply:
    return Reply(SETTINGS.show(asked, asked.options))


def update(asked: Asked) -> Reply:
    """Decide what was sent; what cannot be decided here must be as it is."""
    now = SETTINGS.show(asked, asked.options)
    for name, value in asked.params.items():
        if name in now and name not in LATER and value != now[name]:
            raise invalid_parameter(name, f"{name} cannot be changed on this site.")
    _check(asked)
    decided: dict[str, Any] = {KEPT[name]: asked[name] for name in KEPT if asked[name] is not None}
    decided |= {PAGES[name]: asked[name] or None for name in PAGES if asked[name] is not None}
    if asked["show_on_front"] == "posts":
        decided["front_page_id"] = None
    if asked["default_category"] is not None:
        decided["default_category_id"] = asked["default_category"] or None
    if asked["default_comment_status"]:
        decided["comments_open"] = asked["default_comment_status"] == "open"
    options = replace(asked.options, **decided)
    options.store(asked.db)
    changed()
    return Reply(SETTINGS.show(asked, options))


def _check(asked: Asked) -> None:
    """Refuse what names nothing of this site; raises ApiError."""
    for name in PAGES:
        page = asked.db.get(Post, asked[name]) if asked[name] else None
        if asked[name] and (page is None or page.kind != Kind.PAGE):
            raise invalid_parameter(name, f"{name} is no page.")
    term = asked.db.get(Term, asked["default_category"]) if asked["default_category"] else None
    if asked["default_category"] and (term is None or term.taxonomy != Taxonomy.CATEGORY):
        raise invalid_parameter("default_category", "default_category is no category.")
    if asked["timezone"] is not None and not is_zone(asked["timezone"]):
        raise invalid_parameter("timezone", "timezone is no time zone.")


def is_zone(name: str) -> bool:
    """Whether a clock can be set by this."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A part of a name, such as Europe, is a folder of zones.
        return False
    return bool(name)


ROUTES = (
    Route(
        "/wp/v2/settings",
        (Endpoint(GET, show, {}, allowed), Endpoint(EDIT, update, SETTINGS.writable(), allowed)),
        SETTINGS,
    ),
)
