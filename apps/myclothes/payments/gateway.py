"""What the shop asks of whoever moves the money. A key that we choose makes every request safe to repeat."""

from dataclasses import dataclass
from typing import Protocol

from apps.myclothes.payments.models import Outcome


class GatewayTimeout(Exception):
    """No answer came in time: the money may have moved or not. To be asked about under the same key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A charge or a refund as the gateway has it in its book; unknown as long as its bank has not decided."""

    key: str
    reference: str
    amount_cents: int
    currency: str
    outcome: Outcome
    reason: str = ""


class Gateway(Protocol):
    """Takes money and gives it back, each key once, however often it is sent. Any call may raise GatewayTimeout.

    No call may be made while a transaction is open: an answer can take seconds.
    """

    def charge(self, key: str, amount_cents: int, currency: str, card: str) -> Entry:
        """Take the money; a key that was charged before is answered by its entry, whatever the rest says."""

    def find(self, key: str) -> Entry | None:
        """The charge of this key; None if the gateway never heard of it, or has not yet."""

    def refund(self, key: str, charge_reference: str, amount_cents: int) -> Entry:
        """Give back so much of a charge; declined if that and what went back before is more than the charge."""

    def find_refund(self, key: str) -> Entry | None:
        """The refund of this key, as `find` finds a charge."""
