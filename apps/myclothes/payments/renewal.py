"""Pages that show stock are made anew when pieces come back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.cache import Cache
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.catalog.pages import invalidate
from apps.myclothes.orders.models import OrderLine


def renew_pages(db: Session, cache: Cache, order_id: int) -> None:
    """Forget the pages of what this order holds, once its transaction has committed."""
    variants = select(OrderLine.variant_id).where(OrderLine.order_id == order_id)
    ours = select(Variant.product_id).where(Variant.id.in_(variants))
    invalidate(cache, db.scalars(select(Product).where(Product.id.in_(ours))).all())
