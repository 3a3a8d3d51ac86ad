"""What a post was: its revisions, and what its writers have not saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, deleted, with_items
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, refused, trash_not_supported
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered, searched
from apps.mywordpress.api.postfields import as_html, base
from apps.mywordpress.api.postwrites import told
from apps.mywordpress.api.routing import BY_ID, CONTEXT, DELETE, FORCE, GET, POST, Endpoint, Route
from apps.mywordpress.api.schema import Schema, integer, moment, string, text
from apps.mywordpress.posts.columns import LONGEST_BODY, LONGEST_EXCERPT, LONGEST_TITLE, Kind, State
from apps.mywordpress.posts.history import Autosave, Revision
from apps.mywordpress.posts.markup import Library, render_body
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import clean_text

LISTED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    **ordered(("date", "id", "include", "relevance", "slug", "include_slugs", "title"), "date"),
    # All of them, unless a client asks for pages.
    "per_page": integer("Most items of a page.", default=100, minimum=1, maximum=100),
}


def _author(asked: Asked, one: Any) -> int:
    return one.author_id if isinstance(one, Revision) else one.user_id


def _at(one: Any) -> Any:
    return one.created_at if isinstance(one, Revision) else one.saved_at


def _content(asked: Asked, one: Any) -> dict[str, Any]:
    post = asked.loaded["parent"]
    shown = Library.of(asked.db, one.body, post.id)
    return {"raw": one.body, "rendered": render_body(one.body, _format(asked, one), shown).html}


def _format(asked: Asked, one: Any) -> str:
    return str(one.format if isinstance(one, Revision) else asked.loaded["parent"].format)


def _excerpt(asked: Asked, one: Any) -> dict[str, str]:
    return {"raw": one.excerpt, "rendered": f"<p>{as_html(one.excerpt)}</p>\n" if one.excerpt else ""}


def _name(asked: Asked, one: Any) -> str:
    return f"{one.post_id}-{'revision' if isinstance(one, Revision) else 'autosave'}-v1"


def _id(asked: Asked, one: Any) -> int:
    # What is not saved has no number of its own, but one for each of its writers.
    return int(one.id if isinstance(one, Revision) else one.user_id)


FIELDS = (
    Field("author", integer("Who wrote it."), _author),
    Field("date", moment("When, by the site's clock."), lambda asked, one: times.local(asked, _at(one))),
    Field("date_gmt", moment("When, in UTC."), lambda asked, one: times.gmt(_at(one)), "view edit"),
    Field("id", integer("Unique identifier."), _id),
    Field("modified", moment("As date."), lambda asked, one: times.local(asked, _at(one)), "view edit"),
    Field("modified_gmt", moment("As date_gmt."), lambda asked, one: times.gmt(_at(one)), "view edit"),
    Field("parent", integer("The post."), lambda asked, one: one.post_id),
    Field("slug", string("Its name."), _name),
    Field(
        "guid",
        text("Its address.", 500),
        lambda asked, one: {
            "rendered": asked.url(f"/?p={_id(asked, one)}"),
            "raw": asked.url(f"/?p={_id(asked, one)}"),
        },
        "view edit",
    ),
    Field(
        "title",
        text("The title.", LONGEST_TITLE),
        lambda asked, one: {"raw": one.title, "rendered": as_html(one.title)},
        writable=True,
    ),
    Field("content", text("The text.", LONGEST_BODY), _content, "view edit", writable=True),
    Field("body_format", string("The language of the raw content."), _format, "view edit"),
    Field("excerpt", text("What lists show of it.", LONGEST_EXCERPT), _excerpt, writable=True),
)
REVISION, AUTOSAVE = Resource("post-revision", FIELDS), Resource("post-autosave", FIELDS)


def parent(kind: Kind, asked: Asked) -> Post:
    """The post whose past is asked for; raises ApiError."""
    missing = ApiError("rest_post_invalid_parent", "Invalid post parent ID.", 404)
    number = asked["id"] if asked["parent"] is None else asked["parent"]
    post: Post = row_of(asked.db, Post, number, missing)
    if post.kind != kind:
        raise missing
    asked.loaded["parent"] = post
    return post


def may_look(kind: Kind, asked: Asked) -> None:
    if not parent(kind, asked).may_be_edited_by(asked.user):
        message = "Sorry, you are not allowed to view revisions of this post."
        raise refused(asked.user, "rest_cannot_read", message)


def item(asked: Asked, one: Any) -> Item:
    kind = asked.loaded["parent"].kind
    return Item(REVISION.show(asked, one), {"parent": [Link(asked.api(f"/{base(kind)}/{one.post_id}"))]})


def index(kind: Kind, asked: Asked) -> Reply:
    """The revisions, the newest first."""
    post = parent(kind, asked)
    found = select(Revision).where(Revision.post_id == post.id).options(joinedload(Revision.author))
    found = narrowed(asked, found, {"include": Revision.id.in_, "exclude": Revision.id.not_in})
    found = searched(asked, found, Revision.title, Revision.excerpt, Revision.body)
    found = arranged(asked, found, Revision.id, Revision.created_at, {"title": Revision.title})
    rows, headers = listed(asked, found, refuse="revision")
    return with_items([item(asked, one) for one in rows], headers)


def found(kind: Kind, asked: Asked) -> Revision:
    post = parent(kind, asked)
    missing = ApiError("rest_post_invalid_id", "Invalid revision ID.", 404)
    revision: Revision = row_of(asked.db, Revision, asked["id"], missing)
    if revision.post_id != post.id:
        message = f'The revision does not belong to the specified parent with id of "{post.id}"'
        raise ApiError("rest_revision_parent_id_mismatch", message, 404)
    return revision


def show(kind: Kind, asked: Asked) -> Reply:
    return Reply(item(asked, found(kind, asked)))


def may_destroy(kind: Kind, asked: Asked) -> None:
    if not parent(kind, asked).may_be_deleted_by(asked.user):
        message = "Sorry, you are not allowed to delete revisions of this post."
        raise refused(asked.user, "rest_cannot_delete", message)
    may_look(kind, asked)


def destroy(kind: Kind, asked: Asked) -> Reply:
    revision = found(kind, asked)
    if not asked["force"]:
        raise trash_not_supported("Revisions")
    previous = item(asked.within("edit"), revision)
    asked.db.delete(revision)
    asked.db.flush()
    return deleted(previous)


def autosaves(kind: Kind, asked: Asked) -> Reply:
    post = parent(kind, asked)
    rows = asked.db.scalars(select(Autosave).where(Autosave.post_id == post.id).order_by(Autosave.user_id)).all()
    return with_items([item(asked, one) for one in rows])


def autosave(kind: Kind, asked: Asked) -> Reply:
    """What the writer of this number has not saved; it is given by the number in lists."""
    post = parent(kind, asked)
    kept = asked.db.get(Autosave, (post.id, asked["id"]))
    if kept is None:
        raise ApiError("rest_post_no_autosave", "There is no autosave revision for this post.", 404)
    return Reply(item(asked, kept))


def may_autosave(kind: Kind, asked: Asked) -> None:
    if not parent(kind, asked).may_be_edited_by(asked.user):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.")


def keep(kind: Kind, asked: Asked) -> Reply:
    """Keep what somebody has written so far; the author's own draft is saved at once, as WordPress does."""
    post, user = parent(kind, asked), asked.user
    assert user is not None
    sent = {"title": asked["title"], "excerpt": asked["excerpt"], "body": asked["content"]}
    words: dict[str, Any] = {name: clean_text(value) for name, value in sent.items() if value is not None}
    if post.state == State.DRAFT and not post.published and post.author_id == user.id:
        with told():
            post.revise(asked.db, replace(post.content, **words), post.version, user)
        newest = Revision.newest(asked.db, post.id)
        return Reply(item(asked.within("edit"), newest))
    said = {name: words.get(name, getattr(post, name)) for name in sent}
    Autosave.keep(asked.db, post.id, user.id, post.version, (said["title"], said["excerpt"], said["body"]))
    return Reply(item(asked.within("edit"), Autosave.of(asked.db, post.id, user.id)))


def routes(kind: Kind) -> tuple[Route, ...]:
    """Those of one kind of post."""
    below = f"/wp/v2/{base(kind)}/(?P<parent>[\\d]+)"
    of_one = f"/wp/v2/{base(kind)}/(?P<id>[\\d]+)"
    above: Mapping[str, Schema] = {"parent": integer("The post.")}
    both: Mapping[str, Schema] = {**above, "id": integer("Unique identifier.")}
    one = {"context": CONTEXT}

    def by(view: Any) -> Any:
        return lambda asked: view(kind, asked)

    return (
        Route(f"{below}/revisions", (Endpoint(GET, by(index), LISTED, by(may_look)),), REVISION, above),
        Route(
            f"{below}/revisions/{BY_ID}",
            (
                Endpoint(GET, by(show), one, by(may_look)),
                Endpoint(DELETE, by(destroy), FORCE, by(may_destroy)),
            ),
            REVISION,
            both,
        ),
        Route(
            f"{of_one}/autosaves",
            (
                Endpoint(GET, by(autosaves), one, by(may_look)),
                Endpoint(POST, by(keep), AUTOSAVE.writable(), by(may_autosave)),
            ),
            AUTOSAVE,
            {"id": integer("The post.")},
        ),
        Route(
            f"{below}/autosaves/{BY_ID}",
            (Endpoint(GET, by(autosave), one, by(may_look)),),
            AUTOSAVE,
            both,
        ),
    )
