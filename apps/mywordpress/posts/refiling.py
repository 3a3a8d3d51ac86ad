"""The terms of many posts at once: how many have one, and what becomes of them when one goes."""

from collections.abc import Collection

from sqlalchemy import Select, exists, func, insert, literal, select, true
from sqlalchemy.orm import Session, aliased

from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX
from apps.mywordpress.terms.models import Taxonomy, Term

Other = aliased(PostTerm)


class DefaultCategory(Exception):
    """The category of whatever has no other: it can be renamed, and not deleted."""


def published_counts(db: Session, term_ids: Collection[int]) -> dict[int, int]:
    """How many published posts have each of these terms; terms without any are left out."""
    found = select(PostTerm.term_id, func.count()).join(Post, Post.id == PostTerm.post_id)
    found = found.where(Post.published == true(), PostTerm.term_id.in_(term_ids)).group_by(PostTerm.term_id)
    return {row[0]: row[1] for row in db.execute(found)}


def term_changed(db: Session, term: Term) -> None:
    """Let search find the posts of this term by its new name, as soon as the worker comes to them."""
    INDEX.doubt(db, select(PostTerm.post_id).where(PostTerm.term_id == term.id))


def delete_term(db: Session, term: Term, default_id: int | None) -> None:
    """Delete a term; posts that have no other category then get the default one, if there is one.

    Raises DefaultCategory for that itself, and deletes nothing.
    """
    if term.id == default_id:
        raise DefaultCategory(term.slug)
    term_changed(db, term)
    if term.taxonomy == Taxonomy.CATEGORY and default_id is not None:
        others = select(Term.id).where(Term.taxonomy == Taxonomy.CATEGORY, Term.id != term.id)
        _file(db, term.id, default_id, unless=others)
    term.delete(db)


def merge_terms(db: Session, term: Term, into: Term) -> None:
    """Give all posts of one term the other instead, and delete the first; one into itself changes nothing."""
    if term.id == into.id:
        return
    term_changed(db, term)
    _file(db, term.id, into.id, unless=select(literal(into.id)))
    term.delete(db)


def _file(db: Session, term_id: int, into_id: int, *, unless: Select[int]) -> None:
    """Give the posts of one term another one, but for those that have one of `unless`."""
    has_other = exists().where(Other.post_id == PostTerm.post_id, Other.term_id.in_(unless))
    posts = select(PostTerm.post_id, literal(into_id)).where(PostTerm.term_id == term_id, ~has_other)
    db.execute(insert(PostTerm).from_select(["post_id", "term_id"], posts))
