"""How a post moves from one state to another. Each verb locks the row first, so of two at once one sees the other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.mywordpress.posts.addresses import Addresses
from apps.mywordpress.posts.columns import PUBLISHED, State
from apps.mywordpress.posts.columns import UnknownStatus as UnknownStatus
from apps.mywordpress.posts.slugs import trashed, untrashed

# As WordPress has it.
KEPT_IN_TRASH = timedelta(days=30)


class PostGone(LookupError):
    """Somebody else has deleted the post for good, a moment ago."""


class InTrash(Exception):
    """The post is in the trash: nothing can be done with it until it is restored."""


class States(Addresses):
    """The part of a post that knows its states.

    All verbs may raise PostGone, and all but `trash`, `restore` and `become` InTrash.
    """

    __abstract__ = True

    def publish(self, db: Session, at: datetime | None = None) -> None:
        """Show it to readers from `at` on; if that is to come, it is scheduled and the worker will publish it.

        Without `at` it is shown at once: the date of the first publication stays, and with it the address.
        """
        self._lock(db)
        moment = now()
        self.published_at = at or self._past_date(moment) or moment
        self.published = self.published_at <= moment
        self.state = State.DRAFT if self.published else State.FUTURE
        db.flush()

    def submit(self, db: Session) -> None:
        """Hand it in for review."""
        self._hide(db, State.PENDING)

    def unpublish(self, db: Session) -> None:
        """Make it a draft, whatever it was."""
        self._hide(db, State.DRAFT)

    def make_private(self, db: Session) -> None:
        """Show it to those who may read what is private, dated as if it were published."""
        self._hide(db, State.PRIVATE)
        self.published_at = self.published_at or now()
        db.flush()

    def trash(self, db: Session) -> None:
        """Take it away so that it can be restored; its address is free for others meanwhile."""
        self.hold(db)
        if self.state == State.TRASH:
            return
        self.trashed_from, self.published, self.state, self.trashed_at = self.status, False, State.TRASH, now()
        self.store_under_free_slug(db, trashed(self.slug))

    def restore(self, db: Session) -> None:
        """Make it what it was before the trash, at its old address unless somebody else took that."""
        self.hold(db)
        if self.state != State.TRASH:
            return
        was = self.trashed_from or State.DRAFT
        self.published, self.trashed_from, self.trashed_at = was == PUBLISHED, "", None
        self.state = State.DRAFT if self.published else was
        self.store_under_free_slug(db, untrashed(self.slug))

    def become(self, db: Session, status: str, at: datetime | None = None) -> None:
        """Bring it to a status of WordPress's, out of the trash too; raises UnknownStatus and changes nothing.

        `publish` and `future` mean the same: the date decides which of them it is.
        """
        verbs: dict[str, Callable[[], None]] = {
            PUBLISHED: lambda: self.publish(db, at),
            State.FUTURE: lambda: self.publish(db, at),
            State.DRAFT: lambda: self.unpublish(db),
            State.PENDING: lambda: self.submit(db),
            State.PRIVATE: lambda: self.make_private(db),
            State.TRASH: lambda: self.trash(db),
        }
        if status not in verbs:
            raise UnknownStatus(status)
        if status != State.TRASH:
            self.restore(db)
        verbs[status]()

    def date(self, db: Session, at: datetime) -> None:
        """Give it another date; a published or scheduled post becomes what that date makes of it."""
        self._lock(db)
        if self.published or self.state == State.FUTURE:
            self.publish(db, at)
        self.published_at = at
        db.flush()

    @classmethod
    def publish_due(cls, db: Session, *, limit: int) -> Iterator[int]:
        """Publish what is scheduled and due; answers the id of each that this call published, and no other did."""
        moment = now()
        hidden = cls.published.is_(False), cls.state == State.FUTURE, cls.published_at <= moment
        for post_id in db.scalars(select(cls.id).where(*hidden).order_by(cls.published_at, cls.id).limit(limit)).all():
            # Another worker may have been faster, or an author may have moved the date meanwhile.
            shown = update(cls).where(cls.id == post_id, *hidden).values(published=True, state=State.DRAFT)
            if db.execute(shown).rowcount == 1:  # type: ignore[attr-defined]
                yield post_id

    @classmethod
    def note_trashed(cls, db: Session) -> Sequence[int]:
        """Note since when posts are in the trash of which that is not known; answers the ids of those kept too long."""
        in_trash = cls.published.is_(False), cls.state == State.TRASH
        db.execute(update(cls).where(*in_trash, cls.trashed_at.is_(None)).values(trashed_at=now()))
        long_there = select(cls.id).where(*in_trash, cls.trashed_at < now() - KEPT_IN_TRASH)
        return db.scalars(long_there.order_by(cls.id)).all()

    def is_long_in_trash(self, db: Session) -> bool:
        """Whether it is still there, and long enough to be deleted; its row is locked from here on."""
        self.hold(db)
        return self.state == State.TRASH and self.trashed_at is not None and self.trashed_at < now() - KEPT_IN_TRASH

    def _hide(self, db: Session, state: State) -> None:
        self._lock(db)
        # A date that is still to come was that of a schedule, which this ends.
        self.published_at = self._past_date(now())
        self.published, self.state = False, state
        db.flush()

    def hold(self, db: Session) -> None:
        """Lock its row and read it anew; raises PostGone if somebody has deleted it meanwhile."""
        try:
            db.refresh(self, with_for_update=True)
        except InvalidRequestError:
            raise PostGone from None

    def _lock(self, db: Session) -> None:
        self.hold(db)
        if self.state == State.TRASH:
            raise InTrash(self.id)

    def _past_date(self, moment: datetime) -> datetime | None:
        return self.published_at if self.published_at and self.published_at <= moment else None
