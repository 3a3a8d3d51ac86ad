"""With which card an order is paid. The number is used and not kept."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from apps.chassis.forms import SpokenForm
from apps.chassis.languages import gettext, later
from apps.myclothes.payments.cards import CARDS, spaced

FIRST = next(iter(CARDS))


class PaymentForm(SpokenForm):
    """One of the test gateway's cards; there is no field into which anybody could type their own."""

    card = RadioField(later("Test card"), [InputRequired(later("Please choose a card."))], validate_choice=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.card.choices = [(number, f"{spaced(number)}: {gettext(card.words)}") for number, card in CARDS.items()]
