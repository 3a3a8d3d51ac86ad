"""The library as people look through it: searched, narrowed down, newest first."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, extract, not_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from apps.chassis.paging import Page, newest
from apps.mywordpress.media.kinds import Family
from apps.mywordpress.media.models import Attachment

LONGEST_SEARCH = 200
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in which something came."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> "Month | None":
        """The month in `2026-11`; None for anything else."""
        found = MONTH.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found and int(found[1]) else None

    @classmethod
    def all(cls, db: Session) -> "Sequence[Month]":
        """Those in which anything of the library came, the latest first."""
        year, month = extract("year", Attachment.created_at), extract("month", Attachment.created_at)
        return [cls(*row) for row in db.execute(select(year, month).distinct().order_by(year.desc(), month.desc()))]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def begins_at(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    def covers(self) -> "ColumnElement[bool]":
        """Whether an attachment came in it."""
        if (self.year, self.month) == (9999, 12):
            return Attachment.created_at >= self.begins_at
        following = Month(self.year + self.month // 12, self.month % 12 + 1)
        return and_(Attachment.created_at >= self.begins_at, Attachment.created_at < following.begins_at)


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the library is wanted: words in its names and texts, a family of files, a month."""

    text: str = ""
    family: Family | None = None
    month: Month | None = None

    @classmethod
    def of(cls, text: str, family: str, month: str) -> "Wish":
        """As an address says it; what means nothing there is left out."""
        words = " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST_SEARCH]
        return cls(words, Family(family) if family in set(Family) else None, Month.of(month))

    def page(
        self, db: Session, before: int | None, most: int, also: "ColumnElement[bool] | None" = None
    ) -> Page[Attachment]:
        """The `most` newest below the id `before`; `also` is what else must hold."""
        return newest(db, self._found().where(true() if also is None else also), Attachment.id, before, most)

    def _found(self) -> Select[Attachment]:
        found = select(Attachment).options(selectinload(Attachment.renditions), selectinload(Attachment.user))
        if self.text:
            places = (Attachment.name, Attachment.title, Attachment.alt, Attachment.caption)
            found = found.where(or_(*(place.icontains(self.text, autoescape=True) for place in places)))
        if self.family:
            found = found.where(_is_of(self.family))
        return found.where(self.month.covers()) if self.month else found


def _is_of(family: Family) -> "ColumnElement[bool]":
    # Rows without a type are from when there were pictures only.
    picture = or_(Attachment.mime_type == "", Attachment.mime_type.startswith("image/"))
    sound = Attachment.mime_type.startswith("audio/")
    return {Family.PICTURE: picture, Family.SOUND: sound}.get(family, not_(or_(picture, sound)))


def item(one: Attachment) -> dict[str, object]:
    """What programs that look through the library get of one; `markdown` is how a text shows it."""
    return {
        "id": one.id,
        "kind": one.kind.family if one.kind else None,
        "type": one.content_type,
        "title": one.label,
        "alt": one.alt,
        "caption": one.caption or "",
        "url": one.url,
        "thumbnail": one.thumbnail if one.is_picture else None,
        "width": one.width,
        "height": one.height,
        "size": one.size,
        "markdown": one.markdown(),
    }
