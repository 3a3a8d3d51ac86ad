"""The pictures that a body shows, by their keys and by the numbers that galleries give them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.rendering import picture_keys

GALLERY = "[gallery"
GALLERY_IDS = re.compile(r"""\[gallery\b[^\[\]]*?\b(?:ids|include)\s{0,9}=\s{0,9}["']?([0-9, ]{1,5000})""", re.ASCII)
MOST_IN_A_GALLERY = 500


@dataclass(frozen=True, slots=True)
class Library:
    """What the renderer may ask for. A gallery that names no picture shows those that are attached to the post."""

    by_key: Mapping[str, Attachment] = field(default_factory=dict)
    by_id: Mapping[int, Attachment] = field(default_factory=dict)
    attached: tuple[int, ...] = ()

    @classmethod
    def of(cls, db: Session, body: str, post_id: int | None) -> "Library":
        """The pictures that this body may show, in a post that is stored already or not (None)."""
        ids, attached = gallery_ids(body), Attachment.post_id == post_id
        wanted = Attachment.id.in_(ids) if post_id is None else Attachment.id.in_(ids) | attached
        query = select(Attachment).options(selectinload(Attachment.renditions)).where(wanted).order_by(Attachment.id)
        found = db.scalars(query.limit(MOST_IN_A_GALLERY)).all() if GALLERY in body else []
        by_key = Attachment.with_keys(db, picture_keys(body))
        of_post = tuple(one.id for one in found if post_id is not None and one.post_id == post_id)
        return cls(by_key, {one.id: one for one in found}, of_post)

    @property
    def pictures(self) -> Iterator[Attachment]:
        """Those of them that have a file."""
        yield from self.by_key.values()
        yield from (one for one in self.by_id.values() if one.key)


def gallery_ids(body: str) -> list[int]:
    """The numbers of the pictures that the galleries of a body name, each once, in their order."""
    named = (number for found in GALLERY_IDS.findall(body) for number in numbers(found))
    return list(dict.fromkeys(named))


def numbers(text: str) -> Iterable[int]:
    """The numbers in a list as a shortcode has it: `1,2, 3`."""
    parts = (part.strip() for part in text.split(",")[:MOST_IN_A_GALLERY])
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= 10]
