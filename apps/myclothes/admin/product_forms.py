"""What a manager types about products and variants."""

from typing import Any

from wtforms import BooleanField, Form, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, Regexp, ValidationError

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import later
from apps.myclothes.admin.changes import state_of
from apps.myclothes.admin.forms import CentsField, MomentField
from apps.myclothes.catalog import sheets
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.catalog.woocommerce import MOST_CENTS

MOST_PIECES = 1_000_000
SKU = Regexp(sheets.SKU, message=later("Letters, digits and . _ / - only, please."))
SWATCH = Regexp(r"#[0-9a-fA-F]{6}\Z", message=later("Please write a colour such as #a9bccd."))
PIECES = NumberRange(0, MOST_PIECES, message=later("Please write a number of pieces."))


def _with_single_ends(text: str | None) -> str | None:
    """A browser counts the end of a line as one character, and sends two."""
    return text.replace("\r\n", "\n").strip() if text else text


class ProductForm(SpokenForm):
    """A product without its variants."""

    name = StringField(
        later("Name"), [DataRequired(later("Please enter a name.")), Longest(120)], [stripped]
    )  # fmt: skip
    category_id = SelectField(later("Category"), [InputRequired(later("Please choose a category."))])
    sku = StringField("SKU", [Optional(), Longest(64), SKU], [stripped])
    material = StringField(later("Material"), [Longest(200)], [stripped])
    description = TextAreaField(later("Description"), [Longest(1000)], [_with_single_ends])
    published = BooleanField(later("Shown in the shop"))
    # The product as whoever sends the form has seen it.
    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """The product's columns, of a form that is valid."""
        return {
            "name": self.name.data,
            "category_id": int(self.category_id.data),
            "sku": self.sku.data or None,
            "material": self.material.data or "",
            "description": self.description.data or "",
            "published": bool(self.published.data),
        }

    @classmethod
    def of(cls, product: Product) -> "ProductForm":
        return cls(obj=product, category_id=str(product.category_id), seen=cls.state(product))

    @classmethod
    def state(cls, product: Product) -> str:
        return state_of(product, ("name", "category_id", "sku", "material", "description", "published"))


class VariantForm(SpokenForm):
    """A variant, with how many pieces there are of a new one."""

    sku = StringField("SKU", [DataRequired(later("Please enter an SKU.")), Longest(64), SKU], [stripped])
    colour = StringField(later("Colour"), [DataRequired(later("Please enter a colour.")), Longest(40)], [stripped])
    swatch = StringField(later("Swatch"), [DataRequired(later("Please write a colour such as #a9bccd.")), SWATCH])
    size = StringField(later("Size"), [DataRequired(later("Please enter a size.")), Longest(20)], [stripped])
    picture = SelectField(later("Picture"), [InputRequired(later("Please choose a picture."))])
    price = CentsField(later("Price"), [InputRequired(later("Please enter a price."))])
    sale_price = CentsField(later("Sale price"))
    sale_starts = MomentField(later("Sale begins (UTC)"))
    sale_ends = MomentField(later("Sale ends (UTC)"))
    low_stock = IntegerField(later("Tell when so few are left"), [Optional(), PIECES])

    def validate_price(self, field: CentsField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(later("A price is more than nothing."))
        if field.data is not None and field.data > MOST_CENTS:
            raise ValidationError(later("A price is at most 100000.00."))

    def validate_sale_price(self, field: CentsField) -> None:
        if field.data is not None and not 0 < field.data < (self.price.data or 0):
            raise ValidationError(later("A sale price is less than the price."))

    def validate_sale_ends(self, field: MomentField) -> None:
        if field.moment and self.sale_starts.moment and field.moment <= self.sale_starts.moment:
            raise ValidationError(later("A sale ends after it has begun."))

    def values(self) -> dict[str, Any]:
        """The variant's columns but its stock, of a form that is valid."""
        return {
            "sku": self.sku.data,
            "colour": self.colour.data,
            "swatch": self.swatch.data.lower(),
            "size": self.size.data,
            "picture": self.picture.data,
            "price_cents": self.price.data,
            "sale_price_cents": self.sale_price.data,
            "sale_starts_at": self.sale_starts.moment,
            "sale_ends_at": self.sale_ends.moment,
            "low_stock": self.low_stock.data,
        }

    @classmethod
    def of(cls, variant: Variant) -> "VariantForm":
        return cls(
            obj=variant,
            price=variant.price_cents,
            sale_price=variant.sale_price_cents,
            sale_starts=variant.sale_starts_at,
            sale_ends=variant.sale_ends_at,
        )


class NewVariantForm(VariantForm):
    stock = IntegerField(
        later("Pieces in stock"), [InputRequired(later("Please write a number of pieces.")), PIECES], default=0
    )


class CountForm(SpokenForm):
    """What somebody counted on the shelf, and why they did."""

    stock = IntegerField(
        later("Counted pieces"), [InputRequired(later("Please write a number of pieces.")), PIECES]
    )  # fmt: skip
    note = StringField(later("Note"), [DataRequired(later("Please say why.")), Longest(200)], [stripped])


def offer(form: Form, field: str, choices: list[tuple[str, str]]) -> None:
    """Let a field choose among these, without HTML's silent choice of the first for something new."""
    offered = choices if form[field].data else [("", "–"), *choices]
    form[field].choices = [SelectChoice(value, name) for value, name in offered]
