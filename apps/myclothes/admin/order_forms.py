"""What a clerk types about an order."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Regexp

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.myclothes.admin.forms import CentsField
from apps.myclothes.orders.models import OrderLine
from apps.myclothes.payments.refunds import CannotRefund

LONGEST_PARCEL, LONGEST_NOTE = 80, 200
KEY = Regexp(r"[0-9a-f]{32}\Z", message=later("This form is not complete. Please load the page again."))


class ShipmentForm(SpokenForm):
    parcel = StringField(
        later("Parcel number"),
        [DataRequired(later("Please enter the number of the parcel.")), Longest(LONGEST_PARCEL)],
        [stripped],
    )


class CancellationForm(SpokenForm):
    note = StringField(
        later("Why it is cancelled"), [DataRequired(later("Please say why.")), Longest(LONGEST_NOTE)], [stripped]
    )


class ReturnForm(SpokenForm):
    """Which pieces came back, and why. Its key makes a second click find what the first one did."""

    reason = StringField(later("Reason"), [DataRequired(later("Please say why.")), Longest(LONGEST_NOTE)], [stripped])
    key = HiddenField(validators=[KEY])


class RefundForm(ReturnForm):
    """Money to send back with it."""

    amount = CentsField(later("Amount"), [InputRequired(later("Please write an amount such as 119.00."))])


def returned_pieces(form: Mapping[str, str], lines: Sequence[OrderLine]) -> dict[int, int]:
    """How many pieces of each line came back; raises CannotRefund for what is no number of pieces."""
    typed = {line.id: form.get(f"returned_{line.id}", "").strip() or "0" for line in lines}
    if any(not text.isascii() or not text.isdecimal() or len(text) > 6 for text in typed.values()):
        raise CannotRefund(_("a number of pieces is not written in digits"))
    return {line_id: int(text) for line_id, text in typed.items() if int(text)}
