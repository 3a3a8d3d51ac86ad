"""What editors send of a post, in one form for all of their methods, and how a post comes to be so."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.mywordpress.accounts.models import User
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.addresses import ImpossibleParent
from apps.mywordpress.posts.columns import (
    LONGEST_BODY,
    LONGEST_EXCERPT,
    LONGEST_PASSWORD,
    LONGEST_TITLE,
    Format,
    Kind,
    State,
)
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.filed import UnknownTerm
from apps.mywordpress.posts.forms import MOST_POSITION, is_too_marked
from apps.mywordpress.posts.models import EditConflict, Post, SlugTaken
from apps.mywordpress.posts.remote import (
    FORMATS,
    IN_PUBLIC,
    default_categories,
    replaced,
    revise,
    set_format,
    settle,
)
from apps.mywordpress.posts.slugs import LONGEST_SLUG
from apps.mywordpress.posts.states import InTrash, PostGone
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import (
    CONFLICT,
    FAILED,
    FORBIDDEN,
    MISSING,
    NOT_ALLOWED,
    WRONG_PARAMETERS,
    Fault,
    not_allowed,
)
from apps.mywordpress.rpc.notes import keep_enclosure, keep_notes
from apps.mywordpress.terms.models import Taxonomy

LONGEST = {
    "title": LONGEST_TITLE,
    "body": LONGEST_BODY,
    "excerpt": LONGEST_EXCERPT,
    "password": LONGEST_PASSWORD,
    "slug": LONGEST_SLUG,
}


@dataclass
class Wish:
    """What a post is to be: of its content only what was sent, by the names of its columns."""

    content: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    at: datetime | None = None
    author_id: int | None = None
    terms: dict[Taxonomy, list[int]] = field(default_factory=dict)
    format: str | None = None
    custom_fields: Collection[dict[str, Any]] = ()
    enclosure: dict[str, Any] | None = None


def create(asked: Asked, kind: Kind, wish: Wish) -> Post:
    """A new post of this kind; raises Fault."""
    asked.need(f"edit_{kind}s", "post on this site")
    blank = Content("", "", format=Format.HTML, comments_open=asked.options.comments_open)
    status = wish.status or State.DRAFT
    _check_status(asked, kind, status, asked.can(f"publish_{kind}s"))
    content = _content(asked, kind, blank, wish)
    if not (content.title or content.body or content.excerpt):
        raise Fault(FAILED, "Content, title, and excerpt are empty.")
    with told():
        post = Post.draft(asked.db, _author(asked, kind, wish, asked.user.id) or asked.user, content, kind)
        if kind == Kind.POST:
            _file(asked, post, {Taxonomy.CATEGORY: [], **wish.terms}, wish.format)
        settle(asked.db, post, status, wish.at)
    _finish(asked, post, wish, was_seen=False)
    return post


def change(asked: Asked, post: Post, wish: Wish) -> None:
    """Make a post what is wished; raises Fault."""
    kind, was_seen, status = Kind(post.kind), post.is_seen, wish.status
    if status == State.TRASH and status != post.status and not post.may_be_deleted_by(asked.user):
        raise not_allowed("delete this post")
    if status and status != post.status:
        _check_status(asked, kind, status, post.may_be_published_by(asked.user))
        post.restore(asked.db)
    content, author = _content(asked, kind, post.content, wish), _author(asked, kind, wish, post.author_id)
    with told():
        revise(asked.db, post, content, asked.user)
        if author is not None:
            post.hand_over(asked.db, author)
        if kind == Kind.POST:
            _file(asked, post, wish.terms, wish.format)
        settle(asked.db, post, status, wish.at)
    _finish(asked, post, wish, was_seen=was_seen)


@contextmanager
def told() -> Iterator[None]:
    """What a post's verbs refuse, as faults."""
    try:
        yield
    except EditConflict:
        raise Fault(CONFLICT, "There is a revision of this post that is more recent.") from None
    except PostGone:
        raise Fault(MISSING, "Invalid post ID.") from None
    except InTrash:
        raise Fault(NOT_ALLOWED, "This post is in the trash; give it another status first.") from None
    except SlugTaken:
        raise Fault(FAILED, "Another post has this address.") from None
    except ImpossibleParent:
        raise Fault(MISSING, "Invalid parent: a page cannot stand there.") from None
    except UnknownTerm:
        raise Fault(FORBIDDEN, "Invalid term ID.") from None


def _check_status(asked: Asked, kind: Kind, status: str, may_publish: bool) -> None:
    if status in IN_PUBLIC and not may_publish:
        what = "create private" if status == State.PRIVATE else "publish"
        raise not_allowed(f"{what} {kind}s on this site")


def _author(asked: Asked, kind: Kind, wish: Wish, author_id: int) -> User | None:
    """Whose it is to be, if that is somebody else than until now."""
    if not wish.author_id or wish.author_id == author_id:
        return None
    asked.need(f"edit_others_{kind}s", f"let {kind}s be somebody else's")
    author = asked.found(User, wish.author_id, "author")
    if not author.can(f"edit_{kind}s"):
        raise Fault(MISSING, "Invalid author ID: they may not write.")
    return author


def _content(asked: Asked, kind: Kind, before: Content, wish: Wish) -> Content:
    """The content before, with what was sent in place of it; raises Fault."""
    content = replaced(before, wish.content)
    _check_lengths(content, before)
    if content.password and content.password != before.password:
        asked.need(f"publish_{kind}s", f"create password protected {kind}s")
    if content.sticky and not before.sticky:
        _check_sticky(asked, kind, content, wish)
    if content.picture_id and content.picture_id != before.picture_id:
        asked.found(Attachment, content.picture_id, "attachment")
    return content


def _check_lengths(content: Content, before: Content) -> None:
    for name, longest in LONGEST.items():
        value = getattr(content, name)
        # What was imported may be longer, and stays so.
        if len(value) > longest and value != getattr(before, name):
            raise Fault(WRONG_PARAMETERS, f"The {name} is too long: it may have {longest} characters.")
    if abs(content.position) > MOST_POSITION:
        raise Fault(WRONG_PARAMETERS, f"The order must be between -{MOST_POSITION} and {MOST_POSITION}.")
    if content.format == Format.MARKDOWN and is_too_marked(content.body):
        raise Fault(WRONG_PARAMETERS, "This text has too many brackets, quotes, asterisks or the like.")


def _check_sticky(asked: Asked, kind: Kind, content: Content, wish: Wish) -> None:
    if kind != Kind.POST or content.password or wish.status == State.PRIVATE:
        raise Fault(NOT_ALLOWED, "Sorry, you cannot stick a private post.")
    asked.need("edit_others_posts", "make posts sticky")


def _file(asked: Asked, post: Post, terms: dict[Taxonomy, list[int]], format: str | None) -> None:
    """Give it these terms; a post without any category has the default one."""
    for taxonomy, ids in terms.items():
        chosen = ids or (default_categories(asked.db, asked.options) if taxonomy == Taxonomy.CATEGORY else [])
        post.set_terms(asked.db, taxonomy, chosen)
    if format is not None:
        if format not in FORMATS:
            raise Fault(MISSING, "Invalid post format.")
        set_format(asked.db, post, format)


def _finish(asked: Asked, post: Post, wish: Wish, *, was_seen: bool) -> None:
    keep_notes(asked, post, wish.custom_fields)
    keep_enclosure(asked, post, wish.enclosure)
    # What readers have is out of date, unless all of this is between writers.
    if was_seen or post.is_seen:
        changed()
