"""Decisions of the owner, each a row, and what holds where none was made."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Text, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact
from apps.chassis.statements import rows_of
from apps.mywordpress.models import Base


class Option(Base):
    """One decision, as JSON."""

    __tablename__ = "options"

    name: Mapped[str] = mapped_column(exact(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


# By the columns of the table, since every page asks, and rows of the class take longer.
STORED = select(Option.__table__.c.name, Option.__table__.c.value)


@dataclass(frozen=True, slots=True)
class Options:
    """All decisions, with what holds where none was made. Read by one query."""

    title: str = "MyWordPress"
    tagline: str = "Notes on time, tides and making things"
    timezone: str = "UTC"
    posts_per_page: int = 10
    posts_per_feed: int = 10
    # Whether feeds hold no more of a post than lists do.
    feed_excerpts: bool = False
    # The pages that stand first and that list the posts; none means that the posts stand first.
    front_page_id: int | None = None
    posts_page_id: int | None = None
    default_category_id: int | None = None
    comments_open: bool = True
    comments_need_approval: bool = True
    most_comment_links: int = 2
    # One word or address a line: what has one of the first is held, what has one of the second is spam.
    moderation_words: str = ""
    blocked_words: str = ""
    # Whether a stranger whose comment was approved before needs none any more; an address can be borrowed.
    comments_trust_known: bool = False
    # After how many days a post takes no more comments; 0 means never.
    comments_close_after_days: int = 0
    comments_per_page: int = 50
    comments_newest_first: bool = False
    # Whether authors hear of comments by mail, and moderators of those that wait.
    mail_comments: bool = True
    mail_moderation: bool = True
    # Whether anybody may become a subscriber.
    registration_open: bool = False
    primary_menu_id: int | None = None

    @classmethod
    def read(cls, db: Session) -> "Options":
        """The options as they are stored; what a later release stored under other names is left out."""
        names = cls.__dataclass_fields__
        rows = rows_of(db, STORED)
        stored = {name: json.loads(value) for name, value in rows if name in names}
        return cls(**stored)

    @classmethod
    def decide(cls, db: Session, **decided: Any) -> None:
        """Keep these decisions and leave all others as they are; raises TypeError for one that does not exist."""
        cls(**decided)
        for name, value in decided.items():
            _keep(db, name, json.dumps(value))

    @classmethod
    def let_page_go(cls, db: Session, page_id: int) -> None:
        """Have it stand nowhere any more, for SQLite may give its number to the next page that is made."""
        now = cls.read(db)
        gone = [name for name in ("front_page_id", "posts_page_id") if getattr(now, name) == page_id]
        cls.decide(db, **dict.fromkeys(gone))

    def store(self, db: Session) -> None:
        """Keep all of these decisions."""
        stored = asdict(self.read(db))
        self.decide(db, **{name: value for name, value in asdict(self).items() if value != stored[name]})


def _keep(db: Session, name: str, value: str) -> None:
    known = update(Option).where(Option.name == name).values(value=value)
    if db.execute(known).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with db.begin_nested():
            db.execute(insert(Option).values(name=name, value=value))
    except IntegrityError:
        # Somebody else decided it for the first time a moment ago; the later one counts.
        db.execute(known)
