"""Pictures and their renditions: rows that point at stored files."""

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import BinaryIO

from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.storage import Storage, TooLarge
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media import pictures
from apps.mywordpress.models import Base

LONGEST_ALT = 300
LONGEST_NAME = 200
KEY_LENGTH = 80


class Picture(Base):
    """A picture in the library. Its file is stored, complete, before this row exists."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    key: Mapped[str] = mapped_column(exact(KEY_LENGTH), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    alt: Mapped[str] = mapped_column(String(LONGEST_ALT))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    animated: Mapped[bool]
    renditions_made_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()
    renditions: Mapped[list["Rendition"]] = relationship(
        order_by="Rendition.width", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def add(cls, db: Session, user: User, upload: "Upload", alt: str = "") -> "Picture":
        """Put an upload into the library. The same content again is the same picture."""
        known = db.scalar(select(cls).where(cls.key == upload.key).limit(1))
        if known:
            return known
        picture = cls(
            user_id=user.id,
            key=upload.key,
            name=upload.name,
            alt=alt[:LONGEST_ALT],
            width=upload.width,
            height=upload.height,
            size=upload.size,
            animated=upload.animated,
            created_at=now(),
        )
        db.add(picture)
        db.flush()
        return picture

    @classmethod
    def latest(cls, db: Session, *, before: int | None, limit: int) -> Sequence["Picture"]:
        """The library, newest first, from below the id `before`."""
        query = select(cls).options(selectinload(cls.renditions)).order_by(cls.id.desc()).limit(limit)
        return db.scalars(query if before is None else query.where(cls.id < before)).all()

    @classmethod
    def with_keys(cls, db: Session, keys: Collection[str]) -> dict[str, "Picture"]:
        """The pictures among `keys`; keys that nobody stored are left out."""
        if not keys:
            return {}
        query = select(cls).options(selectinload(cls.renditions)).where(cls.key.in_(keys))
        return {row.key: row for row in db.scalars(query)}

    @classmethod
    def without_renditions(cls, db: Session, *, older_than: timedelta, limit: int) -> Sequence[int]:
        """The ids of pictures whose job seems to have been lost."""
        missing = cls.renditions_made_at.is_(None), cls.created_at < now() - older_than
        return db.scalars(select(cls.id).where(*missing).order_by(cls.id).limit(limit)).all()

    @classmethod
    def is_referenced(cls, db: Session, key: str) -> bool:
        """Whether any row points at this stored file."""
        of_picture, of_rendition = exists().where(cls.key == key), exists().where(Rendition.key == key)
        return bool(db.scalar(select(or_(of_picture, of_rendition))))

    def store_renditions(self, storage: Storage) -> list["Rendition"]:
        """Make and store the smaller ones; needs no database, and may be done twice without harm.

        An animation stays one file, since its frames would be lost. Raises NotAPicture, NotStored, StorageUnavailable.
        """
        if self.animated:
            return []
        with storage.open(self.key) as file:
            return [self._stored(storage, one) for one in pictures.renditions(file.read())]

    def _stored(self, storage: Storage, smaller: pictures.Smaller) -> "Rendition":
        file = storage.put(io.BytesIO(smaller.data), smaller.suffix, pictures.MOST_BYTES)
        return Rendition(picture_id=self.id, key=file.key, width=smaller.width, height=smaller.height, size=file.size)

    @classmethod
    def show_renditions(cls, db: Session, picture_id: int, renditions: Sequence["Rendition"]) -> bool:
        """From now on the picture is shown in these sizes; answers False if somebody else was faster."""
        made = update(cls).where(cls.id == picture_id, cls.renditions_made_at.is_(None))
        if db.execute(made.values(renditions_made_at=now())).rowcount != 1:  # type: ignore[attr-defined]
            return False
        db.add_all(renditions)
        db.flush()
        return True

    def may_be_changed_by(self, user: User) -> bool:
        return user.administers or user.id == self.user_id

    @property
    def srcset(self) -> str:
        """The `srcset` of an `img`; empty until there are renditions."""
        if not self.renditions:
            return ""
        own = [f"/media/{self.key} {self.width}w"] if self.width <= LARGEST_IN_SRCSET else []
        return ", ".join([f"/media/{one.key} {one.width}w" for one in self.renditions] + own)

    @property
    def src(self) -> str:
        """Where an `img` finds it without `srcset`: the largest rendition, else the file itself."""
        return f"/media/{self.renditions[-1].key if self.renditions else self.key}"

    @property
    def thumbnail(self) -> str:
        """The smallest there is."""
        return f"/media/{self.renditions[0].key if self.renditions else self.key}"

    def markdown(self, alt: str = "") -> str:
        """How a post shows this picture."""
        text = (alt or self.alt).translate(MARKDOWN_SPECIAL)
        return f"![{text}](/media/{self.key})"


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture whose file is stored, on its way into the library."""

    key: str
    size: int
    name: str
    width: int
    height: int
    animated: bool

    @classmethod
    def store(cls, storage: Storage, stream: BinaryIO, name: str) -> "Upload":
        """Check, clean and store what `stream` holds. This is slow, so it is done before any transaction begins.

        Raises NotAPicture, TooManyPixels, TooLarge or StorageUnavailable; nothing is kept then.
        """
        data = stream.read(pictures.MOST_BYTES + 1)
        if len(data) > pictures.MOST_BYTES:
            raise TooLarge(pictures.MOST_BYTES)
        accepted = pictures.accept(data)
        # Turning a picture upright writes it anew, which may make it somewhat larger than what came.
        file = storage.put(io.BytesIO(accepted.data), accepted.suffix, 2 * pictures.MOST_BYTES)
        short = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:] or "picture"
        return cls(file.key, file.size, short, accepted.width, accepted.height, accepted.animated)


class Rendition(Base):
    """A smaller copy of a picture."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("picture_id", "width"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(exact(KEY_LENGTH), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]


# Beyond this a browser gains nothing, and a reader on a large screen would load the camera's own file.
LARGEST_IN_SRCSET = 2600
MARKDOWN_SPECIAL = str.maketrans({"[": "(", "]": ")", "\n": " ", "\r": " ", "\\": "/"})
