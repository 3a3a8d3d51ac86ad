"""Categories, products, and their variants: one of these for each colour and size, with its own stock."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from apps.chassis.columns import exact
from apps.chassis.database import UtcDateTime
from apps.myclothes.models import Base

MOST_WORDS, MOST_FOUND = 6, 60


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

    products: Mapped[list["Product"]] = relationship(back_populates="category", order_by="Product.id")


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

    category: Mapped[Category] = relationship(back_populates="products")
    variants: Mapped[list["Variant"]] = relationship(back_populates="product", order_by="Variant.position")

    @classmethod
    def search(cls, db: Session, text: str) -> Sequence["Product"]:
        """At most 60 products that have every word of the text in name, material, description, category or a colour."""
        found = select(cls).join(cls.category).order_by(cls.name).limit(MOST_FOUND)
        for word in text.split()[:MOST_WORDS]:
            coloured = cls.variants.any(Variant.colour.icontains(word, autoescape=True))
            columns = (cls.name, cls.material, cls.description, Category.name)
            found = found.where(or_(coloured, *(column.icontains(word, autoescape=True) for column in columns)))
        return db.scalars(found.options(selectinload(cls.variants), selectinload(cls.category))).all()


class Variant(Base):
    """What is sold: one product in one colour and size."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("product_id", "colour", "size"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("price_cents > 0", name="price_cents"),
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

    product: Mapped[Product] = relationship(back_populates="variants")

    def take(self, db: Session, quantity: int) -> None:
        """Take `quantity` pieces from stock, or raise OutOfStock and take nothing."""
        enough = update(Variant).where(Variant.id == self.id, Variant.stock >= quantity)
        # Objects in memory are left alone: what they say about the stock may be seconds old anyway.
        taken = db.execute(
            enough.values(stock=Variant.stock - quantity), execution_options={"synchronize_session": False}
        )
        assert isinstance(taken, CursorResult)
        if taken.rowcount != 1:
            raise OutOfStock(self)


def slug_of(name: str) -> str:
    """The name as it stands in an address: lower case ASCII letters and digits, joined by hyphens."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_name.replace("&", " and ").replace("'", "").lower())
    return "-".join(words)
