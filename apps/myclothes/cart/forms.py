"""What visitors choose of a piece."""

from wtforms import Form, IntegerField
from wtforms.validators import InputRequired, NumberRange

from apps.myclothes.cart.models import MOST_PIECES

LARGEST_ID = 2**31 - 1


class PieceForm(Form):  # type: ignore[misc]  # WTForms ships no types
    variant = IntegerField("Size", [InputRequired("Please choose a size."), NumberRange(1, LARGEST_ID)])
    quantity = IntegerField("Quantity", [InputRequired(), NumberRange(1, MOST_PIECES)], default=1)


class QuantityForm(Form):  # type: ignore[misc]  # WTForms ships no types
    quantity = IntegerField("Quantity", [InputRequired(), NumberRange(1, MOST_PIECES)])
