"""Making, changing and deleting posts and pages: every step by a verb of the post's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.mywordpress.accounts.models import User
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Reply, deleted
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, invalid_parameter, refused
from apps.mywordpress.api.postfields import base, check_password, may_stick, slow_guessing
from apps.mywordpress.api.posts import invalid_id, one
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.addresses import ImpossibleParent
from apps.mywordpress.posts.columns import Format, Kind, State
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.filed import UnknownTerm
from apps.mywordpress.posts.forms import is_too_marked
from apps.mywordpress.posts.models import EditConflict, Post, SlugTaken
from apps.mywordpress.posts.remote import IN_PUBLIC, default_categories, replaced, revise, set_format, settle
from apps.mywordpress.posts.states import InTrash, PostGone
from apps.mywordpress.terms.models import Taxonomy

# What becomes of a parameter within the content, and how.
PLAIN = {"title": "title", "content": "body", "excerpt": "excerpt", "slug": "slug", "password": "password"}
PLAIN |= {"sticky": "sticky", "menu_order": "position"}


def found(kind: Kind, asked: Asked) -> Post:
    """The post of this kind and number, or ApiError."""
    post: Post = row_of(asked.db, Post, asked["id"], invalid_id())
    if post.kind != kind:
        raise invalid_id()
    return post


def may_read(kind: Kind, asked: Asked) -> None:
    post = found(kind, asked)
    if asked.context == "edit" and not post.may_be_edited_by(asked.user):
        raise refused(asked.user, "rest_forbidden_context", "Sorry, you are not allowed to edit this post.")
    if not post.may_be_read_by(asked.user):
        raise refused(asked.user, "rest_forbidden", "Sorry, you are not allowed to do that.")
    slow_guessing(asked)
    check_password(asked, post)


def show(kind: Kind, asked: Asked) -> Reply:
    return Reply(one(asked, found(kind, asked)))


def may_create(kind: Kind, asked: Asked) -> None:
    if asked.has("id"):
        raise ApiError("rest_post_exists", "Cannot create existing post.", 400)
    if not asked.can(f"edit_{kind}s"):
        message = "Sorry, you are not allowed to create posts as this user."
        raise refused(asked.user, "rest_cannot_create", message)
    _check_others(kind, asked, "Sorry, you are not allowed to create posts as this user.")


def _check_others(kind: Kind, asked: Asked, message: str) -> None:
    author = asked["author"]
    if author and asked.user and author != asked.user.id and not asked.can(f"edit_others_{kind}s"):
        raise refused(asked.user, "rest_cannot_edit_others", message)
    if asked["sticky"] and not may_stick(asked):
        message = "Sorry, you are not allowed to make posts sticky."
        raise refused(asked.user, "rest_cannot_assign_sticky", message)


def create(kind: Kind, asked: Asked) -> Reply:
    status = asked["status"] or State.DRAFT
    _check_status(kind, asked, status, asked.can(f"publish_{kind}s"))
    blank = Content("", "", format=Format.HTML, comments_open=asked.options.comments_open)
    content = _content(asked, blank)
    if not (content.title or content.body or content.excerpt):
        raise ApiError("empty_content", "Content, title, and excerpt are empty.", 400)
    with told():
        post = Post.draft(asked.db, _author(asked) or _user(asked), content, kind)
        if kind == Kind.POST and not asked["categories"]:
            post.set_terms(asked.db, Taxonomy.CATEGORY, default_categories(asked.db, asked.options))
        _file(asked, post)
        settle(asked.db, post, status, times.given(asked))
    changed()
    where = asked.api(f"/{base(kind)}/{post.id}")
    return Reply(one(asked.within("edit"), post), 201, {"Location": where})


def may_update(kind: Kind, asked: Asked) -> None:
    post = found(kind, asked)
    if not post.may_be_edited_by(asked.user):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.")
    _check_others(kind, asked, "Sorry, you are not allowed to update posts as this user.")


def update(kind: Kind, asked: Asked) -> Reply:
    post, status = found(kind, asked), asked["status"]
    if status and status != post.status:
        _check_status(kind, asked, status, post.may_be_published_by(asked.user))
        post.restore(asked.db)
    content, author = _content(asked, post.content), _author(asked)
    with told():
        revise(asked.db, post, content, _user(asked))
        if author is not None and author.id != post.author_id:
            post.hand_over(asked.db, author)
        _file(asked, post)
        settle(asked.db, post, status, times.given(asked))
    changed()
    asked.db.refresh(post)
    return Reply(one(asked.within("edit"), post))


def may_delete(kind: Kind, asked: Asked) -> None:
    if not found(kind, asked).may_be_deleted_by(asked.user):
        raise refused(asked.user, "rest_cannot_delete", "Sorry, you are not allowed to delete this post.")


def destroy(kind: Kind, asked: Asked) -> Reply:
    post = found(kind, asked)
    editing = asked.within("edit")
    if not asked["force"] and post.state == State.TRASH:
        raise ApiError("rest_already_trashed", "The post has already been deleted.", 410)
    changed()
    if asked["force"]:
        previous = one(editing, post)
        with told():
            post.delete(asked.db)
        return deleted(previous)
    with told():
        post.trash(asked.db)
    return Reply(one(editing, post))


def _user(asked: Asked) -> User:
    assert asked.user is not None
    return asked.user


def _check_status(kind: Kind, asked: Asked, status: str, may_publish: bool) -> None:
    if status in IN_PUBLIC and not may_publish:
        what = "create private" if status == State.PRIVATE else "publish"
        message = f"Sorry, you are not allowed to {what} posts in this post type."
        raise refused(asked.user, "rest_cannot_publish", message)


def _author(asked: Asked) -> User | None:
    if not asked["author"]:
        return None
    author = asked.db.get(User, asked["author"])
    if author is None:
        raise ApiError("rest_invalid_author", "Invalid author ID.", 400)
    return author


def _content(asked: Asked, before: Content) -> Content:
    """The content before, with what was sent in place of it."""
    sent: dict[str, Any] = {field: asked[name] for name, field in PLAIN.items() if asked[name] is not None}
    if asked["body_format"]:
        sent["format"] = Format(asked["body_format"])
    if asked["comment_status"]:
        sent["comments_open"] = asked["comment_status"] == "open"
    if asked["ping_status"]:
        sent["pings_open"] = asked["ping_status"] == "open"
    if asked["parent"] is not None:
        sent["parent_id"] = asked["parent"] or None
    if asked["featured_media"] is not None:
        sent["picture_id"] = _picture(asked)
    content = replaced(before, sent)
    if content.format == Format.MARKDOWN and is_too_marked(content.body):
        raise invalid_parameter("content", "content has too many brackets, quotes, asterisks or the like.")
    if content.sticky and content.password and not (before.sticky and before.password):
        raise ApiError("rest_invalid_field", "A post can not be sticky and have a password.", 400)
    return content


def _picture(asked: Asked) -> int | None:
    if not asked["featured_media"]:
        return None
    picture = asked.db.get(Attachment, asked["featured_media"])
    if picture is None:
        raise ApiError("rest_invalid_featured_media", "Invalid featured media ID.", 400)
    return picture.id


@contextmanager
def told() -> Iterator[None]:
    """What a post's verbs refuse, in the words of the API."""
    try:
        yield
    except EditConflict:
        raise ApiError("rest_edit_conflict", "Somebody else saved this post just now.", 409) from None
    except PostGone:
        raise ApiError("rest_post_invalid_id", "Invalid post ID.", 404) from None
    except InTrash:
        raise ApiError("rest_post_in_trash", "This post is in the trash; give it a status first.", 409) from None
    except SlugTaken:
        raise invalid_parameter("slug", "Another post has this address.") from None
    except ImpossibleParent:
        raise ApiError("rest_post_invalid_id", "Invalid post parent ID.", 400) from None


def _file(asked: Asked, post: Post) -> None:
    """Give it the terms that were sent."""
    if post.kind != Kind.POST:
        return
    for name, taxonomy in (("categories", Taxonomy.CATEGORY), ("tags", Taxonomy.TAG)):
        if asked[name] is not None:
            try:
                post.set_terms(asked.db, taxonomy, asked[name])
            except UnknownTerm:
                raise invalid_parameter(name, f"{name} has an id that is no term of this taxonomy.") from None
    if asked["format"]:
        set_format(asked.db, post, asked["format"])
