"""Posts, pages and revisions as structs: ids in strings, dates on the site's clock and in GMT."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.addresses import MOST_LEVELS
from apps.mywordpress.posts.columns import PUBLISHED, State
from apps.mywordpress.posts.history import PostMeta, Revision
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.parts import DIVIDER
from apps.mywordpress.posts.remote import dated, format_of, path_of
from apps.mywordpress.rpc.asked import Asked, gmt
from apps.mywordpress.rpc.mediastructs import media_struct
from apps.mywordpress.rpc.termstructs import term_structs

USUAL_FIELDS = ("post", "terms", "custom_fields")
ENCLOSURE = "enclosure"
# Notes of WordPress's own, which clients neither see nor write.
HIDDEN = "_"
WITH = (
    selectinload(Post.terms),
    selectinload(Post.author),
    selectinload(Post.picture).selectinload(Attachment.renditions),
    selectinload(Post.parent, recursion_depth=MOST_LEVELS),
)


def post_structs(asked: Asked, posts: Sequence[Post], fields: Collection[str] | None) -> list[dict[str, Any]]:
    """Posts as `wp.getPosts` tells them, with these fields or groups of fields, in a fixed number of queries."""
    wanted = set(USUAL_FIELDS if fields is None else fields)
    notes = notes_of(asked, posts)
    terms = term_structs(asked, {term.id: term for post in posts for term in post.terms}.values())
    return [_post_struct(asked, post, wanted, notes.get(post.id, []), terms) for post in posts]


def _post_struct(
    asked: Asked, post: Post, wanted: set[str], notes: Sequence[PostMeta], terms: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    told = _told(asked, post)
    shown = told if "post" in wanted else {name: value for name, value in told.items() if name in wanted}
    struct = {"post_id": str(post.id), **shown}
    if wanted & {"terms", "taxonomies"}:
        struct["terms"] = [terms[term.id] for term in post.terms]
    if "custom_fields" in wanted:
        struct["custom_fields"] = custom_fields(notes)
    if ENCLOSURE in wanted:
        struct[ENCLOSURE] = enclosure(notes)
    return struct


def _told(asked: Asked, post: Post) -> dict[str, Any]:
    return {
        "post_title": post.title,
        **_dates(asked, post),
        "post_status": status_of(post),
        "post_type": post.kind,
        "post_name": post.slug,
        "post_author": str(post.author_id),
        "post_password": post.password,
        "post_excerpt": post.excerpt,
        "post_content": post.body,
        "post_parent": str(post.parent_id or 0),
        "post_mime_type": "",
        "link": link_of(asked, post),
        "guid": post.guid or asked.url(f"/?p={post.id}"),
        "menu_order": post.position,
        "comment_status": "open" if post.comments_open else "closed",
        "ping_status": "open" if post.pings_open else "closed",
        "sticky": post.sticky,
        "post_format": format_of(post),
        "post_thumbnail": media_struct(asked, post.picture) if post.picture else [],
    }


def _dates(asked: Asked, post: Post) -> dict[str, Any]:
    at = dated(post)
    return {
        "post_date": asked.local(at),
        "post_date_gmt": gmt(at),
        "post_modified": asked.local(post.updated_at),
        "post_modified_gmt": gmt(post.updated_at),
    }


def status_of(post: Post) -> str:
    """Its status as editors know it: what is scheduled is published, at a date to come."""
    return PUBLISHED if post.status == State.FUTURE else post.status


def link_of(asked: Asked, post: Post) -> str:
    """The whole address at which readers find it, or would."""
    return asked.url(path_of(post))


def notes_of(asked: Asked, posts: Sequence[Post]) -> dict[int, list[PostMeta]]:
    """What others have noted about these posts, for clients to see."""
    ids = [post.id for post in posts]
    shown = select(PostMeta).where(PostMeta.post_id.in_(ids), ~PostMeta.name.startswith(HIDDEN, autoescape=True))
    found: dict[int, list[PostMeta]] = {}
    for note in asked.db.scalars(shown.order_by(PostMeta.id)) if ids else ():
        found.setdefault(note.post_id, []).append(note)
    return found


def custom_fields(notes: Sequence[PostMeta]) -> list[dict[str, str]]:
    return [{"id": str(note.id), "key": note.name, "value": note.value} for note in notes]


def enclosure(notes: Sequence[PostMeta]) -> Any:
    """The file that feeds shall name, as it was noted: address, length and type in a line each."""
    noted = next((note.value for note in notes if note.name == ENCLOSURE), None)
    if noted is None:
        return []
    url, length, kind = ([part.strip() for part in noted.split("\n")] + ["", "", ""])[:3]
    return {"url": url, "length": int(length) if length.isascii() and length.isdecimal() else 0, "type": kind}


def divided(body: str) -> tuple[str, str, str]:
    """A body before and behind the first `<!--more-->`, and the words of that."""
    found = next((one for one in DIVIDER.finditer(body) if one["more"]), None)
    if found is None:
        return body, "", ""
    return body[: found.start()].rstrip(), body[found.end() :].lstrip(), found["text"].strip()


def joined(main: str, more: str) -> str:
    """A body of the two parts in which older clients send it."""
    return f"{main}<!--more-->{more}" if more else main


def revision_struct(asked: Asked, revision: Revision, post: Post, fields: Collection[str] | None) -> dict[str, Any]:
    """A revision as `wp.getRevisions` tells it: as a post below the one that it is of."""
    told = {
        **_told(asked, post),
        "post_title": revision.title,
        "post_excerpt": revision.excerpt,
        "post_content": revision.body,
        "post_author": str(revision.author_id),
        "post_parent": str(post.id),
        "post_status": "inherit",
        "post_type": "revision",
        "post_name": f"{post.id}-revision-v1",
        "post_password": "",
        "sticky": False,
        "post_thumbnail": [],
    }
    told |= dict.fromkeys(("post_date", "post_modified"), asked.local(revision.created_at))
    told |= dict.fromkeys(("post_date_gmt", "post_modified_gmt"), gmt(revision.created_at))
    wanted = set(USUAL_FIELDS if fields is None else fields)
    shown = told if "post" in wanted else {name: value for name, value in told.items() if name in wanted}
    more: dict[str, Any] = {"terms": [], "custom_fields": []}
    return {"post_id": str(revision.id), **shown, **{name: value for name, value in more.items() if name in wanted}}
