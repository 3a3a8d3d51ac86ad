"""What of a body readers do not see, counted, for the report of an import."""

from collections import Counter
from typing import NamedTuple

from apps.chassis.languages import later

TAG = later("The tag %(what)s was left out; its words stayed.")
CONTENT = later("The tag %(what)s was left out with all that was in it.")
ATTRIBUTE = later("The attribute %(what)s was left out.")
CLASS = later("The class %(what)s was left out.")
LINK = later("The link to %(what)s was left out.")
PICTURE = later("The picture %(what)s is not in the library, so it became a link.")
FILE = later("The file %(what)s is not in the library, so it became a link.")
EMBED = later("What was embedded from %(what)s became a link.")
BLOCK = later("The block %(what)s is made by WordPress itself and was left out.")
MISSING = later("A gallery names picture %(what)s, which is not in the library.")

MOST = 200
LONGEST = 200


class Loss(NamedTuple):
    """A sentence in English with a place for what was lost, and how often it was."""

    text: str
    what: str
    times: int


class Losses:
    """Losses as they are found, the first MOST kinds of them."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, text: str, what: str) -> None:
        """Count a loss."""
        key = text, what[:LONGEST]
        if key in self._counted or len(self._counted) < MOST:
            self._counted[key] += 1

    def all(self) -> list[Loss]:
        """Each loss once, in the order in which they were found."""
        return [Loss(text, what, times) for (text, what), times in self._counted.items()]
