"""The cart behind this request's session, and what every page's head says about the visitor."""

import logging
from functools import cached_property

from apps.chassis.context import application, db, session
from apps.chassis.sessions import Session, SessionUnavailable
from apps.myclothes.cart.merging import merge, settle_origin
from apps.myclothes.cart.models import PREFIX, Cart, Kept, Ordered

# Set by the noun that knows orders: this one must not import it, since orders import carts.
ORDERED = "myclothes_ordered"

log = logging.getLogger(__name__)


def current_cart() -> Cart:
    """The visitor's cart, without what was ordered of its generation already. Raises SessionUnavailable."""
    visit = session()
    if visit.shared is not None and visit.fields(PREFIX):
        # Put there by the release before, which knew no carts of accounts.
        bring_cart()
        visit.save()
    cart = Cart(kept_by(visit))
    cart.settle(db(), ordered())
    if visit.shared is not None:
        settle_origin(visit, visit.shared, db(), ordered())
    return cart


def kept_by(visit: Session) -> Kept:
    """Where the visitor's cart is: with the account once signed in, if the session store shares anything."""
    return visit if visit.shared is None else visit.shared


def bring_cart() -> None:
    """Add what was put in before the sign-in to the cart of the account."""
    visit = session()
    if visit.shared is not None:
        Cart(visit).settle(db(), ordered())
        merge(visit, visit.shared)


def stays_here() -> bool:
    """Whether the cart of somebody who is signed in is known to this browser alone."""
    return session().owner is not None and session().shared is None


def ordered() -> Ordered:
    """What tells whether a cart was ordered."""
    found: Ordered = application().extensions[ORDERED]
    return found


class Visitor:
    """Name and number of pieces for the head of a page, which must show even where the session store is away."""

    @cached_property
    def _known(self) -> tuple[str | None, int]:
        try:
            return session().get("customer_name"), Cart(kept_by(session())).count
        except SessionUnavailable as error:
            log.warning("a page goes without its visitor's session: %s", error)
            return None, 0

    @property
    def name(self) -> str | None:
        return self._known[0]

    @property
    def pieces(self) -> int:
        return self._known[1]
