"""The library: pictures, their renditions, sound and documents, as rows that point at stored files."""

import io
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import PurePath

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.pictures import Encoded
from apps.chassis.slugs import slug_of
from apps.chassis.storage import Storage
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media import pictures
from apps.mywordpress.media.kinds import BY_MIME_TYPE, BY_SUFFIX, MOST_BYTES, Family, Kind
from apps.mywordpress.media.received import LONGEST_NAME as LONGEST_NAME
from apps.mywordpress.media.received import Upload as Upload
from apps.mywordpress.media.shown import Shown, Size
from apps.mywordpress.models import Base

LONGEST_ALT = 300
LONGEST_TITLE = 500
LONGEST_SLUG = 200
KEY_LENGTH = 80
SLUG_ATTEMPTS = 5


class StillShown(Exception):
    """A post shows this, so it cannot go."""


class Attachment(Base):
    """A file in the library. It is stored, complete, before this row exists.

    One that an import could not fetch has no key yet, and only the address `source_url` where it was.
    """

    # From when there were pictures only; to rename it would break the release that serves during a deployment.
    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # The post that it was added to, as WordPress has it; by no constraint, since posts import attachments.
    post_id: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(exact(KEY_LENGTH), index=True)
    mime_type: Mapped[str] = mapped_column(exact(100), server_default="")
    slug: Mapped[str | None] = mapped_column(exact(LONGEST_SLUG), unique=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), server_default="")
    caption: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(String(1000), server_default="")
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
    def add(cls, db: Session, user: User, upload: "Upload", alt: str = "") -> "Attachment":
        """Put an upload into the library. The same content again is the same picture."""
        known = db.scalar(select(cls).where(cls.key == upload.key).limit(1))
        if known:
            return known
        title = PurePath(upload.name).stem[:LONGEST_TITLE]
        one = cls(user_id=user.id, name=upload.name, title=title, alt=alt[:LONGEST_ALT], created_at=now())
        one.hold(upload)
        db.add(one)
        db.flush()
        one._find_slug(db)
        return one

    def hold(self, upload: Upload) -> None:
        """Have this file from now on."""
        self.key, self.size, self.mime_type = upload.key, upload.size, upload.kind.mime_type
        self.width, self.height, self.animated = upload.width, upload.height, upload.animated
        # Of what is no picture there is nothing to make.
        self.renditions_made_at = None if upload.kind.family is Family.PICTURE else now()

    def _find_slug(self, db: Session) -> None:
        """Take the first free name in addresses that is made of the title, or none where others are always faster."""
        wished = slug_of(self.title, LONGEST_SLUG - 10)
        for _ in range(SLUG_ATTEMPTS if wished else 0):
            taken = set(db.scalars(select(Attachment.slug).where(Attachment.slug.startswith(wished, autoescape=True))))
            tried = (wished if number == 1 else f"{wished}-{number}" for number in count(1))
            try:
                with db.begin_nested():
                    self.slug = next(slug for slug in tried if slug not in taken)
                    db.flush()
            except IntegrityError:
                continue
            return

    @classmethod
    def latest(cls, db: Session, *, before: int | None, limit: int) -> Sequence["Attachment"]:
        """The library, newest first, from below the id `before`."""
        query = select(cls).options(selectinload(cls.renditions)).order_by(cls.id.desc()).limit(limit)
        return db.scalars(query if before is None else query.where(cls.id < before)).all()

    @classmethod
    def with_keys(cls, db: Session, keys: Collection[str]) -> dict[str, "Attachment"]:
        """The pictures among `keys`; keys that nobody stored are left out."""
        if not keys:
            return {}
        query = select(cls).options(selectinload(cls.renditions)).where(cls.key.in_(keys))
        return {row.key: row for row in db.scalars(query)}

    @classmethod
    def without_renditions(
        cls, db: Session, *, older_than: timedelta | None = None, after: int = 0, limit: int
    ) -> Sequence["Attachment"]:
        """Pictures that still wait for theirs, the oldest first, from above the id `after`."""
        query = select(cls).where(cls.renditions_made_at.is_(None), cls.id > after)
        if older_than is not None:
            query = query.where(cls.created_at < now() - older_than)
        return db.scalars(query.order_by(cls.id).limit(limit)).all()

    @classmethod
    def is_referenced(cls, db: Session, key: str) -> bool:
        """Whether any row points at this stored file."""
        return bool(db.scalar(select(or_(*(exists().where(column == key) for column in KEYS)))))

    def store_renditions(self, storage: Storage) -> list["Rendition"]:
        """Make and store the smaller ones; needs no database, and may be done twice without harm.

        An animation stays one file, since its frames would be lost. Raises NotAPicture, NotStored, StorageUnavailable.
        """
        if self.animated or not self.is_picture:
            return []
        with storage.open(self.key) as file:
            return [self._stored(storage, one) for one in pictures.renditions(file.read())]

    def _stored(self, storage: Storage, smaller: Encoded) -> "Rendition":
        file = storage.put(io.BytesIO(smaller.data), smaller.suffix, MOST_BYTES[Family.PICTURE])
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

    def may_be_changed_by(self, user: User | None) -> bool:
        """Whether this user may describe or delete it: their own, or with WordPress's right to others' posts."""
        if user is None or not user.can("upload_files"):
            return False
        return user.id == self.user_id or user.can("edit_others_posts")

    def delete(self, db: Session) -> None:
        """Take it out of the library; raises StillShown if a post shows it. Its files go when they are swept."""
        try:
            with db.begin_nested():
                db.delete(self)
                db.flush()
        except IntegrityError:
            raise StillShown(self.id) from None

    @property
    def kind(self) -> Kind | None:
        """What it is, by the file that is stored; None for what the library would not take, which imports may name."""
        return BY_SUFFIX.get(self.key.rpartition(".")[2]) or BY_MIME_TYPE.get(self.mime_type or "")

    @property
    def content_type(self) -> str:
        """Its type as programs name it, also of rows from before there was more than pictures."""
        return self.mime_type or (self.kind.mime_type if self.kind else "application/octet-stream")

    @property
    def is_picture(self) -> bool:
        """Whether there is a file that an `img` can show."""
        return bool(self.key) and self.content_type.startswith("image/")

    @property
    def is_sound(self) -> bool:
        """Whether there is a file that an `audio` can play."""
        return bool(self.key) and self.content_type.startswith("audio/")

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name

    @property
    def url(self) -> str:
        """Where the file is; of one that could not be fetched, where it was."""
        return f"/media/{self.key}" if self.key else self.source_url

    @property
    def shown(self) -> Shown:
        """How pages show it."""
        return Shown(self.key, self.width, self.height, tuple(Size(one.key, one.width) for one in self.renditions))

    @property
    def srcset(self) -> str:
        """The `srcset` of an `img`; empty until there are renditions."""
        return self.shown.srcset

    @property
    def src(self) -> str:
        """Where an `img` finds it without `srcset`: the largest rendition, else the file itself."""
        return self.shown.src

    @property
    def thumbnail(self) -> str:
        """The smallest there is."""
        return self.shown.thumbnail

    def markdown(self, alt: str = "") -> str:
        """How a post shows it, or leads to it."""
        if self.is_sound:
            return f'[audio src="{self.url}"]'
        text = (alt or self.alt if self.is_picture else self.label).translate(MARKDOWN_SPECIAL)
        return f"{'!' if self.is_picture else ''}[{text}]({self.url})"


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


# Every column whose rows name files. What none of them names is swept, and is in no snapshot.
KEYS = (Attachment.key, Rendition.key)
MARKDOWN_SPECIAL = str.maketrans({"[": "(", "]": ")", "\n": " ", "\r": " ", "\\": "/"})
