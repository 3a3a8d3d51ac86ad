"""What visitors choose of a piece."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from apps.chassis.forms import SpokenForm
from apps.chassis.languages import later
from apps.myclothes.cart.models import MOST_PIECES

LARGEST_ID = 2**31 - 1
MISSING = later("This piece is not in our catalogue any more.")
BOUNDS = later("You can order 1 to 20 of a piece.")


class QuantityForm(SpokenForm):
    quantity = IntegerField(later("Quantity"), [InputRequired(BOUNDS), NumberRange(1, MOST_PIECES, BOUNDS)])


class PieceForm(QuantityForm):
    variant = IntegerField(
        later("Size"), [InputRequired(later("Please choose a size.")), NumberRange(1, LARGEST_ID, MISSING)]
    )
    quantity = IntegerField(later("Quantity"), [InputRequired(BOUNDS), NumberRange(1, MOST_PIECES, BOUNDS)], default=1)
