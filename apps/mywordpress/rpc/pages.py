"""`wp.*` of pages, as before there was one way to posts of every kind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from apps.mywordpress.api.postlists import editable_by
from apps.mywordpress.posts.columns import Kind, State
from apps.mywordpress.posts.history import PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.remote import dated
from apps.mywordpress.rpc.asked import MOST_LISTED, Asked, gmt
from apps.mywordpress.rpc.faults import MISSING, Fault
from apps.mywordpress.rpc.metaweblog import heading, rewrite, written
from apps.mywordpress.rpc.parameters import Sent
from apps.mywordpress.rpc.posts import destroy, editable, listed
from apps.mywordpress.rpc.structs import custom_fields, divided, notes_of

USUALLY = 10


def show(asked: Asked, page_id: int) -> dict[str, Any]:
    return _structs(asked, [editable(asked, page_id, Kind.PAGE)])[0]


def index(asked: Asked, wanted: int) -> list[dict[str, Any]]:
    asked.need("edit_pages", "edit pages")
    mine = select(Post).where(Post.kind == Kind.PAGE, Post.state != State.TRASH, *editable_by(Kind.PAGE, asked.user))
    return _structs(asked, listed(asked, mine, Sent({"number": wanted}), USUALLY))


def make(asked: Asked, content: dict[str, Any], publish: bool) -> str:
    return str(written(asked, {**content, "post_type": Kind.PAGE}, publish, Kind.PAGE).id)


def edit(asked: Asked, page_id: int, content: dict[str, Any], publish: bool) -> bool:
    page = editable(asked, page_id, Kind.PAGE)
    rewrite(asked, page, {**content, "post_type": Kind.PAGE}, publish)
    return True


def delete(asked: Asked, page_id: int) -> bool:
    page = asked.found(Post, page_id, "page")
    if page.kind != Kind.PAGE:
        raise Fault(MISSING, "Sorry, no such page.")
    destroy(asked, page)
    return True


def names(asked: Asked) -> list[dict[str, Any]]:
    """All pages by title, in the order of their numbers."""
    asked.need("edit_pages", "edit pages")
    found = select(Post).where(Post.kind == Kind.PAGE, Post.state != State.TRASH).order_by(Post.id)
    return [
        {
            "page_id": str(page.id),
            "page_title": page.title,
            "page_parent_id": str(page.parent_id or 0),
            "dateCreated": asked.local(dated(page)),
            "date_created_gmt": gmt(dated(page)),
        }
        for page in asked.db.scalars(found.limit(MOST_LISTED))
    ]


def statuses(asked: Asked) -> dict[str, str]:
    asked.need("edit_pages", "access details about this site")
    return {"draft": "Draft", "private": "Private", "publish": "Published"}


def templates(asked: Asked) -> dict[str, str]:
    asked.need("edit_pages", "access details about this site")
    return {"Default": "default"}


def _structs(asked: Asked, pages: Sequence[Post]) -> list[dict[str, Any]]:
    notes = notes_of(asked, pages)
    return [_struct(asked, page, notes.get(page.id, [])) for page in pages]


def _struct(asked: Asked, page: Post, notes: Sequence[PostMeta]) -> dict[str, Any]:
    main, more, _ = divided(page.body)
    parent = next((one for one in page.lineage() if one is not page), None)
    return {
        **heading(asked, page),
        "page_id": str(page.id),
        "page_status": page.status,
        "description": main,
        "text_more": more,
        "categories": [],
        "excerpt": page.excerpt,
        "wp_author": page.author.name,
        "wp_page_parent_id": str(page.parent_id or 0),
        "wp_page_parent_title": parent.title if parent else "",
        "wp_page_order": page.position,
        "custom_fields": custom_fields(notes),
        "wp_page_template": "default",
    }
