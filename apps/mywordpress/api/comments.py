"""Comments as the API shows them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager

from apps.chassis.people import LONGEST_EMAIL
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, with_items
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered, searched
from apps.mywordpress.api.postfields import address_of, base, is_open, slow_guessing
from apps.mywordpress.api.postlists import readable_of_all
from apps.mywordpress.api.schema import Schema, choice, integer, moment, numbers, record, string, text
from apps.mywordpress.api.shapes import linked
from apps.mywordpress.api.users import avatar_urls
from apps.mywordpress.comments.models import LONGEST_NAME, LONGEST_TEXT, LONGEST_URL, Comment, State
from apps.mywordpress.comments.rules import APPROVED
from apps.mywordpress.posts.models import Post

# In words of WordPress's queries, which are others than those of its answers.
ASKED = {"approve": APPROVED, "approved": APPROVED, "1": APPROVED, "hold": State.HOLD, "0": State.HOLD}
ASKED |= {"spam": State.SPAM, "trash": State.TRASH, "unapproved": State.HOLD, "unspam": State.HOLD}
ASKED |= {"untrash": State.HOLD}
ALL = "all"
# As WordPress shows them within a post.
MOST_EMBEDDED = 10

COMMENT = Resource(
    "comment",
    (
        Field("id", integer("Unique identifier."), lambda asked, one: one.id),
        Field("post", integer("The post."), lambda asked, one: one.post_id, "view edit", writable=True),
        Field(
            "parent",
            integer("The comment that it answers, 0 for none."),
            lambda asked, one: one.parent_id or 0,
            writable=True,
        ),
        Field(
            "author", integer("The user who wrote it, 0 for none."), lambda asked, one: one.user_id or 0, writable=True
        ),
        Field("author_name", string("Their name.", maxLength=LONGEST_NAME), lambda asked, one: one.name, writable=True),
        Field(
            "author_email",
            string("Their e-mail address.", format="email", maxLength=LONGEST_EMAIL),
            lambda asked, one: one.email,
            "edit",
            writable=True,
        ),
        Field(
            "author_url", string("Their web site.", maxLength=LONGEST_URL), lambda asked, one: one.url, writable=True
        ),
        Field(
            "author_ip",
            string("From where they wrote.", format="ip"),
            lambda asked, one: one.address,
            "edit",
            writable=True,
        ),
        Field(
            "author_user_agent",
            string("By what they wrote.", maxLength=255),
            lambda asked, one: one.user_agent,
            "edit",
            writable=True,
        ),
        Field("date", moment("When, by the site's clock."), lambda asked, one: times.local(asked, one.created_at)),
        Field("date_gmt", moment("When, in UTC."), lambda asked, one: times.gmt(one.created_at), "view edit"),
        Field(
            "content",
            text("What it says.", LONGEST_TEXT),
            lambda asked, one: {"raw": one.text, "rendered": one.html},
            writable=True,
        ),
        Field(
            "link",
            string("Where readers find it.", format="uri"),
            lambda asked, one: f"{address_of(asked, one.post)}#comment-{one.id}",
        ),
        Field("status", string("Whether it is shown."), lambda asked, one: one.status, "view edit", writable=True),
        Field("type", string("What it is."), lambda asked, one: one.kind, writable=True),
        Field(
            "author_avatar_urls",
            record({}, "Pictures of them."),
            lambda asked, one: avatar_urls(asked, one.name, one.user_id or one.name),
        ),
        Field("meta", record({}, "Fields of others."), lambda asked, one: {}, "view edit", writable=True),
    ),
)
ORDERS = ("date", "date_gmt", "id", "include", "post", "parent", "type")
LISTED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    **ordered(ORDERS, "date_gmt"),
    "after": moment("Said after this."),
    "before": moment("Said before this."),
    "author": numbers("Only of these users.", default=[]),
    "author_exclude": numbers("Not of these users.", default=[]),
    "author_email": string("Only of this address.", maxLength=LONGEST_EMAIL, format="email"),
    "parent": numbers("Only what answers these.", default=[]),
    "parent_exclude": numbers("Not what answers these.", default=[]),
    "post": numbers("Only on these posts.", default=[]),
    "status": choice([*ASKED, ALL], "Only of this status.", default="approve"),
    "type": string("Only of this type.", default="comment", maxLength=20),
    "password": string("The password of the post."),
}
PROTECTED: Mapping[str, Any] = {
    "author": [],
    "author_exclude": [],
    "author_email": None,
    "type": "comment",
    "status": "approve",
}


def item(asked: Asked, one: Comment) -> Item:
    at = asked.api("/comments")
    links = {"self": [Link(f"{at}/{one.id}")], "collection": [Link(at)]}
    if one.user_id:
        links["author"] = [Link(asked.api(f"/users/{one.user_id}"), ("users", one.user_id))]
    kind = one.post.kind
    where = asked.api(f"/{base(kind)}/{one.post_id}")
    links["up"] = [Link(where, ("posts", one.post_id), {"post_type": kind})]
    if one.parent_id:
        links["in-reply-to"] = [Link(f"{at}/{one.parent_id}", ("comment", one.parent_id))]
    children = asked.loaded.get("answered", ())
    if one.id in children:
        links["children"] = [Link(f"{at}?parent={one.id}")]
    return Item(COMMENT.show(asked, one), links)


def items(asked: Asked, comments: Collection[Comment]) -> list[Item]:
    """Comments that came with their posts, in a fixed number of queries."""
    ids = [one.id for one in comments]
    answered = select(Comment.parent_id).where(Comment.parent_id.in_(ids), Comment.approved == true()).distinct()
    asked.loaded["answered"] = set(asked.db.scalars(answered)) if ids else set()
    return [item(asked, one) for one in comments]


def selected() -> Select[Any]:
    """Comments with their posts."""
    return select(Comment).join(Comment.post).options(contains_eager(Comment.post))


def shown_to(asked: Asked) -> ColumnElement[bool]:
    """Whether whoever asks may read a comment: an approved one on what they may read, or one that they moderate."""
    user = asked.user
    either = [and_(Comment.approved == true(), readable_of_all(user), Post.password == "")]
    if user is not None and user.can("moderate_comments"):
        return true()
    if user is not None and user.can("edit_posts"):
        own = Post.author_id == user.id
        may = user.can("edit_published_posts")
        either.append(own if may else and_(own, Post.published.is_(False)))
    return or_(*either)


def embedded(asked: Asked, ids: Collection[int]) -> Mapping[int, Any]:
    """Comments within other ones."""
    rows = asked.db.scalars(selected().where(Comment.id.in_(ids), shown_to(asked))).all()
    missing = ApiError("rest_comment_invalid_id", "Invalid comment ID.", 404).body()
    return dict.fromkeys(ids, missing) | {one.id: linked(item(asked, one)) for one in rows}


def of_posts(asked: Asked, post_ids: Collection[int]) -> Mapping[int, Any]:
    """The newest approved comments of posts, within these."""
    place = func.row_number().over(partition_by=Comment.post_id, order_by=Comment.id.desc()).label("place")
    shown = Comment.post_id.in_(post_ids), Comment.approved == true(), Comment.kind == "comment"
    newest = select(Comment.id, place).where(*shown).subquery()
    found = selected().join(newest, newest.c.id == Comment.id).where(newest.c.place <= MOST_EMBEDDED)
    replies: dict[int, list[Any]] = {post_id: [] for post_id in post_ids}
    for one in asked.db.scalars(found.where(shown_to(asked)).order_by(Comment.id.desc())):
        replies[one.post_id].append(linked(item(asked, one)))
    return replies


def may_list(asked: Asked) -> None:
    slow_guessing(asked)
    for number in asked["post"] or ():
        post = asked.db.get(Post, number)
        if post is not None and not may_read_post(asked, post):
            raise unreadable(asked)
    if asked.context == "edit" and not asked.can("moderate_comments"):
        raise refused(asked.user, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
    sent = [name for name, usual in PROTECTED.items() if asked[name] not in (usual, None)]
    if sent and not asked.can("edit_posts"):
        message = f"Query parameter not permitted: {', '.join(sent)}"
        raise refused(asked.user, "rest_forbidden_param", message)


def unreadable(asked: Asked) -> ApiError:
    message = "Sorry, you are not allowed to read the post for this comment."
    return refused(asked.user, "rest_cannot_read_post", message)


def may_read_post(asked: Asked, post: Post) -> bool:
    """Whether the post and its talk are open to whoever asks."""
    return post.may_be_read_by(asked.user) and (is_open(asked, post) or post.may_be_edited_by(asked.user))


def index(asked: Asked) -> Reply:
    rows, headers = listed(asked, _in_order(asked, _narrowed(asked, selected())))
    return with_items(items(asked, rows), headers)


def _narrowed(asked: Asked, found: Select[Any]) -> Select[Any]:
    parent, author = func.coalesce(Comment.parent_id, 0), func.coalesce(Comment.user_id, 0)
    among: dict[str, Any] = {
        "include": Comment.id.in_,
        "exclude": Comment.id.not_in,
        "post": Comment.post_id.in_,
        "parent": parent.in_,
        "parent_exclude": parent.not_in,
        "author": author.in_,
        "author_exclude": author.not_in,
        "author_email": lambda email: Comment.email == email.casefold(),
        "after": lambda _: Comment.created_at > times.read(asked, "after"),
        "before": lambda _: Comment.created_at < times.read(asked, "before"),
    }
    found = narrowed(asked, found, among).where(_of_status(asked["status"]))
    if asked["type"] != ALL:
        found = found.where(Comment.kind == asked["type"])
    # The posts that were asked for have been looked at, each with its password.
    is_known = asked["post"] and asked["password"]
    found = found.where(or_(Comment.approved == true(), shown_to(asked)) if is_known else shown_to(asked))
    return searched(asked, found, Comment.text, Comment.name, *((Comment.email,) if _sees_addresses(asked) else ()))


def _sees_addresses(asked: Asked) -> bool:
    return asked.can("moderate_comments")


def _of_status(status: str) -> ColumnElement[bool]:
    if status == ALL:
        return or_(Comment.approved == true(), Comment.state == State.HOLD)
    return Comment.has_status(ASKED[status])


def _in_order(asked: Asked, found: Select[Any]) -> Select[Any]:
    columns = {"post": Comment.post_id, "parent": Comment.parent_id, "type": Comment.kind}
    return arranged(asked, found, Comment.id, Comment.created_at, columns)


def one(asked: Asked) -> Comment:
    missing = ApiError("rest_comment_invalid_id", "Invalid comment ID.", 404)
    comment: Comment = row_of(asked.db, Comment, asked["id"], missing)
    return comment


def may_read(asked: Asked) -> None:
    slow_guessing(asked)
    comment = one(asked)
    if asked.context == "edit" and not asked.can("moderate_comments"):
        raise refused(asked.user, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
    if not comment.approved and not comment.may_be_moderated_by(asked.user):
        raise refused(asked.user, "rest_cannot_read", "Sorry, you are not allowed to read this comment.")
    if not may_read_post(asked, comment.post):
        raise unreadable(asked)


def show(asked: Asked) -> Reply:
    return Reply(items(asked, [one(asked)])[0])
