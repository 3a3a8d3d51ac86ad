"""`wp.*` of comments: read, left, moderated and deleted."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import TooManyRequests

from apps.chassis.people import LONGEST_EMAIL, is_email
from apps.chassis.ratelimits import limit
from apps.mywordpress.comments.models import LONGEST_NAME, LONGEST_TEXT, LONGEST_URL, Comment, State
from apps.mywordpress.comments.posting import CommentsClosed, moderate, remove, say
from apps.mywordpress.comments.posting import edit as rewrite
from apps.mywordpress.comments.rules import APPROVED, Said
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.rpc.asked import Asked, gmt, span
from apps.mywordpress.rpc.faults import CONFLICT, FORBIDDEN, MISSING, NOT_ALLOWED, TOO_MANY, WRONG_PARAMETERS, Fault
from apps.mywordpress.rpc.parameters import Sent, number
from apps.mywordpress.rpc.structs import link_of

USUALLY = 10
MOST_SAID, SAID_WITHIN = 60, 600
# What clients call it, and what we do.
STATUSES = {"hold": State.HOLD, "approve": APPROVED, "spam": State.SPAM, "trash": State.TRASH}
NAMES = {status: name for name, status in STATUSES.items()}
LONGEST_ON_DESK = 65_000


def index(asked: Asked, filter: dict[str, Any]) -> list[dict[str, Any]]:
    sent = Sent(filter)
    status = sent.get("status", default="")
    if not asked.can("moderate_comments") and status != "approve":
        raise Fault(NOT_ALLOWED, "Invalid comment status.")
    found = _posted().where(_of_status(status), _shown_to(asked))
    if post_id := sent.get("post_id", number, 0):
        found = found.where(Comment.post_id == post_id)
    if kind := sent.get("post_type", default=""):
        if kind not in set(Kind):
            raise Fault(MISSING, "Invalid post type.")
        found = found.where(Post.kind == kind)
    wanted, offset = span(sent, USUALLY)
    rows = asked.db.scalars(found.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(wanted).offset(offset))
    return [_struct(asked, one) for one in rows]


def _posted() -> "Select[Comment]":
    return select(Comment).join(Comment.post).options(contains_eager(Comment.post))


def _of_status(status: str) -> "ColumnElement[bool]":
    if status in STATUSES:
        return Comment.has_status(STATUSES[status])
    return or_(Comment.has_status(APPROVED), Comment.has_status(State.HOLD))


def _shown_to(asked: Asked) -> "ColumnElement[bool]":
    if asked.can("moderate_comments"):
        return true()
    return or_(and_(Post.published == true(), Post.password == ""), Post.author_id == asked.user.id)


def _struct(asked: Asked, one: Comment) -> dict[str, Any]:
    # Readers never learn the addresses of one another.
    may = one.may_be_moderated_by(asked.user)
    return {
        "date_created_gmt": gmt(one.created_at),
        "user_id": str(one.user_id or 0),
        "comment_id": str(one.id),
        "parent": str(one.parent_id or 0),
        "status": NAMES[one.status],
        "content": one.text,
        "link": f"{link_of(asked, one.post)}#comment-{one.id}",
        "post_id": str(one.post_id),
        "post_title": one.post.title,
        "author": one.name,
        "author_url": one.url,
        "author_email": one.email if may else "",
        "author_ip": one.address if may else "",
        "type": one.kind,
    }


def show(asked: Asked, comment_id: int) -> dict[str, Any]:
    return _struct(asked, _moderated(asked, comment_id, "moderate or edit this comment"))


def _moderated(asked: Asked, comment_id: int, what: str) -> Comment:
    """The comment, if whoever asks may decide about it; raises Fault."""
    comment = asked.found(Comment, comment_id, "comment")
    if not comment.may_be_moderated_by(asked.user):
        raise Fault(FORBIDDEN, f"Sorry, you are not allowed to {what}.")
    return comment


def counts(asked: Asked, post_id: int) -> dict[str, int]:
    """How many comments of a post have which status."""
    post = asked.found(Post, post_id, "post")
    if not post.may_be_edited_by(asked.user):
        raise Fault(FORBIDDEN, "Sorry, you are not allowed to access details of this post.")
    status = case((Comment.approved == true(), APPROVED), else_=Comment.state)
    rows = asked.db.execute(select(status, func.count()).where(Comment.post_id == post.id).group_by(status))
    found: dict[str, int] = dict(rows.all())
    approved, held, spam = (found.get(name, 0) for name in (APPROVED, State.HOLD, State.SPAM))
    return {
        "approved": approved,
        "awaiting_moderation": held,
        "spam": spam,
        "total_comments": approved + held + spam,
    }


def make(asked: Asked, where: Any, content: dict[str, Any]) -> int:
    """Say something about a post, given by its number or its address."""
    _limit(asked)
    post, sent = _post(asked, where), Sent(content)
    said = Said(_text(sent, LONGEST_TEXT), address=asked.address, user_agent=asked.user_agent)
    parent = _parent(asked, post, sent)
    try:
        left = say(asked.db, post, said, options=asked.options, user=asked.user, parent=parent, origin=asked.origin)
    except CommentsClosed:
        raise Fault(FORBIDDEN, "Sorry, comments are closed for this item.") from None
    if not left.is_new:
        raise Fault(CONFLICT, "Duplicate comment detected; it looks as though you've already said that!")
    return left.comment.id


def _limit(asked: Asked) -> None:
    try:
        limit("comment", f"user-{asked.user.id}", MOST_SAID, SAID_WITHIN)
    except TooManyRequests:
        # Among several calls, only this one fails.
        raise Fault(TOO_MANY, "You are posting comments too quickly. Slow down.") from None


def _post(asked: Asked, where: Any) -> Post:
    from apps.mywordpress.front.finding import at

    path = where.removeprefix(asked.origin).partition("#")[0] if isinstance(where, str) else ""
    post = at(asked.db, path) if path.startswith("/") else asked.db.get(Post, _number(where))
    if post is None or not post.may_be_read_by(asked.user) or _is_locked(asked, post):
        raise Fault(MISSING, "Invalid post ID.")
    return post


def _number(where: Any) -> int:
    try:
        return number(where)
    except TypeError:
        return 0


def _is_locked(asked: Asked, post: Post) -> bool:
    return bool(post.password) and not post.may_be_edited_by(asked.user)


def _text(sent: Sent, longest: int, usual: str = "") -> str:
    text: str = sent.get("content", default=usual).strip()
    if not text:
        raise Fault(FORBIDDEN, "Comment is required.")
    if len(text) > longest:
        raise Fault(WRONG_PARAMETERS, f"The content is too long: it may have {longest} characters.")
    return text


def _parent(asked: Asked, post: Post, sent: Sent) -> Comment | None:
    parent_id = sent.get("comment_parent", number, 0)
    parent = Comment.answerable(asked.db, post, parent_id) if parent_id else None
    if parent_id and parent is None:
        raise Fault(MISSING, "Invalid comment ID.")
    return parent


def edit(asked: Asked, comment_id: int, content: dict[str, Any]) -> bool:
    comment, sent = _moderated(asked, comment_id, "moderate or edit this comment"), Sent(content)
    status = sent.get("status", default="")
    if status and status not in STATUSES:
        raise Fault(NOT_ALLOWED, "Invalid comment status.")
    if any(name in sent for name in ("content", "author", "author_url", "author_email")):
        rewrite(asked.db, comment, _said(comment, sent))
    if status:
        _become(asked, comment, STATUSES[status])
    return True


def _said(comment: Comment, sent: Sent) -> Said:
    name = " ".join(sent.get("author", default=comment.name).split()) or comment.name
    email = sent.get("author_email", default=comment.email).strip()
    url = sent.get("author_url", default=comment.url).strip()
    if len(name) > LONGEST_NAME and name != comment.name:
        raise Fault(WRONG_PARAMETERS, f"The author is too long: it may have {LONGEST_NAME} characters.")
    if email != comment.email and email and (len(email) > LONGEST_EMAIL or not is_email(email)):
        raise Fault(WRONG_PARAMETERS, "The author_email is no e-mail address.")
    if url != comment.url and url and (len(url) > LONGEST_URL or not url.startswith(("http://", "https://"))):
        raise Fault(WRONG_PARAMETERS, "The author_url is no web address.")
    return Said(_text(sent, LONGEST_ON_DESK, comment.text), name, email, url)


def _become(asked: Asked, comment: Comment, status: str) -> None:
    moderate(asked.db, [comment], status, options=asked.options, moderator=asked.user, origin=asked.origin)


def delete(asked: Asked, comment_id: int) -> bool:
    """Into the trash; out of it, and out of what is spam, for good."""
    comment = _moderated(asked, comment_id, "delete this comment")
    if comment.status in (State.TRASH, State.SPAM):
        remove(asked.db, [comment])
    else:
        _become(asked, comment, State.TRASH)
    return True


def statuses(asked: Asked) -> dict[str, str]:
    if not asked.can("publish_posts"):
        raise Fault(FORBIDDEN, "Sorry, you are not allowed to access details about this site.")
    return {"hold": "Unapproved", "approve": "Approved", "spam": "Spam"}
