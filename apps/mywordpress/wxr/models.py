"""Imports and what each still has to do: a row for every part of the file, so that it goes on where it stopped."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from apps.chassis.columns import exact, long_text, now
from apps.chassis.database import UtcDateTime
from apps.chassis.paging import Page, newest
from apps.mywordpress.accounts.models import User
from apps.mywordpress.models import Base
from apps.mywordpress.wxr.parts import AUTHOR, PLACE, Draft

LONGEST_NAME = 200


class Outcome(StrEnum):
    """What became of a part."""

    WAITING = "waiting"
    MADE = "made"
    # It was there already.
    KNOWN = "known"
    SKIPPED = "skipped"


class Import(Base):
    """A file that was handed in, taken apart into rows; finished once none of them waits."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # JSON: what was asked for (ids kept, attachments fetched), and what the file tells about its site.
    wishes: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When all of the file had become rows, when somebody said go, when something was done last, when all was done.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User | None] = relationship()

    @classmethod
    def begin(cls, db: Session, user_id: int, name: str) -> "Import":
        """An import whose file is about to be read."""
        begun = cls(user_id=user_id, name=name[-LONGEST_NAME:], wishes="{}", created_at=now())
        db.add(begun)
        db.flush()
        return begun

    @classmethod
    def add_parts(cls, db: Session, import_id: int, drafts: Sequence[Draft]) -> None:
        """Keep parts of its file."""
        db.execute(insert(ImportPart), [{"import_id": import_id, **draft.columns()} for draft in drafts])

    def complete(self, db: Session, site: dict[str, str]) -> None:
        """All of its file has become rows."""
        self.wishes, self.read_at = json.dumps({"site": site}), now()
        db.flush()

    def start(self, db: Session, **wishes: Any) -> bool:
        """Let the worker begin, with these wishes; False if somebody had it begin before."""
        chosen = json.dumps({**self.wanted, **wishes})
        idle = update(Import).where(Import.id == self.id, Import.started_at.is_(None), Import.read_at.is_not(None))
        begun = db.execute(idle.values(started_at=now(), wishes=chosen)).rowcount  # type: ignore[attr-defined]
        db.refresh(self)
        return bool(begun == 1)

    def work(self, db: Session) -> None:
        """Note that something is being done, so that nobody else begins meanwhile."""
        db.execute(update(Import).where(Import.id == self.id).values(worked_at=now()))

    def finish(self, db: Session) -> None:
        """All is done."""
        unfinished = update(Import).where(Import.id == self.id, Import.finished_at.is_(None))
        db.execute(unfinished.values(finished_at=now()))

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for."""
        found: dict[str, Any] = json.loads(self.wishes)
        return found

    @property
    def site(self) -> dict[str, str]:
        """What the file tells about its site."""
        return dict(self.wanted.get("site", {}))

    @classmethod
    def stalled(cls, db: Session, idle: timedelta) -> Sequence[int]:
        """Imports that were started and of which nobody has done anything for so long."""
        before = now() - idle
        is_idle = func.coalesce(cls.worked_at, cls.started_at) < before
        unfinished = cls.started_at.is_not(None), cls.finished_at.is_(None)
        return db.scalars(select(cls.id).where(*unfinished, is_idle).order_by(cls.id)).all()

    @classmethod
    def forget_unstarted(cls, db: Session, older_than: timedelta) -> None:
        """Delete what was handed in and never started."""
        db.execute(delete(cls).where(cls.started_at.is_(None), cls.created_at < now() - older_than))

    @classmethod
    def all_of(cls, db: Session, before: int | None) -> Page["Import"]:
        """The imports, newest first."""
        return newest(db, select(cls).where(cls.read_at.is_not(None)), cls.id, before)

    def counts(self, db: Session) -> dict[str, dict[str, int]]:
        """For each type how many parts have each outcome; types in the order in which they are made."""
        counted = select(ImportPart.kind, ImportPart.outcome, func.count(), func.min(ImportPart.stage))
        grouped = counted.where(ImportPart.import_id == self.id, ImportPart.kind != PLACE)
        rows = db.execute(grouped.group_by(ImportPart.kind, ImportPart.outcome)).all()
        found: dict[str, dict[str, int]] = {}
        for kind, outcome, count, _ in sorted(rows, key=lambda row: (row[3], row[0])):
            found.setdefault(kind, {})[outcome] = count
        return found

    def of_kind(self, db: Session, kind: str) -> Sequence["ImportPart"]:
        """Its parts of a type, in the order of the file."""
        found = select(ImportPart).where(ImportPart.import_id == self.id, ImportPart.kind == kind)
        return db.scalars(found.order_by(ImportPart.id)).all()

    def next_parts(self, db: Session, limit: int) -> Sequence["ImportPart"]:
        """What is to be done next: parts of the lowest stage in which any wait."""
        waiting = ImportPart.import_id == self.id, ImportPart.outcome == Outcome.WAITING
        stage = select(func.min(ImportPart.stage)).where(*waiting).scalar_subquery()
        found = select(ImportPart).where(*waiting, ImportPart.stage == stage)
        return db.scalars(found.order_by(ImportPart.id).limit(limit)).all()

    def noted(self, db: Session, after: int, limit: int) -> Sequence["ImportPart"]:
        """Its parts of which there is something to tell, in the order of the file, from behind the id `after`."""
        noted = or_(ImportPart.note != "", ImportPart.outcome == Outcome.SKIPPED)
        found = select(ImportPart).where(ImportPart.import_id == self.id, noted, ImportPart.id > after)
        return db.scalars(found.order_by(ImportPart.id).limit(limit)).all()

    def made_id(self, db: Session, kinds: Iterable[str], source: str) -> int | None:
        """The row that was made of, or known for, the part that the file calls so."""
        return next(iter(self.made_ids(db, kinds, source)), None)

    def made_ids(self, db: Session, kinds: Iterable[str], source: str) -> Sequence[int]:
        """The same where the file calls several so."""
        named = ImportPart.import_id == self.id, ImportPart.source == source, ImportPart.kind.in_(kinds)
        found = select(ImportPart.made_id).where(*named, ImportPart.made_id.is_not(None))
        return [made for made in db.scalars(found.order_by(ImportPart.id)) if made is not None]

    def authors_by_number(self, db: Session) -> dict[str, int]:
        """The users for the authors of the file, by the numbers that they have there."""
        authors = self.of_kind(db, AUTHOR)
        return {part.fields["id"]: part.made_id for part in authors if part.made_id is not None}


class ImportPart(Base):
    """An author, term, post, attachment, menu item or comment of the file; what others build on has a lower stage."""

    __tablename__ = "import_parts"
    __table_args__ = (
        Index("ix_import_parts_import_id", "import_id", "outcome", "stage", "id"),
        Index("ix_import_parts_source", "source", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    stage: Mapped[int]
    # WordPress's word for what it is: `post`, `attachment`, `category`.
    kind: Mapped[str] = mapped_column(exact(20))
    # What the file calls it, such as the id of a post, by which others refer to it.
    source: Mapped[str] = mapped_column(exact(250))
    # For people: its title or name.
    title: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # JSON, as it was read.
    content: Mapped[str] = mapped_column(long_text())
    outcome: Mapped[str] = mapped_column(exact(10))
    made_id: Mapped[int | None]
    # For the report, as `notes` has it: why it was skipped, or what of it was lost.
    note: Mapped[str] = mapped_column(long_text())

    @property
    def fields(self) -> dict[str, Any]:
        """What the file tells of it."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    def claim(self, db: Session) -> bool:
        """Take it on, up to the end of this transaction; False if somebody else has."""
        waiting = update(ImportPart).where(ImportPart.id == self.id, ImportPart.outcome == Outcome.WAITING)
        claimed = db.execute(waiting.values(outcome=Outcome.MADE)).rowcount  # type: ignore[attr-defined]
        return bool(claimed == 1)

    def settle(self, db: Session, outcome: Outcome, made_id: int | None, note: str) -> None:
        """Note what became of it."""
        # What was made of it tells the rest from now on; only of authors the number is asked for later.
        content = self.content if self.kind == AUTHOR else "{}"
        settled = update(ImportPart).where(ImportPart.id == self.id)
        db.execute(settled.values(outcome=outcome, made_id=made_id, note=note, content=content))

    def stand_for(self, db: Session, user_id: int) -> None:
        """Let a user who is here be this author."""
        waiting = update(ImportPart).where(ImportPart.id == self.id, ImportPart.outcome == Outcome.WAITING)
        db.execute(waiting.values(outcome=Outcome.KNOWN, made_id=user_id))
