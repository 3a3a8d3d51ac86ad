"""What the cart knows of one person, told on request; it is forgotten with the sessions."""

from sqlalchemy.orm import Session

from apps.myclothes.accounts.models import Customer
from apps.myclothes.accounts.personal import tells
from apps.myclothes.cart.access import current_cart
from apps.myclothes.cart.models import variants


@tells("cart")
def tell_cart(db: Session, customer: Customer) -> list[dict[str, object]]:
    """The cart of the customer who asks, in this very request."""
    wanted = current_cart().quantities()
    known = variants(db, wanted)
    return [{"sku": known[key].sku if key in known else None, "quantity": quantity} for key, quantity in wanted.items()]
