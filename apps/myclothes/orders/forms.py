"""Where an order goes."""

from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from apps.myclothes.orders.models import Address

COUNTRIES = {
    "AT": "Austria", "BE": "Belgium", "BG": "Bulgaria", "HR": "Croatia", "CY": "Cyprus", "CZ": "Czechia",
    "DK": "Denmark", "EE": "Estonia", "FI": "Finland", "FR": "France", "DE": "Germany", "GR": "Greece",
    "HU": "Hungary", "IE": "Ireland", "IT": "Italy", "LV": "Latvia", "LT": "Lithuania", "LU": "Luxembourg",
    "MT": "Malta", "NL": "Netherlands", "NO": "Norway", "PL": "Poland", "PT": "Portugal", "RO": "Romania",
    "SK": "Slovakia", "SI": "Slovenia", "KR": "South Korea", "ES": "Spain", "SE": "Sweden", "CH": "Switzerland",
    "GB": "United Kingdom",
}  # fmt: skip

CHOICES = {"": "Please choose"} | COUNTRIES

WHOLE_NUMBER = Regexp(r"[0-9]{1,9}\Z", message="This form is not complete. Please go back to your cart.")


def _stripped(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class CheckoutForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """The address, and which cart at which price the customer saw when sending it."""

    name = StringField(
        "Full name",
        [DataRequired("Please enter a name."), Length(max=120)],
        [_stripped],
        render_kw={"autocomplete": "name"},
    )
    street = StringField(
        "Street and number", [DataRequired("Please enter a street and number."), Length(max=120)], [_stripped],
        render_kw={"autocomplete": "address-line1"},
    )  # fmt: skip
    extra = StringField(
        "Flat, floor, company", [Length(max=120)], [_stripped], render_kw={"autocomplete": "address-line2"}
    )
    postal_code = StringField(
        "Postal code",
        [DataRequired("Please enter a postal code."), Length(max=20)],
        [_stripped],
        render_kw={"autocomplete": "postal-code"},
    )
    city = StringField(
        "City",
        [DataRequired("Please enter a city."), Length(max=80)],
        [_stripped],
        render_kw={"autocomplete": "address-level2"},
    )
    country = SelectField(
        "Country", choices=[SelectChoice(code, name) for code, name in CHOICES.items()],
        validators=[InputRequired("Please choose a country.")],
        render_kw={"autocomplete": "country"},
    )  # fmt: skip
    generation = HiddenField(validators=[InputRequired(), WHOLE_NUMBER])
    total_cents = HiddenField(validators=[InputRequired(), WHOLE_NUMBER])

    def address(self) -> Address:
        """The address of a form that is valid."""
        return Address(
            name=self.name.data,
            street=self.street.data,
            extra=self.extra.data or "",
            postal_code=self.postal_code.data,
            city=self.city.data,
            country=self.country.data,
        )
