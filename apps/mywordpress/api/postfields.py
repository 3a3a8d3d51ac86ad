"""The fields of posts and pages."""

import hmac
from typing import Any

from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.guard import address
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Resource
from apps.mywordpress.api.errors import ApiError
from apps.mywordpress.api.schema import array, boolean, choice, integer, moment, numbers, record, string, text
from apps.mywordpress.posts.columns import (
    LONGEST_BODY,
    LONGEST_EXCERPT,
    LONGEST_PASSWORD,
    LONGEST_TITLE,
    PUBLISHED,
    Format,
    Kind,
    State,
)
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.remote import FORMATS, dated, format_of, path_of
from apps.mywordpress.posts.slugs import LONGEST_SLUG
from apps.mywordpress.terms.models import Taxonomy

# What a post may be made by a client; the trash is reached by DELETE.
STATUSES = (PUBLISHED, State.FUTURE, State.DRAFT, State.PENDING, State.PRIVATE)
OPEN = ("open", "closed")
GUESSES, GUESSED_WITHIN = 30, 600


def base(kind: str) -> str:
    """Where things of this kind are found: `posts`."""
    return f"{kind}s"


def address_of(asked: Asked, post: Post) -> str:
    """Where readers find it, or would."""
    return asked.url(path_of(post))


def is_open(asked: Asked, post: Post) -> bool:
    """Whether the text may be shown to whoever asks: a password keeps it from readers."""
    if not post.password or (asked.context == "edit" and post.may_be_edited_by(asked.user)):
        return True
    given = asked["password"]
    return bool(given) and hmac.compare_digest(str(given).encode(), post.password.encode())


def slow_guessing(asked: Asked) -> None:
    """Count whoever brings a password; raises TooManyRequests. To be called before anything is opened by it.

    Right ones count too: if only wrong ones were refused, that one is not would tell that it is right.
    """
    if asked["password"]:
        limit("api-post-password", address(), GUESSES, GUESSED_WITHIN)


def check_password(asked: Asked, post: Post) -> None:
    """Refuse a password that is not the post's; raises ApiError."""
    if post.password and asked["password"] and not is_open(asked, post):
        raise ApiError("rest_post_incorrect_password", "Incorrect post password.", 403)


def may_stick(asked: Asked) -> bool:
    return asked.can("edit_others_posts") or asked.can("publish_posts")


def _rendered(name: str) -> Any:
    def read(asked: Asked, post: Post) -> dict[str, Any]:
        html = post.html if name == "content" else f"<p>{as_html(post.summary)}</p>\n"
        shown = {"rendered": html if is_open(asked, post) else "", "protected": bool(post.password)}
        if asked.context != "edit":
            # The text as it was written is not even loaded.
            return shown
        return {"raw": post.body if name == "content" else post.excerpt, **shown}

    return read


def as_html(words: str) -> str:
    """Plain text as HTML."""
    from html import escape

    return escape(words, quote=False)


def _title(asked: Asked, post: Post) -> dict[str, Any]:
    return {"raw": post.title, "rendered": as_html(post.title)}


def _guid(asked: Asked, post: Post) -> dict[str, str]:
    guid = post.guid or asked.url(f"/?p={post.id}")
    return {"rendered": guid, "raw": guid}


def _terms(taxonomy: Taxonomy) -> Any:
    return lambda asked, post: [term.id for term in post.terms_of(taxonomy)]


def _classes(asked: Asked, post: Post) -> list[str]:
    classes = [f"post-{post.id}", post.kind, f"type-{post.kind}", f"status-{post.status}"]
    if post.kind == Kind.POST:
        classes.append(f"format-{format_of(post)}")
    if post.password:
        classes.append("post-password-required")
    if post.picture_id:
        classes.append("has-post-thumbnail")
    words = {Taxonomy.CATEGORY: "category", Taxonomy.TAG: "tag"}
    return [*classes, "hentry", *(f"{words[name]}-{one.slug}" for name in words for one in post.terms_of(name))]


def _comments(asked: Asked, post: Post) -> str:
    return "open" if post.comments_open else "closed"


PROTECTED = boolean("Whether a password keeps it from readers.", context=["view", "edit", "embed"], readonly=True)

SHARED = (
    Field(
        "date",
        moment("When it was published, by the site's clock.", type=["string", "null"]),
        lambda asked, post: times.local(asked, dated(post)),
        writable=True,
    ),
    Field(
        "date_gmt",
        moment("When it was published, in UTC.", type=["string", "null"]),
        lambda asked, post: times.gmt(dated(post)),
        "view edit",
        writable=True,
    ),
    Field("guid", text("What feed readers know it by.", 500), _guid, "view edit"),
    Field("id", integer("Unique identifier."), lambda asked, post: post.id),
    Field("link", string("Where readers find it.", format="uri"), address_of),
    Field(
        "modified",
        moment("When it was changed last, by the site's clock."),
        lambda asked, post: times.local(asked, post.updated_at),
        "view edit",
    ),
    Field(
        "modified_gmt",
        moment("When it was changed last, in UTC."),
        lambda asked, post: times.gmt(post.updated_at),
        "view edit",
    ),
    Field(
        "slug",
        string("Its name in addresses.", maxLength=LONGEST_SLUG),
        lambda asked, post: post.slug,
        writable=True,
    ),
    Field(
        "status",
        choice(STATUSES, "What it is to readers."),
        lambda asked, post: post.status,
        "view edit",
        writable=True,
    ),
    Field("type", string("What kind it is."), lambda asked, post: post.kind),
    Field(
        "password",
        string("Keeps the text from readers who do not know it.", maxLength=LONGEST_PASSWORD),
        lambda asked, post: post.password,
        "edit",
        writable=True,
    ),
    Field("title", text("The title.", LONGEST_TITLE), _title, writable=True),
    Field(
        "content",
        text("The text, in the language of `body_format`.", LONGEST_BODY, protected=PROTECTED),
        _rendered("content"),
        "view edit",
        writable=True,
    ),
    Field(
        "body_format",
        choice(list(Format), "The language of the raw content; what is made here is html unless it says otherwise."),
        lambda asked, post: post.format,
        "view edit",
        writable=True,
    ),
    Field(
        "excerpt",
        text("What lists show of it.", LONGEST_EXCERPT, protected=PROTECTED),
        _rendered("excerpt"),
        writable=True,
    ),
    Field("author", integer("Whose it is."), lambda asked, post: post.author_id, writable=True),
    Field(
        "featured_media",
        integer("The id of its picture, 0 for none."),
        lambda asked, post: post.picture_id or 0,
        writable=True,
    ),
    Field("comment_status", choice(OPEN, "Whether it takes comments."), _comments, "view edit", writable=True),
    Field(
        "ping_status",
        choice(OPEN, "Whether it takes pings."),
        lambda asked, post: "open" if post.pings_open else "closed",
        "view edit",
        writable=True,
    ),
)
ENDING = (
    Field("template", string("The template that shows it."), lambda asked, post: "", "view edit", writable=True),
    Field("meta", record({}, "Fields of others."), lambda asked, post: {}, "view edit", writable=True),
    Field("class_list", array(string(), "Its classes in a page."), _classes, "view edit"),
)
POST = Resource(
    "post",
    (
        *SHARED,
        Field("sticky", boolean("Whether it stands first."), lambda asked, one: one.sticky, "view edit", writable=True),
        Field(
            "format",
            choice(list(FORMATS), "What it is."),
            lambda asked, post: format_of(post),
            "view edit",
            writable=True,
        ),
        *ENDING,
        Field("categories", numbers("Its categories."), _terms(Taxonomy.CATEGORY), "view edit", writable=True),
        Field("tags", numbers("Its tags."), _terms(Taxonomy.TAG), "view edit", writable=True),
    ),
)
PAGE = Resource(
    "page",
    (
        *SHARED,
        Field(
            "parent",
            integer("The page that it stands below, 0 for none."),
            lambda asked, page: page.parent_id or 0,
            "view edit",
            writable=True,
        ),
        Field(
            "menu_order",
            integer("Its place among its siblings.", minimum=-(2**31), maximum=2**31 - 1),
            lambda asked, page: page.position,
            "view edit",
            writable=True,
        ),
        *ENDING,
    ),
)
RESOURCES = {Kind.POST: POST, Kind.PAGE: PAGE}
