"""What people of any site type about their own accounts."""

from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later, ngettext
from apps.chassis.passwords import LONGEST, SHORTEST
from apps.chassis.people import LONGEST_EMAIL, LONGEST_NAME, is_email


def a_password(form: Any, field: Any) -> None:
    """A validator: not too short to be guessed, not so long that hashing it is work."""
    if len(field.data or "") < SHORTEST:
        raise ValidationError(
            ngettext("At least %(num)d character, please.", "At least %(num)d characters, please.", SHORTEST)
        )


def an_email(form: Any, field: Any) -> None:
    """A validator: mail could be addressed to this."""
    if not is_email(field.data):
        raise ValidationError(_("This is not an e-mail address."))


def email_field(label: str, autocomplete: str) -> EmailField:
    """An address; whether it could be one is for `an_email` to say."""
    required = InputRequired(later("Please enter your e-mail address."))
    return EmailField(label, [required, Longest(LONGEST_EMAIL)], render_kw={"autocomplete": autocomplete})


def new_password_field(label: str) -> PasswordField:
    """A password that is to be the person's from now on."""
    required = InputRequired(later("Please choose a password."))
    return PasswordField(label, [required, a_password, Longest(LONGEST)], render_kw={"autocomplete": "new-password"})


def own_password_field(label: str = "") -> PasswordField:
    """The password that the person has."""
    required = InputRequired(later("Please enter your password."))
    keywords = {"autocomplete": "current-password"}
    return PasswordField(label or later("Your password"), [required, Longest(LONGEST)], render_kw=keywords)


def name_field() -> StringField:
    """The person's name."""
    validators = [DataRequired(later("Please enter your name.")), Longest(LONGEST_NAME)]
    return StringField(later("Name"), validators, [stripped], render_kw={"autocomplete": "name"})


class SignInForm(SpokenForm):
    """Nothing is checked about the password here: what is wrong is said for both at once."""

    email = email_field(later("E-mail"), "username")
    password = own_password_field(later("Password"))
    next = HiddenField()


class ForgottenForm(SpokenForm):
    """The address of somebody who has forgotten their password."""

    email = email_field(later("E-mail"), "username")

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)


class NewPasswordForm(SpokenForm):
    """A password by a link from a mail."""

    token = HiddenField()
    password = new_password_field(later("New password"))


class TokenForm(SpokenForm):
    """The button behind a link from a mail."""

    token = HiddenField()


class PasswordForm(SpokenForm):
    """A new password of somebody who is signed in."""

    current = own_password_field()
    password = new_password_field(later("New password"))


class EmailForm(SpokenForm):
    """A new address of somebody who is signed in."""

    email = email_field(later("New e-mail address"), "email")
    current = own_password_field()

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)


class OwnPasswordForm(SpokenForm):
    """What only the owner of an account may do takes their password again."""

    current = own_password_field()
