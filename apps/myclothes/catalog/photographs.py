"""Pictures that managers have uploaded. They are kept in the database, since web instances share no disk.

A picture is named after its content, `<sha256>.webp`; variants and lines of orders hold that name, as they hold the
names of the drawings that come with the shop.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, String, delete, insert, select, update
from sqlalchemy.dialects.mysql import MEDIUMBLOB
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.pictures import Encoded
from apps.myclothes.catalog.webp import KIND
from apps.myclothes.models import Base

NAME = re.compile(r"([0-9a-f]{64})\.webp")
# What a variant shows that has none yet.
NO_PICTURE = "no-picture.svg"
# Long enough for whoever still sees a page that shows it, and for an upload on its way into a variant.
KEPT_UNUSED = timedelta(hours=24)


class Picture(Base):
    """An uploaded picture under the sha256 of its content."""

    __tablename__ = "pictures"

    key: Mapped[str] = mapped_column(exact(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary().with_variant(MEDIUMBLOB(), "mysql", "mariadb"))
    # Or taken or left by a variant since: `hold` moves it, so that no sweep comes in between.
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def keep(db: Session, picture: Encoded) -> str:
    """Have the picture in the shop, once however often it is sent; answers its name, which is held."""
    key = hashlib.sha256(picture.data).hexdigest()
    name = f"{key}.webp"
    if hold(db, [name]):
        row = {"key": key, "kind": KIND, "width": picture.width, "height": picture.height, "content": picture.data}
        try:
            with db.begin_nested():
                db.execute(insert(Picture).values(**row, uploaded_at=now()))
        except IntegrityError:
            # Somebody else has sent the same one in this moment.
            hold(db, [name])
    return name


def hold(db: Session, names: Collection[str]) -> list[str]:
    """Keep these for another day, to be called before a variant takes or leaves them; answers those that are gone.

    Names of drawings are none of its business. The sweep waits for this transaction and then finds them too young.
    """
    gone = []
    # Always in the same order, so that two imports never wait for one another.
    for name in sorted(filter(NAME.fullmatch, set(names))):
        held = update(Picture).where(Picture.key == name.partition(".")[0]).values(uploaded_at=now())
        if not _changed(db, held):
            gone.append(name)
    return gone


def uploaded(db: Session) -> set[str]:
    """The names of all uploaded pictures."""
    return {f"{key}.webp" for key in db.scalars(select(Picture.key))}


def content_of(db: Session, key: str) -> bytes | None:
    """What is stored under the key, if anything is."""
    return db.scalar(select(Picture.content).where(Picture.key == key))


def old(db: Session, after: str, most: int) -> Sequence[str]:
    """Names of pictures that nobody has touched for a day, in the order of their names, from behind `after`."""
    found = select(Picture.key).where(Picture.uploaded_at < now() - KEPT_UNUSED, Picture.key > after.partition(".")[0])
    return [f"{key}.webp" for key in db.scalars(found.order_by(Picture.key).limit(most))]


def discard(db: Session, name: str) -> bool:
    """Delete a picture that nothing shows, unless somebody has touched it meanwhile."""
    untouched = Picture.uploaded_at < now() - KEPT_UNUSED
    return _changed(db, delete(Picture).where(Picture.key == name.partition(".")[0], untouched))


def _changed(db: Session, statement: object) -> bool:
    result = db.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
