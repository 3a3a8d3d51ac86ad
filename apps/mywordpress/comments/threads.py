"""The comments of a post as readers see them: in threads, a page at a time, apart from mentions by other sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, true
from sqlalchemy.orm import Session

from apps.chassis.statements import rows_of
from apps.mywordpress.comments.models import MENTIONS, Comment, link_of
from apps.mywordpress.options.models import Options

# Deeper answers stand beside one another, or a phone would show one word a line.
DEEPEST = 5
# As many are read at once; of more only those that are shown.
MOST_AT_ONCE = 300
MOST_MENTIONS = 100


class NoSuchPage(LookupError):
    """These comments have no page of this number."""


class Remark(NamedTuple):
    """A comment as plain columns: most of a page's time would go to whatever else was read."""

    id: int
    parent_id: int | None
    kind: str
    user_id: int | None
    name: str
    url: str
    html: str
    created_at: datetime

    @property
    def link(self) -> str:
        """The writer's web address, if it is one that a page may lead to."""
        return link_of(self.url)


COLUMNS = tuple(getattr(Comment, name) for name in Remark._fields)


@dataclass(slots=True)
class Branch:
    """A comment and what answers it; a thread begins at the depth 1."""

    comment: Remark
    depth: int = 1
    replies: "list[Branch]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Talk:
    """One page of the threads of a post, counted from 1, and of how many comments and pages all of it is."""

    threads: Sequence[Branch]
    mentions: Sequence[Remark]
    count: int
    page: int
    pages: int

    @classmethod
    def of(cls, db: Session, post_id: int, options: Options, page: int = 1) -> "Talk":
        """That page; raises NoSuchPage. One query, or three for very many comments."""
        said = Shown.on(db, post_id)
        tops = tops_of(said.parents)
        begun = [one for one in said.parents if tops[one] == one]
        shown, pages = _cut(begun, options, page)
        threads = _threads(said, tops, shown, db)
        return cls(threads, said.mentions, len(said.parents), page, pages)

    @classmethod
    def page_of(cls, db: Session, comment: Comment, options: Options) -> int:
        """On which page readers find the comment."""
        parents = Shown.on(db, comment.post_id).parents
        tops = tops_of(parents)
        begun = [one for one in parents if tops[one] == one]
        if comment.id not in tops:
            return 1
        at = begun.index(tops[comment.id])
        place = len(begun) - 1 - at if options.comments_newest_first else at
        return place // max(options.comments_per_page, 1) + 1


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown on a post, oldest first: which comment answers which, and the comments if they are few."""

    parents: Mapping[int, int | None]
    known: Mapping[int, Remark]
    mentions: Sequence[Remark]

    @classmethod
    def on(cls, db: Session, post_id: int) -> "Shown":
        found = [Remark(*row) for row in rows_of(db, _said(), {"post_id": post_id})]
        mentions = [comment for comment in found if comment.kind in MENTIONS]
        if len(found) <= MOST_AT_ONCE:
            said = {comment.id: comment for comment in found if comment.kind not in MENTIONS}
            return cls({number: comment.parent_id for number, comment in said.items()}, said, mentions)
        shown, order = (Comment.post_id == post_id, Comment.approved == true()), (Comment.created_at, Comment.id)
        pairs = select(Comment.id, Comment.parent_id).where(*shown, Comment.kind.not_in(MENTIONS)).order_by(*order)
        return cls(dict(db.execute(pairs).all()), {}, mentions[:MOST_MENTIONS])

    def comments(self, db: Session, numbers: Sequence[int]) -> Mapping[int, Remark]:
        """These comments, read now if they were not before."""
        if self.known or not numbers:
            return self.known
        return {row.id: Remark(*row) for row in db.execute(select(*COLUMNS).where(Comment.id.in_(numbers)))}


@cache
def _said() -> Select[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it."""
    shown = Comment.post_id == bindparam("post_id"), Comment.approved == true()
    return select(*COLUMNS).where(*shown).order_by(Comment.created_at, Comment.id).limit(MOST_AT_ONCE + 1)


def tops_of(parents: Mapping[int, int | None]) -> dict[int, int]:
    """The comment with which the thread of each begins. What answers something that is not shown begins one itself."""
    tops: dict[int, int] = {}
    for one in parents:
        way, at = dict.fromkeys([one]), one
        while at not in tops:
            above = parents.get(at)
            # What was imported may go round in a circle.
            if above is None or above not in parents or above in way:
                tops[at] = at
            else:
                at = above
                way[at] = None
        tops.update(dict.fromkeys(way, tops[at]))
    return tops


def _threads(said: Shown, tops: Mapping[int, int], shown: Sequence[int], db: Session) -> list[Branch]:
    wanted = set(shown)
    numbers = [number for number in said.parents if tops[number] in wanted]
    comments = said.comments(db, numbers)
    answers: dict[int, list[int]] = {}
    for number in numbers:
        above = said.parents[number]
        if above is not None and tops[number] != number:
            answers.setdefault(above, []).append(number)
    return [_grown(comments, answers, Branch(comments[top])) for top in shown]


def _grown(comments: Mapping[int, Remark], answers: Mapping[int, Sequence[int]], thread: Branch) -> Branch:
    """The thread with all its answers, each below what it answers as far as depth allows."""
    open_branches = [(thread, thread)]
    while open_branches:
        branch, host = open_branches.pop()
        # At the deepest level answers follow what they answer instead of standing below it.
        below = branch if branch.depth < DEEPEST else host
        for number in answers.get(branch.comment.id, ()):
            reply = Branch(comments[number], min(branch.depth + 1, DEEPEST))
            below.replies.append(reply)
            open_branches.append((reply, below))
    return thread


def _cut(begun: list[int], options: Options, page: int) -> tuple[list[int], int]:
    most = max(options.comments_per_page, 1)
    pages = max(1, -(-len(begun) // most))
    if not 1 <= page <= pages:
        raise NoSuchPage(page)
    ordered = begun[::-1] if options.comments_newest_first else begun
    return ordered[(page - 1) * most : page * most], pages
