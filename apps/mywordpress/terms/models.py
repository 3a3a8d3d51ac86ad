"""Terms of a taxonomy, by which posts are found."""

from enum import StrEnum
from itertools import count

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact
from apps.chassis.slugs import slug_of
from apps.mywordpress.models import Base

LONGEST_NAME = 200
LONGEST_SLUG = 200
LONGEST_DESCRIPTION = 5_000
FORMAT_PREFIX = "post-format-"


class Taxonomy(StrEnum):
    """A way to sort posts, in WordPress's words."""

    CATEGORY = "category"
    TAG = "post_tag"
    FORMAT = "post_format"


# Where the addresses of each begin.
BASES = {Taxonomy.CATEGORY: "category", Taxonomy.TAG: "tag", Taxonomy.FORMAT: "type"}


class TermTaken(Exception):
    """Another term of the taxonomy has this name beside it, or this slug; `known` is that one."""

    def __init__(self, known: "Term") -> None:
        super().__init__(known.slug)
        self.known = known


class TermLoop(Exception):
    """A category cannot stand below itself."""


class Term(Base):
    """A category, which may have a parent, or a tag, or a format such as `post-format-quote`."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("taxonomy", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    taxonomy: Mapped[str] = mapped_column(exact(32))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    slug: Mapped[str] = mapped_column(exact(LONGEST_SLUG))
    description: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id", ondelete="SET NULL"), index=True)

    @classmethod
    def make(
        cls,
        db: Session,
        taxonomy: str,
        name: str,
        *,
        slug: str = "",
        description: str = "",
        parent: "Term | None" = None,
    ) -> "Term":
        """A new term, without `slug` under the first free one made of its name; raises TermTaken and makes nothing."""
        parent_id = parent.id if parent else None
        term = cls(taxonomy=taxonomy, parent_id=parent_id)
        term._store(db, _line(name), slug_of(slug, LONGEST_SLUG), description)
        return term

    @classmethod
    def named(cls, db: Session, taxonomy: str, name: str, parent: "Term | None" = None) -> "Term":
        """The term of this name, capitals or not, below this parent; made if there is none."""
        try:
            return cls.make(db, taxonomy, name, parent=parent)
        except TermTaken as taken:
            return taken.known

    @classmethod
    def with_slug(cls, db: Session, taxonomy: str, slug: str) -> "Term | None":
        return db.scalar(select(cls).where(cls.taxonomy == taxonomy, cls.slug == slug))

    def change(self, db: Session, name: str, slug: str = "", description: str = "") -> None:
        """Give it another name and description, and a slug unless that stays; raises TermTaken and changes nothing."""
        self._store(db, _line(name), slug_of(slug, LONGEST_SLUG) or self.slug, description)

    def move(self, db: Session, parent: "Term | None") -> None:
        """Put it below another one of its taxonomy, or to the top; raises TermLoop and moves nothing."""
        # Two who move at once could make a circle of which neither sees the whole.
        rows = db.execute(select(Term.id, Term.parent_id).where(Term.taxonomy == self.taxonomy).with_for_update())
        above = {row.id: row.parent_id for row in rows}
        at = parent.id if parent else None
        while at is not None:
            if at == self.id:
                raise TermLoop(self.slug)
            at = above.get(at)
        self.parent_id = parent.id if parent else None
        db.flush()

    def delete(self, db: Session) -> None:
        """Delete it; what stood below it stands below its parent then, and posts lose it."""
        db.execute(update(Term).where(Term.parent_id == self.id).values(parent_id=self.parent_id))
        db.delete(self)
        db.flush()

    def _store(self, db: Session, name: str, slug: str, description: str) -> None:
        with db.no_autoflush:
            self._refuse_twin(db, name)
            slug = slug or self._free_slug(db, name)
        try:
            with db.begin_nested():
                self.name, self.slug, self.description = name, slug, description
                db.add(self)
        except IntegrityError:
            known = Term.with_slug(db, self.taxonomy, slug)
            if known is None:
                raise
            raise TermTaken(known) from None

    def _refuse_twin(self, db: Session, name: str) -> None:
        beside = select(Term).where(Term.taxonomy == self.taxonomy, Term.parent_id.is_not_distinct_from(self.parent_id))
        # SQLite knows the capitals of ASCII only.
        alike = or_(func.lower(Term.name) == name.lower(), Term.name.in_({name, name.lower(), name.upper()}))
        found = (one for one in db.scalars(beside.where(alike)).all() if one.name.casefold() == name.casefold())
        twin = next((one for one in found if one.id != self.id), None)
        if twin is not None:
            raise TermTaken(twin)

    def _free_slug(self, db: Session, name: str) -> str:
        wished = slug_of(name, LONGEST_SLUG) or self.taxonomy
        begun = select(Term.slug).where(Term.taxonomy == self.taxonomy, Term.slug.startswith(wished, autoescape=True))
        taken = set(db.scalars(begun))
        tried = (wished if number == 1 else f"{wished[: LONGEST_SLUG - 7]}-{number}" for number in count(1))
        return next(slug for slug in tried if slug not in taken)


def _line(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]
