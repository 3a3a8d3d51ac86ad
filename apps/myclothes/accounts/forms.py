"""What people type to sign up and in, and about themselves."""

from typing import Any

from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from apps.chassis.accounts.forms import an_email, email_field, name_field, new_password_field, own_password_field
from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import NAMES, later
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.addresses import COUNTRIES, Address

CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "spellcheck": "false"}


def _code() -> StringField:
    return StringField(later("Code"), [InputRequired(later("Please enter the code.")), Longest(40)], render_kw=CODE)


class CodeForm(SpokenForm):
    code = _code()


class SignUpForm(SpokenForm):
    name = name_field()
    email = email_field(later("E-mail"), "username")
    password = new_password_field(later("Password"))
    next = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)


class ProfileForm(SpokenForm):
    name = name_field()
    language = SelectField(
        later("Language of our mails"),
        validators=[InputRequired(later("Please choose a language."))],
        choices=[SelectChoice(code, name) for code, name in NAMES.items()],
    )


class SecondFactorForm(SpokenForm):
    sealed = HiddenField()
    code = _code()
    current = own_password_field()


def _line(label: str, problem: str, most: int, autocomplete: str) -> StringField:
    validators = [DataRequired(problem), Longest(most)] if problem else [Longest(most)]
    return StringField(label, validators, [stripped], render_kw={"autocomplete": autocomplete})


class AddressForm(SpokenForm):
    name = _line(later("Full name"), later("Please enter a name."), 120, "name")
    street = _line(later("Street and number"), later("Please enter a street and number."), 120, "address-line1")
    extra = _line(later("Flat, floor, company"), "", 120, "address-line2")
    postal_code = _line(later("Postal code"), later("Please enter a postal code."), 20, "postal-code")
    city = _line(later("City"), later("Please enter a city."), 80, "address-level2")
    country = SelectField(
        later("Country"),
        validators=[InputRequired(later("Please choose a country."))],
        validate_choice=False,
        render_kw={"autocomplete": "country"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from apps.chassis.formats import country_name

        super().__init__(*args, **kwargs)
        named = sorted((country_name(code), code) for code in COUNTRIES)
        self.country.choices = [
            SelectChoice("", _("Please choose")),
            *(SelectChoice(code, name) for name, code in named),
        ]

    def validate_country(self, field: SelectField) -> None:
        if field.data not in COUNTRIES:
            raise ValidationError(later("Please choose a country."))

    def address(self) -> Address:
        """The address of a form that is valid."""
        given = {name: self[name].data or "" for name in ("name", "street", "extra", "postal_code", "city", "country")}
        return Address(**given)
