"""Letters are sent by a job; a cadence looks for those that are missing, so that nothing depends on one message."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.jobs import Jobs, Work
from apps.chassis.letters.models import OwedLetter
from apps.chassis.letters.writing import Moot
from apps.chassis.mail import MailRefused
from apps.chassis.settings import Settings

GRACE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)
LONGEST_REST = timedelta(hours=1)
# What handing over one mail may take at most.
SLOWEST_SECONDS = 15.0
MOST_AT_ONCE = 100

Write = Callable[[Session, OwedLetter, Settings], EmailMessage]

log = logging.getLogger(__name__)


def jobs_of(kind: type[OwedLetter], write: Write) -> Jobs:
    """The job that sends a letter of this site, and the cadence that sends the missing ones."""
    office, jobs = PostOffice(kind, write), Jobs()
    jobs.job("send_letter", deadline_seconds=60)(office.send_letter)
    jobs.cadence("/every/minute")(office.send_missing_letters)
    return jobs


class PostOffice:
    """Sends what a site owes: `kind` is its table, `write` makes a mail of a row."""

    def __init__(self, kind: type[OwedLetter], write: Write) -> None:
        self.kind = kind
        self.write = write

    def send_letter(self, work: Work, letter_id: int) -> None:
        """Send the letter, unless it was sent or is being sent; a repeat after a crash carries the same Message-ID."""
        letter = self.claim(work, letter_id)
        if letter is not None:
            self.send(work, letter)

    def send_missing_letters(self, work: Work) -> None:
        """Send what no job has sent within a minute, however its message was lost; one that fails stops no other."""
        while missing := self.find_missing(work):
            for letter_id in missing:
                if work.remaining_seconds < SLOWEST_SECONDS:
                    return
                try:
                    self.send_letter(work, letter_id)
                except Exception:
                    log.exception("letter %s could not be sent; it is tried again later", letter_id)

    def find_missing(self, work: Work) -> Sequence[int]:
        """Letters whose time has come: first those that nobody has tried, then those that have rested longest."""
        waiting = select(self.kind.id).where(self.is_missing(), self.kind.created_at < now() - GRACE)
        with work.transaction() as db:
            return db.scalars(waiting.order_by(self.kind.claimed_until, self.kind.id).limit(MOST_AT_ONCE)).all()

    def claim(self, work: Work, letter_id: int) -> OwedLetter | None:
        """The letter, if it is missing and nobody else is sending it; then nobody else will for two minutes."""
        missing = update(self.kind).where(self.kind.id == letter_id, self.is_missing())
        ours = missing.values(claimed_until=now() + LEASE)
        with work.transaction() as db:
            claimed = db.execute(ours, execution_options={"synchronize_session": False})
            assert isinstance(claimed, CursorResult)
            return db.get(self.kind, letter_id) if claimed.rowcount == 1 else None

    def send(self, work: Work, letter: OwedLetter) -> None:
        """Hand the letter over and note that; one that is refused for good is noted as that, not tried for ever."""
        try:
            with work.transaction() as db:
                message = self.write(db, letter, work.settings)
            work.mailer.send(message)
        except (MailRefused, Moot) as error:
            log.warning("letter %s (%s) was refused: %s", letter.id, letter.kind, error)
            self.mark(work, letter, refused_at=now(), claimed_until=None)
        except BaseException:
            self.mark(work, letter, claimed_until=now() + rest(letter))
            raise
        else:
            self.mark(work, letter, sent_at=now(), claimed_until=None)

    def mark(self, work: Work, letter: OwedLetter, **outcome: object) -> None:
        """Note the outcome and end the claim."""
        with work.transaction() as db:
            db.execute(update(self.kind).where(self.kind.id == letter.id).values(**outcome))

    def is_missing(self) -> ColumnElement[bool]:
        """That a letter is neither sent nor refused, and nobody is sending it."""
        free = or_(self.kind.claimed_until.is_(None), self.kind.claimed_until < now())
        return and_(self.kind.sent_at.is_(None), self.kind.refused_at.is_(None), free)


def rest(letter: OwedLetter) -> timedelta:
    """How long to leave a letter that failed alone: as long as it has waited already, a minute at least."""
    return min(max(now() - letter.created_at, GRACE), LONGEST_REST)
