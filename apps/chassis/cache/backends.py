"""What every cache backend promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# A loader that has not stored its value by now counts as dead, and the next one who asks takes its place.
CLAIM_SECONDS = 5.0
# A loader that is only slow may still store its value this long, if nobody has taken its place and nothing has changed.
TICKET_SECONDS = 60.0


class CacheBroken(Exception):
    """The backend cannot be reached or used; nobody but the cache itself ever sees this."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: the value if somebody stored it meanwhile, or a ticket if it is now ours to load.

    `pinned`: the key was invalidated so recently that only the writer is sure to know the new value.
    """

    value: bytes | None = None
    ticket: str | None = None
    pinned: bool = False


class Backend(Protocol):
    """Values under names, shared by all who open it. Every method but `ready` may raise CacheBroken."""

    stores: bool

    def read(self, name: str) -> bytes | None:
        """The value if it lives: one round trip."""

    def claim(self, name: str, ticket: str) -> Claim:
        """Win the right to load, unless there is a value or another claim that is younger than CLAIM_SECONDS."""

    def fill(self, name: str, ticket: str, value: bytes, lifetime: float) -> None:
        """Store the value and end the claim; nothing happens if the claim was lost or dropped by an invalidation."""

    def release(self, name: str, ticket: str) -> None:
        """Give the claim back without a value."""

    def write(self, name: str, value: bytes, lifetime: float) -> None:
        """Store the value whoever may be loading."""

    def invalidate(self, names: Sequence[str], pin_seconds: float) -> None:
        """Forget values and claims, and remember for so long that they were invalidated."""

    def count(self, name: str, lifetime: float) -> int:
        """Add one to a counter that is forgotten so long after its first count; the new count."""

    def close(self) -> None:
        """Close what this process holds open; the next use opens it again."""

    def ready(self) -> Mapping[str, Any]:
        """`{"ok": bool, "detail": str}`; raises nothing."""
