"""What is forgotten about comments by itself."""

from datetime import timedelta

from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.comments.letters import KINDS
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.privacy import forget_addresses
from apps.mywordpress.letters.models import Letter

LETTERS_KEPT = timedelta(days=90)
LEAST_SECONDS = 10.0

jobs = Jobs()


@jobs.cadence("/every/day")
def forget_where_comments_came_from(work: Work) -> None:
    """Forget network addresses and browsers of comments that are a month old, some at a time."""
    more = True
    while more and work.remaining_seconds > LEAST_SECONDS:
        with work.transaction() as db:
            more = forget_addresses(db)


@jobs.cadence("/every/day")
def empty_trash_of_comments(work: Work) -> None:
    """Delete for good what has been in the trash for a month, some at a time."""
    more = True
    while more and work.remaining_seconds > LEAST_SECONDS:
        with work.transaction() as db:
            more = Comment.throw_away(db)


@jobs.cadence("/every/day")
def forget_letters(work: Work) -> None:
    """Forget to whom mail about comments went."""
    Letter.forget(work.db, KINDS, LETTERS_KEPT)
