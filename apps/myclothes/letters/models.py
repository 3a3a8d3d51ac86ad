"""Letters of the shop."""

from apps.chassis.letters.models import OwedLetter
from apps.myclothes.models import Base

# The domain of addresses that stand in for those of people whom the shop has forgotten.
NOWHERE = "shop.invalid"


class Letter(OwedLetter, Base):
    """A mail that the shop owes."""
