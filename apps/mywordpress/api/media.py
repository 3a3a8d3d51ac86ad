"""The library: pictures with their sizes, sound and documents."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from apps.mywordpress.accounts.models import User
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, with_items
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered, searched
from apps.mywordpress.api.postfields import as_html
from apps.mywordpress.api.postlists import readable_of_all
from apps.mywordpress.api.schema import Schema, array, choice, integer, moment, numbers, record, string, text
from apps.mywordpress.api.shapes import linked
from apps.mywordpress.media.forms import LONGEST_TEXT
from apps.mywordpress.media.models import LONGEST_ALT, LONGEST_SLUG, LONGEST_TITLE, Attachment
from apps.mywordpress.media.sizes import Size, sizes_of
from apps.mywordpress.posts.models import Post


def _texts(name: str) -> Callable[[Asked, Attachment], dict[str, str]]:
    def read(asked: Asked, one: Attachment) -> dict[str, str]:
        raw = getattr(one, name) or ""
        return {"raw": raw, "rendered": f"<p>{as_html(raw)}</p>\n" if raw else ""}

    return read


def _title(asked: Asked, one: Attachment) -> dict[str, str]:
    return {"raw": one.label, "rendered": as_html(one.label)}


def _size(asked: Asked, size: Size) -> dict[str, Any]:
    where = {"source_url": asked.url(size.url), "mime_type": size.mime_type}
    return {"file": size.name, "width": size.width, "height": size.height, "filesize": size.bytes, **where}


def _details(asked: Asked, one: Attachment) -> dict[str, Any]:
    if not one.is_picture:
        return {"filesize": one.size}
    sizes = {name: _size(asked, size) for name, size in sizes_of(one).items()}
    meta = {"width": one.width, "height": one.height, "file": one.key, "filesize": one.size}
    return {**meta, "sizes": sizes, "image_meta": {}}


def _source(asked: Asked, one: Attachment) -> str:
    return asked.url(one.url)


MEDIA = Resource(
    "attachment",
    (
        Field("date", moment("When it came."), lambda asked, one: times.local(asked, one.created_at)),
        Field("date_gmt", moment("When it came, in UTC."), lambda asked, one: times.gmt(one.created_at), "view edit"),
        Field(
            "guid",
            text("Its address.", 500),
            lambda asked, one: {"rendered": _source(asked, one), "raw": _source(asked, one)},
            "view edit",
        ),
        Field("id", integer("Unique identifier."), lambda asked, one: one.id),
        Field("link", string("Where it is.", format="uri"), _source),
        Field("modified", moment("As date."), lambda asked, one: times.local(asked, one.created_at), "view edit"),
        Field("modified_gmt", moment("As date_gmt."), lambda asked, one: times.gmt(one.created_at), "view edit"),
        Field(
            "slug",
            string("Its name in addresses.", maxLength=LONGEST_SLUG),
            lambda asked, one: one.slug or f"attachment-{one.id}",
        ),
        Field("status", choice(["inherit"], "As its post."), lambda asked, one: "inherit", "view edit"),
        Field("type", string("What it is."), lambda asked, one: "attachment"),
        Field("title", text("Its title.", LONGEST_TITLE), _title, writable=True),
        Field("author", integer("Whose it is."), lambda asked, one: one.user_id),
        Field("featured_media", integer("Always 0."), lambda asked, one: 0),
        Field("comment_status", string("Always closed."), lambda asked, one: "closed", "view edit"),
        Field("ping_status", string("Always closed."), lambda asked, one: "closed", "view edit"),
        Field("template", string("None."), lambda asked, one: "", "view edit"),
        Field("meta", record({}, "Fields of others."), lambda asked, one: {}, "view edit", writable=True),
        Field(
            "class_list",
            array(string(), "Its classes in a page."),
            lambda asked, one: [f"post-{one.id}", "attachment", "type-attachment", "status-inherit", "hentry"],
            "view edit",
        ),
        Field("description", text("About it.", LONGEST_TEXT), _texts("description"), "view edit", writable=True),
        Field("caption", text("What stands below it.", LONGEST_TEXT), _texts("caption"), writable=True),
        Field(
            "alt_text",
            string("What it shows.", maxLength=LONGEST_ALT),
            lambda asked, one: one.alt,
            writable=True,
        ),
        Field(
            "media_type",
            choice(["image", "file"], "Whether it is a picture."),
            lambda asked, one: "image" if one.is_picture else "file",
        ),
        Field("mime_type", string("Its type."), lambda asked, one: one.content_type),
        Field("media_details", record({}, "Its measures and sizes."), _details),
        Field(
            "post",
            integer("The post that it was added to."),
            lambda asked, one: one.post_id,
            "view edit",
            writable=True,
        ),
        Field("source_url", string("Where the file is.", format="uri"), _source),
    ),
)
FAMILIES = ("image", "video", "text", "application", "audio")
LISTED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    **ordered(("author", "date", "id", "include", "modified", "parent", "relevance", "slug", "title"), "date"),
    "after": moment("Came after this."),
    "before": moment("Came before this."),
    "modified_after": moment("As after."),
    "modified_before": moment("As before."),
    "author": numbers("Only of these users.", default=[]),
    "author_exclude": numbers("Not of these users.", default=[]),
    "parent": numbers("Only what was added to these posts.", default=[]),
    "parent_exclude": numbers("Not what was added to these posts.", default=[]),
    "slug": array({"type": "string", "maxLength": LONGEST_SLUG}, "Only these names in addresses."),
    "status": array(choice(["inherit", "private", "trash"]), "Always inherit.", default=["inherit"]),
    "media_type": array(choice(FAMILIES), "Only of these types."),
    "mime_type": array({"type": "string", "maxLength": 100}, "Only of these exact types."),
}


def item(asked: Asked, one: Attachment) -> Item:
    at = asked.api("/media")
    links = {
        "self": [Link(f"{at}/{one.id}")],
        "collection": [Link(at)],
        "about": [Link(asked.api("/types/attachment"))],
        "author": [Link(asked.api(f"/users/{one.user_id}"), ("users", one.user_id))],
        "replies": [Link(asked.api(f"/comments?post={one.id}"))],
    }
    return Item(MEDIA.show(asked, one), links)


def embedded(asked: Asked, ids: Collection[int]) -> Mapping[int, Any]:
    """Attachments within other things."""
    found = select(Attachment).where(Attachment.id.in_(ids), readable_by(asked.user))
    rows = asked.db.scalars(found.options(*WITH)).all()
    missing = ApiError("rest_post_invalid_id", "Invalid post ID.", 404).body()
    return dict.fromkeys(ids, missing) | {one.id: linked(item(asked, one)) for one in rows}


WITH = (selectinload(Attachment.renditions),)


def readable_by(user: User | None) -> ColumnElement[bool]:
    """What was added to a post is for those who may read that, and for whoever sent it."""
    readers = Attachment.post_id.in_(select(Post.id).where(readable_of_all(user)))
    own = [Attachment.user_id == user.id] if user is not None else []
    return or_(Attachment.post_id.is_(None), readers, *own)


def may_list(asked: Asked) -> None:
    if asked.context == "edit" and not asked.can("edit_posts"):
        message = "Sorry, you are not allowed to edit posts in this post type."
        raise refused(asked.user, "rest_forbidden_context", message)


def index(asked: Asked) -> Reply:
    found = _narrowed(asked, select(Attachment).where(readable_by(asked.user)).options(*WITH))
    rows, headers = listed(asked, _in_order(asked, found), refuse="post")
    return with_items([item(asked, one) for one in rows], headers)


def _narrowed(asked: Asked, found: Select[Any]) -> Select[Any]:
    parent = func.coalesce(Attachment.post_id, 0)
    among: dict[str, Any] = {
        "include": Attachment.id.in_,
        "exclude": Attachment.id.not_in,
        "author": Attachment.user_id.in_,
        "author_exclude": Attachment.user_id.not_in,
        "parent": parent.in_,
        "parent_exclude": parent.not_in,
        "slug": Attachment.slug.in_,
        "mime_type": Attachment.mime_type.in_,
        "media_type": _of_types,
    }
    for name in ("after", "modified_after"):
        among[name] = lambda _, name=name: Attachment.created_at > times.read(asked, name)
    for name in ("before", "modified_before"):
        among[name] = lambda _, name=name: Attachment.created_at < times.read(asked, name)
    found = narrowed(asked, found, among)
    if "inherit" not in asked["status"]:
        found = found.where(Attachment.id.is_(None))
    places = (Attachment.title, Attachment.name, Attachment.alt, Attachment.caption, Attachment.description)
    return searched(asked, found, *places)


def _of_types(types: list[str]) -> ColumnElement[bool]:
    """Whether a file is of one of these; rows from before there was more than pictures tell none."""
    begins = [Attachment.mime_type.startswith(f"{one}/") for one in types]
    return or_(*begins, *([Attachment.mime_type == ""] if "image" in types else []))


def _in_order(asked: Asked, found: Select[Any]) -> Select[Any]:
    columns = {
        "author": Attachment.user_id,
        "parent": Attachment.post_id,
        "slug": Attachment.slug,
        "title": Attachment.title,
    }
    return arranged(asked, found, Attachment.id, Attachment.created_at, columns, Attachment.slug)


def one(asked: Asked) -> Attachment:
    missing = ApiError("rest_post_invalid_id", "Invalid post ID.", 404)
    attachment: Attachment = row_of(asked.db, Attachment, asked["id"], missing)
    return attachment


def may_read(asked: Asked) -> None:
    found = one(asked)
    if asked.context == "edit" and not found.may_be_changed_by(asked.user):
        raise refused(asked.user, "rest_forbidden_context", "Sorry, you are not allowed to edit this post.")
    is_readable = select(Attachment.id).where(Attachment.id == found.id, readable_by(asked.user))
    if asked.db.scalar(is_readable) is None:
        raise refused(asked.user, "rest_forbidden", "Sorry, you are not allowed to do that.")


def show(asked: Asked) -> Reply:
    return Reply(item(asked, one(asked)))
