"""The index of the search: each word of a post, on every database alike."""

from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact
from apps.chassis.wordindex import WordIndex
from apps.chassis.words import LONGEST_WORD
from apps.mywordpress.models import Base
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.rendering import BLOCK_END, SPACES, TAGS
from apps.mywordpress.terms.models import Taxonomy, Term

if TYPE_CHECKING:
    from apps.mywordpress.posts.columns import Columns


class PostWord(Base):
    """A word that a post has; the heavier, the more it tells of the post."""

    __tablename__ = "post_words"

    word: Mapped[str] = mapped_column(exact(LONGEST_WORD), primary_key=True)
    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
    weight: Mapped[int]


INDEX = WordIndex(PostWord.word, PostWord.post_id, PostWord.weight)


def index(db: Session, post: "Columns") -> None:
    """Let search find the post by what it says now; to be called, within their transaction, by all who change it.

    Its terms count too. Drafts are indexed as well, so that whoever publishes one needs nothing but to do so.
    """
    db.flush()
    # Two who change the same post would else both insert a word that is new.
    db.refresh(post, ["version"], with_for_update=True)
    INDEX.store(db, post.id, {8: [post.title], 4: [post.excerpt, *_terms(db, post)], 1: [text_of(post.html)]})


def text_of(html: str) -> str:
    """The words of a body as readers see them, on one line."""
    return SPACES.sub(" ", unescape(TAGS.sub("", BLOCK_END.sub(" ", html)))).strip()


def _terms(db: Session, post: "Columns") -> Sequence[str]:
    named = select(Term.name).join(PostTerm, PostTerm.term_id == Term.id)
    return db.scalars(named.where(PostTerm.post_id == post.id, Term.taxonomy != Taxonomy.FORMAT)).all()
