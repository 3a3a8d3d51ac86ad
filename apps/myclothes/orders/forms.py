"""Where an order goes, how, and whose it is."""

from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import later, translated
from apps.chassis.people import LONGEST_EMAIL, is_email
from apps.myclothes.accounts.addresses import COUNTRIES
from apps.myclothes.accounts.forms import AddressForm
from apps.myclothes.orders.coupons import LONGEST_CODE
from apps.myclothes.orders.destinations import METHOD_NAMES

INCOMPLETE = later("This form is not complete. Please go back to your cart.")
WHOLE_NUMBER = Regexp(r"[0-9]{1,9}\Z", message=INCOMPLETE)


def email_field() -> EmailField:
    """Whose order it is; a function, for each form has a field of its own."""
    return EmailField(
        later("E-mail"),
        [DataRequired(later("Please enter your e-mail address.")), Longest(LONGEST_EMAIL)],
        [stripped],
        render_kw={"autocomplete": "email"},
    )


class CheckoutForm(AddressForm):
    """The address and the method, and which cart at which price the customer saw when sending it."""

    email = email_field()
    method = RadioField(later("Delivery"), default="standard", validate_choice=False)
    code = StringField(
        later("Coupon"), [Longest(LONGEST_CODE)], [stripped], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    keep = BooleanField(later("Keep this address in my address book"))
    generation = HiddenField(validators=[InputRequired(INCOMPLETE), WHOLE_NUMBER])
    # Empty as long as no total was shown.
    seen_cents = HiddenField(validators=[Optional(), WHOLE_NUMBER], filters=[stripped])

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        self.method.choices = [SelectChoice(name, translated(text)) for name, text in METHOD_NAMES.items()]

    def validate_email(self, field: EmailField) -> None:
        if not is_email(field.data):
            raise ValidationError(later("This is not an e-mail address."))

    def validate_method(self, field: RadioField) -> None:
        if field.data not in METHOD_NAMES:
            raise ValidationError(later("Please choose how we are to send it."))

    @property
    def destination(self) -> str | None:
        """The country that was chosen, if we send there."""
        return self.country.data if self.country.data in COUNTRIES else None

    @property
    def way(self) -> str:
        """The method that was chosen, else the usual one."""
        return self.method.data if self.method.data in METHOD_NAMES else "standard"


class TrackForm(SpokenForm):
    """What a guest knows of an order."""

    number = StringField(
        later("Order number"),
        [DataRequired(later("Please enter the number of your order.")), Longest(40)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
    email = email_field()
