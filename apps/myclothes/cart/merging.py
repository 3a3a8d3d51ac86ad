"""What becomes of a guest's cart at sign-in: it is added to the cart of the account, never put in its place."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from apps.myclothes.cart.models import GENERATION, ID, MOST_LINES, MOST_PIECES, PREFIX, SEEN, Cart, Kept, Ordered

NOTE, ORIGIN = "cart_merged", "cart_origin"


class Visit(Kept, Protocol):
    """What merging needs of a session."""

    def hand_over(self, prefix: str, *, maximum: int, most: int, note: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Merged:
    """What was added to the account's cart, and what was left out since it would not fit: pieces by variant id."""

    moved: dict[int, int]
    left: dict[int, int]

    @classmethod
    def told_by(cls, visit: Kept) -> "Merged | None":
        """What the last sign-in of this session merged and nobody was told yet."""
        note = visit.get(NOTE)
        return cls(_pieces(note["moved"]), _pieces(note["left"])) if note else None


def merge(visit: Visit, shared: Kept) -> None:
    """Add the session's own cart, to be settled before, to the account's at the save; nothing if there is none."""
    guest, account = Cart(visit), Cart(shared)
    if guest.id is None:
        return
    account.begin()
    for variant_id, cents in guest.seen().items():
        shared.keep(f"{SEEN}{variant_id}", cents)
        del visit[f"{SEEN}{variant_id}"]
    visit[ORIGIN] = [guest.id, guest.generation]
    visit.hand_over(PREFIX, maximum=MOST_PIECES, most=MOST_LINES, note=NOTE)
    for field in (ID, GENERATION):
        if visit.get(field) is not None:
            del visit[field]


def settle_origin(visit: Kept, shared: Kept, db: Session, ordered: Ordered) -> None:
    """Take out again what was ordered of the guest's cart by a request that was under way at the sign-in."""
    origin, merged = visit.get(ORIGIN), Merged.told_by(visit)
    taken = ordered(db, *origin) if origin and merged else None
    if taken is None or merged is None:
        return
    for variant_id in taken.keys() & merged.moved.keys():
        shared.add(f"{PREFIX}{variant_id}", -min(taken[variant_id], merged.moved[variant_id]))
    forget(visit)


def forget(visit: Kept) -> None:
    """Once the visitor was told what was merged."""
    for field in (NOTE, ORIGIN):
        if visit.get(field) is not None:
            del visit[field]


def _pieces(counts: dict[str, Any]) -> dict[int, int]:
    return {int(name.removeprefix(PREFIX)): int(count) for name, count in counts.items()}
