"""What is noted and tidied up about accounts behind the scenes."""

from datetime import datetime, timedelta

from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.accounts.letters import PASSING
from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.letters.models import Letter

KEPT = timedelta(days=30)

jobs = Jobs()


@jobs.job("note_program")
def note_program(work: Work, program_id: int, at: str, address: str, hash: str) -> None:
    """Remember a program's visit, since what only reads writes nothing by itself. The key may have changed since then:

    what is kept is the password's hash under the key of now.
    """
    program = work.db.get(ApplicationPassword, program_id)
    if program is not None:
        program.note_use(work.db, datetime.fromisoformat(at), address, hash)


@jobs.cadence("/every/day")
def forget_passing_letters(work: Work) -> None:
    """Forget to whom links were sent."""
    Letter.forget(work.db, PASSING, KEPT)
