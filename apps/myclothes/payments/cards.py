"""The cards that the test gateway knows, and what each of them does. None of them is anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.chassis.languages import later
from apps.myclothes.payments.models import Outcome


@dataclass(frozen=True, slots=True)
class Card:
    """What happens to a charge of this card."""

    words: str
    outcome: Outcome = Outcome.SUCCEEDED
    reason: str = ""
    # The request or its answer gets lost.
    is_lost_before: bool = False
    is_lost_after: bool = False
    notifications: int = 1
    is_lost_at_refund: bool = False


CARDS: Mapping[str, Card] = {
    "4111222233330005": Card(later("pays")),
    "4111222233330013": Card(later("is declined"), Outcome.DECLINED, "declined"),
    "4111222233330021": Card(later("has too little money on it"), Outcome.DECLINED, "insufficient funds"),
    "4111222233330039": Card(
        later("gets no answer, and nothing is charged"), is_lost_before=True, notifications=0
    ),
    "4111222233330047": Card(
        later("is charged, but the answer is lost"), is_lost_after=True, notifications=0
    ),
    "4111222233330054": Card(later("pays, and the shop is told so three times"), notifications=3),
    "4111222233330062": Card(
        later("pays, but its bank takes twenty seconds to say so"), Outcome.UNKNOWN, notifications=0
    ),
    "4111222233330070": Card(later("pays; if money goes back, that answer is lost"), is_lost_at_refund=True),
}  # fmt: skip


def spaced(number: str) -> str:
    """The number as it is printed on a card."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
