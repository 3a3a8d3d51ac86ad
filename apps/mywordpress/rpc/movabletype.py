"""`mt.*`: what Movable Type has added to MetaWeblog."""

from typing import Any

from sqlalchemy import select, true

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.columns import PUBLISHED
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.remote import dated, settle
from apps.mywordpress.rpc.asked import MOST_LISTED, Asked, gmt
from apps.mywordpress.rpc.faults import MISSING, Fault, not_allowed
from apps.mywordpress.rpc.metaweblog import recent
from apps.mywordpress.rpc.parameters import Sent, number, struct, wrong
from apps.mywordpress.rpc.posts import editable
from apps.mywordpress.rpc.saving import told
from apps.mywordpress.rpc.structs import status_of
from apps.mywordpress.terms.models import Taxonomy
from apps.mywordpress.terms.trees import Tree

MOST_CATEGORIES = 200
TO_VIEW = "view categories"


def titles(asked: Asked, wanted: int) -> list[dict[str, Any]]:
    return [
        {
            "dateCreated": asked.local(dated(post)),
            "date_created_gmt": gmt(dated(post)),
            "userid": str(post.author_id),
            "postid": str(post.id),
            "title": post.title,
            "post_status": status_of(post),
        }
        for post in recent(asked, wanted, "edit posts")
    ]


def categories(asked: Asked) -> list[dict[str, str]]:
    asked.need("edit_posts", TO_VIEW)
    return [{"categoryId": str(node.id), "categoryName": node.name} for node in Tree.load(asked.db)]


def categories_of(asked: Asked, post_id: int) -> list[dict[str, Any]]:
    terms = editable(asked, post_id).terms_of(Taxonomy.CATEGORY)
    return [
        {"categoryName": term.name, "categoryId": str(term.id), "isPrimary": place == 0}
        for place, term in enumerate(terms)
    ]


def file(asked: Asked, post_id: int, categories: list[Any]) -> bool:
    """Give a post these categories, and no others."""
    post = editable(asked, post_id)
    try:
        ids = [Sent(struct(one)).get("categoryId", number, 0) for one in categories[:MOST_CATEGORIES]]
    except TypeError as error:
        raise wrong("a category", error) from None
    with told():
        post.set_terms(asked.db, Taxonomy.CATEGORY, ids)
    if post.is_seen:
        changed()
    return True


def publish(asked: Asked, post_id: int) -> bool:
    post = editable(asked, post_id)
    if not post.may_be_published_by(asked.user):
        raise not_allowed("publish this post")
    if not post.published:
        with told():
            # What is planned for a day to come stays so.
            settle(asked.db, post, PUBLISHED, None)
        changed()
    return True


def filters(asked: Asked) -> list[str]:
    """Texts are taken as they are."""
    return []


def trackbacks(asked: Asked, post_id: int) -> list[dict[str, str]]:
    """What other sites have said about a post by trackback, for everybody who may read it."""
    post = asked.db.get(Post, post_id)
    if post is None or not post.published or post.password:
        raise Fault(MISSING, "Sorry, no such post.")
    shown = Comment.post_id == post.id, Comment.approved == true(), Comment.kind == "trackback"
    found = asked.db.scalars(select(Comment).where(*shown).order_by(Comment.id).limit(MOST_LISTED))
    # From where each came, readers are not told.
    return [{"pingTitle": one.name, "pingURL": one.url, "pingIP": ""} for one in found]
