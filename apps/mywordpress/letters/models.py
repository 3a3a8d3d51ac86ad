"""Letters of the journal."""

from apps.chassis.letters.models import OwedLetter
from apps.mywordpress.models import Base


class Letter(OwedLetter, Base):
    """A mail that the journal owes."""
