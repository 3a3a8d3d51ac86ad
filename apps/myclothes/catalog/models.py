"""Categories, products, and their variants: one of these for each colour and size, with its own stock."""

import re
import unicodedata
from datetime import datetime
from typing import Protocol

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from apps.chassis.columns import exact
from apps.chassis.database import UtcDateTime
from apps.myclothes.models import Base


class OutOfStock(Exception):
    """There are not so many pieces of this variant left."""

    def __init__(self, variant: "Variant") -> None:
        super().__init__(f"{variant.product.name} in {variant.colour.lower()}, size {variant.size}")
        self.variant = variant


class Category(Base):
    """A shelf of the shop."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(exact(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))

    products: Mapped[list["Product"]] = relationship(back_populates="category", order_by="Product.id")
    parent: Mapped["Category | None"] = relationship(remote_side=[id])

    def path(self) -> list["Category"]:
        """The shelves that lead to this one from the top, and this one."""
        found = [self]
        # A circle, which nothing of ours would draw, must not hang the page.
        while found[0].parent is not None and found[0].parent not in found:
            found.insert(0, found[0].parent)
        return found


class Product(Base):
    """A design, which is sold in colours and sizes."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    slug: Mapped[str] = mapped_column(exact(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(1000))
    material: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Its own, beside those of its variants; catalogues of other shops have one.
    sku: Mapped[str | None] = mapped_column(exact(64), unique=True)
    published: Mapped[bool] = mapped_column(server_default=true())

    category: Mapped[Category] = relationship(back_populates="products")
    variants: Mapped[list["Variant"]] = relationship(back_populates="product", order_by="Variant.position")


class Variant(Base):
    """What is sold: one product in one colour and size."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("product_id", "colour", "size"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("price_cents > 0", name="price_cents"),
        CheckConstraint("sale_price_cents > 0", name="sale_price_cents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str] = mapped_column(exact(64), unique=True)
    colour: Mapped[str] = mapped_column(String(40))
    swatch: Mapped[str] = mapped_column(String(7))
    size: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    price_cents: Mapped[int]
    stock: Mapped[int]
    picture: Mapped[str] = mapped_column(String(200))
    sale_price_cents: Mapped[int | None]
    sale_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sale_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Told in the digest from this many pieces on downwards; the shop's own number where there is none.
    low_stock: Mapped[int | None]

    product: Mapped[Product] = relationship(back_populates="variants")

    def on_sale(self, moment: datetime) -> bool:
        """Whether the sale price holds at that moment."""
        return is_on_sale(self, moment)

    def price_now(self, moment: datetime) -> int:
        """What it costs at that moment, in cents."""
        return price_at(self, moment)


class Priced(Protocol):
    """The columns of a variant that make its price; rows of a query have them too."""

    @property
    def price_cents(self) -> int: ...
    @property
    def sale_price_cents(self) -> int | None: ...
    @property
    def sale_starts_at(self) -> datetime | None: ...
    @property
    def sale_ends_at(self) -> datetime | None: ...


def is_on_sale(piece: Priced, moment: datetime) -> bool:
    """Whether the sale price holds: from its start on and until just before its end, each open where there is none."""
    begun = piece.sale_starts_at is None or piece.sale_starts_at <= moment
    over = piece.sale_ends_at is not None and piece.sale_ends_at <= moment
    return piece.sale_price_cents is not None and begun and not over


def price_at(piece: Priced, moment: datetime) -> int:
    """What the piece costs at that moment, in cents."""
    on_sale = piece.sale_price_cents if is_on_sale(piece, moment) else None
    return piece.price_cents if on_sale is None else on_sale


def slug_of(name: str) -> str:
    """The name as it stands in an address: lower case ASCII letters and digits, joined by hyphens."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_name.replace("&", " and ").replace("'", "").lower())
    return "-".join(words)
