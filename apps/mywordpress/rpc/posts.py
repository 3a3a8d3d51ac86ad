"""`wp.*` of posts, of pages as posts, and of their revisions."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Select, func, select

from apps.mywordpress.api.postlists import editable_by, of_status
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.columns import PUBLISHED, Format, Kind, State, UnknownStatus
from apps.mywordpress.posts.history import Revision
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX
from apps.mywordpress.rpc.asked import Asked, date_sent, span, when
from apps.mywordpress.rpc.faults import CONFLICT, FORBIDDEN, NOT_ALLOWED, Fault, not_allowed
from apps.mywordpress.rpc.filing import terms_of
from apps.mywordpress.rpc.parameters import Sent, array, flag, number, struct, text
from apps.mywordpress.rpc.saving import Wish, change, create, told
from apps.mywordpress.rpc.structs import WITH, post_structs, revision_struct

USUALLY = 10
MOST_REVISIONS = 100
ORDERS: dict[str, tuple[Any, ...]] = {
    "date": (),
    "modified": (Post.updated_at,),
    "title": (Post.title,),
    "ID": (Post.id,),
    "id": (Post.id,),
    "name": (Post.slug,),
    "author": (Post.author_id,),
    "parent": (Post.parent_id,),
    "menu_order": (Post.position,),
}
# Members of a post's struct that are its content, what each is read as, and the column of it.
CONTENT = {
    "post_title": ("title", text),
    "post_content": ("body", text),
    "post_excerpt": ("excerpt", text),
    "post_name": ("slug", text),
    "post_password": ("password", text),
    "sticky": ("sticky", flag),
    "menu_order": ("position", number),
}
OPEN = {"comment_status": "comments_open", "ping_status": "pings_open"}


def show(asked: Asked, post_id: int, fields: list[str] | None) -> dict[str, Any]:
    return post_structs(asked, [editable(asked, post_id)], fields)[0]


def index(asked: Asked, filter: dict[str, Any], fields: list[str] | None) -> list[dict[str, Any]]:
    sent = Sent(filter)
    kind = kind_of(sent.get("post_type", default=Kind.POST))
    asked.need(f"edit_{kind}s", "edit posts in this post type")
    found = select(Post).where(Post.kind == kind, *editable_by(kind, asked.user))
    if "post_status" in sent:
        found = found.where(of_status([sent.get("post_status")]))
    else:
        found = found.where(Post.state != State.TRASH)
    return post_structs(asked, listed(asked, _meeting(found, sent.get("s", default="")), sent, USUALLY), fields)


def _meeting(found: "Select[Post]", words: str) -> "Select[Post]":
    meeting = INDEX.meeting(words) if words else None
    return found if meeting is None else found.where(Post.id.in_(select(meeting.subquery().c.owner)))


def listed(asked: Asked, found: "Select[Post]", sent: Sent, usually: int) -> list[Post]:
    """The part of the list that is wanted, in the order that is, the newest first unless asked otherwise."""
    wanted, offset = span(sent, usually)
    columns = ORDERS.get(sent.get("orderby", default="date"), ()) or (
        func.coalesce(Post.published_at, Post.created_at),
    )
    is_rising = sent.get("order", default="DESC").upper() == "ASC"
    ordered = [column.asc() if is_rising else column.desc() for column in (*columns, Post.id)]
    return list(asked.db.scalars(found.options(*WITH).order_by(*ordered).limit(wanted).offset(offset)))


def editable(asked: Asked, post_id: int, kind: Kind | None = None) -> Post:
    """The post, if whoever asks may change it; raises Fault."""
    post = asked.found(Post, post_id, "post")
    if kind is not None and post.kind != kind:
        raise Fault(404, f"Sorry, no such {kind}.")
    if not post.may_be_edited_by(asked.user):
        raise not_allowed(f"edit this {post.kind}")
    return post


def kind_of(name: str) -> Kind:
    """The kind of this name; raises Fault."""
    if name not in set(Kind):
        raise Fault(FORBIDDEN, "Invalid post type.")
    return Kind(name)


def make(asked: Asked, content: dict[str, Any]) -> str:
    sent = Sent(content)
    kind = kind_of(sent.get("post_type", default=Kind.POST))
    return str(create(asked, kind, wish_of(asked, sent)).id)


def edit(asked: Asked, post_id: int, content: dict[str, Any]) -> bool:
    sent, post = Sent(content), editable(asked, post_id)
    if sent.get("post_type", default=post.kind) != post.kind:
        raise Fault(NOT_ALLOWED, "The post type may not be changed.")
    since = sent.get("if_not_modified_since", when)
    if since is not None and post.updated_at.replace(microsecond=0) > since.replace(tzinfo=UTC):
        raise Fault(CONFLICT, "There is a revision of this post that is more recent.")
    change(asked, post, wish_of(asked, sent))
    return True


def wish_of(asked: Asked, sent: Sent) -> Wish:
    """What the struct of a post says it is to be; raises Fault."""
    content = {column: sent.get(name, read) for name, (column, read) in CONTENT.items() if name in sent}
    for name, column in OPEN.items():
        if sent.get(name, default="") in ("open", "closed"):
            content[column] = sent.get(name) == "open"
    if "post_parent" in sent:
        content["parent_id"] = sent.get("post_parent", number) or None
    if "post_thumbnail" in sent:
        content["picture_id"] = sent.get("post_thumbnail", picture_id) or None
    return Wish(
        content,
        status_named(sent.get("post_status")),
        date_sent(asked, sent, "post_date", "post_date_gmt"),
        sent.get("post_author", number),
        terms_of(asked, sent),
        sent.get("post_format"),
        sent.get("custom_fields", array, []),
        sent.get("enclosure", struct),
    )


def status_named(status: str | None) -> str | None:
    """A status of ours; one that nobody knows is a draft, as in WordPress."""
    if not status or status == PUBLISHED:
        return status or None
    try:
        return State.of(status)
    except UnknownStatus:
        return State.DRAFT


def picture_id(value: Any) -> int:
    """The number of a picture, or its struct as an editor got it; raises TypeError."""
    if isinstance(value, dict | list):
        return number(struct(value).get("attachment_id"))
    return number(value)


def delete(asked: Asked, post_id: int) -> bool:
    destroy(asked, asked.found(Post, post_id, "post"))
    return True


def destroy(asked: Asked, post: Post) -> None:
    """Into the trash, and out of it for good, as WordPress does; raises Fault."""
    if not post.may_be_deleted_by(asked.user):
        raise not_allowed(f"delete this {post.kind}")
    was_seen = post.is_seen
    with told():
        if post.state == State.TRASH:
            post.delete(asked.db)
        else:
            post.trash(asked.db)
    if was_seen:
        changed()


def revisions(asked: Asked, post_id: int, fields: list[str] | None) -> list[dict[str, Any]]:
    post = editable(asked, post_id)
    kept = select(Revision).where(Revision.post_id == post.id).order_by(Revision.version.desc()).limit(MOST_REVISIONS)
    return [revision_struct(asked, one, post, fields) for one in asked.db.scalars(kept)]


def restore(asked: Asked, revision_id: int) -> bool:
    """Save the words of a revision again."""
    revision = asked.found(Revision, revision_id, "post")
    post = editable(asked, revision.post_id)
    title, body, excerpt = revision.title, revision.body, revision.excerpt
    with told():
        content = replace(post.content, title=title, body=body, excerpt=excerpt, format=Format(revision.format))
        post.revise(asked.db, content, post.version, asked.user)
    if post.is_seen:
        changed()
    return True
