"""The terms of posts."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from apps.mywordpress.models import Base
from apps.mywordpress.terms.models import Term


class PostTerm(Base):
    """A term of a post."""

    __tablename__ = "post_terms"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    term_id: Mapped[int] = mapped_column(
        ForeignKey(Term.id, ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
