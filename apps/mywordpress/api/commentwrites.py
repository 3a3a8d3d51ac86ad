"""Leaving, changing, moderating and deleting comments."""

from flask import request

from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.guard import address
from apps.mywordpress.accounts.models import User
from apps.mywordpress.api.asked import Asked, Reply, deleted
from apps.mywordpress.api.comments import (
    ASKED,
    COMMENT,
    LISTED,
    index,
    items,
    may_list,
    may_read,
    may_read_post,
    one,
    show,
    unreadable,
)
from apps.mywordpress.api.errors import ApiError, invalid_parameter, refused
from apps.mywordpress.api.postfields import slow_guessing
from apps.mywordpress.api.routing import BY_ID, DELETE, EDIT, FORCE, GET, ID, ONE, POST, Endpoint, Route
from apps.mywordpress.api.schema import Schema, string
from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.comments.posting import CommentsClosed, edit, moderate, remove, say
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.posts.columns import State as PostState
from apps.mywordpress.posts.models import Post

MOST_SAID, SAID_WITHIN = 60, 600
PASSWORD: dict[str, Schema] = {"password": string("The password of the post.")}
WITHOUT_POST = "Sorry, you are not allowed to create this comment without a post."


def may_create(asked: Asked) -> None:
    if asked.user is None:
        raise ApiError("rest_comment_login_required", "Sorry, you must be logged in to comment.", 401)
    wanted = (
        ("author", asked["author"] not in (None, asked.user.id)),
        ("author_ip", asked["author_ip"] not in (None, "", address())),
        ("status", asked["status"] is not None),
    )
    for name, is_others in wanted:
        if is_others and not asked.can("moderate_comments"):
            message = f"Sorry, you are not allowed to edit '{name}' for comments."
            raise refused(asked.user, f"rest_comment_invalid_{name}", message)
    if asked["post"] is not None or asked.method == "POST":
        _check_post(asked)


def _check_post(asked: Asked) -> None:
    post = _post(asked)
    if post.status in (PostState.DRAFT, PostState.TRASH):
        code = f"rest_comment_{post.status}_post"
        raise ApiError(code, "Sorry, you are not allowed to create a comment on this post.", 403)
    slow_guessing(asked)
    if not may_read_post(asked, post):
        raise unreadable(asked)


def _post(asked: Asked) -> Post:
    post = asked.db.get(Post, asked["post"]) if asked["post"] else None
    if post is None:
        raise ApiError("rest_comment_invalid_post_id", WITHOUT_POST, 403)
    return post


def _user(asked: Asked) -> User:
    assert asked.user is not None
    return asked.user


def create(asked: Asked) -> Reply:
    if asked.has("id"):
        raise ApiError("rest_comment_exists", "Cannot create existing comment.", 400)
    if asked["type"] not in (None, "", "comment"):
        raise ApiError("rest_invalid_comment_type", "Cannot create a comment with that type.", 400)
    if not (asked["content"] or "").strip():
        raise ApiError("rest_comment_content_invalid", "Invalid comment content.", 400)
    limit("comment", f"user-{_user(asked).id}", MOST_SAID, SAID_WITHIN)
    post, author = _post(asked), _author(asked)
    parent = _parent(asked, post)
    try:
        left = say(
            asked.db,
            post,
            _said(asked),
            options=asked.options,
            user=author,
            parent=parent,
            origin=asked.origin,
        )
    except CommentsClosed:
        raise ApiError("rest_comment_closed", "Sorry, comments are closed for this item.", 403) from None
    if not left.is_new:
        message = "Duplicate comment detected; it looks as though you've already said that!"
        raise ApiError("comment_duplicate", message, 409)
    if asked["status"]:
        _become(asked, left.comment)
    context = "edit" if asked.can("moderate_comments") else "view"
    where = asked.api(f"/comments/{left.comment.id}")
    return Reply(items(asked.within(context), [left.comment])[0], 201, {"Location": where})


def _author(asked: Asked) -> User | None:
    """Who is to be its author: who asks, unless a moderator says otherwise. 0 is somebody without an account."""
    if asked["author"] in (None, _user(asked).id):
        return None if asked["author"] is None and _is_anothers(asked) else asked.user
    if asked["author"] == 0:
        return None
    author = asked.db.get(User, asked["author"])
    if author is None:
        raise ApiError("rest_comment_author_invalid", "Invalid comment author ID.", 400)
    return author


def _is_anothers(asked: Asked) -> bool:
    """Whether a moderator tells a name and an address that an account has not."""
    return bool(asked["author_name"] and asked["author_email"]) and asked.can("moderate_comments")


def _said(asked: Asked) -> Said:
    return Said(
        asked["content"],
        asked["author_name"] or "",
        asked["author_email"] or "",
        _web_address(asked),
        asked["author_ip"] or address(),
        asked["author_user_agent"] or request.user_agent.string,
    )


def _web_address(asked: Asked) -> str:
    url: str = asked["author_url"] or ""
    if url and not url.startswith(("https://", "http://")):
        raise invalid_parameter("author_url", "author_url is not a web address.")
    return url


def _parent(asked: Asked, post: Post) -> Comment | None:
    if not asked["parent"]:
        return None
    parent = Comment.answerable(asked.db, post, asked["parent"])
    if parent is None:
        raise invalid_parameter("parent", "parent is no comment that can be answered on this post.")
    return parent


def _become(asked: Asked, comment: Comment) -> None:
    status = ASKED.get(asked["status"])
    if status is None:
        raise invalid_parameter("status", f"status is not one of {', '.join(ASKED)}.", "rest_not_in_enum")
    moderate(asked.db, [comment], status, options=asked.options, moderator=_user(asked), origin=asked.origin)


def may_update(asked: Asked) -> None:
    if not one(asked).may_be_moderated_by(asked.user):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to edit this comment.")


def update(asked: Asked) -> Reply:
    comment = one(asked)
    if asked["type"] not in (None, comment.kind):
        raise ApiError("rest_comment_invalid_type", "Sorry, you are not allowed to change the comment type.", 404)
    if asked["post"] not in (None, comment.post_id):
        raise invalid_parameter("post", "A comment stays on its post.")
    if asked["parent"] not in (None, comment.parent_id or 0):
        raise invalid_parameter("parent", "A comment answers what it has answered.")
    names = ("content", "author_name", "author_email", "author_url")
    if any(asked[name] is not None for name in names):
        said = Said(
            comment.text if asked["content"] is None else asked["content"],
            asked["author_name"] or comment.name,
            asked["author_email"] or comment.email,
            comment.url if asked["author_url"] is None else _web_address(asked),
        )
        if not said.text.strip():
            raise ApiError("rest_comment_content_invalid", "Invalid comment content.", 400)
        edit(asked.db, comment, said)
    if asked["status"]:
        _become(asked, comment)
    return Reply(items(asked.within("edit"), [comment])[0])


def may_delete(asked: Asked) -> None:
    if not one(asked).may_be_moderated_by(asked.user):
        raise refused(asked.user, "rest_cannot_delete", "Sorry, you are not allowed to delete this comment.")


def destroy(asked: Asked) -> Reply:
    comment, editing = one(asked), asked.within("edit")
    if asked["force"]:
        previous = items(editing, [comment])[0]
        remove(asked.db, [comment])
        return deleted(previous)
    if comment.status == State.TRASH:
        raise ApiError("rest_already_trashed", "The comment has already been trashed.", 410)
    moderate(asked.db, [comment], State.TRASH, options=asked.options, moderator=_user(asked), origin=asked.origin)
    return Reply(items(editing, [comment])[0])


CREATED = {**COMMENT.writable(), **PASSWORD}
ROUTES = (
    Route(
        "/wp/v2/comments",
        (Endpoint(GET, index, LISTED, may_list), Endpoint(POST, create, CREATED, may_create)),
        COMMENT,
    ),
    Route(
        f"/wp/v2/comments/{BY_ID}",
        (
            Endpoint(GET, show, {**ONE, **PASSWORD}, may_read),
            Endpoint(EDIT, update, COMMENT.writable(), may_update),
            Endpoint(DELETE, destroy, {**FORCE, **PASSWORD}, may_delete),
        ),
        COMMENT,
        ID,
    ),
)
