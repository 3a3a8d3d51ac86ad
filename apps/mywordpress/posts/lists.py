"""What a writer's desk lists: posts or pages by state, words, author, term and month, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, defer

from apps.chassis.paging import Page, newest
from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.columns import PUBLISHED, Kind, State
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX

STATUSES = (PUBLISHED, State.FUTURE, State.PENDING, State.DRAFT, State.PRIVATE, State.TRASH)
MOST_PARENTS = 500
WITHOUT_TEXTS = (defer(Post.body), defer(Post.html))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a writer asks to see; nothing asked is all but the trash."""

    kind: Kind = Kind.POST
    status: str = ""
    text: str = ""
    author_id: int | None = None
    term_id: int | None = None
    month: str = ""

    def page(self, db: Session, user: User, before: int | None, most: int) -> Page[Post]:
        """The newest of what this user may see at the desk, from below the id `before`."""
        found = (
            select(Post).where(*_of(user, self.kind), *self._conditions()).options(*Post.with_cover(), *WITHOUT_TEXTS)
        )
        return newest(db, self._meeting(found), Post.id, before, most)

    def _conditions(self) -> "list[ColumnElement[bool]]":
        found = [_status(self.status) if self.status in STATUSES else Post.state != State.TRASH]
        if self.author_id is not None:
            found.append(Post.author_id == self.author_id)
        if self.term_id is not None:
            found.append(Post.id.in_(select(PostTerm.post_id).where(PostTerm.term_id == self.term_id)))
        if span := span_of(self.month):
            dated = func.coalesce(Post.published_at, Post.updated_at)
            found += [dated >= span[0], dated < span[1]]
        return found

    def _meeting(self, found: "Select[Post]") -> "Select[Post]":
        meeting = INDEX.meeting(self.text) if self.text else None
        if meeting is None:
            return found
        return found.where(Post.id.in_(select(meeting.subquery().c.owner)))


def counts(db: Session, user: User, kind: Kind) -> Mapping[str, int]:
    """How many posts of each status this user may see at the desk, and "" for all but the trash."""
    query = (
        select(Post.published, Post.state, func.count()).where(*_of(user, kind)).group_by(Post.published, Post.state)
    )
    found = dict.fromkeys(STATUSES, 0)
    for published, state, number in db.execute(query):
        found[PUBLISHED if published else state] += number
    return {"": sum(number for status, number in found.items() if status != State.TRASH), **found}


def span_of(month: str) -> tuple[datetime, datetime] | None:
    """The beginning and the end of a month; None for what is none."""
    try:
        begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        return begin, begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """A page where it stands."""

    id: int
    title: str
    depth: int


def places(db: Session, without: int | None = None) -> list[Place]:
    """All pages as a tree, at most MOST_PARENTS, without one and what stands below it."""
    columns = Post.id, Post.title, Post.parent_id
    query = select(*columns).where(Post.kind == Kind.PAGE, Post.state != State.TRASH)
    rows = db.execute(query.order_by(Post.position, Post.title, Post.id).limit(MOST_PARENTS)).all()
    below: dict[int | None, list[tuple[int, str]]] = {}
    known = {row.id for row in rows}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append((row.id, row.title))
    found: list[Place] = []

    def descend(parent: int | None, depth: int) -> None:
        for page_id, title in below.pop(parent, []):
            if page_id != without:
                found.append(Place(page_id, title, depth))
                descend(page_id, depth + 1)

    descend(None, 0)
    return found


def _of(user: User, kind: Kind) -> "list[ColumnElement[bool]]":
    mine = [] if user.can(f"edit_others_{kind}s") else [Post.author_id == user.id]
    return [Post.kind == kind, *mine]


def _status(status: str) -> ColumnElement[bool]:
    if status == PUBLISHED:
        return Post.published.is_(True)
    return Post.published.is_(False) & (Post.state == status)
