"""By which terms a post is found."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Mapped, Session, declared_attr, relationship

from apps.mywordpress.posts.columns import Columns
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.words import index
from apps.mywordpress.terms.models import Taxonomy, Term


class UnknownTerm(LookupError):
    """There is no such term, or it is of another taxonomy."""


class Filed(Columns):
    """The part of a post that knows by which terms it is found."""

    __abstract__ = True

    @declared_attr
    @classmethod
    def terms(cls) -> Mapped[list[Term]]:
        # Written by `set_terms` alone, so that adding one never reads them all.
        return relationship(Term, secondary=PostTerm.__table__, viewonly=True, order_by=(Term.name, Term.id))

    def terms_of(self, taxonomy: Taxonomy) -> Sequence[Term]:
        """Its terms of this taxonomy, by name."""
        return [term for term in self.terms if term.taxonomy == taxonomy]

    def set_terms(self, db: Session, taxonomy: Taxonomy, ids: Collection[int]) -> None:
        """Let these be its terms of the taxonomy, and no others; raises UnknownTerm and changes nothing."""
        of_taxonomy = select(Term.id).where(Term.taxonomy == taxonomy)
        wanted = set(ids)
        known = set(db.scalars(of_taxonomy.where(Term.id.in_(wanted)))) if wanted else set()
        if known != wanted:
            raise UnknownTerm(min(wanted - known))
        # Two who file one post at once would else both insert what is new.
        db.refresh(self, ["version"], with_for_update=True)
        mine = PostTerm.post_id == self.id
        present = set(db.scalars(select(PostTerm.term_id).where(mine, PostTerm.term_id.in_(of_taxonomy))))
        if present == wanted:
            return
        db.execute(delete(PostTerm).where(mine, PostTerm.term_id.in_(present - wanted)))
        if wanted - present:
            added = sorted(wanted - present)
            db.execute(insert(PostTerm), [{"post_id": self.id, "term_id": term_id} for term_id in added])
        db.expire(self, ["terms"])
        index(db, self)
