"""What the makers of parts share."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.people import ADMINISTRATOR
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.menus.models import MenuItem
from apps.mywordpress.options.models import Options
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.models import Import, Outcome
from apps.mywordpress.wxr.notes import Note, told
from apps.mywordpress.wxr.parts import AUTHOR
from apps.mywordpress.wxr.values import number

if TYPE_CHECKING:
    from apps.mywordpress.media.models import Upload
    from apps.mywordpress.models import Base


T = TypeVar("T", Comment, MenuItem)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a part, the row, and what there is to tell."""

    outcome: Outcome
    id: int | None = None
    notes: list[Note] = field(default_factory=list)


def skipped(reason: Note) -> Made:
    """Nothing came of it."""
    return Made(Outcome.SKIPPED, notes=[reason])


def known(row_id: int, told_too: list[Note] | None = None) -> Made:
    """It was there."""
    return Made(Outcome.KNOWN, row_id, told_too or [])


@dataclass(slots=True)
class Fetched:
    """The file of an attachment, stored, or why there is none."""

    upload: "Upload | None" = None
    reason: Note | None = None
    # It was in our own storage all the time.
    is_ours: bool = False


@dataclass
class Making:
    """One transaction of an import."""

    db: Session
    importing: Import
    # The files that were fetched before the transaction began, by part.
    fetched: dict[int, Fetched] = field(default_factory=dict)
    # Terms by which posts are filed, as they were found.
    terms: dict[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def keeps_ids(self) -> bool:
        return bool(self.importing.wanted.get("keep_ids"))

    @cached_property
    def fetches(self) -> bool:
        return bool(self.importing.wanted.get("fetch"))

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the site is, for dates that come without one."""
        return ZoneInfo(Options.read(self.db).timezone)

    @cached_property
    def fallback(self) -> User:
        """To whom everything belongs that belongs to nobody else."""
        administrators = select(User).where(User.role == ADMINISTRATOR).order_by(User.id).limit(1)
        return self.importing.user or self.db.scalars(administrators).one()

    def free_id(self, kind: "type[Base]", wished: str, told_too: list[Note]) -> int | None:
        """The number that the file asks for, if numbers are kept and it is free; a new one is given for None."""
        wanted = number(wished)
        if not self.keeps_ids or wanted is None:
            return None
        if self.db.get(kind, wanted) is not None:
            told_too.append(told(notes.NUMBER_TAKEN, str(wanted)))
            return None
        return wanted

    def author(self, login: str, told_too: list[Note]) -> int:
        """The user who stands for an author of the file."""
        made = self.importing.made_id(self.db, [AUTHOR], login) if login else None
        if made is None:
            told_too.append(told(notes.NO_AUTHOR, login))
        return made or self.fallback.id


def put_below(making: Making, row: T, above: T) -> Made:
    """The row below another of its kind, unless it has a place already or would stand below itself."""
    if row.parent_id is None:
        if row.id in _lineage(making.db, above):
            return skipped(told(notes.NO_PARENT))
        row.parent_id = above.id
        making.db.flush()
    return Made(Outcome.MADE, row.id)


def _lineage(db: Session, row: T) -> set[int]:
    """The numbers of a row and of all above it."""
    found: set[int] = set()
    at: T | None = row
    while at is not None and at.id not in found:
        found.add(at.id)
        at = db.get(type(row), at.parent_id) if at.parent_id else None
    return found


def cut(text: str, most: int, name: str, told_too: list[Note]) -> str:
    """The text, no longer than its column."""
    if len(text) > most:
        told_too.append(told(notes.CUT, name))
    return text[:most]
