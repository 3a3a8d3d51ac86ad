"""What is tidied up about accounts."""

from datetime import timedelta

from apps.chassis.jobs import Jobs, Work
from apps.myclothes.accounts.letters import PASSING
from apps.myclothes.letters.models import Letter

KEPT = timedelta(days=30)

jobs = Jobs()


@jobs.cadence("/every/day")
def forget_passing_letters(work: Work) -> None:
    """Forget to whom links were sent. Letters about orders stay, for a missing one would be written again."""
    Letter.forget(work.db, PASSING, KEPT)
