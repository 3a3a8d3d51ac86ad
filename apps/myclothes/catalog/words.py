"""The index that search looks into, the same on every database."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact
from apps.chassis.wordindex import LONGEST_QUERY as LONGEST_QUERY
from apps.chassis.wordindex import WordIndex
from apps.chassis.words import LONGEST_WORD
from apps.myclothes.catalog.models import Product
from apps.myclothes.models import Base

MOST_FOUND = 240


class ProductWord(Base):
    """That a product is described by a word, and how much that says about it."""

    __tablename__ = "product_words"

    word: Mapped[str] = mapped_column(exact(LONGEST_WORD), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True, index=True)
    weight: Mapped[int]


INDEX = WordIndex(ProductWord.word, ProductWord.product_id, ProductWord.weight)


def search(db: Session, text: str) -> list[int]:
    """The ids of at most 240 published products that have every word of the text, best first.

    A product has a word of its name, shelves, colours, material, description or SKUs; the last word asked for need
    only be the beginning of one.
    """
    meeting = INDEX.meeting(text)
    if meeting is None:
        return []
    each = meeting.subquery()
    found = select(each.c.owner).join(Product, Product.id == each.c.owner).where(Product.published)
    return list(db.scalars(found.order_by(each.c.weight.desc(), each.c.owner).limit(MOST_FOUND)))


def reindex(db: Session, product: Product) -> None:
    """Let search find the product by what it says now; to be called, within their transaction, by all who change it.

    The shelves that it stands on count too, so whoever renames one calls this for what is below.
    """
    db.flush()
    db.execute(select(Product.id).where(Product.id == product.id).with_for_update())
    INDEX.store(db, product.id, _texts(product))


def without_words(db: Session, most: int) -> Sequence[Product]:
    """Products that search cannot find yet, such as those of before there was this index."""
    return db.scalars(select(Product).where(~INDEX.has(Product.id)).order_by(Product.id).limit(most)).all()


def _texts(product: Product) -> dict[int, list[str]]:
    """What is said of the product, by how much that says about it: its name most, its description least."""
    return {
        8: [product.name],
        5: [variant.colour for variant in product.variants],
        4: [shelf.name for shelf in product.category.path()],
        3: [*(variant.sku for variant in product.variants), product.sku or ""],
        2: [product.material],
        1: [product.description],
    }
