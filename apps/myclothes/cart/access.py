"""The cart behind this request's session, and what every page's head says about the visitor."""

import logging
from functools import cached_property

from apps.chassis.context import application, db, session
from apps.chassis.sessions import SessionUnavailable
from apps.myclothes.cart.models import Cart, Ordered

# Set by the noun that knows orders: this one must not import it, since orders import carts.
ORDERED = "myclothes_ordered"

log = logging.getLogger(__name__)


def current_cart() -> Cart:
    """The visitor's cart, without what was ordered of its generation already. Raises SessionUnavailable."""
    cart = Cart(session())
    ordered: Ordered = application().extensions[ORDERED]
    cart.settle(db(), ordered)
    return cart


class Visitor:
    """Name and number of pieces for the head of a page, which must show even where the session store is away."""

    @cached_property
    def _known(self) -> tuple[str | None, int]:
        try:
            return session().get("customer_name"), Cart(session()).count
        except SessionUnavailable as error:
            log.warning("a page goes without its visitor's session: %s", error)
            return None, 0

    @property
    def name(self) -> str | None:
        return self._known[0]

    @property
    def pieces(self) -> int:
        return self._known[1]
